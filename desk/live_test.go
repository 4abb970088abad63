package desk_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/desktest"
	"gatehouse/desk/reference"
	"gatehouse/desk/sample"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// debtors are n customers who all owe the same.
func debtors(t testing.TB, n int, owed ledger.Cents) iter.Seq2[reference.Raw, error] {
	return func(yield func(reference.Raw, error) bool) {
		for i := range n {
			c := account.Customer{No: account.No(fmt.Sprintf("%06d", i)), Name: fmt.Sprintf("DEBTOR %d", i), Current: owed}
			raw, err := ledger.Pack(c)
			if !yield(reference.Raw{Key: string(c.No), Value: raw}, err) {
				return
			}
		}
	}
}

func version(n uint64) reference.About {
	return reference.About{Version: n, AsOf: time.Unix(int64(n), 0).UTC(), Feeds: []reference.FeedVersion{{Feed: account.Feed, Version: n}},
		Counted: []reference.Counted{{Log: ledger.LogID{1}, Through: n}}}
}

// live is the sample utility, open.
func live(t testing.TB) (*desk.Live, string) {
	t.Helper()
	folder := desktest.Folder(t)
	must(t, sample.Write(folder, time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), 200))
	path := filepath.Join(folder, "ref.db")
	l, err := desk.OpenLive(path)
	must(t, err)
	t.Cleanup(func() { must(t, l.Close()) })
	return l, path
}

func TestAFreshSetTakesThePlaceOfTheOneThatIsOpen(t *testing.T) {
	l, path := live(t)
	people, err := l.People()
	must(t, err)
	must(t, l.Replace(t.Context(), version(9), desk.Feeds{account.Feed: debtors(t, 50, 700)}))
	c, about, found, err := l.Customer("000007")
	if err != nil || !found || c.Current != 700 || about.Version != 9 || about.Through(ledger.LogID{1}) != 9 {
		t.Errorf("%+v %+v %v %v", c, about, found, err)
	}
	if found, _, err := l.Find("debtor 7", 10); err != nil || len(found) != 1 {
		t.Errorf("found %v, %v", found, err)
	}
	// Nobody sent staff: they are carried over.
	if now, err := l.People(); err != nil || !slices.EqualFunc(now, people, func(a, b staff.Person) bool { return a.ID == b.ID && a.PIN == b.PIN }) || len(now) == 0 {
		t.Errorf("%d people, %v", len(now), err)
	}
	// A set of staff alone leaves the customers, their index and how far they count.
	raw, err := ledger.Pack(staff.Person{ID: "zoe", Name: "Zoe", Role: staff.CSS1})
	must(t, err)
	index, err := os.Stat(filepath.Join(filepath.Dir(path), l.About().Index))
	must(t, err)
	must(t, l.Replace(t.Context(), reference.About{Feeds: []reference.FeedVersion{{Feed: staff.Feed, Version: 3}}}, desk.Feeds{
		staff.Feed: func(yield func(reference.Raw, error) bool) { yield(reference.Raw{Key: "zoe", Value: raw}, nil) }}))
	if now, err := l.People(); err != nil || len(now) != 1 || now[0].ID != "zoe" {
		t.Errorf("%+v, %v", now, err)
	}
	about = l.About()
	if about.Version != 9 || about.Feed(account.Feed) != 9 || about.Feed(staff.Feed) != 3 || about.Through(ledger.LogID{1}) != 9 {
		t.Errorf("%+v", about)
	}
	after, err := os.Stat(filepath.Join(filepath.Dir(path), about.Index))
	must(t, err)
	if !os.SameFile(index, after) {
		t.Error("the index of the same customers was made again")
	}
	if files, err := filepath.Glob(path + "*"); err != nil || len(files) != 2 {
		t.Errorf("left in the folder: %v, %v", files, err)
	}
	again, err := desk.OpenLive(path)
	must(t, err)
	if found, _, err := again.Find("debtor 7", 10); err != nil || len(found) != 1 {
		t.Errorf("after a restart: %v, %v", found, err)
	}
	must(t, again.Close())
}

