package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"gatehouse/ui/look"
)

// Column describes one column of a register.
type Column struct {
	Title string
	Fit   string  // a sample as wide as the widest text; "" shares what is left
	Share float32 // share of what is left, where Fit is ""; 0 is 1
	Right bool    // figures, aligned to the right
	Bold  bool
}

// Row is one row: a text for each column.
type Row struct {
	ID    string
	Cells []string
	Level Level // all but Quiet draw a sign in front of the row
}

// RegisterOptions describe a register.
type RegisterOptions struct {
	Columns  []Column
	Range    func(from, to, total int) string // words of the pager, such as "1 to 9 of 20"
	OnSelect func(Row)                        // another row is chosen
	OnOpen   func(Row)                        // a row is tapped, or Enter while it is focused
}

// Register shows rows in columns, a page at a time, with one row chosen. It
// moves by the arrow and page keys while focused, and by the screen's table
// through its methods.
type Register struct {
	widget.BaseWidget
	env     *Env
	o       RegisterOptions
	rows    []Row
	chosen  int // -1 if none is, as while there are no rows
	empty   string
	focused bool
	pager   *Pager
	perPage int
}

var (
	_ fyne.Focusable    = (*Register)(nil)
	_ fyne.Tappable     = (*Register)(nil)
	_ fyne.Shortcutable = (*Register)(nil)
)

// NewRegister returns a register without rows.
func NewRegister(env *Env, o RegisterOptions) *Register {
	r := &Register{env: env, o: o, chosen: -1, perPage: 1}
	r.pager = NewPager(env, r.PageUp, r.PageDown)
	r.ExtendBaseWidget(r)
	return r
}

// SetRows shows other rows. The chosen row stays chosen if it is still there,
// else the first is.
func (r *Register) SetRows(rows []Row) {
	was := ""
	if row, ok := r.Selected(); ok {
		was = row.ID
	}
	r.rows, r.chosen = rows, -1
	for i, row := range rows {
		if row.ID == was {
			r.chosen = i
		}
	}
	if r.chosen < 0 && len(rows) > 0 {
		r.chosen = 0
	}
	r.Refresh()
}

// SetEmpty sets what is said when there are no rows.
func (r *Register) SetEmpty(text string) {
	r.empty = text
	r.Refresh()
}

// SetColumns changes titles or columns, for another language.
func (r *Register) SetColumns(columns []Column) {
	r.o.Columns = columns
	r.Refresh()
}

// Rows returns the rows shown.
func (r *Register) Rows() []Row { return r.rows }

// Selected returns the chosen row; false if none is.
func (r *Register) Selected() (Row, bool) {
	if r.chosen < 0 || r.chosen >= len(r.rows) {
		return Row{}, false
	}
	return r.rows[r.chosen], true
}

// Select chooses the row with an id and reports whether there is one.
func (r *Register) Select(id string) bool {
	for i, row := range r.rows {
		if row.ID == id {
			r.choose(i)
			return true
		}
	}
	return false
}

// SelectNone leaves it open which row is meant, until one is chosen again.
func (r *Register) SelectNone() {
	if r.chosen >= 0 {
		r.chosen = -1
		r.Refresh()
	}
}

// Up, Down, PageUp and PageDown choose another row, as the keys do.
func (r *Register) Up()       { r.choose(r.chosen - 1) }
func (r *Register) Down()     { r.choose(r.chosen + 1) }
func (r *Register) PageUp()   { r.choose(r.chosen - r.perPage) }
func (r *Register) PageDown() { r.choose(r.chosen + r.perPage) }

func (r *Register) choose(i int) {
	i = max(0, min(i, len(r.rows)-1))
	if len(r.rows) == 0 || i == r.chosen {
		return
	}
	r.chosen = i
	r.Refresh()
	if r.o.OnSelect != nil {
		r.o.OnSelect(r.rows[i])
	}
	r.env.Keys.Changed()
}

// Tapped chooses the row under the finger and opens it.
func (r *Register) Tapped(ev *fyne.PointEvent) {
	i := r.first() + int((ev.Position.Y-r.headHeight())/r.rowHeight())
	if ev.Position.Y >= r.headHeight() && i < len(r.rows) && i < r.first()+r.perPage {
		r.choose(i)
		r.open()
	}
	r.env.handBack()
}

func (r *Register) open() {
	if row, ok := r.Selected(); ok && r.o.OnOpen != nil {
		r.o.OnOpen(row)
	}
}

func (r *Register) FocusGained() {
	r.focused = true
	r.Refresh()
}

func (r *Register) FocusLost() {
	r.focused = false
	r.Refresh()
}

// TypedKey lets the tables have the key first.
func (r *Register) TypedKey(ev *fyne.KeyEvent) {
	if r.env.looseKey(ev) {
		return
	}
	switch ev.Name {
	case fyne.KeyUp:
		r.Up()
	case fyne.KeyDown:
		r.Down()
	case fyne.KeyPageUp:
		r.PageUp()
	case fyne.KeyPageDown:
		r.PageDown()
	case fyne.KeyHome:
		r.choose(0)
	case fyne.KeyEnd:
		r.choose(len(r.rows) - 1)
	case fyne.KeyReturn, fyne.KeyEnter:
		r.open()
	}
}

// AcceptsTab takes the Tab that ends a scan.
func (r *Register) AcceptsTab() bool { return r.env.Keys.Scanning() }

func (r *Register) TypedRune(c rune)              { r.env.looseRune(c) }
func (r *Register) TypedShortcut(s fyne.Shortcut) { r.env.shortcut(s) }

// first is the first row of the page with the chosen row.
func (r *Register) first() int {
	if r.chosen < 0 {
		return 0
	}
	return r.chosen / r.perPage * r.perPage
}

// gutter is the room for signs before the first column; none if no row has one.
func (r *Register) gutter() float32 {
	for _, row := range r.rows {
		if row.Level != Quiet {
			return size(r, look.SizeIcon) + unit(r)
		}
	}
	return 0
}

func (r *Register) textHeight() float32 {
	return fyne.MeasureText("M", size(r, look.SizeText), fyne.TextStyle{}).Height
}

func (r *Register) rowHeight() float32 {
	return max(r.textHeight()+1.5*unit(r), size(r, look.SizeTouch)*0.9)
}

func (r *Register) headHeight() float32 {
	return fyne.MeasureText("M", size(r, look.SizeCaption), fyne.TextStyle{}).Height + unit(r)
}

// CreateRenderer is for the toolkit.
func (r *Register) CreateRenderer() fyne.WidgetRenderer {
	v := &registerView{r: r, ring: &canvas.Rectangle{}, line: &canvas.Rectangle{}, empty: NewLine("", Body().In(look.ColorQuiet).Centred())}
	v.refreshObjects()
	return v
}
