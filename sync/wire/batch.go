package wire

import (
	"crypto/ed25519"
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"
	"github.com/klauspost/compress/zstd"

	"gatehouse/ledger"
)

// Batch is consecutive entries of one log on their way.
type Batch struct {
	Header Header
	Packed []byte // zstd of the table of the entries' bytes, each without the hash of the one before
}

// Codec packs and opens batches. It may be used from any goroutine.
type Codec struct {
	encoder *zstd.Encoder
	decoder *zstd.Decoder
	cut     cbor.DecMode
}

// NewCodec makes a codec. Its memory is bounded, whatever it is given.
func NewCodec() (*Codec, error) {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(MaxRaw))
	if err != nil {
		return nil, fmt.Errorf("prepare to pack batches: %w", err)
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxMemory(MaxRaw), zstd.WithDecoderMaxWindow(MaxRaw))
	if err != nil {
		return nil, fmt.Errorf("prepare to open batches: %w", err)
	}
	cut, err := cbor.DecOptions{
		IndefLength:      cbor.IndefLengthForbidden,
		TagsMd:           cbor.TagsForbidden,
		MaxNestedLevels:  16,
		MaxArrayElements: 4096,
		MaxMapPairs:      4096,
	}.DecMode()
	if err != nil {
		return nil, fmt.Errorf("prepare to open batches: %w", err)
	}
	return &Codec{encoder, decoder, cut}, nil
}

// spare is room for what zstd adds to bytes that do not compress.
const spare = 4 << 10

// Pack makes a batch of the first of these entries, as many as fit, and signs
// it. The entries must follow one another in one log.
func (c *Codec) Pack(s ledger.Signer, entries []ledger.Entry) (Batch, error) {
	if len(entries) == 0 {
		return Batch{}, errors.New("pack a batch: no entries")
	}
	var raw []byte
	count := 0
	for i := range entries {
		e := &entries[i]
		if count == MaxEntries || len(raw)+len(e.Raw) > MaxRaw-spare {
			break
		}
		var err error
		if raw, err = ledger.AppendShort(raw, e.Raw); err != nil {
			return Batch{}, fmt.Errorf("pack a batch: entry %d: %w", e.Seq, err)
		}
		count++
	}
	columns, err := intoTable(raw)
	if err != nil {
		return Batch{}, fmt.Errorf("pack a batch from entry %d: %w", entries[0].Seq, err)
	}
	if len(columns) > MaxRaw-spare && count > 1 {
		return c.Pack(s, entries[:count/2])
	}
	first, last := &entries[0], &entries[count-1]
	b := Batch{
		Header: Header{Log: first.Log, From: first.Seq, Prev: first.Prev, Count: count, Last: last.Leaf},
		Packed: c.encoder.EncodeAll(columns, nil),
	}
	b.Header.Signature = s.Sign(Message(b.Header, b.Packed))
	return b, nil
}

// Open checks a batch against the station's key and against itself, and returns
// its entries: numbers without gaps, each with the hash of the one before. It
// does not know what central has; that is the store's to compare.
//
// The error is ErrSize or ErrSignature, then nothing was unpacked; or
// ErrMalformed, ErrBroken or ledger.ErrTooNew, then the station did sign it.
func (c *Codec) Open(key ed25519.PublicKey, b Batch) ([]ledger.Entry, error) {
	if len(b.Packed) > MaxPacked {
		return nil, fmt.Errorf("a batch of %d bytes, more than %d: %w", len(b.Packed), MaxPacked, ErrSize)
	}
	if err := b.Header.check(key, b.Packed); err != nil {
		return nil, err
	}
	raw, err := c.unpack(b.Packed)
	if err != nil {
		return nil, err
	}
	entries, err := c.split(raw, b.Header.Prev)
	if err != nil {
		return nil, err
	}
	return entries, b.Header.holds(entries)
}

func (c *Codec) unpack(packed []byte) ([]byte, error) {
	raw, err := c.decoder.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("unpack the batch: %v: %w", err, ErrMalformed)
	}
	if len(raw) > MaxRaw {
		return nil, fmt.Errorf("unpack the batch: more than %d bytes: %w", MaxRaw, ErrMalformed)
	}
	rows, err := outOfTable(raw)
	if err != nil {
		return nil, fmt.Errorf("unpack the batch: %w", err)
	}
	return rows, nil
}

// split cuts a sequence of entries and reads each, with the hash of the one
// before put back: of the header's for the first.
func (c *Codec) split(raw []byte, prev ledger.Leaf) ([]ledger.Entry, error) {
	var entries []ledger.Entry
	for len(raw) > 0 {
		if len(entries) == MaxEntries {
			return nil, fmt.Errorf("more than %d entries: %w", MaxEntries, ErrMalformed)
		}
		var one cbor.RawMessage
		rest, err := c.cut.UnmarshalFirst(raw, &one)
		if err != nil {
			return nil, fmt.Errorf("entry %d of the batch: %v: %w", len(entries)+1, err, ErrMalformed)
		}
		var e ledger.Entry
		whole, err := ledger.Lengthen(one, prev)
		if err == nil {
			e, err = ledger.DecodeEntry(whole)
		}
		if errors.Is(err, ledger.ErrTooNew) {
			return nil, fmt.Errorf("entry %d of the batch: %w", len(entries)+1, err)
		}
		if err != nil {
			return nil, fmt.Errorf("entry %d of the batch: %v: %w", len(entries)+1, err, ErrMalformed)
		}
		entries = append(entries, e)
		raw, prev = rest, e.Leaf
	}
	return entries, nil
}

// holds says whether the entries are the ones the header speaks of, each
// chained to the one before.
func (h Header) holds(entries []ledger.Entry) error {
	if len(entries) == 0 || len(entries) != h.Count {
		return fmt.Errorf("%d entries where the header says %d: %w", len(entries), h.Count, ErrMalformed)
	}
	seq, prev := h.From, h.Prev
	for i := range entries {
		e := &entries[i]
		if e.Log != h.Log || e.Seq != seq || e.Prev != prev {
			return fmt.Errorf("entry %d: %w", seq, ErrBroken)
		}
		seq, prev = seq+1, e.Leaf
	}
	if prev != h.Last {
		return fmt.Errorf("the last entry is not the one the header names: %w", ErrBroken)
	}
	return nil
}
