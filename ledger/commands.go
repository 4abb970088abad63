package ledger

import (
	"bytes"
	"encoding/binary"
)

// commands is the index that finds the first entry of a command by its id. Its
// rows are written for indexStride entries at a time, because a page less in
// each commit is worth more than the look at the few entries that have none
// yet. So it holds the commands of the entries up to the last multiple of
// indexStride, always, and is verified like any view.
type commands struct{ through uint64 }

const (
	commandsName = "ledger.commands"
	indexStride  = 64
)

// indexedThrough is the last entry that the index of a log covers.
func indexedThrough(head uint64) uint64 { return head - head%indexStride }

func (commands) Name() string  { return commandsName }
func (commands) Kinds() []Kind { return nil }

func (c commands) Fold(t Table, e *Entry) error {
	if e.Part != 0 || e.Seq > c.through {
		return nil
	}
	var seq [8]byte
	binary.BigEndian.PutUint64(seq[:], e.Seq)
	t.Add(e.Command[:], seq[:])
	return nil
}

// index writes the rows of the entries that came since the index was last
// written, once there are indexStride of them.
func (w *writer) index() error {
	through := indexedThrough(w.head.Seq)
	if through != w.head.Seq {
		return nil
	}
	views := w.tx.Bucket(bucketViews)
	f := newFold(commands{through}, newBoltTable(views, tagOf(views, commandsName)))
	var e Entry
	for seq := through - indexStride + 1; seq <= through; seq++ {
		if err := decodeInto(&e, w.log.Get(SeqKey(seq))); err != nil {
			return err
		}
		if err := f.take(&e); err != nil {
			return err
		}
	}
	return f.table.(*boltTable).err
}

// firstOf is the number of the first entry of a command, 0 if there is none.
func (s *State) firstOf(id CommandID) uint64 {
	if seq := KeySeq(s.Rows(commandsName).Get(id[:])); seq != 0 {
		return seq
	}
	c := s.tx.Bucket(bucketLog).Cursor()
	first := indexedThrough(s.head.Seq) + 1
	for k, raw := c.Seek(SeqKey(first)); k != nil; k, raw = c.Next() {
		if bytes.Equal(commandIn(raw), id[:]) {
			return KeySeq(k)
		}
	}
	return 0
}

// commandIn is the command's id in an entry's bytes, without reading the rest.
// The parts before it are of fixed size in form 1, but for the number.
func commandIn(raw []byte) []byte {
	const (
		number = 1 + 1 + 1 + 16 // array, form, log
		link   = 2 + 32
	)
	if len(raw) <= number {
		return nil
	}
	at := number + 1 + link + 1
	if extra := raw[number] & 0x1f; extra >= 24 && extra <= 27 {
		at += 1 << (extra - 24)
	}
	if len(raw) < at+16 {
		return nil
	}
	return raw[at : at+16]
}
