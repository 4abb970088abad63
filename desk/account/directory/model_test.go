package directory_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/desk/account/directory"
)

// model answers as the index must, by looking at every customer in turn.
type model []modelCustomer

type modelCustomer struct {
	key, name string
	words     []string
}

func newModel(items []directory.Item) model {
	var m model
	for _, it := range items {
		m = append(m, modelCustomer{it.Key, directory.SortName(it.Name), directory.RecordWords(it.Texts)})
	}
	slices.SortFunc(m, func(a, b modelCustomer) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.key, b.key))
	})
	return m
}

func (c modelCustomer) has(prefix string) bool {
	return slices.ContainsFunc(c.words, func(w string) bool { return strings.HasPrefix(w, prefix) })
}

// find takes the typed words already split: each as its parts.
func (m model) find(typed [][]string, limit int) (keys []string, more bool) {
	var asked []func(modelCustomer) bool
	for _, parts := range typed {
		asked = append(asked, m.ask(parts))
	}
	for _, c := range m {
		if len(asked) == 0 || slices.ContainsFunc(asked, func(ask func(modelCustomer) bool) bool { return !ask(c) }) {
			continue
		}
		if len(keys) == limit {
			return keys, true
		}
		keys = append(keys, c.key)
	}
	return keys, false
}

// ask gives who answers one typed word.
func (m model) ask(parts []string) func(modelCustomer) bool {
	joined := strings.Join(parts, "")
	whole := func(c modelCustomer) bool { return c.has(joined) }
	inParts := func(c modelCustomer) bool {
		return !slices.ContainsFunc(parts, func(p string) bool { return !c.has(p) })
	}
	switch isNumber := strings.Trim(joined, "0123456789") == ""; {
	case isNumber && slices.ContainsFunc(m, whole):
		return whole
	case isNumber:
		return inParts
	default:
		return func(c modelCustomer) bool { return whole(c) || inParts(c) }
	}
}

// A small alphabet, so that words meet: prefixes of each other, shared by many.
func aWord() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringMatching(`[abñ]{1,4}`),
		rapid.StringMatching(`[012]{1,8}`),
		rapid.StringMatching(`[ab012]{1,3}`),
		rapid.StringMatching(`[a-c]{14,21}`),
		rapid.SampledFrom([]string{"garcia", "garza", "oak", "oakwood", "1423", "142", "Đặng", "水道"}),
	)
}

func aChunk() *rapid.Generator[[]string] {
	return rapid.OneOf(
		rapid.SliceOfN(aWord(), 1, 1),
		rapid.SliceOfN(aWord(), 1, 1),
		rapid.SliceOfN(rapid.StringMatching(`[012]{1,4}`), 2, 4),
		rapid.SliceOfN(aWord(), 2, 3),
	)
}

func aText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		var text []string
		for _, parts := range rapid.SliceOfN(aChunk(), 0, 3).Draw(t, "chunks") {
			text = append(text, strings.Join(parts, rapid.SampledFrom([]string{"-", "'", ".", "/("}).Draw(t, "mark")))
		}
		return strings.Join(text, " ")
	})
}

func someItems() *rapid.Generator[[]directory.Item] {
	item := rapid.Custom(func(t *rapid.T) directory.Item {
		return directory.Item{
			Key:   rapid.StringMatching(`[0-9]{1,2}-[0-9]{1,3}`).Draw(t, "key"),
			Name:  aText().Draw(t, "name"),
			Texts: rapid.SliceOfN(aText(), 0, 4).Draw(t, "texts"),
		}
	})
	return rapid.Custom(func(t *rapid.T) []directory.Item {
		n := rapid.SampledFrom([]int{0, 1, 17, 64, 65, 200}).Draw(t, "count") // a list's form changes with it
		return rapid.SliceOfNDistinct(item, n, n, func(it directory.Item) string { return it.Key }).Draw(t, "items")
	})
}

func someOptions() *rapid.Generator[directory.Options] {
	return rapid.Custom(func(t *rapid.T) directory.Options {
		return directory.Options{
			Memory: rapid.SampledFrom([]int{0, 4 << 10, 16 << 10}).Draw(t, "memory"), // the last two spill to disk
			Gather: rapid.SampledFrom([]int{0, 1, 3, 20}).Draw(t, "gather"),
		}
	})
}

