package cash_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

func expect(t *testing.T, what string, err error, code string) {
	t.Helper()
	if got := Code(err); got != code {
		t.Errorf("%s: got %q (%v), want %q", what, got, err, code)
	}
}

func inCash(amount ledger.Cents) cash.Tender { return cash.Tender{Kind: cash.Cash, Amount: amount} }

func byCheck(amount ledger.Cents) cash.Tender {
	return cash.Tender{Kind: cash.Check, Amount: amount, Number: "1042"}
}

func byCard(amount ledger.Cents) cash.Tender {
	return cash.Tender{Kind: cash.Card, Amount: amount, Reference: "T-99821", LastFour: "4242"}
}

func byOrder(amount ledger.Cents) cash.Tender {
	return cash.Tender{Kind: cash.MoneyOrder, Amount: amount, Number: "M 77"}
}

func pay(no account.No, amount ledger.Cents, tenders ...cash.Tender) cash.TakePayment {
	return cash.TakePayment{Pay: []cash.Pay{{Account: no, Amount: amount}}, Tenders: tenders}
}

func with(t cash.Tender, change func(*cash.Tender)) cash.Tender {
	change(&t)
	return t
}

// inDrawer is what a session's drawer should hold in cash.
func inDrawer(s *Station, id cash.SessionID, kind cash.TenderKind) (amount ledger.Cents) {
	s.Look(func(st *ledger.State) error {
		amount = cash.InDrawer(st, id, kind)
		return nil
	})
	return amount
}

