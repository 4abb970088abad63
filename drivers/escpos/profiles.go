package escpos

// Sources of the numbers below, by the makers' names of their papers.
const (
	epsonGuide = "Epson ESC/POS Application Programming Guide 10.01; "
	capability = "pages and columns: public ESC/POS capability table; "
	forms      = "slip and validation: TM-H6000III specification, 45 characters of font A; the head for the back: " +
		"TM-H6000 developer's guide, its 40 characters are not checked; check reader: TM-H5000II specification"
	unproven = "speed: from memory of the data sheet, not checked"
)

// Profiles returns the built-in profiles, Epson's first. What a manual does not say of a model is set to
// what does no harm: a code is drawn by us, an answer is not expected. The generic ones are what most
// unnamed printers of that paper width understand.
func Profiles() []Profile {
	return append(epsonProfiles(), otherProfiles()...)
}

// epsonProfiles are the printers of Epson. Receive buffer, "full" mark and the handshake as delivered are
// those of the TM-T88III specification, section 2.1.1, which the later models keep.
func epsonProfiles() []Profile {
	t88 := Profile{
		Maker: "Epson", DPI: 180, Columns: 42, ColumnsB: 56, Dots: 512, CodePages: append(epsonPages(), epsonMorePages()...),
		QR: true, Barcodes: true, Logos: LogosByKey, Cutter: true, MaxStripRows: 24,
		BufferBytes: 4096, Slack: 128, Ack: AckProcID, Line: Delivered{Handshake: DTRDSR},
		StatusSafe: true, ASB: true, ProcID: true, ClearBuffers: true, RealtimePulse: true, Drawers: 2,
		Notes:  "Delivered with the DTR/DSR handshake: with a cable of three wires set it to XON/XOFF, or it keeps its answers back.",
		Source: "Epson ESC/POS command reference; " + capability + unproven,
	}
	// Before the TM-T88IV there are no QR codes, no GS ( L, no process ID, and fewer pages.
	t88iii := t88
	t88iii.CodePages = []PageNumber{{PC437, 0}, {PC858, 19}, {WPC1252, 16}, {PC850, 2}, {PC860, 3}, {PC863, 4}, {PC865, 5}, {PC866, 17}}
	t88iii.QR, t88iii.Logos, t88iii.ProcID, t88iii.ClearBuffers, t88iii.Ack = false, LogosByNumber, false, false, AckGSr
	t88iii.Notes += " A switch sets its buffer to 45 bytes: leave it at 4 KB."
	t88iii.Source = "TM-T88III specification; TM-T88II/T88III technical reference guide; " + epsonGuide + capability + unproven
	t88ii := t88iii
	t88ii.CodePages = []PageNumber{{PC437, 0}, {PC850, 2}, {WPC1252, 16}, {PC860, 3}, {PC863, 4}, {PC865, 5}}
	t88ii.Notes += " It prints EUR for the euro sign."
	t88iv := t88
	t88iv.CodePages = t88iii.CodePages

	wide := t88
	wide.Columns, wide.ColumnsB, wide.Dots, wide.DPI = 48, 64, 576, 203
	l90 := wide
	l90.QR = false // older ones lack it: drawn
	l90.Labels = true
	l90.Notes += " Prints on labels and on plain rolls. How long a label is, Epson's own set-up program tells it."
	l90.Source = "TM-L90 specification; " + epsonGuide + capability + unproven

	h6000 := t88iii
	h6000.Logos = NoLogos // not checked against a manual
	h6000 = h6000.withForms()
	h6000.Source = "its receipt station is taken to be a TM-T88III; " + forms
	h6000v := t88.withForms()
	h6000v.Source = "its receipt station is taken to be a TM-T88VI; " + forms

	return []Profile{
		t88ii.as("TM-T88II", 120), t88iii.as("TM-T88III", 150), t88iv.as("TM-T88IV", 200), t88.as("TM-T88V", 300),
		t88.as("TM-T88VI", 350), t88.as("TM-T88VII", 500), wide.as("TM-T20II", 200), wide.as("TM-T20III", 250),
		wide.as("TM-m30", 200), l90.as("TM-L90", 150), u220().as("TM-U220", 0), h6000.as("TM-H6000IV", 300),
		h6000v.as("TM-H6000V", 350),
	}
}

// as is the profile under the name of a model, with its speed.
func (p Profile) as(name string, mmPerSecond int) Profile {
	p.Name, p.Title, p.MMPerSecond = name, p.Maker+" "+name, mmPerSecond
	return p
}

// withForms is the profile of a receipt station beside a slip station, a second head for
// the back, and a check reader. The second head and the reader are options when it is
// bought: without them the printer ignores what is meant for them.
func (p Profile) withForms() Profile {
	p.Slip = Form{Columns: 45, Lines: 60}
	p.Validation = Form{Columns: 45, Lines: 4}
	// Within 1.5 inches of the trailing edge, which the banks leave to the payee.
	p.Endorsement = Form{Columns: 40, Lines: 9}
	p.MICR = true
	p.Notes += " The check reader and the head for the back of a check are options when it is bought."
	return p
}

