package staff_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// present is who is signed in.
func present(s *Station) (who staff.ID) {
	s.Look(func(st *ledger.State) error {
		now, _, err := staff.Present(st)
		who = now.Who
		return err
	})
	return who
}

// recorded counts the entries of a kind.
func recorded(s *Station, kind ledger.Kind) (n int) {
	for _, e := range s.Entries() {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

func wrongPINs(s *Station, who staff.ID, n int) (last error) {
	for range n {
		last = s.TrySignIn(who, Wrong)
	}
	return last
}

func expect(t *testing.T, what string, err error, code string) {
	t.Helper()
	if got := Code(err); got != code {
		t.Errorf("%s: got %q (%v), want %q", what, got, err, code)
	}
}

func TestSigningInAndOut(t *testing.T) {
	s := New(t, Options{})
	if got := present(s); got != "" {
		t.Fatalf("%s is at a new station", got)
	}
	s.SignIn(Maria)
	e := s.Entries()
	if body := Body[staff.SignedIn](s, e[len(e)-1]); body != (staff.SignedIn{Who: Maria, Name: "Maria Lopez", Role: staff.CSS1}) || present(s) != Maria {
		t.Fatalf("signed in: %+v, present %s", body, present(s))
	}
	s.SignIn(Tom) // Maria is signed out by it
	if present(s) != Tom {
		t.Fatalf("present: %s", present(s))
	}
	_, err := s.Try(Maria, staff.SignOut{})
	expect(t, "Maria signs out and is not in", err, "staff.not_signed_in")
	s.Reopen()
	if present(s) != Tom {
		t.Fatalf("after a restart: %s", present(s))
	}
	s.Do(Tom, staff.SignOut{})
	if present(s) != "" {
		t.Fatalf("after signing out: %s", present(s))
	}
	_, err = s.Try(Tom, cash.XReportCommand{})
	expect(t, "work without signing in", err, "staff.not_signed_in")
	s.Verify()
}

func TestWhoMaySignIn(t *testing.T) {
	s := New(t, Options{})
	for _, c := range []struct {
		who  staff.ID
		pin  string
		want string
	}{
		{Maria, PIN, ""},
		{Auditor, PIN, ""},
		{Maria, "", "staff.wrong_pin at pin"},
		{Maria, "47110", "staff.wrong_pin at pin"},
		{Maria, strings.Repeat("4711", 100), "staff.wrong_pin at pin"},
		{Retired, PIN, "staff.unknown at who"},
		{"nobody", PIN, "staff.unknown at who"},
		{"", PIN, "staff.unknown at who"},
		{"MARIA", PIN, "staff.unknown at who"},
		{staff.ID(strings.Repeat("x", 1<<16)), PIN, "staff.unknown at who"},
		{Trainee, PIN, "staff.trainee"},
		{desk.KioskActor, PIN, "staff.needs_a_person"},
		{desk.StationActor, PIN, "staff.needs_a_person"},
	} {
		expect(t, fmt.Sprintf("%.20s with %.20q", c.who, c.pin), s.TrySignIn(c.who, c.pin), c.want)
	}
}

func TestATraineeWorksInTheTrainingLedger(t *testing.T) {
	s := New(t, Options{Training: true})
	s.Morning(Trainee, "1")
	s.Verify()
}

func TestSomebodyWhoIsMadeATraineeStopsAtOnce(t *testing.T) {
	s := New(t, Options{})
	s.Morning(Maria, "1")
	p := s.Roster[Maria]
	p.Role = staff.Trainee
	s.Roster[Maria] = p
	_, err := s.Try(Maria, cash.XReportCommand{})
	expect(t, "a trainee in the real ledger", err, "staff.trainee")
}

// A trainee touches no money that is real: not with a drawer that is open, not with an
// approval. In the training ledger the same hands may do it all.
func TestATraineeTakesNoMoneyOutsideTraining(t *testing.T) {
	for _, c := range []struct {
		training bool
		want     string
	}{{false, "staff.trainee"}, {true, ""}} {
		s := New(t, Options{Training: c.training})
		s.Morning(Maria, "1")
		p := s.Roster[Maria]
		p.Role = staff.Trainee
		s.Roster[Maria] = p
		before := len(s.Entries())
		_, err := s.TryApproved(Maria, Ana, cash.TakePayment{Pay: []cash.Pay{{Account: Garcia, Amount: 5_00}}, Tenders: []cash.Tender{{Kind: cash.Cash, Amount: 5_00}}})
		expect(t, "takes money", err, c.want)
		for what, do := range map[string]any{
			"opens the drawer": cash.NoSaleCommand{Reason: "change for a customer"},
			"skims":            cash.Skim{Count: Count(5_00), Bag: "B1"},
			"prints an X":      cash.XReportCommand{},
			"begins to count":  cash.BeginCount{},
		} {
			_, err := s.TryApproved(Maria, Ana, do)
			expect(t, what, err, c.want)
		}
		_, err = s.TryApproved(Maria, Ana, cash.CountDrawer{Count: Count(200_00)})
		expect(t, "counts", err, c.want)
		_, err = s.TryApproved(Maria, Ana, cash.CloseDrawer{})
		expect(t, "closes", err, c.want)
		_, err = s.TryApproved(Maria, Ana, cash.OpenDrawer{Drawer: "2", Count: Count(200_00)})
		expect(t, "opens a session", err, c.want)
		if after := s.Entries()[before:]; !c.training && len(after) != 0 {
			t.Errorf("a trainee wrote %s into the real ledger", after[0].Kind)
		}
		s.Verify()
	}
}

func TestSomebodyWhoRetiresStopsAtOnce(t *testing.T) {
	s := New(t, Options{})
	s.Morning(Maria, "1")
	p := s.Roster[Maria]
	p.Retired = true
	s.Roster[Maria] = p
	_, err := s.Try(Maria, cash.XReportCommand{})
	expect(t, "retired", err, "staff.unknown at who")
}

func TestARosterCannotNameAKioskOrTheStation(t *testing.T) {
	s := New(t, Options{Kiosk: true})
	for _, p := range []staff.Person{
		{ID: "lobby", Role: staff.Kiosk}, {ID: desk.KioskActor, Role: staff.CSS2}, {ID: desk.StationActor, Role: staff.CSS2},
	} {
		p.PIN = Hash(PIN)
		s.Roster[p.ID] = p
		if err := s.TrySignIn(p.ID, PIN); err == nil {
			t.Errorf("%s signed in", p.ID)
		}
		if _, err := s.Try(p.ID, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)}); err == nil {
			t.Errorf("%s opened a drawer without a PIN", p.ID)
		}
	}
}

