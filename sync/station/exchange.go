package station

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// maxRewinds bounds how often central may step back in one exchange.
const maxRewinds = 2

// exchange brings central to the end of the ledger, as it stands when it is
// done. The error is a *trouble, or one of the ledger's.
func (f *Follower) exchange(ctx context.Context) error {
	if !f.fresh {
		if err := f.ask(ctx); err != nil {
			return err
		}
		f.fresh = true
	}
	rewinds := 0
	for f.acked.Seq < f.book.Head().Seq {
		before := f.acked.Seq
		if err := f.send(ctx); err != nil {
			return err
		}
		if f.acked.Seq > before {
			continue
		}
		if rewinds++; rewinds > maxRewinds {
			return badAnswer(fmt.Errorf("central stays at entry %d", f.acked.Seq))
		}
	}
	return nil
}

// ask finds out how far central has the log, and enrols it if central does not
// know it.
func (f *Follower) ask(ctx context.Context) error {
	if f.key == nil {
		return f.enrol(ctx)
	}
	a, err := f.call(ctx, http.MethodGet, wire.HeadPath(f.book.Identity().Log), nil, nil)
	if err != nil {
		return err
	}
	if a.Problem == wire.ProblemUnknownLog {
		// Central is new, or was restored from before the enrolment.
		return f.enrol(ctx)
	}
	return f.take(ctx, a)
}

// enrol makes the log known to central. Doing it again changes nothing.
func (f *Follower) enrol(ctx context.Context) error {
	known := f.known()
	if f.o.Code == "" && known == nil {
		return &trouble{code: CodeNotEnrolled, reached: f.key != nil,
			text: "Central does not know this station. Give it an enrolment code."}
	}
	first, err := f.book.Entries(1, 1)
	if err != nil {
		return err
	}
	if len(first) == 0 {
		return errors.New("the ledger has no first entry")
	}
	enrolment := wire.NewEnrolment(f.book.Signer(), f.o.Code, first[0])
	enrolment.Known = known
	text, err := json.Marshal(enrolment)
	if err != nil {
		return fmt.Errorf("write the enrolment: %w", err)
	}
	a, err := f.call(ctx, http.MethodPost, wire.PathEnrol, http.Header{"Content-Type": {"application/json"}}, text)
	if err != nil {
		return err
	}
	if a.Problem == "" && a.Head != nil {
		switch {
		case a.Upstream != nil:
			err = f.meetRelay(a)
		case f.o.CentralKey == nil:
			err = f.meet(a)
		}
		if err != nil {
			return err
		}
	}
	if err := f.take(ctx, a); err != nil {
		return err
	}
	if f.known() != nil {
		f.o.Code = "" // it is spent: central's signature vouches for this log from now on
	}
	return nil
}

// known is the last head that central signed for this log, nil without one.
func (f *Follower) known() *wire.Head {
	if head := f.central; head.Seq > 0 && f.root != nil && head.Check(f.root, f.book.Identity().Log) == nil {
		return &head
	}
	return nil
}

// meet learns central's key from its answer to an enrolment, once the key has
// proved itself on the head beside it: an answer that was spoilt on the way must
// not leave a key here that nobody has. Another key than before takes a new code,
// and so a person: anybody can say that he does not know this station.
func (f *Follower) meet(a wire.Answer) error {
	if err := a.Head.Check(a.Key, f.book.Identity().Log); err != nil {
		return badAnswer(err)
	}
	if f.root != nil && !bytes.Equal(f.root, a.Key) {
		if f.o.Code == "" {
			return otherKey(errors.New("what answers does not know this station, shows another key, and nobody gave a new code"))
		}
		f.o.Log.Warn("central did not know this station and signs with a new key; it was set up anew", "key", fmt.Sprintf("%x", a.Key))
	}
	f.root, f.key = a.Key, a.Key
	return nil
}

