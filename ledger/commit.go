package ledger

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
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

// request is a command, or a follower's note, on its way through the writer.
type request struct {
	Command
	note    *note // instead of a command
	input   inputHash
	entries []Entry
	err     error
	done    chan struct{}
}

// carriedOut answers a command that was carried out before.
func (r *request) carriedOut(s *State) (bool, error) {
	if r.note != nil {
		return false, nil
	}
	before, err := s.ByCommand(r.ID)
	if err != nil || len(before) == 0 {
		return false, err
	}
	if before[0].Input != r.input {
		r.err = Refuse("ledger.command_reused", "This action was already carried out with other content. Begin it anew.")
		return true, nil
	}
	r.entries = before
	return true, nil
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
	return b.submit(ctx, r)
}

// submit hands a request to the writer and waits for its answer.
func (b *Book) submit(ctx context.Context, r *request) ([]Entry, error) {
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

// commit stores a group of requests and answers each.
func (b *Book) commit(group []*request) {
	answered := false
	defer func() {
		for _, r := range group {
			if !answered { // the goroutine was ended inside a rule
				r.entries, r.err = nil, ErrUnsure
			}
			close(r.done)
		}
	}()
	b.answer(group)
	answered = true
}

func (b *Book) answer(group []*request) {
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
			b.o.Log.Error("a command could not be carried out", "command", broken.request.ID, "cause", broken.err, "stack", stackOf(broken.err))
			broken.request.entries, broken.request.err = nil, fmt.Errorf("carry out the command: %w", broken.err)
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
			if err := guard(func() error { return w.take(r) }); errors.Is(err, ErrDamaged) {
				return err
			} else if err != nil {
				return &brokenRequest{r, err}
			}
		}
		head = w.head
		if !w.changed {
			return nil // nothing but refusals and repeats
		}
		if head.Seq != b.head.Seq {
			if err := w.finish(); err != nil {
				return err
			}
		}
		b.last = now
		if err := tx.Commit(); err != nil {
			return err
		}
		b.rest = w.rest
		return nil
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

// announce wakes whoever waits for a change. The caller holds mu.
func (b *Book) announce() {
	if !b.closed {
		close(b.grew)
		b.grew = make(chan struct{})
	}
}
