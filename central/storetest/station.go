package storetest

import (
	"bytes"
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"
	"time"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Station is a station with a real ledger, for tests.
type Station struct {
	Book  *ledger.Book
	Key   *ledger.Key
	Path  string
	name  ledger.StationID
	codec *wire.Codec
}

// NewStation makes a station with an empty ledger: its first entry only. It is
// closed when the test ends.
func NewStation(t testing.TB, name ledger.StationID) *Station {
	t.Helper()
	key, err := ledger.NewKey(rand.Reader)
	must(t, err)
	return openStation(t, name, key, filepath.Join(t.TempDir(), "ledger.db"), false)
}

// NewPractice makes a station with a training ledger.
func NewPractice(t testing.TB, name ledger.StationID) *Station {
	t.Helper()
	key, err := ledger.NewKey(rand.Reader)
	must(t, err)
	return openStation(t, name, key, filepath.Join(t.TempDir(), "practice.db"), true)
}

func openStation(t testing.TB, name ledger.StationID, key *ledger.Key, path string, practice bool) *Station {
	t.Helper()
	book, err := ledger.Open(ledger.Options{Path: path, Station: name, Signer: key, Training: practice, Clock: time.Now})
	must(t, err)
	t.Cleanup(func() { book.Close() })
	codec, err := wire.NewCodec()
	must(t, err)
	return &Station{book, key, path, name, codec}
}

// Clone copies the station's disk, as somebody does who sets up a second
// machine from an image of the first. The ledger is closed for it and opened
// again.
func (s *Station) Clone(t testing.TB) *Station {
	t.Helper()
	must(t, s.Book.Close())
	image, err := os.ReadFile(s.Path)
	must(t, err)
	path := filepath.Join(t.TempDir(), "ledger.db")
	must(t, os.WriteFile(path, image, 0o600))
	*s = *openStation(t, s.name, s.Key, s.Path, s.Book.Identity().Training)
	return openStation(t, s.name, s.Key, path, s.Book.Identity().Training)
}

// Reopen closes the ledger and opens it again, as a restart does.
func (s *Station) Reopen(t testing.TB) {
	t.Helper()
	must(t, s.Book.Close())
	*s = *openStation(t, s.name, s.Key, s.Path, s.Book.Identity().Training)
}

// Pay takes n payments of amount.
func (s *Station) Pay(t testing.TB, n int, amount ledger.Cents) {
	t.Helper()
	for range n {
		s.Write(t, ledger.Draft{
			Kind: "cash.payment.v1", Body: map[string]any{"total": amount},
			Lines: []ledger.Posting{
				{Account: "assets:drawer:cash", Sub: "A1-S0001", Amount: amount},
				{Account: "liabilities:unposted", Sub: "1001", Amount: -amount},
			},
			Receipt: true, Taken: amount,
		})
	}
}

// Write stores one entry.
func (s *Station) Write(t testing.TB, draft ledger.Draft) ledger.Entry {
	t.Helper()
	id, err := ledger.NewCommandID(rand.Reader)
	must(t, err)
	made, err := s.Book.Commit(context.Background(), ledger.Command{
		ID: id, Actor: "rosa", Input: id.String(),
		Decide: func(*ledger.State) ([]ledger.Draft, error) { return []ledger.Draft{draft}, nil },
	})
	must(t, err)
	return made[0]
}

// Entries are count entries of the ledger from number from.
func (s *Station) Entries(t testing.TB, from uint64, count int) []ledger.Entry {
	t.Helper()
	entries, err := s.Book.Entries(from, count)
	must(t, err)
	return entries
}

// Batch packs count entries from number from.
func (s *Station) Batch(t testing.TB, from uint64, count int) wire.Batch {
	t.Helper()
	b, err := s.codec.Pack(s.Key, s.Entries(t, from, count))
	must(t, err)
	return b
}

// Sign signs entries that were tampered with, as a station does whose software
// has gone wrong: whatever the header says of them, it signs.
func (s *Station) Sign(t testing.TB, h wire.Header, entries []ledger.Entry) wire.Batch {
	t.Helper()
	b, err := s.codec.Pack(s.Key, entries)
	must(t, err)
	h.Signature = s.Key.Sign(wire.Message(h, b.Packed))
	return wire.Batch{Header: h, Packed: b.Packed}
}

// Same says whether a store has exactly the ledger's entries, byte for byte.
func (s *Station) Same(t testing.TB, have []ledger.Entry) {
	t.Helper()
	own := s.Entries(t, 1, int(s.Book.Head().Seq))
	if len(have) != len(own) {
		t.Fatalf("central has %d entries, the station %d", len(have), len(own))
	}
	for i := range own {
		if !bytes.Equal(have[i].Raw, own[i].Raw) {
			t.Fatalf("entry %d at central is not the station's", own[i].Seq)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
