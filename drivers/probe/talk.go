package probe

import (
	"bytes"
	"context"
	"errors"
	"time"

	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
)

const (
	// answerWait is how long a question may stay unanswered. The slowest line
	// takes 33 ms for question and answer (1200 baud), a USB adapter adds 16 ms, and
	// a clone at work may take some more.
	answerWait = 300 * time.Millisecond
	// blockWait is the same for answers of many characters.
	blockWait = 1500 * time.Millisecond
	// settle is how long what an earlier program asked may still be answered.
	settle = 50 * time.Millisecond
	// slowAnswer is from when on an answer is worth a remark.
	slowAnswer = 150 * time.Millisecond
	maxHeard   = 4096 // bytes kept of what came back, to know an echo
)

// talk is a conversation over one open line.
type talk struct {
	port  link.Port
	clock link.Clock

	decoder escpos.ReplyDecoder
	heard   []byte // since the last question
	noise   bool   // something came that was no answer
	xon     bool   // the printer uses XON/XOFF
	paused  bool   // it asked for a pause and did not take it back
	slowest time.Duration
}

// isKind knows an answer by its kind.
func isKind(kind escpos.ReplyKind) func(escpos.Reply) bool {
	return func(r escpos.Reply) bool { return r.Kind == kind }
}

// ask sends a question and waits for the answer that is wanted. No answer is no
// error; an error means that the line is gone or ctx ended.
func (t *talk) ask(ctx context.Context, question []byte, wait time.Duration, wanted func(escpos.Reply) bool) (escpos.Reply, bool, error) {
	t.heard = t.heard[:0]
	began := t.clock.Now()
	if _, err := t.port.Write(question); err != nil {
		return escpos.Reply{}, false, err
	}
	r, answered, err := t.listen(ctx, began.Add(wait), wanted)
	if took := t.clock.Now().Sub(began); answered {
		t.slowest = max(t.slowest, took)
	}
	return r, answered, err
}

// listen reads until what is wanted comes, or until then.
func (t *talk) listen(ctx context.Context, until time.Time, wanted func(escpos.Reply) bool) (found escpos.Reply, ok bool, err error) {
	var b [64]byte
	for !ok && t.clock.Now().Before(until) {
		if ctx.Err() != nil {
			return found, false, ctx.Err()
		}
		n, err := t.port.Read(b[:])
		if err != nil && !errors.Is(err, link.ErrTimeout) {
			return found, false, err
		}
		if len(t.heard) < maxHeard {
			t.heard = append(t.heard, b[:n]...)
		}
		for _, c := range b[:n] {
			r, whole := t.decoder.Push(c)
			if !whole {
				continue
			}
			t.notice(r)
			if !ok && wanted(r) {
				found, ok = r, true
			}
		}
	}
	return found, ok, nil
}

func (t *talk) notice(r escpos.Reply) {
	switch r.Kind {
	case escpos.ReplyXOFF:
		t.xon, t.paused = true, true
	case escpos.ReplyXON:
		t.xon, t.paused = true, false
	case escpos.ReplyNoise:
		t.noise = true
	}
}

// drain hears out what was asked before.
func (t *talk) drain(ctx context.Context, d time.Duration) error {
	_, _, err := t.listen(ctx, t.clock.Now().Add(d), func(escpos.Reply) bool { return false })
	t.decoder = escpos.ReplyDecoder{}
	t.noise = false
	return err
}

// echoed tells whether what came back is what was sent.
func (t *talk) echoed(question []byte) bool { return bytes.HasPrefix(t.heard, question) }
