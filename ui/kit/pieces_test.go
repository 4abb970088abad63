package kit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"gatehouse/ui/keys"
	"gatehouse/ui/kit"
	"gatehouse/ui/look"
	"gatehouse/ui/uitest"
)

func TestTheKeypadTypesIntoTheFieldUsedLast(t *testing.T) {
	b := uitest.New(t, uitest.Options{})
	entered := ""
	a := kit.NewField(b.Env, kit.FieldOptions{Caption: "A"})
	m := kit.NewMoneyField(b.Env, kit.FieldOptions{Caption: "M", OnEnter: func(s string) { entered = s }})
	b.Show(container.NewVBox(a, m, kit.NewKeypad(b.Env, kit.KeypadOptions{Money: true, Clear: "Clear"})))
	b.Env.Enter(keys.Layer{Do: func(keys.Action) {}}, nil)
	b.Tap("7") // no field was used yet
	b.Tap("M")
	for _, k := range []string{"1", "2", "00", ".", "5", "backspace", "2", "5"} {
		b.Tap(k)
	}
	b.Tap("enter")
	if entered != "1200.25" || !m.Focused() || a.Text() != "" {
		t.Errorf("entered %q, focused %v, other field %q", entered, m.Focused(), a.Text())
	}
	b.Tap("Clear")
	if m.Text() != "" {
		t.Errorf("after Clear the field holds %q", m.Text())
	}
}

func TestTheKeyboardTypesNames(t *testing.T) {
	b := uitest.New(t, uitest.Options{Size: uitest.TallKiosk, Look: look.Options{Kiosk: true}})
	f := kit.NewField(b.Env, kit.FieldOptions{Caption: "Name"})
	b.Show(container.NewVBox(f, kit.NewKeyboard(b.Env, "space")))
	b.Env.Enter(keys.Layer{Do: func(keys.Action) {}}, f)
	for _, k := range []string{"shift", "P", "é", "ñ", "space", "shift", "shift", "a", "shift", "Ú", "-", "backspace", "'"} {
		b.Tap(k)
	}
	if f.Text() != "Péñ aÚ'" {
		t.Errorf("typed %q", f.Text())
	}
	b.Fits()
}

// register puts a register of n rows on a bench.
func register(t *testing.T, n int) (*uitest.Bench, *kit.Register, *[]string) {
	t.Helper()
	b, opened := uitest.New(t, uitest.Options{}), &[]string{}
	r := kit.NewRegister(b.Env, kit.RegisterOptions{
		Columns: []kit.Column{{Title: "Account", Fit: "00000"}, {Title: "Name"}},
		Range:   func(from, to, total int) string { return fmt.Sprintf("%d to %d of %d", from, to, total) },
		OnOpen:  func(r kit.Row) { *opened = append(*opened, r.ID) },
	})
	var rows []kit.Row
	for i := range n {
		rows = append(rows, kit.Row{ID: fmt.Sprint(i), Cells: []string{fmt.Sprintf("%05d", i), "Name"}})
	}
	r.SetRows(rows)
	b.Show(r)
	b.Env.Enter(keys.Layer{Do: func(keys.Action) {}}, nil)
	b.Tab()
	return b, r, opened
}

func TestARegisterTurnsItsPages(t *testing.T) {
	b, r, opened := register(t, 40)
	selected := func() string { row, _ := r.Selected(); return row.ID }
	for _, step := range []struct {
		key  keys.Key
		want string
	}{{keys.Up, "0"}, {keys.Down, "1"}, {keys.PageDown, "18"}, {keys.PageDown, "35"}, {keys.PageDown, "39"}, {keys.Up, "38"},
		{keys.PageUp, "21"}, {keys.Home, "0"}, {keys.End, "39"}, {keys.Enter, "39"}} {
		b.Press(step.key)
		if selected() != step.want {
			t.Fatalf("%s: chose %s, want %s", step.key, selected(), step.want)
		}
	}
	b.Shows("35 to 40 of 40")
	b.Tap("up")
	b.Shows("18 to 34 of 40")
	if !slices.Equal(*opened, []string{"39"}) {
		t.Errorf("opened %q", *opened)
	}
}

func TestAFingerOpensTheRowUnderIt(t *testing.T) {
	_, r, opened := register(t, 3)
	for _, y := range []float32{10, 50, 130, 300} { // head, first row, third row, no row
		r.Tapped(&fyne.PointEvent{Position: fyne.NewPos(40, y)})
	}
	if !slices.Equal(*opened, []string{"0", "2"}) {
		t.Errorf("opened %q", *opened)
	}
}

func TestTheChosenRowStaysChosenAmongNewRows(t *testing.T) {
	b, r, _ := register(t, 3)
	if !r.Select("2") || r.Select("9") {
		t.Error("Select chose the wrong row")
	}
	r.SetRows([]kit.Row{{ID: "7"}, {ID: "2"}})
	if row, ok := r.Selected(); !ok || row.ID != "2" {
		t.Errorf("chose %v", row)
	}
	r.SetRows([]kit.Row{{ID: "8"}})
	if row, ok := r.Selected(); !ok || row.ID != "8" {
		t.Errorf("chose %v", row)
	}
	r.SetEmpty("Nothing found")
	r.SetRows(nil)
	b.Press(keys.Down, keys.PageUp, keys.End, keys.Enter)
	if _, ok := r.Selected(); ok {
		t.Error("something is chosen among no rows")
	}
	b.Shows("Nothing found")
}

