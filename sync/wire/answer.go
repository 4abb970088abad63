package wire

import (
	"crypto/ed25519"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"gatehouse/ledger"
)

// Problem says why central did not take what it was sent.
type Problem string

// The problems, and the HTTP status each comes with.
const (
	ProblemGap        Problem = "gap"         // 409: entries before these are missing; send from the head
	ProblemFork       Problem = "fork"        // 409: central has other entries under these numbers
	ProblemBroken     Problem = "broken"      // 409: the chain inside the batch does not hold
	ProblemSignature  Problem = "signature"   // 403
	ProblemCode       Problem = "code"        // 403: not the enrolment code
	ProblemOtherKey   Problem = "other_key"   // 403: the log is enrolled, and otherwise
	ProblemRevoked    Problem = "revoked"     // 403: a person at central revoked this station
	ProblemToken      Problem = "token"       // 401: ask for a new token
	ProblemUnknownLog Problem = "unknown_log" // 404: enrol first
	// ProblemNoReference is a 404: this feed was not published, or this chunk is not
	// kept any more; ask for the manifest.
	ProblemNoReference Problem = "no_reference"
	ProblemSize        Problem = "size"      // 413
	ProblemMalformed   Problem = "malformed" // 400
	ProblemTooNew      Problem = "too_new"   // 400: central must be brought up to date first
	ProblemBusy        Problem = "busy"      // 429: too many wrong codes; later
	ProblemUpstream    Problem = "upstream"  // 503: a relay must ask central for this, and cannot reach it
	ProblemStore       Problem = "store"     // 503: central could not store it, or does not know whether it did
)

// Head is the last entry of a log that central has on disk.
type Head struct {
	Log       ledger.LogID
	Seq       uint64      // 0 is no entry
	Leaf      ledger.Leaf // zero with Seq 0
	At        time.Time   // central's clock when it said so; microseconds count
	Signature []byte      // central's
}

func (h Head) message() []byte {
	m := append([]byte("gatehouse central head 1\x00"), h.Log[:]...)
	m = binary.BigEndian.AppendUint64(m, h.Seq)
	m = append(m, h.Leaf[:]...)
	return binary.BigEndian.AppendUint64(m, uint64(h.At.UnixMicro()))
}

// Countersign makes central's word for the end of a log.
func Countersign(s ledger.Signer, log ledger.LogID, seq uint64, leaf ledger.Leaf, at time.Time) Head {
	h := Head{Log: log, Seq: seq, Leaf: leaf, At: at.UTC().Truncate(time.Microsecond)}
	h.Signature = s.Sign(h.message())
	return h
}

// Check says whether central's key signed this head of this log.
func (h Head) Check(key ed25519.PublicKey, log ledger.LogID) error {
	if h.Log != log {
		return fmt.Errorf("central's head is of log %s, not of %s: %w", h.Log, log, ErrMalformed)
	}
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, h.message(), h.Signature) {
		return fmt.Errorf("central's head: %w", ErrSignature)
	}
	return nil
}

// headText is a Head as it travels.
type headText struct {
	Log       string `json:"log"`
	Seq       uint64 `json:"seq"`
	Leaf      string `json:"leaf"`
	At        int64  `json:"at"` // microseconds since 1970 UTC
	Signature []byte `json:"signature"`
}

// MarshalJSON writes hashes and ids as hexadecimal digits.
func (h Head) MarshalJSON() ([]byte, error) {
	return json.Marshal(headText{h.Log.String(), h.Seq, h.Leaf.String(), h.At.UnixMicro(), h.Signature})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (h *Head) UnmarshalJSON(text []byte) error {
	var t headText
	if err := json.Unmarshal(text, &t); err != nil {
		return err
	}
	log, err := ledger.ParseLogID(t.Log)
	if err != nil {
		return err
	}
	leaf, err := parseLeaf(t.Leaf)
	if err != nil {
		return err
	}
	*h = Head{log, t.Seq, leaf, time.UnixMicro(t.At).UTC(), t.Signature}
	return nil
}

// Answer is what central says to anything it is asked.
type Answer struct {
	Head    *Head   `json:"head,omitempty"`    // nil when the log is unknown
	Key     []byte  `json:"key,omitempty"`     // central's public key, with an enrolment
	Problem Problem `json:"problem,omitempty"` // empty when all is well
	Text    string  `json:"text,omitempty"`    // the problem in a sentence
	// Full says that central keeps no more evidence of this log: it counted the batch,
	// and only the station has it.
	Full bool `json:"full,omitempty"`
	// Upstream is what a relay knows of the real central; nil from central itself.
	Upstream *Upstream `json:"upstream,omitempty"`
}

// Upstream is how far the real central has a log, as an office's relay knows it.
// Only what central's own key signed is to be believed.
type Upstream struct {
	Key     []byte  `json:"key"`               // central's public key
	Head    *Head   `json:"head,omitempty"`    // that central signed last; nil when the relay has none
	Online  bool    `json:"online,omitempty"`  // central answered the relay the last time it was asked
	Problem Problem `json:"problem,omitempty"` // central's last answer about this log, empty when all is well
}

// ReadAnswer reads an answer of central, and no more than MaxAnswer bytes.
func ReadAnswer(from io.Reader) (Answer, error) {
	var a Answer
	text, err := io.ReadAll(io.LimitReader(from, MaxAnswer+1))
	if err != nil {
		return a, fmt.Errorf("read central's answer: %w", err)
	}
	if len(text) > MaxAnswer {
		return a, fmt.Errorf("read central's answer: more than %d bytes: %w", MaxAnswer, ErrSize)
	}
	if err := json.Unmarshal(text, &a); err != nil {
		return a, fmt.Errorf("read central's answer: %v: %w", err, ErrMalformed)
	}
	return a, nil
}
