package wire

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"

	"gatehouse/ledger"
)

// Bounds of manifests.
const (
	MaxChunks   = 4096 // of one layer
	MaxLayers   = 17   // a base and what changed since
	MaxLogs     = 20_000
	MaxManifest = 2 << 20 // bytes
	maxFeedName = 32
)

// RecordForm is the newest form of records that this program reads. A manifest
// that needs a later one is for a later program.
const RecordForm = 1

// Chunk names a chunk of a feed.
type Chunk struct {
	_       struct{} `cbor:",toarray"`
	Hash    Hash
	Size    uint32 // bytes, compressed
	Records uint32
}

// Counted says how far a log's entries are in the balances of a feed already.
type Counted struct {
	_       struct{} `cbor:",toarray"`
	Log     ledger.LogID
	Through uint64 // number of the last entry that is counted
}

// Manifest says what a version of a feed is made of.
type Manifest struct {
	_       struct{} `cbor:",toarray"`
	Form    uint     // 1
	Feed    string   // 1 to 32 small letters or hyphens
	Version uint64   // grows with every version of the feed
	AsOf    int64    // when it was true, microseconds since 1970 UTC
	Needs   uint     // form of the records: a program that knows only earlier ones keeps the set it has
	Records uint64   // in all
	// Layers are the base and what changed since, the newest last. In each, the
	// chunks stand in the order of their keys. A record of a later layer takes the
	// place of the one with its key in an earlier.
	Layers  [][]Chunk
	Counted []Counted // in the order of the logs
}

// At is when the feed was true.
func (m Manifest) At() time.Time { return time.UnixMicro(m.AsOf).UTC() }

// Chunks are all chunks of all layers.
func (m Manifest) Chunks() []Chunk { return slices.Concat(m.Layers...) }

// Size is how many bytes they have together, compressed.
func (m Manifest) Size() (n uint64) {
	for _, c := range m.Chunks() {
		n += uint64(c.Size)
	}
	return n
}

// signedManifest is a manifest as it travels.
type signedManifest struct {
	_         struct{} `cbor:",toarray"`
	Manifest  []byte
	Signature []byte
}

func manifestMessage(manifest []byte) []byte {
	return append([]byte("gatehouse manifest 1\x00"), manifest...)
}

// SignManifest makes the bytes of a manifest with central's signature.
func SignManifest(s ledger.Signer, m Manifest) ([]byte, error) {
	m.Form = 1
	if err := m.check(); err != nil {
		return nil, err
	}
	raw, err := ledger.Pack(m)
	if err != nil {
		return nil, fmt.Errorf("write a manifest: %w", err)
	}
	return ledger.Pack(signedManifest{Manifest: raw, Signature: s.Sign(manifestMessage(raw))})
}

// OpenManifest reads a manifest that central's key signed. The error is ErrSize,
// ErrMalformed, ErrSignature, or ledger.ErrTooNew for one of a later program.
func OpenManifest(key ed25519.PublicKey, signed []byte) (Manifest, error) {
	var m Manifest
	if len(signed) > MaxManifest {
		return m, fmt.Errorf("a manifest of %d bytes, more than %d: %w", len(signed), MaxManifest, ErrSize)
	}
	mode, err := cbor.DecOptions{IndefLength: cbor.IndefLengthForbidden, TagsMd: cbor.TagsForbidden, MaxNestedLevels: 8,
		MaxArrayElements: MaxLogs, MaxMapPairs: 16}.DecMode()
	if err != nil {
		return m, fmt.Errorf("prepare to read a manifest: %w", err)
	}
	var s signedManifest
	if err := mode.Unmarshal(signed, &s); err != nil {
		return m, fmt.Errorf("read a manifest: %v: %w", err, ErrMalformed)
	}
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, manifestMessage(s.Manifest), s.Signature) {
		return m, fmt.Errorf("a manifest: %w", ErrSignature)
	}
	if err := mode.Unmarshal(s.Manifest, &m); err != nil {
		return m, fmt.Errorf("read a manifest: %v: %w", err, ErrMalformed)
	}
	if m.Form > 1 || m.Needs > RecordForm {
		return m, fmt.Errorf("version %d of %s is for a later version of this program: %w", m.Version, m.Feed, ledger.ErrTooNew)
	}
	return m, m.check()
}

// CheckFeed refuses what cannot be the name of a feed.
func CheckFeed(name string) error {
	if name == "" || len(name) > maxFeedName || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz-") != "" {
		return fmt.Errorf("feed %.40q: want 1 to %d small letters or hyphens: %w", name, maxFeedName, ErrMalformed)
	}
	return nil
}

