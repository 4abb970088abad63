package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"gatehouse/ui/keys"
	"gatehouse/ui/look"
)

const usualLength = 80

// FieldOptions describe a field.
type FieldOptions struct {
	Caption    string             // above the field
	Action     keys.Action        // the action that focuses it: its key is drawn beside the caption; may be ""
	Hint       string             // shown quietly while the field is empty
	Max        int                // most characters; 0 is 80
	Digits     bool               // only 0 to 9
	Secret     bool               // dots instead of characters, never copied
	Right      bool               // figures: aligned to the right
	Size       fyne.ThemeSizeName // of what is typed; "" is body
	Lines      int                // lines kept free below for a refusal; 0 is one, less than 0 shows it beside the caption
	Grows      bool               // beside the caption: what has no room there may have lines of its own, see Spread
	TooLong    string             // refusal for more than Max, in the person's language
	OnlyDigits string             // refusal for anything but digits
	OnChange   func(text string)  // after each change
	OnEnter    func(text string)  // Enter, unless the screen's table has it
	// OnStray is called with a text that Digits keeps out, and reports whether it
	// was taken elsewhere; what was not is refused here. Nil takes none.
	OnStray func(text string) bool
	// OnSay is called when the field says something else, and may need another
	// height for it; nil where it has the room always.
	OnSay func()
}

// Field is a caption, a place to type, and room for the sentence that says why
// what was typed is refused, or what is to be known of it. What was typed stays. A
// sentence is never cut: what has no room is left to the page, see Whole.
type Field struct {
	widget.BaseWidget
	env                 *Env
	input               *input
	caption             *Text
	badge               *badge
	sentence            *Text
	sign                *canvas.Image
	signed              look.SignName // what the sign shows
	action              keys.Action
	refusal, note       string
	beside, grows       bool
	spread              bool
	tooLong, onlyDigits string
	onChange, onEnter   func(string)
	onStray             func(string) bool
	onSay               func()
}

// NewField returns an empty field.
func NewField(env *Env, o FieldOptions) *Field {
	if o.Max <= 0 {
		o.Max = usualLength
	}
	if o.Size == "" {
		o.Size = look.SizeText
	}
	lines := max(1, o.Lines)
	if o.Grows {
		lines = ownLines
	}
	f := &Field{
		env: env, action: o.Action, beside: o.Lines < 0, grows: o.Grows && o.Lines < 0,
		caption: NewText(o.Caption, Caption()), badge: newBadge(""),
		sentence: NewParagraph("", Style{Size: look.SizeCaption, Color: look.ColorRefused, Bold: true}, lines),
		sign:     signOn(look.SignRefused, look.ColorRefused), signed: look.SignRefused,
		tooLong: o.TooLong, onlyDigits: o.OnlyDigits, onChange: o.OnChange, onEnter: o.OnEnter,
		onStray: o.OnStray, onSay: o.OnSay,
	}
	f.input = &input{
		env: env, field: f, secret: o.Secret, right: o.Right, points: o.Size, hint: o.Hint,
		line: line{max: o.Max, digits: o.Digits},
	}
	f.input.ExtendBaseWidget(f.input)
	f.ExtendBaseWidget(f)
	env.Keys.Watch(f.label)
	f.label()
	return f
}

// NewMoneyField returns a field for an amount: large figures on the right. It
// takes whatever is typed, so that a wrong amount can be shown and refused.
func NewMoneyField(env *Env, o FieldOptions) *Field {
	o.Right = true
	if o.Size == "" {
		o.Size = look.SizeTitle
	}
	if o.Max == 0 {
		o.Max = 24
	}
	return NewField(env, o)
}

// NewSecret returns a field for a PIN: digits shown as dots.
func NewSecret(env *Env, o FieldOptions) *Field {
	o.Secret, o.Digits = true, true
	if o.Size == "" {
		o.Size = look.SizeTitle
	}
	if o.Max == 0 {
		o.Max = 12
	}
	return NewField(env, o)
}

// Text returns what was typed.
func (f *Field) Text() string { return f.input.text() }

