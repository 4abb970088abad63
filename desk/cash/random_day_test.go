package cash_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// days plays random days at a station, and keeps a naive book of its own beside
// it: a list of everything taken, added up from nothing each time.
type days struct {
	t        *rapid.T
	s        *Station
	open     map[staff.ID]*session
	at       staff.ID
	floats   map[cash.DrawerID]ledger.Cents
	taken    []*taken
	owed     map[account.No]map[account.Bucket]ledger.Cents
	sessions int
	zs       uint64
	vouchers int // receipts that are neither of a payment nor of its undoing
	bags     int
	lastZ    ledger.Leaf
	fees     map[account.No]int // checks that came back
}

type session struct {
	id       cash.SessionID
	drawer   cash.DrawerID
	float    ledger.Cents
	date     ledger.Date
	noSales  int
	skims    int
	reversed []ledger.Cents // of payments of sessions before
	bagged   map[cash.TenderKind]ledger.Cents
	bags     []cash.Item // checks in a bag, one by one
	paidIn   ledger.Cents
	paidOut  ledger.Cents
	refunds  int
	back     ledger.Cents
	voids    []ledger.ReceiptNo
	closed   bool
}

type taken struct {
	no      ledger.ReceiptNo
	receipt uint64
	in      *session
	parts   []cash.Part
	tenders []cash.Tender
	change  ledger.Cents
	rounded ledger.Cents
	void    bool
	undone  bool
	left    ledger.Cents // of what is kept without an account
	back    ledger.Cents // of what is owed since the reversal
	bounced []cash.Tender
}

func TestRandomDays(t *testing.T) {
	folder := Folder(t)
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		d := &days{t: t, s: Open(t, mkdir(t, filepath.Join(folder, fmt.Sprint(n))), Options{Policy: allOfIt}), open: map[staff.ID]*session{},
			floats: map[cash.DrawerID]ledger.Cents{"1": 200_00, "2": 200_00}, owed: map[account.No]map[account.Bucket]ledger.Cents{}, fees: map[account.No]int{}}
		defer d.s.Close()
		for no, c := range d.s.Customers.By {
			d.owed[no] = map[account.Bucket]ledger.Cents{account.PastDue: c.PastDue, account.Penalties: c.Penalties, account.Current: c.Current}
		}
		t.Repeat(map[string]func(*rapid.T){
			"":         func(*rapid.T) { d.check() },
			"sign in":  func(*rapid.T) { d.signIn() },
			"open":     func(*rapid.T) { d.openDrawer() },
			"pay":      func(*rapid.T) { d.pay() },
			"pay 2":    func(*rapid.T) { d.pay() },
			"pay 3":    func(*rapid.T) { d.pay() },
			"credit":   func(*rapid.T) { d.payByCredit() },
			"credit 2": func(*rapid.T) { d.payByCredit() },
			"bounce":   func(*rapid.T) { d.bounce() },
			"undo":     func(*rapid.T) { d.undo() },
			"skim":     func(*rapid.T) { d.skim() },
			"paid":     func(*rapid.T) { d.paid() },
			"refund":   func(*rapid.T) { d.refund() },
			"surprise": func(*rapid.T) { d.surprise() },
			"no sale":  func(*rapid.T) { d.noSale() },
			"x":        func(*rapid.T) { d.x() },
			"close":    func(*rapid.T) { d.close() },
			"restart":  func(*rapid.T) { d.s.Reopen() },
			"night":    func(*rapid.T) { d.s.Clock.Pass(time.Duration(rapid.IntRange(1, 40).Draw(t, "hours")) * time.Hour) },
		})
		d.check()
		d.checkLog()
		d.s.Verify()
	})
}

func (d *days) signIn() {
	d.at = rapid.SampledFrom([]staff.ID{Tom, Ana}).Draw(d.t, "who")
	d.s.SignIn(d.at)
}

// mine is the session of who is signed in.
func (d *days) mine() *session {
	if d.at == "" {
		d.signIn()
	}
	if d.open[d.at] == nil {
		d.openDrawer()
	}
	return d.open[d.at]
}

