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

// Pictures is how a model takes a picture.
type Pictures uint8

// By rows where the model can: columns cost a third more time on the line and leave seams.
const (
	Raster    Pictures = iota // GS v 0, rows of dots
	Columns24                 // ESC * 33, strips 24 dots high
	Columns8                  // ESC * 0, strips 8 dots high, for heads with nine pins
)

// Logos is how a model keeps pictures without power.
type Logos uint8

// The two ways. By number a model has one set of pictures, which is written as a whole; the first is ours.
const (
	NoLogos       Logos = iota
	LogosByKey          // GS ( L, functions 51 and 64 to 69
	LogosByNumber       // FS q and FS p
)

// Handshake is how a printer says on a serial line that it can take no more.
type Handshake uint8

// The two that receipt printers are delivered with.
const (
	HandshakeUnknown Handshake = iota
	DTRDSR                     // by a wire, which a cable of three does not have
	XONXOFF                    // by two characters among the answers
)

// Delivered is how the serial line of a model is set when it leaves the factory, 8 bits without parity.
type Delivered struct {
	Baud      int // bits a second; 0 if not known: the printer's self-test prints it
	Handshake Handshake
}

// Profile says what a model can do and how its line behaves.
type Profile struct {
	Name     string // short, as the printer itself gives its model
	Maker    string // empty for a profile that stands for many makers
	Title    string // for a list a person chooses from
	Columns  int    // characters of font A on a line
	ColumnsB int    // characters of font B on a line; 0 if not known
	Dots     int    // dots on a line; half dots on a head with pins
	DPI      int    // dots per inch across

	CodePages    []PageNumber // in order of preference; the first is selected at the start
	QR           bool         // draws QR codes itself
	Barcodes     bool         // draws bar codes itself (GS k)
	Pictures     Pictures     // how it takes pictures
	Impact       bool         // prints with pins: sizes by ESC ! alone, no white on black
	Logos        Logos        // how it keeps logos
	Cutter       bool         // has a cutter and knows GS V 66
	FeedToCut    int          // lines from the head to the tear bar, for models without a cutter
	KanjiDefault bool         // starts in a two-byte mode that must be left first
	MaxStripRows int          // rows of one raster command

	BufferBytes int       // receive buffer
	Slack       int       // bytes of the buffer to leave free: the "full" mark of the model
	Ack         AckToken  // the best token the model knows
	Line        Delivered // its serial line as delivered

	WriteOnly     bool // sends nothing back
	StatusSafe    bool // DLE EOT may be asked at any time
	ASB           bool // reports changes by itself (GS a)
	ProcID        bool // confirms printing (GS ( H)
	ClearBuffers  bool // can be emptied at any time and says so (DLE DC4 8)
	RealtimePulse bool // opens the drawer out of turn (DLE DC4 1)

	Slip        Form // face of a form, in a station of its own
	Validation  Form // edge of a form
	Endorsement Form // back of a check
	Labels      bool // finds the next label or black mark (FS ( L)
	MICR        bool // reads the line on a check (FS a 0)

	Drawers     int    // drawers it can open, 0 to 2
	MMPerSecond int    // top speed in mm of paper a second, for estimates only; 0 if not known
	Notes       string // what whoever sets it up should know
	Source      string // where the numbers are from
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

// charWidth is the width of a character of font A in dots.
const charWidth = 12

// segmentLimit is the most bytes one segment should have, so that two fit in the receive buffer.
func (p *Profile) segmentLimit() int {
	return max((p.BufferBytes-p.Slack)/2-64, 64)
}

// pictureDots is the most dots of a picture across the paper. A head with pins prints a picture at half
// its density, because it cannot strike two half dots side by side.
func (p *Profile) pictureDots() int {
	if p.Pictures == Columns8 {
		return p.Dots / 2
	}
	return p.Dots
}
