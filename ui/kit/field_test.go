package kit_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"gatehouse/ui/keys"
	"gatehouse/ui/kit"
	"gatehouse/ui/uitest"
)

// counter puts the gallery on a bench and enters it.
func counter(t *testing.T) (*uitest.Bench, *gallery) {
	t.Helper()
	b := uitest.New(t, uitest.Options{})
	g := newGallery(b.Env)
	b.Show(g.content)
	b.Env.Enter(g.layer, g.find)
	return b, g
}

func TestKeysOfTheTableWorkWhileSomebodyTypes(t *testing.T) {
	b, g := counter(t)
	b.Type("garcia")
	b.Press(keys.F5, keys.Ctrl("T"), keys.Down, keys.Enter)
	if want := []keys.Action{"cash", "train", "down"}; !slices.Equal(g.done, want) {
		t.Errorf("done %q, want %q", g.done, want)
	}
	if g.find.Text() != "garcia" {
		t.Errorf("the field holds %q", g.find.Text())
	}
	g.canTake = true
	b.Press(keys.Enter)
	if g.done[len(g.done)-1] != "take" {
		t.Errorf("Enter did %q", g.done)
	}
}

func TestKeysWorkWhateverHasTheFocus(t *testing.T) {
	b, g := counter(t)
	for i := range len(b.FocusOrder()) {
		b.Press(keys.F6)
		if len(g.done) != i+1 {
			t.Fatalf("F6 died at %T", b.Window.Canvas().Focused())
		}
		b.Tab()
	}
	b.Window.Canvas().Unfocus()
	b.Press(keys.F6)
	if got := len(g.done); got != len(b.FocusOrder())+1 {
		t.Errorf("F6 did nothing while nothing had the focus")
	}
}