func (d *days) openDrawer() {
	if d.at == "" {
		d.signIn()
	}
	if d.open[d.at] != nil {
		return
	}
	drawer := map[staff.ID]cash.DrawerID{Tom: "1", Ana: "2"}[d.at]
	counted := max(0, d.floats[drawer]+ledger.Cents(rapid.SampledFrom([]int{0, 0, 0, -50_00, -1, 1, 300_00}).Draw(d.t, "float off")))
	do := cash.OpenDrawer{Drawer: drawer, Count: Count(counted)}
	if counted != d.floats[drawer] {
		do.Reason = "counted wrong at close"
	}
	e := d.s.Do(d.at, do)
	body := Body[cash.DrawerOpened](d.s, e)
	d.sessions++
	if body.Expected != d.floats[drawer] || body.Float != counted || body.Session != cash.SessionID(fmt.Sprintf("A1-S%04d", d.sessions)) {
		d.t.Fatalf("opened %+v, the last close left %s", body, d.floats[drawer])
	}
	d.open[d.at] = &session{id: body.Session, drawer: drawer, float: counted, date: e.Date, bagged: map[cash.TenderKind]ledger.Cents{}}
}

func (d *days) pay() {
	in := d.mine()
	amounts := rapid.SampledFrom([]ledger.Cents{1, 5, 12_00, 62_10, 67_10, 100_00, 188_20, 188_21, 1_204_11, 3_000_00})
	var do cash.TakePayment
	var total ledger.Cents
	for _, no := range rapid.Permutation([]account.No{Garcia, Oak, Paid, Own}).Draw(d.t, "accounts")[:rapid.IntRange(1, 4).Draw(d.t, "how many")] {
		amount := amounts.Draw(d.t, "amount")
		do.Pay = append(do.Pay, cash.Pay{Account: no, Amount: amount})
		total += amount
	}
	if rapid.IntRange(0, 3).Draw(d.t, "without an account too") == 0 {
		amount := amounts.Draw(d.t, "amount")
		do.Pay = append(do.Pay, cash.Pay{For: "J DOE, new service", Amount: amount})
		total += amount
	}
	left, checks := total, ledger.Cents(0)
	for range rapid.IntRange(0, 4).Draw(d.t, "tenders before cash") {
		part := ledger.Cents(rapid.Int64Range(1, int64(left)).Draw(d.t, "part"))
		tender := rapid.SampledFrom([]cash.Tender{byCheck(part), byCard(part), byOrder(part)}).Draw(d.t, "tender")
		if tender.Kind == cash.Check {
			if checks+part > 5_000_00 {
				continue
			}
			checks += part
			tender.Number = fmt.Sprint(1000 + len(do.Tenders))
		}
		do.Tenders = append(do.Tenders, tender)
		if left -= part; left == 0 {
			break
		}
	}
	over, rounded := ledger.Cents(0), ledger.Cents(0)
	if left > 0 {
		over = ledger.Cents(rapid.Int64Range(0, 200_00).Draw(d.t, "over"))
		do.Tenders = append(do.Tenders, inCash(left+over))
		if in.date >= roundedFrom && over > 0 && left+over >= nickel(left) {
			rounded = nickel(left) - left
			over -= rounded
		}
	}
	e := d.s.Do(d.at, do)
	body := Body[cash.Payment](d.s, e)
	if body.Total != total || body.Change != over || body.Rounding != rounded || body.Session != in.id || e.Date != in.date || len(body.Parts) != len(do.Pay) {
		d.t.Fatalf("paid %+v on %s; want %s with %s change in %+v", body, e.Date, total, over, in)
	}
	for i, p := range body.Parts {
		d.checkPart(do.Pay[i], p)
	}
	paid := &taken{no: e.ReceiptNo("A1"), receipt: e.Receipt, in: in, parts: body.Parts, tenders: do.Tenders, change: over, rounded: rounded}
	d.book(paid, -1)
	d.taken = append(d.taken, paid)
}

// book books what a payment paid, or what is owed again without it.
func (d *days) book(p *taken, sign ledger.Cents) {
	for _, part := range p.parts {
		for _, a := range part.Allocation {
			d.owe(p, part.Account, a.Bucket, sign*a.Amount)
		}
	}
}

// owe books in one place what is owed more of an account, or of a receipt's money.
func (d *days) owe(p *taken, no account.No, bucket account.Bucket, amount ledger.Cents) {
	if no == "" {
		p.left -= amount
	} else {
		d.owed[no][bucket] += amount
	}
}

