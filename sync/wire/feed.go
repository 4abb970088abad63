package wire

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/fxamacker/cbor/v2"
	"github.com/klauspost/compress/zstd"

	"gatehouse/ledger"
)

// Record is one row of a feed.
type Record struct {
	Key string // unique in the feed, 1 to MaxRecordKey bytes
	// Value is a CBOR map in deterministic form whose keys are texts; nil says that
	// the record is gone.
	Value []byte
}

// Bounds of feeds.
const (
	MaxRecordKey    = 64
	MaxRecord       = 64 << 10 // bytes of a value
	maxFields       = 255      // different fields of the records in a chunk
	MaxChunkRecords = 16_384
	MaxChunkPacked  = 2 << 20 // bytes, compressed
	maxChunkRaw     = 8 << 20 // bytes, not compressed
)

// Hash names the bytes of a chunk or a manifest: their SHA-256.
type Hash [sha256.Size]byte

// HashOf names bytes.
func HashOf(b []byte) Hash { return sha256.Sum256(b) }

// String is the hash in hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// ParseHash reads what String writes.
func ParseHash(s string) (Hash, error) {
	var h Hash
	if len(s) != hex.EncodedLen(len(h)) || strings.ToLower(s) != s {
		return h, fmt.Errorf("hash %.70q: want %d small hexadecimal digits: %w", s, hex.EncodedLen(len(h)), ErrMalformed)
	}
	if _, err := hex.Decode(h[:], []byte(s)); err != nil {
		return h, fmt.Errorf("hash %.70q: %w", s, ErrMalformed)
	}
	return h, nil
}

// chunkForm is the form of a chunk that this program writes and reads.
const chunkForm = 1

// rawChunk is a chunk before compression: its records turned so that one field of
// all of them stands together, which makes it much smaller.
type rawChunk struct {
	_       struct{} `cbor:",toarray"`
	Form    uint
	Count   uint        // records
	Keys    rawColumn   // texts, in order
	Names   []string    // of fields, in the order of their encoded bytes
	Columns []rawColumn // for each name, one item for each record
}

// In a column: there is no such field in this record; the record is gone, which
// stands in the first column. Neither is a value of a field.
const (
	itemAbsent = 0xf7 // CBOR's undefined
	itemGone   = 0xe0 // an unassigned simple value
)

// Chunks packs and opens chunks. Its memory is bounded, whatever it is given. It
// may be used from any goroutine.
type Chunks struct {
	encoder *zstd.Encoder
	decoder *zstd.Decoder
	form    cbor.DecMode
}

// NewChunks makes what packs and opens chunks.
func NewChunks() (*Chunks, error) {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithWindowSize(maxChunkRaw))
	if err != nil {
		return nil, fmt.Errorf("prepare to pack a feed: %w", err)
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxMemory(maxChunkRaw), zstd.WithDecoderMaxWindow(maxChunkRaw))
	if err != nil {
		return nil, fmt.Errorf("prepare to open a feed: %w", err)
	}
	form, err := cbor.DecOptions{
		IndefLength:      cbor.IndefLengthForbidden,
		TagsMd:           cbor.TagsForbidden,
		MaxNestedLevels:  16,
		MaxArrayElements: MaxChunkRecords,
		MaxMapPairs:      maxFields,
	}.DecMode()
	if err != nil {
		return nil, fmt.Errorf("prepare to open a feed: %w", err)
	}
	return &Chunks{encoder, decoder, form}, nil
}

// Pack makes a chunk of records that stand in the order of their keys. The same
// records make the same bytes.
func (c *Chunks) Pack(records []Record) ([]byte, error) {
	if len(records) == 0 || len(records) > MaxChunkRecords {
		return nil, fmt.Errorf("a chunk of %d records, want 1 to %d: %w", len(records), MaxChunkRecords, ErrSize)
	}
	t, err := turn(records)
	if err != nil {
		return nil, err
	}
	raw, err := ledger.Pack(t)
	if err != nil {
		return nil, fmt.Errorf("pack a chunk: %w", err)
	}
	packed := c.encoder.EncodeAll(raw, nil)
	if len(raw) > maxChunkRaw || len(packed) > MaxChunkPacked {
		return nil, fmt.Errorf("a chunk of %d bytes, compressed %d: %w", len(raw), len(packed), ErrSize)
	}
	return packed, nil
}

// field is one field of one record.
type field struct{ name, value []byte }

