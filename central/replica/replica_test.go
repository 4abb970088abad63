package replica_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/central/replica"
	"gatehouse/central/store"
	"gatehouse/central/storetest"
	"gatehouse/desk"
	"gatehouse/desk/desktest"
	"gatehouse/desk/report"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newStore(t testing.TB) store.Store {
	t.Helper()
	codec, err := wire.NewCodec()
	must(t, err)
	kept, err := store.OpenBolt(store.Options{Path: filepath.Join(t.TempDir(), "central.db"), Codec: codec})
	must(t, err)
	t.Cleanup(func() { kept.Close() })
	return kept
}

func newReplicas(t testing.TB, kept store.Store, folder string, open int) *replica.Replicas {
	t.Helper()
	r, err := replica.New(replica.Options{Store: kept, Folder: folder, Views: desk.Views(), Open: open})
	must(t, err)
	t.Cleanup(func() { r.Close() })
	return r
}

// carry brings a station's entries to the store, as batches do.
func carry(t testing.TB, kept store.Store, entries []ledger.Entry) ledger.LogID {
	t.Helper()
	ctx := context.Background()
	log, err := kept.Enrol(ctx, entries[0])
	must(t, err)
	_, err = kept.Extend(ctx, log.ID, entries[log.Head.Seq:])
	must(t, err)
	return log.ID
}

// reports is every report of a ledger, as text.
func reports(s *ledger.State) (string, error) {
	var out string
	for _, kind := range report.Kinds() {
		table, err := report.Make(s, kind.Name, report.Ask{Period: report.Month(ledger.DateOf(desktest.Began()))})
		if err != nil {
			return "", fmt.Errorf("%s: %w", kind.Name, err)
		}
		text, err := json.Marshal(table)
		if err != nil {
			return "", err
		}
		out += string(text) + "\n"
	}
	return out, nil
}

// Whatever a desk did, every report that central makes is the station's own.
func TestCentralReportsWhatTheStationReports(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		kept := newStore(t)
		folder, copies := desktest.Folder(t), t.TempDir()
		s := desktest.Open(rt, folder, desktest.Options{Policy: desktest.Everything})
		defer s.Close()
		r, err := replica.New(replica.Options{Store: kept, Folder: copies, Views: desk.Views(), Clock: s.Clock.Now})
		must(t, err)
		defer r.Close()
		for range 2 {
			desktest.Work(rt, s)
			log := carry(t, kept, s.Entries())
			var own, here string
			s.Look(func(state *ledger.State) (err error) { own, err = reports(state); return err })
			must(t, r.Read(context.Background(), log, func(state *ledger.State) (err error) { here, err = reports(state); return err }))
			if own != here {
				rt.Fatal(difference(own, here))
			}
		}
	})
}

// difference is the first report that is not the same.
func difference(own, here string) string {
	for mine := range strings.Lines(own) {
		theirs, rest, _ := strings.Cut(here, "\n")
		if mine != theirs+"\n" {
			return fmt.Sprintf("the station reports\n%scentral reports\n%s", mine, theirs)
		}
		here = rest
	}
	return "central reports more"
}

func TestACopyThatCannotBeUsedIsMadeAnew(t *testing.T) {
	s := desktest.New(t, desktest.Options{})
	s.Morning("maria", "1")
	entries := s.Entries()
	for _, row := range []struct {
		what  string
		spoil func(path string) error
	}{
		{"gone", os.Remove},
		{"cut", func(path string) error { return os.Truncate(path, 5000) }},
		{"no ledger", func(path string) error { return os.WriteFile(path, []byte("a picture of a cat"), 0o600) }},
	} {
		t.Run(row.what, func(t *testing.T) {
			kept, folder := newStore(t), t.TempDir()
			log := carry(t, kept, entries)
			first := newReplicas(t, kept, folder, 0)
			want := headAt(t, first, log)
			must(t, first.Close())
			must(t, row.spoil(filepath.Join(folder, log.String()+".db")))
			if got := headAt(t, newReplicas(t, kept, folder, 0), log); got != want {
				t.Errorf("it ends at %v, want %v", got, want)
			}
		})
	}
	t.Run("ahead of a store that was restored", func(t *testing.T) {
		folder, whole, older := t.TempDir(), newStore(t), newStore(t)
		log := carry(t, whole, entries)
		r := newReplicas(t, whole, folder, 0)
		headAt(t, r, log)
		must(t, r.Close())
		carry(t, older, entries[:3])
		if got := headAt(t, newReplicas(t, older, folder, 0), log); got.Seq != 3 {
			t.Errorf("it ends at %d, want 3", got.Seq)
		}
	})
}

