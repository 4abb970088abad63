package desk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"gatehouse/desk/account"
	"gatehouse/desk/reference"
	"gatehouse/desk/staff"
)

// Live is the reference data of a station while it works: a fresh set takes the place
// of the one before between two readings. It is the station's account.Customers and
// its staff.Roster. Several programs may have the same set open.
type Live struct {
	path string

	mu  sync.RWMutex // held for reading while somebody reads
	set *set

	building sync.Mutex               // one set at a time
	before   func(staff.Roster) error // see Before; nil: nobody asked
}

// set is an open set.
type set struct {
	store     *reference.Store
	customers *account.Stored
	file      os.FileInfo
}

func (s *set) close() error { return errors.Join(s.customers.Close(), s.store.Close()) }

// maxOpen is how often a set is opened again that another program replaced meanwhile.
const maxOpen = 3

// OpenLive opens the set at a path. The error is fs.ErrNotExist where there is none.
func OpenLive(path string) (*Live, error) {
	s, err := openSet(path)
	if err != nil {
		return nil, err
	}
	return &Live{path: path, set: s}, nil
}

func openSet(path string) (s *set, err error) {
	for range maxOpen {
		// Looked at first: if the file is replaced in between, it is opened again later.
		info, statErr := os.Stat(path)
		if statErr != nil {
			return nil, fmt.Errorf("open the reference data: %w", statErr)
		}
		var store *reference.Store
		if store, err = reference.Open(path); err != nil {
			return nil, err
		}
		var customers *account.Stored
		if customers, err = account.OpenStored(store, path); err == nil {
			return &set{store, customers, info}, nil
		}
		err = errors.Join(err, store.Close())
		if !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return nil, err
}

// WriteEmpty makes a set without anybody, for a station that has yet to be given one by
// central.
func WriteEmpty(path string) error {
	return reference.Build(path, reference.About{}, func(w *reference.Writer) error {
		return account.Put(w, path, func(func(account.Customer) bool) {})
	})
}

// Customer implements account.Customers.
func (l *Live) Customer(no account.No) (account.Customer, reference.About, bool, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.set.customers.Customer(no)
}

// Find implements account.Customers.
func (l *Live) Find(words string, limit int) ([]account.Customer, bool, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.set.customers.Find(words, limit)
}

// Person implements staff.Roster.
func (l *Live) Person(id staff.ID) (staff.Person, bool, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return staff.StoredRoster{Store: l.set.store}.Person(id)
}

// People implements staff.Roster.
func (l *Live) People() ([]staff.Person, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return staff.StoredRoster{Store: l.set.store}.People()
}

// About says what the set is.
func (l *Live) About() reference.About {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.set.store.About()
}

// Look opens the set again if another program put a fresh one in its place, and says
// whether it did.
func (l *Live) Look() (bool, error) {
	l.building.Lock()
	defer l.building.Unlock()
	info, err := os.Stat(l.path)
	if err != nil {
		return false, fmt.Errorf("look at the reference data: %w", err)
	}
	l.mu.RLock()
	same := os.SameFile(info, l.set.file)
	l.mu.RUnlock()
	if same {
		return false, nil
	}
	return true, l.reopen()
}

// Before has do called with the roster of every fresh set before anybody can act by it.
// When do fails, the set that is open stays, and the next Look tries again. It must be
// called before the first Look or Replace.
func (l *Live) Before(do func(staff.Roster) error) { l.before = do }

// reopen puts the set on disk in the place of the one that is open. Whoever reads at
// this moment reads the old one to the end.
func (l *Live) reopen() error {
	fresh, err := openSet(l.path)
	if err != nil {
		return err
	}
	if l.before != nil {
		if err := l.before(staff.StoredRoster{Store: fresh.store}); err != nil {
			return errors.Join(err, fresh.close())
		}
	}
	l.mu.Lock()
	old := l.set
	l.set = fresh
	l.mu.Unlock()
	return old.close()
}

// Close lets go of the files.
func (l *Live) Close() error {
	l.building.Lock()
	defer l.building.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.set.close()
}

// Feeds are the records of a fresh set: those of a feed in the order of their keys. A
// feed of the set before that is not among them is carried over.
type Feeds map[string]iter.Seq2[reference.Raw, error]

// Replace builds a set off the cashier's way and puts it in the place of the one that
// is open. While it builds, the old one serves. It ends early, and changes nothing, when
// ctx ends.
func (l *Live) Replace(ctx context.Context, about reference.About, feeds Feeds) error {
	l.building.Lock()
	defer l.building.Unlock()
	if err := l.build(ctx, about, feeds); err != nil {
		return errors.Join(err, l.sweep())
	}
	if err := l.reopen(); err != nil {
		return err
	}
	return l.sweep()
}

// pauseShare is how much of the time the disk is left to others between two pieces: one
// part in so many.
const pauseShare = 8

func (l *Live) build(ctx context.Context, about reference.About, feeds Feeds) error {
	before, feeds, err := l.carryOver(&about, feeds)
	if err != nil {
		return err
	}
	about.Index = filepath.Base(l.path) + "." + fmt.Sprint(about.Feed(account.Feed)) + indexEnd
	return reference.Build(l.path, about, func(w *reference.Writer) error {
		began := time.Now()
		w.Gently(func() error {
			pause := time.NewTimer(time.Since(began) / pauseShare)
			defer pause.Stop()
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-pause.C:
			}
			began = time.Now()
			return nil
		})
		for _, feed := range slices.Sorted(maps.Keys(feeds)) {
			if err := l.put(w, feed, about, before, feeds[feed]); err != nil {
				return err
			}
		}
		return nil
	})
}

