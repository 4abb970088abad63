package flow_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
)

// Whatever is typed for an amount stays in its field, and the refusal is beside it.
func TestAnAmountThatIsNoneIsRefusedAtItsFieldAndKept(t *testing.T) {
	cases := []struct{ typed, code string }{
		{"1,234.5.6", "amount.malformed"},
		{"-5", "amount.negative"},
		{"−5.00", "amount.negative"},
		{"1234567890", "amount.too_large"},
		{"99999999.99", "amount.too_large"},
		{"12,34", "amount.malformed"},
		{"1.234", "amount.cents"},
		{"5.", "amount.cents"},
		{"١٢٣", "amount.not_digits"},
		{"１２", "amount.not_digits"},
		{"twelve", "amount.not_digits"},
		{"12 34", "amount.not_digits"},
		{"$12", "amount.not_digits"},
		{"0.00", "cash.pay_amount"},
		{strings.Repeat("9", 150), "amount.too_long"},
		{"<b>12</b>\x00", "amount.not_digits"},
	}
	town := flowtest.New(t)
	for _, at := range []flow.Field{flow.FieldAmount, flow.FieldTendered} {
		for _, tc := range cases {
			t.Run(string(at)+"/"+tc.typed, func(t *testing.T) {
				c := town.Clerk(nil)
				c.SignIn(string(flowtest.Cashier), flowtest.CashierPIN)
				if c.Model().Place == flow.AtOpening {
					c.Float()
				}
				c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
				if at == flow.FieldTendered {
					c.Enter()
					c.Press(flow.PayCash)
				}
				c.Put(at, tc.typed)
				c.Enter()
				want := tc.code
				if want == "cash.pay_amount" && at == flow.FieldTendered {
					want = "cash.tender_amount"
				}
				if got := c.Refusal(at); got != want {
					t.Errorf("refused with %q, want %q", got, want)
				}
				if got := c.Model().Inputs[at].Text; got != tc.typed {
					t.Errorf("%q was typed and %q is left", tc.typed, got)
				}
				if c.Model().Done != nil {
					t.Error("a payment was taken")
				}
				c.Put(at, "5")
				if c.Refusal(at) != "" {
					t.Error("the refusal outlived the text it was about")
				}
				if at == flow.FieldTendered {
					c.Press(flow.Back)
				}
				c.Press(flow.Back, flow.Discard)
			})
		}
	}
}

func TestWhatIsTypedToFindAnAccount(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	wrong := []byte(town.Bill(flowtest.Garcia, 18820))
	wrong[len(wrong)-1] = '0' + (wrong[len(wrong)-1]-'0'+1)%10
	for _, tc := range []struct{ typed, code, left string }{
		{string(wrong), "account.check_digit", string(wrong)},
		{"4111 1111 1111 1111", "card.refused", "•••• •••• •••• 1111"},
		{"378282246310005", "card.refused", "•••••••••••0005"},
		{"visa 4111111111111111 12/28", "card.refused", "visa ••••••••••••1111 12/28"},
		{"nobody of that name", "cashier.nobody", "nobody of that name"},
		{"a b c d e f g h i j k", "account.search_too_long", "a b c d e f g h i j k"},
		{string(flowtest.Own), "cash.own_account", string(flowtest.Own)},
	} {
		t.Run(tc.typed, func(t *testing.T) {
			c.Put(flow.FieldFind, tc.typed)
			c.Enter()
			if got := c.Refusal(flow.FieldFind); got != tc.code {
				t.Errorf("refused with %q, want %q; notice %q", got, tc.code, c.Notice())
			}
			if got := c.Model().Inputs[flow.FieldFind].Text; got != tc.left {
				t.Errorf("%q was typed and %q is left, not %q", tc.typed, got, tc.left)
			}
			if c.Model().Begun() {
				t.Error("a payment was begun")
			}
		})
	}
}

