package cashier_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
	"gatehouse/ui/cashier"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
	"gatehouse/ui/keys"
	"gatehouse/ui/look"
	"gatehouse/ui/shell"
	"gatehouse/ui/uitest"
	"gatehouse/ui/words"
)

func (c *counter) kinds() (out []ledger.Kind) {
	c.t.Helper()
	entries, err := c.town.Desk.Book.Entries(1, 1000)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, e := range entries {
		out = append(out, e.Kind)
	}
	return out
}

// The keys of an experienced cashier, from the sign-in to the Z.
func TestADayAtTheKeyboard(t *testing.T) {
	c := newCounter(t, options{})
	c.open()
	c.Shows("Drawer 1 since 08:00")

	c.Scan(c.town.Bill(flowtest.Garcia, 18820))
	c.Shows("GARCIA, MARIA E")
	c.Shows("On the shut-off list")
	c.Press(keys.Enter, keys.F5)
	c.Type("200")
	c.Shows("11.80")
	c.Press(keys.Enter)
	c.Shows("Receipt A1-000001")
	c.Shows("11.80")

	c.Type("oak gardens")
	c.rest(time.Second)
	c.Press(keys.Enter)
	c.Type("1,000")
	c.Press(keys.F6)
	c.Type("900")
	c.Press(keys.Enter)
	c.Type("1077")
	c.Press(keys.Enter, keys.F5, keys.Enter)
	c.Shows("Receipt A1-000002")

	c.Press(keys.F10, keys.Enter, keys.Down, keys.Enter)
	c.Type("ana")
	c.Press(keys.Enter)
	c.Type(flowtest.LeadPIN)
	c.Press(keys.Enter)
	c.Shows("is void")
	c.Press(keys.Ctrl("E"))
	c.Shows("The X report is stored")

	c.Press(keys.F12)
	c.want(flow.AtClosing)
	for _, n := range []string{"3", "1", "1", "1", "1", "1", "1", "", "", "2"} { // 388.20
		c.Type(n)
		c.Press(keys.Enter)
	}
	if strings.Contains(strings.Join(c.Texts(), " "), "388.20") == false {
		t.Errorf("what is counted is not shown: %q", c.Texts())
	}
	c.Press(keys.F12)
	c.want(flow.AtCounted)
	c.Press(keys.Enter)
	c.want(flow.AtClosed)
	c.Shows("Drawer 1 is closed. Z 1")
	c.Shows("0.00")
	c.Press(keys.Enter)
	c.want(flow.AtSignIn)
	got := c.kinds()
	for kind, want := range map[ledger.Kind]int{cash.KindPayment: 2, cash.KindVoid: 1, cash.KindXReport: 1, cash.KindDrawerClosed: 1} {
		n := len(slices.DeleteFunc(slices.Clone(got), func(k ledger.Kind) bool { return k != kind }))
		if n != want {
			t.Errorf("%d of %s, want %d", n, kind, want)
		}
	}
}

// The same payment with a finger alone.
func TestAPaymentByTouch(t *testing.T) {
	c := newCounter(t, options{})
	tap := func(captions ...string) {
		t.Helper()
		for _, caption := range captions {
			c.Tap(caption)
		}
	}
	c.place.Handle(flow.Picked{List: flow.ListPeople, Row: 2, Open: true})
	tap("4", "7", "1", "1", "Sign in")
	c.want(flow.AtOpening)
	tap("2", "enter", "Commit")
	c.want(flow.AtWindow)
	tap("0", "1", "4", "2") // the end of her telephone number
	c.rest(time.Second)
	tap("enter")
	c.Shows("Amount for 01-2345-6")
	tap("5", "0", "00", "Cash") // 5000 is much more than she owes
	tap("backspace")
	tap("Help", "Back")
	if m := c.flow.Model(); m.Payment.ToPay != 500000 {
		t.Errorf("to pay %s", m.Payment.ToPay)
	}
	tap("Back")
	tap("5", "0", "Cash", "enter")
	c.Shows("Receipt A1-000001")
	if n := c.flow.Model().Done; n == nil || n.Total != 5000 {
		t.Errorf("done %+v", n)
	}
}

func TestFocusAndTab(t *testing.T) {
	c := newCounter(t, options{})
	c.open()
	c.Scan(c.town.Bill(flowtest.Garcia, 18820))
	// A refusal stays beside its field while the person looks elsewhere.
	c.Type("1,234.5.6")
	c.Press(keys.Enter)
	c.Shows("1,234.5.6 is not an amount")
	c.Press(keys.F2)
	c.Type("tomas")
	if c.flow.Model().Inputs[flow.FieldAmount].Text != "1,234.5.6" {
		t.Error("the amount is gone")
	}
	c.Press(keys.Esc)
	if c.flow.Model().Focus != flow.FieldAmount {
		t.Errorf("the focus is on %q", c.flow.Model().Focus)
	}
	order := c.FocusOrder()
	if len(order) < 5 || !strings.HasPrefix(order[0], "Find") {
		t.Errorf("Tab visits %q", order)
	}
}

