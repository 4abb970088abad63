package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/reference"
	"gatehouse/desk/safe"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
	"gatehouse/paper"
	"gatehouse/paper/spool"
)

// earlier is a station before the day that is shown: the desk with the same rules,
// key and file as the programs have from then on, and a clock that is told the time,
// since no program lets anybody choose the time of a real ledger.
type earlier struct {
	ctx  context.Context
	desk *desk.Desk
	now  atomic.Int64 // microseconds since 1970
	pins map[staff.ID]string
	pool []account.Customer // who pays, one after the other
	next int
	err  error // of the first order that was not carried out
}

// workingDays are the n working days before a date, the first one first.
func workingDays(before time.Time, n int) (days []time.Time) {
	for day := before; len(days) < n; {
		day = day.AddDate(0, 0, -1)
		if w := day.Weekday(); w != time.Saturday && w != time.Sunday {
			days = append([]time.Time{day}, days...)
		}
	}
	return days
}

// writeEarlier writes a cashier station's ledger of some days.
func writeEarlier(ctx context.Context, data string, id ledger.StationID, who staff.ID, t town, policy desk.Policy, days []time.Time) (err error) {
	store, err := reference.Open(filepath.Join(data, "ref.db"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	customers, err := account.OpenStored(store, filepath.Join(data, "ref.db"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, customers.Close()) }()
	folder := desk.Folder(data, id, false)
	key, err := ledger.LoadKey(filepath.Join(folder, "station.key"), rand.Reader)
	if err != nil {
		return err
	}
	layouts, err := paper.Standard()
	if err != nil {
		return err
	}
	e := &earlier{ctx: ctx, pins: t.pins, pool: t.plain}
	e.at(days[0], 8, 0)
	e.desk, err = spool.OpenDesk(desk.Options{
		Ledger: ledger.Options{Path: filepath.Join(folder, "ledger.db"), Station: id, Signer: key, Clock: e.clock},
		Policy: policy, Roster: staff.StoredRoster{Store: store}, Customers: customers,
	}, layouts)
	if err != nil {
		return err
	}
	e.signIn("ruth")
	e.approved("ruth", "lee", cash.PayInOrOut{Reason: "change fund from the bank", Amount: 1500_00})
	for i, day := range days {
		e.day(day, i, who)
	}
	return errors.Join(e.err, e.desk.Close())
}

func (e *earlier) clock() time.Time { return time.UnixMicro(e.now.Load()) }

// at sets the clock to a time of a day, in the zone of the day.
func (e *earlier) at(day time.Time, hour, minute int) {
	e.now.Store(time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, day.Location()).UnixMicro())
}

func (e *earlier) pass(d time.Duration) { e.now.Add(d.Microseconds()) }

// order gives an order; after one that was not carried out there is no other.
func (e *earlier) order(o desk.Order) (first ledger.Entry) {
	if e.err != nil {
		return first
	}
	var entries []ledger.Entry
	if o.ID, e.err = e.desk.NewID(); e.err == nil {
		entries, e.err = e.desk.Do(e.ctx, o)
	}
	if e.err != nil {
		e.err = fmt.Errorf("the weeks before, %s, %s, %T: %w", e.clock().Format(time.DateTime), o.By, o.Do, e.err)
		return first
	}
	return entries[0]
}

func (e *earlier) do(by staff.ID, do any) ledger.Entry {
	return e.order(desk.Order{By: by, Do: do})
}

func (e *earlier) approved(by, approver staff.ID, do any) ledger.Entry {
	return e.order(desk.Order{By: by, Do: do, Approver: approver, ApproverPIN: e.pins[approver]})
}

func (e *earlier) signIn(who staff.ID) {
	e.order(desk.Order{By: who, PIN: e.pins[who], Do: staff.SignIn{}})
}

// counted is an amount in as few pieces as there are.
func counted(amount ledger.Cents) (count cash.Count) {
	for i, n := range pieces(amount, values()) {
		if n > 0 {
			count = append(count, cash.Pieces{Value: values()[i], N: n})
		}
	}
	return count
}

// differences are what the counts of the days are over and short.
var differences = [...]ledger.Cents{0, 0, -2_00, 0, 0, 25, 0, -20_00, 0, 5_00, 0, 0, -75, 0, 10_00}

// day is the n-th day of a cashier.
func (e *earlier) day(day time.Time, n int, who staff.ID) {
	e.at(day, 8, 5+n%7)
	e.signIn(who)
	e.do(who, cash.OpenDrawer{Drawer: "1", Count: counted(float)})
	inCash := e.payments(n, who)
	over := differences[(n*4+len(who))%len(differences)]
	e.at(day, 16, 40)
	e.do(who, cash.CountDrawer{Count: counted(float + inCash.cash + over), Other: inCash.others()})
	closing := cash.CloseDrawer{}
	switch {
	case over <= -10_00 || over >= 10_00:
		closing = cash.CloseDrawer{Reason: "missing cash", Memo: "Counted twice, with Lee; not found."}
		if over > 0 {
			closing.Reason = "wrong change given"
		}
	case over <= -1_00 || over >= 1_00:
		closing.Reason = "wrong change given"
	}
	e.approved(who, "lee", closing)
	e.pass(10 * time.Minute)
	e.signIn("ruth")
	if n%2 == 1 { // every second day somebody drives to the bank
		e.deposit(n)
	}
}

// taken is what a cashier took in a day.
type taken struct {
	cash, checks, cards ledger.Cents
	nChecks, nCards     int
}

func (t taken) others() (all []cash.CountedTender) {
	if t.nChecks > 0 {
		all = append(all, cash.CountedTender{Kind: cash.Check, Count: t.nChecks, Amount: t.checks})
	}
	if t.nCards > 0 {
		all = append(all, cash.CountedTender{Kind: cash.Card, Count: t.nCards, Amount: t.cards})
	}
	return all
}

// payments are those of a day; the last one before lunch is voided every third day.
func (e *earlier) payments(n int, who staff.ID) (t taken) {
	for k := range 8 + (n*5+len(who))%6 {
		e.pass(time.Duration(11+(n+k)%17) * time.Minute)
		c := e.pool[e.next%len(e.pool)]
		e.next++
		amount := ledger.Cents(18_50 + (n*37+k*911+len(who)*53)%150*65)
		tender := cash.Tender{Kind: cash.Cash, Amount: amount}
		switch k % 5 {
		case 1, 4:
			tender.Kind, tender.Number = cash.Check, fmt.Sprint(1000+n*20+k)
			t.checks, t.nChecks = t.checks+amount, t.nChecks+1
		case 2:
			tender.Kind, tender.Reference, tender.LastFour = cash.Card, fmt.Sprintf("TX-%05d", n*20+k), "4242"
			t.cards, t.nCards = t.cards+amount, t.nCards+1
		default:
			t.cash += amount
		}
		paid := e.do(who, cash.TakePayment{Pay: []cash.Pay{{Account: c.No, Amount: amount}}, Tenders: []cash.Tender{tender}})
		if k == 3 && n%3 == 0 && e.err == nil {
			e.pass(4 * time.Minute)
			e.approved(who, "ana", cash.VoidPayment{Receipt: paid.ReceiptNo(e.desk.Book.Identity().Station), Reason: "wrong account"})
			t.cash -= amount
		}
	}
	return t
}

// deposit takes to each bank what waits for it.
func (e *earlier) deposit(n int) {
	if e.err != nil {
		return
	}
	cashBank := safe.MakeDeposit{Bank: "first", Bag: fmt.Sprintf("D-%04d", n)}
	cards := safe.MakeDeposit{Bank: "processor"}
	var inCash ledger.Cents
	e.err = e.desk.Read(func(s *ledger.State) error {
		all, err := safe.AllWaiting(s)
		for _, w := range all {
			inCash += w.Of(cash.Cash)
			others := false
			for _, a := range w.Amounts {
				others = others || a.Kind != cash.Card
			}
			if others {
				cashBank.Parts = append(cashBank.Parts, w.ID)
			}
			if w.Of(cash.Card) > 0 {
				cards.Parts = append(cards.Parts, w.ID)
			}
		}
		return err
	})
	cashBank.Count = counted(inCash)
	e.shown("first", e.approved("ruth", "lee", cashBank), n < 12)
	e.shown("processor", e.approved("ruth", "lee", cards), n < 12)
}

// shown has the bank show a deposit on its statement, unless it does so later.
func (e *earlier) shown(bank string, deposit ledger.Entry, now bool) {
	if e.err != nil || !now {
		return
	}
	made, err := ledger.Unpack[safe.Deposit](&deposit)
	if err != nil {
		e.err = err
		return
	}
	e.do("ruth", safe.RecordStatement{Bank: bank, File: "statement.csv", Lines: []safe.Line{{Date: ledger.DateOf(e.clock()), Amount: made.Total, Reference: made.No}}})
}
