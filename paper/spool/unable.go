package spool

import (
	"context"
	"slices"

	"gatehouse/ledger"
)

// leaveOut takes papers off the list that this printer has no place for, such as
// the back of a check where there is no slip station. Nobody could print them
// here, and a list of them would hide what matters. The person is told once, by
// State.Unable.
func (s *Spooler) leaveOut(ctx context.Context) error {
	var gone []uint64
	var head uint64
	err := s.o.Book.Read(func(st *ledger.State) error {
		head = st.Head().Seq
		for k, v := range ledger.Prefixed(st.Rows(viewName), []byte("J")) {
			of := ledger.KeySeq(k[1:])
			j, ok := readJob(v)
			if !ok || of <= s.lookedAt || len(gone) == maxSkip || j.state != queued && j.state != offered {
				continue
			}
			e, err := st.Entry(of)
			if err != nil {
				return err
			}
			if _, has := s.o.Profile.Form(s.o.Layouts.On(e.Kind)); !has {
				gone = append(gone, of)
				s.cannot(s.o.Layouts.Title(e.Kind))
			}
		}
		return nil
	})
	if err == nil && len(gone) > 0 {
		err = s.write(ctx, func(st *ledger.State) ([]ledger.Draft, error) {
			return []ledger.Draft{{Kind: KindSkipped, Body: Skipped{Of: gone}}}, nil
		})
	}
	if err == nil && len(gone) < maxSkip {
		s.lookedAt = head
	}
	return err
}

// cannot notes the title of a paper that this printer has no place for.
func (s *Spooler) cannot(title string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(s.unable, title) {
		s.unable = append(s.unable, title)
		s.o.Log.Warn("this printer has no place for a paper; it is left out", "paper", title, "printer", s.o.Profile.Name)
	}
}
