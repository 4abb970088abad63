package cash_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/ledger"
)

func unclaimed() cash.Unclaimed {
	return cash.Unclaimed{Years: 3, NoticeFrom: 15_00, NoticeWeeks: 2, ClaimAfter: 45, ClaimBefore: 60, Source: "Gov. Code 50050"}
}

// withCredits is the town where credit is taken and given back, and has its rule.
func withCredits(p *desk.Policy) {
	controlled(p)
	p.Cash.Limit = cash.Limit{}
	p.Cash.Unclaimed = unclaimed()
	p.Cash.Tenders = append(p.Cash.Tenders, cash.TenderRule{Kind: cash.Credit})
}

// unapplied is what there is today, and how many and how much of each age.
func unapplied(s *Station) (items []cash.UnappliedItem, sums string) {
	var found cash.Unapplied
	for _, e := range s.Entries() {
		if err := found.Take(&e); err != nil {
			panic(err)
		}
	}
	items = found.Items(unclaimed(), ledger.DateOf(s.Clock.Now().In(s.Book.Location())))
	for _, band := range cash.AgeBands() {
		n, sum := 0, ledger.Cents(0)
		for _, i := range items {
			if i.Band == band {
				n, sum = n+1, sum+i.Amount
			}
		}
		sums += fmt.Sprintf("%d %s|", n, sum)
	}
	return items, sums
}

func TestUnappliedMoneyGrowsOld(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Maria, "1")
	s.Do(Maria, pay(Garcia, 200_00, inCash(200_00))) // owes 188.20
	s.Do(Maria, pay(Paid, 20_00, inCash(20_00)))     // owes nothing
	for _, c := range []struct {
		day  int // since the payment
		want string
	}{
		{0, "2 31.80|0 0.00|0 0.00|0 0.00|0 0.00|"},
		{30, "2 31.80|0 0.00|0 0.00|0 0.00|0 0.00|"},
		{31, "0 0.00|2 31.80|0 0.00|0 0.00|0 0.00|"},
		{90, "0 0.00|2 31.80|0 0.00|0 0.00|0 0.00|"},
		{91, "0 0.00|0 0.00|2 31.80|0 0.00|0 0.00|"},
		{365, "0 0.00|0 0.00|2 31.80|0 0.00|0 0.00|"},
		{366, "0 0.00|0 0.00|0 0.00|2 31.80|0 0.00|"},
		{1095, "0 0.00|0 0.00|0 0.00|2 31.80|0 0.00|"}, // 2028 has a day more
		{1096, "0 0.00|0 0.00|0 0.00|0 0.00|2 31.80|"},
	} {
		moveTo(s, Began().AddDate(0, 0, c.day))
		items, sums := unapplied(s)
		if sums != c.want {
			t.Errorf("after %d days: %s, want %s", c.day, sums, c.want)
		}
		if len(items) != 2 || items[0].Of != string(Garcia) || items[0].Name != "GARCIA, MARIA E" || items[0].Amount != 11_80 || items[0].Days != c.day ||
			items[0].Since != 20261123 || items[0].Unclaimed != 20291123 || items[0].Publish || !items[1].Publish {
			t.Errorf("after %d days: %+v", c.day, items)
		}
	}
	s.Verify()
}

func TestWhatIsUsedIsTheOldest(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Maria, "1")
	s.Do(Maria, pay(Paid, 10_00, inCash(10_00)))
	s.Clock.Pass(40 * 24 * time.Hour)
	newer := s.Do(Maria, pay(Paid, 7_00, inCash(7_00)))
	amounts := func() (all []ledger.Cents) {
		items, _ := unapplied(s)
		for _, i := range items {
			all = append(all, i.Amount)
		}
		return all
	}
	for _, c := range []struct {
		name string
		do   func()
		want []ledger.Cents
	}{
		{"as it came", func() {}, []ledger.Cents{10_00, 7_00}},
		{"a part of it pays another account", func() {
			s.DoApproved(Maria, Ana, pay(Oak, 4_00, cash.Tender{Kind: cash.Credit, Amount: 4_00, Reference: string(Paid)}))
		}, []ledger.Cents{6_00, 7_00}},
		{"the payment that brought the newer is voided", func() {
			s.DoApproved(Maria, Ana, cash.VoidPayment{Receipt: newer.ReceiptNo("A1"), Reason: "wrong account"})
		}, []ledger.Cents{6_00}},
		{"a part is given back", func() {
			s.DoApproved(Maria, Ana, cash.Refund{From: string(Paid), Amount: 2_50, By: cash.RefundCash, Reason: "paid twice"})
		}, []ledger.Cents{3_50}},
		{"more than came here, of a credit of central's", func() {
			s.DoApproved(Maria, Ana, cash.Refund{From: string(Paid), Amount: 10_00, By: cash.RefundCash, Reason: "paid twice"})
		}, []ledger.Cents{-6_50}},
		{"what comes in makes up for it first", func() {
			s.Do(Maria, pay(Paid, 8_00, inCash(8_00)))
		}, []ledger.Cents{1_50}},
	} {
		c.do()
		if got := amounts(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	s.Verify()
}

func TestTheMoneyOfAReversedReceiptIsUnappliedToo(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Maria, "1")
	e := s.Do(Maria, pay(Garcia, 50_00, byCheck(50_00)))
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00), Other: []cash.CountedTender{{Kind: cash.Check, Count: 1, Amount: 50_00}}})
	s.Clock.Pass(24 * time.Hour)
	s.DoApproved(Maria, Ana, cash.ReversePayment{Receipt: e.ReceiptNo("A1"), Reason: "wrong account"})
	items, _ := unapplied(s)
	if len(items) != 1 || items[0].Of != "A1-000001" || items[0].Name != "GARCIA, MARIA E" || items[0].Amount != 50_00 || items[0].Since != 20261124 {
		t.Errorf("unapplied: %+v", items)
	}
	s.Verify()
}

