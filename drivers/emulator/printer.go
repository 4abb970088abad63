package emulator

import (
	"context"
	"sync"
	"time"

	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
)

// Printer is an emulated printer with its drawer. All methods may be called from any goroutine.
type Printer struct {
	cfg   Config
	clock link.Clock
	stop  chan struct{} // closed by Close
	done  chan struct{} // closed when the parser has ended
	draw  *renderer

	mu   sync.Mutex
	wake *sync.Cond // any change of what follows

	closed bool
	line   line    // what arrives
	out    []byte  // what the host has not read yet
	host   host    // who is connected, if anyone
	cable  bool    // plugged in
	body   body    // paper, cover, cutter, power
	drawer drawer  // and its switch
	report report  // automatic status
	roll   roll    // what was printed
	stats  counts  // what was counted
	busy   bool    // the parser is at work on a byte
	order  upset   // what the parser must forget before it goes on
	slip   slip    // what is put in by hand
	faults []fault // what will happen by itself

	settings settings
}

// host is the far end of the line.
type host interface{ hangUp() }

// upset is a demand on the parser to forget.
type upset uint8

const (
	calm       upset = iota
	clearAll         // empty both buffers and say so
	clearQuiet       // empty both buffers
	powerLost        // forget everything
)

// New returns a printer that is switched on, has paper, and is plugged in. Close it after use.
// A profile without paper width or a missing clock is a mistake in the program and panics.
func New(cfg Config) *Printer {
	if cfg.Clock == nil || cfg.Profile.Dots < 16*12 || cfg.Profile.DPI < 60 {
		panic("emulator: New needs a Clock and a Profile with Dots and DPI")
	}
	if cfg.Buffer == 0 {
		cfg.Buffer = cfg.Profile.BufferBytes
	}
	cfg.Buffer = max(cfg.Buffer, 16)
	if len(cfg.DrawerPins) == 0 {
		cfg.DrawerPins = []int{2}
	}
	p := &Printer{
		cfg: cfg, clock: cfg.Clock, draw: newRenderer(),
		stop: make(chan struct{}), done: make(chan struct{}),
		cable: true, body: body{power: true}, drawer: newDrawer(cfg.DrawerPins),
	}
	p.settings = newSettings(cfg.Baud)
	p.wake = sync.NewCond(&p.mu)
	p.line.limit = cfg.Buffer
	p.slip.line = sampleLine
	p.report.last = p.status().ASB()
	p.roll.begin(&cfg.Profile)
	go p.work()
	return p
}

// Close switches the printer off for good and waits until it has stopped. Lines to it are hung up.
func (p *Printer) Close() error {
	p.mu.Lock()
	if !p.closed {
		p.closed = true
		close(p.stop)
		p.hangUp()
		p.wake.Broadcast()
	}
	p.mu.Unlock()
	<-p.done
	return nil
}

func (p *Printer) hangUp() {
	if p.host != nil {
		p.host.hangUp()
		p.host = nil
	}
	p.out = nil
}

// WaitIdle returns when the receive buffer is empty and the parser has nothing to do, or with the
// context's error. A printer that is out of paper with data waiting is not idle.
func (p *Printer) WaitIdle(ctx context.Context) error {
	return p.await(ctx, func() bool { return !p.busy && len(p.line.queue) == 0 && p.order == calm })
}

// Await returns when the state is as wanted, or with the context's error. ok must not call the printer.
func (p *Printer) Await(ctx context.Context, ok func(State) bool) error {
	return p.await(ctx, func() bool { return ok(p.state()) })
}

func (p *Printer) await(ctx context.Context, ok func() bool) error {
	defer context.AfterFunc(ctx, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.wake.Broadcast()
	})()
	p.mu.Lock()
	defer p.mu.Unlock()
	for !ok() {
		if p.closed {
			return ErrClosed
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		p.wake.Wait()
	}
	return nil
}

