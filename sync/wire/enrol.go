package wire

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"

	"gatehouse/ledger"
)

// Enrolment is how a station makes its log known to central.
type Enrolment struct {
	Code     string `json:"code"`     // given to a person for this
	Identity []byte `json:"identity"` // the first entry of the log, its bytes as they are
	Proof    []byte `json:"proof"`    // signature with the key that the entry names
	// Known is the last head of this log that central countersigned for the
	// station, if any: a central that was restored from a copy older than the
	// enrolment lets the station in again by its own signature, without a code.
	Known *Head `json:"known,omitempty"`
}

// proofMessage is bound to the code, so that a proof that was overheard is of no
// use with another.
func proofMessage(leaf ledger.Leaf, code string) []byte {
	m := append([]byte("gatehouse enrolment 1\x00"), leaf[:]...)
	return append(m, code...)
}

// NewEnrolment makes the enrolment of the log that begins with first.
func NewEnrolment(s ledger.Signer, code string, first ledger.Entry) Enrolment {
	return Enrolment{Code: code, Identity: first.Raw, Proof: s.Sign(proofMessage(first.Leaf, code))}
}

// Open checks that the enrolment is of a log that the sender holds the key of.
// Whether the code is right is central's to say.
func (n Enrolment) Open() (ledger.Entry, ledger.Identity, error) {
	first, err := ledger.DecodeEntry(n.Identity)
	if err != nil {
		return first, ledger.Identity{}, fmt.Errorf("enrolment: %v: %w", err, ErrMalformed)
	}
	id, err := IdentityOf(&first)
	if err != nil {
		return first, id, fmt.Errorf("enrolment: %w", err)
	}
	if !ed25519.Verify(id.Key, proofMessage(first.Leaf, n.Code), n.Proof) {
		return first, id, fmt.Errorf("enrolment of station %s: %w", id.Station, ErrSignature)
	}
	return first, id, nil
}

// IdentityOf reads from the first entry of a log whose log it is. The key has
// the right length.
func IdentityOf(first *ledger.Entry) (ledger.Identity, error) {
	if first.Seq != 1 || first.Prev != (ledger.Leaf{}) || first.Kind != ledger.KindOpened {
		return ledger.Identity{}, fmt.Errorf("entry %d of kind %s does not begin a log: %w", first.Seq, first.Kind, ErrMalformed)
	}
	id, err := ledger.Unpack[ledger.Identity](first)
	if err != nil {
		return id, fmt.Errorf("%v: %w", err, ErrMalformed)
	}
	if _, err := ledger.ParseStationID(string(id.Station)); err != nil {
		return id, fmt.Errorf("%v: %w", err, ErrMalformed)
	}
	if id.Log != first.Log || len(id.Key) != ed25519.PublicKeySize {
		return id, fmt.Errorf("the first entry names another log, or no key: %w", ErrMalformed)
	}
	return id, nil
}

// ReadEnrolment reads an enrolment as it travels, at most MaxEnrolment bytes.
func ReadEnrolment(text []byte) (Enrolment, error) {
	var n Enrolment
	if len(text) > MaxEnrolment {
		return n, fmt.Errorf("an enrolment of %d bytes: %w", len(text), ErrSize)
	}
	if err := json.Unmarshal(text, &n); err != nil {
		return n, fmt.Errorf("enrolment: %v: %w", err, ErrMalformed)
	}
	if len(n.Code) > MaxCode {
		return n, fmt.Errorf("an enrolment code of %d bytes: %w", len(n.Code), ErrSize)
	}
	return n, nil
}
