package kiosk

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"gatehouse/desk/visit"
	"gatehouse/ledger"
	"gatehouse/ui/kit"
	"gatehouse/ui/look"
	"gatehouse/ui/words"
)

// doors is the first page.
type doors struct {
	s                        *Screen
	content                  *fyne.Container
	title, hint, hours       *kit.Text
	bill, visit, leave, help *plate
}

func newDoors(s *Screen, does func(Event) func()) *doors {
	door := func(sign look.SignName, e Event) *plate { return newPlate(sign, above, look.SizeBig, 2, does(e)) }
	d := &doors{s: s,
		title: kit.NewParagraph("", kit.Big(), 1), hint: kit.NewParagraph("", kit.Style{Size: look.SizeTitle}, 1),
		hours: kit.NewLine("", kit.Style{Color: look.ColorQuiet}),
		bill:  door(look.SignBill, Open{Services}).primary(), visit: door(look.SignPerson, Open{Name}),
		leave: door(look.SignLeave, Open{Leaving}), help: newPlate(look.SignInfo, middle, look.SizeBig, 2, does(AskHelp{})),
	}
	d.content = shelve(&shelf{lay: d.lay, min: d.min}, d.title, d.hint, d.hours, d.bill, d.visit, d.leave, d.help)
	return d
}

func (d *doors) object() fyne.CanvasObject { return d.content }
func (d *doors) field(Page) *kit.Field     { return nil }

func (d *doors) lay(s fyne.Size) {
	g := edgeGap()
	h, hint, hours := d.title.MinSize().Height, d.hint.MinSize().Height, d.hours.MinSize().Height
	put(d.title, 0, 0, s.Width, h)
	put(d.hint, 0, h, s.Width, hint)
	top := h + hint + g
	room := s.Height - top - hours - g
	put(d.hours, 0, s.Height-hours, s.Width, hours)
	half := (s.Width - g) / 2
	if tall(s) || s.Height > 0.9*s.Width {
		row := (room - 2*g) / 10
		put(d.bill, 0, top, s.Width, 4.4*row)
		put(d.visit, 0, top+4.4*row+g, half, 3.8*row)
		put(d.leave, half+g, top+4.4*row+g, half, 3.8*row)
		put(d.help, 0, top+8.2*row+2*g, s.Width, 1.8*row)
		return
	}
	if s.Width < 1200 { // moved low: four doors of one size
		row := (room - g) / 2
		put(d.bill, 0, top, half, row)
		put(d.visit, half+g, top, half, row)
		put(d.leave, 0, top+row+g, half, row)
		put(d.help, half+g, top+row+g, half, row)
		return
	}
	// Wide: the most wanted door as high as the page, help in its corner.
	low := (room - g) * 0.64
	put(d.bill, 0, top, half, room)
	put(d.visit, half+g, top, (half-g)/2, low)
	put(d.leave, half+g+(half+g)/2, top, (half-g)/2, low)
	put(d.help, half+g, top+low+g, half, room-low-g)
}

func (d *doors) min() fyne.Size {
	g, door := edgeGap(), d.bill.MinSize()
	return fyne.NewSize(4*door.Width+3*g, d.title.MinSize().Height+d.hint.MinSize().Height+d.hours.MinSize().Height+1.5*d.visit.MinSize().Height+3*g)
}

func (d *doors) show(m Model, b *words.Book) {
	d.title.SetText(b.Say("kiosk.welcome"))
	d.hint.SetText(b.Say("kiosk.touch"))
	d.hint.SetStyle(kit.Style{Size: look.SizeTitle})
	if m.Problem != nil {
		d.hint.SetText(problem(m.Problem, b))
		d.hint.SetStyle(kit.Style{Size: look.SizeTitle, Bold: true, Color: look.ColorRefused})
	}
	if m.Busy {
		d.hint.SetText(b.Say("kiosk.wait"))
	}
	d.hours.SetText(d.today(b))
	for name, p := range map[words.Key]*plate{"bill": d.bill, "visit": d.visit, "leave": d.leave, "help": d.help} {
		p.say(b.Say("kiosk.door."+name), b.Say("kiosk.door."+name+"_more"))
		p.enable(!m.Busy)
	}
}

// today is when the office is open.
func (d *doors) today(b *words.Book) string {
	now := d.s.d.Now().In(d.s.d.Location)
	spans, always := d.s.d.Policy.OpenOn(ledger.DateOf(now))
	text := b.LongDate(now)
	switch {
	case always:
		return text
	case len(spans) == 0:
		return fmt.Sprintf("%s · %s", text, b.Say("kiosk.closed"))
	}
	var all []string
	for _, span := range spans {
		all = append(all, b.Say("kiosk.span", words.Args{"from": clock(b, span.Opens), "to": clock(b, span.Closes)}))
	}
	return fmt.Sprintf("%s · %s", text, b.Say("kiosk.open", words.Args{"hours": strings.Join(all, ", ")}))
}

func clock(b *words.Book, t visit.TimeOfDay) string {
	return b.Clock(time.Date(2000, 1, 1, 0, int(t), 0, 0, time.UTC))
}

// helped says where somebody helps.
type helped struct {
	content           *fyne.Container
	title, hint, safe *kit.Text
	back              *plate
}

func newHelp(does func(Event) func()) *helped {
	h := &helped{
		title: kit.NewParagraph("", kit.Big(), 2), hint: kit.NewParagraph("", kit.Style{Size: look.SizeTitle}, 5),
		safe: kit.NewParagraph("", kit.Style{Size: look.SizeTitle, Color: look.ColorQuiet}, 2),
		back: newPlate(look.SignLeft, middle, look.SizeTitle, 1, does(Back{})).primary(),
	}
	h.content = shelve(&shelf{lay: h.lay, min: h.min}, h.title, h.hint, h.safe, h.back)
	return h
}

func (h *helped) object() fyne.CanvasObject { return h.content }
func (h *helped) field(Page) *kit.Field     { return nil }

func (h *helped) lay(s fyne.Size) {
	g, y := 2*edgeGap(), s.Height*0.06
	for _, t := range []*kit.Text{h.title, h.hint, h.safe} {
		high := t.MinSize().Height
		put(t, g, y, s.Width-2*g, high)
		y += high + g/2
	}
	put(h.back, g, y, min(s.Width-2*g, 6*touchHeight()), 1.2*touchHeight())
}

func (h *helped) min() fyne.Size {
	texts := h.title.MinSize().Height + h.hint.MinSize().Height + h.safe.MinSize().Height
	return fyne.NewSize(8*touchHeight(), (texts+1.2*touchHeight()+3*edgeGap())/0.94)
}

func (h *helped) show(_ Model, b *words.Book) {
	h.title.SetText(b.Say("kiosk.helped.title"))
	h.hint.SetText(b.Say("kiosk.helped.hint"))
	h.safe.SetText(b.Say("kiosk.helped.safe"))
	h.back.say(b.Say("kiosk.back"), "")
}
