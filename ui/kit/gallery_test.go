package kit_test

import (
	"fmt"
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"gatehouse/ui/keys"
	"gatehouse/ui/kit"
	"gatehouse/ui/look"
	"gatehouse/ui/uitest"
)

// gallery is a screen like the cashier's with every piece of a counter on it.
type gallery struct {
	find     *kit.Field
	amount   *kit.Field
	register *kit.Register
	notice   *kit.Notice
	ask      *kit.Ask
	status   *kit.StatusLine
	done     []keys.Action
	scanned  []string
	canTake  bool
	layer    keys.Layer
	content  fyne.CanvasObject
}

func newGallery(env *kit.Env) *gallery {
	g := &gallery{notice: kit.NewNotice(), ask: kit.NewAsk(env)}
	g.layer = keys.Layer{Table: g.table(), Do: g.do, OnScan: func(s string) { g.scanned = append(g.scanned, s) }}
	env.Keys.Show(g.layer)
	g.status = kit.NewStatusLine(nil)
	g.status.Set(
		kit.Part{ID: "station", Text: "A1 Main office"}, kit.Part{ID: "person", Text: "Maria Lopez, CSS I"},
		kit.Part{ID: "drawer", Text: "Drawer 1 since 08:02"},
		kit.Part{ID: "central", Text: "OFFLINE 2 h 10 min, 37 waiting, oldest 09:14", Level: kit.Look},
		kit.Part{ID: "printer", Text: "Printer ready"}, kit.Part{ID: "time", Text: "12:43"},
	)
	g.find = kit.NewField(env, kit.FieldOptions{Caption: "Find: account, name, address, phone, meter, or scan the bill",
		Action: "find", Size: look.SizeTitle, Lines: -1, Max: 40, TooLong: "Longer than anything we can look for"})
	g.register = kit.NewRegister(env, kit.RegisterOptions{
		Columns: []kit.Column{
			{Title: "Account", Fit: "00-0000-00"}, {Title: "Name", Share: 3, Bold: true},
			{Title: "Service address", Share: 3}, {Title: "Balance", Fit: "-10,000.00 credit", Right: true},
		},
		Range: func(from, to, total int) string { return fmt.Sprintf("%d to %d of %d", from, to, total) },
	})
	g.register.SetRows([]kit.Row{
		{ID: "1", Cells: []string{"01-2345-6", "GARCIA, MARIA E", "1423 Oak St", "188.20"}},
		{ID: "2", Cells: []string{"01-8812-0", "GARCIA, TOMAS", "77 Oak Ct Apt 4", "0.00"}, Level: kit.Look},
		{ID: "3", Cells: []string{"02-0031-9", "OAK GARDENS HOMEOWNERS ASSOCIATION OF THE NORTH", "1400 Oak St", "1,204.11"}},
		{ID: "4", Cells: []string{"02-0777-1", "OAKLEY, PÍO", "9 Garcia Ln", "-12.00 credit"}},
	})
	g.content = g.build(env)
	return g
}

func (g *gallery) table() keys.Table {
	return keys.Table{
		{Key: keys.F1, Label: "Help", Action: "help"},
		{Key: keys.F2, Label: "Find", Action: "find"},
		{Key: keys.F3, Label: "Add account", Action: "add"},
		{Key: keys.F5, Label: "Cash", Action: "cash"},
		{Key: keys.F6, Label: "Check", Action: "check"},
		{Key: keys.F7, Label: "Card", Action: "card", When: func() bool { return false }},
		{Key: keys.F12, Label: "Void", Action: "void"},
		{Key: keys.Enter, Label: "Take payment", Action: "take", When: func() bool { return g.canTake }},
		{Key: keys.Ctrl("T"), Label: "Training", Action: "train"},
		{Key: keys.Up, Label: "Up", Action: "up", Quiet: true},
		{Key: keys.Down, Label: "Down", Action: "down", Quiet: true},
	}
}

func (g *gallery) do(a keys.Action) {
	g.done = append(g.done, a)
	switch a {
	case "find":
		g.find.Focus()
	case "up":
		g.register.Up()
	case "down":
		g.register.Down()
	case "void":
		g.ask.Put("Void payment A1-000123, 188.20 cash?", "A second person must sign.",
			kit.Answer{Key: keys.Enter, Label: "Void it", Weight: kit.Danger, Do: func() { g.done = append(g.done, "voided") }},
			kit.Answer{Key: keys.Esc, Label: "Keep it"})
	}
}

