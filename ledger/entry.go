package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// Kind says what an entry is about, with the version of its body:
// "cash.payment.v1". A kind that this program does not know is kept, carried
// and verified like any other.
type Kind string

// form is the version of the entry's own layout, its first element. It is
// frozen by golden vectors in testdata; a change of layout takes a new number.
const form = 1

// Bounds of one entry. Nothing is accepted without bound.
const (
	MaxLines  = 64       // postings in one entry
	MaxBody   = 64 << 10 // bytes of body
	MaxEntry  = 96 << 10 // bytes of a whole entry
	maxName   = 96       // bytes of a kind, an account, a sub-account or an actor
	maxDrafts = 32       // entries one command may write
)

// Posting is one line of double entry: debit above zero, credit below. Account
// is a name in the chart, parts separated by colons ("assets:drawer:cash"). Sub
// says whose money it is: a customer's account number, a drawer session; or is
// empty.
type Posting struct {
	_       struct{} `cbor:",toarray"`
	Account string
	Sub     string
	Amount  Cents
}

// Totals run from the first entry of the log and are never reset: money taken,
// money given back, receipts numbered. Two receipts are enough to show that
// something between them is missing.
type Totals struct {
	_        struct{} `cbor:",toarray"`
	Taken    Cents
	Returned Cents
	Receipts uint64
}

// inputHash tells what was asked for.
type inputHash [16]byte

// UnmarshalCBOR reads a byte string of 16.
func (h *inputHash) UnmarshalCBOR(data []byte) error { return readBytes(h[:], data) }

// Entry is one thing that happened. Raw holds its bytes as stored; Leaf is
// their hash. Neither is part of the bytes themselves.
type Entry struct {
	_       struct{} `cbor:",toarray"`
	Form    uint8
	Log     LogID
	Seq     uint64    // from 1, no gaps
	Prev    Leaf      // leaf of entry Seq-1; zero for the first
	Command CommandID // the action it came from
	Part    uint8     // 0 for the first entry of its command, then 1, 2 …
	Input   inputHash // hash of what was asked, to tell a repeat from a misuse of the id
	Micros  int64     // wall clock, microseconds since 1970 UTC; never used for order
	Date    Date      // business date
	Actor   string    // who did it: a staff id, or "station"
	Kind    Kind
	Receipt uint64 // running number of the receipt, 0 when the entry has none
	Totals  Totals // after this entry
	Lines   []Posting
	Body    Packed

	Raw  []byte `cbor:"-"`
	Leaf Leaf   `cbor:"-"`
}

// At is when the entry was made, by the station's clock, in UTC.
func (e *Entry) At() time.Time { return time.UnixMicro(e.Micros).UTC() }

// ReceiptNo is the printed number, empty when the entry has no receipt.
func (e *Entry) ReceiptNo(station StationID) ReceiptNo {
	if e.Receipt == 0 {
		return ""
	}
	return MakeReceiptNo(station, e.Receipt, e.Leaf)
}

// Packed is a value written with Pack. Reading an entry does not copy its body:
// it lies inside the entry's own bytes.
type Packed []byte

// MarshalCBOR returns the bytes as they are.
func (p Packed) MarshalCBOR() ([]byte, error) { return p, nil }

// UnmarshalCBOR keeps the bytes it is given. They are part of the text being
// read, which the entry keeps too.
func (p *Packed) UnmarshalCBOR(data []byte) error {
	*p = data
	return nil
}

// The ids and hashes read themselves: the library would take an array byte by
// byte, which is most of the time of reading an entry.

// UnmarshalCBOR reads a byte string of 16.
func (l *LogID) UnmarshalCBOR(data []byte) error { return readBytes(l[:], data) }

// UnmarshalCBOR reads a byte string of 16.
func (c *CommandID) UnmarshalCBOR(data []byte) error { return readBytes(c[:], data) }

// UnmarshalCBOR reads a byte string of 32.
func (l *Leaf) UnmarshalCBOR(data []byte) error { return readBytes(l[:], data) }

// readBytes reads a byte string that has exactly the size of to, after RFC 8949,
// section 3.1: major type 2, the length in the same byte or in the next.
func readBytes(to, data []byte) error {
	head := []byte{0x40 | byte(len(to))}
	if len(to) >= 24 {
		head = []byte{0x58, byte(len(to))}
	}
	body, found := bytes.CutPrefix(data, head)
	if !found || len(body) != len(to) {
		return fmt.Errorf("want a byte string of %d", len(to))
	}
	copy(to, body)
	return nil
}

// Unpack reads the body of an entry into T.
func Unpack[T any](e *Entry) (T, error) {
	var body T
	if err := decoder.Unmarshal(e.Body, &body); err != nil {
		return body, fmt.Errorf("entry %d: read the body of %s: %w", e.Seq, e.Kind, err)
	}
	return body, nil
}