func TestTendersAndChange(t *testing.T) {
	for _, c := range []struct {
		name    string
		total   ledger.Cents
		tenders []cash.Tender
		change  ledger.Cents
		want    string
	}{
		{"exact cash", 188_20, []cash.Tender{inCash(188_20)}, 0, ""},
		{"cash with change", 188_20, []cash.Tender{inCash(200_00)}, 11_80, ""},
		{"a check", 188_20, []cash.Tender{byCheck(188_20)}, 0, ""},
		{"a card", 188_20, []cash.Tender{byCard(188_20)}, 0, ""},
		{"a money order", 188_20, []cash.Tender{byOrder(188_20)}, 0, ""},
		{"check and cash, change from the cash", 188_20, []cash.Tender{byCheck(100_00), inCash(100_00)}, 11_80, ""},
		{"all four", 400_00, []cash.Tender{byCheck(100_00), byCard(100_00), byOrder(100_00), inCash(100_01)}, 1, ""},
		{"two checks", 100_00, []cash.Tender{byCheck(60_00), byCheck(40_00)}, 0, ""},
		{"cash in two lots", 100_00, []cash.Tender{inCash(60_00), inCash(60_00)}, 20_00, ""},
		{"a cent short", 188_20, []cash.Tender{inCash(188_19)}, 0, "cash.short at tenders"},
		{"a check for more", 188_20, []cash.Tender{byCheck(200_00)}, 0, "cash.change_only_from_cash at tenders"},
		{"a card for more, with cash", 188_20, []cash.Tender{byCard(188_21), inCash(1_00)}, 0, "cash.change_only_from_cash at tenders"},
		{"cash that is not needed", 188_20, []cash.Tender{byCard(188_20), inCash(20_00)}, 0, "cash.cash_not_needed at tenders"},
		{"nothing", 188_20, nil, 0, "cash.tenders at tenders"},
		{"eleven tenders", 11_00, slices.Repeat([]cash.Tender{inCash(1_00)}, 11), 0, "cash.tenders at tenders"},
		{"ten tenders", 10_00, slices.Repeat([]cash.Tender{inCash(1_00)}, 10), 0, ""},
		{"a tender of nothing", 1_00, []cash.Tender{inCash(1_00), byCheck(0)}, 0, "cash.tender_amount at tenders"},
		{"below nothing", 1_00, []cash.Tender{inCash(2_00), byCheck(-1_00)}, 0, "cash.tender_amount at tenders"},
		{"too much for a field", 1_00, []cash.Tender{inCash(ledger.MaxAmount + 1)}, 0, "cash.tender_amount at tenders"},
		{"an unknown tender", 1_00, []cash.Tender{{Kind: "shells", Amount: 1_00}}, 0, "cash.unknown_tender at tenders"},
		{"a check at the limit", 5_000_00, []cash.Tender{byCheck(5_000_00)}, 0, ""},
		{"a check above the limit", 5_000_01, []cash.Tender{byCheck(5_000_01)}, 0, "cash.tender_limit at tenders"},
		{"two checks that pass it together", 5_000_01, []cash.Tender{byCheck(5_000_00), byCheck(1)}, 0, "cash.tender_limit at tenders"},
		{"no limit for a card", 9_000_00, []cash.Tender{byCard(9_000_00)}, 0, ""},

		{"cash with a number", 1_00, []cash.Tender{with(inCash(1_00), func(t *cash.Tender) { t.Number = "1" })}, 0, "cash.cash_has_no_number at number"},
		{"cash with a reference", 1_00, []cash.Tender{with(inCash(1_00), func(t *cash.Tender) { t.Reference = "1" })}, 0, "cash.cash_has_no_number at number"},
		{"a check without a number", 1_00, []cash.Tender{with(byCheck(1_00), func(t *cash.Tender) { t.Number = " " })}, 0, "cash.number_needed at number"},
		{"a money order without a number", 1_00, []cash.Tender{with(byOrder(1_00), func(t *cash.Tender) { t.Number = "" })}, 0, "cash.number_needed at number"},
		{"a check with last four", 1_00, []cash.Tender{with(byCheck(1_00), func(t *cash.Tender) { t.LastFour = strings.Repeat("9", 1000) })}, 0, "cash.not_a_card at reference"},
		{"a number too long", 1_00, []cash.Tender{with(byCheck(1_00), func(t *cash.Tender) { t.Number = strings.Repeat("9", 41) })}, 0, "cash.number_too_long at number"},
		{"a number as long as it may be", 1_00, []cash.Tender{with(byCheck(1_00), func(t *cash.Tender) { t.Number = strings.Repeat("9", 20) })}, 0, ""},
		{"a number that is no text", 1_00, []cash.Tender{with(byCheck(1_00), func(t *cash.Tender) { t.Number = "10\xff42" })}, 0, "cash.odd_characters at number"},
		{"a number that moves the printer", 1_00, []cash.Tender{with(byCheck(1_00), func(t *cash.Tender) { t.Number = "\x1bp0" })}, 0, "cash.odd_characters at number"},
		{"a number that turns the line around", 1_00, []cash.Tender{with(byCheck(1_00), func(t *cash.Tender) { t.Number = "10\u202e42" })}, 0, "cash.odd_characters at number"},
		{"a card without a reference", 1_00, []cash.Tender{with(byCard(1_00), func(t *cash.Tender) { t.Reference = "" })}, 0, "cash.reference_needed at reference"},
		{"a reference too long", 1_00, []cash.Tender{with(byCard(1_00), func(t *cash.Tender) { t.Reference = strings.Repeat("T", 41) })}, 0, "cash.number_too_long at reference"},
		{"a reference of two lines", 1_00, []cash.Tender{with(byCard(1_00), func(t *cash.Tender) { t.Reference = "T\n1" })}, 0, "cash.odd_characters at reference"},
		{"a card without last four", 1_00, []cash.Tender{with(byCard(1_00), func(t *cash.Tender) { t.LastFour = "" })}, 0, "cash.last_four at last_four"},
		{"last five", 1_00, []cash.Tender{with(byCard(1_00), func(t *cash.Tender) { t.LastFour = "42424" })}, 0, "cash.last_four at last_four"},
		{"last four letters", 1_00, []cash.Tender{with(byCard(1_00), func(t *cash.Tender) { t.LastFour = "4a42" })}, 0, "cash.last_four at last_four"},
		{"a card with a number", 1_00, []cash.Tender{with(byCard(1_00), func(t *cash.Tender) { t.Number = "1" })}, 0, "cash.card_has_no_number at number"},
	} {
		got, err := Policy().Cash.Settle(20261123, c.total, c.tenders)
		expect(t, c.name, err, c.want)
		if got != (cash.Settled{Change: c.change}) {
			t.Errorf("%s: settled %+v, want change %s", c.name, got, c.change)
		}
	}
}