func TestTheOrderOfTabIsTheOrderOfTheScreen(t *testing.T) {
	b, _ := counter(t)
	want := []string{"Find: account, name, address, phone, meter, or scan the bill", "kit.Register", "Cash", "Check", "Cash tendered"}
	if got := b.FocusOrder(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAScanReachesTheScreenWhateverHasTheFocus(t *testing.T) {
	b, g := counter(t)
	b.Type("gar")
	for i, focus := range []func(){func() {}, b.Tab, b.Tab, func() { b.Window.Canvas().Unfocus() }} {
		focus()
		b.Scan("0123456789")
		if len(g.scanned) != i+1 || g.scanned[i] != "0123456789" {
			t.Fatalf("scan %d: heard %q", i+1, g.scanned)
		}
	}
	if g.find.Text() != "gar" || g.amount.Text() != "" {
		t.Errorf("the scan left %q and %q behind", g.find.Text(), g.amount.Text())
	}
}

func TestTypingOnAButtonGoesToTheFieldUsedLast(t *testing.T) {
	b, g := counter(t)
	b.Type("gar")
	b.Tab()
	b.Tab()
	b.Type("cia")
	if g.find.Text() != "garcia" || !g.find.Focused() {
		t.Errorf("the field holds %q, focused %v", g.find.Text(), g.find.Focused())
	}
}

func TestAFingerOnAButtonDoesNotTakeTheKeyboardAway(t *testing.T) {
	b, g := counter(t)
	b.Type("gar")
	b.Tap("Cash")
	b.Type("cia")
	if g.find.Text() != "garcia" || !slices.Equal(g.done, []keys.Action{"cash"}) {
		t.Errorf("the field holds %q, done %q", g.find.Text(), g.done)
	}
	b.Tap("Card") // may not be done now
	if len(g.done) != 1 {
		t.Errorf("a button that is off did %q", g.done)
	}
}

func TestSpaceAndEnterPressTheFocusedButton(t *testing.T) {
	b, g := counter(t)
	b.Tab()
	b.Tab() // Cash
	b.Press(keys.Space)
	b.Press(keys.Enter) // the table's Enter may not be done now, so it is the button's
	if want := []keys.Action{"cash", "cash"}; !slices.Equal(g.done, want) {
		t.Errorf("done %q, want %q", g.done, want)
	}
	g.canTake = true
	b.Press(keys.Enter)
	if g.done[2] != "take" {
		t.Errorf("Enter did %q", g.done[2])
	}
}

func TestARefusalKeepsWhatWasTyped(t *testing.T) {
	b, g := counter(t)
	g.amount.Focus()
	b.Type("1,234.5.6")
	g.amount.Refuse("Not an amount.")
	b.Shows("Not an amount.")
	if g.amount.Text() != "1,234.5.6" {
		t.Errorf("the field holds %q", g.amount.Text())
	}
	b.Press(keys.Left) // only looking
	if g.amount.Refusal() == "" {
		t.Error("moving the caret took the refusal away")
	}
	b.Type("7")
	if g.amount.Refusal() != "" {
		t.Error("the refusal stayed after the text changed")
	}
}

// single puts one field on a bench.
func single(t *testing.T, o kit.FieldOptions, secret bool) (*uitest.Bench, *kit.Field) {
	t.Helper()
	b := uitest.New(t, uitest.Options{})
	o.TooLong, o.OnlyDigits = "too long", "only digits"
	f := kit.NewField(b.Env, o)
	if secret {
		f = kit.NewSecret(b.Env, o)
	}
	b.Show(container.NewVBox(f))
	b.Env.Enter(keys.Layer{Do: func(keys.Action) {}}, f)
	return b, f
}

func TestPasting(t *testing.T) {
	for _, c := range []struct{ name, paste, want, refusal string }{
		{"fits", "12 345\n", "7712 345", ""},
		{"too long", "123456789", "77", "too long"},
		{"nothing", "", "77", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, f := single(t, kit.FieldOptions{Max: 8}, false)
			b.Type("77")
			b.Paste(c.paste)
			if f.Text() != c.want || f.Refusal() != c.refusal {
				t.Errorf("holds %q and says %q, want %q and %q", f.Text(), f.Refusal(), c.want, c.refusal)
			}
		})
	}
}

func TestASecretIsNeitherShownNorCopied(t *testing.T) {
	b, f := single(t, kit.FieldOptions{}, true)
	b.Type("12x34")
	if f.Text() != "1234" || f.Refusal() != "" {
		t.Errorf("holds %q, says %q", f.Text(), f.Refusal())
	}
	b.Type("x")
	if f.Refusal() != "only digits" {
		t.Errorf("says %q", f.Refusal())
	}
	fyne.CurrentApp().Clipboard().SetContent("before")
	b.Press(keys.Ctrl("A"), keys.Ctrl("C"), keys.Ctrl("X"))
	if got := fyne.CurrentApp().Clipboard().Content(); got != "before" || f.Text() != "1234" {
		t.Errorf("the clipboard holds %q, the field %q", got, f.Text())
	}
	b.Layout("secret")
}

func TestCutCopyAndPreset(t *testing.T) {
	b, f := single(t, kit.FieldOptions{}, false)
	var changes []string
	entered := ""
	f2 := kit.NewMoneyField(b.Env, kit.FieldOptions{
		OnChange: func(s string) { changes = append(changes, s) }, OnEnter: func(s string) { entered = s },
	})
	b.Show(container.NewVBox(f, f2))
	f.Focus()
	b.Type("abc")
	b.Press(keys.Ctrl("A"), keys.Ctrl("X"))
	f2.Focus()
	f2.Preset("188.20")
	b.Type("9")
	b.Press(keys.Ctrl("V"), keys.Home, keys.Delete, keys.End, "BackSpace", keys.Enter)
	if f.Text() != "" || f2.Text() != "ab" || entered != "ab" {
		t.Errorf("fields %q and %q, entered %q", f.Text(), f2.Text(), entered)
	}
	if want := []string{"9", "9abc", "abc", "ab"}; !slices.Equal(changes, want) {
		t.Errorf("changes %q, want %q", changes, want)
	}
}

func TestAFieldThatIsOffTakesNothing(t *testing.T) {
	b, f := single(t, kit.FieldOptions{}, false)
	b.Type("ab")
	f.Enable(false)
	b.Type("c")
	b.Press("BackSpace")
	if f.Text() != "ab" || b.Env.Type("d") {
		t.Errorf("holds %q", f.Text())
	}
}

// A long text moves so that the caret is always seen.
func TestTheCaretStaysInView(t *testing.T) {
	b, f := single(t, kit.FieldOptions{Max: 200}, false)
	f.Resize(fyne.NewSize(200, 90))
	for range 60 {
		b.Type("W")
	}
	b.Layout("long-end")
	b.Press(keys.Home)
	b.Layout("long-start")
}

func TestAFingerPutsTheCaret(t *testing.T) {
	b := uitest.New(t, uitest.Options{})
	m := kit.NewMoneyField(b.Env, kit.FieldOptions{Caption: "M"})
	b.Show(container.NewVBox(m))
	b.Env.Enter(keys.Layer{Do: func(keys.Action) {}}, m)
	b.Type("1234")
	for _, step := range []struct {
		where string
		x     float32
		typed string
		want  string
	}{
		{"in the empty room", 20, "a", "1234a"},
		{"behind the last character", 1352, "b", "1234ab"},
		{"on the left half of the last character", 1343, "c", "1234acb"},
	} {
		m.Focusable().(fyne.Tappable).Tapped(&fyne.PointEvent{Position: fyne.NewPos(step.x, 20)})
		b.Type(step.typed)
		if m.Text() != step.want {
			t.Errorf("a finger %s: got %q, want %q", step.where, m.Text(), step.want)
		}
	}
}

// The character of a key that brought another screen is not typed into it.
func TestTheKeyOfADoorIsNotTypedIntoTheNextScreen(t *testing.T) {
	b, f := single(t, kit.FieldOptions{}, false)
	next := keys.Layer{Do: func(keys.Action) {}}
	b.Env.Enter(keys.Layer{
		Table: keys.Table{{Key: "2", Label: "Visit", Action: "visit"}},
		Do:    func(keys.Action) { b.Env.Enter(next, f) },
	}, nil)
	b.Type("2")
	b.Type("2b")
	if f.Text() != "2b" {
		t.Errorf("the field holds %q", f.Text())
	}
}

// What a field says is whole or it is not there: beside the caption, on lines of its
// own where the field may grow, else its first sentence, else only the sign.
func TestASentenceIsNeverCut(t *testing.T) {
	const short, long = "Not an amount.", "1,234.5.6 is not an amount. Write it like 1,234.56."
	for _, c := range []struct {
		name          string
		lines         int
		grows, spread bool
		width         float32
		refusal, note string
		shown         string
		more          float32 // lines that it grew by
		whole         bool
	}{
		{"beside the caption", -1, true, true, 500, short, "", short, 0, true},
		{"on a line of its own", -1, true, true, 400, long, "", long, 1, true},
		{"on two", -1, true, true, 250, long, "", long, 2, true},
		{"no room to spread", -1, true, false, 300, long, "", "1,234.5.6 is not an amount.", 0, false},
		{"it does not grow", -1, false, true, 300, long, "", "1,234.5.6 is not an amount.", 0, false},
		{"too narrow for any of it", -1, true, true, 100, long, "", "", 0, false},
		{"below, too narrow", 1, false, false, 300, long, "", "1,234.5.6 is not an amount.", 0, false},
		{"below, in two lines", 2, false, false, 300, long, "", long, 0, true},
		{"a note may always spread", -1, true, false, 250, "", long, long, 2, true},
		{"a refusal goes before a note", -1, true, true, 500, short, "A note", short, 0, true},
		{"nothing to say", -1, true, true, 100, "", "", "", 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := uitest.New(t, uitest.Options{})
			said := 0
			f := kit.NewField(b.Env, kit.FieldOptions{Caption: "Amount", Lines: c.lines, Grows: c.grows, OnSay: func() { said++ }})
			b.Show(container.NewWithoutLayout(f))
			f.Resize(fyne.NewSize(c.width, f.MinSize().Height))
			before := f.MinSize().Height
			f.Spread(c.spread)
			f.Refuse(c.refusal)
			f.Note(c.note)
			line := kit.NewText("M", kit.Caption()).MinSize().Height
			if grown := (f.MinSize().Height - before) / line; grown != c.more {
				t.Errorf("it grew by %v lines, want %v", grown, c.more)
			}
			f.Resize(fyne.NewSize(c.width, f.MinSize().Height))
			if got := slices.Contains(b.Texts(), c.shown); got != (c.shown != "") || f.Whole() != c.whole {
				t.Errorf("it shows %q, whole %v; want %q, %v", b.Texts(), f.Whole(), c.shown, c.whole)
			}
			if (said > 0) != (c.refusal+c.note != "") {
				t.Errorf("it told %d times that it says something else", said)
			}
			f.Refuse("")
			f.Note("")
			if f.MinSize().Height != before || slices.Contains(b.Texts(), short) {
				t.Errorf("taken back it is %v high, was %v; it shows %q", f.MinSize().Height, before, b.Texts())
			}
		})
	}
}

func TestANoteStaysWhileARefusalComesAndGoes(t *testing.T) {
	b, f := single(t, kit.FieldOptions{Lines: -1}, false)
	f.Note("12.00 more than is due")
	b.Type("x")
	b.Shows("12.00 more than is due")
	f.Refuse("Not an amount.")
	b.Shows("Not an amount.")
	b.Type("1")
	b.Shows("12.00 more than is due")
}

// What a field does not take may be meant for another.
func TestALetterAmongDigitsIsOfferedElsewhere(t *testing.T) {
	for _, taken := range []bool{true, false} {
		var strayed []string
		b, f := single(t, kit.FieldOptions{OnStray: func(text string) bool {
			strayed = append(strayed, text)
			return taken
		}}, true)
		b.Type("1t2")
		b.Paste("om")
		if !slices.Equal(strayed, []string{"t", "om"}) || f.Text() != "12" {
			t.Errorf("offered %q, kept %q", strayed, f.Text())
		}
		if refused := f.Refusal() != ""; refused == taken {
			t.Errorf("taken elsewhere %v, refused %q", taken, f.Refusal())
		}
	}
}