func (g *gallery) build(env *kit.Env) fyne.CanvasObject {
	toPay, change := kit.NewAmount("To pay"), kit.NewAmount("Change")
	toPay.Set("188.20", false)
	change.Set("11.80", true)
	paid := kit.NewSmallAmount("Tendered")
	paid.Set("200.00", false)
	g.amount = kit.NewMoneyField(env, kit.FieldOptions{Caption: "Cash tendered"})
	tenders := kit.Split([]float32{1, 1.1, 1}, kit.NewKeyButton(env, "cash", kit.Plain), kit.NewKeyButton(env, "check", kit.Plain), kit.NewKeyButton(env, "card", kit.Plain))
	left := kit.Stack([]float32{0, 0, 0, 1}, kit.NewPanel("", g.find), g.notice, g.ask, kit.NewPanel("", g.register))
	right := kit.Stack([]float32{1, 0}, kit.NewPanel("This payment", kit.Stack([]float32{0, 0, 0, 0, 1, 0},
		toPay, tenders, g.amount, paid, kit.Stack(nil), change)), kit.NewBigButton(env, "take", kit.Primary))
	return kit.Page(g.status, kit.Split([]float32{8, 5}, left, right), kit.NewKeyBar(env))
}

// kioskScreen has every piece of the kiosk on it.
func kioskScreen(env *kit.Env) (fyne.CanvasObject, keys.Layer) {
	table := keys.Table{{Key: "1", Label: "Pay or ask about a bill", Action: "bill"}}
	layer := keys.Layer{Table: table, Do: func(keys.Action) {}}
	env.Keys.Show(layer)
	name := kit.NewField(env, kit.FieldOptions{Caption: "Your name", Hint: "First and last name", Size: look.SizeBig})
	return kit.Page(kit.NewStatusLine(nil), kit.Stack([]float32{1, 0, 0}, kit.Stack(nil), name, kit.NewKeyboard(env, "space")),
		kit.NewKeyBar(env)), layer
}

// pictures is a folder for a person to look at every picture in; usually none.
func pictures(b *uitest.Bench, name string) {
	if folder := os.Getenv("GATEHOUSE_PICTURES"); folder != "" {
		b.Save(folder + "/" + name + ".png")
	}
}

// busy shows the gallery in the middle of work with a fault.
func busy(t *testing.T, o uitest.Options) (*uitest.Bench, *gallery) {
	t.Helper()
	b := uitest.New(t, o)
	g := newGallery(b.Env)
	b.Show(g.content)
	b.Env.Enter(g.layer, g.find)
	b.Type("garcia oak")
	g.amount.SetText("1,234.5.6")
	g.amount.Refuse("Not an amount. Type it like 1234.56.")
	g.notice.Say(kit.Message{Level: kit.Look, What: "The printer is out of paper.",
		Safe: "Payment A1-000123 is saved.", Do: "Load paper; the receipt prints by itself."})
	return b, g
}

func TestTheGalleryFitsEveryCounter(t *testing.T) {
	for _, size := range []fyne.Size{uitest.SmallCounter, uitest.Counter} {
		for _, night := range []bool{false, true} {
			for _, large := range []bool{false, true} {
				name := fmt.Sprintf("counter-%v-night=%v-large=%v", size.Width, night, large)
				t.Run(name, func(t *testing.T) {
					b, _ := busy(t, uitest.Options{Size: size, Look: look.Options{Night: night, Large: large}})
					b.Fits()
					pictures(b, name)
				})
			}
		}
	}
}

func TestTheGalleryLooksAsAccepted(t *testing.T) {
	b, _ := busy(t, uitest.Options{})
	b.Layout("counter")
	b.Picture("counter-day")
	b, g := busy(t, uitest.Options{Look: look.Options{Night: true}})
	g.notice.Clear()
	g.canTake = true
	b.Press(keys.F12)
	b.Picture("counter-night-question")
	pictures(b, "question")
}

func TestTheKioskLooksAsAccepted(t *testing.T) {
	for _, night := range []bool{false, true} {
		b := uitest.New(t, uitest.Options{Size: uitest.TallKiosk, Look: look.Options{Night: night, Kiosk: true}})
		content, layer := kioskScreen(b.Env)
		b.Show(content)
		b.Env.Enter(layer, nil)
		b.Fits()
		pictures(b, fmt.Sprintf("kiosk-night=%v", night))
		if !night {
			b.Layout("kiosk")
			b.Picture("kiosk-day")
		}
	}
}

// The office may change from day to night, or to large text, while a screen is
// open.
func TestALookChangesWhileTheScreenIsOpen(t *testing.T) {
	for _, o := range []look.Options{{Night: true}, {Large: true}} {
		fresh, _ := busy(t, uitest.Options{Look: o})
		want := test.RenderToMarkup(fresh.Window.Canvas())
		b, _ := busy(t, uitest.Options{})
		fyne.CurrentApp().Settings().SetTheme(look.New(o))
		b.Show(b.Window.Content())
		if got := test.RenderToMarkup(b.Window.Canvas()); got != want {
			t.Errorf("%+v: the changed screen is not what a new one would be", o)
			pictures(b, "changed")
		}
	}
}
