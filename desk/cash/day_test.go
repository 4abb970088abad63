package cash_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/ledger"
)

func TestOpeningADrawer(t *testing.T) {
	many := make(cash.Count, 0)
	for _, c := range []struct {
		name string
		do   cash.OpenDrawer
		want string
	}{
		{"the float, counted", cash.OpenDrawer{Drawer: "1", Count: Count(200_00)}, ""},
		{"another drawer", cash.OpenDrawer{Drawer: "2", Count: Count(200_00)}, ""},
		{"a cent less, with a reason", cash.OpenDrawer{Drawer: "1", Count: Count(199_99), Reason: "counted wrong at close"}, ""},
		{"nothing at all, with a reason", cash.OpenDrawer{Drawer: "1", Reason: "counted wrong at close"}, ""},
		{"a cent less", cash.OpenDrawer{Drawer: "1", Count: Count(199_99)}, "cash.float_reason at reason"},
		{"a cent more", cash.OpenDrawer{Drawer: "1", Count: Count(200_01)}, "cash.float_reason at reason"},
		{"a reason of one's own", cash.OpenDrawer{Drawer: "1", Count: Count(199_99), Reason: "I say so"}, "cash.float_reason at reason"},
		{"a reason of one's own for nothing", cash.OpenDrawer{Drawer: "1", Count: Count(200_00), Reason: strings.Repeat("x", 1<<17)}, "cash.float_reason at reason"},
		{"a drawer that is not there", cash.OpenDrawer{Drawer: "3", Count: Count(200_00)}, "cash.no_such_drawer at drawer"},
		{"no drawer", cash.OpenDrawer{Count: Count(200_00)}, "cash.no_such_drawer at drawer"},
		{"a coin of 3 cents", cash.OpenDrawer{Drawer: "1", Count: cash.Count{{Value: 3, N: 1}}}, "cash.denomination at count"},
		{"twenties counted twice", cash.OpenDrawer{Drawer: "1", Count: cash.Count{{Value: 20_00, N: 5}, {Value: 20_00, N: 5}}}, "cash.denomination at count"},
		{"less than none", cash.OpenDrawer{Drawer: "1", Count: cash.Count{{Value: 20_00, N: -1}}}, "cash.pieces at count"},
		{"a million cents", cash.OpenDrawer{Drawer: "1", Count: cash.Count{{Value: 1, N: 1_000_000}}}, "cash.pieces at count"},
		{"more lines than values", cash.OpenDrawer{Drawer: "1", Count: append(many, slices.Repeat(cash.Count{{Value: 1, N: 1}}, 100_000)...)}, "cash.denomination at count"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := New(t, Options{})
			s.SignIn(Maria)
			entries, err := s.Try(Maria, c.do)
			expect(t, "open", err, c.want)
			if err != nil {
				return
			}
			got := Body[cash.DrawerOpened](s, entries[0])
			if got.Session != "A1-S0001" || got.Drawer != c.do.Drawer || got.Who != Maria || got.Expected != 200_00 || got.Float != c.do.Count.Total() || got.Reason != c.do.Reason {
				t.Errorf("entry: %+v", got)
			}
			if inDrawer(s, got.Session, cash.Cash) != got.Float {
				t.Error("the drawer does not hold what was counted")
			}
			s.Look(func(st *ledger.State) error {
				if short := st.Balance("expenses:over-short", string(got.Session)).Net(); short != got.Expected-got.Float {
					t.Errorf("over/short %s for a float of %s", short, got.Float)
				}
				return nil
			})
			s.Verify()
		})
	}
}

func TestOneBodyADrawerOneDrawerABody(t *testing.T) {
	s := New(t, Options{})
	s.Morning(Maria, "1")
	_, err := s.Try(Maria, cash.OpenDrawer{Drawer: "2", Count: Count(200_00)})
	expect(t, "a second drawer", err, "cash.already_open")
	s.SignIn(Tom)
	_, err = s.Try(Tom, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)})
	expect(t, "somebody else's drawer", err, "cash.drawer_taken at drawer")
	if err == nil || !strings.Contains(err.Error(), "Maria Lopez") {
		t.Errorf("it does not say whose: %v", err)
	}
	_, err = s.Try(Maria, pay(Garcia, 1_00, inCash(1_00)))
	expect(t, "Maria while Tom is signed in", err, "staff.not_signed_in")
	s.Do(Tom, cash.OpenDrawer{Drawer: "2", Count: Count(200_00)})
	s.Do(Tom, pay(Garcia, 1_00, inCash(1_00)))
	s.Reopen()
	s.SignIn(Maria) // her session waited for her
	s.Do(Maria, pay(Garcia, 2_00, inCash(2_00)))
	if inDrawer(s, "A1-S0001", cash.Cash) != 202_00 || inDrawer(s, "A1-S0002", cash.Cash) != 201_00 {
		t.Error("the drawers are mixed up")
	}
	s.Verify()
}