func TestAQuestionTakesNeitherFocusNorTyping(t *testing.T) {
	b, g := counter(t)
	b.Type("gar")
	b.Press(keys.F12)
	b.Shows("Void payment A1-000123, 188.20 cash?")
	b.Type("cia")
	b.Press(keys.F5)
	if g.find.Text() != "garcia" || !g.ask.Open() {
		t.Errorf("the field holds %q, the question is open: %v", g.find.Text(), g.ask.Open())
	}
	b.Fits()
	b.Press(keys.Esc, keys.Esc)
	if g.ask.Open() || g.ask.Visible() {
		t.Error("Esc left the question open")
	}
	b.Press(keys.F12)
	b.Tap("Void it")
	if want := []keys.Action{"void", "cash", "void", "voided"}; !slices.Equal(g.done, want) {
		t.Errorf("done %q, want %q", g.done, want)
	}
	if !g.find.Focused() {
		t.Error("the finger took the keyboard away")
	}
	b.Press(keys.F12, keys.F12, keys.Enter)
	if g.done[len(g.done)-1] != "voided" || g.ask.Open() {
		t.Errorf("a question put twice: done %q", g.done)
	}
}

func TestANoticeTakesNeitherFocusNorTyping(t *testing.T) {
	b, g := counter(t)
	b.Type("gar")
	g.notice.Say(kit.Message{Level: kit.Look, What: "Out of paper.", Safe: "The payment is saved.", Do: "Load paper."})
	b.Type("cia")
	b.Shows("The payment is saved. Load paper.")
	if g.find.Text() != "garcia" {
		t.Errorf("the field holds %q", g.find.Text())
	}
	before := g.register.Size().Height
	g.notice.Clear()
	if g.register.Size().Height <= before {
		t.Error("the notice still takes room")
	}
}

func TestTheStatusLineOpensWhatItTalksAbout(t *testing.T) {
	b := uitest.New(t, uitest.Options{})
	var opened []string
	s := kit.NewStatusLine(func(id string) { opened = append(opened, id) })
	s.Set(kit.Part{ID: "a", Text: strings.Repeat("quiet ", 60)}, kit.Part{ID: "b", Text: "OFFLINE 2 h", Level: kit.Look},
		kit.Part{ID: "c", Text: "Printer out of paper", Level: kit.Refused}, kit.Part{ID: "d", Text: "12:43"})
	b.Show(container.NewVBox(s))
	b.Tap("OFFLINE 2 h")
	if !slices.Equal(opened, []string{"b"}) {
		t.Errorf("opened %q", opened)
	}
	b.Layout("status-crowded") // what is wrong is whole, what is quiet gives way
	s.Set(kit.Part{ID: "a", Text: "only"})
	b.Fits()
}

func TestAnAmountIsNeverCut(t *testing.T) {
	b := uitest.New(t, uitest.Options{})
	a := kit.NewAmount("To pay")
	a.Set("92,233,720,368,547,758.07", true)
	b.Show(container.NewWithoutLayout(a))
	a.Resize(fyne.NewSize(300, 90))
	b.Layout("amount-narrow")
}

func TestTheKeyBarFollowsTheTable(t *testing.T) {
	b, g := counter(t)
	if slices.Contains(b.Texts(), "Enter") {
		t.Error("Enter is on the bar")
	}
	g.canTake = true
	b.Env.Keys.Changed()
	b.Tap("Training")
	if !slices.Equal(g.done, []keys.Action{"train"}) {
		t.Errorf("done %q", g.done)
	}
	var table keys.Table
	for i := range 12 {
		table = append(table, keys.Binding{Key: keys.Key(fmt.Sprintf("F%d", i+1)), Label: strings.Repeat("long ", 6), Action: keys.Action(fmt.Sprint(i))})
	}
	b.Env.Keys.Show(keys.Layer{Table: table, Do: func(keys.Action) {}})
	b.Fits() // what does not fit is left out
}

func TestACaptionFollowsTheLanguage(t *testing.T) {
	b, g := counter(t)
	es := slices.Clone(g.layer.Table)
	for i := range es {
		if es[i].Action == "cash" {
			es[i].Label = "Efectivo"
		}
	}
	b.Env.Keys.Show(keys.Layer{Table: es, Do: g.do})
	b.Tap("Efectivo")
	if !slices.Equal(g.done, []keys.Action{"cash"}) {
		t.Errorf("done %q", g.done)
	}
}

func TestTheGallerysTableIsSound(t *testing.T) {
	if err := (&gallery{}).table().Check(); err != nil {
		t.Error(err)
	}
}