// checkPart holds for every allocation: it adds up to the amount, no bucket gets
// more than is owed, and nothing is credit while anything is owed.
func (d *days) checkPart(asked cash.Pay, p cash.Part) {
	if asked.Account == "" {
		if p.Account != "" || p.Name != asked.For || p.Amount != asked.Amount {
			d.t.Fatalf("part %+v of money without an account", p)
		}
		return
	}
	var sum, credit ledger.Cents
	owed := d.owed[p.Account]
	for _, a := range p.Allocation {
		sum += a.Amount
		if a.Bucket == account.Credit {
			credit = a.Amount
		} else if a.Amount > owed[a.Bucket] || a.Amount <= 0 {
			d.t.Fatalf("%s of %s goes to %s of %s", a.Amount, p.Account, a.Bucket, owed[a.Bucket])
		}
	}
	debts := max(0, owed[account.PastDue]) + max(0, owed[account.Penalties]) + max(0, owed[account.Current])
	if before := d.balance(p.Account); p.Account != asked.Account || p.Amount != asked.Amount || sum != p.Amount ||
		credit != max(0, p.Amount-debts) || p.Before != before || p.After != before-p.Amount {
		d.t.Fatalf("part %+v of an account that owes %v", p, owed)
	}
}

func (d *days) balance(no account.No) (sum ledger.Cents) {
	for _, owed := range d.owed[no] {
		sum += owed
	}
	return sum
}

func (d *days) undo() {
	in := d.mine()
	left := slices.DeleteFunc(slices.Clone(d.taken), func(p *taken) bool { return p.undone || (p.in != in && !p.in.closed) })
	if len(left) == 0 {
		return
	}
	p := rapid.SampledFrom(left).Draw(d.t, "payment")
	if code := p.used(); code != "" {
		_, err := d.s.TryApproved(d.at, Ben, cash.ReversePayment{Receipt: p.no, Reason: "wrong amount"})
		if Code(err) != code {
			d.t.Fatalf("%+v is taken back: %v, want %s", p, err, code)
		}
		return
	}
	if p.in == in {
		if gone := d.gone(in, p); gone {
			_, err := d.s.TryApproved(d.at, Ben, cash.VoidPayment{Receipt: p.no, Reason: "wrong amount"})
			if Code(err) != "cash.void_gone at receipt" {
				d.t.Fatalf("a void of money that went to the safe: %v", err)
			}
			return
		}
		e := d.s.DoApproved(d.at, Ben, cash.VoidPayment{Receipt: p.no, Reason: "wrong amount"})
		p.void, in.voids = true, append(in.voids, e.ReceiptNo("A1"))
	} else {
		e := d.s.DoApproved(d.at, Ben, cash.ReversePayment{Receipt: p.no, Reason: "wrong amount"})
		in.reversed = append(in.reversed, Body[cash.Undone](d.s, e).Total)
		p.back = p.money()
	}
	p.undone = true
	d.book(p, 1)
	d.drawBack(p)
}

// allOfIt is the town's policy with everything that moves money.
func allOfIt(p *desk.Policy) {
	p.Cash.Rounding = cash.Rounding{Resolution: "2026-40", Adopted: 20261001, From: roundedFrom}
	p.Cash.Paid = []cash.PaidRule{
		{Reason: "postage", Way: cash.Out, Place: cash.PlaceDrawer, Account: "expenses:postage", ApproveAbove: 20_00},
		{Reason: "found in the lobby", Way: cash.In, Place: cash.PlaceDrawer, Account: "income:found", ApproveAbove: 20_00},
	}
	p.Cash.Reasons.Refund = []string{"paid twice"}
	p.Cash.Reasons.Returned = []string{"insufficient funds"}
	p.Cash.Returned = []cash.ReturnedRule{{From: 20260101, First: 25_00, Further: 35_00, Months: 12, Answer: 30, Source: "Civil Code 1719"}}
	p.Cash.Tenders = append(p.Cash.Tenders, cash.TenderRule{Kind: cash.Credit})
}

// roundedFrom is the second day of the town.
const roundedFrom ledger.Date = 20261124

