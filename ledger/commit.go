package ledger

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Command is one thing somebody set out to do.
type Command struct {
	// ID was made when the person opened the action.
	ID CommandID
	// Input is what was asked for. Its hash, with the actor's, is kept in the
	// entries, so that the same ID with other content is noticed.
	Input any
	// Actor is who asks: a staff id, or "station".
	Actor string
	// At is the time of the command. Only a training ledger takes it; elsewhere
	// it must be zero and the station's clock counts.
	At time.Time
	// Decide is the rule: it looks at the ledger and returns what to write, or
	// a *Refusal. It must not do anything else: it may be run again.
	Decide func(*State) ([]Draft, error)
}

// request is a command on its way through the writer.
type request struct {
	Command
	input   [16]byte
	entries []Entry
	err     error
	done    chan struct{}
}

// Commit carries out a command and returns its entries once they are on disk:
// first its own, then those of consequences. A command that was carried out
// before gives the same entries again. The error is a *Refusal when a rule said
// no; ErrNotStored or ErrUnsure when the disk did.
//
// When ctx ends first, the command may still be carried out: ask again with the
// same id.
func (b *Book) Commit(ctx context.Context, c Command) ([]Entry, error) {
	if c.ID.IsZero() || c.Actor == "" || c.Decide == nil {
		return nil, errors.New("commit: a command needs an id, an actor and a rule")
	}
	if !c.At.IsZero() && !b.id.Training {
		return nil, Refuse("ledger.time_is_the_clocks", "Only a training ledger takes a time. Here the clock of the station counts.").At("at")
	}
	packed, err := Pack([]any{c.Actor, c.Input})
	if err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	r := &request{Command: c, done: make(chan struct{})}
	sum := sha256.Sum256(packed)
	copy(r.input[:], sum[:])
	b.mu.Lock()
	fault, closed := b.fault, b.closed
	b.mu.Unlock()
	if closed || fault != nil {
		return nil, errors.Join(ErrClosed, fault)
	}
	select {
	case b.queue <- r:
	case <-b.done:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case <-r.done:
		return r.entries, r.err
	case <-b.done:
		select {
		case <-r.done:
			return r.entries, r.err
		default:
			return nil, ErrClosed
		}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// write is the one writer. It takes whatever waits into one transaction.
func (b *Book) write() {
	defer close(b.done)
	for {
		select {
		case r := <-b.queue:
			b.commit(b.gather(r))
		case <-b.stop:
			for {
				select {
				case r := <-b.queue:
					b.commit(b.gather(r))
				default:
					return
				}
			}
		}
	}
}

// maxGroup bounds one transaction.
const maxGroup = 256

func (b *Book) gather(first *request) []*request {
	group := []*request{first}
	for len(group) < maxGroup {
		select {
		case r := <-b.queue:
			group = append(group, r)
		default:
			return group
		}
	}
	return group
}

// commit stores a group of commands and answers each.
func (b *Book) commit(group []*request) {
	defer func() {
		for _, r := range group {
			close(r.done)
		}
	}()
	if fault := b.Fault(); fault != nil {
		for _, r := range group {
			r.err = errors.Join(ErrClosed, fault)
		}
		return
	}
	live := group
	for len(live) > 0 {
		head, err := b.tryCommit(live)
		if err == nil {
			b.settle(head)
			return
		}
		var broken *brokenRequest
		if errors.As(err, &broken) {
			// A fault of ours in one command; nothing was written. The others
			// are not to suffer for it.
			broken.request.entries, broken.request.err = nil, broken.err
			live = without(live, broken.request)
			continue
		}
		b.resolve(live, err)
		return
	}
}

// brokenRequest is a command whose entries could not be made: a fault in the
// program, not a refusal.
type brokenRequest struct {
	request *request
	err     error
}

func (e *brokenRequest) Error() string { return e.err.Error() }

func without(group []*request, gone *request) []*request {
	var rest []*request
	for _, r := range group {
		if r != gone {
			rest = append(rest, r)
		}
	}
	return rest
}

// tryCommit runs the rules of a group and stores what they decided.
func (b *Book) tryCommit(group []*request) (head Head, err error) {
	var tx *bolt.Tx
	defer func() {
		if tx != nil {
			guard(tx.Rollback)
		}
	}()
	err = guard(func() error {
		var err error
		if tx, err = b.db.Begin(true); err != nil {
			return err
		}
		now := b.o.Clock()
		w := b.writerIn(tx, b.head, now)
		if err := w.noteClock(b.last); err != nil {
			return err
		}
		for i, r := range group {
			r.entries, r.err = nil, nil
			w.last = i == len(group)-1
			if err := w.carryOut(r); err != nil {
				return &brokenRequest{r, fmt.Errorf("carry out the command: %w", err)}
			}
		}
		if w.head.Seq == b.head.Seq {
			head = b.head // nothing but refusals and repeats
			return nil
		}
		if err := w.finish(); err != nil {
			return err
		}
		head = w.head
		b.last = now
		return tx.Commit()
	})
	return head, err
}

// settle makes a commit known.
func (b *Book) settle(head Head) {
	b.mu.Lock()
	grown := head.Seq > b.head.Seq
	b.head = head
	if grown {
		b.announce()
	}
	b.mu.Unlock()
}

// resolve finds out what became of a group after the disk refused: a failed
// commit means "unknown", not "no".
func (b *Book) resolve(group []*request, cause error) {
	b.o.Log.Error("the disk refused a commit; reading the ledger again", "cause", cause)
	b.readers.Lock()
	defer b.readers.Unlock()
	guard(b.db.Close)
	b.mu.Lock()
	b.db = nil
	b.mu.Unlock()
	if err := b.reopen(); err != nil {
		b.mu.Lock()
		b.fault = fmt.Errorf("after a fault of the disk (%v) the ledger could not be opened again: %w", cause, err)
		b.announce()
		b.mu.Unlock()
		for _, r := range group {
			r.entries, r.err = nil, fmt.Errorf("%w: %v", ErrUnsure, cause)
		}
		return
	}
	for _, r := range group {
		var entries []Entry
		err := guard(func() error {
			return b.db.View(func(tx *bolt.Tx) error {
				var err error
				entries, err = b.stateIn(tx, b.head, time.Time{}).ByCommand(r.ID)
				return err
			})
		})
		switch {
		case err != nil:
			r.entries, r.err = nil, fmt.Errorf("%w: %v", ErrUnsure, err)
		case len(entries) > 0:
			r.entries, r.err = entries, nil
		case r.err == nil:
			r.entries, r.err = nil, fmt.Errorf("%w: %v", ErrNotStored, cause)
		}
	}
}

// reopen opens the file again after a fault. The caller holds readers.
func (b *Book) reopen() error {
	if err := b.open(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.announce()
	return nil
}

// announce wakes whoever waits for a change. The caller holds mu.
func (b *Book) announce() {
	if !b.closed {
		close(b.grew)
		b.grew = make(chan struct{})
	}
}

// writer makes entries inside one transaction.
type writer struct {
	book  *Book
	tx    *bolt.Tx
	now   time.Time
	head  Head
	log   *bolt.Bucket
	folds []*fold

	last    bool        // the command at hand is the last of its group
	ahead   chan []byte // the signature begun by signAhead
	aheadOf uint64      // and the entry it is of
}

func (b *Book) writerIn(tx *bolt.Tx, head Head, now time.Time) *writer {
	w := &writer{book: b, tx: tx, now: now, head: head, log: tx.Bucket(bucketLog)}
	// The log is only ever appended to: full pages halve the file.
	w.log.FillPercent = 0.95
	views := tx.Bucket(bucketViews)
	for _, v := range b.views {
		w.folds = append(w.folds, newFold(v, newBoltTable(views, tagOf(views, v.Name()))))
	}
	return w
}

// carryOut runs one command: its rule, its entries, their consequences. A
// refusal is the answer of the request; an error is a fault of the program.
func (w *writer) carryOut(r *request) error {
	state := w.state(r)
	before, err := state.ByCommand(r.ID)
	if err != nil {
		return err
	}
	if len(before) > 0 {
		if before[0].Input != r.input {
			r.err = Refuse("ledger.command_reused", "This action was already carried out with other content. Begin it anew.")
			return nil
		}
		r.entries = before
		return nil
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
			drafts = append(drafts, more...)
		}
	}
	return nil
}

func (w *writer) state(r *request) *State {
	now := w.now
	if !r.At.IsZero() {
		now = r.At
	}
	return w.book.stateIn(w.tx, w.head, now)
}

// append numbers a draft, stores it and folds it into the views.
func (w *writer) append(r *request, d Draft) error {
	at := w.state(r).now
	body, err := Pack(d.Body)
	if err != nil {
		return fmt.Errorf("%s: %w", d.Kind, err)
	}
	if d.Taken < 0 || d.Returned < 0 {
		return fmt.Errorf("%s: grand totals only grow", d.Kind)
	}
	totals := Totals{
		Taken:    w.head.Totals.Taken.Plus(d.Taken),
		Returned: w.head.Totals.Returned.Plus(d.Returned),
		Receipts: w.head.Totals.Receipts,
	}
	e := Entry{
		Form: form, Log: w.book.id.Log, Seq: w.head.Seq + 1, Prev: w.head.Leaf,
		Command: r.ID, Part: uint8(len(r.entries)), Input: r.input,
		Micros: at.UnixMicro(), Date: d.Date, Actor: r.Actor, Kind: d.Kind,
		Lines: d.Lines, Body: body,
	}
	if e.Date == 0 {
		e.Date = DateOf(at.In(w.book.o.Location))
	}
	if d.Receipt {
		totals.Receipts++
		e.Receipt = totals.Receipts
	}
	e.Totals = totals
	if err := e.check(); err != nil {
		return fmt.Errorf("%s: %w", d.Kind, err)
	}
	if e.Raw, err = encoder.Marshal(&e); err != nil {
		return fmt.Errorf("%s: %w", d.Kind, err)
	}
	if len(e.Raw) > MaxEntry {
		return fmt.Errorf("%s: entry of %d bytes, more than %d", d.Kind, len(e.Raw), MaxEntry)
	}
	e.Leaf = LeafOf(e.Raw)
	if w.last {
		w.signAhead(e.Seq, e.Leaf)
	}
	if err := w.put(&e); err != nil {
		return err
	}
	r.entries = append(r.entries, e)
	return nil
}

// put stores an entry that is numbered and hashed.
func (w *writer) put(e *Entry) error {
	if err := w.log.Put(SeqKey(e.Seq), e.Raw); err != nil {
		return err
	}
	if err := foldInto(w.folds, e); err != nil {
		return err
	}
	w.head = Head{Seq: e.Seq, Leaf: e.Leaf, Totals: e.Totals}
	return w.index()
}

// finish signs the head and makes sure that every view took its rows.
func (w *writer) finish() error {
	for _, f := range w.folds {
		if err := f.table.(*boltTable).err; err != nil {
			return fmt.Errorf("view %s: %w", f.view.Name(), err)
		}
	}
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
	id, err := NewCommandID(w.book.o.Random)
	if err != nil {
		return err
	}
	r := &request{Command: Command{ID: id, Actor: actorStation}}
	return w.append(r, Draft{Kind: KindClock, Body: ClockStepped{
		From: expected.UnixMicro(), To: now.UnixMicro(), By: step.Microseconds(),
	}})
}

// damaged adds the sentence for the person to what was found wrong with the file.
func damaged(err error) error {
	return fmt.Errorf("%w: %v. Nothing is accepted until it is restored: gatehousectl restore rebuilds it from the mirror", ErrDamaged, err)
}

// guard runs a function on the file. A damaged page shows itself as a panic of
// bbolt or as a memory fault in the mapped file; both become ErrDamaged.
func guard(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = damaged(fmt.Errorf("%v", p))
		}
	}()
	return f()
}