// Readers go on while sets are replaced, and each reading is of one set: the balance
// and how far it counts belong together.
func TestWhoReadsWhileASetIsReplacedReadsOneSet(t *testing.T) {
	l, _ := live(t)
	must(t, l.Replace(t.Context(), version(1), desk.Feeds{account.Feed: debtors(t, 50, 1)}))
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	read := make(chan int, 4)
	for range 4 {
		readers.Go(func() {
			n := 0
			for ; ctx.Err() == nil; n++ {
				c, about, found, err := l.Customer("000007")
				if err != nil || !found || uint64(c.Current) != about.Version || about.Through(ledger.LogID{1}) != about.Version {
					t.Errorf("%+v of version %d, %v, %v", c, about.Version, found, err)
					break
				}
				if found, _, err := l.Find("debtor", 5); err != nil || len(found) != 5 || found[0].Current != found[4].Current {
					t.Errorf("found %v, %v", found, err)
					break
				}
			}
			read <- n
		})
	}
	for n := uint64(2); n < 12; n++ {
		must(t, l.Replace(t.Context(), version(n), desk.Feeds{account.Feed: debtors(t, 50, ledger.Cents(n))}))
	}
	stop()
	readers.Wait()
	for range 4 {
		if <-read == 0 {
			t.Error("somebody read nothing")
		}
	}
}

func TestASetThatCannotBeBuiltChangesNothing(t *testing.T) {
	l, path := live(t)
	if err := l.Replace(t.Context(), version(2), desk.Feeds{account.Feed: func(yield func(reference.Raw, error) bool) { yield(reference.Raw{}, fs.ErrInvalid) }}); err == nil {
		t.Error("a set of an error was built")
	}
	if found, _, err := l.Find("oak", 5); err != nil || len(found) == 0 {
		t.Errorf("the sample's index: %v, %v", found, err)
	}
	must(t, l.Replace(t.Context(), version(1), desk.Feeds{account.Feed: debtors(t, 50, 1)}))
	broken := errors.New("the last chunk is not there")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for name, test := range map[string]struct {
		ctx     context.Context
		records iter.Seq2[reference.Raw, error]
		want    error
	}{
		"half of it": {t.Context(), func(yield func(reference.Raw, error) bool) {
			for r, err := range debtors(t, 20, 2) {
				if !yield(r, err) {
					return
				}
			}
			yield(reference.Raw{}, broken)
		}, broken},
		"not a customer": {t.Context(), func(yield func(reference.Raw, error) bool) { yield(reference.Raw{Key: "x", Value: []byte{0xff}}, nil) }, nil},
		"under another number": {t.Context(), func(yield func(reference.Raw, error) bool) {
			for r := range debtors(t, 1, 2) {
				r.Key = "000009"
				yield(r, nil)
			}
		}, nil},
		"when the station ends": {gone, debtors(t, 20, 2), context.Canceled},
	} {
		err := l.Replace(test.ctx, version(2), desk.Feeds{account.Feed: test.records})
		if err == nil || test.want != nil && !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
		if c, about, found, err := l.Customer("000049"); err != nil || !found || c.Current != 1 || about.Version != 1 {
			t.Errorf("%s: then %+v of version %d, %v", name, c, about.Version, err)
		}
		if found, _, err := l.Find("debtor 49", 5); err != nil || len(found) != 1 {
			t.Errorf("%s: then %v, %v", name, found, err)
		}
		if files, err := filepath.Glob(path + "*"); err != nil || len(files) != 2 {
			t.Errorf("%s: left in the folder: %v, %v", name, files, err)
		}
	}
}

func TestAnotherProgramsSetIsNoticed(t *testing.T) {
	l, path := live(t)
	if fresh, err := l.Look(); fresh || err != nil {
		t.Errorf("nothing is new: %v, %v", fresh, err)
	}
	other, err := desk.OpenLive(path)
	must(t, err)
	if _, _, err := other.Find("oak", 5); err != nil {
		t.Error(err)
	}
	must(t, other.Replace(t.Context(), version(4), desk.Feeds{account.Feed: debtors(t, 5, 1)}))
	must(t, other.Close())
	// Until it looks, it has the set it had, though its index has no name any more.
	if _, _, err := l.Find("oak", 5); err != nil || l.About().Version != 1 {
		t.Errorf("before: %v, %+v", err, l.About())
	}
	if fresh, err := l.Look(); !fresh || err != nil || l.About().Version != 4 {
		t.Errorf("then: %v, %v, %+v", fresh, err, l.About())
	}
}

