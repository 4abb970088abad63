package cash

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gatehouse/ledger"
)

// Rota is the rule of surprise counts: each drawer that is used is counted once in
// a period, on a working day and at a minute that the station draws. Lake Stevens
// Sewer District has its drawers audited monthly (5.30.020), unannounced and by
// somebody with no other cash duty (policy 804.3).
type Rota struct {
	Every string    `toml:"every"` // "month"; empty: no rota
	From  ClockTime `toml:"from"`  // first minute of a day that may be drawn
	To    ClockTime `toml:"to"`    // and the minute after the last one
	// Days are the working days of the week; none: Monday to Friday.
	Days []string `toml:"days"`
	// Closed are holidays: never drawn.
	Closed []ledger.Date `toml:"closed"`
	Source string        `toml:"source"`
}

// ClockTime is minutes since midnight, written "09:00".
type ClockTime int

// UnmarshalText reads hours and minutes.
func (c *ClockTime) UnmarshalText(text []byte) error {
	at, err := time.Parse("15:04", string(text))
	if err != nil || len(text) != 5 {
		return fmt.Errorf("%q is not a time of day: write it like 09:00", text)
	}
	*c = ClockTime(at.Hour()*60 + at.Minute())
	return nil
}

func (c ClockTime) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// on is the time of day of a date. Where the clocks go forward over it, it is the
// hour beside.
func (c ClockTime) on(day ledger.Date, in *time.Location) time.Time {
	d := day.Time()
	return time.Date(d.Year(), d.Month(), d.Day(), int(c)/60, int(c)%60, 0, 0, in)
}

var weekdays = [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func (r Rota) check() error {
	if r.Every == "" {
		return nil
	}
	if r.Every != "month" || r.From >= r.To || r.Source == "" || len(r.Source) > maxSource {
		return errors.New("cash policy: rota: every is \"month\", from is before to, and it needs its source")
	}
	for i, d := range r.Days {
		if !slices.Contains(weekdays[:], d) || slices.Contains(r.Days[:i], d) {
			return fmt.Errorf("cash policy: rota: %q is there twice or is no day: use %s", d, strings.Join(weekdays[:], ", "))
		}
	}
	const tenYears = 400 // holidays
	if len(r.Closed) > tenYears {
		return fmt.Errorf("cash policy: rota: %d closed days, at most %d", len(r.Closed), tenYears)
	}
	for _, d := range r.Closed {
		if d == 0 || ledger.DateOf(d.Time()) != d {
			return fmt.Errorf("cash policy: rota: there is no closed day %d", d)
		}
	}
	return nil
}

// works says whether a day can be drawn.
func (r Rota) works(day ledger.Date) bool {
	weekday := day.Time().Weekday()
	if slices.Contains(r.Closed, day) {
		return false
	}
	if len(r.Days) == 0 {
		return weekday != time.Saturday && weekday != time.Sunday
	}
	return slices.Contains(r.Days, weekdays[weekday])
}

// periodOf is the first day of the period of a day, lastOf the last.
func periodOf(day ledger.Date) ledger.Date { return day/100*100 + 1 }

func lastOf(period ledger.Date) ledger.Date {
	return ledger.DateOf(period.Time().AddDate(0, 1, -1))
}

// candidates are the days that can be drawn on a day: the working days of the
// period that are still to come, or this one if none is.
func (r Rota) candidates(today ledger.Date) (days []ledger.Date) {
	last := lastOf(periodOf(today))
	for day := today.Time().AddDate(0, 0, 1); ledger.DateOf(day) <= last; day = day.AddDate(0, 0, 1) {
		if date := ledger.DateOf(day); r.works(date) {
			days = append(days, date)
		}
	}
	if len(days) == 0 {
		days = []ledger.Date{today}
	}
	return days
}

// RotaDrawn is the body of KindRotaDrawn: when a drawer will be counted by surprise
// was drawn, and lies sealed.
//
// The draw is the station's signature (Ed25519) over this body, in which Sealed is
// zero. It hangs on the head of the log, which nobody can choose, and needs the
// station's key, which never leaves it: so nobody who reads the ledger knows the
// time beforehand. The seal is the hash of the signature. When the count is due, the
// signature itself is put on record, and anybody can draw again: see Check.
type RotaDrawn struct {
	Station ledger.StationID `json:"station"`
	Drawer  DrawerID         `json:"drawer"`
	Period  ledger.Date      `json:"period"` // its first day
	Days    []ledger.Date    `json:"days"`   // one of these
	From    ClockTime        `json:"from"`   // from this minute of the day
	To      ClockTime        `json:"to"`     // up to before this one
	Zone    string           `json:"zone"`   // time zone of the hours, by its IANA name
	After   uint64           `json:"after"`  // entry that was the last one
	Head    ledger.Leaf      `json:"head"`   // and its hash
	Source  string           `json:"source"`
	Sealed  ledger.Leaf      `json:"sealed"` // SHA-256 of the signature
}

// message is what is signed to draw.
func (b RotaDrawn) message() ([]byte, error) {
	b.Sealed = ledger.Leaf{}
	packed, err := ledger.Pack(b)
	return append([]byte("gatehouse.rota.draw.v1\x00"), packed...), err
}

// ErrNotDrawn says that a draw is not what the station's key makes of the ledger.
var ErrNotDrawn = errors.New("the surprise count was not drawn so")

// Check draws again, with the station's public key and the proof that was put on
// record when the count was due. It returns the moment that was drawn.
func (b RotaDrawn) Check(key ed25519.PublicKey, proof []byte) (time.Time, error) {
	message, err := b.message()
	if err != nil {
		return time.Time{}, err
	}
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, message, proof) || sha256.Sum256(proof) != b.Sealed {
		return time.Time{}, ErrNotDrawn
	}
	zone, err := time.LoadLocation(b.Zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("%w: %w", ErrNotDrawn, err)
	}
	return b.pick(proof, zone)
}