// turn puts each field of all records together.
func turn(records []Record) (rawChunk, error) {
	t := rawChunk{Form: chunkForm, Count: uint(len(records))}
	keys, columns := &column{}, map[string]*column{}
	before := ""
	for i, r := range records {
		if err := checkKey(r.Key, before); err != nil {
			return t, err
		}
		before = r.Key
		key, err := ledger.Pack(r.Key)
		if err != nil {
			return t, fmt.Errorf("record %q: %w", r.Key, err)
		}
		keys.put(i, key)
		if r.Value == nil {
			continue
		}
		fields, err := fieldsOf(r.Value)
		if err != nil {
			return t, fmt.Errorf("record %q: %w", r.Key, err)
		}
		for _, f := range fields {
			col := columns[string(f.name)]
			if col == nil {
				if len(columns) == maxFields {
					return t, fmt.Errorf("more than %d different fields: %w", maxFields, ErrSize)
				}
				col = &column{name: f.name}
				columns[string(f.name)] = col
			}
			col.put(i, f.value)
		}
	}
	t.Keys = keys.whole(records, false)
	ordered := orderedColumns(columns)
	if len(ordered) == 0 { // all are gone, or none has a field
		ordered = []*column{{}}
	}
	for n, col := range ordered {
		t.Names = append(t.Names, string(textOf(col.name)))
		t.Columns = append(t.Columns, col.whole(records, n == 0))
	}
	return t, nil
}

func checkKey(key, before string) error {
	if key == "" || len(key) > MaxRecordKey {
		return fmt.Errorf("key %.70q of a record has %d bytes, want 1 to %d: %w", key, len(key), MaxRecordKey, ErrMalformed)
	}
	if key <= before {
		return fmt.Errorf("record %.70q does not follow %.70q: %w", key, before, ErrMalformed)
	}
	return nil
}

// fields cuts a value into its fields. What could not be put together again byte for
// byte is refused.
func fieldsOf(value []byte) ([]field, error) {
	if len(value) > MaxRecord {
		return nil, fmt.Errorf("%d bytes, more than %d: %w", len(value), MaxRecord, ErrSize)
	}
	count, rest, ok := mapHead(value)
	if !ok {
		return nil, fmt.Errorf("not a map in deterministic form: %w", ErrMalformed)
	}
	fields := make([]field, 0, count)
	var last []byte
	for range count {
		var f field
		var err error
		if f.name, rest, err = cutItem(rest); err != nil {
			return nil, err
		}
		if f.value, rest, err = cutItem(rest); err != nil {
			return nil, err
		}
		if f.name[0]>>5 != 3 || bytes.Compare(f.name, last) <= 0 || f.value[0] == itemAbsent || f.value[0] == itemGone {
			return nil, fmt.Errorf("not a map of texts in deterministic form: %w", ErrMalformed)
		}
		if again, err := ledger.Pack(string(textOf(f.name))); err != nil || !bytes.Equal(again, f.name) || len(textOf(f.name)) == 0 {
			return nil, fmt.Errorf("the name of a field is not in deterministic form: %w", ErrMalformed)
		}
		last = f.name
		fields = append(fields, f)
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("%d bytes after the map: %w", len(rest), ErrMalformed)
	}
	return fields, nil
}

// mapHead reads the head of a map of at most maxFields pairs, in its shortest form.
func mapHead(b []byte) (count int, rest []byte, ok bool) {
	switch {
	case len(b) >= 1 && b[0] >= 0xa0 && b[0] < 0xb8:
		return int(b[0] - 0xa0), b[1:], true
	case len(b) >= 2 && b[0] == 0xb8 && b[1] >= 24:
		return int(b[1]), b[2:], true
	}
	return 0, nil, false
}

// Open checks a chunk and gives its records, in the order of their keys.
func (c *Chunks) Open(packed []byte) ([]Record, error) {
	if len(packed) > MaxChunkPacked {
		return nil, fmt.Errorf("a chunk of %d bytes, more than %d: %w", len(packed), MaxChunkPacked, ErrSize)
	}
	raw, err := c.decoder.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("unpack a chunk: %v: %w", err, ErrMalformed)
	}
	if len(raw) > maxChunkRaw {
		return nil, fmt.Errorf("unpack a chunk: more than %d bytes: %w", maxChunkRaw, ErrMalformed)
	}
	var t rawChunk
	if err := c.form.Unmarshal(raw, &t); err != nil {
		return nil, fmt.Errorf("read a chunk: %v: %w", err, ErrMalformed)
	}
	if t.Form > chunkForm {
		return nil, fmt.Errorf("a chunk of form %d, this program knows %d: %w", t.Form, chunkForm, ledger.ErrTooNew)
	}
	if t.Form != chunkForm || t.Count == 0 || t.Count > MaxChunkRecords || len(t.Names) == 0 || len(t.Names) > maxFields || len(t.Names) != len(t.Columns) {
		return nil, fmt.Errorf("a chunk of form %d with %d records, %d fields, %d columns: %w", t.Form, t.Count, len(t.Names), len(t.Columns), ErrMalformed)
	}
	return turnBack(t)
}

