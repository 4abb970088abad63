package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// StationID names a station in the utility: a letter, then up to seven capital
// letters or digits ("A1", "KIOSK2"). It begins every receipt number.
type StationID string

// ParseStationID checks the form of a station's id.
func ParseStationID(s string) (StationID, error) {
	if len(s) < 1 || len(s) > 8 || s[0] < 'A' || s[0] > 'Z' {
		return "", fmt.Errorf("station id %q: use a capital letter, then up to seven capital letters or digits, like A1", s)
	}
	for _, c := range s[1:] {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return "", fmt.Errorf("station id %q: use a capital letter, then up to seven capital letters or digits, like A1", s)
		}
	}
	return StationID(s), nil
}

// LogID names one log for ever. A station that starts a new log gets a new one.
type LogID [16]byte

func (l LogID) String() string { return hex.EncodeToString(l[:]) }

// ParseLogID reads the 32 hexadecimal digits of a log's id.
func ParseLogID(s string) (LogID, error) {
	var l LogID
	raw, err := hex.DecodeString(s)
	if err != nil || len(raw) != len(l) {
		return l, fmt.Errorf("log id %q: want 32 hexadecimal digits", s)
	}
	copy(l[:], raw)
	return l, nil
}

// CommandID names one thing a person set out to do. It is made when they open
// the action, before anything is typed, and stays the same however often the
// action is sent. It is a UUID of version 7 (RFC 9562): time first, so that ids
// made in order are stored in order.
type CommandID [16]byte

// NewCommandID makes an id from a source of randomness. Two ids of the same
// millisecond have any order: the library's own maker of version 7 would keep it,
// by remembering the last one for the whole process, and no two runs of a day
// with the same randomness would be alike.
func NewCommandID(random io.Reader) (CommandID, error) { return CommandIDAt(random, time.Now()) }

// CommandIDAt makes an id with a time of the caller's own: of the program's own
// entries, which go by the clock that it was given.
func CommandIDAt(random io.Reader, at time.Time) (CommandID, error) {
	id, err := uuid.NewRandomFromReader(random)
	if err != nil {
		return CommandID{}, err
	}
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(at.UnixMilli()))
	copy(id[:6], ms[2:])
	id[6] = id[6]&0x0f | 0x70
	return CommandID(id), nil
}

func (c CommandID) String() string { return uuid.UUID(c).String() }

// IsZero says that no id was given.
func (c CommandID) IsZero() bool { return c == CommandID{} }

// ParseCommandID reads an id in the form String writes.
func ParseCommandID(s string) (CommandID, error) {
	id, err := uuid.Parse(s)
	if err != nil {
		return CommandID{}, fmt.Errorf("command id %q: want a UUID", s)
	}
	return CommandID(id), nil
}

// Leaf is the hash of an entry: SHA-256 over a zero byte and the entry's bytes.
// The zero byte is the leaf prefix of RFC 6962, so that the same 32 bytes serve
// as chain link and as leaf of a Merkle tree at central.
type Leaf [32]byte

// LeafOf hashes the bytes of an entry.
func LeafOf(entry []byte) Leaf {
	h := sha256.New()
	h.Write([]byte{0})
	h.Write(entry)
	var l Leaf
	h.Sum(l[:0])
	return l
}

func (l Leaf) String() string { return hex.EncodeToString(l[:]) }

// crockford is the alphabet of Crockford's base 32: no I, L, O or U, so that a
// number read over the telephone is not misheard.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// ReceiptNo is the number printed on paper: station, count, and four symbols of
// the entry's hash ("A1-000123-K7QX"). The count has no gaps; the symbols keep
// the papers of two cloned stations apart.
type ReceiptNo string

// MakeReceiptNo forms the number of the n-th receipt of a station.
func MakeReceiptNo(station StationID, n uint64, leaf Leaf) ReceiptNo {
	var mark [4]byte
	bits := uint32(leaf[0])<<16 | uint32(leaf[1])<<8 | uint32(leaf[2])
	for i := range mark {
		mark[i] = crockford[bits>>(19-5*i)&31]
	}
	return ReceiptNo(fmt.Sprintf("%s-%06d-%s", station, n, mark[:]))
}

// Count returns the station and the running number inside a receipt number. The
// four symbols at the end may be left off.
func (r ReceiptNo) Count() (StationID, uint64, error) {
	parts := strings.Split(string(r), "-")
	if len(parts) == 2 || len(parts) == 3 && len(parts[2]) == 4 {
		station, err := ParseStationID(parts[0])
		n, err2 := strconv.ParseUint(parts[1], 10, 64)
		if err == nil && err2 == nil && n > 0 {
			return station, n, nil
		}
	}
	return "", 0, fmt.Errorf("receipt number %q: want one like A1-000123-K7QX", string(r))
}

func (r ReceiptNo) String() string { return string(r) }
