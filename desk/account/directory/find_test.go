package directory_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"gatehouse/desk/account/directory"
)

// index makes an index of the items and opens it for the length of the test.
func index(t testing.TB, o directory.Options, items ...directory.Item) *directory.Index {
	t.Helper()
	path := filepath.Join(t.TempDir(), "customers.index")
	if err := directory.Build(path, slices.Values(items), o); err != nil {
		t.Fatal(err)
	}
	return open(t, path)
}

func open(t testing.TB, path string) *directory.Index {
	t.Helper()
	x, err := directory.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

func customer(key, name string, texts ...string) directory.Item {
	return directory.Item{Key: key, Name: name, Texts: append([]string{name, key}, texts...)}
}

func neighbours() []directory.Item {
	return []directory.Item{
		customer("01-2345-6", "García, María", "1423 Oak St Apt 2", "(210) 555-0142", "20456789"),
		customer("01-2345-7", "Garcia, Juan", "88 Oakwood Ln", "+1 956 555 0199", "N00123456"),
		customer("02-0001-1", "O'Brien, Ann-Marie", "1423 Elm St", "956-555-1423", "55500001"),
		customer("02-0002-9", "Lopez Garcia, Rosa", "7 Ñandú Ct", "956.555.2222", "31110042"),
		customer("03-1111-0", "garcia-lopez, pedro", "1 Main St", "", "71110043"),
		customer("03-2222-0", "Đặng Văn Łukasz", "9½ Straße", "９５６ 555 3333", "81110044"),
		customer("0123", "Zeta Café & Sons", "01 Oak", "", ""),
	}
}

func TestWhatIsTypedFindsWhom(t *testing.T) {
	x := index(t, directory.Options{}, neighbours()...)
	for _, c := range []struct{ why, typed, want string }{
		{"nothing typed", "", ""},
		{"only blanks and punctuation", " \t - ' # ", ""},
		{"a name, in name order, with and without accents", "garcia", "01-2345-7 01-2345-6 03-1111-0 02-0002-9"},
		{"an accent typed", "GARCÍA", "01-2345-7 01-2345-6 03-1111-0 02-0002-9"},
		{"an accent typed as a mark of its own", "garci\u0301a maria", "01-2345-6"},
		{"every word must begin some word", "garcia oak", "01-2345-7 01-2345-6"},
		{"in any order", "oak garcia", "01-2345-7 01-2345-6"},
		{"a word does not match in its middle", "arcia", ""},
		{"one word of the record may answer two typed", "g ga gar", "01-2345-7 01-2345-6 03-1111-0 02-0002-9"},
		{"house number, or the last four of a phone", "1423", "01-2345-6 02-0001-1"},
		{"last four of a phone", "0142", "01-2345-6"},
		{"last seven of a phone", "5550142", "01-2345-6"},
		{"last seven with punctuation", "555-0142", "01-2345-6"},
		{"a whole phone, joined", "2105550142", "01-2345-6"},
		{"a whole phone as printed", "(210) 555-0142", "01-2345-6"},
		{"a phone with the country code, typed without", "9565550199", "01-2345-7"},
		{"last four of a meter", "6789", "01-2345-6"},
		{"last seven of a meter", "0456789", "01-2345-6"},
		{"a meter with a letter", "n00123456", "01-2345-7"},
		{"an account number as printed", "01-2345-6", "01-2345-6"},
		{"an account number joined", "0123456", "01-2345-6"},
		{"an account number begun", "01-2345", "01-2345-7 01-2345-6"},
		{"a part of an account number", "2345", "01-2345-7 01-2345-6"},
		{"a number that nobody has whole, by its parts", "1423-555", "01-2345-6 02-0001-1"},
		{"a number that somebody has whole, not by its parts", "01-23", "01-2345-7 01-2345-6 0123"},
		{"a name with an apostrophe", "o'brien", "02-0001-1"},
		{"a name without its apostrophe", "obrien", "02-0001-1"},
		{"the part after the apostrophe", "brien", "02-0001-1"},
		{"a double first name", "ann-m", "02-0001-1"},
		{"a double name also finds it written apart", "garcia-lopez", "03-1111-0 02-0002-9"},
		{"letters that Unicode does not take apart", "dang lukasz strasse", "03-2222-0"},
		{"full-width digits", "9565553333", "03-2222-0"},
		{"a fraction", "9½", "03-2222-0"},
		{"tilde", "nandu", "02-0002-9"},
		{"broken UTF-8 is punctuation", "garcia\xff pedro\xfe", "03-1111-0"},
		{"no such word", "garcia xyzzy", ""},
		{"another alphabet", "Иванов", ""},
	} {
		t.Run(c.why, func(t *testing.T) {
			keys, more, err := x.Find(c.typed, 20)
			if err != nil || more {
				t.Fatalf("Find(%q): more %v, %v", c.typed, more, err)
			}
			if got := strings.Join(keys, " "); got != c.want {
				t.Errorf("Find(%q) = %s; want %s", c.typed, got, c.want)
			}
		})
	}
}

func TestMoreTellsThatTheListGoesOn(t *testing.T) {
	x := index(t, directory.Options{}, neighbours()...)
	for limit, want := range map[int]string{1: "01-2345-7", 3: "01-2345-7 01-2345-6 03-1111-0"} {
		keys, more, err := x.Find("garcia", limit)
		if err != nil || !more || strings.Join(keys, " ") != want {
			t.Errorf("first %d: %v, more %v, %v; want %s and more", limit, keys, more, err, want)
		}
	}
	if keys, more, err := x.Find("garcia", 4); err != nil || more || len(keys) != 4 {
		t.Errorf("all 4: %v, more %v, %v", keys, more, err)
	}
}

func TestTooMuchTypedIsRefused(t *testing.T) {
	x := index(t, directory.Options{}, neighbours()...)
	for _, c := range []struct {
		why   string
		typed string
		limit int
	}{
		{"nine words", "a b c d e f g h i", 20},
		{"seventeen parts", strings.Repeat("a-b-", 8) + "c", 20},
		{"sixty-five letters", strings.Repeat("ñ", 65), 20},
		{"letters that fold to many", strings.Repeat("\ufdfa", 20), 20},
		{"five thousand bytes", strings.Repeat(" ", 5000), 20},
		{"no results asked", "a", 0},
		{"too many results asked", "a", directory.MaxResults + 1},
	} {
		if _, _, err := x.Find(c.typed, c.limit); !errors.Is(err, directory.ErrQuery) {
			t.Errorf("%s: %v; want ErrQuery", c.why, err)
		}
	}
	if _, _, err := x.Find("a b c d e f g "+strings.Repeat("ñ", 64), directory.MaxResults); err != nil {
		t.Errorf("as much as allowed: %v", err)
	}
}

func TestALongWordIsFoundByItsFirst64Letters(t *testing.T) {
	long := strings.Repeat("ñ", 40) + strings.Repeat("b", 60)
	x := index(t, directory.Options{}, directory.Item{Key: "1", Name: "x", Texts: []string{long}})
	for _, n := range []int{1, 40, 41, 64} {
		keys, _, err := x.Find(string([]rune(long)[:n]), 20)
		if err != nil || len(keys) != 1 {
			t.Errorf("first %d letters: %v, %v", n, keys, err)
		}
	}
}

func TestAnEmptyFeedMakesAnEmptyIndex(t *testing.T) {
	x := index(t, directory.Options{})
	if keys, more, err := x.Find("garcia", 20); x.Len() != 0 || len(keys) != 0 || more || err != nil {
		t.Errorf("%d customers; %v, more %v, %v", x.Len(), keys, more, err)
	}
	if err := x.Verify(); err != nil {
		t.Error(err)
	}
}

func TestManyMayAskAtOnce(t *testing.T) {
	x := index(t, directory.Options{Gather: 50}, slices.Collect(newTown(7).customers(2000))...)
	queries := strings.Fields("g 1 12 95 garcia st oak-hill 01-0 78539 o'b zz")
	want := map[string]string{}
	for _, q := range queries {
		keys, more, err := x.Find(q, 20)
		if err != nil {
			t.Fatal(err)
		}
		want[q] = fmt.Sprint(keys, more)
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 200 {
				q := queries[(g+i)%len(queries)]
				keys, more, err := x.Find(q, 20)
				if got := fmt.Sprint(keys, more); err != nil || got != want[q] {
					t.Errorf("%q: %s, %v; alone it was %s", q, got, err, want[q])
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestCloseWaitsAndEndsTheSearches(t *testing.T) {
	path := filepath.Join(t.TempDir(), "customers.index")
	if err := directory.Build(path, newTown(7).customers(500), directory.Options{}); err != nil {
		t.Fatal(err)
	}
	x := open(t, path)
	started := make(chan struct{}, 4)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for n := 0; ; n++ {
				if _, _, err := x.Find("g", 20); errors.Is(err, directory.ErrClosed) {
					return
				} else if err != nil {
					t.Error(err)
					return
				}
				if n == 0 {
					started <- struct{}{}
				}
			}
		})
	}
	for range 4 {
		<-started
	}
	if err := x.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait()
	if err := x.Verify(); !errors.Is(err, directory.ErrClosed) {
		t.Errorf("verifying when closed: %v", err)
	}
}
