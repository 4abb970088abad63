package cash

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// RotaDue is the body of KindRotaDue: the time that was drawn has come, and the
// drawer is open. From here on everybody may know.
type RotaDue struct {
	Drawer  DrawerID    `json:"drawer"`
	Period  ledger.Date `json:"period"`
	Drawn   uint64      `json:"drawn"` // entry of the draw
	At      int64       `json:"at"`    // the moment drawn, microseconds since 1970 UTC
	Session SessionID   `json:"session"`
	Name    string      `json:"name"`            // who works the drawer
	Moved   bool        `json:"moved,omitempty"` // the drawer was not open on the day drawn
	Proof   []byte      `json:"proof"`           // see RotaDrawn.Check
}

// RotaKept is what a surprise count says of the draw it keeps.
type RotaKept struct {
	Drawn  uint64      `json:"drawn"` // entry of the draw
	Period ledger.Date `json:"period"`
	At     int64       `json:"at"` // the moment drawn, microseconds since 1970 UTC
	Proof  []byte      `json:"proof"`
}

// RotaListed is the body of KindRotaListed: the list that proves the rota is kept.
type RotaListed struct {
	By     string     `json:"by"`
	Source string     `json:"source"`
	Lines  []RotaLine `json:"lines"`
}

// RotaStatus says how a surprise count of the rota stands.
type RotaStatus string

// How it may stand.
const (
	RotaWaiting RotaStatus = "waiting" // drawn; when, nobody knows
	RotaNow     RotaStatus = "due"
	RotaOK      RotaStatus = "kept"
	RotaMissed  RotaStatus = "missed" // it was due, and nobody counted
)

// RotaLine is one drawer in one period. While it waits, At is 0.
type RotaLine struct {
	Drawer  DrawerID    `json:"drawer"`
	Period  ledger.Date `json:"period"` // its first day
	Status  RotaStatus  `json:"status"`
	Drawn   uint64      `json:"drawn"`             // entry of the draw
	At      int64       `json:"at,omitempty"`      // the moment drawn, microseconds since 1970 UTC
	Due     uint64      `json:"due,omitempty"`     // entry that announced it
	Counted uint64      `json:"counted,omitempty"` // entry of the count
	// Hours is its age since the moment drawn: up to the count, or up to now.
	Hours int `json:"hours,omitempty"`
}

// KeepRota draws what is to be drawn, and announces what is due. The station does
// it by itself, every minute that there is something to do.
type KeepRota struct{}

// ListRota puts the state of the rota on record and prints it, to be signed.
type ListRota struct{}

// rota is the view of surprise counts:
//
//	"R" drawer NUL period   rotaRow
//	"P" person              business date of their last session, 4 bytes
type rota struct{}

// rotaRow is one draw. Announced is the date it was put on record as due.
type rotaRow struct {
	Drawn     uint64      `json:"drawn"`
	At        int64       `json:"at,omitempty"`
	Due       uint64      `json:"due,omitempty"`
	Announced ledger.Date `json:"announced,omitempty"`
	Counted   uint64      `json:"counted,omitempty"`
	When      int64       `json:"when,omitempty"` // it was counted
}

func (rota) Name() string { return "cash.rota" }
func (rota) Kinds() []ledger.Kind {
	return []ledger.Kind{KindDrawerOpened, KindRotaDrawn, KindRotaDue, KindSurprise}
}

func rotaKey(drawer DrawerID, period ledger.Date) []byte {
	return binary.BigEndian.AppendUint32(append(key('R', string(drawer)), 0), uint32(period))
}

func (rota) Fold(t ledger.Table, e *ledger.Entry) error {
	switch e.Kind {
	case KindDrawerOpened:
		body, err := ledger.Unpack[DrawerOpened](e)
		if err == nil {
			t.Put(key('P', string(body.Who)), binary.BigEndian.AppendUint32(nil, uint32(e.Date)))
		}
		return err
	case KindRotaDrawn:
		body, err := ledger.Unpack[RotaDrawn](e)
		if err != nil {
			return err
		}
		return put(t, rotaKey(body.Drawer, body.Period), rotaRow{Drawn: e.Seq})
	case KindRotaDue:
		body, err := ledger.Unpack[RotaDue](e)
		if err != nil {
			return err
		}
		return changeRota(t, body.Drawer, body.Period, func(r *rotaRow) { r.At, r.Due, r.Announced = body.At, e.Seq, e.Date })
	default:
		body, err := ledger.Unpack[Counted](e)
		if err != nil || body.Rota == nil {
			return err
		}
		return changeRota(t, body.Drawer, body.Rota.Period, func(r *rotaRow) { r.At, r.Counted, r.When = body.Rota.At, e.Seq, e.Micros })
	}
}