func TestVoiding(t *testing.T) {
	s := New(t, Options{})
	opened := s.Morning(Maria, "1")
	e := s.Do(Maria, pay(Garcia, 188_20, byCheck(100_00), inCash(100_00)))
	no := e.ReceiptNo("A1")
	for _, c := range []struct {
		name string
		do   cash.VoidPayment
		want string
	}{
		{"no reason", cash.VoidPayment{Receipt: no}, "cash.reason at reason"},
		{"a reason of one's own", cash.VoidPayment{Receipt: no, Reason: "because"}, "cash.reason at reason"},
		{"no number", cash.VoidPayment{Reason: "wrong amount"}, "cash.bad_receipt_number at receipt"},
		{"no such number", cash.VoidPayment{Receipt: "A1-000002", Reason: "wrong amount"}, "ledger.no_such_receipt"},
		{"number nought", cash.VoidPayment{Receipt: "A1-000000", Reason: "wrong amount"}, "cash.bad_receipt_number at receipt"},
		{"a number with a tail", cash.VoidPayment{Receipt: "A1-1x", Reason: "wrong amount"}, "cash.bad_receipt_number at receipt"},
		{"a number with a sign", cash.VoidPayment{Receipt: "A1-+1", Reason: "wrong amount"}, "cash.bad_receipt_number at receipt"},
		{"four parts", cash.VoidPayment{Receipt: no + "-X", Reason: "wrong amount"}, "cash.bad_receipt_number at receipt"},
		{"a mark cut short", cash.VoidPayment{Receipt: no[:len(no)-1], Reason: "wrong amount"}, "cash.bad_receipt_number at receipt"},
		{"a number without end", cash.VoidPayment{Receipt: ledger.ReceiptNo(strings.Repeat("A1-", 1<<16)), Reason: "wrong amount"}, "cash.bad_receipt_number at receipt"},
		{"another mark", cash.VoidPayment{Receipt: "A1-000001-!!!!", Reason: "wrong amount"}, "cash.receipt_mark at receipt"},
		{"another station's", cash.VoidPayment{Receipt: "B2-000001", Reason: "wrong amount"}, "cash.other_station at receipt"},
	} {
		_, err := s.TryApproved(Maria, Ana, c.do)
		expect(t, c.name, err, c.want)
	}
	void := s.DoApproved(Maria, Ana, cash.VoidPayment{Receipt: no, Reason: "wrong account"})
	got := Body[cash.Undone](s, void)
	if got.Of != e.Seq || got.Receipt != no || got.Session != opened.Session || got.Drawer != "1" || got.Cashier != "Maria Lopez" ||
		got.Approver != Ana || got.ApproverName != "Ana Ruiz" || got.Reason != "wrong account" || got.Total != 188_20 || !got.Opens ||
		!slices.Equal(got.Tenders, []cash.Tender{inCash(88_20), byCheck(100_00)}) {
		t.Errorf("entry: %+v", got)
	}
	if void.Receipt != 2 || void.Totals.Returned != 188_20 || void.Totals.Taken != 188_20 || inDrawer(s, opened.Session, cash.Cash) != 200_00 || inDrawer(s, opened.Session, cash.Check) != 0 {
		t.Errorf("after it: %+v", void.Totals)
	}
	_, err := s.TryApproved(Maria, Ana, cash.VoidPayment{Receipt: no, Reason: "wrong account"})
	expect(t, "twice", err, "cash.already_undone at receipt")
	_, err = s.TryApproved(Maria, Ana, cash.VoidPayment{Receipt: void.ReceiptNo("A1"), Reason: "wrong account"})
	expect(t, "a void of a void", err, "cash.not_a_payment at receipt")
	// The account owes again what it owed.
	again := Body[cash.Payment](s, s.Do(Maria, pay(Garcia, 188_20, inCash(188_20)))).Parts[0]
	if again.Before != 188_20 || again.After != 0 || again.Allocation[0].Amount != 62_10 {
		t.Errorf("paid again: %+v", again)
	}
	s.Verify()
}

