package ledger

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// MaxNote is the longest note of a follower, in bytes.
const MaxNote = 64 << 10

// note is what a follower keeps, with a checksum in front.
type note struct {
	name   string
	sealed []byte
}

// Remember keeps a follower's own note, such as how far central has the log. It
// is not part of the record, and a follower must do without it when it is lost.
// A name has up to 96 bytes, a note up to MaxNote.
func (b *Book) Remember(name string, text []byte) error {
	if !validName(name, false) || len(text) > MaxNote {
		return fmt.Errorf("remember %q: a note has a name of up to %d bytes and up to %d bytes of text", name, maxName, MaxNote)
	}
	sealed := binary.BigEndian.AppendUint32(nil, crc32.Checksum(text, castagnoli))
	// Notes go the way of commands: when a flush fails, whoever wrote, the file
	// is read again before anything else is stored.
	_, err := b.submit(context.Background(), &request{
		note: &note{name, append(sealed, text...)},
		done: make(chan struct{}),
	})
	return err
}

// Recall returns what Remember kept, nil if nothing was or it was damaged.
func (b *Book) Recall(name string) (text []byte, err error) {
	err = b.Read(func(s *State) error {
		if sealed := s.tx.Bucket(bucketCursor).Get([]byte(name)); sealed != nil {
			if kept, err := openNote(sealed); err == nil {
				text = bytes.Clone(kept)
			}
		}
		return nil
	})
	return text, err
}

func openNote(sealed []byte) ([]byte, error) {
	if len(sealed) < 4 || crc32.Checksum(sealed[4:], castagnoli) != binary.BigEndian.Uint32(sealed) {
		return nil, fmt.Errorf("%w: it is not what was written", ErrDamaged)
	}
	return sealed[4:], nil
}
