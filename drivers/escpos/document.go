package escpos

import "fmt"

// Limits on what a document may hold. They bound the work and the paper one job can cost.
const (
	MaxItems     = 10_000 // items in a document
	MaxTextBytes = 4096   // bytes of one text, cell or barcode
	MaxQRBytes   = 1000   // bytes of one QR code
	MaxFeedLines = 255    // lines of one feed
)

// Align says where a line stands on the paper.
type Align uint8

// The three places a line can stand.
const (
	Left Align = iota
	Center
	Right
)

// Style is how a line of text looks. The zero value is plain text at the left.
type Style struct {
	Bold      bool
	Underline bool
	Reverse   bool // white on black
	Wide      bool // double width: half as many columns fit
	Tall      bool // double height
	Align     Align
}

// Doc is a document, printed from the first item to the last.
//
// On a sheet that is put in by hand there is room for text, rows, rules and feeds alone.
// It is given back at the end of the document, and a Cut has no meaning on it.
type Doc struct {
	Sheet Sheet // the zero value is the roll
	Items []Item
}

// Add appends items and returns the document, so that calls can be chained.
func (d *Doc) Add(items ...Item) *Doc {
	d.Items = append(d.Items, items...)
	return d
}

// Item is one thing on the paper. The kinds are those of this package.
type Item interface{ kind() string }

// Text is a paragraph. It is wrapped at words to the width of the paper. Control characters, line feeds
// among them, are refused: a new line is a new Text.
type Text struct {
	S     string
	Style Style
}

// Cell is one column of a Row.
//
// A cell aligned Left wraps. A cell aligned Right holds an amount or a number: it is never wrapped and
// never cut. Width is in characters; 0 means as wide as the text for a right cell and a share of what is
// left over for a left cell. A right cell wider than its Width takes the room it needs.
type Cell struct {
	S     string
	Align Align // Left or Right
	Width int
}

// Row is a line of columns with one space between them. Where the right cells leave less than a third of
// the paper to the left ones, the left text gets lines of its own and the right cells follow below it.
// Style.Align has no meaning for a row.
type Row struct {
	Cells []Cell
	Style Style
}

// Pair is the most common row: a label and, at the right edge, its value.
func Pair(label, value string) Row {
	return Row{Cells: []Cell{{S: label}, {S: value, Align: Right}}}
}

// Rule is a horizontal line over the whole width.
type Rule struct {
	Heavy bool // a double line
}

// Feed moves the paper by 1 to [MaxFeedLines] lines.
type Feed struct {
	Lines int
}

// QRLevel is how much of a QR code may be damaged and still be read.
type QRLevel uint8

// The four levels: about 7, 15, 25 and 30 percent.
const (
	QRLow QRLevel = iota
	QRMedium
	QRQuartile
	QRHigh
)

// QR is a QR code in the middle of the paper.
type QR struct {
	Text   string // 1 to MaxQRBytes bytes, no control characters
	Level  QRLevel
	Module int // dots per module, 1 to 16; 0 means 4
}

// Symbology is the alphabet of a bar code.
type Symbology uint8

// The bar codes that every printer draws. CODE128 is the one to choose where nobody asks for another.
const (
	Code128 Symbology = iota // printable ASCII
	Code39                   // A to Z, 0 to 9, space and $ % + - . /
	ITF                      // digits, two by two
	EAN13                    // 12 digits and the check digit
	EAN8                     // 7 digits and the check digit
	UPCA                     // 11 digits and the check digit
)

func (s Symbology) String() string {
	names := [...]string{"CODE128", "CODE39", "ITF", "EAN-13", "EAN-8", "UPC-A"}
	if int(s) < len(names) {
		return names[s]
	}
	return fmt.Sprintf("Symbology(%d)", uint8(s))
}

// Barcode is a bar code in the middle of the paper. A code wider than the paper is refused, because a
// printer leaves such a code out without a word; so is an odd number of digits in ITF, and a check digit
// that is wrong. A check digit that is missing is added.
type Barcode struct {
	Data      string // 1 to 80 characters of the symbology
	Symbology Symbology
	Height    int  // dots, 1 to 255; 0 means 80
	Module    int  // dots of the narrowest bar, 2 to 6; 0 means the widest of 3 and 2 that fits
	Caption   bool // print the characters below the bars
}

// Image is a picture, sent dot by dot.
type Image struct {
	Bitmap *Bitmap
	Align  Align
}

// LogoKey names a picture kept in the printer: two printable ASCII characters. The zero key means the
// printer keeps none.
type LogoKey [2]byte

// Logo is a picture at the top of a document. Where the profile can keep logos and Key is set, only the
// key is sent; otherwise the bitmap is. A printer that does not keep it prints nothing then: see [AskLogoKeys].
type Logo struct {
	Key    LogoKey
	Bitmap *Bitmap
	Align  Align
}

// Cut feeds the last line past the cutter and cuts. Printers without a cutter feed to the tear bar.
type Cut struct{}

// EndMark is the last line of a receipt: "END" and the receipt's number. A receipt that carries it came
// out whole.
type EndMark struct {
	Number string
}

func (Text) kind() string    { return "text" }
func (Row) kind() string     { return "row" }
func (Rule) kind() string    { return "rule" }
func (Feed) kind() string    { return "feed" }
func (QR) kind() string      { return "QR code" }
func (Barcode) kind() string { return "bar code" }
func (Image) kind() string   { return "image" }
func (Logo) kind() string    { return "logo" }
func (Cut) kind() string     { return "cut" }
func (EndMark) kind() string { return "end mark" }
