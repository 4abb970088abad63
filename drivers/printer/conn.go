package printer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
)

// xoffLimit is how long a request to pause is believed: the byte that ends it
// can be lost.
const xoffLimit = 10 * time.Second

// checkMark is the second byte of the answer to an order to read a check.
const checkMark = 0x2A

// conn is one open line, from its opening to its loss. Everything in it belongs
// to the goroutine that runs serve; the reader and the writer speak to that
// goroutine over channels and share nothing but the flag held.
type conn struct {
	*Session

	pieces chan piece        // to the writer, which has one at a time
	wrote  chan error        // from it
	heard  chan escpos.Reply // from the reader
	lost   chan error        // from it, once
	held   atomic.Bool       // the printer asked for a pause

	win     *window
	busy    bool // the writer has current
	current piece
	lane    []piece // goes before any more of the job

	raw      escpos.Status // what the printer last said
	last     escpos.Status // its last report
	reported bool          // there was one since it was set up
	flooded  bool          // it stopped, and its buffer may be full of questions
	drained  time.Time     // when it can be assumed to have worked them off
	cut      bool          // the last of them may be there in part, and wait for the rest
	link     Link
	heldAt   time.Time

	watch watch
	job   *job
	kick  *kick

	discard *discard
	fence   fence
	check   *reading
	sheets  sheets
}

// serve uses one line until it is lost or ctx ends.
func (s *Session) serve(ctx context.Context, port link.Port) error {
	ctx, cancel := context.WithCancel(ctx)
	c := &conn{
		Session: s,
		pieces:  make(chan piece, 1), wrote: make(chan error),
		heard: make(chan escpos.Reply), lost: make(chan error, 1),
		win: newWindow(s.cfg.Profile, s.after.serial), link: LinkSilent,
	}
	var both sync.WaitGroup
	both.Go(func() { c.read(ctx, port) })
	both.Go(func() {
		w := writer{port: port, clock: s.cfg.Clock, baud: s.cfg.Baud, held: &c.held}
		w.run(ctx, c.pieces, c.wrote)
	})
	c.start()
	err := c.loop(ctx)
	cause := ErrClosed
	if ctx.Err() == nil {
		cause = fmt.Errorf("%w (%v)", ErrLineLost, err)
	}
	cancel()
	c.leave(cause)
	port.Close() // whatever it says, the line is given up
	both.Wait()
	return cause
}

// read hands on what the printer says until the line is lost.
func (c *conn) read(ctx context.Context, port link.Port) {
	var d escpos.ReplyDecoder
	b := make([]byte, 64)
	for ctx.Err() == nil {
		n, err := port.Read(b)
		for _, x := range b[:n] {
			r, whole := d.Push(x)
			if !whole {
				continue
			}
			select {
			case c.heard <- r:
			case <-ctx.Done():
				return
			}
		}
		if err != nil && !errors.Is(err, link.ErrTimeout) {
			c.lost <- err
			return
		}
	}
}

// start begins on a line about which nothing is known yet.
func (c *conn) start() {
	if c.cfg.Profile.WriteOnly {
		c.raw = escpos.Status{}
		c.up()
	}
	c.publish()
}

// up is called when the printer is known to listen: it is put into a known
// state and asked to report.
func (c *conn) up() {
	c.link = LinkUp
	// A piece that was cut off may have left the parser waiting for the rest of
	// an image; NUL does nothing anywhere else.
	setup := make([]byte, c.after.broken, c.after.broken+8)
	c.after.broken = 0
	if c.cfg.Profile.Slip.Columns > 0 { // it may wait for a sheet that nobody asks for any more
		c.lane = append(c.lane, piece{data: escpos.CancelWait(), urgent: true})
	}
	setup = append(setup, escpos.Init()...)
	if c.cfg.Profile.ASB {
		setup = append(setup, escpos.EnableASB(escpos.ASBAll)...)
	}
	c.lane = append(c.lane, piece{data: setup})
	c.account(setup)
	c.raise()
	c.cfg.Log.Info("printer is up", "profile", c.cfg.Profile.Name)
}