// nickel rounds by the table of the law, digit by digit.
func nickel(due ledger.Cents) ledger.Cents {
	return max(5, due+map[ledger.Cents]ledger.Cents{0: 0, 1: -1, 2: -2, 3: 2, 4: 1, 5: 0, 6: -1, 7: -2, 8: 2, 9: 1}[due%10])
}

// gone says whether part of what was paid lies in a bag.
func (d *days) gone(in *session, p *taken) bool {
	change := p.change
	kept := map[cash.TenderKind]ledger.Cents{}
	for _, t := range p.tenders {
		kept[t.Kind] += t.Amount
		if t.Kind == cash.Cash {
			kept[cash.Cash] -= change
			change = 0
		}
	}
	has := map[cash.TenderKind]ledger.Cents{}
	totals := d.totals(in)
	for _, sum := range totals.Tenders {
		has[sum.Kind] = sum.Net - sum.Skimmed
	}
	has[cash.Cash] = totals.CashInDrawer
	delete(kept, cash.Credit)
	for kind, amount := range kept {
		if amount > has[kind] {
			return true
		}
	}
	return slices.ContainsFunc(in.bags, func(i cash.Item) bool { return p.receipt == i.Receipt })
}

func (d *days) skim() {
	in := d.mine()
	totals := d.totals(in)
	d.bags++
	do := cash.Skim{Bag: fmt.Sprintf("bag-%d", d.bags), Count: Count(ledger.Cents(rapid.Int64Range(0, int64(totals.CashInDrawer)).Draw(d.t, "cash in the bag")))}
	if rapid.Bool().Draw(d.t, "checks too") {
		var items []cash.Item
		d.s.Look(func(st *ledger.State) (err error) {
			session, _, err := cash.SessionByID(st, in.id)
			if err == nil {
				items, err = cash.Items(st, session, cash.Check)
			}
			return err
		})
		if len(items) > 0 {
			check := cash.CountedTender{Kind: cash.Check, Count: len(items), Ticked: items}
			for _, item := range items {
				check.Amount += item.Amount
			}
			do.Other = append(do.Other, check)
			in.bagged[cash.Check] += check.Amount
			in.bags = append(in.bags, items...)
		}
	}
	if do.Count.Total() == 0 && len(do.Other) == 0 {
		return
	}
	in.skims++
	in.bagged[cash.Cash] += do.Count.Total()
	d.s.DoApproved(d.at, map[staff.ID]staff.ID{Tom: Ana, Ana: Tom}[d.at], do)
}

func (d *days) paid() {
	in := d.mine()
	amount := ledger.Cents(rapid.Int64Range(1, 20_00).Draw(d.t, "amount"))
	if rapid.Bool().Draw(d.t, "in") {
		in.paidIn += amount
		d.s.Do(d.at, cash.PayInOrOut{Reason: "found in the lobby", Amount: amount})
	} else {
		if amount > d.totals(in).CashInDrawer {
			return
		}
		in.paidOut += amount
		d.s.Do(d.at, cash.PayInOrOut{Reason: "postage", Amount: amount})
	}
	d.vouchers++
}

// refund gives back what a reversed receipt left.
func (d *days) refund() {
	in := d.mine()
	for _, p := range d.taken {
		if !p.undone || p.void {
			continue
		}
		owed := p.back
		if owed == 0 {
			continue
		}
		do := cash.Refund{From: p.from(), Amount: owed, By: cash.RefundWarrant, Reason: "paid twice"}
		if owed <= d.totals(in).CashInDrawer && rapid.Bool().Draw(d.t, "in cash") {
			do.By = cash.RefundCash
			in.refunds++
			in.back += owed
		}
		d.s.DoApproved(d.at, Ben, do)
		p.back = 0
		d.vouchers++
		return
	}
}

// surprise counts the drawer while it stays open. It moves nothing.
func (d *days) surprise() {
	in := d.mine()
	want := d.totals(in)
	d.s.SignIn(Auditor)
	counted := ledger.Cents(rapid.Int64Range(0, 500_00).Draw(d.t, "counted"))
	e := d.s.DoApproved(Auditor, d.at, cash.CountDrawer{Drawer: in.drawer, Surprise: true, Count: Count(counted)})
	if body := Body[cash.Counted](d.s, e); !reflect.DeepEqual(body.Totals, want) || len(e.Lines) > 0 || (len(body.Differences) > 0 && body.Differences[0].Kind == cash.Cash && body.Differences[0].Over != counted-want.CashInDrawer) {
		d.t.Fatalf("surprise count %+v, added up %+v", body, want)
	}
	d.s.SignIn(d.at)
}

