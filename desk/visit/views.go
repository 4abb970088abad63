package visit

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	"gatehouse/ledger"
)

// Present is a visitor who signed in and did not sign out. Left is set when they
// are presumed to have left.
type Present struct {
	SignedIn
	Seq  uint64      `json:"seq"`  // entry that signed them in
	Date ledger.Date `json:"date"` // business date of it
	At   int64       `json:"at"`   // microseconds since 1970 UTC
	Left int64       `json:"left,omitempty"`
}

// present is the view of visitors: number → Present. A number stands for one
// visitor at a time.
type present struct{}

func (present) Name() string         { return "visit.present" }
func (present) Kinds() []ledger.Kind { return []ledger.Kind{KindSignedIn, KindSignedOut} }

func (present) Fold(t ledger.Table, e *ledger.Entry) error {
	if e.Kind == KindSignedIn {
		body, err := ledger.Unpack[SignedIn](e)
		if err != nil {
			return err
		}
		return put(t, []byte(body.Number), Present{SignedIn: body, Seq: e.Seq, Date: e.Date, At: e.Micros})
	}
	body, err := ledger.Unpack[SignedOut](e)
	if err != nil {
		return err
	}
	p, here, err := readPresent(t.Get([]byte(body.Number)))
	if err != nil || !here || p.Seq != body.Of {
		return err
	}
	if body.How != Presumed {
		t.Delete([]byte(body.Number))
		return nil
	}
	p.Left = e.Micros
	return put(t, []byte(body.Number), p)
}

// numbers is the view of what was given: business date (4 bytes) and letter →
// the last number of it (2 bytes). A date keeps its rows for good: when the
// clock is set back a day, that day goes on where it was.
type numbers struct{}

func (numbers) Name() string         { return "visit.numbers" }
func (numbers) Kinds() []ledger.Kind { return []ledger.Kind{KindTicket, KindSignedIn} }

func (numbers) Fold(t ledger.Table, e *ledger.Entry) error {
	n, err := numberIn(e)
	if err != nil {
		return err
	}
	letter, count, err := n.split()
	if err != nil {
		return err
	}
	key := numberKey(e.Date, letter)
	if count > lastOf(t.Get(key)) {
		t.Put(key, binary.BigEndian.AppendUint16(nil, uint16(count)))
	}
	return nil
}

func numberIn(e *ledger.Entry) (Number, error) {
	if e.Kind == KindTicket {
		body, err := ledger.Unpack[Ticket](e)
		return body.Number, err
	}
	body, err := ledger.Unpack[SignedIn](e)
	return body.Number, err
}

func numberKey(date ledger.Date, letter byte) []byte {
	return append(dateKey(date), letter)
}

func dateKey(date ledger.Date) []byte { return binary.BigEndian.AppendUint32(nil, uint32(date)) }

func lastOf(row []byte) int {
	if len(row) != 2 {
		return 0
	}
	return int(binary.BigEndian.Uint16(row))
}

// tickets is the view of numbers to be called: business date (4 bytes) and the
// entry's number (8 bytes) → the ticket's body. A ticket is open until its
// business date ends.
type tickets struct{}

func (tickets) Name() string         { return "visit.tickets" }
func (tickets) Kinds() []ledger.Kind { return []ledger.Kind{KindTicket} }

func (tickets) Fold(t ledger.Table, e *ledger.Entry) error {
	t.Add(append(dateKey(e.Date), ledger.SeqKey(e.Seq)...), e.Body)
	return nil
}

// Views are the views of this duty.
func Views() []ledger.View { return []ledger.View{present{}, numbers{}, tickets{}} }

// Here lists who is in the building: signed in, or presumed to have left not
// longer ago than the policy keeps. Longest here first.
func (d *Duty) Here(s *ledger.State) ([]Present, error) {
	var out []Present
	for _, row := range s.Rows(present{}.Name()).From(nil) {
		p, _, err := readPresent(row)
		if err != nil {
			return nil, err
		}
		if d.listed(s, p) {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b Present) int { return int(int64(a.Seq) - int64(b.Seq)) })
	return out, nil
}

// listed says whether a visitor is still on the list. A clock that was set back
// keeps a person on it, never drops one.
func (d *Duty) listed(s *ledger.State, p Present) bool {
	return p.Left == 0 || s.Now().Sub(time.UnixMicro(p.Left)) < time.Duration(d.Policy.PresumedKept)
}

// Wearing is the visitor who has a number, if somebody does.
func Wearing(s *ledger.State, n Number) (Present, bool, error) {
	return readPresent(s.Rows(present{}.Name()).Get([]byte(n)))
}

// Given is how many numbers of a letter a business date has seen.
func Given(s *ledger.State, date ledger.Date, letter byte) int {
	return lastOf(s.Rows(numbers{}.Name()).Get(numberKey(date, letter)))
}

// OpenTicket is a number that waits to be called.
type OpenTicket struct {
	Ticket
	Seq uint64
}

// Tickets walks the open tickets of a business date in the order they were
// taken.
func Tickets(s *ledger.State, date ledger.Date, take func(OpenTicket) bool) error {
	for key, row := range ledger.Prefixed(s.Rows(tickets{}.Name()), dateKey(date)) {
		body, err := ledger.Unpack[Ticket](&ledger.Entry{Kind: KindTicket, Body: row})
		if err != nil {
			return err
		}
		if !take(OpenTicket{Ticket: body, Seq: ledger.KeySeq(key[4:])}) {
			return nil
		}
	}
	return nil
}

func readPresent(row []byte) (Present, bool, error) {
	if row == nil {
		return Present{}, false, nil
	}
	p, err := ledger.Unpack[Present](&ledger.Entry{Kind: "present", Body: row})
	return p, err == nil, err
}

func put(t ledger.Table, key []byte, v any) error {
	packed, err := ledger.Pack(v)
	if err == nil {
		t.Put(key, packed)
	}
	return err
}

// lastNumber is the last of a letter's numbers in one day.
const lastNumber = 999

func makeNumber(letter byte, n int) Number { return Number(fmt.Sprintf("%c%03d", letter, n)) }

// split takes a number apart.
func (n Number) split() (letter byte, count int, err error) {
	if len(n) != 4 || n[0] < 'A' || n[0] > 'Z' || strings.Trim(string(n[1:]), "0123456789") != "" {
		return 0, 0, fmt.Errorf("number %q: want a letter and three digits", string(n))
	}
	return n[0], int(n[1]-'0')*100 + int(n[2]-'0')*10 + int(n[3]-'0'), nil
}