// Pasted text, other alphabets, too much: the field says so and keeps what it had.
func TestWhatIsPasted(t *testing.T) {
	c := newCounter(t, options{})
	c.open()
	c.Scan(c.town.Bill(flowtest.Garcia, 18820))
	c.Paste("12.50\n")
	if got := c.flow.Model().Inputs[flow.FieldAmount].Text; got != "12.50" {
		t.Errorf("pasted %q", got)
	}
	c.Paste(strings.Repeat("9", 500))
	c.Shows("At most 24 characters fit here")
	if got := c.flow.Model().Inputs[flow.FieldAmount].Text; got != "12.50" {
		t.Errorf("%q is left", got)
	}
}

func TestTheLookIsSwitchedByAKey(t *testing.T) {
	c := newCounter(t, options{})
	c.Press(keys.Ctrl("L"))
	if c.turns != 1 {
		t.Errorf("switched %d times", c.turns)
	}
}

// TestOnlyWhoMayLeavesForTheSetUp: the key does nothing for others.
func TestOnlyWhoMayLeavesForTheSetUp(t *testing.T) {
	for _, may := range []bool{false, true} {
		c := newCounter(t, options{})
		c.mayIt = may
		c.signIn()
		c.Press(keys.Ctrl("U"))
		if (c.setUp == 1) != may {
			t.Errorf("may %v: left %d times", may, c.setUp)
		}
	}
}

func TestEveryNoticeHasASentenceInEveryLanguage(t *testing.T) {
	for _, lang := range words.Languages() {
		book, err := words.For(lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range flow.Notices() {
			if !book.Has(words.Key("cashier.notice." + name + ".what")) {
				t.Errorf("%s: no sentence for the notice %q", lang, name)
			}
		}
		for _, state := range flow.PrinterStates() {
			if !book.Has(words.Key("cashier.printer." + string(state))) {
				t.Errorf("%s: no words for the printer's state %q", lang, state)
			}
		}
	}
}

func TestTheTableOfKeys(t *testing.T) {
	for _, lang := range words.Languages() {
		c := newCounter(t, options{lang: lang})
		if err := c.place.Table().Check(); err != nil {
			t.Error(err)
		}
		for _, b := range c.place.Table() {
			if strings.HasPrefix(b.Label, "[") {
				t.Errorf("%s: no caption for %s: %q", lang, b.Action, b.Label)
			}
		}
	}
}

// The layout of the pages that matter most, and two of them as pictures.
func TestGoldens(t *testing.T) {
	for _, s := range scenes() {
		if !slices.Contains([]string{"sign-in", "found", "paying", "question", "opening", "closing", "drawer-alarm", "drawer-stuck", "void-paper",
			"menu", "menu-lead", "count-due", "form-skim", "form-count_other", "form-refund"}, s.name) {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			c := newCounter(t, options{})
			s.play(c)
			c.Layout(s.name)
			if slices.Contains([]string{"paying", "found", "drawer-alarm", "void-paper"}, s.name) {
				c.Picture(s.name)
			}
		})
	}
}

// The whole with its real bridge: nothing of the desk runs on the window's
// goroutine, and all of it comes back.
func TestWithTheRealBridge(t *testing.T) {
	c := newCounter(t, options{Options: uitest.Options{Look: look.Options{}}})
	book, err := words.For(words.English)
	if err != nil {
		t.Fatal(err)
	}
	f := flow.New(flow.Deps{Now: c.town.Clock.Now, NewID: c.town.Desk.NewID, Station: "A1", Cash: c.town.Policy.Cash,
		Staff: c.town.Policy.Staff, Safe: c.town.Policy.Safe, Bills: c.town.Policy.Bills})
	runner := &flow.Runner{Desk: c.town.Desk, Accounts: c.town.Desk.Accounts, Roster: c.town.Roster,
		Drawers: c.town.Policy.Cash.Drawers, Drafts: flow.BookDrafts{Book: c.town.Desk.Book}}
	calls := make(chan func(), 64)
	b := shell.NewBridge(func(g func()) { calls <- g })
	defer b.Close()
	var place *cashier.Place
	place = cashier.New(cashier.Options{Env: c.Env, Flow: f, Words: book, Cash: c.town.Policy.Cash,
		Run: cashier.Carry(b, runner, func(e flow.Event) { place.Handle(e) })})
	c.Show(place.Content())
	place.Enter()
	place.Start()
	until := func(done func(*flow.Model) bool) {
		t.Helper()
		for !done(f.Model()) {
			select {
			case g := <-calls:
				g()
			case <-t.Context().Done():
				t.Fatal("it never came back")
			}
		}
	}
	until(func(m *flow.Model) bool { return len(m.People) > 0 })
	c.Type("tom")
	c.Press(keys.Enter)
	c.Type(flowtest.ColleaguePIN)
	c.Press(keys.Enter)
	until(func(m *flow.Model) bool { return m.Place == flow.AtOpening })
	c.Type("2")
	c.Press(keys.F12)
	until(func(m *flow.Model) bool { return m.Place == flow.AtWindow })
	c.Scan(c.town.Bill(flowtest.Garcia, 18820))
	until(func(m *flow.Model) bool { return m.Begun() && m.Payment.Parts[0].Known })
	c.Press(keys.F5, keys.Enter)
	until(func(m *flow.Model) bool { return m.Done != nil })
	c.Shows("Receipt A1-000001")
}
