package wire

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"gatehouse/ledger"
)

// Why a batch is not what it says. Each is wrapped with what was found.
var (
	// ErrSignature: the station's key did not sign this.
	ErrSignature = errors.New("the signature does not hold")
	// ErrSize: it is larger than the protocol allows.
	ErrSize = errors.New("it is too large")
	// ErrMalformed: it cannot be read.
	ErrMalformed = errors.New("it cannot be read")
	// ErrBroken: signed by the station, but the chain inside does not hold.
	ErrBroken = errors.New("the chain is broken")
)

// Header is what a batch says about itself.
type Header struct {
	Log       ledger.LogID
	From      uint64      // number of the first entry
	Prev      ledger.Leaf // leaf of the entry before it; zero before the first
	Count     int         // entries, 1 to MaxEntries
	Last      ledger.Leaf // leaf of the last entry
	Signature []byte      // of the station's key, over all of it and the compressed bytes
}

// Names of the HTTP headers that carry a Header. The log is in the path.
const (
	nameFrom      = "Gatehouse-From"
	namePrev      = "Gatehouse-Prev"
	nameCount     = "Gatehouse-Count"
	nameLast      = "Gatehouse-Last"
	nameSignature = "Gatehouse-Signature"
)

// Message is what the signature of a header with these compressed bytes covers.
// It begins with what it is for.
func Message(h Header, packed []byte) []byte {
	m := append([]byte("gatehouse batch 3\x00"), h.Log[:]...)
	m = binary.BigEndian.AppendUint64(m, h.From)
	m = append(m, h.Prev[:]...)
	m = binary.BigEndian.AppendUint32(m, uint32(h.Count))
	m = append(m, h.Last[:]...)
	sum := sha256.Sum256(packed)
	return append(m, sum[:]...)
}

// check says whether the key signed the header with these bytes. It is done
// before anything is unpacked, so that only a station can make central work.
func (h Header) check(key ed25519.PublicKey, packed []byte) error {
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, Message(h, packed), h.Signature) {
		return fmt.Errorf("batch from entry %d: %w", h.From, ErrSignature)
	}
	return nil
}

// Set writes the header into HTTP headers.
func (h Header) Set(to http.Header) {
	to.Set(nameFrom, strconv.FormatUint(h.From, 10))
	to.Set(namePrev, h.Prev.String())
	to.Set(nameCount, strconv.Itoa(h.Count))
	to.Set(nameLast, h.Last.String())
	to.Set(nameSignature, base64.StdEncoding.EncodeToString(h.Signature))
}

// ReadHeader reads what Set wrote. The log is the one in the path.
func ReadHeader(log ledger.LogID, from http.Header) (Header, error) {
	h := Header{Log: log}
	var err error
	if h.From, err = strconv.ParseUint(from.Get(nameFrom), 10, 63); err != nil || h.From == 0 {
		return h, malformed(nameFrom, from)
	}
	if h.Count, err = strconv.Atoi(from.Get(nameCount)); err != nil || h.Count < 1 {
		return h, malformed(nameCount, from)
	}
	if h.Count > MaxEntries {
		return h, fmt.Errorf("a batch of %d entries, more than %d: %w", h.Count, MaxEntries, ErrSize)
	}
	if h.Prev, err = parseLeaf(from.Get(namePrev)); err != nil {
		return h, malformed(namePrev, from)
	}
	if h.Last, err = parseLeaf(from.Get(nameLast)); err != nil {
		return h, malformed(nameLast, from)
	}
	text := from.Get(nameSignature)
	if len(text) != base64.StdEncoding.EncodedLen(ed25519.SignatureSize) {
		return h, malformed(nameSignature, from)
	}
	if h.Signature, err = base64.StdEncoding.Strict().DecodeString(text); err != nil {
		return h, malformed(nameSignature, from)
	}
	return h, nil
}

func malformed(name string, from http.Header) error {
	value := from.Get(name)
	if len(value) > 80 {
		value = value[:80] + "…"
	}
	return fmt.Errorf("header %s is %q: %w", name, value, ErrMalformed)
}

func parseLeaf(s string) (ledger.Leaf, error) {
	var l ledger.Leaf
	if len(s) != hex.EncodedLen(len(l)) {
		return l, fmt.Errorf("leaf %q: want %d hexadecimal digits", s, hex.EncodedLen(len(l)))
	}
	_, err := hex.Decode(l[:], []byte(s))
	return l, err
}
