package ledger

import (
	"errors"
	"fmt"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"
)

// writer makes entries inside one transaction.
type writer struct {
	book  *Book
	tx    *bolt.Tx
	now   time.Time
	head  Head
	log   *bolt.Bucket
	folds []*fold
	rest  []Entry // tail of the log, never nil

	changed bool        // there is something to store
	last    bool        // the command at hand is the last of its group
	ahead   chan []byte // the signature begun by signAhead
	aheadOf uint64      // and the entry it is of
}

func (b *Book) writerIn(tx *bolt.Tx, head Head, now time.Time) *writer {
	w := &writer{book: b, tx: tx, now: now, head: head, log: tx.Bucket(bucketLog)}
	// The log is only ever appended to: full pages halve the file.
	w.log.FillPercent = 0.95
	if w.rest = b.rest; w.rest == nil || !follows(w.rest, head) {
		w.rest = readTail(tx, head.Seq)
	}
	views := tx.Bucket(bucketViews)
	for _, v := range b.views {
		w.folds = append(w.folds, newFold(v, newBoltTable(views, tagOf(views, v.Name()))))
	}
	return w
}

// take carries out a command or keeps a note.
func (w *writer) take(r *request) error {
	if r.note == nil {
		return w.carryOut(r)
	}
	w.changed = true
	return w.tx.Bucket(bucketCursor).Put([]byte(r.note.name), r.note.sealed)
}

// carryOut runs one command: its rule, its entries, their consequences. A
// refusal is the answer of the request; an error is a fault of the program.
func (w *writer) carryOut(r *request) error {
	state := w.state(r)
	if done, err := r.carriedOut(state); done || err != nil {
		return err
	}
	drafts, err := r.Decide(state)
	if err != nil {
		r.err = err
		return nil
	}
	if len(drafts) == 0 {
		return errors.New("the rule decided nothing and refused nothing")
	}
	for i := 0; i < len(drafts); i++ {
		if i >= maxDrafts {
			return fmt.Errorf("more than %d entries in one command", maxDrafts)
		}
		if err := w.append(r, drafts[i]); err != nil {
			return err
		}
		made := &r.entries[len(r.entries)-1]
		for _, c := range w.book.o.Consequences {
			if c.On != made.Kind {
				continue
			}
			more, err := c.Then(w.state(r), made)
			if err != nil {
				return fmt.Errorf("consequence of entry %d: %w", made.Seq, err)
			}
			drafts = append(slices.Clip(drafts), more...)
		}
	}
	return nil
}

func (w *writer) state(r *request) *State {
	now := w.now
	if !r.At.IsZero() {
		now = r.At
	}
	s := w.book.stateIn(w.tx, w.head, now)
	s.rest = w.rest
	return s
}

// append numbers a draft, stores it and folds it into the views.
func (w *writer) append(r *request, d Draft) error {
	at := w.state(r).now
	e, err := number(w.book.id.Log, w.head, d, made{
		id: r.ID, part: len(r.entries), input: r.input, actor: r.Actor, at: at, date: DateOf(at.In(w.book.o.Location)),
	})
	if err != nil {
		return err
	}
	if w.last {
		w.signAhead(e.Seq, e.Leaf)
	}
	if err := w.put(&e); err != nil {
		return err
	}
	r.entries = append(r.entries, e)
	return nil
}

// put stores an entry that is numbered and hashed, and makes sure that every
// view took its rows.
func (w *writer) put(e *Entry) error {
	if err := w.log.Put(SeqKey(e.Seq), e.Raw); err != nil {
		return err
	}
	if err := foldInto(w.folds, e); err != nil {
		return err
	}
	for _, f := range w.folds {
		if err := f.table.(*boltTable).err; err != nil {
			return fmt.Errorf("view %s: %w", f.view.Name(), err)
		}
	}
	w.changed = true
	w.head = Head{Seq: e.Seq, Leaf: e.Leaf, Totals: e.Totals}
	return w.index(e)
}

// finish signs the head and stores it.
func (w *writer) finish() error {
	if w.aheadOf != w.head.Seq {
		w.signAhead(w.head.Seq, w.head.Leaf)
	}
	return putMeta(w.tx, "head", signedHead{Head: w.head, Signature: <-w.ahead})
}

// signAhead begins to sign an entry that is most likely the head of this
// commit, while it is still being stored: a signature takes as long as all the
// puts.
func (w *writer) signAhead(seq uint64, leaf Leaf) {
	ahead := make(chan []byte, 1)
	w.ahead, w.aheadOf = ahead, seq
	signer, log := w.book.o.Signer, w.book.id.Log
	go func() { ahead <- SignHead(signer, log, seq, leaf) }()
}

// clockTolerance is how far the wall clock may drift from time itself between
// two commits before it counts as a step: what a network time service slews is
// far less.
const clockTolerance = 5 * time.Second

// noteClock writes an entry when the wall clock was set since the last commit,
// or stands before the last entry.
func (w *writer) noteClock(last time.Time) error {
	if w.book.id.Training || w.head.Seq == 0 {
		return nil
	}
	now := w.now.Round(0)
	expected := last.Round(0).Add(w.now.Sub(last)) // by the monotonic clock, where there is one
	if previous := w.log.Get(SeqKey(w.head.Seq)); previous != nil {
		var e Entry
		if err := decodeInto(&e, previous); err != nil {
			return err
		}
		if e.At().After(expected) && e.At().After(now) {
			expected = e.At()
		}
	}
	step := now.Sub(expected)
	if step.Abs() <= clockTolerance {
		return nil
	}
	id, err := CommandIDAt(w.book.o.Random, w.now)
	if err != nil {
		return err
	}
	r := &request{Command: Command{ID: id, Actor: actorStation}}
	return w.append(r, Draft{Kind: KindClock, Body: ClockStepped{
		From: expected.UnixMicro(), To: now.UnixMicro(), By: step.Microseconds(),
	}})
}
