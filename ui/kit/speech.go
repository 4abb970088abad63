package kit

import (
	"strings"

	"fyne.io/fyne/v2"

	"gatehouse/ui/look"
)

// ownLines is how many lines of its own a sentence may have: with more, what is
// typed would be too far from its caption.
const ownLines = 2

// speech is what a field says of what was typed, and where.
type speech struct {
	text  string // all of it, else its first sentence, else nothing but the sign
	own   int    // lines of its own, between the caption and what is typed
	whole bool
}

// sentences are what there is to say; a refusal goes before a note.
func (f *Field) sentences() string {
	if f.refusal != "" {
		return f.refusal
	}
	return f.note
}

// speech works out what there is room for in a field of a width.
func (f *Field) speech(width float32) speech {
	text := f.sentences()
	if text == "" {
		return speech{whole: true}
	}
	room, lines := width-f.indent(), f.sentence.lines
	if f.beside {
		room, lines = room-f.start(width), 1
	}
	if f.sentence.fits(text, lines, room) {
		return speech{text: text, whole: true}
	}
	if f.grows && (f.spread || f.refusal == "") {
		for n := 1; n <= ownLines; n++ {
			if f.sentence.fits(text, n, width-f.indent()) {
				return speech{text: text, own: n, whole: true}
			}
		}
	}
	if first, _, more := strings.Cut(text, ". "); more && f.sentence.fits(first+".", lines, room) {
		return speech{text: first + "."}
	}
	return speech{}
}

// Whole reports whether all that is said of the text is shown; if not, the page
// must say it.
func (f *Field) Whole() bool { return f.speech(f.Size().Width).whole }

// saying changes what is said, and tells who made the field.
func (f *Field) saying(change func()) {
	width := f.Size().Width
	before, text := f.speech(width), f.sentences()
	change()
	if f.speech(width) == before && f.sentences() == text {
		return
	}
	f.Refresh()
	if f.onSay != nil {
		f.onSay()
	}
}

// start is where a sentence beside the caption begins.
func (f *Field) start(width float32) float32 {
	u, x := unit(f), float32(0)
	if f.badge.key != "" {
		x = f.badge.MinSize().Width + u
	}
	return x + min(f.caption.MinSize().Width, width-x) + 2*u
}

// indent is the room of the sign before a sentence.
func (f *Field) indent() float32 { return f.icon() + unit(f)/2 }

func (f *Field) icon() float32 { return size(f, look.SizeIcon) * 0.9 }

func (f *Field) ownHeight(said speech) float32 {
	return float32(said.own) * f.sentence.measure("M").Height
}

// laySpeech puts the sign and the sentence where there is room for them.
func (f *Field) laySpeech(said speech, s fyne.Size) {
	u, icon, line := unit(f), f.icon(), f.sentence.measure("M").Height
	sign, ink := look.SignRefused, look.ColorRefused
	if f.refusal == "" {
		sign, ink = look.SignLook, look.ColorOnLook
	}
	if f.signed != sign {
		f.signed = sign
		resign(f.sign, sign, ink)
	}
	f.sentence.SetStyle(Style{Size: look.SizeCaption, Color: ink, Bold: true})
	f.sentence.SetText(said.text)
	f.sign.Hidden, f.sentence.Hidden = f.sentences() == "", said.text == ""
	x, y := float32(0), s.Height-f.below()+u/4
	switch {
	case said.own > 0:
		y = f.head() - u/2
	case f.beside:
		x, y = f.start(s.Width), (f.head()-u/2-line)/2
	}
	place(f.sign, x, y+(line-icon)/2, icon, icon)
	place(f.sentence, x+f.indent(), y, max(0, s.Width-x-f.indent()), f.sentence.MinSize().Height)
}