func changeRota(t ledger.Table, drawer DrawerID, period ledger.Date, change func(*rotaRow)) error {
	r, err := readRota(t.Get(rotaKey(drawer, period)))
	if err != nil {
		return err
	}
	change(&r)
	return put(t, rotaKey(drawer, period), r)
}

func readRota(row []byte) (rotaRow, error) {
	return ledger.Unpack[rotaRow](&ledger.Entry{Kind: "rota", Body: row})
}

// status says how a draw stands on a day. One that was announced must be counted in
// its period, or, if the drawer was not open until later, on the day it was announced.
func (r rotaRow) status(period, today ledger.Date) RotaStatus {
	switch {
	case r.Counted != 0:
		return RotaOK
	case r.Due == 0:
		return RotaWaiting
	case today > max(lastOf(period), r.Announced):
		return RotaMissed
	}
	return RotaNow
}

// drawn walks the draws of a drawer, the oldest first.
func drawn(s *ledger.State, drawer DrawerID, take func(ledger.Date, rotaRow)) error {
	prefix := append(key('R', string(drawer)), 0)
	for k, v := range ledger.Prefixed(s.Rows(rota{}.Name()), prefix) {
		if len(k) != len(prefix)+4 {
			continue
		}
		r, err := readRota(v)
		if err != nil {
			return err
		}
		take(ledger.Date(binary.BigEndian.Uint32(k[len(prefix):])), r)
	}
	return nil
}

// RotaOf lists every surprise count that was drawn, of every drawer there ever was: what
// is kept, due and missed, by period and then by drawer. It is the proof that the rota is
// kept. zone is the utility's.
func RotaOf(s *ledger.State, zone *time.Location) (all []RotaLine, err error) {
	now := s.Now()
	today := ledger.DateOf(now.In(zone))
	for k, v := range ledger.Prefixed(s.Rows(rota{}.Name()), []byte{'R'}) {
		drawer, period, ok := strings.Cut(string(k[1:]), "\x00")
		if !ok || len(period) != 4 {
			continue
		}
		r, err := readRota(v)
		if err != nil {
			return nil, err
		}
		line := RotaLine{Drawer: DrawerID(drawer), Period: ledger.Date(binary.BigEndian.Uint32([]byte(period))), Drawn: r.Drawn, At: r.At, Due: r.Due, Counted: r.Counted}
		line.Status = r.status(line.Period, today)
		if until := now.UnixMicro(); r.At != 0 {
			if r.When != 0 {
				until = r.When
			}
			line.Hours = int(time.Duration(until-r.At) * time.Microsecond / time.Hour)
		}
		all = append(all, line)
	}
	slices.SortStableFunc(all, func(a, b RotaLine) int { return cmp.Compare(a.Period, b.Period) })
	return all, nil
}

// Rota is RotaOf of the drawers that the policy has now.
func (d *Duty) Rota(s *ledger.State) ([]RotaLine, error) {
	all, err := RotaOf(s, d.Location)
	return slices.DeleteFunc(all, func(l RotaLine) bool { return !slices.Contains(d.Policy.Drawers, l.Drawer) }), err
}

// DueCounts lists the surprise counts that somebody without cash duty should make
// now. It is for whoever may count others' drawers, and not for those who work them.
func (d *Duty) DueCounts(s *ledger.State) (due []RotaLine, err error) {
	all, err := d.Rota(s)
	for _, line := range all {
		if _, open, err := SessionAt(s, line.Drawer); err != nil {
			return nil, err
		} else if open && line.Status == RotaNow {
			due = append(due, line)
		}
	}
	return due, err
}

// drawFor draws for a drawer that has no draw in this period.
func (d *Duty) drawFor(s *ledger.State, drawer DrawerID) (drafts []ledger.Draft, err error) {
	today := ledger.DateOf(s.Now().In(d.Location))
	if !d.rotaOn() || s.Rows(rota{}.Name()).Get(rotaKey(drawer, periodOf(today))) != nil {
		return nil, nil
	}
	draft, err := d.draw(s, drawer, today)
	return []ledger.Draft{draft}, err
}