func TestPaymentsThatAreRefused(t *testing.T) {
	s := New(t, Options{})
	s.Morning(Maria, "1")
	thirteen := make([]cash.Pay, 13)
	for i := range thirteen {
		thirteen[i] = cash.Pay{Account: account.No(fmt.Sprint(i)), Amount: 1}
	}
	before := s.Book.Head().Seq
	for _, c := range []struct {
		name string
		do   cash.TakePayment
		want string
	}{
		{"for nobody", cash.TakePayment{Tenders: []cash.Tender{inCash(1)}}, "cash.accounts at pay"},
		{"for thirteen", cash.TakePayment{Pay: thirteen, Tenders: []cash.Tender{inCash(13)}}, "cash.accounts at pay"},
		{"of nothing", pay(Garcia, 0, inCash(1)), "cash.pay_amount at amount"},
		{"below nothing", pay(Garcia, -1, inCash(1)), "cash.pay_amount at amount"},
		{"too much for a field", pay(Garcia, ledger.MaxAmount+1, inCash(1)), "cash.pay_amount at amount"},
		{"too much together", cash.TakePayment{Pay: []cash.Pay{{Account: Garcia, Amount: ledger.MaxAmount}, {Account: Oak, Amount: 1}}, Tenders: []cash.Tender{inCash(1)}}, "cash.total at amount"},
		{"one account twice", cash.TakePayment{Pay: []cash.Pay{{Account: Garcia, Amount: 1}, {Account: Garcia, Amount: 1}}, Tenders: []cash.Tender{inCash(2)}}, "cash.account_twice at pay"},
		{"her own account", pay(Own, 50_00, inCash(50_00)), "cash.own_account at pay"},
		{"her own account among others", cash.TakePayment{Pay: []cash.Pay{{Account: Garcia, Amount: 1}, {Account: Own, Amount: 1}}, Tenders: []cash.Tender{inCash(2)}}, "cash.own_account at pay"},
		{"an account nobody has", pay("99-9999-9", 1, inCash(1)), "account.unknown"},
		{"no account number", pay("", 1, inCash(1)), "cash.for_whom at for"},
		{"no account number, but long", pay(account.No(strings.Repeat("1", 1<<20)), 1, inCash(1)), "account.bad_number"},
		{"a check where checks were returned", pay(Returned, 40_00, byCheck(40_00)), "cash.no_checks at tenders"},
		{"a split with such a check", pay(Returned, 40_00, inCash(20_00), byCheck(20_00)), "cash.no_checks at tenders"},
		{"a check for two, one of whom", cash.TakePayment{Pay: []cash.Pay{{Account: Garcia, Amount: 1_00}, {Account: Returned, Amount: 1_00}}, Tenders: []cash.Tender{byCheck(2_00)}}, "cash.no_checks at tenders"},
		{"short", pay(Garcia, 2, inCash(1)), "cash.short at tenders"},
		{"a card's number as the reference", pay(Garcia, 1_00, with(byCard(1_00), func(t *cash.Tender) { t.Reference = "4111 1111 1111 1111" })), "card.refused at reference"},
		{"a card's number as a check's", pay(Garcia, 1_00, with(byCheck(1_00), func(t *cash.Tender) { t.Number = "378282246310005" })), "card.refused at number"},
	} {
		_, err := s.Try(Maria, c.do)
		expect(t, c.name, err, c.want)
	}
	if got := s.Book.Head().Seq; got != before {
		t.Errorf("%d entries were written by refusals", got-before)
	}
}