func TestHowAReceiptNumberIsTyped(t *testing.T) {
	for _, form := range []func(full string) string{
		func(full string) string { return full },
		strings.ToLower,
		func(full string) string { return " " + full + " " },
		func(full string) string { return full[:9] },
		func(string) string { return "a1-1" },
		func(full string) string { return "A1-1" + full[9:] },
		func(full string) string {
			return full[:10] + strings.NewReplacer("0", "O", "1", "I").Replace(full[10:])
		},
	} {
		s := New(t, Options{})
		s.Morning(Maria, "1")
		paid := s.Do(Maria, pay(Garcia, 1_00, inCash(1_00)))
		typed := form(string(paid.ReceiptNo("A1")))
		if _, err := s.TryApproved(Maria, Ana, cash.VoidPayment{Receipt: ledger.ReceiptNo(typed), Reason: "wrong amount"}); err != nil {
			t.Errorf("%q: %v", typed, err)
		}
	}
}

func TestWhoseAccountItIs(t *testing.T) {
	s := New(t, Options{})
	s.Morning(Tom, "1")
	own := s.Do(Tom, pay(Bens, 5_00, inCash(5_00)))
	_, err := s.TryApproved(Tom, Ben, cash.VoidPayment{Receipt: own.ReceiptNo("A1"), Reason: "wrong amount"})
	expect(t, "the approver's own account", err, "cash.own_account at receipt")
	marias := s.Do(Tom, pay(Own, 5_00, inCash(5_00)))
	s.CloseCounted(Tom, cash.CountDrawer{Count: Count(210_00)})
	s.SignIn(Maria)
	_, err = s.TryApproved(Maria, Ana, cash.ReversePayment{Receipt: marias.ReceiptNo("A1"), Reason: "wrong amount"})
	expect(t, "the cashier's own account", err, "cash.own_account at receipt")
}

func TestReversing(t *testing.T) {
	s := New(t, Options{})
	s.Morning(Maria, "1")
	e := s.Do(Maria, pay(Garcia, 188_20, byCheck(100_00), inCash(100_00)))
	no := e.ReceiptNo("A1")
	reverse := cash.ReversePayment{Receipt: no, Reason: "wrong account"}
	_, err := s.TryApproved(Maria, Ana, reverse)
	expect(t, "while the session is open", err, "cash.void_instead at receipt")
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(288_20), Other: []cash.CountedTender{{Kind: cash.Check, Count: 1, Amount: 100_00}}})
	_, err = s.TryApproved(Maria, Ana, cash.VoidPayment{Receipt: no, Reason: "wrong account"})
	expect(t, "a void without a session", err, "cash.no_session")
	s.Do(Maria, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)})
	_, err = s.TryApproved(Maria, Ana, cash.VoidPayment{Receipt: no, Reason: "wrong account"})
	expect(t, "a void in the next session", err, "cash.void_other_session at receipt")
	_, err = s.Try(Maria, reverse)
	expect(t, "without a second person", err, "staff.approval_needed at approver")
	s.Clock.Pass(48 * time.Hour)
	r := s.DoApproved(Maria, Ben, reverse)
	body := Body[cash.Undone](s, r)
	if r.Kind != cash.KindReversal || body.Of != e.Seq || body.Receipt != no || body.Session != "A1-S0001" || body.Opens || body.Drawer != "" || r.Date != 20261125 || r.Totals.Returned != 188_20 {
		t.Errorf("reversal: %+v on %s", body, r.Date)
	}
	if inDrawer(s, "A1-S0001", cash.Cash) != 0 || inDrawer(s, "A1-S0002", cash.Cash) != 200_00 {
		t.Error("a reversal took money from a drawer")
	}
	s.Look(func(st *ledger.State) error {
		if cash, check := st.Balance("assets:undeposited:cash", "A1-S0001").Net(), st.Balance("assets:undeposited:check", "A1-S0001").Net(); cash != 88_20 || check != 100_00 {
			t.Errorf("%s and %s wait for their deposit: what came in is what goes out", cash, check)
		}
		if owed := st.Balance("liabilities:reversed", "A1-000001").Net(); owed != -188_20 {
			t.Errorf("%s is owed to whoever paid", -owed)
		}
		return nil
	})
	_, err = s.TryApproved(Maria, Ana, reverse)
	expect(t, "twice", err, "cash.already_undone at receipt")
	s.Verify()
}