func (d *days) noSale() {
	d.mine().noSales++
	d.s.Do(d.at, cash.NoSaleCommand{Reason: "change for a customer"})
}

// totals adds a session up from nothing.
func (d *days) totals(in *session) cash.Totals {
	t := cash.Totals{Float: in.float, NoSales: in.noSales, CashInDrawer: in.float + in.paidIn - in.paidOut - in.back, Voids: len(in.voids),
		Skims: in.skims, PaidIn: in.paidIn, PaidOut: in.paidOut, Refunds: in.refunds, Refunded: in.back, Reversals: len(in.reversed)}
	for _, one := range in.reversed {
		t.Reversed += one
	}
	by := map[cash.TenderKind]*cash.TenderTotal{}
	for _, kind := range cash.TenderKinds() {
		by[kind] = &cash.TenderTotal{Kind: kind}
	}
	var numbers []ledger.ReceiptNo
	for _, p := range d.taken {
		if p.in != in {
			continue
		}
		t.Payments++
		numbers = append(numbers, p.no)
		change := p.change
		if p.rounded != 0 {
			t.Roundings++
			t.Rounding += p.rounded
		}
		for _, tender := range p.tenders {
			sum := by[tender.Kind]
			kept := tender.Amount
			if tender.Kind == cash.Cash {
				kept, change = kept-change, 0
			}
			sum.Count++
			sum.Taken += kept
			if p.void {
				sum.Voided += kept
			}
		}
	}
	if numbers = append(numbers, in.voids...); len(numbers) > 0 {
		t.First, t.Last = slices.MinFunc(numbers, byCount), slices.MaxFunc(numbers, byCount)
	}
	for _, kind := range cash.TenderKinds() {
		by[kind].Net = by[kind].Taken - by[kind].Voided
		by[kind].Skimmed = in.bagged[kind]
		if kind == cash.Cash || by[kind].Count > 0 {
			t.Tenders = append(t.Tenders, *by[kind])
		}
	}
	t.CashInDrawer += by[cash.Cash].Net - in.bagged[cash.Cash]
	return t
}

func byCount(a, b ledger.ReceiptNo) int {
	_, n, _ := a.Count()
	_, m, _ := b.Count()
	return int(n) - int(m)
}

func (d *days) x() {
	in := d.mine()
	if got := Body[cash.XReport](d.s, d.s.Do(d.at, cash.XReportCommand{})).Totals; !reflect.DeepEqual(got, d.totals(in)) {
		d.t.Fatalf("X:\n%+v, added up:\n%+v", got, d.totals(in))
	}
}

func (d *days) close() {
	in := d.mine()
	want := d.totals(in)
	off := ledger.Cents(rapid.SampledFrom([]int{0, 0, -1, 1, -20_00, 5_00, -100_000_00}).Draw(d.t, "miscount"))
	counted := max(0, want.CashInDrawer+off)
	do := cash.CountDrawer{Count: Count(counted)}
	over := counted - want.CashInDrawer
	for _, sum := range want.Tenders[1:] {
		if sum.Kind == cash.Credit {
			continue // it lies in no drawer
		}
		off := ledger.Cents(rapid.SampledFrom([]int{0, 0, 0, 7}).Draw(d.t, "other off"))
		do.Other = append(do.Other, cash.CountedTender{Kind: sum.Kind, Count: sum.Count, Amount: sum.Net - sum.Skimmed + off})
		over += off
	}
	e := d.s.CloseCounted(d.at, do)
	z := Body[cash.DrawerClosed](d.s, e)
	d.zs++
	if !reflect.DeepEqual(z.Totals, want) || z.Over != over || z.Z != d.zs || z.PreviousZ != d.lastZ || e.Date != in.date {
		d.t.Fatalf("Z:\n%+v, over %s, added up:\n%+v, over %s", z.Totals, z.Over, want, over)
	}
	d.lastZ = e.Leaf
	d.floats[in.drawer] = min(in.float, counted)
	in.closed = true
	d.open[d.at] = nil
}

