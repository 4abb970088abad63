package cash

import (
	"encoding/binary"
	"fmt"

	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// Session is a person's time with a drawer.
type Session struct {
	ID      SessionID    `json:"id"`
	Drawer  DrawerID     `json:"drawer"`
	Who     staff.ID     `json:"who"`
	Name    string       `json:"name"`
	Date    ledger.Date  `json:"date"`   // business date, fixed at the opening
	Opened  int64        `json:"opened"` // microseconds since 1970 UTC
	From    uint64       `json:"from"`   // entry that opened it
	Float   ledger.Cents `json:"float"`
	NoSales int          `json:"no_sales,omitempty"`
	Unasked int          `json:"unasked,omitempty"`
	// Reversals are what its person reversed while it was open: payments of sessions
	// that were closed before.
	Reversals int          `json:"reversals,omitempty"`
	Reversed  ledger.Cents `json:"reversed,omitempty"`
	Begun     int          `json:"begun,omitempty"`  // openings to count, since the last count
	Counts    []uint64     `json:"counts,omitempty"` // entries that counted it for the close
	Closed    uint64       `json:"closed,omitempty"` // entry that closed it, 0 while open
	Z         uint64       `json:"z,omitempty"`
}

// uncounted is how often the drawer was opened to be counted, and was not: all times but
// the last, which may be counted yet. Each is an opening without a sale.
func (s Session) uncounted() int { return max(0, s.Begun-1) }

// counters run for the station and are never reset.
type counters struct {
	Sessions uint64      `json:"sessions"`
	Z        uint64      `json:"z"`
	LastZ    ledger.Leaf `json:"last_z"`
}

// sessions is the view of drawer sessions:
//
//	"S" session id   Session
//	"D" drawer       id of its open session
//	"P" person       id of their open session
//	"F" drawer       float its last session left, 8 bytes
//	"N"              counters
//	"Y" year person  what they were short in that fiscal year, 8 bytes
type sessions struct{}

func (sessions) Name() string { return "cash.sessions" }

func (sessions) Kinds() []ledger.Kind {
	return []ledger.Kind{KindDrawerOpened, KindDrawerClosed, KindNoSale, KindUnasked, KindReversal, KindCountBegun, KindCounted, KindSurprise}
}

func key(letter byte, id string) []byte { return append([]byte{letter}, id...) }

func (sessions) Fold(t ledger.Table, e *ledger.Entry) error {
	switch e.Kind {
	case KindDrawerOpened:
		return foldOpened(t, e)
	case KindDrawerClosed:
		return foldClosed(t, e)
	case KindNoSale:
		body, err := ledger.Unpack[NoSale](e)
		if err != nil {
			return err
		}
		return changeSession(t, body.Session, func(s *Session) { s.NoSales++ })
	case KindCounted, KindSurprise:
		body, err := ledger.Unpack[Counted](e)
		if err != nil {
			return err
		}
		return changeSession(t, body.Session, func(s *Session) {
			if e.Kind == KindCounted {
				s.Counts = append(s.Counts, e.Seq)
			}
			s.NoSales, s.Begun = s.NoSales+s.uncounted(), 0
		})
	case KindReversal:
		body, err := ledger.Unpack[Undone](e)
		open := t.Get(key('P', e.Actor))
		if err != nil || open == nil {
			return err // who has no drawer is on no Z
		}
		return changeSession(t, SessionID(open), func(s *Session) {
			s.Reversals++
			s.Reversed = s.Reversed.Plus(body.Total)
		})
	case KindCountBegun:
		body, err := ledger.Unpack[CountBegun](e)
		if err != nil {
			return err
		}
		return changeSession(t, body.Session, func(s *Session) { s.Begun++ })
	default:
		body, err := ledger.Unpack[Unasked](e)
		if err != nil || body.Session == "" {
			return err
		}
		return changeSession(t, body.Session, func(s *Session) { s.Unasked++ })
	}
}

func foldOpened(t ledger.Table, e *ledger.Entry) error {
	body, err := ledger.Unpack[DrawerOpened](e)
	if err != nil {
		return err
	}
	n, err := readCounters(t.Get([]byte("N")))
	if err != nil {
		return err
	}
	n.Sessions++
	s := Session{ID: body.Session, Drawer: body.Drawer, Who: body.Who, Name: body.Name,
		Date: e.Date, Opened: e.Micros, From: e.Seq, Float: body.Float}
	t.Put(key('D', string(body.Drawer)), []byte(body.Session))
	t.Put(key('P', string(body.Who)), []byte(body.Session))
	if err := put(t, []byte("N"), n); err != nil {
		return err
	}
	return put(t, key('S', string(body.Session)), s)
}

func foldClosed(t ledger.Table, e *ledger.Entry) error {
	body, err := ledger.Unpack[DrawerClosed](e)
	if err != nil {
		return err
	}
	n, err := readCounters(t.Get([]byte("N")))
	if err != nil {
		return err
	}
	n.Z, n.LastZ = body.Z, e.Leaf
	t.Delete(key('D', string(body.Drawer)))
	t.Delete(key('P', string(body.Who)))
	t.Put(key('F', string(body.Drawer)), binary.BigEndian.AppendUint64(nil, uint64(floatLeft(body.Totals.Float, body.Counted.Total()))))
	t.Put(yearKey(body.Who, body.FiscalYear), binary.BigEndian.AppendUint64(nil, uint64(body.YearShort)))
	if err := put(t, []byte("N"), n); err != nil {
		return err
	}
	return changeSession(t, body.Session, func(s *Session) { s.Closed, s.Z = e.Seq, body.Z })
}

func yearKey(who staff.ID, year int) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{'Y'}, uint16(year)), who...)
}