// u220 prints with nine pins, on 400 half dots. Its wide font has 33 characters on a line and its narrow
// one 40, and a switch makes them 35 and 42: 33 fit whatever is set.
func u220() Profile {
	return Profile{
		Maker: "Epson", DPI: 160, Columns: 33, ColumnsB: 40, Dots: 400, CodePages: append(epsonPages(), PageNumber{PC850, 2}),
		Pictures: Columns8, Impact: true, Cutter: true, MaxStripRows: 24,
		BufferBytes: 4096, Slack: 128, Ack: AckGSr, Line: Delivered{Handshake: DTRDSR},
		StatusSafe: true, ASB: true, RealtimePulse: true, Drawers: 2,
		Notes: "Prints with pins and a ribbon: pictures and codes are coarse, and white on black is left out. " +
			"Lines are 33 characters, so that they fit whatever its font switch says.",
		Source: epsonGuide + "TM-U220 specification: 400 half dots, 33 or 35 wide and 40 or 42 narrow characters",
	}
}

// otherProfiles are the printers of other makers, and those that stand for many.
func otherProfiles() []Profile {
	g80 := Profile{
		Title: "80 mm paper, any maker", DPI: 203, Columns: 48, ColumnsB: 64, Dots: 576, CodePages: epsonPages(),
		Barcodes: true, Cutter: true, KanjiDefault: true, MaxStripRows: 24, BufferBytes: 4096, Slack: 128, Ack: AckGSr,
		StatusSafe: true, ASB: true, RealtimePulse: true, Drawers: 2,
		Notes:  "If accents come out as Chinese characters or pictures as letters, try another generic profile.",
		Source: "what the commands of the makers above have in common",
	}
	g80.Name = "generic-80"

	srp := g80
	srp.Maker, srp.Notes = "Bixolon", "Its reports come every second, changed or not, so it is asked instead."
	srp.Columns, srp.ColumnsB, srp.Dots, srp.DPI, srp.ASB = 42, 56, 512, 180, false
	srp.Source = "reports every second: Bixolon manual; commands: SRP-350plusII command manual; the rest as a TM-T88III, not checked"

	star := g80
	star.Maker, star.ASB = "Star", false
	star.Notes = "Set it to ESC/POS first: as delivered it speaks Star's own language. It has no serial port."
	star.Source = "what any 80 mm printer understands; not checked against a manual"

	ct310 := g80
	ct310.Maker, ct310.Notes = "Citizen", "It does not say that the paper is low."
	ct310.Source = "paper sensors: Citizen command reference; the rest what any 80 mm printer understands; " + unproven
	ct651 := g80
	ct651.Maker, ct651.QR, ct651.Notes = "Citizen", true, "A drawer needs a coil of 36 ohms or more. Set it to 80 mm paper: wider paper has 640 dots, of which these papers use 576."
	ct651.CodePages = []PageNumber{{PC437, 0}, {WPC1252, 16}, {PC850, 2}, {PC852, 18}, {WPC1250, 45}, {PC866, 17}, {PC860, 3}, {PC863, 4}, {PC865, 5}}
	ct651.Source = "drawer: Citizen command reference; " + capability + unproven

	columns := g80
	columns.Name, columns.Title, columns.Pictures = "generic-80-columns", "80 mm paper, pictures by columns", Columns24
	columns.Notes = "For printers that print letters where a picture should be."

	g58 := g80
	g58.Name, g58.Title, g58.Columns, g58.ColumnsB, g58.Dots = "generic-58", "58 mm paper, any maker", 32, 42, 384
	g58.Cutter, g58.FeedToCut, g58.ASB, g58.RealtimePulse, g58.Drawers = false, 4, false, false, 1

	writeOnly := g80
	writeOnly.Name, writeOnly.Title, writeOnly.Ack, writeOnly.WriteOnly = "write-only", "80 mm paper, answers nothing", AckNone, true
	writeOnly.StatusSafe, writeOnly.ASB, writeOnly.RealtimePulse = false, false, false
	writeOnly.Notes = "For a printer that answers nothing or must not be asked: whether a paper came out is for the cashier to see."

	return []Profile{
		srp.as("SRP-350", 150), star.as("mC-Print3", 250), ct310.as("CT-S310II", 160), ct651.as("CT-S651", 200),
		g80, columns, g58, writeOnly,
	}
}

func epsonPages() []PageNumber {
	return []PageNumber{{PC437, 0}, {PC858, 19}, {WPC1252, 16}}
}

// epsonMorePages are the pages Epson's current models have beyond the three that nearly every printer has,
// by the numbers of ESC t in the command reference of the TM-T88VI and the TM-m30. Copies and older models
// number them otherwise (18 is Hebrew on the TM-T88III), so no generic profile has them.
func epsonMorePages() []PageNumber {
	return []PageNumber{{PC852, 18}, {WPC1250, 45}, {PC866, 17}, {PC850, 2}, {PC860, 3}, {PC863, 4}, {PC865, 5}}
}