// check holds at every moment.
func (d *days) check() {
	d.s.Look(func(st *ledger.State) error {
		for who, in := range d.open {
			if in == nil {
				continue
			}
			want := d.totals(in)
			for _, sum := range want.Tenders[1:] {
				if sum.Kind == cash.Credit {
					sum.Net = 0 // it lies in no drawer
				}
				if got := cash.InDrawer(st, in.id, sum.Kind); got != sum.Net-sum.Skimmed {
					d.t.Fatalf("%s of %s: %s in the drawer, taken %s and bagged %s", who, in.id, got, sum.Net, sum.Skimmed)
				}
			}
			if got := cash.InDrawer(st, in.id, cash.Cash); got != want.CashInDrawer || got < 0 {
				d.t.Fatalf("%s of %s: %s in the drawer; float and what came in and went out is %s", who, in.id, got, want.CashInDrawer)
			}
		}
		for _, p := range d.taken {
			left, back := -st.Balance("liabilities:no-account-yet", p.from()).Net(), -st.Balance("liabilities:reversed", p.from()).Net()
			if left != p.left || back != p.back {
				d.t.Fatalf("of receipt %s %s is left and %s is owed back, want %s and %s", p.no, left, back, p.left, p.back)
			}
		}
		for no := range d.owed {
			standing, err := d.s.Accounts.Standing(st, no)
			if err != nil || standing.Balance() != d.balance(no) {
				d.t.Fatalf("account %s owes %s (%v), want %s", no, standing.Balance(), err, d.balance(no))
			}
		}
		return nil
	})
}

// checkLog holds for the log as a whole.
func (d *days) checkLog() {
	type key struct{ account, sub string }
	books := map[key]ledger.Cents{}
	var receipts uint64
	var all ledger.Cents
	for _, e := range d.s.Entries() {
		if e.Receipt != 0 {
			if receipts++; e.Receipt != receipts {
				d.t.Fatalf("entry %d has receipt %d after %d", e.Seq, e.Receipt, receipts-1)
			}
		}
		for _, l := range e.Lines {
			books[key{l.Account, l.Sub}] += l.Amount
			all += l.Amount
		}
	}
	if want := len(d.taken) + undoings(d.taken) + d.vouchers; int(receipts) != want || all != 0 {
		d.t.Fatalf("%d receipts for %d payments, undoings and vouchers; the books sum to %s", receipts, want, all)
	}
	d.s.Look(func(st *ledger.State) error {
		for k, want := range books {
			if got := st.Balance(k.account, k.sub).Net(); got != want {
				d.t.Fatalf("%v: balance %s, lines %s", k, got, want)
			}
		}
		return nil
	})
}

func undoings(all []*taken) (n int) {
	for _, p := range all {
		if p.undone {
			n++
		}
	}
	return n
}

func TestChangeComesOutOfTheCashHandedOver(t *testing.T) {
	p := Policy().Cash
	rapid.Check(t, func(t *rapid.T) {
		var tenders []cash.Tender
		var all, inCash ledger.Cents
		for range rapid.IntRange(0, 11).Draw(t, "tenders") {
			tender := rapid.SampledFrom([]cash.Tender{{Kind: cash.Cash}, byCheck(0), byCard(0), byOrder(0)}).Draw(t, "kind")
			tender.Amount = ledger.Cents(rapid.Int64Range(-5, 2_000_00).Draw(t, "amount"))
			if all += tender.Amount; tender.Kind == cash.Cash {
				inCash += tender.Amount
			}
			tenders = append(tenders, tender)
		}
		total := ledger.Cents(rapid.Int64Range(1, 10_000_00).Draw(t, "total"))
		settled, err := p.Settle(20261123, total, tenders)
		change := settled.Change
		if err == nil && (change != all-total || change < 0 || change > inCash) {
			t.Fatalf("%s change of %s in cash, %s in all, for %s", change, inCash, all, total)
		}
		if _, refused := ledger.AsRefusal(err); err != nil && !refused {
			t.Fatalf("no refusal: %v", err)
		}
	})
}

func mkdir(t *rapid.T, folder string) string {
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	return folder
}
