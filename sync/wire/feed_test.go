package wire_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

func newChunks(t testing.TB) *wire.Chunks {
	t.Helper()
	c, err := wire.NewChunks()
	must(t, err)
	return c
}

func value(t testing.TB, v any) []byte {
	t.Helper()
	raw, err := ledger.Pack(v)
	must(t, err)
	return raw
}

// shelf holds chunks by their names.
type shelf map[wire.Hash][]byte

func (s shelf) put(h wire.Hash, b []byte) error { s[h] = b; return nil }

func (s shelf) read(c wire.Chunk) ([]byte, error) {
	if b, ok := s[c.Hash]; ok {
		return b, nil
	}
	return nil, errors.New("not here")
}

// cut makes a layer.
func (s shelf) cut(t testing.TB, records iter.Seq[wire.Record]) []wire.Chunk {
	t.Helper()
	c := wire.NewCutter(newChunks(t), s.put)
	for r := range records {
		must(t, c.Add(r))
	}
	out, err := c.Done()
	must(t, err)
	return out
}

// meters is a feed of n records, each in place of what changed says.
func meters(t testing.TB, n int, changed func(i int) (value string, gone bool)) iter.Seq[wire.Record] {
	return func(yield func(wire.Record) bool) {
		for i := range n {
			v, gone := changed(i)
			if !gone && !yield(wire.Record{Key: fmt.Sprintf("%07d", i), Value: value(t, map[string]any{"meter": v, "owed": i % 977})}) {
				return
			}
		}
	}
}

func same(i int) (string, bool) { return fmt.Sprintf("M%08d", i*37), false }

// small is a feed with what can occur in one.
func small(t testing.TB) []wire.Record {
	return []wire.Record{
		{Key: "01-0001-2", Value: value(t, map[string]any{"no": "01-0001-2", "name": "GARCÍA, MARÍA", "current": 4250, "meter": "20000037"})},
		{Key: "01-0002-0", Value: value(t, map[string]any{"no": "01-0002-0", "name": "", "current": -1200, "closed": true, "own": []string{"a", "b"}})},
		{Key: "01-0003-8"},
		{Key: "01-0004-6", Value: value(t, map[string]any{})},
		{Key: "01-0005-3", Value: value(t, map[string]any{"no": "01-0005-3", "name": "OAK", "raw": []byte{1, 2}, "in": map[string]any{"x": []int{1, 2}}})},
	}
}

// The form of a chunk and of a manifest is frozen: what is in stations' folders and at
// central must be read by every later program.
func TestTheFormOfAFeedStaysAsItIs(t *testing.T) {
	packed, err := newChunks(t).Pack(small(t))
	must(t, err)
	decoder, err := zstd.NewReader(nil)
	must(t, err)
	raw, err := decoder.DecodeAll(packed, nil)
	must(t, err)
	key := fixedKey(t)
	signed, err := wire.SignManifest(key, wire.Manifest{Feed: "customers", Version: 7, AsOf: 1_790_000_000_000_000, Needs: 1, Records: 4,
		Layers:  [][]wire.Chunk{{{Hash: wire.HashOf([]byte("a")), Size: 1000, Records: 4}}},
		Counted: []wire.Counted{{Log: ledger.LogID{1}, Through: 12}}})
	must(t, err)
	got := "chunk " + hex.EncodeToString(raw) + "\nmanifest " + hex.EncodeToString(signed) + "\n"
	want, err := os.ReadFile("testdata/feed-form-1.hex")
	must(t, err)
	if got != string(want) {
		t.Errorf("the form changed:\n%s", got)
	}
	// What was frozen is still read.
	text, _, _ := strings.Cut(strings.TrimPrefix(string(want), "chunk "), "\n")
	frozen, err := hex.DecodeString(text)
	must(t, err)
	encoder, err := zstd.NewWriter(nil)
	must(t, err)
	records, err := newChunks(t).Open(encoder.EncodeAll(frozen, nil))
	must(t, err)
	if !slices.EqualFunc(records, small(t), sameRecord) {
		t.Errorf("read as %q", records)
	}
}

