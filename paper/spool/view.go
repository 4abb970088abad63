package spool

import (
	"encoding/binary"
	"slices"
	"time"

	"gatehouse/ledger"
)

// state is where a job stands.
type state byte

const (
	queued state = iota
	offered
	sending
	doubtful
	voiding // sending, and a person decided that no more of it is to come out
)

// job is a row of the view: a paper not yet out of the printer.
type job struct {
	state state
	doubt bool   // the paper before it may have come out
	copy  int    // 0 is the original
	by    uint64 // entry that ordered it
	since int64  // when that was, microseconds since 1970 UTC
	cause string // why it is doubtful or offered
}

const jobHead = 20 // bytes of a row before the cause

func (j job) row() []byte {
	b := append(make([]byte, 0, jobHead+len(j.cause)), byte(j.state), flag(j.doubt))
	b = binary.BigEndian.AppendUint16(b, uint16(j.copy))
	b = binary.BigEndian.AppendUint64(b, j.by)
	b = binary.BigEndian.AppendUint64(b, uint64(j.since))
	return append(b, j.cause...)
}

func readJob(row []byte) (job, bool) {
	if len(row) < jobHead {
		return job{}, false
	}
	return job{state: state(row[0]), doubt: row[1] == 1, copy: int(binary.BigEndian.Uint16(row[2:])),
		by: binary.BigEndian.Uint64(row[4:]), since: int64(binary.BigEndian.Uint64(row[12:])), cause: string(row[jobHead:])}, true
}

// past is a row of the view: a paper that needs nothing more.
type past struct {
	sent bool // bytes of it were sent at some time
	copy int  // the last copy made, 0 the original
}

func (p past) row() []byte {
	return binary.BigEndian.AppendUint16([]byte{flag(p.sent)}, uint16(p.copy))
}

func readPast(row []byte) (past, bool) {
	if len(row) != 3 {
		return past{}, false
	}
	return past{sent: row[0] == 1, copy: int(binary.BigEndian.Uint16(row[1:]))}, true
}

func flag(on bool) byte {
	if on {
		return 1
	}
	return 0
}

// jobs is the view "paper.jobs":
//
//	"J" entry   job: a paper not yet out
//	"P" entry   past: a paper that is done with
//	"D" entry   1 when a spooler came on duty with that entry, 0 when it went
//
// Taking in an entry that prints is one small Put; nothing is read and the body
// is not looked at, because payments come this way.
type jobs struct{ prints []ledger.Kind }

const viewName = "paper.jobs"

// View is the view of jobs. Kinds are those that print, from paper.Layouts; they
// belong to the view: a program that knows others folds other rows.
func View(kinds []ledger.Kind) ledger.View { return jobs{slices.Clone(kinds)} }

func (jobs) Name() string { return viewName }

func (v jobs) Kinds() []ledger.Kind {
	return append([]ledger.Kind{KindOnDuty, KindOffDuty, KindSending, KindPrinted, KindNotStarted, KindDoubtful,
		KindResolved, KindReprint, KindReleased, KindSkipped, KindVoid, KindVoided}, v.prints...)
}

func jobKey(of uint64) []byte        { return seqKey('J', of) }
func pastKey(of uint64) []byte       { return seqKey('P', of) }
func dutyKey(seq uint64) []byte      { return seqKey('D', seq) }
func seqKey(c byte, n uint64) []byte { return binary.BigEndian.AppendUint64([]byte{c}, n) }

// Fold takes an entry in.
func (v jobs) Fold(t ledger.Table, e *ledger.Entry) error {
	switch e.Kind {
	case KindOnDuty, KindOffDuty:
		t.Add(dutyKey(e.Seq), []byte{flag(e.Kind == KindOnDuty)})
		return nil
	case KindSending:
		return with(e, func(b Sending) {
			change(t, b.Of, func(j *job) { j.state, j.cause = sending, "" })
		})
	case KindPrinted:
		return with(e, func(b Printed) { end(t, b.Of, past{sent: true, copy: b.Copy}) })
	case KindNotStarted:
		return with(e, func(b NotStarted) {
			change(t, b.Of, func(j *job) {
				j.state, j.cause = queued, b.Cause
				if b.Offer {
					j.state = offered
				}
			})
		})
	case KindDoubtful:
		return with(e, func(b Doubtful) {
			change(t, b.Of, func(j *job) { j.state, j.cause = doubtful, b.Cause })
		})
	case KindResolved:
		return with(e, func(b Resolved) {
			if b.Printed {
				end(t, b.Of, past{sent: true, copy: b.Copy})
				return
			}
			t.Put(jobKey(b.Of), job{copy: b.Copy + 1, doubt: true, by: e.Seq, since: e.Micros}.row())
		})
	case KindReprint:
		return with(e, func(b Reprint) {
			t.Put(jobKey(b.Of), job{copy: b.Copy, by: e.Seq, since: e.Micros}.row())
		})
	case KindReleased:
		return with(e, func(b Released) {
			change(t, b.Of, func(j *job) { j.state, j.by, j.since, j.cause = queued, e.Seq, e.Micros, "" })
		})
	case KindVoid:
		return with(e, func(b Void) {
			if j, found := readJob(t.Get(jobKey(b.Of))); found && j.state != sending {
				skip(t, b.Of)
				return
			}
			change(t, b.Of, func(j *job) { j.state = voiding })
		})
	case KindVoided:
		return with(e, func(b Voided) {
			if !b.Began {
				skip(t, b.Of)
				return
			}
			end(t, b.Of, past{sent: true, copy: b.Copy})
		})
	case KindSkipped:
		return with(e, func(b Skipped) {
			for _, of := range b.Of {
				skip(t, of)
			}
		})
	}
	t.Put(jobKey(e.Seq), job{by: e.Seq, since: e.Micros}.row())
	return nil
}

// with reads the body of an entry of ours and takes it in.
func with[T any](e *ledger.Entry, take func(T)) error {
	body, err := ledger.Unpack[T](e)
	if err == nil {
		take(body)
	}
	return err
}

func change(t ledger.Table, of uint64, how func(*job)) {
	if j, found := readJob(t.Get(jobKey(of))); found {
		how(&j)
		t.Put(jobKey(of), j.row())
	}
}

func end(t ledger.Table, of uint64, p past) {
	t.Delete(jobKey(of))
	t.Put(pastKey(of), p.row())
}

// skip drops a job. What came before it counts: nothing was sent for an original,
// the paper before it for a copy.
func skip(t ledger.Table, of uint64) {
	if j, found := readJob(t.Get(jobKey(of))); found {
		end(t, of, past{sent: j.copy > 0, copy: max(j.copy-1, 0)})
	}
}

// jobOf reads the job of an entry.
func jobOf(s *ledger.State, of uint64) (job, bool) {
	return readJob(s.Rows(viewName).Get(jobKey(of)))
}

// onDuty says whether a spooler was on duty when an entry was made.
func onDuty(rows ledger.Rows, seq uint64) bool {
	for k, v := range rows.Back(dutyKey(seq + 1)) {
		return len(k) == 9 && k[0] == 'D' && len(v) == 1 && v[0] == 1
	}
	return false
}

// stands says how a job stands now: a queued one that nobody was there to print,
// or that has waited too long, is only offered.
func (j job) stands(rows ledger.Rows, now time.Time, longest time.Duration) state {
	if j.state != queued {
		return j.state
	}
	if now.Sub(time.UnixMicro(j.since)) > longest {
		return offered
	}
	if !onDuty(rows, j.by) {
		return offered
	}
	return queued
}
