package exception_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"gatehouse/central/exception"
	"gatehouse/central/store"
	"gatehouse/central/storetest"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// office is a central's store with a judge.
type office struct {
	t    *testing.T
	kept store.Store
	now  time.Time
	*exception.Judge
}

// at is when stations of the tests work: noon in their zone.
func at() time.Time { return time.Date(2026, 3, 2, 20, 0, 0, 0, time.UTC) }

func newOffice(t *testing.T) *office {
	t.Helper()
	codec, err := wire.NewCodec()
	must(t, err)
	o := &office{t: t, now: at()}
	o.kept, err = store.OpenBolt(store.Options{Path: filepath.Join(t.TempDir(), "central.db"), Codec: codec, Clock: func() time.Time { return o.now }})
	must(t, err)
	t.Cleanup(func() { o.kept.Close() })
	o.Judge = o.judge()
	return o
}

func (o *office) judge() *exception.Judge {
	zone, err := time.LoadLocation("America/Los_Angeles")
	must(o.t, err)
	return exception.New(exception.Options{Store: o.kept, Limits: exception.Usual(), Zone: zone, Clock: func() time.Time { return o.now },
		Accounts: func(no account.No, at time.Time) (exception.Standing, error) {
			return map[account.No]exception.Standing{"1001": exception.Open, "1002": exception.Closed}[no], nil
		}})
}

// station is a log that the test writes entry by entry, at any time.
type station struct {
	o    *office
	id   ledger.Identity
	head ledger.Head
}

func (o *office) station(name ledger.StationID) *station {
	o.t.Helper()
	key, err := ledger.NewKey(strings.NewReader(strings.Repeat(string(name), 32)))
	must(o.t, err)
	s := &station{o: o, id: ledger.Identity{Station: name, Log: ledger.LogID{name[0], name[1]}, Key: key.Public()}}
	first, err := ledger.Begin(s.id, ledger.CommandID{1}, at())
	must(o.t, err)
	log, err := o.kept.Enrol(context.Background(), first)
	must(o.t, err)
	s.head = log.Head
	return s
}

func (s *station) write(after time.Duration, kind ledger.Kind, body any) uint64 {
	s.o.t.Helper()
	entries, err := ledger.Continue(s.id.Log, s.head, ledger.Act{ID: ledger.CommandID{byte(s.head.Seq), 2}, Actor: "tom", At: at().Add(after),
		Drafts: []ledger.Draft{{Kind: kind, Body: body}}})
	must(s.o.t, err)
	log, err := s.o.kept.Extend(context.Background(), s.id.Log, entries)
	must(s.o.t, err)
	s.head = log.Head
	return log.Head.Seq
}

func (s *station) pay(after time.Duration, no account.No, amount ledger.Cents) uint64 {
	s.o.t.Helper()
	return s.write(after, cash.KindPayment, cash.Payment{Parts: []cash.Part{{Account: no, Amount: amount}}, Total: amount})
}

// wants compares what is found with sentences, the newest first.
func (o *office) wants(sentences ...string) {
	o.t.Helper()
	must(o.t, o.Follow(context.Background()))
	must(o.t, o.Follow(context.Background())) // again changes nothing
	one := o.List()
	fresh := o.judge()
	must(o.t, fresh.Follow(context.Background()))
	var all []string
	ids := make(map[string]bool)
	for i, e := range one {
		all = append(all, string(e.Kind)+": "+e.What)
		if ids[e.ID] {
			o.t.Errorf("two exceptions have the id %s", e.ID)
		}
		ids[e.ID] = true
		if again := fresh.List(); len(again) != len(one) || again[i].ID != e.ID {
			o.t.Errorf("another process finds %v", again)
		}
	}
	if got, want := strings.Join(all, "\n"), strings.Join(sentences, "\n"); got != want {
		o.t.Errorf("found\n%s\nwant\n%s", got, want)
	}
	if n, err := o.Behind(context.Background()); err != nil || n != 0 {
		o.t.Errorf("%d entries are not judged: %v", n, err)
	}
}

func TestAccountsThatTheReferenceDoesNotHaveOrHasAsClosed(t *testing.T) {
	o := newOffice(t)
	s := o.station("A1")
	s.pay(0, "1001", 500)
	s.pay(time.Second, "1002", 600)
	s.pay(2*time.Second, "9999", 700)
	o.wants("unknown account: 7.00 was paid on account 9999, which the reference data does not have.",
		"closed account: 6.00 was paid on account 1002, which is closed.")
}

func TestTheSamePaymentAtTwoStations(t *testing.T) {
	for _, row := range []struct {
		what   string
		apart  time.Duration
		no     account.No
		amount ledger.Cents
		found  bool
	}{
		{"within the window", time.Hour, "1001", 500, true},
		{"after it", time.Hour + time.Second, "1001", 500, false},
		{"before, and it came later", -time.Hour, "1001", 500, true},
		{"another amount", time.Minute, "1001", 501, false},
	} {
		t.Run(row.what, func(t *testing.T) {
			o := newOffice(t)
			one, two := o.station("A1"), o.station("B2")
			first := one.pay(0, "1001", 500)
			o.now = at().Add(2 * time.Hour)
			two.pay(row.apart, row.no, row.amount)
			one.pay(time.Minute, "1001", 500) // the same desk takes it in two parts
			must(t, o.Follow(context.Background()))
			all := o.List()
			n := 0
			for _, e := range all {
				if e.Kind == exception.Twice && (e.Where[0].Seq == first && e.Where[0].Station == "A1" || e.Where[1].Seq == first && e.Where[1].Station == "A1") {
					n++
				}
			}
			if (n == 1) != row.found {
				t.Errorf("found %+v", all)
			}
		})
	}
	t.Run("and taken back", func(t *testing.T) {
		o := newOffice(t)
		one, two := o.station("A1"), o.station("B2")
		one.pay(0, "1001", 500)
		second := two.pay(time.Minute, "1001", 500)
		o.wants("paid twice: 5.00 on account 1001 at station A1 and, 1m0s later, at station B2.")
		two.write(2*time.Minute, cash.KindVoid, cash.Undone{Of: second})
		o.wants()
	})
}