// loop is the session's mind: it hears, decides and hands one piece at a time
// to the writer.
func (c *conn) loop(ctx context.Context) error {
	for {
		now := c.cfg.Clock.Now()
		c.step(now)
		var jobs chan *job
		var jobEnds, kickEnds <-chan struct{}
		if c.job == nil {
			jobs = c.jobs
		} else if c.discard == nil { // its fate is about to be known
			jobEnds = c.job.ctx.Done()
		}
		var kicks chan *kick
		if c.kick == nil {
			kicks = c.kicks
		} else {
			kickEnds = c.kick.ctx.Done()
		}
		var discards chan *discard
		if c.discard == nil {
			discards = c.discards
		}
		var checks chan *reading
		var checkEnds <-chan struct{}
		if c.check == nil {
			checks = c.checks
		} else if !c.check.over {
			checkEnds = c.check.ctx.Done()
		}
		var alarm <-chan time.Time
		if at, ok := c.wakeAt(); ok {
			alarm = c.cfg.Clock.After(max(at.Sub(now), 0))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-c.lost:
			return err
		case err := <-c.wrote:
			if err != nil {
				return err
			}
			c.busy = false
			if c.current.written != nil {
				c.current.written(c.cfg.Clock.Now())
			}
		case r := <-c.heard:
			c.reply(r)
		case c.job = <-jobs:
		case c.kick = <-kicks:
		case c.discard = <-discards:
		case c.check = <-checks:
		case <-c.mends:
			c.lane = append(c.lane, piece{data: escpos.Recover(1), urgent: true})
		case <-jobEnds:
			c.giveUp()
		case <-kickEnds:
			c.endKick(kicked{err: c.kick.ctx.Err()})
		case <-checkEnds:
			c.callOffCheck()
		case <-alarm:
		}
	}
}

// step does all that can be done now.
func (c *conn) step(now time.Time) {
	if c.held.Load() && now.Sub(c.heldAt) > xoffLimit && !c.raw.Offline {
		c.held.Store(false)
	}
	c.stepFence(now)
	c.stepDiscard(now)
	c.stepKick(now)
	c.stepCheck(now)
	c.stepLoaded(now)
	c.stepWatch(now)
	c.stepJob(now)
	c.publish()
	if c.busy || c.discard != nil { // nothing may come between the order to forget and the answer
		return
	}
	// A piece that would wait for the pause to end must not stand in the way of
	// a pulse.
	paused := c.held.Load()
	if i := slices.IndexFunc(c.lane, func(p piece) bool { return p.urgent || !paused }); i >= 0 {
		p := c.lane[i]
		c.lane = slices.Delete(c.lane, i, i+1)
		c.hand(p)
		return
	}
	c.feedJob(now)
}

// hand gives a piece to the writer, which is free.
func (c *conn) hand(p piece) {
	c.busy, c.current = true, p
	c.pieces <- p
}

// account counts bytes that go into the printer's buffer. Where reports are the
// tokens, one asked for on the way gives credit back like any other.
func (c *conn) account(data []byte) {
	if c.win.token != escpos.AckASB {
		c.win.sent(len(data))
		return
	}
	var t escpos.Tokenizer
	t.Push(data, func(tok escpos.Token) {
		c.win.sent(len(tok.Data))
		if tok.Name == "GS a" && tok.Data[2] != 0 {
			c.win.closeStretch(0, [4]byte{}, time.Time{})
		}
	})
}

// reply takes in what the printer said.
func (c *conn) reply(r escpos.Reply) {
	now := c.cfg.Clock.Now()
	switch r.Kind {
	case escpos.ReplyNoise:
		return
	case escpos.ReplyXOFF:
		c.held.Store(true)
		c.heldAt = now
	case escpos.ReplyXON:
		// A printer that was never asked to pause says "go on" when it is
		// switched on.
		if !c.held.Swap(false) && c.job != nil && c.job.begun {
			c.restarted(ErrRestarted)
			return
		}
	case escpos.ReplyRealtime:
		c.answer(r.Byte)
	case escpos.ReplyASB:
		c.report(r.ASB)
	case escpos.ReplySync:
		if c.win.token == escpos.AckGSr {
			c.acknowledged(now)
		}
	case escpos.ReplyProcID:
		c.processed(r.ID)
	case escpos.ReplyCleared:
		c.cleared()
	case escpos.ReplyInfo:
		c.checkSaid(r.Text)
	case escpos.ReplyBlock:
		if r.Byte == checkMark {
			c.checkSaid(r.Text)
		}
	}
	c.watch.heard = now
	c.watch.misses = 0
}

