package station

import (
	"context"
	"net/http"

	"gatehouse/sync/wire"
)

// noteProof says that central was shown this side of a fork.
const noteProof = "sync.fork.shown"

// maxProof is how many entries of a forked ledger are shown to central, around the
// place where the two part.
const maxProof = 1000

// prove shows central this side of a fork once, so that both lie there for the
// person who judges. It says whether that is done.
func (f *Follower) prove(ctx context.Context) bool {
	shown, err := f.book.Recall(noteProof)
	if err == nil && len(shown) > 0 {
		f.change(func(s *State) { s.ForkShown = true })
	}
	if err != nil || len(shown) > 0 {
		return true
	}
	for _, p := range f.peers {
		f.peer = p
		err := f.showSide(ctx)
		if err == nil {
			if err := f.book.Remember(noteProof, []byte{1}); err != nil {
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
func (f *Follower) showSide(ctx context.Context) error {
	last := f.book.Head().Seq
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
