package safe_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/desk/safe"
	"gatehouse/ledger"
)

func banked(p *desk.Policy) {
	p.Safe = safe.Policy{WarnAfter: 24, AlarmAfter: 5, Near: 5, Banks: []safe.Bank{
		{ID: "first", Name: "First Valley Bank", Account: "ending 4410", Bagged: true, Tenders: []cash.TenderKind{cash.Cash, cash.Check, cash.MoneyOrder}},
		{ID: "processor", Name: "Card processor", Tenders: []cash.TenderKind{cash.Card}}}}
}

func expect(t *testing.T, what string, err error, code string) {
	t.Helper()
	if got := Code(err); got != code {
		t.Errorf("%s: got %q (%v), want %q", what, got, err, code)
	}
}

func pay(no account.No, tenders ...cash.Tender) cash.TakePayment {
	var sum ledger.Cents
	for _, t := range tenders {
		sum += t.Amount
	}
	return cash.TakePayment{Pay: []cash.Pay{{Account: no, Amount: sum}}, Tenders: tenders}
}

func check(number string, amount ledger.Cents) cash.Tender {
	return cash.Tender{Kind: cash.Check, Number: number, Amount: amount}
}

// day takes 100.00 in cash, two checks and a card, and skims 50.00 and the first
// check.
func day(s *Station) {
	s.Morning(Maria, "1")
	s.Do(Maria, pay(Oak, cash.Tender{Kind: cash.Cash, Amount: 100_00}))
	s.Do(Maria, pay(Oak, check("11", 30_00)))
	s.Do(Maria, pay(Oak, check("12", 40_00), cash.Tender{Kind: cash.Card, Amount: 20_00, Reference: "T1", LastFour: "4242"}))
	s.DoApproved(Maria, Tom, cash.Skim{Count: Count(50_00), Bag: "B1", Other: []cash.CountedTender{
		{Kind: cash.Check, Count: 1, Amount: 30_00, Ticked: []cash.Item{{Receipt: 2, Number: "11", Amount: 30_00}}}}})
	s.Clock.Pass(time.Hour)
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(250_00), Other: []cash.CountedTender{
		{Kind: cash.Check, Count: 1, Amount: 40_00}, {Kind: cash.Card, Count: 1, Amount: 20_00}}})
	s.SignIn(Ben)
}

func waiting(t *testing.T, s *Station) (ids []string) {
	t.Helper()
	s.Look(func(st *ledger.State) error {
		all, err := safe.AllWaiting(st)
		for _, w := range all {
			ids = append(ids, fmt.Sprint(w.ID, w.Amounts))
		}
		return err
	})
	return ids
}