func TestFindingAnAccount(t *testing.T) {
	town := flowtest.New(t)
	for _, tc := range []struct {
		typed string
		rows  int // of the list, where it must be chosen from
		opens string
	}{
		{"garcia", 3, ""},
		{"garcia oak", 3, ""},
		{"garcia maria", 0, string(flowtest.Garcia)},
		{string(flowtest.Garcia), 0, string(flowtest.Garcia)},
		{"0142", 0, string(flowtest.Garcia)},
		{"88120034", 0, string(flowtest.Garcia)},
	} {
		t.Run(tc.typed, func(t *testing.T) {
			c := town.Clerk(nil)
			c.SignIn(string(flowtest.Cashier), flowtest.CashierPIN)
			if c.Model().Place == flow.AtOpening {
				c.Float()
			}
			// Enter comes before the pause of the search is over.
			c.Handle(flow.Typed{Field: flow.FieldFind, Text: tc.typed})
			c.Enter()
			if n := len(c.Model().Find.Rows); n != tc.rows {
				t.Errorf("%d rows, want %d", n, tc.rows)
			}
			if tc.opens == "" {
				if c.Model().Begun() {
					t.Error("an account was opened though several were meant")
				}
				c.Press(flow.RowDown)
				second := c.Model().Find.Rows[1].Standing.Customer.No
				c.Enter()
				tc.opens = string(second)
			}
			if p := c.Model().Payment.Parts; len(p) != 1 || string(p[0].No) != tc.opens {
				t.Errorf("opened %+v, want %s", p, tc.opens)
			}
			c.Press(flow.Back, flow.Discard)
		})
	}
}

func TestASearchWaitsUntilTypingRests(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	c.Hold = true
	for _, text := range []string{"g", "ga", "gar"} {
		c.Handle(flow.Typed{Field: flow.FieldFind, Text: text})
		c.Pass(20 * time.Millisecond)
	}
	if len(c.Held) != 0 {
		t.Errorf("searched %d times while typing went on", len(c.Held))
	}
	c.Pass(40 * time.Millisecond)
	if len(c.Held) != 1 {
		t.Fatalf("searched %d times after typing rested, want once", len(c.Held))
	}
	// A search under way is not joined by another; the newest text is asked after.
	c.Handle(flow.Typed{Field: flow.FieldFind, Text: "garcia maria"})
	c.Pass(50 * time.Millisecond)
	if len(c.Held) != 1 {
		t.Errorf("%d searches on their way at once", len(c.Held))
	}
	c.Release()
	if got := c.Model().Find; got.For != "garcia maria" || len(got.Rows) != 1 {
		t.Errorf("the list answers %q with %d rows", got.For, len(got.Rows))
	}
}

