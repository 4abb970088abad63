package cashier_test

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"gatehouse/ui/cashier"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
	"gatehouse/ui/keys"
	"gatehouse/ui/kit"
	"gatehouse/ui/look"
	"gatehouse/ui/words"
)

// BenchmarkKey is a digit typed into the cash tendered and taken back: two keys,
// through the model and all pieces of the page; "drawn" also paints the whole
// window of 1366 x 768 after each key, which a real window does in parts.
func BenchmarkKey(b *testing.B) {
	for _, drawn := range []bool{false, true} {
		name := map[bool]string{false: "shown", true: "drawn"}[drawn]
		b.Run(name, func(b *testing.B) {
			w := paying(b)
			b.ReportAllocs()
			for b.Loop() {
				w.Canvas().Focused().TypedRune('7')
				if drawn {
					w.Canvas().Capture()
				}
				w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
				if drawn {
					w.Canvas().Capture()
				}
			}
		})
	}
}

// paying is a window in the middle of a payment.
func paying(b *testing.B) fyne.Window {
	b.Helper()
	app := test.NewTempApp(b)
	app.Settings().SetTheme(look.New(look.Options{}))
	w := test.NewTempWindow(b, nil)
	w.SetPadded(false)
	town := flowtest.New(b)
	env := kit.NewEnv(keys.New(keys.Deps{Now: town.Clock.Now}))
	env.Attach(w.Canvas())
	book, err := words.For(words.English)
	if err != nil {
		b.Fatal(err)
	}
	f := flow.New(flow.Deps{Now: town.Clock.Now, NewID: town.Desk.NewID, Station: "A1", Cash: town.Policy.Cash,
		Staff: town.Policy.Staff, Safe: town.Policy.Safe, Bills: town.Policy.Bills})
	r := &flow.Runner{Desk: town.Desk, Accounts: town.Desk.Accounts, Roster: town.Roster,
		Drawers: town.Policy.Cash.Drawers, Drafts: flow.BookDrafts{Book: town.Desk.Book}}
	var place *cashier.Place
	place = cashier.New(cashier.Options{Env: env, Flow: f, Words: book, Cash: town.Policy.Cash, Run: func(e flow.Effect) {
		if _, later := e.(flow.Later); !later {
			place.Handle(r.Run(context.Background(), e))
		}
	}})
	w.SetContent(place.Content())
	w.Resize(fyne.NewSize(1366, 768))
	place.Enter()
	place.Start()
	for _, e := range []flow.Event{
		flow.Typed{Field: flow.FieldWho, Text: string(flowtest.Cashier)}, flow.Pressed{Action: flow.EnterNext},
		flow.Typed{Field: flow.FieldPIN, Text: flowtest.CashierPIN}, flow.Pressed{Action: flow.EnterSignIn},
		flow.Typed{Field: flow.CountField(10000), Text: "2"}, flow.Pressed{Action: flow.CommitNow},
		flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)}, flow.Pressed{Action: flow.PayCash},
	} {
		place.Handle(e)
	}
	if f.Model().Payment.Entry == "" {
		b.Fatalf("not paying: %+v", f.Model())
	}
	return w
}