// shortIn is what a person was short in a fiscal year so far.
func shortIn(s *ledger.State, who staff.ID, year int) ledger.Cents {
	row := s.Rows(sessions{}.Name()).Get(yearKey(who, year))
	if len(row) != 8 {
		return 0
	}
	return ledger.Cents(binary.BigEndian.Uint64(row))
}

func changeSession(t ledger.Table, id SessionID, change func(*Session)) error {
	s, err := readSession(t.Get(key('S', string(id))))
	if err != nil {
		return fmt.Errorf("session %s: %w", id, err)
	}
	change(&s)
	return put(t, key('S', string(id)), s)
}

func put(t ledger.Table, key []byte, v any) error {
	packed, err := ledger.Pack(v)
	if err == nil {
		t.Put(key, packed)
	}
	return err
}

func readSession(row []byte) (Session, error) {
	return ledger.Unpack[Session](&ledger.Entry{Kind: "session", Body: row})
}

func readCounters(row []byte) (counters, error) {
	if row == nil {
		return counters{}, nil
	}
	return ledger.Unpack[counters](&ledger.Entry{Kind: "counters", Body: row})
}

// undone is the view of payments taken back: number of the payment's entry →
// number of the void's or reversal's.
type undone struct{}

func (undone) Name() string         { return "cash.undone" }
func (undone) Kinds() []ledger.Kind { return []ledger.Kind{KindVoid, KindReversal} }

func (undone) Fold(t ledger.Table, e *ledger.Entry) error {
	body, err := ledger.Unpack[Undone](e)
	if err == nil {
		t.Put(ledger.SeqKey(body.Of), ledger.SeqKey(e.Seq))
	}
	return err
}

// Views are the views of this duty.
func Views() []ledger.View {
	return []ledger.View{sessions{}, undone{}, bags{}, cashTaken{}, returned{}, rota{}, lefts{}, checks{}}
}

// SessionOf is the open session of a person, if they have one.
func SessionOf(s *ledger.State, who staff.ID) (Session, bool, error) {
	return open(s, key('P', string(who)))
}

// SessionAt is the open session at a drawer, if there is one.
func SessionAt(s *ledger.State, drawer DrawerID) (Session, bool, error) {
	return open(s, key('D', string(drawer)))
}

