package directory_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/desk/account/directory"
)

func TestAListIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.SampledFrom([]int{1, 63, 64, 65, 200, 5000, directory.MaxItems}).Draw(t, "customers")
		var file []byte
		var want []uint32
		for range rapid.IntRange(1, 4).Draw(t, "lists") {
			list := rapid.SliceOfN(rapid.Uint32Range(0, uint32(count-1)), 1, 300).Draw(t, "list")
			slices.Sort(list)
			list = slices.Compact(list)
			file = directory.AppendList(file, list, count)
			want = append(want, list...)
		}
		slices.Sort(want)
		got, ok := directory.ReadLists(file, count)
		if want = slices.Compact(want); !ok || !slices.Equal(got, want) {
			t.Fatalf("got %v, %v; want %v", got, ok, want)
		}
	})
}

func TestAListOfHalfTheCustomersIsABitmap(t *testing.T) {
	var list []uint32
	for i := range uint32(32_000) {
		list = append(list, 2*i)
	}
	if n := len(directory.AppendList(nil, list, 64_000)); n != 1+8000 {
		t.Errorf("%d bytes; want one and one bit for each of 64,000", n)
	}
}

func TestADamagedListIsRefused(t *testing.T) {
	eight := func(last byte) []byte { return []byte{2, 0, 0, 0, 0, 0, 0, 0, last} }
	for _, c := range []struct {
		why   string
		count int
		list  []byte
		ok    bool
	}{
		{"one seat, the last", 64, []byte{63<<1&0x7f | 1 | 0x80, 0}, true},
		{"one seat, past the last", 64, []byte{0x81, 1}, false},
		{"one seat in three bytes, past the last", 64, []byte{0x81, 0x80, 0x01}, false},
		{"a number without end", 64, []byte{0x80}, false},
		{"a number past 32 bits", 64, []byte{0x81, 0x80, 0x80, 0x80, 0x10}, false},
		{"steps to the last", 64, []byte{2 << 2, 1, 62}, true},
		{"steps past the last", 64, []byte{2 << 2, 1, 63}, false},
		{"steps that wrap round", 64, []byte{6 << 2, 60, 0xff, 0xff, 0xff, 0xff, 0x0f, 0}, true}, // one back: in range, if senseless
		{"a step cut", 64, []byte{1 << 2, 0x80}, false},
		{"fewer steps than said", 64, []byte{3 << 2, 1, 1}, false},
		{"a bitmap", 64, eight(0x80), true},
		{"a bitmap cut", 64, eight(0)[:8], false},
		{"a bitmap past the last", 63, eight(0x80), false},
		{"a bitmap to the last", 63, eight(0x40), true},
		{"a form that is none", 64, []byte{6}, false},
	} {
		list := append(slices.Clone(c.list), 0xff, 0xff) // what stands behind must not be read
		if got, ok := directory.ReadLists(list[:len(c.list):len(c.list)], c.count); ok != c.ok {
			t.Errorf("%s: %v, %v; want %v", c.why, got, ok, c.ok)
		}
	}
}

func TestAPrefixOfOneWordAloneNeedsNoUnion(t *testing.T) {
	var items []directory.Item
	for i := range 200 {
		word := "elm"
		if i%10 == 0 {
			word = "oak" // too few of them for a bitmap, more than are gathered from
		}
		items = append(items, directory.Item{Key: fmt.Sprint(i), Texts: []string{word}})
	}
	if x := index(t, directory.Options{Gather: 10}, items...); x.Unions() != 0 {
		t.Errorf("%d unions of a single list", x.Unions())
	}
	for i := range items {
		items[i].Texts[0] += items[i].Key
	}
	if x := index(t, directory.Options{Gather: 10}, items...); x.Unions() < 6 {
		t.Errorf("%d unions; want at least those of o, oa, oak, e, el and elm", x.Unions())
	}
}