func TestNoSaleAndUnasked(t *testing.T) {
	s := New(t, Options{})
	s.Morning(Maria, "1")
	_, err := s.Try(Maria, cash.NoSaleCommand{Reason: "curious"})
	expect(t, "a reason of one's own", err, "cash.reason at reason")
	e := s.Do(Maria, cash.NoSaleCommand{Reason: "change for a customer"})
	if drawer, opens, err := cash.Opens(&e); drawer != "1" || !opens || err != nil {
		t.Errorf("the drawer does not open: %s %v %v", drawer, opens, err)
	}
	seen := s.Do(desk.StationActor, cash.NoteUnasked{Drawer: "1"})
	if body := Body[cash.Unasked](s, seen); body.Session != "A1-S0001" {
		t.Errorf("in the session: %+v", body)
	}
	if body := Body[cash.Unasked](s, s.Do(desk.StationActor, cash.NoteUnasked{Drawer: "2"})); body.Session != "" {
		t.Errorf("a drawer without a session: %+v", body)
	}
	_, err = s.Try(desk.StationActor, cash.NoteUnasked{Drawer: "9"})
	expect(t, "a drawer that is not there", err, "cash.no_such_drawer at drawer")
	if x := Body[cash.XReport](s, s.Do(Maria, cash.XReportCommand{})).Totals; x.NoSales != 1 || x.Unasked != 1 || x.CashInDrawer != 200_00 {
		t.Errorf("X: %+v", x)
	}
	s.Verify()
}

