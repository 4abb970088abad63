package probe_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/drivers/devices"
	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
	"gatehouse/drivers/probe"
)

// rig is an emulated printer at the end of a line in memory that garbles what is
// sent at a wrong speed, and what was found about it.
type rig struct {
	em    *emulator.Printer
	baud  int
	frame devices.Frame
	wrap  func(link.Port) link.Port
	fail  error // of opening
	open  int   // lines open now

	options probe.Options
	found   []probe.Finding
}

// inBubble runs a test with an emulated printer in a bubble of its own time.
func inBubble(t *testing.T, model string, change func(*rig, *emulator.Config), test func(*testing.T, *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p, ok := escpos.ProfileNamed(model)
		if !ok {
			t.Fatalf("no profile %q", model)
		}
		r := &rig{baud: 38400, frame: "8N1"}
		cfg := emulator.Config{Profile: p, Clock: link.WallClock{}, Speed: 1, Sensor: emulator.OpenIsHigh}
		r.options = probe.Options{Port: "/dev/ttyS0", Open: r.dial}
		if change != nil {
			change(r, &cfg)
		}
		cfg.Baud = r.baud
		r.em = emulator.New(cfg)
		test(t, r)
		if r.open != 0 {
			t.Errorf("%d lines are still open", r.open)
		}
		if err := r.em.Close(); err != nil {
			t.Error(err)
		}
	})
}

func (r *rig) dial(_ context.Context, baud int, frame devices.Frame) (link.Port, error) {
	if r.fail != nil {
		return nil, r.fail
	}
	pipe, err := r.em.Pipe()
	if err != nil {
		return nil, errors.Join(link.ErrGone, err)
	}
	port := link.Stream(pipe)
	if r.wrap != nil {
		port = r.wrap(port)
	}
	if baud != 0 && (baud != r.baud || frame != r.frame) {
		port = garbled{port}
	}
	r.open++
	return &counted{Port: port, r: r}, nil
}

func (r *rig) find(t *testing.T) (probe.Result, error) {
	t.Helper()
	return probe.Find(t.Context(), r.options, r.tell)
}

func (r *rig) tell(f probe.Finding) {
	if f.Code != probe.Trying {
		r.found = append(r.found, f)
	}
}

func (r *rig) codes() []probe.Code {
	var all []probe.Code
	for _, f := range r.found {
		all = append(all, f.Code)
	}
	return all
}

func (r *rig) wantCodes(t *testing.T, want ...probe.Code) {
	t.Helper()
	if got := r.codes(); !slices.Equal(got, want) {
		t.Errorf("found %v\n want %v", got, want)
	}
}

// counted is a line that is missed until it is closed.
type counted struct {
	link.Port
	r    *rig
	once sync.Once
}

func (c *counted) Close() error {
	c.once.Do(func() { c.r.open-- })
	return c.Port.Close()
}

// garbled is a line at the wrong speed.
type garbled struct{ link.Port }

func (g garbled) Write(b []byte) (int, error) {
	bad := make([]byte, len(b))
	for i, c := range b {
		bad[i] = c<<1 ^ 0xA5 | 0x80
	}
	return g.Port.Write(bad)
}

// filtered changes what is heard, and how late.
type filtered struct {
	link.Port
	keep  func(b byte) bool
	late  time.Duration
	first []byte // heard before anything else
}

func (f *filtered) Read(b []byte) (int, error) {
	if len(f.first) > 0 {
		n := copy(b, f.first)
		f.first = f.first[n:]
		return n, nil
	}
	n, err := f.Port.Read(b)
	if n > 0 && f.late > 0 {
		<-time.After(f.late)
	}
	if f.keep == nil || n == 0 {
		return n, err
	}
	kept := slices.DeleteFunc(b[:n], func(c byte) bool { return !f.keep(c) })
	if len(kept) == 0 {
		return 0, link.ErrTimeout
	}
	return len(kept), err
}

// threeWires is a cable that does not carry the host's readiness: a printer set to
// DTR/DSR sends only what it sends out of turn (Epson: DLE EOT and reports).
func threeWires(p link.Port) link.Port {
	var d escpos.ReplyDecoder
	return &filtered{Port: p, keep: func(b byte) bool {
		r, whole := d.Push(b)
		inReport := b&0x93 == 0x10 || whole && r.Kind == escpos.ReplyASB || !whole && b&0x90 == 0
		return inReport || whole && r.Kind == escpos.ReplyRealtime
	}}
}

// loop is a plug that sends back what it gets.
type loop struct{ bytes chan byte }

func (l *loop) Read(b []byte) (int, error) {
	select {
	case b[0] = <-l.bytes:
		return 1, nil
	case <-time.After(link.ReadWait):
		return 0, link.ErrTimeout
	}
}

func (l *loop) Write(b []byte) (int, error) {
	for _, c := range b {
		l.bytes <- c
	}
	return len(b), nil
}

func (l *loop) Close() error { return nil }
