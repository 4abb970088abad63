package escpos

import "fmt"

// Sheet is what a document is printed on.
type Sheet uint8

// The sheets. All but the roll and the label are put into the printer by hand, one
// for each document.
const (
	Roll        Sheet = iota // the receipt roll
	Slip                     // the face of a form in the slip station
	Validation               // the edge of a form, such as the stub of a bill
	Endorsement              // the back of a check
	Label                    // labels, or a roll with black marks
)

// Sheets lists every sheet.
func Sheets() []Sheet { return []Sheet{Roll, Slip, Validation, Endorsement, Label} }

func (s Sheet) String() string {
	names := [...]string{"roll", "slip", "validation", "endorsement", "label"}
	if int(s) < len(names) {
		return names[s]
	}
	return fmt.Sprintf("Sheet(%d)", uint8(s))
}

// ByHand reports whether a person puts the sheet in.
func (s Sheet) ByHand() bool { return s == Slip || s == Validation || s == Endorsement }

// Form is what fits on a sheet that is put in by hand. The zero Form is that of a
// printer which has no place for it.
type Form struct {
	Columns int // characters of font A on a line
	Lines   int // lines of text at six to the inch
}

// Form is what fits on a sheet in this printer, and whether the printer takes the
// sheet at all. For the roll and for labels it is the printer's own columns, with
// no number of lines.
func (p *Profile) Form(s Sheet) (Form, bool) {
	var f Form
	switch s {
	case Roll:
		return Form{Columns: p.Columns}, true
	case Label:
		return Form{Columns: p.Columns}, p.Labels
	case Slip:
		f = p.Slip
	case Validation:
		f = p.Validation
	case Endorsement:
		f = p.Endorsement
	}
	return f, f.Columns > 0
}

// on is the profile as it prints on a sheet: on forms prints a head with pins, which
// knows one size of pictures less.
func (p Profile) on(s Sheet) (Profile, error) {
	form, has := p.Form(s)
	if !has {
		return p, fmt.Errorf("%v: %w", s, ErrSheet)
	}
	if s.ByHand() {
		p.Columns, p.Dots, p.Impact = form.Columns, form.Columns*charWidth, true
	}
	return p, nil
}

// fits refuses what a head for forms cannot print.
func fits(s Sheet, item Item) error {
	if !s.ByHand() {
		return nil
	}
	switch item.(type) {
	case Text, Row, Rule, Feed, EndMark, Cut:
		return nil
	}
	return ErrFormText
}

// beginForm selects the sheet. It is a segment of its own: whoever sends it waits for
// the sheet before sending more, and can take the wish back ([CancelWait]). The printer
// itself is told to wait without end, because one that gives up prints what follows on
// the roll (Epson, ESC f). There is no ESC @, which would let go of a check that was
// just read.
func (e *encoder) beginForm() {
	e.out = append(e.out, WaitForSheet(0)...)
	switch e.sheet {
	case Slip:
		e.out = append(e.out, esc, 'c', '0', 4)
	case Validation:
		e.out = append(e.out, esc, 'c', '0', 8)
	case Endorsement:
		e.out = append(e.out, gs, '(', 'G', 2, 0, 0x30, 0x44)
	}
	e.end(0)
	e.out = append(e.out, esc, 'R', 0, esc, 't', e.p.CodePages[0].N, esc, 'a', 0, esc, '!', 0)
	e.end(0)
}

// endForm gives the sheet back and returns to the roll.
func (e *encoder) endForm() {
	e.out = append(e.out, GiveSheetBack()...)
	e.end(0)
}

// sheetLines is how many lines of text are encoded so far.
func (e *encoder) sheetLines() int {
	n := 0
	for _, m := range e.ends {
		n += m.lines
	}
	return n
}

// toLabel feeds the next label under the head (FS ( L, function 67). How long a label is
// the printer knows: its maker's set-up program stored it (GS ( E, function 49).
func (e *encoder) toLabel() { e.out = append(e.out, fs, '(', 'L', 2, 0, 67, '0') }

// cutLabel feeds the label's end to the cutter (FS ( L, function 66) and cuts there.
func (e *encoder) cutLabel() {
	e.out = append(e.out, fs, '(', 'L', 2, 0, 66, '0', gs, 'V', 0)
	e.end(4)
}

// WaitForSheet returns ESC f: how many minutes, 1 to 15, the printer waits for a sheet
// to be put in before it goes back to the roll; 0 means without end. It begins half a
// second after the sheet is in, as delivered.
func WaitForSheet(minutes int) []byte {
	return []byte{esc, 'f', byte(min(max(minutes, 0), 15)), 5}
}

// GiveSheetBack returns FF and ESC c 0: the sheet is ejected, and the roll is printed
// on again.
func GiveSheetBack() []byte { return []byte{ff, esc, 'c', '0', 1} }

// CancelWait returns DLE ENQ 3: the printer stops waiting for a sheet, forgets all it
// has not printed, and goes back to the roll.
func CancelWait() []byte { return Recover(3) }

// ReadCheck returns FS ( f and FS a 0: the printer waits for a check, at most a minute,
// reads its line of E-13B, and keeps it. The answer is told apart by its header (37h
// 2Ah) and says why a reading failed; up to four characters that could not be read
// come as question marks. See micr.ReadAnswer. Send nothing but real-time commands,
// and those sparingly, until the answer is in; the printer is silent for two seconds
// while it reads. Anything but [LoadCheck] and [EjectCheck] after it ejects the check.
func ReadCheck() []byte {
	return append(WaitForSheet(1), fs, '(', 'f', 6, 0, '0', 5, '1', '1', '3', '1', fs, 'a', '0', 0)
}

// LoadCheck returns FS a 1: a check that was read is brought to where it is printed on,
// and the slip station is selected.
func LoadCheck() []byte { return []byte{fs, 'a', '1'} }

// EjectCheck returns FS a 2: a check that was read is given back.
func EjectCheck() []byte { return []byte{fs, 'a', '2'} }

// SheetStatus is the answer to DLE EOT 5.
type SheetStatus struct {
	Selected bool // the next is printed on a sheet, not on the roll
	Waiting  bool // for a sheet to be put in
	In       bool // a sheet lies at the head
}

// ParseSheet reads the answer to DLE EOT 5 (Epson TM-H5000II specification).
func ParseSheet(b byte) SheetStatus {
	return SheetStatus{Selected: b&0x04 == 0, Waiting: b&0x08 != 0, In: b&0x20 == 0}
}

// Realtime is the inverse of [ParseSheet].
func (s SheetStatus) Realtime() byte {
	return 0x12 | bit(!s.Selected, 0x04) | bit(s.Waiting, 0x08) | bit(!s.In, 0x60)
}