func TestWhatAKioskMayDo(t *testing.T) {
	kiosk := New(t, Options{Kiosk: true})
	kiosk.SignIn(Maria)
	for _, do := range []any{
		cash.OpenDrawer{Drawer: "1", Count: Count(200_00)}, cash.TakePayment{}, cash.VoidPayment{}, cash.NoSaleCommand{},
		cash.XReportCommand{}, cash.CloseDrawer{}, cash.ReversePayment{}, cash.NoteUnasked{Drawer: "1"}, staff.SignOut{}, staff.SignIn{},
	} {
		if _, err := kiosk.Try(desk.KioskActor, do); err == nil {
			t.Errorf("a visitor at the kiosk did %T", do)
		}
	}
	if present(kiosk) != Maria {
		t.Error("a visitor signed the staff out")
	}
	_, err := New(t, Options{}).Try(desk.KioskActor, staff.SignOut{})
	expect(t, "a visitor at a cashier's station", err, "staff.no_kiosk")
}

func TestWhatTheStationMayDoItself(t *testing.T) {
	s := New(t, Options{})
	s.SignIn(Maria)
	s.Do(desk.StationActor, cash.NoteUnasked{Drawer: "1"})
	_, err := s.Try(desk.StationActor, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)})
	expect(t, "open a drawer", err, "staff.needs_a_person")
	_, err = s.Try(Maria, cash.NoteUnasked{Drawer: "1"})
	expect(t, "say by hand that a drawer was opened", err, "cash.station_notes_this")
}

