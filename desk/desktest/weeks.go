package desktest

import (
	"fmt"
	"time"

	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/ledger"
)

// Accounts with names that are hard to lay out.
const (
	Long   account.No = "04-0404-4"
	Nguyen account.No = "05-0505-5"
)

// Weeks is so many weeks of work, from Monday to Friday, the same each time: two
// cashiers, all means of payment, something taken back every day, differences, bags,
// deposits, and at the end a drawer that is still open. The policy is Everything.
func Weeks(s *Station, weeks int) {
	s.Customers.By[Long] = account.Customer{No: Long, Name: "THE HOMEOWNERS ASSOCIATION OF UPPER ALDER CREEK AND MILL RACE MEADOWS, PHASE III", Service: "1 Long Rd", Current: 9_000_00}
	s.Customers.By[Nguyen] = account.Customer{No: Nguyen, Name: "NGUYỄN THỊ ĐẶNG", Service: "8 Elm St", Current: 84_15}
	s.SignIn(Ben)
	s.DoApproved(Ben, Ana, cash.PayInOrOut{Reason: "change fund from the bank", Amount: 1_000_00})
	began := s.Clock.Now()
	for week := range weeks {
		for day := range 5 {
			s.Clock.Pass(began.AddDate(0, 0, 7*week+day).Sub(s.Clock.Now()))
			aDay(s, week*5+day)
		}
	}
	s.SignIn(Tom)
	s.Do(Tom, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)})
	s.Do(Tom, cash.TakePayment{Pay: []cash.Pay{{Account: Nguyen, Amount: 84_15}}, Tenders: []cash.Tender{{Kind: cash.Cash, Amount: 84_15}}})
}

// aDay is the n-th day of them.
func aDay(s *Station, n int) {
	off := func(k int64) ledger.Cents {
		return ledger.Cents([]int64{0, 0, -5_00, 0, 25, 0, -12_75, 0, 0, 10_00}[(int64(n)*3+k)%10])
	}
	accounts := []account.No{Garcia, Oak, Paid, Long, Nguyen}
	s.SignIn(Tom)
	s.Do(Tom, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)})
	var checks, cards, orders, skimmed ledger.Cents
	inCash, nChecks, nCards := ledger.Cents(200_00), 0, 0
	pay := func(no account.No, t cash.Tender) ledger.Entry {
		s.Clock.Pass(11 * time.Minute)
		return s.Do(Tom, cash.TakePayment{Pay: []cash.Pay{{Account: no, Amount: t.Amount}}, Tenders: []cash.Tender{t}})
	}
	for k := range 6 + n%4 {
		amount := ledger.Cents(20_00 + (n*37+k*911)%190*5*7)
		no := accounts[(n+k)%len(accounts)]
		number := fmt.Sprintf("%d%02d", 100+n, k)
		switch k % 4 {
		case 0, 3:
			pay(no, cash.Tender{Kind: cash.Cash, Amount: amount})
			inCash += amount
		case 1:
			pay(no, cash.Tender{Kind: cash.Check, Amount: amount, Number: number})
			checks, nChecks = checks+amount, nChecks+1
		default:
			pay(no, cash.Tender{Kind: cash.Card, Amount: amount, Reference: "T" + number, LastFour: "4242"})
			cards, nCards = cards+amount, nCards+1
		}
	}
	wrong := pay(Oak, cash.Tender{Kind: cash.Cash, Amount: 31_00})
	s.DoApproved(Tom, Ben, cash.VoidPayment{Receipt: wrong.ReceiptNo("A1"), Reason: "wrong account"})
	s.Do(Tom, cash.NoSaleCommand{Reason: "change for a customer"})
	if n%3 == 1 {
		s.Do(Tom, cash.PayInOrOut{Reason: "postage", Amount: 8_40, Note: "certified letters"})
		inCash -= 8_40
	}
	if n%2 == 1 {
		s.DoApproved(Tom, Ben, cash.Skim{Bag: fmt.Sprintf("AB-%04d", n), Count: Count(60_00)})
		skimmed = 60_00
	}
	first := afternoon(s, n, off(1))
	s.SignIn(Tom)
	counted := cash.CountDrawer{Count: Count(inCash - skimmed + off(0)), Other: others(nChecks, checks, nCards, cards, orders)}
	s.CloseCounted(Tom, counted)
	s.SignIn(Ben)
	if n%4 == 2 {
		s.DoApproved(Ben, Ana, cash.Adjust{Account: Oak, Bucket: account.Current, Amount: -12_50, Reason: "penalty waived", Note: "the meter was read late"})
	}
	if n%5 == 3 {
		s.Do(Ben, cash.ReturnCheck{Receipt: first.ReceiptNo("A1"), Number: fmt.Sprint(900 + n), Reason: "insufficient funds"})
	}
	deposit(s, n)
}

