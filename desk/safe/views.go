package safe

import (
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// Transit is a deposit that is not on a statement yet.
type Transit struct {
	No    string       `json:"no"`
	Bank  string       `json:"bank"`
	Bag   string       `json:"bag,omitempty"`
	Total ledger.Cents `json:"total"`
	Date  ledger.Date  `json:"date"`
	Since int64        `json:"since"` // microseconds since 1970 UTC
	Entry uint64       `json:"entry"`
}

// place is the view of where the money is on its way:
//
//	"W" time id      Waiting
//	"I" id           its time: finds the row above
//	"T" deposit      Transit
//	"L" bank line    a statement's line: 0 open, 1 matched
//	"B" bag          empty: the bag of a deposit, used for ever
//	"N"              deposits so far, 8 bytes
type place struct{}

func (place) Name() string { return "safe.place" }
func (place) Kinds() []ledger.Kind {
	return []ledger.Kind{cash.KindDrawerClosed, cash.KindSkim, KindDeposit, KindStatement, KindMatched}
}

func (place) Fold(t ledger.Table, e *ledger.Entry) error {
	switch e.Kind {
	case cash.KindDrawerClosed:
		return foldClosed(t, e)
	case cash.KindSkim:
		body, err := ledger.Unpack[cash.Skimmed](e)
		if err != nil {
			return err
		}
		w := Waiting{ID: body.Bag, Bag: true, Session: body.Session, Date: e.Date, Since: e.Micros}
		w.add(cash.Cash, body.Cash)
		for _, o := range body.Other {
			w.add(o.Kind, o.Amount)
		}
		return putWaiting(t, w)
	case KindDeposit:
		return foldDeposit(t, e)
	case KindStatement:
		body, err := ledger.Unpack[Statement](e)
		if err != nil {
			return err
		}
		for _, l := range body.Lines {
			row, err := ledger.Pack(l)
			if err != nil {
				return err
			}
			n := 0
			for t.Get(lineKey(body.Bank, l, n)) != nil {
				n++
			}
			t.Put(lineKey(body.Bank, l, n), append([]byte{0}, row...))
		}
		return nil
	default:
		body, err := ledger.Unpack[Matched](e)
		if err != nil {
			return err
		}
		t.Delete([]byte("T" + body.Deposit))
		for n := 0; ; n++ {
			key := lineKey(body.Bank, body.Line, n)
			row := slices.Clone(t.Get(key))
			if len(row) == 0 {
				return nil
			}
			if row[0] == 0 {
				row[0] = 1
				t.Put(key, row)
				return nil
			}
		}
	}
}

func foldClosed(t ledger.Table, e *ledger.Entry) error {
	body, err := ledger.Unpack[cash.DrawerClosed](e)
	if err != nil {
		return err
	}
	w := Waiting{ID: string(body.Session), Session: body.Session, Date: e.Date, Since: e.Micros, Z: body.Z}
	for _, l := range e.Lines {
		for _, kind := range cash.TenderKinds() {
			if l.Account == cash.UndepositedAccount(kind) && l.Sub == string(body.Session) {
				w.add(kind, l.Amount)
			}
		}
	}
	if len(w.Amounts) == 0 {
		return nil
	}
	return putWaiting(t, w)
}

func foldDeposit(t ledger.Table, e *ledger.Entry) error {
	body, err := ledger.Unpack[Deposit](e)
	if err != nil {
		return err
	}
	for _, part := range body.Parts {
		at := t.Get([]byte("I" + part.ID))
		if at == nil {
			return fmt.Errorf("deposit %s takes %s, which does not wait", body.No, part.ID)
		}
		k := waitingKey(int64(binary.BigEndian.Uint64(at)), part.ID)
		w, err := ledger.Unpack[Waiting](&ledger.Entry{Kind: "waiting", Body: slices.Clone(t.Get(k))})
		if err != nil {
			return err
		}
		w.Amounts = slices.DeleteFunc(w.Amounts, func(a Amount) bool { return part.Of(a.Kind) != 0 })
		if len(w.Amounts) > 0 {
			if err := putWaiting(t, w); err != nil {
				return err
			}
			continue
		}
		t.Delete(k)
		t.Delete([]byte("I" + part.ID))
	}
	var n uint64
	if row := t.Get([]byte("N")); len(row) == 8 {
		n = binary.BigEndian.Uint64(row)
	}
	t.Put([]byte("N"), binary.BigEndian.AppendUint64(nil, n+1))
	if body.Bag != "" {
		t.Put([]byte("B"+body.Bag), nil)
	}
	row, err := ledger.Pack(Transit{No: body.No, Bank: body.Bank, Bag: body.Bag, Total: body.Total, Date: e.Date, Since: e.Micros, Entry: e.Seq})
	if err == nil {
		t.Put([]byte("T"+body.No), row)
	}
	return err
}

func (w *Waiting) add(kind cash.TenderKind, amount ledger.Cents) {
	if amount != 0 {
		w.Amounts = append(w.Amounts, Amount{kind, amount})
	}
}

func waitingKey(since int64, id string) []byte {
	return append(binary.BigEndian.AppendUint64([]byte{'W'}, uint64(since)), id...)
}

func putWaiting(t ledger.Table, w Waiting) error {
	row, err := ledger.Pack(w)
	if err != nil {
		return err
	}
	t.Put([]byte("I"+w.ID), binary.BigEndian.AppendUint64(nil, uint64(w.Since)))
	t.Put(waitingKey(w.Since, w.ID), row)
	return nil
}

// lineKey finds a line of a bank's statements. Of those that say the same, n stand before
// it: which of them is which makes no difference.
func lineKey(bank string, l Line, n int) []byte {
	return fmt.Appendf(nil, "L%s\x00%d\x00%d\x00%s\x00%s\x00%d", bank, l.Date, l.Amount, l.Reference, l.Text, n)
}

// Views are the views of this duty.
func Views() []ledger.View { return []ledger.View{place{}} }

// Deposited says whether a bag went to a bank.
func Deposited(s *ledger.State, bag string) bool {
	return s.Rows(place{}.Name()).Get([]byte("B"+bag)) != nil
}

// AllWaiting lists what waits for its deposit, the oldest first.
func AllWaiting(s *ledger.State) (all []Waiting, err error) {
	for _, row := range ledger.Prefixed(s.Rows(place{}.Name()), []byte{'W'}) {
		w, err := ledger.Unpack[Waiting](&ledger.Entry{Kind: "waiting", Body: row})
		if err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	return all, nil
}

// InTransit lists the deposits that are on no statement yet, in the order of their
// numbers.
func InTransit(s *ledger.State) (all []Transit, err error) {
	for _, row := range ledger.Prefixed(s.Rows(place{}.Name()), []byte{'T'}) {
		d, err := ledger.Unpack[Transit](&ledger.Entry{Kind: "transit", Body: row})
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

// OpenLines lists the lines of a bank's statements that are no deposit yet.
func OpenLines(s *ledger.State, bank string) (all []Line, err error) {
	for _, row := range ledger.Prefixed(s.Rows(place{}.Name()), fmt.Appendf(nil, "L%s\x00", bank)) {
		if len(row) == 0 || row[0] != 0 {
			continue
		}
		l, err := ledger.Unpack[Line](&ledger.Entry{Kind: "line", Body: row[1:]})
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}

// deposits is how many there were so far.
func deposits(s *ledger.State) uint64 {
	row := s.Rows(place{}.Name()).Get([]byte("N"))
	if len(row) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(row)
}

// Old is what waits or is in transit longer than it should.
type Old struct {
	ID    string
	Since time.Time
	Age   Age
	Sum   ledger.Cents
}

// AllOld lists what is late, the oldest first.
func (p Policy) AllOld(s *ledger.State) (all []Old, err error) {
	if !p.Waits() {
		return nil, nil
	}
	waiting, err := AllWaiting(s)
	if err != nil {
		return nil, err
	}
	for _, w := range waiting {
		since := time.UnixMicro(w.Since)
		if age := p.AgeOf(since, s.Now()); age != InTime {
			var sum ledger.Cents
			for _, a := range w.Amounts {
				sum = sum.Plus(a.Amount)
			}
			all = append(all, Old{w.ID, since, age, sum})
		}
	}
	return all, nil
}

// Holds is what the books say is in the safe.
type Holds struct {
	Float   ledger.Cents // the change fund, less the floats in drawers
	Waiting []Waiting
}

// InSafe reads what the safe should hold.
func InSafe(s *ledger.State) (Holds, error) {
	waiting, err := AllWaiting(s)
	return Holds{Float: s.Balance(cash.AccountFloat, "").Net(), Waiting: waiting}, err
}