func TestTenders(t *testing.T) {
	town := flowtest.New(t)
	begin := func(no string) *flowtest.Clerk {
		c := town.Clerk(nil)
		c.SignIn(string(flowtest.Cashier), flowtest.CashierPIN)
		if c.Model().Place == flow.AtOpening {
			c.Float()
		}
		c.Put(flow.FieldFind, no)
		c.Enter()
		return c
	}
	garcia := string(flowtest.Garcia)

	t.Run("a check over what is to pay", func(t *testing.T) {
		c := begin(garcia)
		c.Press(flow.PayCheck)
		c.Put(flow.FieldTendered, "200")
		c.Enter()
		if got := c.Refusal(flow.FieldTendered); got != "cash.change_only_from_cash" {
			t.Errorf("refused with %q before the number was asked for", got)
		}
	})
	t.Run("a check without its number", func(t *testing.T) {
		c := begin(garcia)
		c.Press(flow.PayCheck)
		c.Enter()
		if c.Model().Focus != flow.FieldNumber {
			t.Fatalf("the focus is on %q", c.Model().Focus)
		}
		c.Enter()
		if got := c.Refusal(flow.FieldNumber); got != "cash.number_needed" {
			t.Errorf("refused with %q", got)
		}
	})
	t.Run("a check where none is taken", func(t *testing.T) {
		c := begin(string(flowtest.Returned))
		c.Press(flow.PayCheck)
		if c.Notice() != "cash.no_checks" || c.Model().Payment.Entry != "" {
			t.Errorf("notice %q, entry %q", c.Notice(), c.Model().Payment.Entry)
		}
	})
	t.Run("a card's number where its reference belongs", func(t *testing.T) {
		c := begin(garcia)
		c.Press(flow.PayCard)
		c.Enter()
		c.Put(flow.FieldReference, "4111111111111111")
		c.Enter()
		if got := c.Refusal(flow.FieldReference); got != "card.refused" {
			t.Errorf("refused with %q", got)
		}
		if in := c.Model().Inputs[flow.FieldReference]; in.Text != "••••••••••••1111" || in.Propose == 0 {
			t.Errorf("left %+v", in)
		}
		c.Enter()
		if got := c.Refusal(flow.FieldReference); got != "card.refused" {
			t.Errorf("the dots were taken for a reference: %q", got)
		}
		c.Put(flow.FieldTendered, "4111111111111111")
		c.Enter()
		if in := c.Model().Inputs[flow.FieldTendered]; in.Text != "••••••••••••1111" || in.Refusal == nil {
			t.Errorf("as an amount left %+v", in)
		}
		c.Put(flow.FieldTendered, "5")
		c.Put(flow.FieldReference, "TX1")
		c.Enter()
		c.Put(flow.FieldLastFour, "18")
		c.Enter()
		if got := c.Refusal(flow.FieldLastFour); got != "cash.last_four" {
			t.Errorf("refused with %q", got)
		}
	})
	t.Run("another key keeps the amount that was typed", func(t *testing.T) {
		c := begin(garcia)
		c.Press(flow.PayCash)
		c.Put(flow.FieldTendered, "100")
		c.Press(flow.PayOther)
		if got := c.Model().Inputs[flow.FieldTendered].Text; got != "100" {
			t.Errorf("%q is left", got)
		}
	})
	t.Run("a tender is changed and removed", func(t *testing.T) {
		c := begin(garcia)
		c.Press(flow.PayCash)
		c.Put(flow.FieldTendered, "100")
		c.Enter()
		c.Handle(flow.Picked{List: flow.ListLines, Row: 1})
		c.Press(flow.ChangeLine)
		c.Put(flow.FieldTendered, "150")
		c.Enter()
		if p := c.Model().Payment; len(p.Tenders) != 1 || p.Tenders[0].Amount != 15000 || p.Remaining != 3820 {
			t.Fatalf("changed to %+v, %s remain", p.Tenders, p.Remaining)
		}
		c.Handle(flow.Picked{List: flow.ListLines, Row: 1})
		c.Press(flow.RemoveLine)
		if p := c.Model().Payment; len(p.Tenders) != 0 || p.Remaining != 18820 {
			t.Errorf("after removing: %+v", p)
		}
	})
	t.Run("the amount may be given with the tender's key alone", func(t *testing.T) {
		c := begin(garcia)
		c.Press(flow.PayCash)
		if p := c.Model().Payment.Parts[0]; !p.Set || p.Amount != 18820 {
			t.Errorf("the balance was not taken: %+v", p)
		}
	})
}

func TestSeveralAccounts(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	m := c.Model()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Put(flow.FieldAmount, "50")
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Gardens, 120411)})
	if len(m.Payment.Parts) != 2 || m.Payment.Parts[0].Text != "50" || m.Payment.ToPay != 5000+120411 {
		t.Fatalf("two bills: %+v", m.Payment)
	}
	// A bill scanned twice is not paid twice.
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	if len(m.Payment.Parts) != 2 || m.Payment.Active != 0 || m.Inputs[flow.FieldAmount].Text != "50" {
		t.Fatalf("a bill again: %+v", m.Payment)
	}
	// An account looked up in between is only shown.
	c.Press(flow.GoFind)
	c.Put(flow.FieldFind, "tomas")
	c.Enter()
	if len(m.Payment.Parts) != 2 || c.Notice() != "shown_only" || m.Account.Standing.Customer.No != flowtest.Returned {
		t.Errorf("looked up: %+v, notice %q", m.Payment.Parts, c.Notice())
	}
	c.Press(flow.AddAccount)
	if len(m.Payment.Parts) != 3 {
		t.Fatalf("F3 did not add the account that is shown; the focus is on %q", m.Focus)
	}
	c.Press(flow.RemoveLine)
	c.Press(flow.PayCash)
	c.Put(flow.FieldTendered, "2,000")
	c.Enter()
	if m.Done == nil || m.Done.Total != 125411 || m.Done.Change != ledger.Cents(200000-125411) {
		t.Errorf("done: %+v, notice %q", m.Done, c.Notice())
	}
}