func TestTheIndexAnswersAsLookingAtEveryCustomerWould(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		items := someItems().Draw(t, "items")
		path := filepath.Join(dir, "customers.index")
		if err := directory.Build(path, slices.Values(items), someOptions().Draw(t, "options")); err != nil {
			t.Fatal(err)
		}
		x, err := directory.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer x.Close()
		if err := x.Verify(); err != nil || x.Len() != len(items) {
			t.Fatalf("%d of %d customers, %v", x.Len(), len(items), err)
		}
		m := newModel(items)
		for range 20 {
			compare(t, x, m, rapid.SliceOfN(aChunk(), 0, 3).Draw(t, "typed"), rapid.IntRange(1, 30).Draw(t, "limit"))
		}
	})
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("the builds left %v, %v", left, err)
	}
}

func compare(t interface{ Fatalf(string, ...any) }, x *directory.Index, m model, typed [][]string, limit int) {
	var query []string
	var folded [][]string
	for _, parts := range typed {
		query = append(query, strings.Join(parts, "-"))
		var f []string
		for _, p := range parts {
			f = append(f, directory.SortName(p))
		}
		folded = append(folded, f)
	}
	q := strings.Join(query, " ")
	keys, more, err := x.Find(q, limit)
	if err != nil {
		t.Fatalf("Find(%q): %v", q, err)
	}
	wantKeys, wantMore := m.find(folded, limit)
	if !slices.Equal(keys, wantKeys) || more != wantMore {
		t.Fatalf("Find(%q, %d)\n got %v, more %v\nwant %v, more %v", q, limit, keys, more, wantKeys, wantMore)
	}
}

// Every list form, spilled runs, many blocks and unions, at the size of a small
// utility; each query kind of the benchmark.
func TestTheIndexAnswersRightForAWholeTown(t *testing.T) {
	items := slices.Collect(newTown(3).customers(6000))
	x := index(t, directory.Options{Memory: 256 << 10, Gather: 400}, items...)
	if x.Unions() < 20 {
		t.Fatalf("only %d unions: the test is to go through them", x.Unions())
	}
	m := newModel(items)
	for _, q := range []string{
		"garcia oak", "1423", "0142", "g", "o", "1", "9", "g o", "1 2", "st", "rio verde", "956", "95 78 1 2",
		"garcia st maria", "st zzq", "apt 1", "martinez apt 2", "00-0042", "n0", "n12", "oak hill", "del", "s san",
	} {
		var typed [][]string
		for _, w := range strings.Fields(q) {
			typed = append(typed, strings.Split(w, "-"))
		}
		for _, limit := range []int{1, 20, 1000} {
			compare(t, x, m, typed, limit)
		}
	}
	for i := 0; i < len(items); i += 97 {
		keys, _, err := x.Find(items[i].Key, 20)
		if err != nil || !slices.Contains(keys, items[i].Key) {
			t.Errorf("%s: %v, %v", items[i].Key, keys, err)
		}
	}
}

func TestNameOrder(t *testing.T) {
	var items []directory.Item
	names := []string{"", "Abad", "ÁBAD, Ana", "abad ben", "O Brien", "Obrien", "O'Brien", "Ñandú", "Núñez", "Zoe"}
	for i, n := range names {
		items = append(items, directory.Item{Key: fmt.Sprint(9 - i), Name: n, Texts: []string{"x"}})
	}
	x := index(t, directory.Options{}, items...)
	keys, _, err := x.Find("x", 20)
	if err != nil {
		t.Fatal(err)
	}
	// Empty, then by folded words; O'Brien (3) and Obrien (4) are one name, so by account.
	if got, want := strings.Join(keys, ""), "9876"+"2"+"1"+"5"+"34"+"0"; got != want {
		t.Errorf("order %s, want %s", got, want)
	}
}

func TestRecordWords(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"01-2345-6", "01 0123456 2345 3456 6"},
		{"O'Brien", "brien o obrien"},
		{"555-0142", "0142 555 5550142"},
		{"(210) 555-0142", "0142 210 2105550142 555 5550142"},
		{"+1 (210) 555-0142", "0142 1 12105550142 210 2105550142 555 5550142"},
		{"20456789", "0456789 20456789 6789"},
		{"N00123456", "n00123456"},
		{"123456", "123456"},
		{"12 34 56", "12 34 56"},
		{"1234567", "1234567 4567"},
		{"1423 Oak St.", "1423 oak st"},
		{"1234 5678 9012 3456", "1234 3456 5678 9012"},
		{"co\u00adop", "coop"},
		{" -- # ", ""},
		{"a\x00b\x01c", "a abc b c"},
	} {
		if got := strings.Join(directory.RecordWords([]string{c.text}), " "); got != c.want {
			t.Errorf("%q: %s; want %s", c.text, got, c.want)
		}
	}
}
