package ledger_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"gatehouse/ledger"
)

// TestALogThatFollowsNoneIsWrittenAsBefore: the bytes of old logs do not change.
func TestALogThatFollowsNoneIsWrittenAsBefore(t *testing.T) {
	id := ledger.Identity{Station: "A1", Log: ledger.LogID{1}, Key: make([]byte, 32), Software: "s"}
	packed, err := ledger.Pack(id)
	must(t, err)
	if bytes.Contains(packed, []byte("follows")) {
		t.Errorf("%x", packed)
	}
	id.Follows = &ledger.Follows{Station: "B1", Log: ledger.LogID{2}, Seq: 3, Leaf: ledger.Leaf{4}}
	packed, err = ledger.Pack(id)
	must(t, err)
	back, err := ledger.Unpack[ledger.Identity](&ledger.Entry{Body: packed})
	if err != nil || *back.Follows != *id.Follows {
		t.Errorf("read back %+v, %v", back.Follows, err)
	}
}

func TestWhatALogMayFollow(t *testing.T) {
	whole := ledger.Follows{Station: "B1", Log: ledger.LogID{2}, Seq: 3, Leaf: ledger.Leaf{4}}
	for name, c := range map[string]struct {
		change func(*ledger.Follows)
		opens  bool
	}{
		"another station's log":    {func(*ledger.Follows) {}, true},
		"one of the same id":       {func(f *ledger.Follows) { f.Station = "A1" }, false},
		"one of no station":        {func(f *ledger.Follows) { f.Station = "" }, false},
		"one without an entry":     {func(f *ledger.Follows) { f.Seq = 0 }, false},
		"one without a hash":       {func(f *ledger.Follows) { f.Leaf = ledger.Leaf{} }, false},
		"one that is not named":    {func(f *ledger.Follows) { f.Log = ledger.LogID{} }, false},
		"read from a file of ours": {func(f *ledger.Follows) { *f = throughAFile(t, *f) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			follows := whole
			c.change(&follows)
			key, err := ledger.NewKey(rand0{})
			must(t, err)
			path := filepath.Join(t.TempDir(), "ledger.db")
			book, err := ledger.Open(ledger.Options{Path: path, Station: "A1", Signer: key, Follows: &follows})
			if (err == nil) != c.opens {
				t.Fatalf("opened: %v", err)
			}
			if err != nil {
				if _, err := os.Stat(path); err == nil {
					t.Error("a file was made")
				}
				return
			}
			if got := book.Identity().Follows; *got != whole {
				t.Errorf("it follows %+v", got)
			}
			must(t, book.Close())
		})
	}
}

func throughAFile(t *testing.T, f ledger.Follows) ledger.Follows {
	t.Helper()
	path := filepath.Join(t.TempDir(), "follows.json")
	must(t, ledger.WriteFollows(path, f))
	back, err := ledger.ReadFollows(path)
	must(t, err)
	return back
}