// Keys pressed while the account is still being looked up are not lost.
func TestKeysThatComeBeforeTheAccount(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	c.Hold = true
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Handle(flow.Pressed{Action: flow.EnterAmount}, flow.Pressed{Action: flow.PayCash})
	if c.Model().Payment.Entry != "" {
		t.Error("paid before it is known what is owed")
	}
	c.Release()
	if p := c.Model().Payment; p.Entry != "cash" || !p.Parts[0].Set || p.Parts[0].Amount != 18820 {
		t.Errorf("after the account came: %+v", p)
	}
}

func TestAScannedBillOfAnUnknownAccount(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	c.Handle(flow.Scanned{Text: town.Bill("09-9999-9", 100)})
	if c.Model().Begun() || c.Refusal(flow.FieldFind) != "account.unknown" || c.Model().Inputs[flow.FieldFind].Text != "09-9999-9" {
		t.Errorf("begun %v, %q, left %q", c.Model().Begun(), c.Refusal(flow.FieldFind), c.Model().Inputs[flow.FieldFind].Text)
	}
}

func TestACardReadAsAScanIsNotLeftStanding(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	c.Handle(flow.Scanned{Text: "4111111111111111"})
	if c.Refusal(flow.FieldFind) != "card.refused" || c.Model().Inputs[flow.FieldFind].Text != "" {
		t.Errorf("%q, left %q", c.Refusal(flow.FieldFind), c.Model().Inputs[flow.FieldFind].Text)
	}
}

func TestAfterAPartTenderTypingChangesNoBill(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Press(flow.PayCheck)
	c.Type(flow.FieldTendered, "100")
	c.Enter()
	c.Type(flow.FieldNumber, "1077")
	c.Enter()
	if m := c.Model(); m.Focus != flow.NoField || m.Payment.Remaining != 8820 {
		t.Errorf("focus at %q, %s remaining: want no field, 88.20", m.Focus, m.Payment.Remaining)
	}
	c.Press(flow.PayCash)
	c.Enter()
	if m := c.Model(); m.Done == nil || m.Done.Total != 18820 {
		t.Errorf("done %+v", m.Done)
	}
}

func TestAWholeCardNumberIsNoLastFour(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Press(flow.PayCard)
	c.Enter()
	c.Type(flow.FieldReference, "AB12")
	c.Enter()
	c.Type(flow.FieldLastFour, "4111111111111111")
	c.Enter()
	if m := c.Model(); m.Done != nil || c.Refusal(flow.FieldLastFour) == "" {
		t.Errorf("taken: %+v, refusal %q", m.Done, c.Refusal(flow.FieldLastFour))
	}
}

func TestADrawerIsNotClosedOnNothing(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	c.Press(flow.GoClosing, flow.CommitNow)
	m := c.Model()
	if m.Place != flow.AtClosing || c.Refusal(m.Count.Fields[0]) != "cashier.nothing_counted" {
		t.Errorf("at %q, refusal %q: want the count refused", m.Place, c.Refusal(m.Count.Fields[0]))
	}
	c.Type(m.Count.Fields[0], "0")
	c.Press(flow.CommitNow)
	if m := c.Model(); m.Place != flow.AtCounted || !m.Tier.Memo {
		t.Errorf("a drawer counted as empty is at %q and asks for %+v", m.Place, m.Tier)
	}
}