func TestWhatCameInIsWhatGoesOut(t *testing.T) {
	s := New(t, Options{Policy: banked})
	day(s)
	if got, want := fmt.Sprint(waiting(t, s)), "[B1[{cash 50.00} {check 30.00}] A1-S0001[{cash 50.00} {check 40.00} {card 20.00}]]"; got != want {
		t.Errorf("waits %s, want %s", got, want)
	}
	both := safe.MakeDeposit{Bank: "first", Parts: []string{"B1", "A1-S0001"}, Count: Count(100_00), Bag: "D-1"}
	_, err := s.Try(Ben, both)
	expect(t, "alone", err, "staff.witness_needed at approver")
	for _, c := range []struct {
		name string
		do   func(*safe.MakeDeposit)
		want string
	}{
		{"a bank nobody knows", func(d *safe.MakeDeposit) { d.Bank = "second" }, "safe.no_such_bank at bank"},
		{"nothing", func(d *safe.MakeDeposit) { d.Parts = nil }, "safe.parts at parts"},
		{"something twice", func(d *safe.MakeDeposit) { d.Parts = []string{"B1", "B1"} }, "safe.not_waiting at parts"},
		{"something that is not there", func(d *safe.MakeDeposit) { d.Parts = []string{"B9"} }, "safe.not_waiting at parts"},
		{"without a bag", func(d *safe.MakeDeposit) { d.Bag = "" }, "cash.bag_number at bag"},
		{"in the bag of the skim", func(d *safe.MakeDeposit) { d.Bag = "B1" }, "cash.bag_used at bag"},
		{"a dollar less and no word", func(d *safe.MakeDeposit) { d.Count = Count(99_00) }, "safe.note_needed at note"},
		{"a bag the processor does not take", func(d *safe.MakeDeposit) { d.Bank, d.Parts, d.Bag, d.Count = "processor", []string{"B1"}, "", nil }, "safe.not_for_bank at parts"},
		{"a bag for the processor", func(d *safe.MakeDeposit) { d.Bank = "processor" }, "safe.no_bag at bag"},
	} {
		do := both
		c.do(&do)
		_, err := s.TryApproved(Ben, Ana, do)
		expect(t, c.name, err, c.want)
	}
	d := Body[safe.Deposit](s, s.DoApproved(Ben, Ana, both))
	if d.No != "A1-D0001" || d.Total != 170_00 || d.Over != 0 || len(d.Checks) != 2 || d.Bag != "D-1" {
		t.Errorf("deposit %+v", d)
	}
	if got := fmt.Sprint(waiting(t, s)); got != "[A1-S0001[{card 20.00}]]" {
		t.Errorf("still waits %s", got)
	}
	card := Body[safe.Deposit](s, s.DoApproved(Ben, Ana, safe.MakeDeposit{Bank: "processor", Parts: []string{"A1-S0001"}}))
	if card.Total != 20_00 || len(waiting(t, s)) != 0 {
		t.Errorf("card %+v; waits %v", card, waiting(t, s))
	}
	s.Verify()
}

func TestADifferenceOfADepositIsKept(t *testing.T) {
	s := New(t, Options{Policy: banked})
	day(s)
	d := Body[safe.Deposit](s, s.DoApproved(Ben, Ana, safe.MakeDeposit{Bank: "first", Parts: []string{"B1"}, Count: Count(49_00), Bag: "D-1", Note: "a dollar was torn"}))
	if d.Over != -1_00 || d.Total != 79_00 {
		t.Errorf("deposit %+v", d)
	}
	s.Look(func(st *ledger.State) error {
		if got := st.Balance("expenses:over-short", d.No).Net(); got != 1_00 {
			t.Errorf("short %s", got)
		}
		return nil
	})
	s.Verify()
}

func TestTheBanksStatement(t *testing.T) {
	s := New(t, Options{Policy: banked})
	day(s)
	deposit := func(part, bag string, count ledger.Cents) {
		s.DoApproved(Ben, Ana, safe.MakeDeposit{Bank: "first", Parts: []string{part}, Count: Count(count), Bag: bag})
	}
	deposit("B1", "D-1", 50_00)       // 80.00
	deposit("A1-S0001", "D-2", 50_00) // 90.00
	line := func(amount ledger.Cents, reference string) safe.Line {
		return safe.Line{Date: 20261124, Amount: amount, Reference: reference}
	}
	file := safe.RecordStatement{Bank: "first", File: "nov.csv", Lines: []safe.Line{line(80_00, "BAG D-11"), line(89_00, "bag d-2"), line(-4_00, "FEE")}}
	entries, err := s.Try(Ben, file)
	if err != nil || len(entries) != 2 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	// D-11 is no D-1; its amount is.
	if m := Body[safe.Matched](s, entries[1]); m.Deposit != "A1-D0001" || m.How != "amount" || m.Difference != 0 {
		t.Errorf("matched %+v", m)
	}
	_, err = s.Try(Ben, file)
	expect(t, "the same file", err, "safe.all_known at lines")
	file.Lines = append(file.Lines, line(1_00, "INTEREST"))
	if st := Body[safe.Statement](s, s.Do(Ben, file)); len(st.Lines) != 1 || st.Known != 3 {
		t.Errorf("the rest %+v", st)
	}
	hand := safe.MatchByHand{Bank: "first", Deposit: "A1-D0002", Line: line(89_00, "bag d-2"), Note: "the bank counted a dollar less"}
	_, err = s.Try(Ben, hand)
	expect(t, "by hand, alone", err, "staff.approval_needed at approver")
	for _, c := range []struct {
		name string
		do   func(*safe.MatchByHand)
		want string
	}{
		{"without a word", func(m *safe.MatchByHand) { m.Note = "" }, "safe.say_why at note"},
		{"a line nobody saw", func(m *safe.MatchByHand) { m.Line.Amount++ }, "safe.no_such_line at line"},
		{"a deposit nobody made", func(m *safe.MatchByHand) { m.Deposit = "A1-D0009" }, "safe.no_such_deposit at deposit"},
		{"right", func(*safe.MatchByHand) {}, ""},
		{"again", func(*safe.MatchByHand) {}, "safe.no_such_line at line"},
	} {
		do := hand
		c.do(&do)
		_, err := s.TryApproved(Ben, Ana, do)
		expect(t, c.name, err, c.want)
	}
	s.Look(func(st *ledger.State) error {
		open, err := safe.OpenLines(st, "first")
		transit, _ := safe.InTransit(st)
		if len(open) != 2 || len(transit) != 0 || st.Balance("assets:bank:first", "").Net() != 169_00 || st.Balance("expenses:bank-differences", "A1-D0002").Net() != 1_00 {
			t.Errorf("open %v, in transit %v", open, transit)
		}
		return err
	})
	s.Verify()
}

