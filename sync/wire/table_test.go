package wire_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// anything draws a value of any kind that an entry may hold.
func anything(t *rapid.T, depth int) any {
	most := 5
	if depth > 4 {
		most = 3
	}
	switch rapid.IntRange(0, most).Draw(t, "kind") {
	case 0:
		return rapid.Int64().Draw(t, "number")
	case 1:
		return rapid.StringN(0, 30, 100).Draw(t, "text")
	case 2:
		return rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "bytes")
	case 3:
		return rapid.Bool().Draw(t, "truth")
	case 4:
		list := make([]any, rapid.IntRange(0, 20).Draw(t, "length"))
		for i := range list {
			list[i] = anything(t, depth+1)
		}
		return list
	}
	fields := map[string]any{}
	for range rapid.IntRange(0, 4).Draw(t, "fields") {
		fields[rapid.SampledFrom([]string{"a", "b", "amount", "", strings.Repeat("n", 40)}).Draw(t, "name")] = anything(t, depth+1)
	}
	return fields
}

func TestATableGivesItsRowsBackByteForByte(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rows []byte
		for range rapid.IntRange(1, 8).Draw(t, "rows") {
			raw, err := ledger.Pack(anything(t, 0))
			if err != nil {
				t.Fatal(err)
			}
			rows = append(rows, raw...)
		}
		table, err := wire.IntoTable(rows)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := wire.OutOfTable(table); err != nil || !bytes.Equal(again, rows) {
			t.Fatalf("%x came back as %x, %v", rows, again, err)
		}
	})
}

// More places than a table has columns, as no honest entry has, share one.
func TestATableOfVeryManyFields(t *testing.T) {
	var rows []byte
	for i := range 3 {
		fields := map[string]any{}
		for n := range 3000 {
			fields[fmt.Sprintf("field %d of %d", n, i)] = map[string]any{"n": n, "list": []any{n, "x"}}
		}
		raw, err := ledger.Pack(fields)
		must(t, err)
		rows = append(rows, raw...)
	}
	table, err := wire.IntoTable(rows)
	must(t, err)
	if again, err := wire.OutOfTable(table); err != nil || !bytes.Equal(again, rows) {
		t.Errorf("%d bytes came back as %d, %v", len(rows), len(again), err)
	}
}

func TestWhatNoTableIs(t *testing.T) {
	good, err := wire.IntoTable([]byte{0x83, 1, 0x61, 'a', 0xa1, 0x61, 'b', 2})
	must(t, err)
	for i := range good {
		if rows, err := wire.OutOfTable(good[:i]); !errors.Is(err, wire.ErrMalformed) {
			t.Errorf("the first %d bytes: %x, %v", i, rows, err)
		}
	}
	for name, table := range map[string][]byte{
		"bytes after it":     append(bytes.Clone(good), 0),
		"no columns":         {0},
		"endless columns":    {0xff, 0xff, 0xff, 0xff, 0x0f},
		"an endless column":  {2, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0},
		"an endless array":   {2, 0, 0, 9, 0, 0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
		"a column not asked": {3, 0, 0, 1, 0, 1, 0, 1, 1},
		"a tag":              {2, 0, 0, 2, 0, 0xc1, 1},
	} {
		if rows, err := wire.OutOfTable(table); !errors.Is(err, wire.ErrMalformed) {
			t.Errorf("%s: %x, %v", name, rows, err)
		}
	}
	if _, err := wire.IntoTable(append(bytes.Repeat([]byte{0x81}, 100), 1)); !errors.Is(err, wire.ErrMalformed) {
		t.Errorf("deep arrays: %v", err)
	}
}

func FuzzTable(f *testing.F) {
	good, err := wire.IntoTable([]byte{0x83, 1, 0x61, 'a', 0xa1, 0x61, 'b', 2})
	must(f, err)
	f.Add(good)
	f.Fuzz(func(t *testing.T, table []byte) {
		rows, err := wire.OutOfTable(table)
		if err == nil && len(rows) > len(table) {
			t.Errorf("%d bytes became %d", len(table), len(rows))
		}
	})
}
