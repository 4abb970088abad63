package reference_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/desk/reference"
	"gatehouse/ledger"
)

type row struct {
	Name string `json:"name"`
	N    int    `json:"n"`
}

func about() reference.About {
	return reference.About{Version: 7, AsOf: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC), Counted: []reference.Counted{{Log: ledger.LogID{3}, Through: 41}}, Feeds: []reference.FeedVersion{{Feed: "people", Version: 5}}, Index: "an index"}
}

// build makes a set of n rows in two feeds.
func build(t testing.TB, path string, n int) {
	t.Helper()
	err := reference.Build(path, about(), func(w *reference.Writer) error {
		for _, feed := range []string{"people", "things"} {
			for i := range n {
				if err := w.Put(feed, fmt.Sprintf("%06d", i), row{feed, i}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func open(t testing.TB, path string) *reference.Store {
	t.Helper()
	s, err := reference.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestWhatIsPutIsThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new folder", "ref.db")
	build(t, path, 6000) // more than one transaction
	s := open(t, path)
	if got := s.About(); got.Version != 7 || got.Through(ledger.LogID{3}) != 41 || got.Through(ledger.LogID{4}) != 0 || got.Feed("people") != 5 || got.Feed("things") != 0 || got.Index != "an index" || !got.AsOf.Equal(about().AsOf) {
		t.Errorf("about: %+v", got)
	}
	for _, i := range []int{0, 4999, 5000, 5999} {
		var r row
		if found, err := s.Get("things", fmt.Sprintf("%06d", i), &r); !found || err != nil || r != (row{"things", i}) {
			t.Errorf("row %d: %+v, %v, %v", i, r, found, err)
		}
	}
	for _, c := range [][2]string{{"things", "006000"}, {"things", ""}, {"nothing", "000000"}, {"about", "other"}} {
		var r row
		if found, err := s.Get(c[0], c[1], &r); found || err != nil {
			t.Errorf("%v: found %v, %v", c, found, err)
		}
	}
	keys, err := s.Keys("people", 3)
	if want := []string{"000000", "000001", "000002"}; err != nil || !slices.Equal(keys, want) {
		t.Errorf("keys %v, %v", keys, err)
	}
	if keys, err := s.Keys("nothing", 3); err != nil || len(keys) != 0 {
		t.Errorf("keys of nothing: %v, %v", keys, err)
	}
}

func TestASetTakesThePlaceOfTheOneBeforeAsAWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ref.db")
	build(t, path, 10)
	before := open(t, path) // a station that goes on reading
	failed := errors.New("central was cut off")
	err := reference.Build(path, reference.About{Version: 8}, func(w *reference.Writer) error {
		if err := w.Put("people", "000001", row{"half", 0}); err != nil {
			return err
		}
		return failed
	})
	if !errors.Is(err, failed) {
		t.Fatalf("a set that was not filled: %v", err)
	}
	if got := open(t, path); got.About().Version != 7 {
		t.Fatalf("half a set took the place of version 7: %+v", got.About())
	}
	build(t, path, 20)
	var r row
	if found, err := before.Get("people", "000009", &r); !found || err != nil {
		t.Errorf("the set that was open is gone: %v, %v", found, err)
	}
	if found, _ := open(t, path).Get("people", "000019", &r); !found {
		t.Error("the new set is not there")
	}
	left, err := filepath.Glob(path + "*")
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestTheSameRecordsMakeTheSameFile(t *testing.T) {
	var first []byte
	for i := range 8 {
		path := filepath.Join(t.TempDir(), "ref.db")
		build(t, path, 200)
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = file
		} else if string(first) != string(file) {
			t.Fatalf("build %d differs", i)
		}
	}
}

func TestWhatCannotBePut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ref.db")
	for name, put := range map[string]func(*reference.Writer) error{
		"no key":       func(w *reference.Writer) error { return w.Put("people", "", 1) },
		"a long key":   func(w *reference.Writer) error { return w.Put("people", strings.Repeat("k", 65), 1) },
		"no feed":      func(w *reference.Writer) error { return w.Put("", "k", 1) },
		"its own feed": func(w *reference.Writer) error { return w.Put("about", "about", 1) },
		"no value":     func(w *reference.Writer) error { return w.Put("people", "k", make(chan int)) },
	} {
		if err := reference.Build(path, about(), put); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a set was made of nothing")
	}
}

func TestWhatIsNoSet(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good")
	build(t, good, 50)
	file, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"empty": {}, "text": []byte("customers"), "cut": file[:len(file)/2], "cut short": file[:100], "zeros": make([]byte, len(file)),
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := reference.Open(path)
		if err == nil {
			s.Close()
			if name != "cut" { // a cut end may show only when it is read
				t.Errorf("%s: opened", name)
			}
		}
	}
	if _, err := reference.Open(filepath.Join(dir, "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
}

// Damage anywhere gives a record, no record or an error; never the end of the
// program.
func TestDamageDoesNotStopTheStation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ref.db")
	build(t, path, 300)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	failed := 0
	for range 400 {
		bad := slices.Clone(good)
		for range 1 + random.IntN(20) {
			bad[random.IntN(len(bad))] = byte(random.Uint32())
		}
		if random.IntN(4) == 0 {
			bad = bad[:random.IntN(len(bad))]
		}
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := reference.Open(path)
		if err != nil {
			failed++
			continue
		}
		for i := range 300 {
			var r row
			if _, err := s.Get("things", fmt.Sprintf("%06d", i), &r); err != nil {
				failed++
			}
		}
		if _, err := s.Keys("people", 1000); err != nil {
			failed++
		}
		if err := s.Close(); err != nil {
			t.Log(err)
		}
	}
	if failed == 0 {
		t.Error("no damage was met: this test proved nothing")
	}
}
