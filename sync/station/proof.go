package station

import (
	"context"
	"encoding/binary"
	"net/http"
	"time"

	"gatehouse/sync/wire"
)

// noteProof is up to which entry central was shown this side of a fork, 8 bytes.
const noteProof = "sync.fork.shown"

// maxProof is how many entries of a forked ledger are shown to central, around the
// place where the two part.
const maxProof = 1000

// showAgain is how long after one showing there may be another: people go on at a
// forked station in spite of what it says, and what they do then is evidence too.
const showAgain = time.Hour

// prove shows central this side of a fork, so that both lie there for the person who
// judges, and again when it has grown. It says whether all of it is there.
func (f *Follower) prove(ctx context.Context) bool {
	shown, err := f.book.Recall(noteProof)
	if err != nil {
		return false
	}
	last := f.book.Head().Seq
	if len(shown) == 8 && binary.BigEndian.Uint64(shown) >= last {
		f.change(func(s *State) { s.ForkShown = true })
		return true
	}
	for _, p := range f.peers {
		f.peer = p
		err := f.showSide(ctx, last)
		if err == nil {
			if err := f.book.Remember(noteProof, binary.BigEndian.AppendUint64(nil, last)); err != nil {
				f.o.Log.Warn("a note about central was not kept", "note", noteProof, "err", err)
			}
			f.change(func(s *State) { s.ForkShown = true })
			return true
		}
		f.o.Log.Warn("this side of the fork is not at central yet", "err", err)
	}
	return false
}

// showSide sends one batch that reaches from before central's head as far as one
// batch holds. Central keeps it apart as evidence; nothing is answered that counts.
func (f *Follower) showSide(ctx context.Context, last uint64) error {
	at := last
	if n, ok := f.read(noteFork); ok {
		at = min(at, n.Seq)
	}
	from := uint64(1)
	if at > maxProof/2 {
		from = at - maxProof/2
	}
	entries, err := f.book.Entries(from, int(min(maxProof, last-from+1)))
	if err != nil {
		return err
	}
	batch, err := f.codec.Pack(f.book.Signer(), entries)
	if err != nil {
		return err
	}
	header := http.Header{"Content-Type": {wire.ContentType}}
	batch.Header.Set(header)
	a, err := f.call(ctx, http.MethodPost, wire.AppendPath(batch.Header.Log), header, batch.Packed)
	if err == nil && a.Head == nil {
		err = refused(a)
	}
	return err
}
