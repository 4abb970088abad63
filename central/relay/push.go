package relay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Run carries what is in the outbox upstream until ctx ends, as patiently as a
// station. Nothing it meets is an error to its caller.
func (r *Relay) Run(ctx context.Context) {
	failures := 0
	for ctx.Err() == nil {
		err := r.round(ctx)
		r.mu.Lock()
		r.online = err == nil
		r.mu.Unlock()
		pause, nudge := wire.Heartbeat, r.nudge
		if err != nil {
			r.o.Log.Warn("not carried to upstream", "err", err)
			// A station that wrote more does not make a cut line whole.
			pause, nudge = wire.Pause(failures, r.o.Random), nil
			failures++
		} else {
			failures = 0
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-nudge:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// round brings upstream to where the relay is: its own log, then each station's.
// The error means that upstream cannot be reached or cannot store now; what it
// says of one log hinders no other.
func (r *Relay) round(ctx context.Context) error {
	if err := r.pushOwn(ctx); err != nil {
		return err
	}
	logs, err := r.Store.Logs(ctx)
	if err != nil {
		return err
	}
	for _, log := range logs {
		if log.ID == r.o.Own {
			continue
		}
		if err := r.push(ctx, log.ID); err != nil {
			return fmt.Errorf("log %s of station %s: %w", log.ID, log.Identity.Station, err)
		}
	}
	return nil
}

// pushOwn carries the relay's own log: what people did at it. It is signed here.
func (r *Relay) pushOwn(ctx context.Context) error {
	if r.upstreamKey() == nil {
		if err := r.enrolOwn(ctx); err != nil {
			return err
		}
	}
	if err := r.ask(ctx, r.o.Own); err != nil {
		return err
	}
	for {
		from := r.headOf(r.o.Own).Seq + 1
		stored, err := r.Store.Entries(ctx, r.o.Own, from, wire.MaxEntries)
		if err != nil || len(stored) == 0 {
			return err
		}
		entries := make([]ledger.Entry, len(stored))
		for i := range stored {
			entries[i] = stored[i].Entry
		}
		batch, err := r.o.Codec.Pack(r.o.Signer, entries)
		if err != nil {
			return err
		}
		if _, err := r.send(ctx, wire.AppendPath(r.o.Own), batch); err != nil {
			return err
		}
		if r.headOf(r.o.Own).Seq < from {
			return nil // it was refused; the reason is in the log
		}
	}
}

// enrolOwn makes the relay itself known upstream.
func (r *Relay) enrolOwn(ctx context.Context) error {
	first, err := r.Store.Entries(ctx, r.o.Own, 1, 1)
	if err == nil && len(first) != 1 {
		err = errors.New("the relay's own log has no first entry")
	}
	if err != nil {
		return err
	}
	a, err := r.introduce(ctx, wire.NewEnrolment(r.o.Signer, r.o.Code, first[0].Entry), r.o.Own)
	if err == nil && a.Problem != "" {
		err = fmt.Errorf("upstream does not let this relay in: %s", a.Text)
	}
	return err
}

// push carries one station's batches.
func (r *Relay) push(ctx context.Context, log ledger.LogID) error {
	if err := r.ask(ctx, log); err != nil {
		return err
	}
	for {
		if r.parted(log) {
			// All that is here is evidence now; the station is told by upstream's head.
			if err := r.pushEvidence(ctx, log, bucketBatches); err != nil {
				return err
			}
			return r.pushEvidence(ctx, log, bucketEvidence)
		}
		before := r.headOf(log)
		batch, found, err := r.box.first(bucketBatches, log, before.Seq)
		if err != nil {
			return err
		}
		if !found {
			return r.pushEvidence(ctx, log, bucketEvidence)
		}
		problem, err := r.send(ctx, wire.AppendPath(log), batch)
		if err != nil {
			return err
		}
		if problem == wire.ProblemBroken { // upstream has it as evidence
			if err := r.forget(log, batch); err != nil {
				return err
			}
		}
		if problem != wire.ProblemFork && r.headOf(log).Seq <= before.Seq {
			return nil // a gap: the station sends what is missing; or a person decides
		}
	}
}

// forget drops a batch that upstream does not want.
func (r *Relay) forget(log ledger.LogID, batch wire.Batch) error {
	if err := r.box.drop(bucketBatches, batch.Header); err != nil {
		return err
	}
	return r.recover(log, r.headOf(log).Seq)
}

// pushEvidence shows upstream what did not fit, here or there.
func (r *Relay) pushEvidence(ctx context.Context, log ledger.LogID, bucket []byte) error {
	for {
		batch, found, err := r.box.first(bucket, log, 0)
		if err != nil {
			return err
		}
		if !found {
			return r.recover(log, r.headOf(log).Seq)
		}
		problem, err := r.send(ctx, wire.ShowPath(log), batch)
		if err != nil {
			return err
		}
		switch problem {
		case "", wire.ProblemFork, wire.ProblemBroken, wire.ProblemMalformed, wire.ProblemRevoked:
		default:
			return nil // it was not taken; later
		}
		if err := r.box.drop(bucket, batch.Header); err != nil {
			return err
		}
	}
}

// ask finds out how far upstream has a log, and makes it known there again if
// upstream was restored from before its enrolment.
func (r *Relay) ask(ctx context.Context, log ledger.LogID) error {
	a, err := r.call(ctx, http.MethodGet, wire.HeadPath(log), nil, nil)
	if err != nil {
		return err
	}
	if a.Problem != wire.ProblemUnknownLog {
		return r.take(ctx, log, a)
	}
	text, err := r.box.value(bucketEnrolments, log[:])
	if err != nil {
		return err
	}
	if text == nil {
		r.stands(log, a.Problem)
		return nil // the station comes with its enrolment
	}
	var n wire.Enrolment
	if err := json.Unmarshal(text, &n); err != nil {
		return fmt.Errorf("read the relay's outbox: %w", err)
	}
	again, err := r.introduce(ctx, n, log)
	if err == nil && again.Problem != "" {
		r.stands(log, again.Problem)
	}
	return err
}

// send sends one batch verbatim, to be taken in or looked at. The problem is upstream's, the error as of call.
func (r *Relay) send(ctx context.Context, path string, batch wire.Batch) (wire.Problem, error) {
	header := http.Header{"Content-Type": {wire.ContentType}}
	batch.Header.Set(header)
	log := batch.Header.Log
	a, err := r.call(ctx, http.MethodPost, path, header, batch.Packed)
	if err != nil {
		return "", err
	}
	switch a.Problem {
	case wire.ProblemStore, wire.ProblemBusy, wire.ProblemSignature, wire.ProblemMalformed:
		// It was proved here before it was kept: something on the way spoilt it.
		if a.Head == nil {
			return a.Problem, fmt.Errorf("upstream answered %s: %s", a.Problem, a.Text)
		}
	}
	return a.Problem, r.take(ctx, log, a)
}

// take believes upstream's head, if upstream signed it. What upstream has leaves
// the outbox, if it is what the station wrote here.
func (r *Relay) take(ctx context.Context, log ledger.LogID, a wire.Answer) error {
	if a.Head == nil {
		r.stands(log, a.Problem)
		r.o.Log.Warn("upstream refused", "log", log, "problem", a.Problem, "text", a.Text)
		return nil
	}
	if err := a.Head.Check(r.upstreamKey(), log); err != nil {
		return fmt.Errorf("upstream signs with another key than before: %w", err)
	}
	problem := a.Problem
	if problem == wire.ProblemGap {
		problem = ""
	}
	own, err := r.same(ctx, *a.Head)
	if err != nil {
		return err
	}
	if !own {
		problem = wire.ProblemFork
	}
	before := r.headOf(log)
	if own && (before.Seq != a.Head.Seq || before.Leaf != a.Head.Leaf) {
		if err := r.box.arrived(*a.Head); err != nil {
			return err
		}
	}
	covered := a.Head.Seq
	if own {
		if covered, err = r.box.covered(log, a.Head.Seq); err != nil {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.logs[log]
	s.head, s.problem = *a.Head, problem
	if own {
		s.covered = covered
	}
	r.logs[log] = s
	return nil
}

// same says whether upstream's last entry is the one that lies here. One that did
// not pass through here is believed.
func (r *Relay) same(ctx context.Context, h wire.Head) (bool, error) {
	if h.Seq == 0 {
		return true, nil
	}
	at, err := r.Store.Entries(ctx, h.Log, h.Seq, 1)
	if err != nil {
		return false, err
	}
	return len(at) == 0 || at[0].Leaf == h.Leaf, nil
}

func (r *Relay) upstreamKey() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.key
}

func (r *Relay) headOf(log ledger.LogID) wire.Head {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.logs[log].head
}

// parted says that upstream has another history of a log than its station.
func (r *Relay) parted(log ledger.LogID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.logs[log].problem == wire.ProblemFork
}

func (r *Relay) stands(log ledger.LogID, problem wire.Problem) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.logs[log]
	s.problem = problem
	r.logs[log] = s
}
