package paper

import (
	"fmt"
	"slices"
	"time"

	"gatehouse/desk"
	"gatehouse/drivers/escpos"
	"gatehouse/ledger"
)

// Sheet is what all papers of a station have in common.
type Sheet struct {
	Utility  desk.Utility
	Station  ledger.StationID
	Training bool
	Location *time.Location // for dates and times on paper; nil is UTC
	Signer   ledger.Signer  // signs the code of a receipt
	Logo     *escpos.Bitmap // nil: none
	// LogoKey names the logo in printers that keep it (see escpos.DefineLogo).
	// The zero key sends it dot by dot.
	LogoKey escpos.LogoKey
	// LogoNow stands before both where it is given: what the printer keeps may be
	// known only when it is there.
	LogoNow func() (*escpos.Bitmap, escpos.LogoKey)
}

// SheetOf is the sheet of a desk, with the house's logo sent dot by dot.
func SheetOf(d *desk.Desk) (Sheet, error) {
	logo, err := Logo()
	id := d.Book.Identity()
	return Sheet{Utility: d.Policy.Utility, Station: id.Station, Training: id.Training,
		Location: d.Book.Location(), Signer: d.Book.Signer(), Logo: logo}, err
}

// Paper is a document before it is dressed.
type Paper struct {
	Items []escpos.Item
	// End is the number its end mark carries. Empty: see Sheet.Number.
	End string
	// Notice is a last line that holds for the original alone.
	Notice string
}

// Layout is how the entries of one kind become a paper.
type Layout struct {
	Kind  ledger.Kind
	Title string // "Receipt", as a question to a person names it
	On    escpos.Sheet
	Lay   func(Sheet, *ledger.Entry) (Paper, error)
}

// Layouts are the layouts of all duties, by kind.
type Layouts struct {
	byKind map[ledger.Kind]Layout
	kinds  []ledger.Kind
}

// NewLayouts collects layouts. Two for one kind are an error.
func NewLayouts(all ...Layout) (*Layouts, error) {
	l := &Layouts{byKind: make(map[ledger.Kind]Layout, len(all))}
	for _, one := range all {
		if _, twice := l.byKind[one.Kind]; twice || one.Kind == "" || one.Lay == nil || one.Title == "" {
			return nil, fmt.Errorf("collect layouts: %q is there twice, or has no title or layout", one.Kind)
		}
		l.byKind[one.Kind] = one
		l.kinds = append(l.kinds, one.Kind)
	}
	return l, nil
}

// Standard are the layouts of all duties of the house. Every program that opens a
// ledger takes these, since the view of jobs is folded by their kinds.
func Standard() (*Layouts, error) {
	return NewLayouts(slices.Concat(CashLayouts(), ControlLayouts(), VisitLayouts())...)
}

// Kinds lists the kinds of entries that print, in the order they were given.
func (l *Layouts) Kinds() []ledger.Kind { return l.kinds }

// Title is how the paper of a kind is called, empty for one that does not print.
func (l *Layouts) Title(kind ledger.Kind) string { return l.byKind[kind].Title }

// On is the sheet that the paper of a kind is printed on.
func (l *Layouts) On(kind ledger.Kind) escpos.Sheet { return l.byKind[kind].On }

// Copy says that a paper was, or may have been, printed before.
type Copy struct {
	N     int       // 0 is the original
	Doubt bool      // nobody knows whether the one before came out
	By    string    // name of who asked for it
	At    time.Time // when it was asked for
}

// Document lays an entry out and dresses it: what it must say at its top and
// bottom, its end mark, the cut.
func (l *Layouts) Document(s Sheet, e *ledger.Entry, c Copy) (*escpos.Doc, error) {
	layout, found := l.byKind[e.Kind]
	if !found {
		return nil, fmt.Errorf("lay out entry %d: there is no paper for %s", e.Seq, e.Kind)
	}
	paper, err := layout.Lay(s, e)
	if err != nil {
		return nil, fmt.Errorf("lay out entry %d: %w", e.Seq, err)
	}
	if paper.End == "" {
		paper.End = s.Number(e)
	}
	if layout.On.ByHand() {
		return s.byHand(layout.On, paper), nil
	}
	marks := s.marks(e, c)
	items := paper.Items
	if paper.Notice != "" && c.N == 0 {
		items = append(items, center(paper.Notice))
	}
	if s.Training {
		items = throughout(items)
	}
	doc := &escpos.Doc{Items: make([]escpos.Item, 0, len(items)+2*len(marks)+2)}
	return doc.Add(marks...).Add(items...).Add(marks...).
		Add(escpos.EndMark{Number: paper.End}, escpos.Cut{}), nil
}

// byHand dresses what is printed on a sheet that somebody puts in. It is the sheet
// that counts, not the printing: one that is printed again says nothing of it.
func (s Sheet) byHand(on escpos.Sheet, p Paper) *escpos.Doc {
	doc := &escpos.Doc{Sheet: on}
	if s.Training {
		doc.Add(center("TRAINING - NOT VALID"))
	}
	return doc.Add(p.Items...).Add(escpos.EndMark{Number: p.End}, escpos.Cut{})
}

// Number is what a paper is called by: the receipt's number, or for a paper
// without one, the number of its entry ("A1-E000345").
func (s Sheet) Number(e *ledger.Entry) string {
	if no := e.ReceiptNo(s.Station); no != "" {
		return string(no)
	}
	return fmt.Sprintf("%s-E%06d", s.Station, e.Seq)
}

// Time writes a moment as papers show it, in the station's zone.
func (s Sheet) Time(t time.Time) string { return s.in(t).Format("Jan 2, 2006 15:04:05 MST") }

// Micros is Time of microseconds since 1970 UTC, without seconds.
func (s Sheet) Micros(at int64) string {
	return s.in(time.UnixMicro(at)).Format("Jan 2, 2006 15:04")
}

func (s Sheet) in(t time.Time) time.Time {
	if s.Location == nil {
		return t.UTC()
	}
	return t.In(s.Location)
}

// marks are the lines a paper bears at its top and again at its bottom.
func (s Sheet) marks(e *ledger.Entry, c Copy) []escpos.Item {
	var out []escpos.Item
	if s.Training {
		out = append(out, trainingMark())
	}
	if c.N == 0 {
		return out
	}
	out = append(out, Banner(fmt.Sprintf("DUPLICATE - COPY %d", c.N)))
	if c.Doubt {
		out = append(out, Banner("REPRINT - original may exist"))
	}
	if e.Receipt != 0 {
		out = append(out, center("Copy - not a valid receipt"))
	}
	if !c.At.IsZero() {
		out = append(out, center("made "+s.Micros(c.At.UnixMicro())), center("by "+c.By))
	}
	return out
}

func trainingMark() escpos.Item { return Banner("TRAINING - NOT VALID") }

// between is how many items may stand between two TRAINING lines, so that no
// strip torn out of a practice paper passes for a real one.
const between = 4

func throughout(items []escpos.Item) []escpos.Item {
	out := make([]escpos.Item, 0, len(items)+len(items)/between)
	since := 0
	for _, item := range items {
		if since == between {
			out = append(out, escpos.Text{S: "- TRAINING -", Style: escpos.Style{Bold: true, Align: escpos.Center}})
			since = 0
		}
		out = append(out, item)
		since++
	}
	return out
}
