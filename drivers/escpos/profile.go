package escpos

// CodePage is a set of 256 characters a printer can be switched to.
type CodePage uint8

// The code pages that cover the languages of Europe.
const (
	PC437   CodePage = iota // United States, with lines and boxes
	PC858                   // Western Europe, with lines, boxes and the euro
	WPC1252                 // Windows Latin 1
	PC850                   // Western Europe, with lines and boxes, no euro
	PC852                   // Central Europe, with lines and boxes
	PC860                   // Portugal, with lines and boxes
	PC863                   // French Canada, with lines and boxes
	PC865                   // Nordic, with lines and boxes
	PC866                   // Cyrillic, with lines and boxes
	WPC1250                 // Windows Central Europe
)

// PageNumber says by which number a model knows a code page (ESC t n). The numbers differ by model.
type PageNumber struct {
	Page CodePage
	N    byte
}

// AckToken is how a printer can be made to say "I have read up to here" in the order of the data.
type AckToken uint8

// Best last: a process ID proves that the data before it is on paper, the others only that it was read.
const (
	AckNone   AckToken = iota // the printer never answers
	AckGSr                    // GS r 1, one byte back; not answered while out of paper
	AckASB                    // GS a 15 again, four bytes back; can be mistaken for a spontaneous report
	AckProcID                 // GS ( H, seven bytes back, when printed
)

// Profile says what a model can do and how its line behaves.
type Profile struct {
	Name    string
	Columns int // characters of font A on a line
	Dots    int // dots on a line
	DPI     int // dots per inch

	CodePages    []PageNumber // in order of preference; the first is selected at the start
	QR           bool         // draws QR codes itself
	NVLogo       bool         // keeps logos and prints them by key (GS ( L)
	Cutter       bool         // has a cutter and knows GS V 66
	FeedToCut    int          // lines from the head to the tear bar, for models without a cutter
	KanjiDefault bool         // starts in a two-byte mode that must be left first
	MaxStripRows int          // rows of one raster command

	BufferBytes int      // receive buffer
	Slack       int      // bytes of the buffer to leave free: the "full" mark of the model
	Ack         AckToken // the best token the model knows

	WriteOnly     bool // sends nothing back
	StatusSafe    bool // DLE EOT may be asked at any time
	ASB           bool // reports changes by itself (GS a)
	ProcID        bool // confirms printing (GS ( H)
	ClearBuffers  bool // can be emptied at any time and says so (DLE DC4 8)
	RealtimePulse bool // opens the drawer out of turn (DLE DC4 1)
}

// Profiles returns the built-in profiles. The numbers come from the makers' manuals; the generic ones are
// what most unnamed printers of that paper width understand.
func Profiles() []Profile {
	epson := Profile{
		DPI: 180, Columns: 42, Dots: 512, CodePages: append(epsonPages(), epsonMorePages()...),
		QR: true, NVLogo: true, Cutter: true, MaxStripRows: 24,
		BufferBytes: 4096, Slack: 128, Ack: AckProcID,
		StatusSafe: true, ASB: true, ProcID: true, ClearBuffers: true, RealtimePulse: true,
	}
	t88 := epson
	t88.Name = "TM-T88VI"
	m30 := epson
	m30.Name, m30.Columns, m30.Dots, m30.DPI = "TM-m30", 48, 576, 203

	g80 := Profile{
		Name: "generic-80", Columns: 48, Dots: 576, DPI: 203, CodePages: epsonPages(),
		Cutter: true, KanjiDefault: true, MaxStripRows: 24, BufferBytes: 4096, Slack: 128, Ack: AckGSr,
		StatusSafe: true, ASB: true, RealtimePulse: true,
	}
	g58 := g80
	g58.Name, g58.Columns, g58.Dots = "generic-58", 32, 384
	g58.Cutter, g58.FeedToCut, g58.ASB, g58.RealtimePulse = false, 4, false, false

	writeOnly := g80
	writeOnly.Name, writeOnly.Ack, writeOnly.WriteOnly = "write-only", AckNone, true
	writeOnly.StatusSafe, writeOnly.ASB, writeOnly.RealtimePulse = false, false, false
	return []Profile{t88, m30, g80, g58, writeOnly}
}

// ProfileNamed returns the built-in profile of that name.
func ProfileNamed(name string) (Profile, bool) {
	for _, p := range Profiles() {
		if p.Name == name {
			return p, true
		}
	}
	return Profile{}, false
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

// charWidth is the width of a character of font A in dots.
const charWidth = 12

// segmentLimit is the most bytes one segment should have, so that two fit in the receive buffer.
func (p *Profile) segmentLimit() int {
	return max((p.BufferBytes-p.Slack)/2-64, 64)
}
