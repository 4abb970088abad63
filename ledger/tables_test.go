package ledger_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/ledger"
)

// steer is a body that tells the view test.steered what to do with its rows.
type steer struct {
	Do    string `json:"do"`
	Key   string `json:"key"`
	Value []byte `json:"value"`
}

// steered does what the entries say, and writes down what it saw.
type steered struct{}

func (steered) Name() string         { return "test.steered" }
func (steered) Kinds() []ledger.Kind { return []ledger.Kind{"test.steer.v1"} }
func (steered) Fold(t ledger.Table, e *ledger.Entry) error {
	todo, err := ledger.Unpack[[]steer](e)
	if err != nil {
		return err
	}
	for i, s := range todo {
		switch s.Do {
		case "put":
			t.Put([]byte(s.Key), s.Value)
		case "delete":
			t.Delete([]byte(s.Key))
		case "get":
			row := t.Get([]byte(s.Key))
			t.Put([]byte("seen "+s.Key), fmt.Appendf(nil, "%v %x", row != nil, row))
		case "add":
			t.Add(fmt.Appendf(nil, "added %d %d", e.Seq, i), s.Value)
		}
	}
	return nil
}

// TestATableInMemoryIsATableInTheFile lets a view put, get, delete and add any
// rows, many in a transaction or few. Verify finds no difference, so a row read
// the same before its commit, after it, and in a fold from nothing.
func TestATableInMemoryIsATableInTheFile(t *testing.T) {
	todo := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) steer {
		return steer{
			Do:    rapid.SampledFrom([]string{"put", "put", "delete", "get", "add"}).Draw(t, "do"),
			Key:   fmt.Sprint("k", rapid.IntRange(0, 60).Draw(t, "key")),
			Value: make([]byte, rapid.SampledFrom([]int{0, 0, 1, 7, 7, 300}).Draw(t, "size")),
		}
	}), 1, 60)
	rapid.Check(t, func(rt *rapid.T) {
		f := newFixture(t, func(o *ledger.Options) { o.Views = []ledger.View{steered{}} })
		for range rapid.IntRange(1, 8).Draw(rt, "commands") {
			var drafts []ledger.Draft
			for range rapid.IntRange(1, 3).Draw(rt, "entries") {
				drafts = append(drafts, ledger.Draft{Kind: "test.steer.v1", Body: todo.Draw(rt, "todo")})
			}
			f.commit(t, drafts...)
		}
		f.book.Read(func(s *ledger.State) error {
			if row := s.Rows("test.unknown").Get([]byte("test.steered")); row != nil {
				rt.Fatalf("a view that is not kept has the row %x", row)
			}
			for k := range s.Rows("test.unknown").From(nil) {
				rt.Fatalf("a view that is not kept has the row %q", k)
			}
			return nil
		})
		f.close(t)
		if r := verify(t, f); len(r.Problems) > 0 {
			rt.Fatal(r.Problems)
		}
	})
}