// pick reads the day and the minute out of a signature. The remainder of 64 bits by
// at most 31 days of 1440 minutes favours none by more than one in 10^14.
func (b RotaDrawn) pick(proof []byte, zone *time.Location) (time.Time, error) {
	minutes := uint64(max(0, b.To-b.From))
	if minutes == 0 || len(b.Days) == 0 {
		return time.Time{}, fmt.Errorf("%w: there is nothing to choose from", ErrNotDrawn)
	}
	sum := sha256.Sum256(append([]byte("gatehouse.rota.pick.v1\x00"), proof...))
	n := binary.BigEndian.Uint64(sum[:]) % (minutes * uint64(len(b.Days)))
	return (b.From + ClockTime(n%minutes)).on(b.Days[n/minutes], zone), nil
}

// draw draws for a drawer.
func (d *Duty) draw(s *ledger.State, drawer DrawerID, today ledger.Date) (ledger.Draft, error) {
	rule := d.Policy.Rota
	body := RotaDrawn{Station: s.Station(), Drawer: drawer, Period: periodOf(today), Days: rule.candidates(today), From: rule.From, To: rule.To,
		Zone: d.Location.String(), After: s.Head().Seq, Head: s.Head().Leaf, Source: rule.Source}
	message, err := body.message()
	if err != nil {
		return ledger.Draft{}, err
	}
	body.Sealed = sha256.Sum256(d.Signer.Sign(message))
	return ledger.Draft{Kind: KindRotaDrawn, Body: body}, nil
}

// unseal opens a draw of this station: when it is for, and the proof.
func (d *Duty) unseal(s *ledger.State, seq uint64) (at time.Time, proof []byte, err error) {
	e, err := s.Entry(seq)
	if err != nil {
		return at, nil, err
	}
	body, err := ledger.Unpack[RotaDrawn](&e)
	if err != nil {
		return at, nil, err
	}
	message, err := body.message()
	if err != nil {
		return at, nil, err
	}
	proof = d.Signer.Sign(message)
	// A signer whose signatures differ from time to time cannot draw.
	if sha256.Sum256(proof) != body.Sealed {
		return at, nil, fmt.Errorf("open the draw of entry %d: %w", seq, ErrNotDrawn)
	}
	at, err = body.pick(proof, d.Location)
	return at, proof, err
}

// rotaOn says whether this desk draws.
func (d *Duty) rotaOn() bool { return d.Policy.Rota.Every != "" && d.Signer != nil }
