package book_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gatehouse/central/book"
	"gatehouse/central/store"
	"gatehouse/central/storetest"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// office is a central with its store and a clock that is set by hand.
type office struct {
	t    testing.TB
	kept store.Store
	key  *ledger.Key
	mu   sync.Mutex
	now  time.Time
	*book.Book
}

func newOffice(t testing.TB) *office {
	t.Helper()
	codec, err := wire.NewCodec()
	must(t, err)
	o := &office{t: t, now: time.Date(2026, 3, 2, 14, 0, 0, 0, time.UTC)}
	o.kept, err = store.OpenBolt(store.Options{Path: filepath.Join(t.TempDir(), "central.db"), Clock: o.clock, Codec: codec})
	must(t, err)
	t.Cleanup(func() { o.kept.Close() })
	o.key, err = ledger.NewKey(rand.Reader)
	must(t, err)
	o.Book = o.process()
	return o
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *office) pass(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = o.now.Add(d)
}

// process is one more central process on the same store.
func (o *office) process() *book.Book {
	b, err := book.Open(context.Background(), book.Options{Store: o.kept, Signer: o.key, Clock: o.clock})
	must(o.t, err)
	return b
}

const (
	anasPassword = "copper kettle on the ridge"
	tomsPassword = "seven herons by the weir"
)