func TestFiveWrongPINsLock(t *testing.T) {
	s := New(t, Options{})
	for left := 4; left >= 1; left-- {
		err := s.TrySignIn(Maria, Wrong)
		expect(t, "a wrong PIN", err, "staff.wrong_pin at pin")
		if !strings.Contains(err.Error(), fmt.Sprintf("%d more", left)) {
			t.Errorf("%d left, but: %v", left, err)
		}
	}
	expect(t, "the fifth", s.TrySignIn(Maria, Wrong), "staff.locked at pin")
	expect(t, "the right PIN while locked", s.TrySignIn(Maria, PIN), "staff.locked at pin")
	expect(t, "another person", s.TrySignIn(Tom, PIN), "")
	s.Clock.Pass(30*time.Second - time.Microsecond)
	err := s.TrySignIn(Maria, PIN)
	expect(t, "just before the lock ends", err, "staff.locked at pin")
	if !strings.HasSuffix(err.Error(), "in 1 s.") {
		t.Errorf("a microsecond left, but: %v", err)
	}
	s.Clock.Pass(time.Microsecond)
	expect(t, "when the lock ends", s.TrySignIn(Maria, PIN), "")
	expect(t, "the count begins anew", wrongPINs(s, Maria, 4), "staff.wrong_pin at pin")
	expect(t, "and signing in ends it", s.TrySignIn(Maria, PIN), "")
	s.Verify()
}

func TestEachFurtherWrongPINDoublesTheLock(t *testing.T) {
	s := New(t, Options{})
	wrongPINs(s, Maria, 4)
	for i, lock := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 4 * time.Minute, 4 * time.Minute} {
		expect(t, "a wrong PIN", s.TrySignIn(Maria, Wrong), "staff.locked at pin")
		s.Reopen() // a restart does not forget it
		if got := recorded(s, staff.KindWrongPIN); got != 5+i {
			t.Fatalf("%d wrong PINs were looked at, want %d: the lock before lasted too long", got, 5+i)
		}
		s.Clock.Pass(lock - time.Second)
		expect(t, fmt.Sprintf("a second before %v", lock), s.TrySignIn(Maria, PIN), "staff.locked at pin")
		s.Clock.Pass(time.Second)
	}
	expect(t, "at last", s.TrySignIn(Maria, PIN), "")
}

func TestAttemptsWhileLockedDoNotLengthenIt(t *testing.T) {
	s := New(t, Options{})
	wrongPINs(s, Maria, 5)
	before := s.Book.Head().Seq
	for range 20 {
		expect(t, "while locked", s.TrySignIn(Maria, Wrong), "staff.locked at pin")
	}
	if got := s.Book.Head().Seq; got != before {
		t.Errorf("%d entries more: a masher of keys must not fill the ledger", got-before)
	}
	s.Clock.Pass(30 * time.Second)
	expect(t, "after the first lock", s.TrySignIn(Maria, PIN), "")
}

func TestALockAndAClockThatWasSet(t *testing.T) {
	s := New(t, Options{})
	wrongPINs(s, Maria, 5)
	s.Clock.Pass(-3 * time.Second)
	expect(t, "corrected a little", s.TrySignIn(Maria, PIN), "staff.locked at pin")
	s.Clock.Pass(-365 * 24 * time.Hour)
	expect(t, "set back a year: nobody waits a year", s.TrySignIn(Maria, Wrong), "staff.locked at pin")
	expect(t, "and the count stood", s.TrySignIn(Maria, PIN), "staff.locked at pin")
	s.Clock.Pass(time.Minute)
	expect(t, "the second lock is over", s.TrySignIn(Maria, PIN), "")
}

func TestGuessesAtOnceCountEachOther(t *testing.T) {
	s := New(t, Options{})
	hash, err := staff.HashPIN(PIN, rand.NewChaCha8([32]byte{9})) // slow, so that the guesses meet
	if err != nil {
		t.Fatal(err)
	}
	s.Roster[Maria] = staff.Person{ID: Maria, Role: staff.CSS1, PIN: hash}
	var guesses sync.WaitGroup
	for range 40 {
		guesses.Go(func() { _ = s.TrySignIn(Maria, Wrong) })
	}
	guesses.Wait()
	if n := recorded(s, staff.KindWrongPIN); n != 5 {
		t.Errorf("%d guesses were looked at before the lock, want 5", n)
	}
}