func TestClocksThatAreWrong(t *testing.T) {
	o := newOffice(t)
	s := o.station("A1")
	s.pay(10*time.Minute, "1001", 1)
	s.pay(10*time.Minute+time.Second, "1001", 2)
	s.pay(20*time.Minute, "1001", 3) // one exception stands for both
	s.pay(0, "1001", 4)
	s.write(time.Second, ledger.KindClock, ledger.ClockStepped{By: -int64(time.Hour / time.Microsecond)})
	s.write(2*time.Second, ledger.KindClock, ledger.ClockStepped{By: int64(time.Minute / time.Microsecond)})
	o.wants("clock: The station's clock runs 10m1s or more ahead of central's.",
		"clock: The station's clock was moved back by 1h0m0s.")
}

func TestASessionOverMidnight(t *testing.T) {
	o := newOffice(t)
	s := o.station("A1")
	s.write(0, cash.KindDrawerOpened, cash.DrawerOpened{Session: "A1-S0001", Name: "Tom"})
	o.now = at().Add(11 * time.Hour)
	s.write(11*time.Hour, cash.KindDrawerClosed, cash.DrawerClosed{Session: "A1-S0001"}) // 23:00 there, the next day in UTC
	o.wants()
	s.write(11*time.Hour, cash.KindDrawerOpened, cash.DrawerOpened{Session: "A1-S0002", Name: "Ana"})
	o.now = at().Add(13 * time.Hour)
	o.wants("over midnight: Session A1-S0002 of Ana was open over midnight and is still open.")
	before := o.List()[0].ID
	s.write(13*time.Hour, cash.KindDrawerClosed, cash.DrawerClosed{Session: "A1-S0002"})
	o.wants("over midnight: Session A1-S0002 of Ana was open over midnight and closed on 2026-03-03 at 01:00.")
	if after := o.List()[0]; after.ID != before || len(after.Where) != 2 {
		t.Errorf("it became another exception: %+v", after)
	}
}

func TestEvidenceAndWhatCameAfterRevocation(t *testing.T) {
	o := newOffice(t)
	s := storetest.NewStation(t, "A1")
	s.Pay(t, 1, 100)
	clone := s.Clone(t)
	s.Pay(t, 2, 200)
	clone.Pay(t, 1, 300)
	_, err := o.kept.Enrol(t.Context(), s.Entries(t, 1, 1)[0])
	must(t, err)
	_, err = o.kept.Append(t.Context(), s.Batch(t, 2, 1))
	must(t, err)
	_, err = o.kept.Append(t.Context(), s.Batch(t, 3, 1))
	must(t, err)
	if _, err := o.kept.Append(t.Context(), clone.Batch(t, 3, 1)); err == nil {
		t.Fatal("the clone's entry was taken")
	}
	o.now = o.now.Add(time.Second)
	var conflict *store.Conflict
	if err := o.kept.Keep(t.Context(), s.Batch(t, 4, 1), wire.ProblemRevoked); !errors.As(err, &conflict) {
		t.Fatal(err)
	}
	must(t, o.Follow(t.Context()))
	var all []string
	for _, e := range o.List() {
		if e.Kind != exception.Clock { // the ledger's clock is the machine's, not this test's
			all = append(all, string(e.Kind)+": "+e.What)
		}
	}
	want := "after revocation: 1 entries from number 4 came after the station was revoked, and were kept apart.\n" +
		"evidence: 1 entries from number 3 did not fit (fork) and were kept apart."
	if got := strings.Join(all, "\n"); got != want {
		t.Errorf("found\n%s\nwant\n%s", got, want)
	}
}

func TestAKindThatIsNotKnownIsFoundOnce(t *testing.T) {
	o := newOffice(t)
	s := o.station("A1")
	s.write(0, "valve.turned.v7", "left")
	s.write(time.Second, "valve.turned.v7", "right")
	s.write(2*time.Second, cash.KindPayment, "no payment at all")
	o.wants("unknown kind: The station writes entries of kind valve.turned.v7, which this central does not read: bring it up to date.")
}

// TestEveryKindOfAStationIsKnown looks for kinds in the sources of what stations write.
func TestEveryKindOfAStationIsKnown(t *testing.T) {
	kind := regexp.MustCompile(`Kind\w*\s+(?:ledger\.)?Kind = "([a-z_.]+\.v[0-9]+)"`)
	n := 0
	for _, folder := range []string{"../../ledger", "../../desk/*", "../../paper/*"} {
		paths, err := filepath.Glob(folder + "/*.go")
		must(t, err)
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			text, err := os.ReadFile(path)
			must(t, err)
			for _, m := range kind.FindAllStringSubmatch(string(text), -1) {
				n++
				if !exception.Known(ledger.Kind(m[1])) {
					t.Errorf("%s: %s is not known", path, m[1])
				}
			}
		}
	}
	if n < 40 {
		t.Errorf("only %d kinds found: the search is broken", n)
	}
}
