package receiptcode

import (
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"gatehouse/ledger"
)

// Deed is what a receipt is for.
type Deed uint8

// What receipts are for; and the close of a drawer, whose Z report has a code too.
const (
	Payment Deed = iota + 1
	Void
	Reversal
	Close
)

func (d Deed) String() string {
	switch d {
	case Payment:
		return "payment"
	case Void:
		return "void"
	case Reversal:
		return "reversal"
	case Close:
		return "close of a drawer"
	}
	return "unknown"
}

// Essentials are what the code says.
type Essentials struct {
	Deed     Deed
	Training bool // a practice receipt, worth nothing
	Station  ledger.StationID
	Log      ledger.LogID
	Seq      uint64       // number of the entry, from 1
	Receipt  uint64       // count of receipts of the log, from 1; for a close, how many there are so far
	At       time.Time    // in whole seconds, UTC
	Total    ledger.Cents // paid, given back, or counted at a close; not negative
	Taken    ledger.Cents // grand total taken since the log began, with this; not negative
	Leaf     [16]byte     // first half of the entry's hash
}

// Of takes the essentials of an entry with a receipt, or of a close.
func Of(e *ledger.Entry, deed Deed, station ledger.StationID, training bool, total ledger.Cents) Essentials {
	receipt := e.Receipt
	if deed == Close {
		receipt = e.Totals.Receipts
	}
	return Essentials{Deed: deed, Training: training, Station: station, Log: e.Log, Seq: e.Seq, Receipt: receipt,
		At: e.At().Truncate(time.Second), Total: total, Taken: e.Totals.Taken, Leaf: [16]byte(e.Leaf[:16])}
}

// Number is the number printed on the receipt; a close has none.
func (e Essentials) Number() ledger.ReceiptNo {
	if e.Deed == Close {
		return ""
	}
	var leaf ledger.Leaf
	copy(leaf[:], e.Leaf[:])
	return ledger.MakeReceiptNo(e.Station, e.Receipt, leaf)
}

// Errors of Read and Check.
var (
	// ErrNotACode: the text is not a receipt code, or was read wrongly.
	ErrNotACode = errors.New("this is not a whole receipt code; scan it again")
	// ErrForged: the text is a receipt code, but this key did not sign it.
	ErrForged = errors.New("the signature does not hold: it is not a receipt of the station this key belongs to, or somebody changed it")
)

const (
	prefix  = "GH1:"
	purpose = "gatehouse receipt 1\x00"
	longest = 240 // characters of a code; the longest possible has fewer
)

// Make writes the code of a receipt. The same essentials give the same text.
func Make(s ledger.Signer, e Essentials) (string, error) {
	if err := e.check(); err != nil {
		return "", fmt.Errorf("make a receipt code: %w", err)
	}
	body := e.pack()
	return prefix + encode45(append(body, s.Sign(message(body))...)), nil
}

// Read reads a code without asking whether it is genuine: to find out whose key
// is needed to Check it.
func Read(text string) (Essentials, error) {
	e, _, _, err := open(text)
	return e, err
}

// Check reads a code and proves it with the station's public key. The error is
// ErrNotACode or ErrForged.
func Check(text string, key ed25519.PublicKey) (Essentials, error) {
	e, body, signature, err := open(text)
	if err != nil {
		return Essentials{}, err
	}
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, message(body), signature) {
		return Essentials{}, ErrForged
	}
	return e, nil
}

func message(body []byte) []byte { return append([]byte(purpose), body...) }

func open(text string) (e Essentials, body, signature []byte, err error) {
	// A scanner may add an end of line; a space belongs to the alphabet.
	text = strings.Trim(text, "\r\n\t")
	coded, found := strings.CutPrefix(text, prefix)
	if !found || len(text) > longest {
		return e, nil, nil, ErrNotACode
	}
	raw, err := decode45(coded)
	if err != nil || len(raw) <= ed25519.SignatureSize {
		return e, nil, nil, ErrNotACode
	}
	cut := len(raw) - ed25519.SignatureSize
	body, signature = raw[:cut], raw[cut:]
	if e, err = unpack(body); err != nil {
		return e, nil, nil, ErrNotACode
	}
	return e, body, signature, nil
}

// check bounds what is written and what is read alike.
func (e Essentials) check() error {
	if _, err := ledger.ParseStationID(string(e.Station)); err != nil {
		return err
	}
	switch {
	case e.Deed < Payment || e.Deed > Close:
		return errors.New("it is for nothing known")
	case e.Seq == 0 || e.Receipt == 0 && e.Deed != Close || e.Receipt > e.Seq:
		return errors.New("entry or receipt has no number")
	case e.Total < 0 || e.Taken < 0:
		return errors.New("an amount is below zero")
	case e.At.Unix() < 0 || e.At.Unix() > maxUnix:
		return errors.New("its time is out of range")
	}
	return nil
}

// maxUnix is the end of the year 9999.
const maxUnix = 253402300799

const trainingBit = 0x80

// pack writes the essentials: a byte for deed and training, the station with its
// length, the log, then five numbers as varints, then the hash.
func (e Essentials) pack() []byte {
	first := byte(e.Deed)
	if e.Training {
		first |= trainingBit
	}
	b := append(make([]byte, 0, 160), first, byte(len(e.Station)))
	b = append(b, e.Station...)
	b = append(b, e.Log[:]...)
	for _, n := range []uint64{e.Seq, e.Receipt, uint64(e.At.Unix()), uint64(e.Total), uint64(e.Taken)} {
		b = binary.AppendUvarint(b, n)
	}
	return append(b, e.Leaf[:]...)
}

// unpack reads what pack wrote. A text has one reading and a reading one text:
// what would be written differently is refused.
func unpack(b []byte) (Essentials, error) {
	var e Essentials
	if len(b) < 2 || len(b) < 2+int(b[1])+len(e.Log) {
		return e, ErrNotACode
	}
	whole := b
	e.Deed, e.Training = Deed(b[0]&^trainingBit), b[0]&trainingBit != 0
	n := int(b[1])
	e.Station = ledger.StationID(b[2 : 2+n])
	b = b[2+n:]
	b = b[copy(e.Log[:], b):]
	var numbers [5]uint64
	for i := range numbers {
		v, used := binary.Uvarint(b)
		if used <= 0 || v > 1<<63-1 {
			return e, ErrNotACode
		}
		numbers[i], b = v, b[used:]
	}
	e.Seq, e.Receipt = numbers[0], numbers[1]
	e.At = time.Unix(int64(numbers[2]), 0).UTC()
	e.Total, e.Taken = ledger.Cents(numbers[3]), ledger.Cents(numbers[4])
	if len(b) != len(e.Leaf) {
		return e, ErrNotACode
	}
	copy(e.Leaf[:], b)
	if err := e.check(); err != nil {
		return e, err
	}
	if string(e.pack()) != string(whole) {
		return e, ErrNotACode
	}
	return e, nil
}
