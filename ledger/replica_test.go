package ledger_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gatehouse/ledger"
)

// dump is every row that a reader of the state sees of a view.
func dump(t testing.TB, read func(func(*ledger.State) error) error, view string) (out []string) {
	t.Helper()
	if err := read(func(s *ledger.State) error {
		for k, v := range ledger.Prefixed(s.Rows(view), nil) {
			out = append(out, fmt.Sprintf("%x=%x", k, v))
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAReplicaReadsLikeTheLedgerItIsOf(t *testing.T) {
	f := newFixture(t)
	for i := range 300 {
		if i%3 == 0 {
			f.commit(t, noteOf(fmt.Sprint(i)))
		} else {
			f.commit(t, sale("1001", ledger.Cents(i+1)))
		}
	}
	entries, err := f.book.Entries(1, 1000)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		path := filepath.Join(t.TempDir(), "copy.db")
		open := func() *ledger.Replica {
			r, err := ledger.OpenReplica(ledger.ReplicaOptions{Path: path, Views: []ledger.View{noteCount{}}})
			if err != nil {
				rt.Fatal(err)
			}
			return r
		}
		r := open()
		if err := r.Read(func(*ledger.State) error { return nil }); !errors.Is(err, ledger.ErrEmpty) {
			rt.Fatalf("an empty copy is read: %v", err)
		}
		for rest := entries; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(rt, "taken in at once")
			if err := r.Append(rest[:n]); err != nil {
				rt.Fatal(err)
			}
			if err := r.Append(rest[:n]); err == nil {
				rt.Fatal("the same entries were taken in twice")
			}
			rest = rest[n:]
			if rapid.Bool().Draw(rt, "opened again") {
				if err := r.Close(); err != nil {
					rt.Fatal(err)
				}
				r = open()
			}
		}
		defer r.Close()
		if r.Head() != f.book.Head() || r.Identity().Log != f.book.Identity().Log {
			rt.Fatalf("the copy ends at %v, the ledger at %v", r.Head(), f.book.Head())
		}
		for _, view := range []string{"test.notes", "ledger.commands", "ledger.books"} {
			if have, want := dump(t, r.Read, view), dump(t, f.book.Read, view); fmt.Sprint(have) != fmt.Sprint(want) {
				rt.Fatalf("view %s of the copy has %d rows, the ledger's %d", view, len(have), len(want))
			}
		}
	})
}

func TestAReplicaRefusesWhatDoesNotFollow(t *testing.T) {
	f := newFixture(t)
	f.commit(t, noteOf("one"))
	f.commit(t, noteOf("two"))
	own, err := f.book.Entries(1, 10)
	if err != nil {
		t.Fatal(err)
	}
	other := newFixture(t)
	other.commit(t, noteOf("one"))
	strange, err := other.book.Entries(1, 10)
	if err != nil {
		t.Fatal(err)
	}
	r, err := ledger.OpenReplica(ledger.ReplicaOptions{Path: filepath.Join(t.TempDir(), "copy.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.Append(own[1:]); err == nil {
		t.Error("a copy began with the second entry")
	}
	if err := r.Append(own[:1]); err != nil {
		t.Fatal(err)
	}
	if err := r.Append(own[2:]); err == nil {
		t.Error("a gap was taken in")
	}
	if err := r.Append(strange[1:]); err == nil {
		t.Error("another log's entry was taken in")
	}
	if r.Head().Seq != 1 {
		t.Errorf("the copy ends at %d, want 1", r.Head().Seq)
	}
}

func TestALogThatNoBookKeepsIsChainedLikeOthers(t *testing.T) {
	id := ledger.Identity{Station: "CENTRAL", Log: ledger.LogID{1}, Key: make([]byte, 32), Software: "test"}
	at := time.Date(2026, 3, 2, 14, 0, 0, 0, time.UTC)
	first, err := ledger.Begin(id, newID(t), at)
	if err != nil {
		t.Fatal(err)
	}
	head := ledger.Head{Seq: first.Seq, Leaf: first.Leaf}
	more, err := ledger.Continue(id.Log, head, ledger.Act{ID: newID(t), Actor: "ana", At: at, Drafts: []ledger.Draft{noteOf("one"), noteOf("two")}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := ledger.OpenReplica(ledger.ReplicaOptions{Path: filepath.Join(t.TempDir(), "copy.db"), Views: []ledger.View{noteCount{}}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.Append(append([]ledger.Entry{first}, more...)); err != nil {
		t.Fatal(err)
	}
	if more[1].Part != 1 || more[1].Seq != 3 || more[1].Prev != more[0].Leaf {
		t.Errorf("the second entry of the act is %d, part %d", more[1].Seq, more[1].Part)
	}
	if _, err := ledger.Continue(id.Log, head, ledger.Act{ID: newID(t), Actor: "ana", At: at}); err == nil {
		t.Error("an act of no entries was accepted")
	}
}
