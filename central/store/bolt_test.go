package store_test

import (
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"gatehouse/central/store"
	"gatehouse/central/storetest"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

func openBolt(t testing.TB, place string, clock ledger.Clock) store.Store {
	t.Helper()
	s, err := tryBolt(t, filepath.Join(place, "central.db"), clock)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func tryBolt(t testing.TB, path string, clock ledger.Clock) (*store.Bolt, error) {
	t.Helper()
	codec, err := wire.NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	return store.OpenBolt(store.Options{Path: path, Clock: clock, Codec: codec, Wait: 1})
}

func TestBolt(t *testing.T) { storetest.Run(t, openBolt) }

func TestBoltRefusesAFileHeldByAnother(t *testing.T) {
	place := t.TempDir()
	s := openBolt(t, place, nil)
	defer s.Close()
	if _, err := tryBolt(t, filepath.Join(place, "central.db"), nil); err == nil || !strings.Contains(err.Error(), "another program holds it") {
		t.Fatalf("got %v", err)
	}
}

func TestBoltRefusesAFileOfAnotherVersion(t *testing.T) {
	path := filepath.Join(t.TempDir(), "central.db")
	s, err := tryBolt(t, path, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	rewrite(t, path, func(tx *bolt.Tx) error {
		return tx.Bucket([]byte("about")).Put([]byte("layout"), []byte("gatehouse central 9"))
	})
	if _, err := tryBolt(t, path, nil); err == nil || !strings.Contains(err.Error(), "another version") {
		t.Fatalf("got %v", err)
	}
}

func TestBoltSaysThatAnEntryIsMissing(t *testing.T) {
	place := t.TempDir()
	s := openBolt(t, place, nil)
	station := storetest.NewStation(t, "A1")
	station.Pay(t, 3, 100)
	if _, err := s.Enrol(t.Context(), station.Entries(t, 1, 1)[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Append(t.Context(), station.Batch(t, 2, 3)); err != nil {
		t.Fatal(err)
	}
	s.Close()
	log := station.Book.Identity().Log
	rewrite(t, filepath.Join(place, "central.db"), func(tx *bolt.Tx) error {
		return tx.Bucket([]byte("entries")).Delete(append(log[:], ledger.SeqKey(3)...))
	})
	s = openBolt(t, place, nil)
	defer s.Close()
	if _, err := s.Before(t.Context(), log, 0, 10); err == nil || !strings.Contains(err.Error(), "entry 3") {
		t.Fatalf("got %v", err)
	}
}

func rewrite(t *testing.T, path string, f func(*bolt.Tx) error) {
	t.Helper()
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Update(f); err != nil {
		t.Fatal(err)
	}
}
