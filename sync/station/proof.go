package station

import (
	"context"
	"net/http"
	"time"

	"github.com/fxamacker/cbor/v2"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// noteProof is a proof.
const noteProof = "sync.fork.shown"

// proof is how much of this side of a fork central was shown.
type proof struct {
	Seq  uint64 `json:"seq"`  // up to this entry
	Full bool   `json:"full"` // and it did not keep all of it
}

// showAgain is how long after one showing there may be another: people go on at a
// forked station in spite of what it says, and what they do then is evidence too.
const showAgain = time.Hour

// prove shows central this side of a fork, so that both lie there for the person who
// judges, and again when it has grown. Without an error there is nothing more to show.
func (f *Follower) prove(ctx context.Context) error {
	var first error
	for _, p := range f.peers {
		f.peer = p
		shown, err := f.showSide(ctx)
		f.change(func(s *State) { s.ForkShown, s.ForkFull = err == nil && !shown.Full, shown.Full })
		if err == nil {
			return nil
		}
		if first == nil {
			first = err
		}
		f.o.Log.Warn("this side of the fork is not at central yet", "shown", shown.Seq, "err", err)
	}
	return first
}

// showSide shows what was not shown yet, from where this ledger and central's part to
// its end. The proof is how far that went.
func (f *Follower) showSide(ctx context.Context) (shown proof, err error) {
	note, err := f.book.Recall(noteProof)
	if err == nil && len(note) > 0 {
		err = cbor.Unmarshal(note, &shown)
	}
	if err == nil && shown.Seq == 0 {
		shown, err = f.showBack(ctx)
	}
	for last := f.book.Head().Seq; err == nil && shown.Seq < last; {
		var a wire.Answer
		var count int
		if a, count, err = f.showBatch(ctx, shown.Seq+1, wire.MaxEntries); err != nil {
			break
		}
		shown.Seq, shown.Full = shown.Seq+uint64(count), shown.Full || a.Full
		if note, err = ledger.Pack(shown); err == nil {
			err = f.book.Remember(noteProof, note)
		}
	}
	return shown, err
}

// showBack goes back from the last entry that central signed for, until central has
// what it is shown: it may have been put back to before the two parted.
func (f *Follower) showBack(ctx context.Context) (proof, error) {
	signed := proof{Seq: f.central.Seq}
	for at := signed.Seq; at > 0; {
		common, first := false, at+1-min(at, wire.MaxEntries)
		for from := first; from <= at; { // more than one batch, if the entries are large
			a, count, err := f.showBatch(ctx, from, int(at+1-from))
			if err != nil {
				return proof{}, err
			}
			common = common || a.Problem == "" && from == first
			from, signed.Full = from+uint64(count), signed.Full || a.Full
		}
		if common {
			break
		}
		at = first - 1
	}
	return signed, nil
}

// showBatch sends one batch, of as many entries as it holds. Central keeps it apart as
// evidence, if it has others; nothing is answered that counts.
func (f *Follower) showBatch(ctx context.Context, from uint64, most int) (a wire.Answer, count int, err error) {
	entries, err := f.from(from, most)
	if err != nil {
		return a, 0, err
	}
	batch, err := f.codec.Pack(f.book.Signer(), entries)
	if err != nil {
		return a, 0, err
	}
	header := http.Header{"Content-Type": {wire.ContentType}}
	batch.Header.Set(header)
	a, err = f.call(ctx, http.MethodPost, wire.ShowPath(batch.Header.Log), header, batch.Packed)
	if err == nil && a.Head == nil {
		err = refused(a)
	}
	return a, batch.Header.Count, err
}