func TestX(t *testing.T) {
	s := New(t, Options{})
	s.Morning(Maria, "1")
	first := s.Do(Maria, pay(Garcia, 10_00, inCash(20_00)))
	s.Do(Maria, pay(Oak, 50_00, byCheck(30_00), byCard(20_00)))
	last := s.DoApproved(Maria, Ana, cash.VoidPayment{Receipt: first.ReceiptNo("A1"), Reason: "wrong account"})
	s.Clock.Pass(time.Hour)
	got := Body[cash.XReport](s, s.Do(Maria, cash.XReportCommand{}))
	want := cash.XReport{Session: "A1-S0001", Drawer: "1", Who: Maria, Name: "Maria Lopez", Opened: Began().UnixMicro(), Totals: cash.Totals{
		Float: 200_00, Payments: 2, Voids: 1, First: first.ReceiptNo("A1"), Last: last.ReceiptNo("A1"), CashInDrawer: 200_00,
		Tenders: []cash.TenderTotal{{Kind: cash.Cash, Count: 1, Taken: 10_00, Voided: 10_00}, {Kind: cash.Check, Count: 1, Taken: 30_00, Net: 30_00},
			{Kind: cash.Card, Count: 1, Taken: 20_00, Net: 20_00}},
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("X:\n%+v, want\n%+v", got, want)
	}
	s.Verify()
}

func TestClosing(t *testing.T) {
	other := func(kind cash.TenderKind, n int, amount ledger.Cents) cash.CountedTender {
		return cash.CountedTender{Kind: kind, Count: n, Amount: amount}
	}
	for _, c := range []struct {
		name  string
		do    cash.CountDrawer
		over  map[cash.TenderKind]ledger.Cents
		left  ledger.Cents // float for the next session
		refus string
	}{
		{"right", cash.CountDrawer{Count: Count(210_00), Other: []cash.CountedTender{other(cash.Check, 1, 30_00), other(cash.Card, 1, 20_00)}}, nil, 200_00, ""},
		{"over", cash.CountDrawer{Count: Count(211_00), Other: []cash.CountedTender{other(cash.Check, 1, 30_00), other(cash.Card, 1, 20_00)}}, map[cash.TenderKind]ledger.Cents{cash.Cash: 1_00}, 200_00, ""},
		{"short", cash.CountDrawer{Count: Count(209_99), Other: []cash.CountedTender{other(cash.Check, 1, 30_00), other(cash.Card, 1, 20_00)}}, map[cash.TenderKind]ledger.Cents{cash.Cash: -1}, 200_00, ""},
		{"less than the float", cash.CountDrawer{Count: Count(150_00), Other: []cash.CountedTender{other(cash.Check, 1, 30_00), other(cash.Card, 1, 20_00)}}, map[cash.TenderKind]ledger.Cents{cash.Cash: -60_00}, 150_00, ""},
		{"nothing was counted", cash.CountDrawer{}, map[cash.TenderKind]ledger.Cents{cash.Cash: -210_00, cash.Check: -30_00, cash.Card: -20_00}, 0, ""},
		{"a check is missing, a card too much", cash.CountDrawer{Count: Count(210_00), Other: []cash.CountedTender{other(cash.Card, 2, 50_00)}, Note: "check fell behind the desk"}, map[cash.TenderKind]ledger.Cents{cash.Check: -30_00, cash.Card: 30_00}, 200_00, ""},
		{"a money order nobody took", cash.CountDrawer{Count: Count(210_00), Other: []cash.CountedTender{other(cash.Check, 1, 30_00), other(cash.Card, 1, 20_00), other(cash.MoneyOrder, 1, 5_00)}}, map[cash.TenderKind]ledger.Cents{cash.MoneyOrder: 5_00}, 200_00, ""},
		{"cash under other", cash.CountDrawer{Other: []cash.CountedTender{other(cash.Cash, 1, 1)}}, nil, 0, "cash.bad_count at other"},
		{"a kind twice", cash.CountDrawer{Other: []cash.CountedTender{other(cash.Check, 1, 1), other(cash.Check, 1, 1)}}, nil, 0, "cash.bad_count at other"},
		{"a kind nobody knows", cash.CountDrawer{Other: []cash.CountedTender{other("shells", 1, 1)}}, nil, 0, "cash.bad_count at other"},
		{"below nothing", cash.CountDrawer{Other: []cash.CountedTender{other(cash.Check, 1, -1)}}, nil, 0, "cash.bad_count at other"},
		{"fewer than none", cash.CountDrawer{Other: []cash.CountedTender{other(cash.Check, -1, 1)}}, nil, 0, "cash.bad_count at other"},
		{"too much for a field", cash.CountDrawer{Other: []cash.CountedTender{other(cash.Check, 1, ledger.MaxAmount+1)}}, nil, 0, "cash.bad_count at other"},
		{"a coin of 3 cents", cash.CountDrawer{Count: cash.Count{{Value: 3, N: 1}}}, nil, 0, "cash.denomination at count"},
		{"a note as long as it may be", cash.CountDrawer{Count: Count(210_00), Other: []cash.CountedTender{other(cash.Check, 1, 30_00), other(cash.Card, 1, 20_00)}, Note: strings.Repeat("ñ", 120)}, nil, 200_00, ""},
		{"a note too long", cash.CountDrawer{Note: strings.Repeat("ñ", 121)}, nil, 0, "cash.note_too_long at note"},
		{"a note that is no text", cash.CountDrawer{Note: "\xc3"}, nil, 0, "cash.odd_characters at note"},
		{"a card number in the note", cash.CountDrawer{Note: "slip of 4111-1111-1111-1111 lost"}, nil, 0, "card.refused at note"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := New(t, Options{})
			s.Morning(Maria, "1")
			s.Do(Maria, pay(Garcia, 10_00, inCash(20_00)))
			s.Do(Maria, pay(Oak, 50_00, byCheck(30_00), byCard(20_00)))
			counted, err := s.Try(Maria, c.do)
			expect(t, "count", err, c.refus)
			if err != nil {
				return
			}
			z := Body[cash.DrawerClosed](s, s.Do(Maria, cash.CloseDrawer{}))
			if z.Z != 1 || z.PreviousZ != (ledger.Leaf{}) || z.Head != counted[0].Leaf || z.Taken != 60_00 || z.Returned != 0 || z.Note != c.do.Note || z.Counted.Total() != c.do.Count.Total() {
				t.Errorf("Z: %+v", z)
			}
			expected := map[cash.TenderKind]ledger.Cents{cash.Cash: 210_00, cash.Check: 30_00, cash.Card: 20_00}
			var sum ledger.Cents
			for _, d := range z.Differences {
				if d.Expected != expected[d.Kind] || d.Over != c.over[d.Kind] || d.Counted-d.Expected != d.Over {
					t.Errorf("%s: %+v, want %s over", d.Kind, d, c.over[d.Kind])
				}
				delete(expected, d.Kind)
				sum += d.Over
			}
			if len(expected) > 0 || z.Over != sum {
				t.Errorf("over %s, the differences give %s; without a word: %v", z.Over, sum, expected)
			}
			s.Look(func(st *ledger.State) error {
				for _, kind := range cash.TenderKinds() {
					if left := cash.InDrawer(st, "A1-S0001", kind); left != 0 {
						t.Errorf("%s of %s is left in a closed drawer", left, kind)
					}
					if kept := st.Balance(cash.UndepositedAccount(kind), "A1-S0001").Net(); kept < 0 {
						t.Errorf("undeposited %s is %s", kind, kept)
					}
				}
				if got := s.Cash.ExpectedFloat(st, "1"); got != c.left {
					t.Errorf("the next float is %s, want %s", got, c.left)
				}
				return nil
			})
			_, err = s.Try(Maria, pay(Garcia, 1, inCash(1)))
			expect(t, "a payment after the close", err, "cash.no_session")
			_, err = s.Try(Maria, cash.CloseDrawer{})
			expect(t, "a second close", err, "cash.closed_already")
			s.Verify()
		})
	}
}