func TestATimeDoesNotHideAWrongPIN(t *testing.T) {
	s := New(t, Options{})
	var said []string
	for _, pin := range []string{Wrong, PIN} {
		_, err := s.Order(desk.Order{By: Maria, PIN: pin, Do: staff.SignIn{}, At: Began()})
		expect(t, "a time of one's own, PIN "+pin, err, "ledger.time_is_the_clocks at at")
		said = append(said, fmt.Sprint(err))
	}
	if said[0] != said[1] {
		t.Errorf("the answers tell a right PIN from a wrong one: %q", said)
	}
}

func TestWithoutALedgerNoPINIsAnswered(t *testing.T) {
	s := New(t, Options{})
	if err := s.Book.Close(); err != nil {
		t.Fatal(err)
	}
	wrong, right := s.TrySignIn(Maria, Wrong), s.TrySignIn(Maria, PIN)
	if _, ok := ledger.AsRefusal(wrong); ok || wrong == nil || right == nil || wrong.Error() != right.Error() {
		t.Errorf("without a ledger the answers tell a right PIN from a wrong one: %v, %v", wrong, right)
	}
}

func TestADamagedHash(t *testing.T) {
	s := New(t, Options{})
	good := Hash(PIN)
	for _, hash := range []string{
		s.Roster[Damaged].PIN, "", "1234", strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "m=8", "m=4294967295", 1), strings.Replace(good, "m=8", "m=0", 1), strings.Replace(good, "t=1", "t=0", 1),
		strings.Replace(good, "t=1", "t=4000000", 1), strings.Replace(good, "p=1", "p=0", 1), strings.Replace(good, "p=1", "p=255", 1),
		good[:len(good)-30], good + "!", strings.Repeat("$", 1000),
	} {
		s.Roster[Damaged] = staff.Person{ID: Damaged, Role: staff.CSS1, PIN: hash}
		err := s.TrySignIn(Damaged, PIN)
		if _, refused := ledger.AsRefusal(err); err == nil || refused || !strings.Contains(err.Error(), "PIN") {
			t.Errorf("hash %.40q: %v", hash, err)
		}
	}
	if recorded(s, staff.KindWrongPIN) != 0 {
		t.Error("a hash that cannot be read counts as a wrong PIN")
	}
}

// The PINs here are long and odd, so that finding one means something.
func TestNoPINIsInTheLedger(t *testing.T) {
	const mine, other, wrong = "904817263554", "773190284465", "118822993377"
	s := New(t, Options{})
	for who, pin := range map[staff.ID]string{Maria: mine, Ana: other} {
		p := s.Roster[who]
		p.PIN = Hash(pin)
		s.Roster[who] = p
	}
	if err := s.TrySignIn(Maria, wrong); err == nil {
		t.Fatal("signed in with a wrong PIN")
	}
	if err := s.TrySignIn(Maria, mine); err != nil {
		t.Fatal(err)
	}
	s.Do(Maria, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)})
	paid := s.Do(Maria, cash.TakePayment{Pay: []cash.Pay{{Account: Garcia, Amount: 5_00}}, Tenders: []cash.Tender{{Kind: cash.Cash, Amount: 5_00}}})
	void := desk.Order{By: Maria, Do: cash.VoidPayment{Receipt: paid.ReceiptNo("A1"), Reason: "wrong amount"}, Approver: Ana}
	for _, pin := range []string{wrong, other} {
		void.ApproverPIN = pin
		_, _ = s.Order(void)
	}
	s.Verify()
	file, err := os.ReadFile(s.Path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(file, []byte(staff.KindWrongPIN)) || !bytes.Contains(file, []byte(cash.KindVoid)) {
		t.Fatal("the day did not go as this test says")
	}
	for _, secret := range []string{mine, other, wrong, Hash(mine), Hash(other)} {
		if bytes.Contains(file, []byte(secret)) {
			t.Errorf("%q is in the file", secret)
		}
	}
}