func TestTwoDepositsOfOneAmountAreTooMany(t *testing.T) {
	s := New(t, Options{Policy: banked})
	for i := range 2 {
		s.Morning(Maria, "1")
		s.Do(Maria, pay(Oak, cash.Tender{Kind: cash.Cash, Amount: 10_00}))
		s.CloseCounted(Maria, cash.CountDrawer{Count: Count(210_00)})
		s.SignIn(Ben)
		s.DoApproved(Ben, Ana, safe.MakeDeposit{Bank: "first", Parts: []string{fmt.Sprintf("A1-S000%d", i+1)}, Count: Count(10_00), Bag: fmt.Sprint("D-", i)})
	}
	entries, err := s.Try(Ben, safe.RecordStatement{Bank: "first", File: "f", Lines: []safe.Line{{Date: 20261123, Amount: 10_00}, {Date: 20261123, Amount: 10_00, Reference: "D-1"}}})
	if err != nil || len(entries) != 2 || Body[safe.Matched](s, entries[1]).Deposit != "A1-D0002" {
		t.Errorf("%d entries, %v", len(entries), err)
	}
	s.Verify()
}

func TestTheSafeIsCountedBlind(t *testing.T) {
	s := New(t, Options{Policy: banked})
	day(s)
	_, err := s.Try(Ben, safe.CountSafe{Count: Count(10_00)})
	expect(t, "alone", err, "staff.witness_needed at approver")
	got := Body[safe.Counted](s, s.DoApproved(Ben, Ana, safe.CountSafe{Count: Count(10_00), There: []string{"a1-s0001", "B7"}}))
	// The float went out of an empty safe and came back.
	if got.Expected != 0 || got.Over != 10_00 || !slices.Equal(got.There, []string{"A1-S0001"}) || !slices.Equal(got.Missing, []string{"B1"}) || !slices.Equal(got.Unknown, []string{"B7"}) {
		t.Errorf("counted %+v", got)
	}
	s.SignIn(Maria)
	_, err = s.TryApproved(Maria, Ana, safe.CountSafe{})
	expect(t, "by a cashier", err, "staff.no_right")
	s.Verify()
}