// OpenSessions are all sessions that are open, by their drawers.
func OpenSessions(s *ledger.State) (all []Session, err error) {
	for k := range s.Rows(sessions{}.Name()).From([]byte{'D'}) {
		if k[0] != 'D' {
			break
		}
		session, found, err := open(s, k)
		if err != nil {
			return nil, err
		}
		if found {
			all = append(all, session)
		}
	}
	return all, nil
}

func open(s *ledger.State, at []byte) (Session, bool, error) {
	rows := s.Rows(sessions{}.Name())
	id := rows.Get(at)
	if id == nil {
		return Session{}, false, nil
	}
	session, err := readSession(rows.Get(key('S', string(id))))
	return session, err == nil, err
}

// SessionByID is a session, open or closed.
func SessionByID(s *ledger.State, id SessionID) (Session, bool, error) {
	row := s.Rows(sessions{}.Name()).Get(key('S', string(id)))
	if row == nil {
		return Session{}, false, nil
	}
	session, err := readSession(row)
	return session, err == nil, err
}

// UndoneBy is the number of the entry that took a payment back, 0 if none did.
func UndoneBy(s *ledger.State, payment uint64) uint64 {
	return ledger.KeySeq(s.Rows(undone{}.Name()).Get(ledger.SeqKey(payment)))
}

// ExpectedFloat is what the next session of a drawer should begin with: what
// the last one left, or the policy's float for a drawer never used.
func (d *Duty) ExpectedFloat(s *ledger.State, drawer DrawerID) ledger.Cents {
	row := s.Rows(sessions{}.Name()).Get(key('F', string(drawer)))
	if len(row) != 8 {
		return d.Policy.Float
	}
	return ledger.Cents(binary.BigEndian.Uint64(row))
}

// leftBy is the close that a drawer's float was left by, nil for a drawer never used.
func leftBy(s *ledger.State, drawer DrawerID) (*Left, error) {
	row := s.Rows(lefts{}.Name()).Get([]byte(drawer))
	if row == nil {
		return nil, nil
	}
	left, err := ledger.Unpack[Left](&ledger.Entry{Kind: "left", Body: row})
	return &left, err
}

// lefts is the view of who left each drawer last: drawer → Left.
type lefts struct{}

func (lefts) Name() string         { return "cash.left" }
func (lefts) Kinds() []ledger.Kind { return []ledger.Kind{KindDrawerClosed} }

func (lefts) Fold(t ledger.Table, e *ledger.Entry) error {
	body, err := ledger.Unpack[DrawerClosed](e)
	if err != nil {
		return err
	}
	return put(t, []byte(body.Drawer), Left{Session: body.Session, Z: body.Z, Name: body.Name})
}

// Payments walks the payments of a session, newest first, with their bodies. The
// history is of everything posted under the session's name; what only bears the
// same name, a customer's account, is passed over.
func Payments(s *ledger.State, id SessionID, take func(ledger.Entry, Payment) bool) error {
	for seq := range s.History(string(id)) {
		e, err := s.Entry(seq)
		if err != nil {
			return err
		}
		if e.Kind != KindPayment {
			continue
		}
		body, err := ledger.Unpack[Payment](&e)
		if err != nil {
			return err
		}
		if body.Session != id {
			continue
		}
		if !take(e, body) {
			return nil
		}
	}
	return nil
}

// InDrawer is what a session's drawer should hold of a means of payment.
func InDrawer(s *ledger.State, id SessionID, kind TenderKind) ledger.Cents {
	return s.Balance(drawerAccount(kind), string(id)).Net()
}

// Accounts of the books.
func drawerAccount(kind TenderKind) string { return "assets:drawer:" + string(kind) }

// UndepositedAccount is where the money of closed sessions waits for its deposit.
func UndepositedAccount(kind TenderKind) string { return "assets:undeposited:" + string(kind) }

const (
	AccountFloat     = "assets:safe:float"   // the change fund, less the floats in drawers
	AccountOverShort = "expenses:over-short" // counted less expected, by session, deposit or safe
	accountRounding  = "income:cash-rounding"
)