// fixedKey is a key that is always the same one.
func fixedKey(t testing.TB) *ledger.Key {
	t.Helper()
	key, err := ledger.NewKey(bytes.NewReader(bytes.Repeat([]byte{7}, 64)))
	must(t, err)
	return key
}

func sameRecord(a, b wire.Record) bool {
	return a.Key == b.Key && bytes.Equal(a.Value, b.Value) && (a.Value == nil) == (b.Value == nil)
}

func TestRecordsComeBackByteForByte(t *testing.T) {
	c := newChunks(t)
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z0-9-]{1,20}`), 1, 30, rapid.ID).Draw(t, "keys")
		slices.Sort(keys)
		fields := rapid.MapOfN(rapid.StringMatching(`[a-z_]{1,8}|x{24,30}`), rapid.OneOf(
			rapid.Map(rapid.Int64(), func(i int64) any { return i }),
			rapid.Map(rapid.String(), func(s string) any { return s }),
			rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) any { return b }),
			rapid.Map(rapid.Bool(), func(b bool) any { return b }),
			rapid.Map(rapid.SliceOf(rapid.String()), func(s []string) any { return s }),
		), 0, 40)
		var in []wire.Record
		for _, k := range keys {
			r := wire.Record{Key: k}
			if rapid.IntRange(0, 4).Draw(t, "gone") > 0 {
				var err error
				if r.Value, err = ledger.Pack(fields.Draw(t, "fields")); err != nil {
					t.Fatal(err)
				}
			}
			in = append(in, r)
		}
		packed, err := c.Pack(in)
		if errors.Is(err, wire.ErrSize) {
			return // more different fields than a chunk has
		}
		if err != nil {
			t.Fatal(err)
		}
		out, err := c.Open(packed)
		if err != nil || !slices.EqualFunc(in, out, sameRecord) {
			t.Fatalf("%q came back as %q: %v", in, out, err)
		}
	})
}

func TestWhatAFeedMayNotHold(t *testing.T) {
	ok := value(t, map[string]any{"a": 1})
	for name, test := range map[string]struct {
		records []wire.Record
		want    error
	}{
		"nothing":                {nil, wire.ErrSize},
		"too many":               {make([]wire.Record, wire.MaxChunkRecords+1), wire.ErrSize},
		"no key":                 {[]wire.Record{{Value: ok}}, wire.ErrMalformed},
		"a long key":             {[]wire.Record{{Key: strings.Repeat("k", wire.MaxRecordKey+1), Value: ok}}, wire.ErrMalformed},
		"out of order":           {[]wire.Record{{Key: "b", Value: ok}, {Key: "a", Value: ok}}, wire.ErrMalformed},
		"a key twice":            {[]wire.Record{{Key: "a", Value: ok}, {Key: "a", Value: ok}}, wire.ErrMalformed},
		"no map":                 {[]wire.Record{{Key: "a", Value: value(t, "text")}}, wire.ErrMalformed},
		"bytes after the map":    {[]wire.Record{{Key: "a", Value: append(bytes.Clone(ok), 0)}}, wire.ErrMalformed},
		"a map of numbers":       {[]wire.Record{{Key: "a", Value: value(t, map[int]int{1: 1})}}, wire.ErrMalformed},
		"fields out of order":    {[]wire.Record{{Key: "a", Value: []byte{0xa2, 0x61, 'b', 1, 0x61, 'a', 1}}}, wire.ErrMalformed},
		"a long form of a name":  {[]wire.Record{{Key: "a", Value: []byte{0xa1, 0x78, 1, 'b', 1}}}, wire.ErrMalformed},
		"a map of 2^63 pairs":    {[]wire.Record{{Key: "a", Value: []byte{0xa1, 0x61, 'b', 0xbb, 0x80, 0, 0, 0, 0, 0, 0, 0}}}, wire.ErrMalformed},
		"a field without a name": {[]wire.Record{{Key: "a", Value: []byte{0xa1, 0x60, 1}}}, wire.ErrMalformed},
		"undefined":              {[]wire.Record{{Key: "a", Value: []byte{0xa1, 0x61, 'a', 0xf7}}}, wire.ErrMalformed},
		"an indefinite length":   {[]wire.Record{{Key: "a", Value: []byte{0xbf, 0x61, 'a', 1, 0xff}}}, wire.ErrMalformed},
		"a cut map":              {[]wire.Record{{Key: "a", Value: ok[:2]}}, wire.ErrMalformed},
		"a large record":         {[]wire.Record{{Key: "a", Value: value(t, map[string]any{"a": strings.Repeat("x", wire.MaxRecord)})}}, wire.ErrSize},
	} {
		if _, err := newChunks(t).Pack(test.records); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// raw chunks as the form says, for what Pack would never write.
type rawColumn struct {
	_      struct{} `cbor:",toarray"`
	Heads  []byte
	Bodies []byte
}

type rawChunk struct {
	_       struct{} `cbor:",toarray"`
	Form    uint
	Count   uint
	Keys    rawColumn
	Names   []string
	Columns []rawColumn
}

func TestWhatAChunkIsRefusedFor(t *testing.T) {
	encoder, err := zstd.NewWriter(nil)
	must(t, err)
	good := func() rawChunk {
		return rawChunk{Form: 1, Count: 2, Keys: rawColumn{Heads: []byte{0x61, 0x61}, Bodies: []byte("ab")}, Names: []string{"n", "o"},
			Columns: []rawColumn{{Heads: []byte{1, 2}}, {Heads: []byte{0x62, 0xf7}, Bodies: []byte("xy")}}}
	}
	pack := func(change func(*rawChunk)) []byte {
		c := good()
		change(&c)
		raw, err := ledger.Pack(c)
		must(t, err)
		return encoder.EncodeAll(raw, nil)
	}
	if _, err := newChunks(t).Open(pack(func(*rawChunk) {})); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		packed []byte
		want   error
	}{
		"too many bytes":           {make([]byte, wire.MaxChunkPacked+1), wire.ErrSize},
		"not zstd":                 {[]byte("hello"), wire.ErrMalformed},
		"a bomb":                   {encoder.EncodeAll(make([]byte, 64<<20), nil), wire.ErrMalformed},
		"not CBOR":                 {encoder.EncodeAll([]byte{0xff}, nil), wire.ErrMalformed},
		"a later form":             {pack(func(c *rawChunk) { c.Form = 2 }), ledger.ErrTooNew},
		"no record":                {pack(func(c *rawChunk) { c.Count = 0 }), wire.ErrMalformed},
		"fewer keys":               {pack(func(c *rawChunk) { c.Count = 3 }), wire.ErrMalformed},
		"too many records":         {pack(func(c *rawChunk) { c.Count = wire.MaxChunkRecords + 1 }), wire.ErrMalformed},
		"a column less":            {pack(func(c *rawChunk) { c.Columns = c.Columns[:1] }), wire.ErrMalformed},
		"names out of order":       {pack(func(c *rawChunk) { c.Names = []string{"o", "n"} }), wire.ErrMalformed},
		"an empty name":            {pack(func(c *rawChunk) { c.Names = []string{"", "n"} }), wire.ErrMalformed},
		"keys out of order":        {pack(func(c *rawChunk) { c.Keys.Bodies = []byte("ba") }), wire.ErrMalformed},
		"a key that is no text":    {pack(func(c *rawChunk) { c.Keys.Heads = []byte{0x41, 0x61} }), wire.ErrMalformed},
		"an empty key":             {pack(func(c *rawChunk) { c.Keys = rawColumn{Heads: []byte{0x60, 0x61}, Bodies: []byte("a")} }), wire.ErrMalformed},
		"an item too many":         {pack(func(c *rawChunk) { c.Columns[0].Heads = []byte{1, 2, 3} }), wire.ErrMalformed},
		"an item too few":          {pack(func(c *rawChunk) { c.Columns[0].Heads = []byte{1} }), wire.ErrMalformed},
		"a text that is cut":       {pack(func(c *rawChunk) { c.Columns[1].Bodies = []byte("x") }), wire.ErrMalformed},
		"bytes after the texts":    {pack(func(c *rawChunk) { c.Columns[1].Bodies = []byte("xyz") }), wire.ErrMalformed},
		"an endless text":          {pack(func(c *rawChunk) { c.Columns[1].Heads = []byte{0x7b, 255, 255, 255, 255, 255, 255, 255, 255, 0xf7} }), wire.ErrMalformed},
		"an endless array":         {pack(func(c *rawChunk) { c.Columns[0].Heads = []byte{0x9b, 255, 255, 255, 255, 255, 255, 255, 255, 1} }), wire.ErrMalformed},
		"deep arrays":              {pack(func(c *rawChunk) { c.Columns[0].Heads = append(bytes.Repeat([]byte{0x81}, 5000), 1, 2) }), wire.ErrMalformed},
		"a tag":                    {pack(func(c *rawChunk) { c.Columns[0].Heads = []byte{0xc1, 1, 2} }), wire.ErrMalformed},
		"gone, with a field":       {pack(func(c *rawChunk) { c.Columns[0].Heads = []byte{0xe0, 2} }), wire.ErrMalformed},
		"gone in the wrong column": {pack(func(c *rawChunk) { c.Columns[1].Heads = []byte{0x62, 0xe0} }), wire.ErrMalformed},
	} {
		if _, err := newChunks(t).Open(test.packed); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
}

func TestChunksStayTheSameWhereNothingChanged(t *testing.T) {
	const n = 60_000
	shelf := shelf{}
	before := shelf.cut(t, meters(t, n, same))
	if most := n / 2000; len(before) < n/12_000 || len(before) > most {
		t.Fatalf("%d chunks of %d records", len(before), n)
	}
	names := func(chunks []wire.Chunk) map[wire.Hash]bool {
		out := map[wire.Hash]bool{}
		for _, c := range chunks {
			out[c.Hash] = true
		}
		return out
	}
	fresh := func(after []wire.Chunk) (new int) {
		old := names(before)
		for h := range names(after) {
			if !old[h] {
				new++
			}
		}
		return new
	}
	other := func(i int) (string, bool) {
		if i == 30_000 {
			return "M", false
		}
		return same(i)
	}
	if got := fresh(shelf.cut(t, meters(t, n, other))); got != 1 {
		t.Errorf("another value makes %d chunks new, want 1", got)
	}
	gone := func(i int) (string, bool) { v, _ := same(i); return v, i == 30_000 }
	if got := fresh(shelf.cut(t, meters(t, n, gone))); got < 1 || got > 3 {
		t.Errorf("a record that goes makes %d of %d chunks new", got, len(before))
	}
}

func TestLaterLayersTakeThePlaceOfEarlierOnes(t *testing.T) {
	c := newChunks(t)
	rapid.Check(t, func(rt *rapid.T) {
		shelf, want := shelf{}, map[string]string{}
		m := wire.Manifest{Feed: "meters", Version: 1}
		for n := range rapid.IntRange(1, 5).Draw(rt, "layers") {
			changes := rapid.MapOf(rapid.StringMatching(`[a-f]{1,2}`), rapid.StringMatching(`[xyz]{0,3}`)).Draw(rt, "changes")
			var records []wire.Record
			for _, k := range slices.Sorted(maps.Keys(changes)) {
				r := wire.Record{Key: k}
				if v := changes[k]; v != "" {
					r.Value, want[k] = value(t, map[string]any{"v": v}), v
				} else if delete(want, k); n == 0 {
					continue
				}
				records = append(records, r)
			}
			m.Layers = append(m.Layers, shelf.cut(t, slices.Values(records)))
		}
		m.Records = uint64(len(want))
		got := map[string]string{}
		last := ""
		for r, err := range c.Merge(m, shelf.read) {
			if err != nil || r.Key <= last {
				rt.Fatal(r.Key, err)
			}
			var v map[string]string
			must(t, cbor.Unmarshal(r.Value, &v))
			got[r.Key], last = v["v"], r.Key
		}
		if !maps.Equal(got, want) {
			rt.Fatalf("%v, want %v", got, want)
		}
	})
}

func TestAMergeEndsWithTheFirstError(t *testing.T) {
	shelf := shelf{}
	layer := shelf.cut(t, meters(t, 9000, same))
	if len(layer) < 2 {
		t.Fatalf("%d chunks", len(layer))
	}
	spoilt := maps.Clone(shelf)
	spoilt[layer[1].Hash] = append(bytes.Clone(shelf[layer[1].Hash]), 0)
	for name, test := range map[string]struct {
		m    wire.Manifest
		from map[wire.Hash][]byte
		want error
	}{
		"another count":       {wire.Manifest{Records: 9001, Layers: [][]wire.Chunk{layer}}, shelf, wire.ErrMalformed},
		"chunks out of order": {wire.Manifest{Records: 9000, Layers: [][]wire.Chunk{{layer[1], layer[0]}}}, shelf, wire.ErrMalformed},
		"a spoilt chunk":      {wire.Manifest{Records: 9000, Layers: [][]wire.Chunk{layer}}, spoilt, nil},
		"a missing chunk":     {wire.Manifest{Records: 9000, Layers: [][]wire.Chunk{layer, {{Size: 1, Records: 1}}}}, shelf, nil},
	} {
		var last error
		for _, err := range newChunks(t).Merge(test.m, func(c wire.Chunk) ([]byte, error) {
			if b, ok := test.from[c.Hash]; ok {
				return b, nil
			}
			return nil, errors.New("not here")
		}) {
			last = err
		}
		if last == nil || test.want != nil && !errors.Is(last, test.want) {
			t.Errorf("%s: %v", name, last)
		}
	}
}

func aManifest() wire.Manifest {
	return wire.Manifest{Feed: "customers", Version: 3, AsOf: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC).UnixMicro(), Needs: 1, Records: 5,
		Layers:  [][]wire.Chunk{{{Hash: wire.HashOf([]byte("a")), Size: 10, Records: 5}}, {}},
		Counted: []wire.Counted{{Log: ledger.LogID{1}, Through: 4}, {Log: ledger.LogID{2}, Through: 9}}}
}

func TestAManifestIsCentralsWord(t *testing.T) {
	key, other := fixedKey(t), mustKey(t)
	signed, err := wire.SignManifest(key, aManifest())
	must(t, err)
	m, err := wire.OpenManifest(key.Public(), signed)
	must(t, err)
	if m.Version != 3 || m.Feed != "customers" || m.Through(ledger.LogID{2}) != 9 || m.Through(ledger.LogID{3}) != 0 || m.Size() != 10 || len(m.Layers) != 2 {
		t.Errorf("%+v", m)
	}
	if _, err := wire.OpenManifest(other.Public(), signed); !errors.Is(err, wire.ErrSignature) {
		t.Errorf("another key: %v", err)
	}
	if _, err := wire.OpenManifest(nil, signed); !errors.Is(err, wire.ErrSignature) {
		t.Errorf("no key: %v", err)
	}
	for i := range signed {
		spoilt := bytes.Clone(signed)
		spoilt[i] ^= 0x10
		if m, err := wire.OpenManifest(key.Public(), spoilt); err == nil {
			t.Fatalf("byte %d changed and it opens: %+v", i, m)
		}
	}
	if _, err := wire.OpenManifest(key.Public(), make([]byte, wire.MaxManifest+1)); !errors.Is(err, wire.ErrSize) {
		t.Errorf("an endless manifest: %v", err)
	}
}

func TestManifestsThatAreRefused(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*wire.Manifest)
		want   error
	}{
		"no feed":             {func(m *wire.Manifest) { m.Feed = "" }, wire.ErrMalformed},
		"a path for a feed":   {func(m *wire.Manifest) { m.Feed = "../x" }, wire.ErrMalformed},
		"no version":          {func(m *wire.Manifest) { m.Version = 0 }, wire.ErrMalformed},
		"needs nothing":       {func(m *wire.Manifest) { m.Needs = 0 }, wire.ErrMalformed},
		"too many layers":     {func(m *wire.Manifest) { m.Layers = make([][]wire.Chunk, wire.MaxLayers+1) }, wire.ErrMalformed},
		"too many chunks":     {func(m *wire.Manifest) { m.Layers[0] = make([]wire.Chunk, wire.MaxChunks+1) }, wire.ErrMalformed},
		"an empty chunk":      {func(m *wire.Manifest) { m.Layers[0][0].Size = 0 }, wire.ErrMalformed},
		"a chunk of no rows":  {func(m *wire.Manifest) { m.Layers[0][0].Records = 0 }, wire.ErrMalformed},
		"a large chunk":       {func(m *wire.Manifest) { m.Layers[0][0].Size = wire.MaxChunkPacked + 1 }, wire.ErrMalformed},
		"logs out of order":   {func(m *wire.Manifest) { m.Counted[0], m.Counted[1] = m.Counted[1], m.Counted[0] }, wire.ErrMalformed},
		"a log twice":         {func(m *wire.Manifest) { m.Counted[1].Log = m.Counted[0].Log }, wire.ErrMalformed},
		"more logs than fit":  {func(m *wire.Manifest) { m.Counted = make([]wire.Counted, wire.MaxLogs+1) }, wire.ErrMalformed},
		"chunk of many rows":  {func(m *wire.Manifest) { m.Layers[0][0].Records = wire.MaxChunkRecords + 1 }, wire.ErrMalformed},
		"a feed of long name": {func(m *wire.Manifest) { m.Feed = strings.Repeat("x", 33) }, wire.ErrMalformed},
	} {
		m := aManifest()
		test.change(&m)
		if _, err := wire.SignManifest(fixedKey(t), m); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	later := aManifest()
	later.Needs = wire.RecordForm + 1
	signed, err := wire.SignManifest(fixedKey(t), later)
	must(t, err)
	if _, err := wire.OpenManifest(fixedKey(t).Public(), signed); !errors.Is(err, ledger.ErrTooNew) {
		t.Errorf("for a later program: %v", err)
	}
}

func mustKey(t testing.TB) *ledger.Key {
	t.Helper()
	key, err := ledger.NewKey(bytes.NewReader(bytes.Repeat([]byte{9}, 64)))
	must(t, err)
	return key
}

func TestHashesAreReadStrictly(t *testing.T) {
	h := wire.HashOf([]byte("x"))
	if got, err := wire.ParseHash(h.String()); err != nil || got != h {
		t.Errorf("%v %v", got, err)
	}
	for _, bad := range []string{"", "00", strings.ToUpper(h.String()), h.String() + "0", strings.Repeat("g", 64), "../" + h.String()[3:]} {
		if _, err := wire.ParseHash(bad); !errors.Is(err, wire.ErrMalformed) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// What a station reads from anybody must never panic, hang or grow without bound.
// FuzzChunk skips compression, so that the fuzzer reaches the records.
func FuzzChunk(f *testing.F) {
	c := newChunks(f)
	packed, err := c.Pack(small(f))
	must(f, err)
	decoder, err := zstd.NewReader(nil)
	must(f, err)
	encoder, err := zstd.NewWriter(nil)
	must(f, err)
	raw, err := decoder.DecodeAll(packed, nil)
	must(f, err)
	f.Add(raw)
	f.Add(raw[:len(raw)-3])
	f.Add([]byte{0x85, 1, 1})
	f.Fuzz(func(t *testing.T, raw []byte) {
		records, err := c.Open(encoder.EncodeAll(raw, nil))
		if err != nil {
			return
		}
		last := ""
		for _, r := range records {
			if r.Key <= last {
				t.Fatalf("%q after %q", r.Key, last)
			}
			last = r.Key
			if r.Value != nil && cbor.Wellformed(r.Value) != nil && !strings.Contains(fmt.Sprintf("%x", r.Value), "f8") {
				t.Fatalf("record %q is no CBOR: %x", r.Key, r.Value)
			}
		}
	})
}

func FuzzChunkPacked(f *testing.F) {
	c := newChunks(f)
	packed, err := c.Pack(small(f))
	must(f, err)
	f.Add(packed)
	f.Fuzz(func(t *testing.T, packed []byte) {
		if records, err := c.Open(packed); err == nil && (len(records) == 0 || len(records) > wire.MaxChunkRecords) {
			t.Fatalf("%d records", len(records))
		}
	})
}

func FuzzManifest(f *testing.F) {
	key := fixedKey(f)
	good, err := wire.SignManifest(key, aManifest())
	must(f, err)
	f.Add(good)
	f.Add([]byte{0x82, 0x40, 0x40})
	f.Fuzz(func(t *testing.T, signed []byte) {
		if m, err := wire.OpenManifest(key.Public(), signed); err == nil && (m.Version != 3 || m.Feed != "customers") {
			t.Fatalf("a manifest that was never signed: %+v", m)
		}
	})
}