func headAt(t testing.TB, r *replica.Replicas, log ledger.LogID) (head ledger.Head) {
	t.Helper()
	must(t, r.Read(context.Background(), log, func(s *ledger.State) error { head = s.Head(); return nil }))
	return head
}

// Many readers of more logs than are kept open get each what it asked for.
func TestManyReadersOfManyLogs(t *testing.T) {
	kept := newStore(t)
	r := newReplicas(t, kept, t.TempDir(), 3)
	var logs []ledger.LogID
	for i := range 8 {
		s := storetest.NewStation(t, ledger.StationID(fmt.Sprintf("S%d", i)))
		s.Pay(t, i+1, 100)
		logs = append(logs, carry(t, kept, s.Entries(t, 1, 100)))
	}
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for n := range 24 {
				which := (n*5 + i) % len(logs)
				if got, want := headAt(t, r, logs[which]).Seq, uint64(which+2); got != want {
					t.Errorf("log %d ends at %d, want %d", which, got, want)
				}
			}
		})
	}
	all.Wait()
	if err := r.Read(context.Background(), ledger.LogID{1}, func(*ledger.State) error { return nil }); !errors.Is(err, store.ErrUnknownLog) {
		t.Errorf("a log that nobody enrolled: %v", err)
	}
}

// busy is a store that does something else after it said how far a log is.
type busy struct {
	store.Store
	then func()
}

func (b *busy) Log(ctx context.Context, id ledger.LogID) (store.Log, error) {
	log, err := b.Store.Log(ctx, id)
	if then := b.then; then != nil {
		then()
	}
	return log, err
}

func TestAStationMayWriteWhileItsCopyIsRead(t *testing.T) {
	kept, one := newStore(t), storetest.NewStation(t, "A1")
	one.Pay(t, 3, 100)
	id := carry(t, kept, one.Entries(t, 1, 100))
	writing := &busy{Store: kept}
	var log bytes.Buffer
	r, err := replica.New(replica.Options{Store: writing, Folder: t.TempDir(), Views: desk.Views(), Log: slog.New(slog.NewTextHandler(&log, nil))})
	must(t, err)
	t.Cleanup(func() { r.Close() })
	writing.then = func() {
		one.Pay(t, 1, 100)
		carry(t, kept, one.Entries(t, 1, 100))
	}
	for range 3 {
		must(t, r.Read(t.Context(), id, func(*ledger.State) error { return nil }))
	}
	if log.Len() > 0 {
		t.Errorf("a copy was thrown away: %s", log.String())
	}
}

func TestReadersAtOnceShareACopyOfAStationThatWrites(t *testing.T) {
	kept, one := newStore(t), storetest.NewStation(t, "A1")
	one.Pay(t, 3, 100)
	id := carry(t, kept, one.Entries(t, 1, 100))
	var log bytes.Buffer
	r, err := replica.New(replica.Options{Store: kept, Folder: t.TempDir(), Views: desk.Views(), Log: slog.New(slog.NewTextHandler(&log, nil))})
	must(t, err)
	t.Cleanup(func() { r.Close() })
	var readers sync.WaitGroup
	done := make(chan struct{})
	for range 8 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if err := r.Read(t.Context(), id, func(*ledger.State) error { return nil }); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for range 20 {
		one.Pay(t, 1, 100)
		carry(t, kept, one.Entries(t, 1, 100))
	}
	close(done)
	readers.Wait()
	if log.Len() > 0 {
		t.Errorf("a copy was thrown away: %s", log.String())
	}
}
