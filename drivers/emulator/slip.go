package emulator

import (
	"slices"
	"time"

	"gatehouse/drivers/escpos"
)

// Sizes of what is put in by hand, in sixths of an inch, and where its print begins.
const (
	checkWide, checkHigh = 36, 16
	slipWide, slipHigh   = 28, 66
	formTop              = 40 // dots above the first line
	formLeft             = 36 // dots left of it
	maxForms             = 100
	startTime            = 500 * time.Millisecond // from the insertion to the first line
)

// Form is a sheet that was put in by hand: a slip, a bill's stub, a check.
type Form struct {
	Number int    `json:"number"` // from 1
	Kind   string `json:"kind"`   // "slip" or "check"
	Line   string `json:"line"`   // in magnetic ink at the foot of a check, as the reader spells it
	Pulled bool   `json:"pulled"` // somebody took it out; the printer had not given it back
	Front  Piece  `json:"front"`
	Back   Piece  `json:"back"`
}

// slip is the slip station, its check reader with it.
type slip struct {
	in     *Form // at the head
	forms  []Form
	number int

	selected escpos.Sheet // Roll: the station rests
	waits    bool         // for a form
	minutes  int          // to wait at most, 0 without end

	line   string // of the next check
	reader reader
}

// newForm is a blank form of that kind.
func (p *Printer) newForm(kind string) *Form {
	sixth := p.cfg.Profile.DPI / 6
	blank := Piece{Width: slipWide * sixth, Height: slipHigh * sixth, Margin: formLeft, DPI: p.cfg.Profile.DPI, Cut: true}
	f := &Form{Kind: kind}
	if kind == "check" {
		f.Line = p.slip.line
		blank.Width, blank.Height = checkWide*sixth, checkHigh*sixth
	}
	p.slip.number++
	f.Number = p.slip.number
	f.Front, f.Back = blank, blank
	f.Front.Number, f.Back.Number = f.Number, f.Number
	if f.Line != "" {
		text := Span{Text: f.Line, W: len(f.Line) * cellWidth, WideBy: 1, TallBy: 1}
		f.Front.Elements = []Element{{Kind: "text", X: 4 * cellWidth, Y: blank.Height - 2*sixth, W: text.W, H: cellHeight, Spans: []Span{text}}}
	}
	return f
}

// insert puts a form of that kind in. The station takes one at a time.
func (p *Printer) insert(kind string) {
	p.act(func() {
		if p.slip.in == nil {
			p.slip.in = p.newForm(kind)
		}
	})
}

// InsertSlip puts a blank slip, or a bill's stub, into the slip station.
func (p *Printer) InsertSlip() { p.insert("slip") }

// InsertCheck puts in a check with the line that [Printer.SetCheckLine] said.
func (p *Printer) InsertCheck() { p.insert("check") }

// RemoveForm pulls the form out, whatever the printer is doing with it.
func (p *Printer) RemoveForm() { p.act(func() { p.layDown(true) }) }

// layDown moves the form from the head to those that are done with.
func (p *Printer) layDown(pulled bool) {
	s := &p.slip
	if s.in == nil {
		return
	}
	s.in.Pulled = pulled
	s.forms = append(s.forms, *s.in)
	if len(s.forms) > maxForms {
		s.forms = slices.Delete(s.forms, 0, len(s.forms)-maxForms)
	}
	s.in = nil
	s.reader.keeps = false
}

// Forms returns the forms that were given back or pulled out, oldest first. Only the
// last hundred are kept.
func (p *Printer) Forms() []Form {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := slices.Clone(p.slip.forms)
	for i := range out {
		out[i].Front.draw, out[i].Back.draw = p.draw, p.draw
	}
	return out
}

// sheetStatus is what DLE EOT 5 says.
func (p *Printer) sheetStatus() escpos.SheetStatus {
	return escpos.SheetStatus{Selected: p.slip.selected != escpos.Roll, Waiting: p.slip.waits, In: p.slip.in != nil}
}

// forms executes the commands of the slip station and of labels.
func (w *parser) forms(name string, d []byte) bool {
	prof := &w.p.cfg.Profile
	switch name {
	case "ESC c":
		if d[2] != '0' {
			return false
		}
		w.choose(map[byte]escpos.Sheet{4: escpos.Slip, 8: escpos.Validation}[d[3]])
	case "GS ( G":
		switch {
		case len(d) == 7 && d[5] == 0x30 && d[6] == 0x04:
			w.choose(escpos.Slip)
		case len(d) == 7 && d[5] == 0x30 && d[6] == 0x44:
			w.choose(escpos.Endorsement)
		default:
			return false
		}
	case "ESC f":
		if d[2] <= 15 && d[3] <= 64 {
			w.p.mu.Lock()
			w.p.slip.minutes = int(d[2])
			w.p.mu.Unlock()
		}
	case "ESC q":
		w.giveBack()
	case "ESC F":
	case "FS ( L":
		if !prof.Labels || len(d) != 7 {
			return false
		}
		if d[5] == 66 {
			w.p.mu.Lock()
			gap := w.p.roll.gap()
			w.p.mu.Unlock()
			w.feed(gap)
		}
	default:
		return w.check(name, d)
	}
	return true
}

