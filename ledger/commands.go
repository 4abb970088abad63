package ledger

import "encoding/binary"

// commands is the index that finds the first entry of a command by its id, for
// the entries up to through.
type commands struct{ through uint64 }

const commandsName = "ledger.commands"

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

// firstOf is the number of the first entry of a command, 0 if there is none.
func (s *State) firstOf(id CommandID) uint64 {
	for i := range s.tail() {
		if e := &s.tail()[i]; e.Command == id && e.Part == 0 {
			return e.Seq
		}
	}
	return KeySeq(s.Rows(commandsName).Get(id[:]))
}
