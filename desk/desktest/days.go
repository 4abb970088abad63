package desktest

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// Everything is a policy with all that a drawer's day may have: skims, money paid in
// and out, refunds, adjustments, returned checks, rounding from the second day on, and
// banks.
func Everything(p *desk.Policy) {
	p.Cash.Rounding = cash.Rounding{Resolution: "2026-40", Adopted: 20261001, From: 20261124}
	p.Cash.Paid = []cash.PaidRule{
		{Reason: "postage", Way: cash.Out, Place: cash.PlaceDrawer, Account: "expenses:postage", ApproveAbove: 20_00},
		{Reason: "found in the lobby", Way: cash.In, Place: cash.PlaceDrawer, Account: "income:found", ApproveAbove: 20_00},
		{Reason: "change fund from the bank", Way: cash.In, Place: cash.PlaceSafe, Account: "equity:change-fund"},
	}
	p.Cash.Tenders = append(p.Cash.Tenders, cash.TenderRule{Kind: cash.Credit})
	p.Cash.Reasons.Refund = []string{"paid twice"}
	p.Cash.Reasons.Adjust = []string{"penalty waived"}
	p.Cash.Reasons.Returned = []string{"insufficient funds"}
	p.Cash.Returned = []cash.ReturnedRule{{From: 20260101, First: 25_00, Further: 35_00, Months: 12, NoChecksAfter: 9, NoChecksDays: 365, Answer: 30, Source: "Civil Code 1719"}}
	p.Cash.AdjustLimits = []cash.AdjustLimit{{From: 20260101, Role: staff.Supervisor, Most: 50_00, Source: "resolution 9"}}
	p.Cash.Unclaimed = cash.Unclaimed{Years: 3, NoticeFrom: 15_00, NoticeWeeks: 2, ClaimAfter: 45, ClaimBefore: 60, Source: "Gov. Code 50050 to 50057"}
	p.Safe = safe.Policy{WarnAfter: 24, AlarmAfter: 5, Near: 5, Banks: []safe.Bank{
		{ID: "first", Name: "First Valley Bank", Account: "ending 4410", Bagged: true, Tenders: []cash.TenderKind{cash.Cash, cash.Check, cash.MoneyOrder}},
		{ID: "processor", Name: "Card processor", Tenders: []cash.TenderKind{cash.Card}}}}
}

// Work is random work of any length at a station whose policy is Everything. What the
// rules refuse is not done; only a fault ends it. It says nothing of what is right:
// that is its caller's to say, of the ledger it leaves. It returns how often each
// command was carried out, by its type.
func Work(t *rapid.T, s *Station) (done map[string]int) {
	w := &work{t: t, s: s, at: Tom, done: make(map[string]int)}
	t.Repeat(map[string]func(*rapid.T){
		"pay":     func(*rapid.T) { w.pay() },
		"pay 2":   func(*rapid.T) { w.pay() },
		"pay 3":   func(*rapid.T) { w.pay() },
		"credit":  func(*rapid.T) { w.payByCredit() },
		"undo":    func(*rapid.T) { w.undo() },
		"skim":    func(*rapid.T) { w.skim() },
		"paid":    func(*rapid.T) { w.paid() },
		"refund":  func(*rapid.T) { w.refund() },
		"adjust":  func(*rapid.T) { w.adjust() },
		"bounce":  func(*rapid.T) { w.bounce() },
		"no sale": func(*rapid.T) { w.try(w.at, cash.NoSaleCommand{Reason: "change for a customer"}) },
		"x":       func(*rapid.T) { w.try(w.at, cash.XReportCommand{}) },
		"close":   func(*rapid.T) { w.close() },
		"deposit": func(*rapid.T) { w.deposit() },
		"banking": func(*rapid.T) { w.bank() },
		"safe":    func(*rapid.T) { w.approved(Ben, Ana, safe.CountSafe{Count: w.some("in the safe", 900_00)}) },
		"other":   func(*rapid.T) { w.at = map[staff.ID]staff.ID{Tom: Ana, Ana: Tom}[w.at] },
		"night": func(*rapid.T) {
			s.Clock.Pass(time.Duration(rapid.IntRange(1, 60).Draw(t, "hours")) * time.Hour)
		},
	})
	return w.done
}

type work struct {
	t     *rapid.T
	s     *Station
	at    staff.ID // who works
	seat  staff.ID // who signed in last
	bags  int
	taken []ledger.Entry
	done  map[string]int // by the command's type
}

func (w *work) try(by staff.ID, do any) []ledger.Entry { return w.order(desk.Order{By: by, Do: do}) }

func (w *work) approved(by, approver staff.ID, do any) []ledger.Entry {
	return w.order(desk.Order{By: by, Do: do, Approver: approver, ApproverPIN: PIN})
}