func TestACloseIsRepeatedWithoutHarm(t *testing.T) {
	s := New(t, Options{})
	s.Morning(Maria, "1")
	id, err := s.NewID()
	if err != nil {
		t.Fatal(err)
	}
	s.Do(Maria, cash.CountDrawer{Count: Count(200_00)})
	order := desk.Order{ID: id, By: Maria, Do: cash.CloseDrawer{}}
	first, err := s.Desk.Do(context.Background(), order)
	if err != nil {
		t.Fatal(err)
	}
	s.Reopen() // the answer was lost
	again, err := s.Desk.Do(context.Background(), order)
	if err != nil || len(again) != 1 || again[0].Leaf != first[0].Leaf {
		t.Fatalf("the same close gives %v, %v", again, err)
	}
	order.Do = cash.CloseDrawer{Memo: "something else"}
	_, err = s.Desk.Do(context.Background(), order)
	expect(t, "another close under the same id", err, "ledger.command_reused")
}

func TestZsFollowOneAnother(t *testing.T) {
	s := New(t, Options{})
	var previous ledger.Leaf
	var taken ledger.Cents
	for n := uint64(1); n <= 6; n++ {
		drawer := cash.DrawerID(fmt.Sprint(n%2 + 1))
		opened := s.Morning(Maria, drawer)
		want := ledger.Cents(200_00)
		if n%3 != 0 { // every third day nobody comes
			s.Do(Maria, pay(Oak, 10_00, inCash(10_00)))
			taken, want = taken+10_00, want+10_00
		}
		e := s.CloseCounted(Maria, cash.CountDrawer{Count: Count(want)})
		z := Body[cash.DrawerClosed](s, e)
		if z.Z != n || z.PreviousZ != previous || z.Head != e.Prev || z.Taken != taken || z.Over != 0 || z.Session != cash.SessionID(fmt.Sprintf("A1-S%04d", n)) || z.Session != opened.Session {
			t.Errorf("Z %d: %+v", n, z)
		}
		previous = e.Leaf
		s.Clock.Pass(24 * time.Hour)
		s.Reopen()
	}
	s.Verify()
}

func TestAFloatGoesOnFromCloseToOpening(t *testing.T) {
	s := New(t, Options{})
	s.SignIn(Maria)
	s.Do(Maria, cash.OpenDrawer{Drawer: "1", Count: Count(190_00), Reason: "counted wrong at close"})
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(190_00)})
	_, err := s.Try(Maria, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)})
	expect(t, "the policy's float, not the one that was left", err, "cash.float_reason at reason")
	if got := Body[cash.DrawerOpened](s, s.Do(Maria, cash.OpenDrawer{Drawer: "1", Count: Count(190_00)})); got.Expected != 190_00 {
		t.Errorf("expected %s", got.Expected)
	}
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(190_00)})
	s.Do(Maria, cash.OpenDrawer{Drawer: "2", Count: Count(200_00)}) // never used: the policy's
	s.Verify()
}