func (m Manifest) check() error {
	if err := CheckFeed(m.Feed); err != nil {
		return err
	}
	if m.Form != 1 || m.Version == 0 || m.Needs == 0 || len(m.Layers) > MaxLayers || len(m.Counted) > MaxLogs {
		return fmt.Errorf("manifest of %s: form %d, version %d, needs %d, %d layers, %d logs: %w", m.Feed, m.Form, m.Version, m.Needs, len(m.Layers), len(m.Counted), ErrMalformed)
	}
	for _, layer := range m.Layers {
		if len(layer) > MaxChunks {
			return fmt.Errorf("manifest of %s: %d chunks in a layer: %w", m.Feed, len(layer), ErrMalformed)
		}
		for _, c := range layer {
			if c.Size == 0 || c.Size > MaxChunkPacked || c.Records == 0 || c.Records > MaxChunkRecords {
				return fmt.Errorf("manifest of %s: chunk %s of %d bytes and %d records: %w", m.Feed, c.Hash, c.Size, c.Records, ErrMalformed)
			}
		}
	}
	for i := 1; i < len(m.Counted); i++ {
		if string(m.Counted[i].Log[:]) <= string(m.Counted[i-1].Log[:]) {
			return fmt.Errorf("manifest of %s: logs are not in order: %w", m.Feed, ErrMalformed)
		}
	}
	return nil
}

// Through is the last entry of a log that the balances count, 0 for none.
func (m Manifest) Through(log ledger.LogID) uint64 {
	for _, c := range m.Counted {
		if c.Log == log {
			return c.Through
		}
	}
	return 0
}

// Merge gives the records of a feed in the order of their keys, each as its newest
// layer has it, those that are gone left out. read gives the bytes of a chunk; they
// are checked against its hash. It ends with the first error.
func (c *Chunks) Merge(m Manifest, read func(Chunk) ([]byte, error)) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		layers := make([]*layer, len(m.Layers))
		for i, chunks := range m.Layers {
			layers[i] = &layer{codec: c, read: read, rest: chunks}
			if err := layers[i].next(); err != nil {
				yield(Record{}, err)
				return
			}
		}
		var count uint64
		for {
			r, ok, err := least(layers)
			if err == nil && !ok && count != m.Records {
				err = fmt.Errorf("version %d of %s has %d records, its manifest says %d: %w", m.Version, m.Feed, count, m.Records, ErrMalformed)
			}
			if err != nil {
				yield(Record{}, err)
				return
			}
			if !ok {
				return
			}
			if r.Value == nil {
				continue
			}
			count++
			if !yield(r, nil) {
				return
			}
		}
	}
}

// layer reads one layer, chunk after chunk.
type layer struct {
	codec   *Chunks
	read    func(Chunk) ([]byte, error)
	rest    []Chunk
	records []Record // of the present chunk, the next one first; empty at the end
	last    string
}

// next reads on when a chunk is used up.
func (l *layer) next() error {
	for len(l.records) == 0 && len(l.rest) > 0 {
		at := l.rest[0]
		l.rest = l.rest[1:]
		packed, err := l.read(at)
		if err != nil {
			return fmt.Errorf("chunk %s: %w", at.Hash, err)
		}
		if HashOf(packed) != at.Hash {
			return fmt.Errorf("chunk %s: %w", at.Hash, errHash)
		}
		if l.records, err = l.codec.Open(packed); err != nil {
			return fmt.Errorf("chunk %s: %w", at.Hash, err)
		}
		if uint32(len(l.records)) != at.Records || l.records[0].Key <= l.last {
			return fmt.Errorf("chunk %s: %w: %w", at.Hash, errUnsorted, ErrMalformed)
		}
		l.last = l.records[len(l.records)-1].Key
	}
	return nil
}

var (
	errHash     = errors.New("its bytes are others than its name says")
	errUnsorted = errors.New("the chunks of a layer are not in order")
)

// least takes the record with the least key; of those with the same, the newest.
func least(layers []*layer) (out Record, ok bool, err error) {
	for _, l := range layers {
		if len(l.records) > 0 && (!ok || l.records[0].Key <= out.Key) {
			out, ok = l.records[0], true
		}
	}
	if !ok {
		return out, false, nil
	}
	for _, l := range layers {
		if len(l.records) > 0 && l.records[0].Key == out.Key {
			l.records = l.records[1:]
			if err := l.next(); err != nil {
				return out, false, err
			}
		}
	}
	return out, true, nil
}
