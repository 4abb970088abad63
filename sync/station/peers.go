package station

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// peer is one address that the ledger is carried to: central, or an office's
// relay, which has a key of its own and shows what central signed beside it.
type peer struct {
	url   string
	key   ed25519.PublicKey // it signs with; nil until it is known
	acked wire.Head         // its durable head
	fresh bool              // acked is from this exchange, not a hint
	limit int               // entries in the next batch
	relay bool

	noted ledger.Leaf // the head in the hint that was last written, if it is a relay
	patience
}

// patience is how long an address is left alone after it failed.
type patience struct {
	failures int
	next     time.Time // not before this is it asked again
	err      error     // why, nil if it did not fail
}

// failed leaves an address alone: for as long as it asked for, and a pause that grows.
func (r *patience) failed(now time.Time, err error, random io.Reader) {
	r.next = now.Add(asTrouble(err).after + wire.Pause(r.failures, random))
	r.failures++
	r.err = err
}

// mostRest is the longest that failed makes an address wait.
const mostRest = 2 * LastRetry

// left is how long an address is still to be left alone; nothing if it is due. A clock
// that was set back must not keep it waiting.
func (r *patience) left(now time.Time) time.Duration {
	left := max(0, r.next.Sub(now))
	if left > mostRest {
		return 0
	}
	return left
}

// soonest is the shortest time that one of these is still to be left alone.
func soonest[P interface{ left(time.Time) time.Duration }](all []P, now time.Time) time.Duration {
	least := mostRest
	for _, one := range all {
		least = min(least, one.left(now))
	}
	return least
}

// noteName is where the hint about a relay is kept. It goes by the address, so
// that another order of addresses takes none for another.
func (p *peer) noteName() string {
	hash := ledger.LeafOf([]byte(p.url))
	return "sync.relay." + hex.EncodeToString(hash[:8])
}

// round is one exchange, with the first address that is not known to fail. What
// fails is left alone for a while, and the next is tried at once; if all of them are,
// it is too early, and the one that is due first is asked. The error is that of the
// most preferred.
func (f *Follower) round(ctx context.Context) error {
	now := f.o.Clock()
	least := soonest(f.peers, now)
	for _, p := range f.peers {
		if p.left(now) > least {
			continue
		}
		if f.peer != p {
			f.peer, p.fresh = p, false
		}
		err := f.exchange(ctx)
		if err == nil {
			p.patience = patience{}
			return nil
		}
		if ctx.Err() != nil || asTrouble(err).fork != nil {
			return err
		}
		p.fresh = false
		p.failed(f.o.Clock(), err, f.o.Random)
	}
	return f.peers[0].err // nobody answered, so it failed now or is left alone since
}

// everythingDue forgets the failures: a person wants it tried now.
func (f *Follower) everythingDue() {
	for _, p := range f.peers {
		p.next, p.fresh = time.Time{}, false
	}
}

// upstreamSoon is how often a relay is asked how far central is, while it is
// carrying what central does not have yet.
const upstreamSoon = 2 * time.Second

// heartbeat is how long to wait when there is nothing to send.
func (f *Follower) heartbeat() time.Duration {
	if f.relay && f.upstream && f.central.Seq < f.acked.Seq {
		return upstreamSoon
	}
	return Heartbeat
}

// meetRelay learns a relay's key, and by the way that of central if this station
// never met it.
func (f *Follower) meetRelay(a wire.Answer) error {
	if err := a.Head.Check(a.Key, f.book.Identity().Log); err != nil {
		return badAnswer(err)
	}
	if f.relay && f.key != nil && !bytes.Equal(f.key, a.Key) {
		f.o.Log.Warn("the relay did not know this station and signs with a new key; it was set up anew", "key", fmt.Sprintf("%x", a.Key))
	}
	u := a.Upstream
	if f.root == nil && u.Head != nil {
		if err := u.Head.Check(u.Key, f.book.Identity().Log); err != nil {
			return badAnswer(err)
		}
		f.root = u.Key
	}
	f.key, f.relay = a.Key, true
	return nil
}

// takeUpstream believes what a relay says of central, as far as central signed it.
func (f *Follower) takeUpstream(u wire.Upstream) error {
	f.relay, f.upstream = true, u.Online
	f.relaySeq.Store(f.acked.Seq)
	if u.Head == nil {
		f.count()
		return upstreamProblem(u.Problem)
	}
	if f.root == nil {
		f.root = u.Key
	}
	if err := u.Head.Check(f.root, f.book.Identity().Log); err != nil {
		return otherKey(err)
	}
	own, err := f.compare(*u.Head)
	if err != nil {
		return err
	}
	if !own {
		return forked(*u.Head, f.book.Head().Seq)
	}
	f.central = *u.Head
	f.ackedSeq.Store(u.Head.Seq)
	f.count()
	return upstreamProblem(u.Problem)
}

// upstreamProblem is what central said of this log to the relay.
func upstreamProblem(p wire.Problem) error {
	switch p {
	case "", wire.ProblemGap, wire.ProblemFork, wire.ProblemBusy, wire.ProblemStore:
		return nil // it passes, or central's head shows it
	}
	return refused(wire.Answer{Problem: p, Text: "said to the relay"})
}

// takeDirect is for an answer of central itself.
func (f *Follower) takeDirect() {
	f.relay, f.upstream = false, true
	f.key, f.central = f.root, f.acked
	f.relaySeq.Store(0)
	f.ackedSeq.Store(f.acked.Seq)
	f.count()
}

func otherKey(cause error) *trouble {
	return &trouble{code: CodeOtherKey, cause: cause,
		text: "Central signs with another key than the one it showed when this station was enrolled. Everything is kept here; ask the person who runs central."}
}

// recallPeers gives each address what is remembered of it: a relay has a note of
// its own, whatever else answers is central.
func (f *Follower) recallPeers() {
	log := f.book.Identity().Log
	for _, p := range f.peers {
		p.key, p.acked = f.root, f.central
		n, ok := f.read(p.noteName())
		if !ok || len(n.Key) != ed25519.PublicKeySize {
			continue
		}
		p.key, p.acked, p.relay = n.Key, wire.Head{}, true
		head := n.head(log)
		if own, err := f.compare(head); err == nil && own {
			p.acked, p.noted = head, head.Leaf
		}
	}
}

// rememberPeer keeps the hint about a relay.
func (f *Follower) rememberPeer() {
	if f.relay && f.key != nil && f.peer.noted != f.acked.Leaf {
		n := noteOf(f.key, f.acked)
		f.write(f.noteName(), &n)
		f.peer.noted = f.acked.Leaf
	}
}