// choose selects what is printed on, and waits for a form where one is needed.
func (w *parser) choose(s escpos.Sheet) {
	if form, has := w.p.cfg.Profile.Form(s); !has || s.ByHand() && form.Lines == 0 {
		w.count(&w.p.stats.Unsupported)
		return
	}
	w.flushLine()
	w.selectSheet(s)
	if s.ByHand() {
		w.awaitForm(nil)
	}
}

// selectSheet says what is printed on from now on.
func (w *parser) selectSheet(s escpos.Sheet) {
	w.sheet = s
	w.p.mu.Lock()
	defer w.p.mu.Unlock()
	w.p.slip.selected = s
	w.p.changed()
}

// awaitForm waits until a form lies at the head, for as long as ESC f said, and then goes
// back to the roll. It reports whether one does. enough, if set, ends the waiting too.
func (w *parser) awaitForm(enough func() bool) bool {
	p := w.p
	p.mu.Lock()
	if p.slip.in != nil {
		p.mu.Unlock()
		return true
	}
	late, stop := w.deadline(time.Duration(p.slip.minutes) * time.Minute)
	p.slip.waits = true
	p.changed()
	for p.slip.in == nil && p.order == calm && !p.closed && !*late && (enough == nil || !enough()) {
		if p.cfg.HandsIn {
			kind := "slip"
			if w.sheet == escpos.Endorsement || enough != nil {
				kind = "check"
			}
			p.slip.in = p.newForm(kind)
			continue
		}
		p.wake.Wait()
	}
	in := p.slip.in != nil
	w.gone = p.order != calm || p.closed
	p.slip.waits = false
	if !in && w.gone {
		p.slip.selected, w.sheet = escpos.Roll, escpos.Roll
	}
	p.changed()
	p.mu.Unlock()
	stop()
	switch {
	case w.gone:
		return false
	case !in:
		w.selectSheet(escpos.Roll)
		return false
	}
	return w.wait(startTime)
}

// deadline sets the flag, under the lock, when the time is up; 0 is never. The function
// ends it.
func (w *parser) deadline(d time.Duration) (late *bool, stop func()) {
	late = new(bool)
	if d <= 0 {
		return late, func() {}
	}
	over := make(chan struct{})
	p := w.p
	go func() {
		select {
		case <-p.clock.After(d):
			p.mu.Lock()
			*late = true
			p.wake.Broadcast()
			p.mu.Unlock()
		case <-over:
		case <-p.stop:
		}
	}()
	return late, func() { close(over) }
}

// putOnForm prints an element on the form. One that has no room left, or is gone, stops
// the print until another is put in.
func (w *parser) putOnForm(e Element) {
	p := w.p
	for {
		if !w.awaitForm(nil) {
			if !w.gone {
				w.put(e) // whoever waits no longer prints on the roll
			}
			return
		}
		if !w.wait(time.Duration(e.H) * w.dotTime()) {
			return
		}
		p.mu.Lock()
		for (p.slip.in != nil && !p.able()) && p.order == calm && !p.closed {
			p.wake.Wait()
		}
		if p.order != calm || p.closed {
			w.gone = true
			p.mu.Unlock()
			return
		}
		if p.slip.in != nil {
			if p.slip.in.add(w.sheet, e) {
				p.stats.Lines++
				p.strike(byLines)
				p.wake.Broadcast()
				p.mu.Unlock()
				return
			}
			p.layDown(false) // it is full
		}
		p.mu.Unlock()
	}
}

// add prints an element below what is there, and reports whether there was room.
func (f *Form) add(s escpos.Sheet, e Element) bool {
	side := &f.Front
	if s == escpos.Endorsement {
		side = &f.Back
	}
	y, elements := formTop, side.Elements
	for _, was := range elements {
		if f.Line == "" || was.Y != side.Height-2*(side.DPI/6) { // the check's own line takes no room
			y = max(y, was.Y+was.H)
		}
	}
	if y+e.H > side.Height {
		return false
	}
	e.Y = y
	side.Elements = append(slices.Clip(elements), e)
	return true
}

// giveBack ejects the form and returns to the roll.
func (w *parser) giveBack() {
	w.flushLine()
	p := w.p
	p.mu.Lock()
	p.layDown(false)
	p.mu.Unlock()
	w.selectSheet(escpos.Roll)
}

// printed are the sides that something was printed on.
func (f Form) printed() []Piece {
	var out []Piece
	own := 0
	if f.Line != "" {
		own = 1
	}
	if len(f.Front.Elements) > own {
		out = append(out, f.Front)
	}
	if len(f.Back.Elements) > 0 {
		out = append(out, f.Back)
	}
	return out
}