// processed takes in a process ID. Every one of a job's must come: where one is
// missing, the data before it were lost with the power.
func (c *conn) processed(id [4]byte) {
	if c.fence.up && id == c.fence.id {
		c.lower()
		return
	}
	skipped, known := c.win.answeredID(id)
	if !known {
		return // of a job given up long ago
	}
	if skipped > 0 && c.job != nil && c.job.begun {
		c.restarted(ErrRestarted)
		return
	}
	c.progress(c.cfg.Clock.Now())
}

// report takes in an automatic report.
func (c *conn) report(s escpos.Status) {
	changed := c.reported && s != c.last // not than what an answer to DLE EOT may have told since
	c.raw, c.last, c.reported = s, s, true
	if c.link == LinkSilent {
		c.up()
	}
	if c.watch.asked && c.watch.question == askReport {
		c.watch.done()
	}
	// A report of something new came by itself; one that says nothing new was
	// asked for.
	if !changed && c.win.token == escpos.AckASB {
		c.acknowledged(c.cfg.Clock.Now())
	}
}

// restarted begins anew with a printer that lost what it had.
func (c *conn) restarted(cause error) {
	if c.job != nil && c.job.begun {
		c.after.fragment = true
		c.endJob(Unknown, cause)
	}
	if c.check != nil && c.check.sent {
		c.endCheck(readCheck{err: fmt.Errorf("read a check: %w", cause)})
	}
	c.sheets = sheets{}
	c.reset()
	c.link = LinkSilent
	c.reported, c.flooded, c.cut = false, false, false
	c.watch = watch{}
}

// reset forgets what the printer was credited for.
func (c *conn) reset() {
	c.owe()
	c.after.serial = c.win.serial
	c.win = newWindow(c.cfg.Profile, c.after.serial)
}

// publish posts the status, and what the drawer did.
func (c *conn) publish() {
	next := Status{Link: c.link, Form: c.form(), Job: c.jobState(), At: c.cfg.Clock.Now()}
	next.take(c.raw, c.cfg.OpenLevel)
	if c.link != LinkUp {
		next = Status{Link: c.link, Job: next.Job, At: next.At}
	} else if c.cfg.Profile.WriteOnly {
		next.Drawer = DrawerUnknown
	}
	e := c.after.till.see(next.Drawer, next.At)
	e.Status = next
	c.board.post(e)
	if e, ok := c.after.till.leftOpen(next.Drawer, next.At, c.cfg.LeftOpen); ok {
		e.Status = next
		c.board.post(e)
	}
}

// wakeAt is when something has to be decided next.
func (c *conn) wakeAt() (at time.Time, ok bool) {
	for _, t := range []time.Time{c.watch.wakeAt(), c.kickWake(), c.jobWake(), c.heldWake(), c.drawerWake(), c.discardWake(),
		c.fenceWake(c.cfg.Clock.Now()), c.checkWake(), c.loadedWake()} {
		if !t.IsZero() && (!ok || t.Before(at)) {
			at, ok = t, true
		}
	}
	return at, ok
}

func (c *conn) heldWake() time.Time {
	if !c.held.Load() || c.raw.Offline {
		return time.Time{}
	}
	return c.heldAt.Add(xoffLimit + time.Millisecond)
}

// leave settles everything when the line is gone.
func (c *conn) leave(cause error) {
	c.owe()
	c.after.serial = c.win.serial
	if c.kick != nil {
		c.endKick(kicked{err: cause})
	}
	if c.discard != nil {
		defer c.endDiscard(cause)
	}
	if c.check != nil {
		c.endCheck(readCheck{err: fmt.Errorf("read a check: %w", cause)})
	}
	if c.job == nil {
		return
	}
	if !c.job.begun {
		c.endJob(NotStarted, cause)
		return
	}
	c.after.fragment = true
	if c.busy && !c.current.urgent {
		c.after.broken = len(c.current.data)
	}
	c.endJob(Unknown, cause)
}