// SetText replaces what was typed without calling OnChange, caret at the end.
func (f *Field) SetText(text string) {
	f.input.line.set(text)
	f.Refuse("")
	f.input.Refresh()
}

// Preset proposes a text: typing replaces it whole.
func (f *Field) Preset(text string) {
	f.SetText(text)
	f.input.line.selectAll()
	f.input.Refresh()
}

// Refuse shows a sentence that says why the text is refused, and what to do.
// "" takes it back; so does any change of the text.
func (f *Field) Refuse(sentence string) {
	if f.refusal != sentence {
		f.saying(func() { f.refusal = sentence })
		f.input.Refresh()
	}
}

// Refusal returns the sentence that refuses, or "".
func (f *Field) Refusal() string { return f.refusal }

// Note says what is to be known of the text, where nothing refuses it. "" takes it
// back; nothing else does.
func (f *Field) Note(sentence string) {
	if f.note != sentence {
		f.saying(func() { f.note = sentence })
	}
}

// Spread lets a refusal that has no room beside the caption have lines of its own,
// if the field grows. A note may always.
func (f *Field) Spread(on bool) {
	if f.spread != on {
		f.saying(func() { f.spread = on })
	}
}

// SetCaption changes the words, for another language.
func (f *Field) SetCaption(caption, hint string) {
	f.caption.SetText(caption)
	f.input.hint = hint
	f.Refresh()
	f.input.Refresh()
}

// Focus puts the keyboard here.
func (f *Field) Focus() {
	if f.env.canvas != nil {
		f.env.canvas.Focus(f.input)
	}
}

// Focused reports whether typing goes here.
func (f *Field) Focused() bool { return f.input.focused }

// Enable lets the person type, or shows that they cannot now.
func (f *Field) Enable(on bool) {
	if on {
		f.input.Enable()
		return
	}
	f.input.Disable()
}

// Focusable returns what has the focus when this field is typed into.
func (f *Field) Focusable() fyne.Focusable { return f.input }

func (f *Field) label() {
	key := keys.Key("")
	if b, _, found := f.env.Keys.Lookup(f.action); found {
		key = b.Key
	}
	if f.badge.key != string(key) {
		f.badge.set(string(key), look.ColorQuiet)
		f.Refresh()
	}
}

// CreateRenderer is for the toolkit.
func (f *Field) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{objects: []fyne.CanvasObject{f.badge, f.caption, f.input, f.sign, f.sentence}}
	d.layout = f.lay
	d.refresh = func() {
		f.lay(f.Size())
		f.sign.Refresh()
		for _, t := range []fyne.CanvasObject{f.badge, f.caption, f.sentence} {
			t.Refresh()
		}
	}
	d.min = func() fyne.Size {
		in, cap, below := f.input.MinSize(), f.head(), f.below()
		own := f.ownHeight(f.speech(f.Size().Width))
		return fyne.NewSize(max(in.Width, f.caption.MinSize().Width), cap+own+in.Height+below)
	}
	d.refresh()
	return d
}

// head is the height of the caption line; a field without words has none.
func (f *Field) head() float32 {
	if f.caption.Text() == "" && f.badge.key == "" {
		return 0
	}
	return max(f.caption.MinSize().Height, f.badge.MinSize().Height) + unit(f)/2
}

func (f *Field) below() float32 {
	if f.beside {
		return 0
	}
	return f.sentence.MinSize().Height + unit(f)/4
}

func (f *Field) lay(s fyne.Size) {
	u, head, below, said := unit(f), f.head(), f.below(), f.speech(s.Width)
	x := float32(0)
	if f.badge.key != "" {
		m := f.badge.MinSize()
		place(f.badge, 0, (head-u/2-m.Height)/2, m.Width, m.Height)
		x = m.Width + u
	}
	f.badge.Hidden = f.badge.key == ""
	place(f.caption, x, 0, min(f.caption.MinSize().Width, s.Width-x), max(0, head-u/2))
	high := s.Height - head - f.ownHeight(said) - below
	if f.grows {
		// One beside it may have grown: what is typed stays on one line.
		high = min(high, f.input.MinSize().Height)
	}
	place(f.input, 0, s.Height-below-high, s.Width, high)
	f.laySpeech(said, s)
}