func TestMoneyMustNotGrowOld(t *testing.T) {
	p := safe.Policy{WarnAfter: 24, AlarmAfter: 5}
	monday := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for hours, want := range map[int]safe.Age{0: safe.InTime, 24: safe.InTime, 25: safe.Late, 24 * 4: safe.Late, 24 * 7: safe.Late, 24*7 + 1: safe.Late, 24 * 8: safe.Overdue, -5: safe.InTime} {
		if got := p.AgeOf(monday, monday.Add(time.Duration(hours)*time.Hour)); got != want {
			t.Errorf("after %d h: %d, want %d", hours, got, want)
		}
	}
	if p.AgeOf(time.Unix(0, 0), monday) != safe.Overdue {
		t.Error("money of 1970 is in time")
	}
	s := New(t, Options{Policy: banked})
	day(s)
	s.Clock.Pass(25 * time.Hour)
	s.Look(func(st *ledger.State) error {
		old, err := s.Safe.Policy.AllOld(st)
		if len(old) != 2 || old[0].ID != "B1" || old[0].Sum != 80_00 || old[0].Age != safe.Late {
			t.Errorf("old %+v", old)
		}
		return err
	})
}

// Whatever was taken: all that came in is deposited, and nothing besides.
func TestAllThatCameInGoesOut(t *testing.T) {
	folder := Folder(t)
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		in := filepath.Join(folder, fmt.Sprint(n))
		if err := os.Mkdir(in, 0o700); err != nil {
			t.Fatal(err)
		}
		s := Open(t, in, Options{Policy: banked})
		defer s.Close()
		var came ledger.Cents
		var over ledger.Cents
		for i := range rapid.IntRange(1, 4).Draw(t, "sessions") {
			s.SignIn(Maria)
			s.Do(Maria, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)})
			var inCash, inChecks ledger.Cents
			var checks int
			for range rapid.IntRange(0, 5).Draw(t, "payments") {
				amount := ledger.Cents(rapid.Int64Range(1, 900_00).Draw(t, "amount"))
				came += amount
				if rapid.Bool().Draw(t, "check") {
					s.Do(Maria, pay(Oak, check("1", amount)))
					inChecks += amount
					checks++
				} else {
					s.Do(Maria, pay(Oak, cash.Tender{Kind: cash.Cash, Amount: amount}))
					inCash += amount
				}
			}
			if bag := ledger.Cents(rapid.Int64Range(0, int64(inCash)).Draw(t, "skim")); bag > 0 {
				s.DoApproved(Maria, Tom, cash.Skim{Count: Count(bag), Bag: fmt.Sprint("S", i)})
				inCash -= bag
			}
			off := ledger.Cents(rapid.SampledFrom([]int64{0, 0, 3, -3}).Draw(t, "off"))
			if inCash+off < 0 {
				off = 0
			}
			over += off
			s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00 + inCash + off), Other: []cash.CountedTender{{Kind: cash.Check, Count: checks, Amount: inChecks}}})
		}
		s.SignIn(Ben)
		var ids []string
		var sum ledger.Cents
		s.Look(func(st *ledger.State) error {
			all, err := safe.AllWaiting(st)
			for _, w := range all {
				ids = append(ids, w.ID)
				sum += w.Of(cash.Cash)
			}
			return err
		})
		for i, id := range ids {
			var amount ledger.Cents
			s.Look(func(st *ledger.State) error {
				all, err := safe.AllWaiting(st)
				amount = all[0].Of(cash.Cash)
				return err
			})
			s.DoApproved(Ben, Ana, safe.MakeDeposit{Bank: "first", Parts: []string{id}, Count: Count(amount), Bag: fmt.Sprint("D", i)})
		}
		s.Look(func(st *ledger.State) error {
			transit, err := safe.InTransit(st)
			var gone ledger.Cents
			for _, d := range transit {
				gone += d.Total
			}
			if gone != came+over {
				t.Fatalf("%s came in, %s over, %s went out", came, over, gone)
			}
			return err
		})
		if left := len(ids); left > 0 {
			s.Look(func(st *ledger.State) error {
				all, err := safe.AllWaiting(st)
				if len(all) != 0 {
					t.Fatalf("%v is left", all)
				}
				return err
			})
		}
		s.Verify()
	})
}