// staffed is an office with an administrator, ana, and a person of each other
// role, named after it.
func staffed(t testing.TB) *office {
	o := newOffice(t)
	ctx := context.Background()
	must(t, o.SetOperator(ctx, book.Itself, book.OperatorSet{Name: "ana", Role: book.Administrator}, anasPassword))
	for _, r := range book.Roles() {
		must(t, o.SetOperator(ctx, "ana", book.OperatorSet{Name: string(r), Role: r}, tomsPassword))
	}
	return o
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// code is the code of a refusal, or the error as it is.
func code(err error) string {
	if r, ok := ledger.AsRefusal(err); ok {
		return r.Code
	}
	return fmt.Sprint(err)
}

func wantCode(t testing.TB, what string, err error, want string) {
	t.Helper()
	if got := code(err); got != want {
		t.Errorf("%s: %s, want %s", what, got, want)
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	for _, row := range []struct {
		role book.Role
		may  []book.Right
	}{
		{book.Administrator, []book.Right{book.MayEnrol, book.MayOperators, book.MayReference, book.MayRetain}},
		{book.Finance, []book.Right{book.MayReference, book.MayFiles, book.MayWorkOff}},
		{book.Supervisor, []book.Right{book.MayEnrol, book.MayWorkOff}},
		{book.Auditor, nil},
	} {
		var may []book.Right
		for _, r := range book.Rights() {
			if row.role.May(r) {
				may = append(may, r)
			}
		}
		if fmt.Sprint(may) != fmt.Sprint(row.may) {
			t.Errorf("%s may %v, want %v", row.role, may, row.may)
		}
	}
}

func TestOperators(t *testing.T) {
	ctx := context.Background()
	o := newOffice(t)
	set := func(by, name string, role book.Role, gone bool, password string) error {
		return o.SetOperator(ctx, by, book.OperatorSet{Name: name, Role: role, Gone: gone}, password)
	}
	for _, row := range []struct {
		what string
		err  error
		want string
	}{
		{"the first operator is no auditor", set(book.Itself, "ana", book.Auditor, false, anasPassword), "central.first_operator"},
		{"nobody makes the first one but central", set("ana", "ana", book.Administrator, false, anasPassword), "central.first_operator"},
		{"without a password", set(book.Itself, "ana", book.Administrator, false, ""), "central.password_missing"},
		{"a short password", set(book.Itself, "ana", book.Administrator, false, "correct horse"), "central.password_short"},
		{"an endless password", set(book.Itself, "ana", book.Administrator, false, strings.Repeat("x", 300)), "central.password_long"},
		{"a name with a blank", set(book.Itself, "ana lopez", book.Administrator, false, anasPassword), "central.operator_name"},
		{"central's own name", set(book.Itself, book.Itself, book.Administrator, false, anasPassword), "central.operator_name"},
		{"no such role", set(book.Itself, "ana", "root", false, anasPassword), "central.role"},
		{"the first operator", set(book.Itself, "ana", book.Administrator, false, anasPassword), "<nil>"},
		{"a second one", set("ana", "tom", book.Finance, false, tomsPassword), "<nil>"},
		{"finance makes no operators", set("tom", "eve", book.Administrator, false, tomsPassword), "central.no_right"},
		{"nor itself an administrator", set("tom", "tom", book.Administrator, false, ""), "central.no_right"},
		{"but its own password", set("tom", "tom", book.Finance, false, "another long password"), "<nil>"},
		{"the last administrator stays", set("ana", "ana", book.Administrator, true, ""), "central.last_administrator"},
		{"and stays one", set("ana", "ana", book.Auditor, false, ""), "central.last_administrator"},
		{"who is gone has no rights", set("ana", "tom", book.Administrator, true, ""), "<nil>"},
		{"so cannot come back by himself", set("tom", "tom", book.Administrator, false, ""), "central.no_right"},
	} {
		wantCode(t, row.what, row.err, row.want)
	}
}

func TestSigningInAndOut(t *testing.T) {
	ctx := context.Background()
	o := staffed(t)
	_, err := o.SignIn(ctx, "ana", tomsPassword, "10.0.0.9")
	wantCode(t, "a wrong password", err, "central.wrong_password")
	_, err = o.SignIn(ctx, "nobody", anasPassword, "")
	wantCode(t, "an unknown name", err, "central.wrong_password")
	token, err := o.SignIn(ctx, "ana", anasPassword, "10.0.0.9")
	must(t, err)
	who := func(b *book.Book, token string) string {
		s, ok, err := b.Session(ctx, token)
		must(t, err)
		if !ok {
			return "nobody"
		}
		return s.Operator + ", " + string(s.Role)
	}
	other := o.process()
	if got := who(other, token); got != "ana, administrator" {
		t.Errorf("at another process the token is %s's", got)
	}
	if got := who(o.Book, token+"x"); got != "nobody" {
		t.Errorf("a spoilt token is %s's", got)
	}
	must(t, other.SignOut(ctx, token))
	if got := who(o.Book, token); got != "nobody" {
		t.Errorf("after signing out the token is %s's", got)
	}
	token, err = o.SignIn(ctx, "finance", tomsPassword, "")
	must(t, err)
	o.pass(8*time.Hour - time.Second)
	if got := who(o.Book, token); got != "finance, finance" {
		t.Errorf("within a shift the token is %s's", got)
	}
	o.pass(time.Second)
	if got := who(o.Book, token); got != "nobody" {
		t.Errorf("after a shift the token is %s's", got)
	}
	token, err = o.SignIn(ctx, "finance", tomsPassword, "")
	must(t, err)
	must(t, o.SetOperator(ctx, "ana", book.OperatorSet{Name: "finance", Role: book.Auditor}, ""))
	if got := who(o.Book, token); got != "nobody" {
		t.Errorf("after a change of role the token is %s's", got)
	}
}

func TestWrongPasswordsLockForLongerAndLonger(t *testing.T) {
	ctx := context.Background()
	o := staffed(t)
	wrong := func() string {
		_, err := o.SignIn(ctx, "ana", "not the right password", "")
		return code(err)
	}
	for n := range 5 {
		if got := wrong(); got != "central.wrong_password" {
			t.Fatalf("wrong password %d: %s", n+1, got)
		}
	}
	for _, lock := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute} {
		o.pass(lock - time.Second)
		if _, err := o.SignIn(ctx, "ana", anasPassword, ""); code(err) != "central.locked_out" {
			t.Fatalf("a second before %s are over: %s", lock, code(err))
		}
		// Another process knows of it too.
		if _, err := o.process().SignIn(ctx, "ana", anasPassword, ""); code(err) != "central.locked_out" {
			t.Fatalf("at another process: %s", code(err))
		}
		o.pass(time.Second)
		if got := wrong(); got != "central.wrong_password" {
			t.Fatalf("after %s: %s", lock, got)
		}
	}
	o.pass(time.Hour)
	if _, err := o.SignIn(ctx, "ana", anasPassword, ""); err != nil {
		t.Fatal(err)
	}
	if got := wrong(); got != "central.wrong_password" {
		t.Errorf("the right password begins the count anew: %s", got)
	}
}

func TestACodeAdmitsOneStationOnce(t *testing.T) {
	ctx := context.Background()
	o := staffed(t)
	a, b := storetest.NewStation(t, "A1").Book.Identity(), storetest.NewStation(t, "B2").Book.Identity()
	issue := func() string {
		text, err := o.IssueCode(ctx, "ana", "kiosk in the lobby")
		must(t, err)
		return text
	}
	one := issue()
	must(t, o.Admit(ctx, strings.ToLower(strings.ReplaceAll(one, "-", " ")), a))
	must(t, o.Admit(ctx, one, a)) // its answer was lost
	wantCode(t, "a second station", o.process().Admit(ctx, one, b), "central.code")

	late := issue()
	o.pass(24*time.Hour - time.Second)
	early := issue()
	o.pass(time.Second)
	wantCode(t, "after a day", o.Admit(ctx, late, b), "central.code")
	must(t, o.Admit(ctx, early, b))

	gone := issue()
	var open []book.Code
	must(t, o.See(ctx, func(f *book.Facts) { open = f.Codes(o.clock()) }))
	if len(open) != 1 || open[0].Name != "kiosk in the lobby" || open[0].By != "ana" {
		t.Fatalf("codes that are out: %+v", open)
	}
	wantCode(t, "an auditor withdraws none", o.WithdrawCode(ctx, "auditor", open[0].Hash), "central.no_right")
	must(t, o.WithdrawCode(ctx, "ana", open[0].Hash))
	wantCode(t, "after it was withdrawn", o.Admit(ctx, gone, b), "central.code")
	_, err := o.IssueCode(ctx, "finance", "kiosk")
	wantCode(t, "finance issues none", err, "central.no_right")
	_, err = o.IssueCode(ctx, "ana", " ")
	wantCode(t, "a code for nothing", err, "central.code_name")
}

func TestACodeIsUsedOnceByManyProcesses(t *testing.T) {
	ctx := context.Background()
	o := staffed(t)
	text, err := o.IssueCode(ctx, "ana", "kiosk")
	must(t, err)
	var let sync.Map
	var all sync.WaitGroup
	for i := range 8 {
		id := storetest.NewStation(t, ledger.StationID(fmt.Sprintf("S%d", i))).Book.Identity()
		one := o.process()
		all.Go(func() {
			if one.Admit(ctx, text, id) == nil {
				let.Store(id.Station, true)
			}
		})
	}
	all.Wait()
	n := 0
	let.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("%d stations got in with one code", n)
	}
}