// turnBack puts the fields of each record together again.
func turnBack(t rawChunk) ([]Record, error) {
	names, err := encodedNames(t.Names)
	if err != nil {
		return nil, err
	}
	keys, err := t.Keys.reader(int(t.Count))
	if err != nil {
		return nil, fmt.Errorf("the keys of a chunk: %w", err)
	}
	columns := make([]*columnReader, len(names))
	for n := range columns {
		if columns[n], err = t.Columns[n].reader(int(t.Count)); err != nil {
			return nil, fmt.Errorf("field %.70q of a chunk: %w", t.Names[n], err)
		}
	}
	records := make([]Record, t.Count)
	before := ""
	for i := range records {
		head, key := keys.next()
		if head[0]>>5 != 3 {
			return nil, fmt.Errorf("a key of a chunk is no text: %w", ErrMalformed)
		}
		records[i].Key = string(key)
		if err := checkKey(records[i].Key, before); err != nil {
			return nil, err
		}
		before = records[i].Key
		if records[i].Value, err = joined(names, columns); err != nil {
			return nil, fmt.Errorf("record %q: %w", before, err)
		}
	}
	return records, nil
}

// joined is the value of the next record, nil if it is gone.
func joined(names [][]byte, columns []*columnReader) ([]byte, error) {
	value := make([]byte, 2, 256)
	gone, count := false, 0
	for n, col := range columns {
		head, body := col.next()
		switch {
		case head[0] == itemGone && n == 0:
			gone = true
			continue
		case head[0] == itemAbsent:
			continue
		case gone || head[0] == itemGone || len(names[n]) == 0:
			return nil, fmt.Errorf("it is gone and is not: %w", ErrMalformed)
		}
		count++
		value = append(append(append(value, names[n]...), head...), body...)
	}
	if gone {
		return nil, nil
	}
	if len(value)-2 > MaxRecord {
		return nil, fmt.Errorf("more than %d bytes: %w", MaxRecord, ErrMalformed)
	}
	if count < 24 {
		value = value[1:]
		value[0] = 0xa0 + byte(count)
		return value, nil
	}
	value[0], value[1] = 0xb8, byte(count)
	return value, nil
}

// encodedNames are the names as they stand in a map, in order and none twice. A
// chunk without any field has one column with an empty name.
func encodedNames(names []string) ([][]byte, error) {
	if len(names) == 1 && names[0] == "" {
		return [][]byte{nil}, nil
	}
	out := make([][]byte, len(names))
	for i, name := range names {
		var err error
		if out[i], err = ledger.Pack(name); err != nil {
			return nil, fmt.Errorf("%v: %w", err, ErrMalformed)
		}
		if name == "" || i > 0 && bytes.Compare(out[i], out[i-1]) <= 0 {
			return nil, fmt.Errorf("the fields of a chunk are not in order: %w", ErrMalformed)
		}
	}
	return out, nil
}

// Cutter cuts a feed into chunks as its records come, in order of their keys. Where it
// cuts depends on the keys alone: other values leave the borders where they were,
// and a record that comes or goes moves them only nearby.
type Cutter struct {
	chunks  *Chunks
	put     func(Hash, []byte) error
	pending []Record
	size    int
	out     []Chunk
}

// A chunk ends at a key whose hash says so, one in cutOne, but not before cutLeast
// records: about 4,096 on average.
const (
	cutLeast = 1024
	cutOne   = 3072
)

// NewCutter makes a Cutter. put gets each chunk when it is whole.
func NewCutter(c *Chunks, put func(Hash, []byte) error) *Cutter { return &Cutter{chunks: c, put: put} }

// Add takes the next record.
func (c *Cutter) Add(r Record) error {
	c.pending = append(c.pending, r)
	c.size += len(r.Key) + len(r.Value)
	if len(c.pending) >= cutLeast && border(r.Key) || len(c.pending) == MaxChunkRecords || c.size > MaxChunkPacked/2 {
		return c.cut()
	}
	return nil
}

func border(key string) bool {
	sum := sha256.Sum256([]byte(key))
	return binary.BigEndian.Uint64(sum[:8])%cutOne == 0
}

func (c *Cutter) cut() error {
	packed, err := c.chunks.Pack(c.pending)
	if err != nil {
		return err
	}
	if len(c.out) == MaxChunks {
		return fmt.Errorf("more than %d chunks: %w", MaxChunks, ErrSize)
	}
	hash := HashOf(packed)
	c.out = append(c.out, Chunk{Hash: hash, Size: uint32(len(packed)), Records: uint32(len(c.pending))})
	clear(c.pending)
	c.pending, c.size = c.pending[:0], 0
	return c.put(hash, packed)
}

// Done gives the chunks of all that was added.
func (c *Cutter) Done() ([]Chunk, error) {
	if len(c.pending) > 0 {
		if err := c.cut(); err != nil {
			return nil, err
		}
	}
	return c.out, nil
}