// carryOver completes a fresh set with the feeds of the set before that it has nothing
// of. What stands of the balances goes with the customers.
func (l *Live) carryOver(about *reference.About, fresh Feeds) (reference.About, Feeds, error) {
	l.mu.RLock()
	store := l.set.store // only Replace and Look close it, and they hold building
	l.mu.RUnlock()
	before, all := store.About(), maps.Clone(fresh)
	names, err := store.Feeds()
	if err != nil {
		return before, nil, err
	}
	for _, name := range names {
		if _, given := fresh[name]; given {
			continue
		}
		all[name] = store.Records(name)
		if v := before.Feed(name); v > 0 {
			about.Feeds = append(about.Feeds, reference.FeedVersion{Feed: name, Version: v})
		}
	}
	if _, given := fresh[account.Feed]; !given {
		about.Version, about.AsOf, about.Counted = before.Version, before.AsOf, before.Counted
	}
	return before, all, nil
}

const indexEnd = ".index"

// put puts a feed. The index of customers that are the same as before stays.
func (l *Live) put(w *reference.Writer, feed string, about, before reference.About, records iter.Seq2[reference.Raw, error]) error {
	if feed == account.Feed && (about.Feed(feed) != before.Feed(feed) || about.Index != before.Index) {
		return account.PutRaw(w, filepath.Join(filepath.Dir(l.path), about.Index), records)
	}
	for r, err := range records {
		if err == nil {
			err = w.PutRaw(feed, r.Key, r.Value)
		}
		if err != nil {
			return fmt.Errorf("%s of the reference data: %w", feed, err)
		}
	}
	return nil
}

// sweep removes the indexes of sets that are not there any more. A program that has one open keeps it until
// it looks.
func (l *Live) sweep() error {
	keep := l.About().Index
	if keep == "" {
		keep = filepath.Base(account.IndexPath(l.path))
	}
	all, err := filepath.Glob(l.path + "*" + indexEnd)
	if err != nil {
		return err
	}
	var failed []error
	for _, file := range all {
		if name := filepath.Base(file); name != keep && strings.HasPrefix(name, filepath.Base(l.path)+".") {
			failed = append(failed, os.Remove(file))
		}
	}
	return errors.Join(failed...)
}
