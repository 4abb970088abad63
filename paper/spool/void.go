package spool

import (
	"context"
	"errors"

	"gatehouse/drivers/printer"
	"gatehouse/ledger"
)

// VoidFailure is a voided paper that the printer may print all the same: the
// person must switch it off and on.
type VoidFailure struct {
	Job
	// Cannot: the model has no order to forget. Otherwise it has one, and did not
	// say that it obeyed.
	Cannot bool
}

// heedVoid throws a job away in the printer when a person voids it. It returns
// when that is done, or when ctx, in which the job is printed, ends. Cut ends it.
func (s *Spooler) heedVoid(ctx context.Context, cut context.CancelFunc, j Job) {
	for {
		head := s.o.Book.Head().Seq
		voided, err := s.isVoided(j)
		switch {
		case err != nil:
			s.note(err)
		case voided:
			s.tell()
			_, err := s.o.Printer.Discard(ctx)
			if errors.Is(err, printer.ErrCannotDiscard) {
				s.fail(&VoidFailure{Job: j, Cannot: true})
				return // and the job goes on as it was
			}
			// What had begun has ended by now, or will never be heard of again; what
			// had not must not begin.
			cut()
			return
		}
		if err := s.o.Book.Wait(ctx, head); err != nil {
			return
		}
	}
}

func (s *Spooler) isVoided(j Job) (voided bool, err error) {
	err = s.o.Book.Read(func(st *ledger.State) error {
		now, found := jobOf(st, j.Of)
		voided = found && now.copy == j.Copy && now.state == voiding
		return nil
	})
	return voided, err
}

// instead is the entry for the end of a job that was voided: whatever is not known
// to be out is void, and no question is asked of it.
func instead(j Job, kind ledger.Kind, body any) (ledger.Kind, any) {
	switch b := body.(type) {
	case NotStarted:
		return KindVoided, Voided{Of: j.Of, Copy: j.Copy, Cause: b.Cause}
	case Doubtful:
		return KindVoided, Voided{Of: j.Of, Copy: j.Copy, Began: true, Cause: b.Cause}
	}
	return kind, body
}

// voidEnded keeps whether the printer may still have some of a voided paper.
func (s *Spooler) voidEnded(j Job, r printer.Result, voided bool) {
	lost := r.Fate == printer.Unknown || r.Fate == printer.Blocked
	switch {
	case voided && lost && !errors.Is(r.Cause, printer.ErrRestarted):
		s.fail(&VoidFailure{Job: j})
	case r.Fate != printer.NotStarted:
		s.fail(nil) // it does as it is told, or was switched off and on
	}
}

func (s *Spooler) fail(f *VoidFailure) {
	s.mu.Lock()
	changed := s.failure != nil || f != nil
	s.failure = f
	s.mu.Unlock()
	if changed {
		s.tell()
	}
}
