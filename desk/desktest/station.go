package desktest

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// T is what a test is here: *testing.T, *testing.B, *testing.F or *rapid.T.
type T interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Folder is a folder for ledgers, in memory where the machine can: thousands of
// commits are on a disk no more true than there, and much slower. It is removed
// with the test.
func Folder(t testing.TB) string {
	t.Helper()
	in := "/dev/shm"
	if _, err := os.Stat(in); err != nil {
		in = ""
	}
	folder, err := os.MkdirTemp(in, "desktest")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	return folder
}

// Began is when every station opens: a Monday at 08:00 in the utility's zone.
func Began() time.Time { return time.Date(2026, time.November, 23, 16, 0, 0, 0, time.UTC) }

// Clock is moved by the test.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock is a clock that stands at a moment.
func NewClock(at time.Time) *Clock { return &Clock{now: at} }

// Now is what it shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Pass lets time pass; below zero the clock is set back.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Station is station A1 with its desk open.
type Station struct {
	*desk.Desk
	Clock     *Clock
	Roster    Roster
	Customers *Customers
	Path      string // of the ledger
	Options   Options

	t   T
	key *ledger.Key
}

// Options say how a station differs from the usual one.
type Options struct {
	Training bool
	Kiosk    bool
	Offline  bool
	Policy   func(*desk.Policy) // changes the town's
}

// Open opens a station in a folder. Close it, or let Verify do so.
func Open(t T, folder string, o Options) *Station {
	t.Helper()
	key, err := ledger.NewKey(rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatalf("key: %v", err)
	}
	s := &Station{t: t, key: key, Options: o, Path: filepath.Join(folder, "ledger.db"),
		Clock: NewClock(Began()), Roster: People(), Customers: Accounts()}
	s.open()
	return s
}

// New is Open in a new folder, closed with the test.
func New(t testing.TB, o Options) *Station {
	t.Helper()
	s := Open(t, Folder(t), o)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func (s *Station) open() {
	s.t.Helper()
	policy := Policy()
	if s.Options.Policy != nil {
		s.Options.Policy(&policy)
	}
	d, err := desk.Open(desk.Options{
		Ledger: ledger.Options{Path: s.Path, Station: "A1", Signer: s.key, Clock: s.Clock.Now, Training: s.Options.Training},
		Policy: policy, Roster: s.Roster, Customers: s.Customers, Kiosk: s.Options.Kiosk,
		Offline: func() bool { return s.Options.Offline },
	})
	if err != nil {
		s.t.Fatalf("open the desk: %v", err)
	}
	s.Desk = d
}

// Reopen ends the program and starts it again.
func (s *Station) Reopen() {
	s.t.Helper()
	if err := s.Close(); err != nil {
		s.t.Fatalf("close: %v", err)
	}
	s.open()
}

// Verify closes the ledger and proves the file.
func (s *Station) Verify() ledger.Report {
	s.t.Helper()
	if err := s.Close(); err != nil {
		s.t.Fatalf("close: %v", err)
	}
	report, err := ledger.Verify(s.Path, ledger.VerifyOptions{Views: desk.Views(), Key: s.key.Public()})
	if err != nil || len(report.Problems) > 0 {
		s.t.Fatalf("the ledger does not verify: %v %v", err, report.Problems)
	}
	return report
}

// Order gives an order under a new id.
func (s *Station) Order(o desk.Order) ([]ledger.Entry, error) {
	s.t.Helper()
	if o.ID.IsZero() {
		id, err := s.NewID()
		if err != nil {
			s.t.Fatalf("id: %v", err)
		}
		o.ID = id
	}
	return s.Desk.Do(context.Background(), o)
}

// Try gives an order as somebody who needs no PIN for it.
func (s *Station) Try(by staff.ID, do any) ([]ledger.Entry, error) {
	s.t.Helper()
	return s.Order(desk.Order{By: by, Do: do})
}

// Do is Try, which must succeed; it returns the first entry.
func (s *Station) Do(by staff.ID, do any) ledger.Entry {
	s.t.Helper()
	return s.must(s.Try(by, do))
}

// TryApproved is Try with the PIN of an approver.
func (s *Station) TryApproved(by, approver staff.ID, do any) ([]ledger.Entry, error) {
	s.t.Helper()
	return s.Order(desk.Order{By: by, Do: do, Approver: approver, ApproverPIN: PIN})
}

// DoApproved is TryApproved, which must succeed.
func (s *Station) DoApproved(by, approver staff.ID, do any) ledger.Entry {
	s.t.Helper()
	return s.must(s.TryApproved(by, approver, do))
}

func (s *Station) must(entries []ledger.Entry, err error) ledger.Entry {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("refused: %v", err)
	}
	return entries[0]
}

// TrySignIn signs somebody in with what they typed.
func (s *Station) TrySignIn(who staff.ID, pin string) error {
	_, err := s.Order(desk.Order{By: who, PIN: pin, Do: staff.SignIn{}})
	return err
}

// SignIn signs somebody in.
func (s *Station) SignIn(who staff.ID) {
	s.t.Helper()
	if err := s.TrySignIn(who, PIN); err != nil {
		s.t.Fatalf("sign %s in: %v", who, err)
	}
}

// Morning signs somebody in and opens a drawer with the float of 200.00.
func (s *Station) Morning(who staff.ID, drawer cash.DrawerID) cash.DrawerOpened {
	s.t.Helper()
	s.SignIn(who)
	return Body[cash.DrawerOpened](s, s.Do(who, cash.OpenDrawer{Drawer: drawer, Count: Count(200_00)}))
}

// CloseCounted counts a drawer and closes it on that count.
func (s *Station) CloseCounted(by staff.ID, count cash.CountDrawer) ledger.Entry {
	s.t.Helper()
	s.Do(by, count)
	return s.Do(by, cash.CloseDrawer{Drawer: count.Drawer})
}

// Body reads the body of an entry.
func Body[B any](s *Station, e ledger.Entry) B {
	s.t.Helper()
	body, err := ledger.Unpack[B](&e)
	if err != nil {
		s.t.Fatalf("entry %d: %v", e.Seq, err)
	}
	return body
}

// Look reads the ledger.
func (s *Station) Look(read func(*ledger.State) error) {
	s.t.Helper()
	if err := s.Read(read); err != nil {
		s.t.Fatalf("read: %v", err)
	}
}

// Entries is the whole log.
func (s *Station) Entries() []ledger.Entry {
	s.t.Helper()
	all, err := s.Book.Entries(1, 1<<20)
	if err != nil {
		s.t.Fatalf("entries: %v", err)
	}
	return all
}

// Count is an amount in as few pieces as the policy's denominations allow.
func Count(amount ledger.Cents) (count cash.Count) {
	for _, value := range Policy().Cash.Denominations {
		if n := int(amount / value); n > 0 {
			count = append(count, cash.Pieces{Value: value, N: n})
			amount -= value.Times(int64(n))
		}
	}
	return count
}

// Code is the code and field of a refusal: "cash.short at tenders"; "" for no
// error, and the error itself when it is not a refusal.
func Code(err error) string {
	if err == nil {
		return ""
	}
	r, ok := ledger.AsRefusal(err)
	if !ok {
		return "error: " + err.Error()
	}
	if r.Field == "" {
		return r.Code
	}
	return r.Code + " at " + r.Field
}