func TestANoCheckFlagEndsWithItsDay(t *testing.T) {
	s := New(t, Options{})
	s.Morning(Maria, "1")
	// 16:30 in Arroyo: in Greenwich the next day has begun, and the flag still holds.
	s.Clock.Pass(8*time.Hour + 30*time.Minute)
	_, err := s.Try(Maria, pay(Returned, 40_00, byCheck(40_00)))
	expect(t, "in the evening of the last day", err, "cash.no_checks at tenders")
	s.Do(Maria, pay(Returned, 10_00, byOrder(10_00)))
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00), Other: []cash.CountedTender{{Kind: cash.MoneyOrder, Count: 1, Amount: 10_00}}})
	s.Clock.Pass(16 * time.Hour)
	s.Do(Maria, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)})
	s.Do(Maria, pay(Returned, 30_00, byCheck(30_00)))
	s.Verify()
}

func TestNobodyPaysWithoutASession(t *testing.T) {
	s := New(t, Options{})
	for _, who := range []staff.ID{Maria, Ana, Ben} { // for every role
		s.SignIn(who)
		for _, do := range []any{pay(Garcia, 1, inCash(1)), cash.NoSaleCommand{Reason: "change for a customer"}, cash.XReportCommand{},
			cash.CloseDrawer{}, cash.VoidPayment{Receipt: "A1-000001", Reason: "wrong amount"}} {
			_, err := s.Try(who, do)
			expect(t, fmt.Sprintf("%s does %T", who, do), err, "cash.no_session")
		}
	}
	s.SignIn(Auditor)
	for _, do := range []any{cash.OpenDrawer{Drawer: "1", Count: Count(200_00)}, pay(Garcia, 1, inCash(1)), cash.XReportCommand{},
		cash.ReversePayment{Receipt: "A1-000001", Reason: "wrong amount"}} {
		_, err := s.Try(Auditor, do)
		expect(t, fmt.Sprintf("an auditor does %T", do), err, "staff.no_right")
	}
}

func TestTheEntryOfAPaymentHasWhatTheReceiptShows(t *testing.T) {
	s := New(t, Options{Offline: true})
	opened := s.Morning(Maria, "2")
	e := s.Do(Maria, cash.TakePayment{
		Pay:     []cash.Pay{{Account: Garcia, Amount: 100_00}, {Account: Paid, Amount: 20_00}},
		Tenders: []cash.Tender{byCheck(70_00), inCash(60_00)},
	})
	got := Body[cash.Payment](s, e)
	if e.Receipt != 1 || e.Totals.Taken != 120_00 || e.Date != 20261123 || e.Actor != string(Maria) {
		t.Errorf("entry: receipt %d, taken %s, date %s, actor %s", e.Receipt, e.Totals.Taken, e.Date, e.Actor)
	}
	if got.Session != opened.Session || got.Drawer != "2" || got.Cashier != "Maria Lopez" || got.Total != 120_00 || got.Change != 10_00 ||
		got.Rule != "2026-1" || !got.Offline || !got.Opens || !slices.Equal(got.Tenders, []cash.Tender{byCheck(70_00), inCash(60_00)}) {
		t.Errorf("body: %+v", got)
	}
	garcia := got.Parts[0]
	if garcia.Name != "GARCIA, MARIA E" || garcia.Service != "1423 Oak St" || garcia.Before != 188_20 || garcia.After != 88_20 ||
		garcia.AsOf != Began().UnixMicro() || garcia.Basis != 7 ||
		!slices.Equal(garcia.Allocation, []cash.Allocated{{account.PastDue, 62_10}, {account.Penalties, 5_00}, {account.Current, 32_90}}) {
		t.Errorf("first part: %+v", garcia)
	}
	// Who has a credit already gets more of it.
	if paid := got.Parts[1]; paid.Before != -12_00 || paid.After != -32_00 || !slices.Equal(paid.Allocation, []cash.Allocated{{account.Credit, 20_00}}) {
		t.Errorf("second part: %+v", paid)
	}
	if inDrawer(s, opened.Session, cash.Cash) != 250_00 || inDrawer(s, opened.Session, cash.Check) != 70_00 {
		t.Error("the drawer does not hold what was taken less the change")
	}
	// A card alone leaves the drawer shut.
	if Body[cash.Payment](s, s.Do(Maria, pay(Oak, 5_00, byCard(5_00)))).Opens {
		t.Error("the drawer opens for a card")
	}
	s.Verify()
}

