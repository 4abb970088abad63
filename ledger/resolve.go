package ledger

import (
	"errors"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"
)

// resolve finds out what became of a group after the disk refused: a failed
// commit means "unknown", not "no". It answers every request of the group.
func (b *Book) resolve(group []*request, cause error) {
	b.o.Log.Error("a commit failed; reading the ledger again", "cause", cause)
	b.readers.Lock()
	defer b.readers.Unlock()
	db := b.db
	b.mu.Lock()
	b.db = nil
	b.mu.Unlock()
	err := guard(db.Close)
	var head Head
	if err == nil {
		db, head, err = b.reopen()
	}
	if err == nil {
		if err = guard(func() error { return b.lookUp(db, head, group, cause) }); err != nil {
			guard(db.Close)
		}
	}
	if err != nil {
		for _, r := range group {
			r.entries, r.err = nil, fmt.Errorf("%w: %v", ErrUnsure, cause)
		}
		b.mu.Lock()
		b.fault = fmt.Errorf("after a fault of the disk (%v) the ledger could not be opened again: %w", cause, err)
		b.announce()
		b.mu.Unlock()
		return
	}
	b.mu.Lock()
	b.db, b.head = db, head
	if errors.Is(cause, ErrDamaged) {
		b.fault = cause // it may be read as far as it can be, but no longer written to
	}
	b.announce()
	b.mu.Unlock()
}

// reopen opens the file again after a fault and makes sure that what was known
// to be on disk still is.
func (b *Book) reopen() (*bolt.DB, Head, error) {
	db, _, head, err := b.openChecked()
	if err != nil {
		return nil, head, err
	}
	err = guard(func() error {
		return db.View(func(tx *bolt.Tx) error {
			e, err := b.stateIn(tx, head, time.Time{}).Entry(b.head.Seq)
			if err != nil || e.Leaf != b.head.Leaf {
				return damaged(fmt.Errorf("entry %d was stored and is no longer there", b.head.Seq))
			}
			return nil
		})
	})
	if err != nil {
		guard(db.Close)
		return nil, head, err
	}
	b.last = b.o.Clock()
	return db, head, nil
}

// lookUp answers a group from a file that was opened again.
func (b *Book) lookUp(db *bolt.DB, head Head, group []*request, cause error) error {
	if head.Seq > b.head.Seq {
		// What is read after a flush that failed may lie in memory only, and the
		// system may never try it again by itself. A commit after it writes the
		// page that was not flushed anew; only then is it on the disk.
		if err := db.Update(func(*bolt.Tx) error { return nil }); err != nil {
			return err
		}
	}
	return db.View(func(tx *bolt.Tx) error {
		state := b.stateIn(tx, head, time.Time{})
		for _, r := range group {
			r.entries, r.err = nil, nil
			done, err := r.carriedOut(state)
			if err != nil {
				return err
			}
			if !done {
				r.err = fmt.Errorf("%w: %w", ErrNotStored, cause)
			}
		}
		return nil
	})
}