func TestAStationIsRevokedAndApproved(t *testing.T) {
	ctx := context.Background()
	o := staffed(t)
	s := storetest.NewStation(t, "A1")
	log, err := o.kept.Enrol(ctx, s.Entries(t, 1, 1)[0])
	must(t, err)
	for _, row := range []struct {
		what string
		err  error
		want string
	}{
		{"an auditor", o.Revoke(ctx, "auditor", log.ID, "stolen"), "central.no_right"},
		{"without a reason", o.Revoke(ctx, "ana", log.ID, "  "), "central.reason"},
		{"central's own log", o.Revoke(ctx, "ana", o.Log(), "why not"), "central.own_log"},
		{"approved already", o.Approve(ctx, "ana", log.ID, "found"), "central.stands_so"},
		{"revoked", o.Revoke(ctx, "supervisor", log.ID, "stolen from the van"), "<nil>"},
		{"twice", o.Revoke(ctx, "ana", log.ID, "stolen"), "central.stands_so"},
	} {
		wantCode(t, row.what, row.err, row.want)
	}
	if err := o.Revoke(ctx, "ana", ledger.LogID{9}, "stolen"); !errors.Is(err, store.ErrUnknownLog) {
		t.Errorf("a log that nobody knows: %v", err)
	}
	must(t, o.process().See(ctx, func(f *book.Facts) {
		if s := f.Standing(log.ID); !s.Revoked || s.By != "supervisor" || s.Reason != "stolen from the van" {
			t.Errorf("it stands %+v", s)
		}
	}))
	must(t, o.Approve(ctx, "ana", log.ID, "found again"))
}

// Whatever many processes do at once, each act is in the log once, and a process
// that reads it from the beginning comes to the same facts.
func TestManyProcessesWriteOneLog(t *testing.T) {
	ctx := context.Background()
	o := staffed(t)
	var all sync.WaitGroup
	for range 6 {
		one := o.process()
		all.Go(func() {
			for range 10 {
				if _, err := one.Do(ctx, "ana", func(f *book.Facts) ([]ledger.Draft, error) {
					return []ledger.Draft{{Kind: "test.noise.v1", Body: f.Seq()}}, nil
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	entries, err := o.kept.Entries(ctx, o.Log(), 1, 1000)
	must(t, err)
	noise := 0
	for _, e := range entries {
		if e.Kind != "test.noise.v1" {
			continue
		}
		noise++
		if seen, err := ledger.Unpack[uint64](&e.Entry); err != nil || seen != e.Seq-1 {
			t.Errorf("entry %d was decided after entry %d", e.Seq, seen)
		}
	}
	if noise != 60 {
		t.Errorf("%d acts in the log, want 60", noise)
	}
}

func TestNothingSecretIsInTheLog(t *testing.T) {
	ctx := context.Background()
	o := staffed(t)
	token, err := o.SignIn(ctx, "ana", anasPassword, "")
	must(t, err)
	text, err := o.IssueCode(ctx, "ana", "kiosk")
	must(t, err)
	entries, err := o.kept.Entries(ctx, o.Log(), 1, 1000)
	must(t, err)
	for _, e := range entries {
		for _, secret := range []string{anasPassword, tomsPassword, token, text, strings.ReplaceAll(text, "-", "")[:16]} {
			if strings.Contains(string(e.Raw), secret) {
				t.Errorf("entry %d, %s, holds a secret", e.Seq, e.Kind)
			}
		}
	}
}
