package sim

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"gatehouse/central/store"
	"gatehouse/ledger"
)

// verdict looks at what is left when everything is mended.
func (w *world) verdict(ctx context.Context, r *Result) error {
	if !w.house.up() {
		return fmt.Errorf("central did not start again")
	}
	for _, m := range w.machines {
		if !m.up() {
			return fmt.Errorf("%s did not start again", m.name)
		}
	}
	seen := make(map[ledger.LogID]bool)
	for _, m := range w.machines {
		if err := m.verdict(ctx, r); err != nil {
			return err
		}
		if seen[m.id.Log] {
			continue
		}
		seen[m.id.Log] = true
		if log, err := w.house.kept.Log(ctx, m.id.Log); err == nil {
			r.Entries, r.Receipts, r.Taken = r.Entries+log.Head.Seq, r.Receipts+log.Head.Totals.Receipts, r.Taken.Plus(log.Head.Totals.Taken)
		}
	}
	slices.Sort(r.Wrong)
	for _, text := range r.Wrong {
		w.note("verdict", "%s", text)
	}
	return nil
}

// verdict looks at one station, and at what central has of it.
func (m *machine) verdict(ctx context.Context, r *Result) error {
	wrong := func(format string, args ...any) {
		r.Wrong = append(r.Wrong, m.name+": "+fmt.Sprintf(format, args...))
	}
	own, err := m.book.Entries(1, int(m.book.Head().Seq))
	if err != nil {
		return err
	}
	m.own(own, wrong)
	log, err := m.w.house.kept.Log(ctx, m.id.Log)
	if err != nil {
		wrong("central does not know it: %v", err)
		return nil
	}
	stored, err := m.w.house.kept.Entries(ctx, m.id.Log, 1, int(log.Head.Seq)+1)
	if err != nil {
		return err
	}
	there(log, stored, wrong)
	state := m.follow.State()
	same := 0
	for same < len(own) && same < len(stored) && bytes.Equal(own[same].Raw, stored[same].Raw) {
		same++
	}
	switch {
	case state.Fork:
		r.Forks++
		if same == len(own) && same == len(stored) {
			wrong("a fork is said where there is none")
		}
		evidence, err := m.w.house.kept.Evidence(ctx, m.id.Log)
		if same < len(own) && (err != nil || len(evidence) == 0) { // one that is behind has no side of its own
			wrong("its side of the fork is not at central: %v", err)
		}
		if m.twin == nil && !m.lost {
			wrong("its ledger was never copied, and is a fork: it and central have %d entries in common", same)
		}
	case same < len(own) || same < len(stored):
		wrong("it has %d entries and central %d, and the first %d are the same; %s %s", len(own), len(stored), same, state.Code, state.Err)
	case state.Waiting > 0 || state.AtCentral != uint64(len(own)):
		wrong("it believes central to be at %d of %d: %s", state.AtCentral, len(own), state.Err)
	}
	for _, seq := range slices.Sorted(maps.Keys(m.promised)) {
		if seq > uint64(len(stored)) || stored[seq-1].Leaf != m.promised[seq] {
			wrong("central said it has entry %d, and has not", seq)
		}
	}
	return nil
}

// own looks at the station's ledger alone.
func (m *machine) own(own []ledger.Entry, wrong func(string, ...any)) {
	done := make(map[int]int)
	var chain ledger.Chain
	var sum, taken ledger.Cents
	for _, e := range own {
		if err := chain.Next(e.Raw); err != nil {
			wrong("%v", err)
			return
		}
		for _, l := range e.Lines {
			sum = sum.Plus(l.Amount)
			if l.Account == "assets:drawer:cash" {
				taken = taken.Plus(l.Amount)
			}
		}
		if e.Kind != "cash.payment.v1" {
			continue
		}
		body, err := ledger.Unpack[struct {
			N int `json:"n"`
		}](&e)
		if err != nil {
			wrong("entry %d: %v", e.Seq, err)
		}
		done[body.N]++
	}
	if head := m.book.Head(); sum != 0 || taken != head.Totals.Taken || uint64(len(done)) != head.Totals.Receipts && !m.lost {
		wrong("the books sum to %s, %s was taken, %d payments; the totals are %+v", sum, taken, len(done), head.Totals)
	}
	for _, a := range m.acts {
		switch n := done[a.n]; {
		case n > 1:
			wrong("payment %d is there %d times", a.n, n)
		case n == 0 && a.done && !m.lost:
			wrong("payment %d was acknowledged, and is not there", a.n)
		}
	}
}

// there looks at central's side alone.
func there(log store.Log, stored []store.Stored, wrong func(string, ...any)) {
	var chain ledger.Chain
	for _, e := range stored {
		if err := chain.Next(e.Raw); err != nil {
			wrong("at central: %v", err)
			return
		}
	}
	if n := len(stored); n > 0 && (chain.Leaf != log.Head.Leaf || stored[n-1].Totals != log.Head.Totals) || uint64(n) != log.Head.Seq {
		wrong("central's head %+v is not its last entry", log.Head)
	}
}