func TestALongNameFitsTheEntry(t *testing.T) {
	s := New(t, Options{})
	c := s.Customers.By[Garcia]
	c.Name, c.Service = strings.Repeat("Ñ", 1<<17), strings.Repeat("x", 1<<17)
	s.Customers.By[Garcia] = c
	s.Morning(Maria, "1")
	if part := Body[cash.Payment](s, s.Do(Maria, pay(Garcia, 1_00, inCash(1_00)))).Parts[0]; part.Name != strings.Repeat("Ñ", 120) || len(part.Service) != 120 {
		t.Errorf("%d bytes of name, %d of service address", len(part.Name), len(part.Service))
	}
}

// The largest payment there can be is one entry.
func TestTheLargestPaymentFits(t *testing.T) {
	s := New(t, Options{})
	do := cash.TakePayment{}
	var total ledger.Cents
	for i := range 12 {
		no := account.No(fmt.Sprintf("%032d", i))
		s.Customers.By[no] = account.Customer{No: no, Name: strings.Repeat("Ñ", 200), Service: strings.Repeat("ø", 200), PastDue: 1, Penalties: 1, Current: 1}
		do.Pay = append(do.Pay, cash.Pay{Account: no, Amount: 4})
		total += 4
	}
	for _, t := range []cash.Tender{byCheck(5), byCard(5), byOrder(5)} {
		for range 3 {
			t.Amount = 4
			if t.Kind == cash.Card {
				t.Reference = strings.Repeat("界", 40)
			} else {
				t.Number = strings.Repeat("界", map[cash.TenderKind]int{cash.Check: 20, cash.MoneyOrder: 40}[t.Kind])
			}
			do.Tenders = append(do.Tenders, t)
			total -= 4
		}
	}
	do.Tenders = append(do.Tenders, inCash(total))
	s.Morning(Maria, "1")
	if e := s.Do(Maria, do); len(e.Lines) != 12*4+4 {
		t.Errorf("%d postings", len(e.Lines))
	}
	s.Verify()
}

// TestASplitAsAsked: what the customer names gets the money, and not the table's first;
// with a reason and a second person, and never more than is owed.
func TestASplitAsAsked(t *testing.T) {
	s := New(t, Options{Policy: func(p *desk.Policy) { p.Cash.Reasons.Split = []string{"penalty in dispute"} }})
	s.Morning(Maria, "1")
	split := func(why string, amount ledger.Cents, parts ...cash.Allocated) cash.TakePayment {
		do := pay(Garcia, amount, inCash(amount))
		do.Pay[0].Split, do.Pay[0].Why = parts, why
		return do
	}
	const why = "penalty in dispute"
	current := cash.Allocated{Bucket: account.Current, Amount: 100_00}
	for _, c := range []struct {
		name string
		do   cash.TakePayment
		want string
	}{
		{"no reason", split("", 100_00, current), "cash.reason at reason"},
		{"a reason of one's own", split("because", 100_00, current), "cash.reason at reason"},
		{"a reason without a split", split(why, 100_00), "cash.split_needed at split"},
		{"another sum", split(why, 100_01, current), "cash.split_sum at split"},
		{"more than is owed", split(why, 300_00, cash.Allocated{Bucket: account.Current, Amount: 300_00}), "cash.split_owed at split"},
		{"a part twice", split(why, 100_00, cash.Allocated{Bucket: account.Current, Amount: 50_00}, cash.Allocated{Bucket: account.Current, Amount: 50_00}), "cash.bucket at split"},
		{"to credit", split(why, 100_00, cash.Allocated{Bucket: account.Credit, Amount: 100_00}), "cash.bucket at split"},
		{"less than nothing", split(why, 10_00, cash.Allocated{Bucket: account.Current, Amount: 20_00}, cash.Allocated{Bucket: account.Penalties, Amount: -10_00}), "cash.split_owed at split"},
	} {
		_, err := s.TryApproved(Maria, Ana, c.do)
		expect(t, c.name, err, c.want)
	}
	_, err := s.Try(Maria, split(why, 100_00, current))
	expect(t, "alone", err, "staff.approval_needed at approver")
	e := s.DoApproved(Maria, Ana, split(why, 100_00, current))
	body := Body[cash.Payment](s, e)
	if p := body.Parts[0]; !slices.Equal(p.Allocation, []cash.Allocated{current}) || p.Why != why || body.Approver != Ana || p.After != 88_20 {
		t.Errorf("paid %+v by %s", p, body.Approver)
	}
	// The table goes on with what is left.
	rest := Body[cash.Payment](s, s.Do(Maria, pay(Garcia, 88_20, inCash(88_20)))).Parts[0]
	if rest.After != 0 || rest.Allocation[0] != (cash.Allocated{Bucket: account.PastDue, Amount: 62_10}) {
		t.Errorf("the rest: %+v", rest)
	}
	s.Verify()
}

