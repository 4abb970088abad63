package uitest

import (
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"gatehouse/ui/keys"
	"gatehouse/ui/kit"
	"gatehouse/ui/look"
)

// The sizes of the appliances.
var (
	SmallCounter = fyne.NewSize(1366, 768)
	Counter      = fyne.NewSize(1920, 1080)
	TallKiosk    = fyne.NewSize(1080, 1920)
)

// humanPace is the time between two characters typed by a person, scanPace by a
// scanner.
const (
	humanPace = 120 * time.Millisecond
	scanPace  = 5 * time.Millisecond
)

// Options choose the appliance.
type Options struct {
	Size fyne.Size // zero is SmallCounter
	Look look.Options
}

// Bench is a window under test.
type Bench struct {
	t      *testing.T
	now    time.Time
	Env    *kit.Env
	Window fyne.Window
}

// New returns a bench with an empty window, cleaned up with the test.
func New(t *testing.T, o Options) *Bench {
	t.Helper()
	if o.Size.IsZero() {
		o.Size = SmallCounter
	}
	app := test.NewTempApp(t)
	app.Settings().SetTheme(look.New(o.Look))
	b := &Bench{t: t, now: time.Date(2026, time.November, 23, 12, 43, 0, 0, time.UTC)}
	b.Env = kit.NewEnv(keys.New(keys.Deps{Now: b.Now}))
	b.Window = test.NewTempWindow(t, nil)
	b.Window.SetPadded(false)
	b.Window.Resize(o.Size)
	b.Env.Attach(b.Window.Canvas())
	return b
}

// Now is the clock of the bench.
func (b *Bench) Now() time.Time { return b.now }

// Pass lets time pass.
func (b *Bench) Pass(d time.Duration) { b.now = b.now.Add(d) }

// Show puts a screen into the window.
func (b *Bench) Show(content fyne.CanvasObject) {
	size := b.Window.Canvas().Size()
	b.Window.SetContent(content)
	b.Window.Resize(size)
}

// Type types as a person does, to whatever has the focus.
func (b *Bench) Type(text string) { b.typeAt(text, humanPace) }

// Scan types as a scanner does and ends with Enter.
func (b *Bench) Scan(text string) {
	b.Pass(humanPace)
	b.typeAt(text, scanPace)
	b.Pass(scanPace)
	b.key(fyne.KeyReturn)
	b.Pass(humanPace)
}

// ScanTab is Scan by a scanner that was set to end a code with Tab.
func (b *Bench) ScanTab(text string) {
	b.Pass(humanPace)
	b.typeAt(text, scanPace)
	b.Pass(scanPace)
	b.Tab()
	b.Pass(humanPace)
}

// Press presses keys one after the other; Tab and Shift+Tab move the focus.
func (b *Bench) Press(pressed ...keys.Key) {
	b.t.Helper()
	for _, k := range pressed {
		b.Pass(humanPace)
		if letter, ok := strings.CutPrefix(string(k), "Ctrl+"); ok {
			b.ctrl(letter)
			continue
		}
		b.key(nameOf(k))
	}
}

// Tab moves the focus on, as the Tab key does where nothing takes it.
func (b *Bench) Tab() {
	c, tab := b.Window.Canvas(), &fyne.KeyEvent{Name: fyne.KeyTab}
	f := c.Focused()
	if t, takes := f.(fyne.Tabbable); takes && t.AcceptsTab() {
		f.TypedKey(tab)
		return
	}
	if d, ok := c.(desktop.Canvas); ok && f == nil && d.OnKeyDown() != nil {
		d.OnKeyDown()(tab)
	}
	c.FocusNext()
}

func (b *Bench) typeAt(text string, pace time.Duration) {
	for _, r := range text {
		b.Pass(pace)
		// The real window tells of the key first and of its character then.
		b.key(fyne.KeyName(strings.ToUpper(string(r))))
		c := b.Window.Canvas()
		if f := c.Focused(); f != nil {
			f.TypedRune(r)
		} else if typed := c.OnTypedRune(); typed != nil {
			typed(r)
		}
	}
}

func (b *Bench) key(name fyne.KeyName) {
	ev, c := &fyne.KeyEvent{Name: name}, b.Window.Canvas()
	if f := c.Focused(); f != nil {
		f.TypedKey(ev)
	} else if typed := c.OnTypedKey(); typed != nil {
		typed(ev)
	}
}

func (b *Bench) ctrl(letter string) {
	b.t.Helper()
	var s fyne.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyName(letter), Modifier: fyne.KeyModifierControl}
	clip := fyne.CurrentApp().Clipboard()
	switch letter {
	case "V":
		s = &fyne.ShortcutPaste{Clipboard: clip}
	case "C":
		s = &fyne.ShortcutCopy{Clipboard: clip}
	case "X":
		s = &fyne.ShortcutCut{Clipboard: clip}
	case "A":
		s = &fyne.ShortcutSelectAll{}
	}
	if f, ok := b.Window.Canvas().Focused().(fyne.Shortcutable); ok {
		f.TypedShortcut(s)
		return
	}
	b.t.Fatalf("Ctrl+%s: nothing that takes shortcuts has the focus", letter)
}

// Paste puts text on the clipboard and pastes it.
func (b *Bench) Paste(text string) {
	b.t.Helper()
	fyne.CurrentApp().Clipboard().SetContent(text)
	b.Press(keys.Ctrl("V"))
}

func nameOf(k keys.Key) fyne.KeyName {
	switch k {
	case keys.Esc:
		return fyne.KeyEscape
	case keys.Enter:
		return fyne.KeyReturn
	case keys.PageUp:
		return fyne.KeyPageUp
	case keys.PageDown:
		return fyne.KeyPageDown
	case keys.Insert:
		return fyne.KeyInsert
	case keys.Delete:
		return fyne.KeyDelete
	}
	return fyne.KeyName(k)
}

// Save writes what the window shows as a PNG, for a person to look at.
func (b *Bench) Save(path string) {
	b.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		b.t.Fatalf("making room for the picture: %v", err)
	}
	f, err := os.Create(path)
	if err != nil {
		b.t.Fatalf("writing the picture: %v", err)
	}
	defer f.Close()
	if err := png.Encode(f, b.Window.Canvas().Capture()); err != nil {
		b.t.Fatalf("writing the picture: %v", err)
	}
}