// The one way entries and bodies are written and read. These are settings, not
// state: deterministic encoding, and a reader that bounds what it accepts.
var (
	encoder = must(cbor.EncOptions{
		Sort:          cbor.SortCoreDeterministic,
		ShortestFloat: cbor.ShortestFloat16,
		NaNConvert:    cbor.NaNConvertReject,
		InfConvert:    cbor.InfConvertReject,
		NilContainers: cbor.NilContainerAsEmpty,
		IndefLength:   cbor.IndefLengthForbidden,
		TagsMd:        cbor.TagsForbidden,
	}.EncMode())
	decoder = must(cbor.DecOptions{
		DupMapKey:        cbor.DupMapKeyEnforcedAPF,
		IndefLength:      cbor.IndefLengthForbidden,
		TagsMd:           cbor.TagsForbidden,
		MaxNestedLevels:  16,
		MaxArrayElements: 4096,
		MaxMapPairs:      4096,
	}.DecMode())
)

func must[T any](mode T, err error) T {
	if err != nil {
		panic(err)
	}
	return mode
}

// Pack writes a value in the form bodies are written in: deterministic CBOR,
// maps with the names of the json tags.
func Pack(v any) ([]byte, error) { return encoder.Marshal(v) }

// DecodeEntry reads the bytes of an entry, and checks their form and bounds,
// not their place in a chain. The entry keeps raw.
func DecodeEntry(raw []byte) (Entry, error) {
	var e Entry
	err := decodeInto(&e, raw)
	if err == nil {
		e.Leaf = LeafOf(raw)
	}
	return e, err
}

// decodeInto reads an entry without hashing it, reusing what e has allocated.
func decodeInto(e *Entry, raw []byte) error {
	if len(raw) > MaxEntry {
		return fmt.Errorf("entry of %d bytes: more than %d", len(raw), MaxEntry)
	}
	if err := decoder.Unmarshal(raw, e); err != nil {
		return fmt.Errorf("read entry: %w", err)
	}
	if e.Form != form {
		return fmt.Errorf("%w: entry has form %d, this program reads form %d", ErrTooNew, e.Form, form)
	}
	e.Raw = raw
	return e.check()
}

// check holds for every entry, whoever wrote it.
func (e *Entry) check() error {
	switch {
	case e.Seq == 0:
		return errors.New("entry without a number")
	case !validName(string(e.Kind), false) || !validName(e.Actor, false):
		return fmt.Errorf("entry %d: kind %q or actor %q is no name", e.Seq, e.Kind, e.Actor)
	case !e.Date.valid():
		return fmt.Errorf("entry %d: there is no business date %d", e.Seq, e.Date)
	case len(e.Body) > MaxBody:
		return fmt.Errorf("entry %d: body of %d bytes, more than %d", e.Seq, len(e.Body), MaxBody)
	}
	if err := checkLines(e.Lines); err != nil {
		return fmt.Errorf("entry %d: %w", e.Seq, err)
	}
	return nil
}

// checkLines holds the law of double entry: the lines sum to zero, none is
// zero, and every account is named.
func checkLines(lines []Posting) error {
	if len(lines) > MaxLines {
		return fmt.Errorf("%d postings, more than %d", len(lines), MaxLines)
	}
	var sum Cents
	for i := range lines {
		l := &lines[i]
		if l.Amount == 0 || l.Amount > maxPosting || l.Amount < -maxPosting {
			return fmt.Errorf("posting %d to %q: amount %d is zero or out of range", i+1, l.Account, int64(l.Amount))
		}
		if !validName(l.Account, false) || strings.Contains(":"+l.Account+":", "::") || !validName(l.Sub, true) {
			return fmt.Errorf("posting %d: account %q, sub-account %q are not names", i+1, l.Account, l.Sub)
		}
		sum = sum.Plus(l.Amount)
	}
	if sum != 0 {
		return fmt.Errorf("postings do not balance: they sum to %s", sum)
	}
	return nil
}

// maxPosting bounds one line to a hundred billion dollars, so that no sum of
// MaxLines lines comes near the end of 64 bits.
const maxPosting Cents = 1e13

// validName keeps names printable and free of the byte that separates keys.
func validName(s string, emptyOK bool) bool {
	if len(s) > maxName || (s == "" && !emptyOK) {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// Draft is an entry before the ledger has numbered it.
type Draft struct {
	Kind     Kind
	Body     any       // written with Pack
	Lines    []Posting // sum to zero; may be empty
	Receipt  bool      // takes the next receipt number
	Taken    Cents     // adds to the grand total of money taken; not negative
	Returned Cents     // adds to the grand total of money given back; not negative
	Date     Date      // business date; 0 means the calendar date at the station
}
