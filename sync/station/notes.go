package station

import (
	"crypto/ed25519"
	"time"

	"github.com/fxamacker/cbor/v2"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Names of the notes kept beside the ledger. They are hints: without them
// central is asked, and enrolled with again.
const (
	noteHead = "sync.central"
	noteFork = "sync.fork"
)

// note is a head of central's as it is remembered.
type note struct {
	Key       []byte      `json:"key"`
	Seq       uint64      `json:"seq"`
	Leaf      ledger.Leaf `json:"leaf"`
	At        int64       `json:"at"` // microseconds since 1970 UTC
	Signature []byte      `json:"signature"`
}

func noteOf(key ed25519.PublicKey, h wire.Head) note {
	return note{key, h.Seq, h.Leaf, h.At.UnixMicro(), h.Signature}
}

func (n note) head(log ledger.LogID) wire.Head {
	return wire.Head{Log: log, Seq: n.Seq, Leaf: n.Leaf, At: time.UnixMicro(n.At).UTC(), Signature: n.Signature}
}

// recall reads what an earlier run learned. A fork stands until this ledger has
// the entry that central showed, whatever central says by then.
func (f *Follower) recall() {
	f.root = f.o.CentralKey
	log := f.book.Identity().Log
	if n, ok := f.read(noteHead); ok {
		head := n.head(log)
		if f.root == nil && len(n.Key) == ed25519.PublicKeySize {
			f.root = n.Key
		}
		if own, err := f.compare(head); err == nil && own {
			f.central, f.hinted = head, head.Leaf
			if head.Check(f.root, log) == nil {
				f.o.Trust.Saw(head.At)
			}
			f.ackedSeq.Store(head.Seq)
		}
	}
	f.recallPeers()
	if n, ok := f.read(noteFork); ok {
		head := n.head(log)
		if own, err := f.compare(head); err == nil && own {
			f.write(noteFork, nil)
			f.write(noteProof, nil)
			return
		}
		t := forked(head, f.book.Head().Seq)
		f.change(func(s *State) { s.Fork, s.Code, s.Err = true, t.code, t.text })
	}
}

func (f *Follower) read(name string) (note, bool) {
	var n note
	raw, err := f.book.Recall(name)
	if err == nil && len(raw) > 0 {
		err = cbor.Unmarshal(raw, &n)
	}
	if err != nil {
		f.o.Log.Warn("a note about central cannot be read; central is asked instead", "note", name, "err", err)
		return n, false
	}
	return n, len(raw) > 0
}

func (f *Follower) write(name string, n *note) {
	var raw []byte
	if n != nil {
		var err error
		if raw, err = ledger.Pack(n); err != nil {
			f.o.Log.Warn("a note about central was not kept", "note", name, "err", err)
			return
		}
	}
	if err := f.book.Remember(name, raw); err != nil {
		f.o.Log.Warn("a note about central was not kept", "note", name, "err", err)
	}
}

// remember keeps central's head as a hint. It costs the ledger's file a flush,
// so not after each payment.
func (f *Follower) remember(atEnd bool) {
	now := f.o.Clock()
	if !atEnd && now.Sub(f.notedAt) < noteEvery {
		return
	}
	f.notedAt = now
	f.rememberPeer()
	if f.central.Leaf == f.hinted {
		return
	}
	n := noteOf(f.root, f.central)
	f.write(noteHead, &n)
	f.hinted = f.central.Leaf
}

// rememberFork keeps central's countersigned head, the evidence on this side;
// the other half of it is the ledger itself.
func (f *Follower) rememberFork(head wire.Head) {
	n := noteOf(f.root, head)
	f.write(noteFork, &n)
}