func (w *work) order(o desk.Order) []ledger.Entry {
	if w.seat != o.By {
		w.seat = o.By
		w.s.SignIn(o.By)
	}
	entries, err := w.s.Order(o)
	if _, refused := ledger.AsRefusal(err); err != nil && !refused {
		w.t.Fatalf("%T: %v", o.Do, err)
	}
	if err == nil {
		w.done[fmt.Sprintf("%T", o.Do)]++
	}
	return entries
}

// some is a count of up to so much.
func (w *work) some(what string, most ledger.Cents) cash.Count {
	return Count(ledger.Cents(rapid.Int64Range(0, int64(most)).Draw(w.t, what)))
}

// session is the open session of who works, opened if need be.
func (w *work) session() (one cash.Session) {
	for range 2 {
		var open bool
		w.s.Look(func(st *ledger.State) (err error) {
			one, open, err = cash.SessionOf(st, w.at)
			return err
		})
		if open {
			return one
		}
		float := ledger.Cents(200_00 + rapid.SampledFrom([]int64{0, 0, -1_00, 5}).Draw(w.t, "float off"))
		w.try(w.at, cash.OpenDrawer{Drawer: map[staff.ID]cash.DrawerID{Tom: "1", Ana: "2"}[w.at], Count: Count(float), Reason: "counted wrong at close"})
	}
	return one
}

func (w *work) pay() {
	w.session()
	var do cash.TakePayment
	var left ledger.Cents
	for _, no := range rapid.Permutation([]account.No{Garcia, Oak, Paid, Own}).Draw(w.t, "accounts")[:rapid.IntRange(1, 3).Draw(w.t, "how many")] {
		amount := rapid.SampledFrom([]ledger.Cents{1, 12_03, 62_10, 188_20, 1_204_11}).Draw(w.t, "amount")
		do.Pay = append(do.Pay, cash.Pay{Account: no, Amount: amount})
		left += amount
	}
	if rapid.IntRange(0, 3).Draw(w.t, "without an account too") == 0 {
		do.Pay = append(do.Pay, cash.Pay{For: "J DOE, new service", Amount: 30_00})
		left += 30_00
	}
	for n := range rapid.IntRange(0, 3).Draw(w.t, "tenders before cash") {
		part := ledger.Cents(rapid.Int64Range(1, int64(left)).Draw(w.t, "part"))
		no := fmt.Sprintf("%d%d", len(w.taken), n)
		do.Tenders = append(do.Tenders, rapid.SampledFrom([]cash.Tender{
			{Kind: cash.Check, Amount: part, Number: no},
			{Kind: cash.Card, Amount: part, Reference: "T" + no, LastFour: "4242"},
			{Kind: cash.MoneyOrder, Amount: part, Number: no}}).Draw(w.t, "tender"))
		if left -= part; left == 0 {
			break
		}
	}
	if left > 0 {
		over := ledger.Cents(rapid.SampledFrom([]int64{0, 0, 3, 20_00}).Draw(w.t, "over"))
		do.Tenders = append(do.Tenders, cash.Tender{Kind: cash.Cash, Amount: left + over})
	}
	if entries := w.try(w.at, do); len(entries) > 0 {
		w.taken = append(w.taken, entries[0])
	}
}

// payByCredit pays for an account with what another has too much, or with what a receipt
// keeps without one.
func (w *work) payByCredit() {
	w.session()
	credit := cash.Tender{Kind: cash.Credit, Amount: ledger.Cents(rapid.Int64Range(1, 30_00).Draw(w.t, "credit"))}
	if e, any := w.one(); any && rapid.Bool().Draw(w.t, "of a receipt") {
		credit.Reference = fmt.Sprintf("A1-%06d", e.Receipt)
	} else {
		credit.Reference = string(rapid.SampledFrom([]account.No{Garcia, Paid, Own}).Draw(w.t, "of"))
	}
	do := cash.TakePayment{Pay: []cash.Pay{{Account: Oak, Amount: credit.Amount}}, Tenders: []cash.Tender{credit}}
	if entries := w.approved(w.at, Ben, do); len(entries) > 0 {
		w.taken = append(w.taken, entries[0])
	}
}

// one is a payment that was taken.
func (w *work) one() (ledger.Entry, bool) {
	if len(w.taken) == 0 {
		return ledger.Entry{}, false
	}
	return rapid.SampledFrom(w.taken).Draw(w.t, "payment"), true
}

func (w *work) undo() {
	e, any := w.one()
	if !any {
		return
	}
	w.session()
	if no := e.ReceiptNo("A1"); rapid.Bool().Draw(w.t, "void") {
		w.approved(w.at, Ben, cash.VoidPayment{Receipt: no, Reason: "wrong amount"})
	} else {
		w.approved(w.at, Ben, cash.ReversePayment{Receipt: no, Reason: "wrong account"})
	}
}