// afternoon is the second drawer's: a few payments and a close.
func afternoon(s *Station, n int, off ledger.Cents) (first ledger.Entry) {
	s.SignIn(Ana)
	s.Do(Ana, cash.OpenDrawer{Drawer: "2", Count: Count(200_00)})
	s.Clock.Pass(2 * time.Hour)
	amount := ledger.Cents(75_00 + n*3_35)
	first = s.Do(Ana, cash.TakePayment{Pay: []cash.Pay{{Account: Long, Amount: amount}}, Tenders: []cash.Tender{{Kind: cash.Check, Amount: amount, Number: fmt.Sprint(900 + n)}}})
	s.Do(Ana, cash.TakePayment{Pay: []cash.Pay{{Account: Garcia, Amount: 40_05}, {Account: Oak, Amount: 15_00}},
		Tenders: []cash.Tender{{Kind: cash.MoneyOrder, Amount: 30_00, Number: fmt.Sprint(5000 + n)}, {Kind: cash.Cash, Amount: 25_05}}})
	s.CloseCounted(Ana, cash.CountDrawer{Count: Count(225_05 + off), Other: others(1, amount, 0, 0, 30_00)})
	if n%5 == 4 {
		s.SignIn(Ben)
		s.DoApproved(Ben, Ana, cash.ReversePayment{Receipt: first.ReceiptNo("A1"), Reason: "wrong amount"})
	}
	return first
}

func others(nChecks int, checks ledger.Cents, nCards int, cards, orders ledger.Cents) (all []cash.CountedTender) {
	for _, o := range []cash.CountedTender{{Kind: cash.Check, Count: nChecks, Amount: checks}, {Kind: cash.Card, Count: nCards, Amount: cards}, {Kind: cash.MoneyOrder, Count: 1, Amount: orders}} {
		if o.Amount > 0 {
			all = append(all, o)
		}
	}
	return all
}

// deposit takes to the bank what waits, but for the last two of five days; the bank
// shows the deposits of the first two.
func deposit(s *Station, n int) {
	if n%5 > 2 {
		return
	}
	do := safe.MakeDeposit{Bank: "first", Bag: fmt.Sprintf("D-%04d", n)}
	var inCash ledger.Cents
	s.Look(func(st *ledger.State) error {
		all, err := safe.AllWaiting(st)
		for _, w := range all {
			for _, a := range w.Amounts {
				if a.Kind != cash.Card {
					do.Parts = append(do.Parts, w.ID)
					inCash += w.Of(cash.Cash)
					break
				}
			}
		}
		return err
	})
	do.Count = Count(inCash)
	made := Body[safe.Deposit](s, s.DoApproved(Ben, Ana, do))
	if n%5 < 2 {
		s.Do(Ben, safe.RecordStatement{Bank: "first", File: "statement.csv", Lines: []safe.Line{{Date: ledger.DateOf(s.Clock.Now()), Amount: made.Total, Reference: made.No}}})
	}
}