// What brought a credit may be voided after the credit paid something else. Then more
// was used than came in, and what comes in next is not unapplied until it made up for it.
func TestUsedCreditWhosePaymentIsVoided(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Maria, "1")
	over := s.Do(Maria, pay(Garcia, 200_00, inCash(200_00))) // owes 188.20
	s.DoApproved(Maria, Ana, pay(Oak, 11_80, cash.Tender{Kind: cash.Credit, Amount: 11_80, Reference: string(Garcia)}))
	s.DoApproved(Maria, Ana, cash.VoidPayment{Receipt: over.ReceiptNo("A1"), Reason: "wrong account"})
	said := func(want ledger.Cents) {
		t.Helper()
		var sum, books ledger.Cents
		items, _ := unapplied(s)
		for _, i := range items {
			sum += i.Amount
			if i.Of != string(Garcia) || i.Name != "GARCIA, MARIA E" || i.Amount < 0 && (i.Publish || i.Unclaimed != 0) {
				t.Errorf("unapplied: %+v", i)
			}
		}
		s.Look(func(st *ledger.State) error {
			books = -st.Balance("liabilities:unapplied", string(Garcia)).Net()
			return nil
		})
		if sum != want || books != want {
			t.Errorf("%s is unapplied, the books say %s, want %s", sum, books, want)
		}
	}
	said(-11_80)
	s.Do(Maria, pay(Garcia, 220_00, inCash(220_00))) // 31.80 more than is owed without the credit
	said(20_00)
	s.Verify()
}

// The report and the books say the same, whatever was paid, used and taken back.
func TestUnappliedMoneyIsWhatTheBooksSay(t *testing.T) {
	folder := Folder(t)
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		s := Open(t, fmt.Sprint(folder, "/", run), Options{Policy: withCredits})
		defer s.Close()
		s.Morning(Maria, "1")
		var receipts []ledger.ReceiptNo
		for range rapid.IntRange(1, 15).Draw(t, "steps") {
			switch rapid.IntRange(0, 2).Draw(t, "step") {
			case 0:
				amount := ledger.Cents(rapid.Int64Range(1, 30_000).Draw(t, "amount"))
				e := s.Do(Maria, pay(rapid.SampledFrom([]account.No{Garcia, Bens, Paid}).Draw(t, "account"), amount, inCash(amount)))
				receipts = append(receipts, e.ReceiptNo("A1"))
			case 1:
				amount := ledger.Cents(rapid.Int64Range(1, 10_000).Draw(t, "used"))
				from := rapid.SampledFrom([]account.No{Garcia, Paid}).Draw(t, "from")
				e, err := s.Try(Maria, pay(Oak, amount, cash.Tender{Kind: cash.Credit, Amount: amount, Reference: string(from)}))
				if err == nil {
					receipts = append(receipts, e[0].ReceiptNo("A1"))
				}
			default:
				if len(receipts) > 0 {
					_, _ = s.TryApproved(Maria, Ana, cash.VoidPayment{Receipt: rapid.SampledFrom(receipts).Draw(t, "void"), Reason: "wrong account"})
				}
			}
			s.Clock.Pass(time.Duration(rapid.IntRange(0, 60).Draw(t, "days")) * 24 * time.Hour)
		}
		items, _ := unapplied(s)
		of := make(map[string]ledger.Cents)
		for _, i := range items {
			of[i.Of] += i.Amount
		}
		s.Look(func(st *ledger.State) error {
			for _, no := range []account.No{Garcia, Bens, Paid, Oak} {
				if books := -st.Balance("liabilities:unapplied", string(no)).Net(); of[string(no)] != books {
					t.Fatalf("%s has %s unapplied, the books say %s", no, of[string(no)], books)
				}
			}
			return nil
		})
	})
}

func TestWhenTheNoticeAppears(t *testing.T) {
	n := unclaimed().Notice(20291219)
	if !slices.Equal(n.Published, []ledger.Date{20291219, 20291226}) || n.Earliest != 20300202 || n.Latest != 20300217 {
		t.Errorf("%+v", n)
	}
}

func TestRulesOfUnclaimedMoneyThatCannotBe(t *testing.T) {
	for name, spoil := range map[string]func(*cash.Unclaimed){
		"no years":                    func(u *cash.Unclaimed) { u.Years = 0 },
		"no source":                   func(u *cash.Unclaimed) { u.Source = "" },
		"no notice":                   func(u *cash.Unclaimed) { u.NoticeWeeks = 0 },
		"a notice from below nothing": func(u *cash.Unclaimed) { u.NoticeFrom = -1 },
		"an end before its beginning": func(u *cash.Unclaimed) { u.ClaimBefore = 44 },
	} {
		p := Policy().Cash
		p.Unclaimed = unclaimed()
		if err := p.Check(); err != nil {
			t.Fatal(err)
		}
		spoil(&p.Unclaimed)
		if p.Check() == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}