func (w *work) skim() {
	w.session()
	w.bags++
	w.approved(w.at, Ben, cash.Skim{Bag: fmt.Sprint("bag-", w.bags), Count: w.some("in the bag", 300_00)})
}

func (w *work) paid() {
	w.session()
	reason := rapid.SampledFrom([]string{"postage", "found in the lobby", "change fund from the bank"}).Draw(w.t, "reason")
	w.approved(rapid.SampledFrom([]staff.ID{w.at, Ben}).Draw(w.t, "by"), Ben, cash.PayInOrOut{Reason: reason, Amount: ledger.Cents(rapid.Int64Range(1, 40_00).Draw(w.t, "amount"))})
}

func (w *work) refund() {
	w.session()
	for _, e := range w.taken {
		from := fmt.Sprintf("A1-%06d", e.Receipt)
		var owed ledger.Cents
		w.s.Look(func(st *ledger.State) error {
			owed = -st.Balance("liabilities:reversed", from).Net()
			return nil
		})
		if owed > 0 {
			w.approved(w.at, Ben, cash.Refund{From: from, Amount: owed, Reason: "paid twice",
				By: rapid.SampledFrom([]cash.RefundBy{cash.RefundCash, cash.RefundWarrant}).Draw(w.t, "by")})
			return
		}
	}
}

func (w *work) adjust() {
	w.approved(Ben, Ana, cash.Adjust{Account: Oak, Bucket: account.Current, Reason: "penalty waived",
		Amount: ledger.Cents(rapid.Int64Range(-50_00, 50_00).Draw(w.t, "amount"))})
}

func (w *work) bounce() {
	e, any := w.one()
	if !any {
		return
	}
	for _, t := range Body[cash.Payment](w.s, e).Tenders {
		if t.Kind == cash.Check {
			w.try(Ben, cash.ReturnCheck{Receipt: e.ReceiptNo("A1"), Number: t.Number, Reason: "insufficient funds"})
			return
		}
	}
}

func (w *work) close() {
	one := w.session()
	do := cash.CountDrawer{}
	off := func(what string, amount ledger.Cents) ledger.Cents {
		return max(0, amount+ledger.Cents(rapid.SampledFrom([]int64{0, 0, 0, -1, 5, -20_00}).Draw(w.t, what)))
	}
	w.s.Look(func(st *ledger.State) error {
		do.Count = Count(off("cash off", cash.InDrawer(st, one.ID, cash.Cash)))
		for _, kind := range []cash.TenderKind{cash.Check, cash.MoneyOrder, cash.Card} {
			if amount := cash.InDrawer(st, one.ID, kind); amount > 0 {
				do.Other = append(do.Other, cash.CountedTender{Kind: kind, Count: 1, Amount: off("other off", amount)})
			}
		}
		return nil
	})
	w.try(w.at, do)
	w.try(w.at, cash.CloseDrawer{})
}

func (w *work) deposit() {
	bank := rapid.SampledFrom([]string{"first", "processor"}).Draw(w.t, "bank")
	do := safe.MakeDeposit{Bank: bank, Note: "counted twice"}
	var inCash ledger.Cents
	w.s.Look(func(st *ledger.State) error {
		all, err := safe.AllWaiting(st)
		for _, one := range all {
			do.Parts = append(do.Parts, one.ID)
			inCash += one.Of(cash.Cash)
		}
		return err
	})
	if bank == "first" {
		w.bags++
		do.Bag = fmt.Sprint("D-", w.bags)
		do.Count = Count(max(0, inCash+ledger.Cents(rapid.SampledFrom([]int64{0, 0, 1, -3}).Draw(w.t, "deposit off"))))
	}
	w.approved(Ben, Ana, do)
}

// bank shows a deposit on its statement, or a little less.
func (w *work) bank() {
	var all []safe.Transit
	w.s.Look(func(st *ledger.State) (err error) {
		all, err = safe.InTransit(st)
		return err
	})
	if len(all) == 0 {
		return
	}
	d := rapid.SampledFrom(all).Draw(w.t, "deposit")
	line := safe.Line{Date: d.Date, Amount: d.Total, Reference: d.No}
	if rapid.Bool().Draw(w.t, "less, and without its number") {
		line.Amount, line.Reference = d.Total-1, ""
	}
	w.try(Ben, safe.RecordStatement{Bank: d.Bank, File: "statement.csv", Lines: []safe.Line{line}})
	w.approved(Ben, Ana, safe.MatchByHand{Bank: d.Bank, Deposit: d.No, Line: line, Note: "as they counted"})
}