func TestASessionOverMidnightKeepsItsDate(t *testing.T) {
	s := New(t, Options{})
	s.Morning(Maria, "1")
	s.Clock.Pass(15*time.Hour + 30*time.Minute) // 23:30
	before := s.Do(Maria, pay(Garcia, 1_00, inCash(1_00)))
	s.Clock.Pass(time.Hour)
	for _, e := range []ledger.Entry{
		before,
		s.Do(Maria, pay(Garcia, 1_00, inCash(1_00))),
		s.DoApproved(Maria, Ana, cash.VoidPayment{Receipt: before.ReceiptNo("A1"), Reason: "wrong amount"}),
		s.Do(Maria, cash.NoSaleCommand{Reason: "change for a customer"}),
		s.Do(desk.StationActor, cash.NoteUnasked{Drawer: "1"}),
		s.Do(Maria, cash.XReportCommand{}),
		s.CloseCounted(Maria, cash.CountDrawer{Count: Count(201_00)}),
	} {
		if e.Date != 20261123 {
			t.Errorf("%s has the date %s", e.Kind, e.Date)
		}
	}
	if e := s.Do(Maria, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)}); e.Date != 20261124 {
		t.Errorf("the next session has the date %s", e.Date)
	}
	s.Verify()
}

// A customer's number is central's to choose, and may look like a session's.
func TestAnAccountNamedLikeASession(t *testing.T) {
	s := New(t, Options{})
	s.Customers.By["A1-S0001"] = account.Customer{No: "A1-S0001", Name: "ODD", Current: 30_00}
	s.Morning(Maria, "1")
	s.Do(Maria, pay(Garcia, 10_00, inCash(10_00)))
	s.SignIn(Tom)
	s.Do(Tom, cash.OpenDrawer{Drawer: "2", Count: Count(200_00)})
	odd := s.Do(Tom, pay("A1-S0001", 30_00, inCash(30_00)))
	s.DoApproved(Tom, Ana, cash.VoidPayment{Receipt: odd.ReceiptNo("A1"), Reason: "wrong amount"})
	s.SignIn(Maria)
	if x := Body[cash.XReport](s, s.Do(Maria, cash.XReportCommand{})).Totals; x.Payments != 1 || x.Voids != 0 || x.Tenders[0].Net != 10_00 || x.CashInDrawer != 210_00 {
		t.Errorf("another session's money is in this one: %+v", x)
	}
	s.Verify()
}

func TestWhatOpensTheDrawer(t *testing.T) {
	s := New(t, Options{})
	s.SignIn(Maria)
	opens := map[ledger.Kind]bool{cash.KindDrawerOpened: true, cash.KindPayment: true, cash.KindVoid: true, cash.KindNoSale: true, cash.KindCountBegun: true}
	s.Do(Maria, cash.OpenDrawer{Drawer: "2", Count: Count(200_00)})
	paid := s.Do(Maria, pay(Garcia, 1_00, inCash(1_00)))
	s.Do(Maria, cash.NoSaleCommand{Reason: "change for a customer"})
	s.DoApproved(Maria, Ana, cash.VoidPayment{Receipt: paid.ReceiptNo("A1"), Reason: "wrong amount"})
	s.Do(Maria, cash.XReportCommand{})
	s.Do(Maria, cash.BeginCount{})
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00)})
	for _, e := range s.Entries() {
		drawer, open, err := cash.Opens(&e)
		if open != opens[e.Kind] || err != nil || (open && drawer != "2") {
			t.Errorf("%s: opens %q %v, %v", e.Kind, drawer, open, err)
		}
	}
	var payments int
	s.Look(func(st *ledger.State) error {
		return cash.Payments(st, "A1-S0001", func(ledger.Entry, cash.Payment) bool { payments++; return true })
	})
	if payments != 1 {
		t.Errorf("%d payments in the session", payments)
	}
}