// announce says that the oldest draw of an open drawer that is still to be kept is
// due now, if it is: from the moment drawn on that day; and when the drawer was not
// open then, from the same time of day on the next day it is.
func (d *Duty) announce(s *ledger.State, session Session) (drafts []ledger.Draft, err error) {
	if !d.rotaOn() {
		return nil, nil
	}
	now := s.Now().In(d.Location)
	var fault error
	err = drawn(s, session.Drawer, func(period ledger.Date, r rotaRow) {
		if r.Due != 0 || r.Counted != 0 || len(drafts) > 0 || fault != nil {
			return
		}
		at, proof, err := d.unseal(s, r.Drawn)
		if err != nil {
			fault = err
			return
		}
		day, today := ledger.DateOf(at), ledger.DateOf(now)
		from := at
		if today > day {
			from = ClockTime(at.Hour()*60+at.Minute()).on(today, d.Location)
		}
		if today < day || now.Before(from) {
			return
		}
		drafts = append(drafts, ledger.Draft{Kind: KindRotaDue, Date: today, Body: RotaDue{Drawer: session.Drawer, Period: period, Drawn: r.Drawn,
			At: at.UnixMicro(), Session: session.ID, Name: session.Name, Moved: today > day, Proof: proof}})
	})
	if err == nil {
		err = fault
	}
	return drafts, err
}

// keeps is the draw that a surprise count of a drawer keeps, nil if none is due. The
// time may have come since the station last looked.
func (d *Duty) keeps(s *ledger.State, session Session) (kept *RotaKept, err error) {
	today := ledger.DateOf(s.Now().In(d.Location))
	var due uint64
	err = drawn(s, session.Drawer, func(period ledger.Date, r rotaRow) {
		if due == 0 && r.status(period, today) == RotaNow {
			due = r.Due
		}
	})
	if err != nil {
		return nil, err
	}
	if due != 0 {
		e, err := s.Entry(due)
		if err != nil {
			return nil, err
		}
		body, err := ledger.Unpack[RotaDue](&e)
		return &RotaKept{Drawn: body.Drawn, Period: body.Period, At: body.At, Proof: body.Proof}, err
	}
	drafts, err := d.announce(s, session)
	if err != nil || len(drafts) == 0 {
		return nil, err
	}
	body := drafts[0].Body.(RotaDue)
	return &RotaKept{Drawn: body.Drawn, Period: body.Period, At: body.At, Proof: body.Proof}, nil
}

// worked says whether somebody has a drawer today, or had one.
func worked(s *ledger.State, who staff.ID, today ledger.Date) (bool, error) {
	if _, open, err := SessionOf(s, who); open || err != nil {
		return open, err
	}
	row := s.Rows(rota{}.Name()).Get(key('P', string(who)))
	return len(row) == 4 && ledger.Date(binary.BigEndian.Uint32(row)) == today, nil
}

// RotaWork is what KeepRota would write now.
func (d *Duty) RotaWork(s *ledger.State) (drafts []ledger.Draft, err error) {
	for _, drawer := range d.Policy.Drawers {
		session, open, err := SessionAt(s, drawer)
		if err != nil {
			return nil, err
		}
		if !open {
			continue
		}
		news, err := d.drawFor(s, drawer)
		if err != nil {
			return nil, err
		}
		due, err := d.announce(s, session)
		if err != nil {
			return nil, err
		}
		drafts = append(append(drafts, news...), due...)
	}
	return drafts, nil
}

// KeepRota draws and announces.
func (d *Duty) KeepRota(s *ledger.State, by staff.Acting, _ KeepRota) ([]ledger.Draft, error) {
	if by.Who.ID != staff.StationActor {
		return nil, ledger.Refuse("cash.station_draws", "The station itself draws when a drawer is counted.")
	}
	drafts, err := d.RotaWork(s)
	if err == nil && len(drafts) == 0 {
		err = ledger.Refuse("cash.rota_nothing", "No surprise count is to be drawn, and none is due.")
	}
	return drafts, err
}

// maxListed is how many lines of the rota go on one paper: the newest.
const maxListed = 48

// ListRota lists the rota for whoever may see the day.
func (d *Duty) ListRota(s *ledger.State, by staff.Acting, _ ListRota) ([]ledger.Draft, error) {
	if err := d.Staff.Require(s, by, staff.CountOthers); err != nil {
		return nil, err
	}
	lines, err := d.Rota(s)
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 {
		return nil, ledger.Refuse("cash.rota_empty", "No surprise count was drawn at this station yet.")
	}
	lines = lines[max(0, len(lines)-maxListed):]
	return []ledger.Draft{{Kind: KindRotaListed, Body: RotaListed{By: by.Who.Name, Source: d.Policy.Rota.Source, Lines: lines}}}, nil
}