// send sends the entries after central's head, as many as one batch holds.
func (f *Follower) send(ctx context.Context) error {
	entries, err := f.from(f.acked.Seq+1, f.limit)
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
	if err != nil {
		// The line may be too slow for a batch of this size.
		f.limit = max(f.limit/2, leastBatch)
		return err
	}
	f.limit = min(f.limit*2, wire.MaxEntries)
	return f.take(ctx, a)
}

// leastBatch is the fewest entries that a bad line makes us send at once.
const leastBatch = 25

// from reads entries for one batch, as many as limit. It reads in steps, so that
// large entries do not pile up in memory, and no further than the book's head: what
// lies beyond is being flushed, and a power cut could still take it back here while
// central has it for good.
func (f *Follower) from(first uint64, limit int) ([]ledger.Entry, error) {
	const step = 200
	var entries []ledger.Entry
	most := int(min(uint64(limit), f.book.Head().Seq+1-first))
	for raw := 0; len(entries) < most && raw < wire.MaxRaw; {
		more, err := f.book.Entries(first+uint64(len(entries)), min(step, most-len(entries)))
		if err != nil {
			return nil, err
		}
		for i := range more {
			raw += len(more[i].Raw)
		}
		entries = append(entries, more...)
		if len(more) < step {
			break
		}
	}
	return entries, nil
}

// take believes central's head, if central signed it and this ledger has that
// very entry. A gap is no trouble: central just says where to go on.
func (f *Follower) take(ctx context.Context, a wire.Answer) error {
	if a.Head == nil {
		if a.Problem == "" {
			return badAnswer(errors.New("an answer without a head"))
		}
		return refused(a)
	}
	signer := f.key
	if a.Upstream == nil {
		signer = f.root // a relay's key stands for less and never counts as central's
	}
	if err := a.Head.Check(signer, f.book.Identity().Log); err != nil {
		if a.Upstream != nil && !f.relay {
			f.relay = true
			return f.enrol(ctx) // a relay stands at this address, whose key is not known yet
		}
		return otherKey(err)
	}
	own, err := f.compare(*a.Head)
	if err != nil {
		return err
	}
	if !own {
		return forked(*a.Head, f.book.Head().Seq)
	}
	f.o.Trust.Saw(a.Head.At)
	f.acked = *a.Head
	if a.Upstream == nil {
		f.takeDirect()
	} else if err := f.takeUpstream(*a.Upstream); err != nil {
		return err
	}
	switch a.Problem {
	case "", wire.ProblemGap:
		return nil
	}
	return refused(a)
}

// compare says whether this ledger has central's last entry.
func (f *Follower) compare(head wire.Head) (bool, error) {
	if head.Seq == 0 {
		return head.Leaf == ledger.Leaf{}, nil
	}
	// The file is asked, not the book's head: a head that is a moment old must
	// not look like a fork.
	at, err := f.book.Entries(head.Seq, 1)
	if err != nil {
		return false, err
	}
	return len(at) == 1 && at[0].Leaf == head.Leaf, nil
}

// call asks central one thing.
func (f *Follower) call(ctx context.Context, method, path string, header http.Header, body []byte) (wire.Answer, error) {
	// A client handed in may know no bounds; a request always has one.
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(f.url, "/")+path, bytes.NewReader(body))
	if err != nil {
		return wire.Answer{}, fmt.Errorf("ask central: %w", err)
	}
	for name, values := range header {
		request.Header[name] = values
	}
	response, err := f.o.Client.Do(request)
	if err != nil {
		return wire.Answer{}, unreachable(err)
	}
	defer response.Body.Close()
	a, err := wire.ReadAnswer(response.Body)
	switch {
	case errors.Is(err, wire.ErrMalformed), errors.Is(err, wire.ErrSize):
		return a, badAnswer(fmt.Errorf("status %s: %w", response.Status, err))
	case err != nil:
		return a, unreachable(err)
	case response.StatusCode/100 != 2 && a.Problem == "":
		return a, badAnswer(fmt.Errorf("status %s without a problem", response.Status))
	}
	if after := wire.RetryAfter(response.Header); after > 0 && response.StatusCode/100 != 2 {
		t := refused(a)
		t.after = after
		return a, t
	}
	return a, nil
}