// work is the printer's own goroutine: it takes bytes out of the receive buffer one by one, when the
// printer is able to print, and gives them to the parser.
func (p *Printer) work() {
	defer close(p.done)
	w := newParser(p)
	for {
		b, order, ok := p.next()
		if !ok {
			return
		}
		if order != calm {
			w.forget(order)
			p.forgotten(order)
			continue
		}
		w.push(b)
		p.mu.Lock()
		p.busy = false
		p.wake.Broadcast()
		p.mu.Unlock()
	}
}

// next waits for a byte that may be parsed, or for an order to forget.
func (p *Printer) next() (b byte, order upset, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		switch {
		case p.closed:
			return 0, calm, false
		case p.order != calm:
			return 0, p.order, true
		case len(p.line.queue) > 0 && p.able():
			b = p.line.pop()
			p.flow()
			p.busy = true
			return b, calm, true
		}
		p.wake.Wait()
	}
}

// forgotten ends an order. The buffers are emptied here once more, because bytes may have come in since
// the order was given.
func (p *Printer) forgotten(order upset) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.order != order { // a stronger order came in between
		return
	}
	p.order = calm
	if order == clearAll {
		p.reply(0x37, 0x25, 0)
	}
	p.wake.Broadcast()
}

// able reports whether the parser may go on: an offline printer leaves its receive buffer alone.
func (p *Printer) able() bool {
	paper := p.body.paper != PaperGone || p.slip.selected != escpos.Roll
	return p.body.power && !p.body.cover && paper && !p.body.jammed
}

// upset gives an order to the parser and empties the receive buffer.
func (p *Printer) upset(order upset) {
	p.order = max(p.order, order)
	p.line.empty()
	p.wake.Broadcast()
}

// reply sends bytes to the host in one piece. With nobody there, or too many waiting, they are lost.
func (p *Printer) reply(b ...byte) {
	if p.cfg.Profile.WriteOnly || !p.body.power || !p.cable || p.host == nil || len(p.out)+len(b) > maxReplies {
		return
	}
	if p.line.replyLost {
		p.line.replyLost = false
		return
	}
	p.out = append(p.out, b...)
	p.wake.Broadcast()
}

// status is what the printer would report now.
func (p *Printer) status() escpos.Status {
	return escpos.Status{
		Pin3High:    p.level(),
		Offline:     !p.able(),
		CoverOpen:   p.body.cover,
		CutterError: p.body.jammed,
		PaperLow:    p.body.paper != PaperOK,
		PaperOut:    p.body.paper == PaperGone,
	}
}

func (p *Printer) level() bool {
	open := p.drawer.anyOpen()
	switch p.cfg.Sensor {
	case OpenIsHigh:
		return open
	case OpenIsLow:
		return !open
	}
	return false
}

// changed is called after every change of state: it wakes who waits and sends the report, if the host
// asked for one of that kind.
func (p *Printer) changed() {
	p.wake.Broadcast()
	if p.slip.reader.deaf {
		return // what changed is reported when it hears again
	}
	now := p.status().ASB()
	was := p.report.last
	p.report.last = now
	var kinds byte
	if (now[0]^was[0])&0x04 != 0 {
		kinds |= 1
	}
	if (now[0]^was[0])&0x68 != 0 {
		kinds |= 2
	}
	if now[1] != was[1] {
		kinds |= 4
	}
	if now[2] != was[2] {
		kinds |= 8
	}
	if kinds&p.report.mask != 0 {
		p.reply(now[:]...)
	}
}

// report is the state of automatic status back.
type report struct {
	mask byte // which kinds of change to report
	last [4]byte
}

// sleep lets mechanics take their time; false if the printer was closed meanwhile.
func (p *Printer) sleep(d time.Duration) bool {
	if p.cfg.Speed <= 0 || d <= 0 {
		return true
	}
	select {
	case <-p.clock.After(time.Duration(float64(d) / p.cfg.Speed)):
		return true
	case <-p.stop:
		return false
	}
}
