package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"gatehouse/ui/look"
)

// Message is what a notice says.
type Message struct {
	Level Level
	What  string // what happened
	Safe  string // what is safe
	Do    string // what to do
}

// Notice is a banner in the page. It never takes the focus and never covers what
// somebody types; while it says nothing it takes no room. Put it directly into a
// Stack or Split, which make room for it when it appears.
type Notice struct {
	widget.BaseWidget
	message Message
	sign    *canvas.Image
	what    *Text
	rest    *Text
	room    func() // lays out the container again
}

// NewNotice returns a notice that says nothing.
func NewNotice() *Notice {
	n := &Notice{
		sign: signOn(look.SignInfo, look.ColorText),
		what: NewParagraph("", Strong(), 2), rest: NewParagraph("", Body(), 3),
	}
	n.room = func() {}
	n.ExtendBaseWidget(n)
	n.Hide()
	return n
}

// Say shows a message.
func (n *Notice) Say(m Message) {
	n.message = m
	n.Refresh()
	n.Show()
	n.room()
}

// Clear takes the message away.
func (n *Notice) Clear() {
	n.message = Message{}
	n.Hide()
	n.room()
}

// Message returns what is shown.
func (n *Notice) Message() Message { return n.message }

func (n *Notice) onRoom(f func()) { n.room = f }

// CreateRenderer is for the toolkit.
func (n *Notice) CreateRenderer() fyne.WidgetRenderer {
	back := &canvas.Rectangle{}
	d := &drawing{objects: []fyne.CanvasObject{back, n.sign, n.what, n.rest}}
	d.layout = func(s fyne.Size) {
		u, icon := unit(n), size(n, look.SizeIcon)*1.6
		place(back, 0, 0, s.Width, s.Height)
		place(n.sign, 1.5*u, (s.Height-icon)/2, icon, icon)
		x := 3*u + icon
		room := max(0, s.Width-x-1.5*u)
		h := n.what.UsedHeight(room)
		y := (s.Height - h - n.rest.UsedHeight(room)) / 2
		place(n.what, x, y, room, n.what.MinSize().Height)
		place(n.rest, x, y+h, room, n.rest.MinSize().Height)
	}
	d.min = func() fyne.Size {
		return fyne.NewSize(20*unit(n), n.what.UsedHeight(n.what.Size().Width)+n.rest.UsedHeight(n.rest.Size().Width)+2*unit(n))
	}
	d.refresh = func() {
		fill, ink := n.message.Level.surface()
		edge := look.ColorLine
		if n.message.Level != Quiet {
			edge = ink
		} else {
			ink = look.ColorText
		}
		paint(back, colour(n, fill), colour(n, edge), 1, size(n, look.SizeRadius))
		resign(n.sign, n.message.Level.sign(), ink)
		n.what.SetText(n.message.What)
		n.what.SetStyle(Strong().In(ink))
		n.rest.SetText(strings.TrimSpace(n.message.Safe + " " + n.message.Do))
		n.rest.SetStyle(Body().In(ink))
		n.what.Refresh()
		n.rest.Refresh()
		d.layout(n.Size())
	}
	d.refresh()
	return d
}
