package directory_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"gatehouse/desk/account/directory"
)

func TestBuildRefusesWhatItCannotHold(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	for _, c := range []struct {
		why   string
		items []directory.Item
		want  error
		names string // what the message must name
	}{
		{"no account number", []directory.Item{{Name: "a"}}, directory.ErrItem, "account number"},
		{"a long account number", []directory.Item{{Key: long(33)}}, directory.ErrItem, long(32)},
		{"a control character", []directory.Item{{Key: "1\x002"}}, directory.ErrItem, `1\x002`},
		{"broken UTF-8", []directory.Item{{Key: "1\xff"}}, directory.ErrItem, `1\xff`},
		{"a long name", []directory.Item{{Key: "17", Name: long(257)}}, directory.ErrItem, "17"},
		{"a long text", []directory.Item{{Key: "17", Texts: []string{long(1025)}}}, directory.ErrItem, "17"},
		{"too many texts", []directory.Item{{Key: "17", Texts: make([]string, 33)}}, directory.ErrItem, "17"},
		{"the same account twice", []directory.Item{{Key: "17", Name: "a"}, {Key: "2"}, {Key: "17", Name: "b"}}, directory.ErrDuplicate, "17"},
	} {
		t.Run(c.why, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "customers.index")
			if err := os.WriteFile(path, []byte("the index of before"), 0o600); err != nil {
				t.Fatal(err)
			}
			err := directory.Build(path, slices.Values(c.items), directory.Options{})
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.names) {
				t.Errorf("%v; want %v naming %s", err, c.want, c.names)
			}
			if b, err := os.ReadFile(path); string(b) != "the index of before" {
				t.Errorf("what was there is now %q, %v", b, err)
			}
			onlyFile(t, dir, "customers.index")
		})
	}
}

func onlyFile(t *testing.T, dir, name string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != name {
		t.Errorf("the folder has %v, %v; want only %s", entries, err, name)
	}
}

func TestBuildTakesTheLargestCustomer(t *testing.T) {
	it := directory.Item{Key: strings.Repeat("9", directory.MaxKeyBytes), Name: strings.Repeat("n", directory.MaxNameBytes)}
	for range directory.MaxTexts {
		it.Texts = append(it.Texts, strings.Repeat("o-", directory.MaxTextBytes/2))
	}
	x := index(t, directory.Options{Memory: 4 << 10}, it, directory.Item{Key: "1", Name: "z", Texts: it.Texts})
	if keys, _, err := x.Find("oooo", 20); err != nil || len(keys) != 2 || keys[0] != it.Key {
		t.Errorf("%v, %v", keys, err)
	}
}

func TestOptionsOutOfRangeAreRefused(t *testing.T) {
	for _, o := range []directory.Options{{Memory: 4095}, {Memory: 1<<30 + 1}, {Gather: -1}} {
		err := directory.Build(filepath.Join(t.TempDir(), "x"), slices.Values([]directory.Item{}), o)
		if !errors.Is(err, directory.ErrOptions) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func TestTheOrderOfTheFeedDoesNotMatter(t *testing.T) {
	dir := t.TempDir()
	items := slices.Collect(newTown(5).customers(3000))
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	if err := directory.Build(a, slices.Values(items), directory.Options{Gather: 300}); err != nil {
		t.Fatal(err)
	}
	slices.Reverse(items)
	if err := directory.Build(b, slices.Values(items), directory.Options{Gather: 300, Memory: 64 << 10}); err != nil {
		t.Fatal(err)
	}
	one, err1 := os.ReadFile(a)
	two, err2 := os.ReadFile(b)
	if err1 != nil || err2 != nil || !bytes.Equal(one, two) {
		t.Errorf("two files of the same customers differ: %v, %v", err1, err2)
	}
}

func TestANewIndexTakesThePlaceOfTheOld(t *testing.T) {
	path := filepath.Join(t.TempDir(), "customers.index")
	build := func(items ...directory.Item) {
		if err := directory.Build(path, slices.Values(items), directory.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	build(customer("1", "Garcia"))
	old := open(t, path)
	// What a killed build left lies in the way of the next.
	if err := os.WriteFile(path+".new", bytes.Repeat([]byte("half"), 10_000), 0o600); err != nil {
		t.Fatal(err)
	}
	build(customer("2", "Garcia"), customer("3", "Lopez"))
	for x, want := range map[*directory.Index]string{old: "1", open(t, path): "2"} {
		if keys, _, err := x.Find("garcia", 20); err != nil || strings.Join(keys, " ") != want {
			t.Errorf("found %v, %v; want %s", keys, err, want)
		}
		if err := x.Verify(); err != nil {
			t.Error(err)
		}
	}
	onlyFile(t, filepath.Dir(path), filepath.Base(path))
}

func TestOneBuildAtATimeInAFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "customers.index")
	var second error
	err := directory.Build(path, func(yield func(directory.Item) bool) {
		second = directory.Build(path, slices.Values(neighbours()[:1]), directory.Options{})
		yield(neighbours()[1])
	}, directory.Options{})
	if err != nil || !errors.Is(second, directory.ErrBusy) {
		t.Errorf("first: %v; second: %v, want ErrBusy", err, second)
	}
	if keys, _, err := open(t, path).Find("garcia", 20); err != nil || len(keys) != 1 || keys[0] != neighbours()[1].Key {
		t.Errorf("%v, %v", keys, err)
	}
}

func TestAFullDiskIsAnErrorAndLeavesTheOldIndex(t *testing.T) {
	path := filepath.Join(t.TempDir(), "customers.index")
	if err := directory.Build(path, slices.Values(neighbours()), directory.Options{}); err != nil {
		t.Fatal(err)
	}
	// Linux has a device that is always full.
	if err := os.Symlink("/dev/full", path+".new"); err != nil {
		t.Fatal(err)
	}
	err := directory.Build(path, newTown(1).customers(100), directory.Options{})
	if !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("%v; want no space left", err)
	}
	if x := open(t, path); x.Len() != len(neighbours()) || x.Verify() != nil {
		t.Error("the old index is gone")
	}
	onlyFile(t, filepath.Dir(path), filepath.Base(path))
}

func TestAFolderThatIsNotThereIsAnError(t *testing.T) {
	err := directory.Build(filepath.Join(t.TempDir(), "no", "x"), newTown(1).customers(1), directory.Options{})
	if !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