func TestAStationThatWasGivenNothingYetIsEmpty(t *testing.T) {
	path := filepath.Join(desktest.Folder(t), "ref.db")
	if _, err := desk.OpenLive(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a set: %v", err)
	}
	must(t, desk.WriteEmpty(path))
	l, err := desk.OpenLive(path)
	must(t, err)
	defer l.Close()
	people, err := l.People()
	must(t, err)
	if found, _, err := l.Find("a", 5); err != nil || len(found) != 0 || len(people) != 0 || l.About().Version != 0 {
		t.Errorf("%v %v %v", found, people, err)
	}
}

// staffOf is a roster of one person, as a feed.
func staffOf(t testing.TB, p staff.Person) desk.Feeds {
	raw, err := ledger.Pack(p)
	must(t, err)
	return desk.Feeds{staff.Feed: func(yield func(reference.Raw, error) bool) { yield(reference.Raw{Key: string(p.ID), Value: raw}, nil) }}
}

// A roster that comes while the station works is on record before anybody acts by it,
// and nobody acts by one that is not.
func TestAFreshRosterIsOnRecordBeforeItIsInForce(t *testing.T) {
	l, path := live(t)
	s := desktest.New(t, desktest.Options{})
	fails := errors.New("the disk is full")
	var fail error
	l.Before(func(roster staff.Roster) error {
		if _, found, err := l.Person("zoe"); found || err != nil {
			t.Errorf("zoe is in force before she is on record: %v", err)
		}
		if fail != nil {
			return fail
		}
		return s.NoteRoster(t.Context(), roster)
	})
	zoe := staff.Person{ID: "zoe", Name: "Zoe", Role: staff.CSS1}
	about := reference.About{Feeds: []reference.FeedVersion{{Feed: staff.Feed, Version: 3}}}
	fail = fails
	if err := l.Replace(t.Context(), about, staffOf(t, zoe)); !errors.Is(err, fails) {
		t.Errorf("the entry failed, and the answer is %v", err)
	}
	if _, found, err := l.Person("zoe"); found || err != nil || l.About().Feed(staff.Feed) == 3 {
		t.Errorf("zoe is in force without an entry (%v)", err)
	}
	noted := func() (all []staff.Change) {
		for _, e := range s.Entries() {
			if e.Kind == staff.KindRights {
				all = append(all, desktest.Body[staff.RightsChanged](s, e).Changes...)
			}
		}
		return all
	}
	if all := noted(); len(all) != 0 {
		t.Errorf("noted %+v", all)
	}
	fail = nil
	if fresh, err := l.Look(); !fresh || err != nil { // the set is on disk, and is looked at again
		t.Errorf("looked again: %v, %v", fresh, err)
	}
	if _, found, err := l.Person("zoe"); !found || err != nil {
		t.Errorf("zoe is not in force: %v", err)
	}
	want := staff.Change{Of: staff.OfPerson, Name: "zoe", After: "Zoe, css1"}
	if all := noted(); !slices.Contains(all, want) {
		t.Errorf("noted %+v, want %+v among them", all, want)
	}
	// Another program of the same machine puts a set there.
	other, err := desk.OpenLive(path)
	must(t, err)
	zoe.Role = staff.CSS2
	must(t, other.Replace(t.Context(), reference.About{Feeds: []reference.FeedVersion{{Feed: staff.Feed, Version: 4}}}, staffOf(t, zoe)))
	must(t, other.Close())
	l.Before(func(roster staff.Roster) error { return s.NoteRoster(t.Context(), roster) })
	before := len(noted())
	if fresh, err := l.Look(); !fresh || err != nil {
		t.Errorf("looked: %v, %v", fresh, err)
	}
	if all := noted()[before:]; len(all) != 1 || all[0].Before != "Zoe, css1" || all[0].After != "Zoe, css2" {
		t.Errorf("a promotion by another program is noted as %+v", all)
	}
	s.Verify()
}