// TestMoneyWithoutAnAccount waits under its receipt's number, with its age, until it is
// put on an account or given back.
func TestMoneyWithoutAnAccount(t *testing.T) {
	s := New(t, Options{Policy: func(p *desk.Policy) {
		p.Cash.Reasons.Refund = []string{"paid twice"}
		p.Cash.Tenders = append(p.Cash.Tenders, cash.TenderRule{Kind: cash.Credit})
	}})
	s.Morning(Maria, "1")
	take := func(whose string, amount ledger.Cents, tenders ...cash.Tender) cash.TakePayment {
		return cash.TakePayment{Pay: []cash.Pay{{For: whose, Amount: amount}}, Tenders: tenders}
	}
	for _, c := range []struct {
		name string
		do   cash.TakePayment
		want string
	}{
		{"nobody's", take(" ", 80_00, inCash(80_00)), "cash.for_whom at for"},
		{"a text without end", take(strings.Repeat("x", 1000), 80_00, inCash(80_00)), "cash.note_too_long at for"},
		{"nothing", take("J. Doe", 0, inCash(80_00)), "cash.pay_amount at amount"},
		{"twice in one", cash.TakePayment{Pay: []cash.Pay{{For: "A", Amount: 1}, {For: "B", Amount: 1}}, Tenders: []cash.Tender{inCash(2)}}, "cash.account_twice at pay"},
		{"of an account", cash.TakePayment{Pay: []cash.Pay{{Account: Garcia, For: "A", Amount: 1}}, Tenders: []cash.Tender{inCash(1)}}, "cash.for_account at for"},
	} {
		_, err := s.Try(Maria, c.do)
		expect(t, c.name, err, c.want)
	}
	e := s.Do(Maria, take("J. Doe, 5 Elm St, new service", 80_00, inCash(80_00)))
	no := string(e.ReceiptNo("A1"))
	items := func() (all []cash.UnappliedItem) {
		var u cash.Unapplied
		entries := s.Entries()
		for i := range entries {
			if err := u.Take(&entries[i]); err != nil {
				t.Fatal(err)
			}
		}
		return u.Items(cash.Unclaimed{}, e.Date)
	}
	if got := items(); len(got) != 1 || got[0].Amount != 80_00 || got[0].Name != "J. Doe, 5 Elm St, new service" || !strings.HasPrefix(no, got[0].Of) {
		t.Errorf("unapplied: %+v, receipt %s", got, no)
	}
	byCredit := func(amount ledger.Cents) cash.Tender {
		return cash.Tender{Kind: cash.Credit, Amount: amount, Reference: no}
	}
	s.DoApproved(Maria, Ana, pay(Garcia, 50_00, byCredit(50_00)))
	_, err := s.Try(Maria, pay(Garcia, 30_01, byCredit(30_01)))
	expect(t, "more than is there", err, "cash.credit_short at tenders")
	s.DoApproved(Maria, Ana, cash.Refund{From: no, Amount: 10_00, By: cash.RefundCash, Reason: "paid twice"})
	if got := items(); len(got) != 1 || got[0].Amount != 20_00 {
		t.Errorf("unapplied: %+v", got)
	}
	// One that is voided leaves nothing.
	other := s.Do(Maria, take("somebody", 5_00, inCash(5_00)))
	s.DoApproved(Maria, Ana, cash.VoidPayment{Receipt: other.ReceiptNo("A1"), Reason: "wrong amount"})
	if got := items(); len(got) != 1 {
		t.Errorf("after the void: %+v", got)
	}
	s.Verify()
}

func TestAllocation(t *testing.T) {
	row := func(order ...account.Bucket) cash.AllocationRow {
		return cash.AllocationRow{Version: "x", Order: order}
	}
	usual := row(account.PastDue, account.Penalties, account.Current)
	owes := account.Customer{PastDue: 30, Penalties: 20, Current: 50}
	for _, c := range []struct {
		name     string
		rule     cash.AllocationRow
		customer account.Customer
		here     map[account.Bucket]ledger.Cents
		amount   ledger.Cents
		want     []cash.Allocated
	}{
		{"part of the first", usual, owes, nil, 10, []cash.Allocated{{account.PastDue, 10}}},
		{"exactly the first", usual, owes, nil, 30, []cash.Allocated{{account.PastDue, 30}}},
		{"into the second", usual, owes, nil, 31, []cash.Allocated{{account.PastDue, 30}, {account.Penalties, 1}}},
		{"all", usual, owes, nil, 100, []cash.Allocated{{account.PastDue, 30}, {account.Penalties, 20}, {account.Current, 50}}},
		{"more than all stays as credit", usual, owes, nil, 107, []cash.Allocated{{account.PastDue, 30}, {account.Penalties, 20}, {account.Current, 50}, {account.Credit, 7}}},
		{"penalties first", row(account.Penalties, account.PastDue, account.Current), owes, nil, 25, []cash.Allocated{{account.Penalties, 20}, {account.PastDue, 5}}},
		{"current first", row(account.Current, account.Penalties, account.PastDue), owes, nil, 60, []cash.Allocated{{account.Current, 50}, {account.Penalties, 10}}},
		{"nothing is owed", usual, account.Customer{}, nil, 5, []cash.Allocated{{account.Credit, 5}}},
		{"a credit takes nothing", usual, account.Customer{Current: -40, PastDue: 10}, nil, 15, []cash.Allocated{{account.PastDue, 10}, {account.Credit, 5}}},
		{"what was paid here is not owed", usual, owes, map[account.Bucket]ledger.Cents{account.PastDue: 30, account.Penalties: 5}, 20, []cash.Allocated{{account.Penalties, 15}, {account.Current, 5}}},
	} {
		standing := account.Standing{Customer: c.customer, Here: c.here}
		if got := cash.Allocate(c.rule, standing, c.amount); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestTheAllocationTableIsTheOneInForce(t *testing.T) {
	for _, c := range []struct {
		now  time.Time
		want string
	}{
		{time.Date(2026, 12, 31, 23, 59, 0, 0, time.UTC).Add(7 * time.Hour), "2026-1"},
		{time.Date(2027, 1, 1, 0, 1, 0, 0, time.UTC).Add(8 * time.Hour), "2027-1"},
	} {
		s := New(t, Options{})
		s.Clock.Pass(c.now.Sub(Began()))
		s.Morning(Maria, "1")
		if got := Body[cash.Payment](s, s.Do(Maria, pay(Garcia, 1_00, inCash(1_00)))).Rule; got != c.want {
			t.Errorf("on %s: %s, want %s", c.now, got, c.want)
		}
	}
	s := New(t, Options{})
	s.Clock.Pass(-400 * 24 * time.Hour)
	s.Morning(Maria, "1")
	_, err := s.Try(Maria, pay(Garcia, 1_00, inCash(1_00)))
	expect(t, "before the first table", err, "cash.no_allocation_table")
}

func TestPoliciesThatCannotBeWorkedWith(t *testing.T) {
	good := Policy().Cash
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*cash.Policy){
		"no drawer":                    func(p *cash.Policy) { p.Drawers = nil },
		"a drawer twice":               func(p *cash.Policy) { p.Drawers = []cash.DrawerID{"1", "1"} },
		"a drawer without a name":      func(p *cash.Policy) { p.Drawers = []cash.DrawerID{""} },
		"a drawer that cannot print":   func(p *cash.Policy) { p.Drawers = []cash.DrawerID{"\x1b"} },
		"a drawer with a long name":    func(p *cash.Policy) { p.Drawers = []cash.DrawerID{cash.DrawerID(strings.Repeat("1", 61))} },
		"a float below zero":           func(p *cash.Policy) { p.Float = -1 },
		"a float beyond all drawers":   func(p *cash.Policy) { p.Float = ledger.MaxAmount + 1 },
		"no denominations":             func(p *cash.Policy) { p.Denominations = nil },
		"a denomination of nothing":    func(p *cash.Policy) { p.Denominations = []ledger.Cents{0} },
		"a denomination twice":         func(p *cash.Policy) { p.Denominations = []ledger.Cents{1, 1} },
		"a note nobody ever saw":       func(p *cash.Policy) { p.Denominations = []ledger.Cents{10_001_00} },
		"no tender":                    func(p *cash.Policy) { p.Tenders = nil },
		"a tender nobody knows":        func(p *cash.Policy) { p.Tenders = append(p.Tenders, cash.TenderRule{Kind: "shells"}) },
		"a tender twice":               func(p *cash.Policy) { p.Tenders = append(p.Tenders, p.Tenders[0]) },
		"a limit below zero":           func(p *cash.Policy) { p.Tenders[0].Most = -1 },
		"no allocation":                func(p *cash.Policy) { p.Allocation = nil },
		"a table without a version":    func(p *cash.Policy) { p.Allocation[0].Version = "" },
		"a table without a date":       func(p *cash.Policy) { p.Allocation[0].From = 0 },
		"a table from no date":         func(p *cash.Policy) { p.Allocation[0].From = 20261301 },
		"a version twice":              func(p *cash.Policy) { p.Allocation[0].Version = p.Allocation[1].Version },
		"two tables from one day":      func(p *cash.Policy) { p.Allocation[0].From = p.Allocation[1].From },
		"a table of nobody's":          func(p *cash.Policy) { p.Allocation[0].Source = "" },
		"a source without end":         func(p *cash.Policy) { p.Allocation[0].Source = strings.Repeat("x", 201) },
		"a bucket is missing":          func(p *cash.Policy) { p.Allocation[0].Order = p.Allocation[0].Order[:2] },
		"a bucket twice":               func(p *cash.Policy) { p.Allocation[0].Order = []account.Bucket{"current", "current", "penalties"} },
		"a bucket nobody knows":        func(p *cash.Policy) { p.Allocation[0].Order = []account.Bucket{"current", "past-due", "fees"} },
		"credit is no debt":            func(p *cash.Policy) { p.Allocation[0].Order = []account.Bucket{"current", "past-due", "credit"} },
		"no reasons to void":           func(p *cash.Policy) { p.Reasons.Void = nil },
		"no reasons to open":           func(p *cash.Policy) { p.Reasons.NoSale = nil },
		"no reasons for the float":     func(p *cash.Policy) { p.Reasons.Float = nil },
		"an empty reason":              func(p *cash.Policy) { p.Reasons.Void = []string{""} },
		"a reason twice":               func(p *cash.Policy) { p.Reasons.Void = []string{"a", "a"} },
		"a reason that is no sentence": func(p *cash.Policy) { p.Reasons.Void = []string{strings.Repeat("a", 61)} },
	} {
		p := Policy().Cash
		spoil(&p)
		if p.Check() == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}
