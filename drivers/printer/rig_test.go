package printer_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
	"gatehouse/drivers/printer"
)

// rig is an emulated printer and a session with it, over a line in memory that
// takes its time as a real one does.
type rig struct {
	t       testing.TB
	em      *emulator.Printer
	s       *printer.Session
	profile escpos.Profile
	events  <-chan printer.Event
	cfg     printer.Config
}

type setup struct {
	profile string
	buffer  int // 0: the profile's
	baud    int // 0: 19200
	change  func(*escpos.Profile)
	emulate func(*emulator.Config)
	session func(*printer.Config)
}

func (s setup) profileNamed(t testing.TB) escpos.Profile {
	t.Helper()
	if s.profile == "" {
		s.profile = "TM-T88VI"
	}
	p, ok := escpos.ProfileNamed(s.profile)
	if !ok {
		t.Fatalf("no profile %q", s.profile)
	}
	if s.buffer == 45 {
		p.BufferBytes, p.Slack = 45, 16
	}
	if s.change != nil {
		s.change(&p)
	}
	return p
}

// newRig must be called inside a synctest bubble; the printer is up when it
// returns.
func newRig(t *testing.T, su setup) *rig {
	t.Helper()
	p := su.profileNamed(t)
	if su.baud == 0 {
		su.baud = 19200
	}
	ecfg := emulator.Config{
		Profile: p, Clock: link.WallClock{}, Baud: su.baud, Speed: 1, Sensor: emulator.OpenIsHigh,
	}
	if su.emulate != nil {
		su.emulate(&ecfg)
	}
	em := emulator.New(ecfg)
	cfg := printer.Config{
		Profile: p, Baud: su.baud, OpenLevel: printer.OpenHigh,
		Dialer: link.DialFunc(func(context.Context) (link.Port, error) {
			pipe, err := em.Pipe()
			if err != nil {
				return nil, err
			}
			return link.Stream(pipe), nil
		}),
	}
	if su.session != nil {
		su.session(&cfg)
	}
	r := &rig{t: t, em: em, profile: p, cfg: cfg}
	r.start()
	t.Cleanup(func() {
		if err := r.s.Close(); err != nil {
			t.Error(err)
		}
		em.Close()
	})
	r.until("printer up", func(e printer.Event) bool { return e.Status.Link == printer.LinkUp })
	return r
}

func (r *rig) start() {
	r.t.Helper()
	s, err := printer.New(r.cfg)
	if err != nil {
		r.t.Fatal(err)
	}
	r.s = s
	r.events, _ = s.Subscribe()
}

// restart is the end of the program and its next start.
func (r *rig) restart() {
	r.t.Helper()
	if err := r.s.Close(); err != nil {
		r.t.Error(err)
	}
	r.start()
}

// until reads events until one is what is waited for.
func (r *rig) until(what string, is func(printer.Event) bool) printer.Event {
	r.t.Helper()
	late := time.After(3 * time.Minute)
	for {
		select {
		case e := <-r.events:
			if is(e) {
				return e
			}
		case <-late:
			r.t.Fatalf("waited in vain for: %s; status is %+v", what, r.s.Status())
		}
	}
}

func job(state printer.JobState) func(printer.Event) bool {
	return func(e printer.Event) bool { return e.Status.Job == state }
}

// receipt is a document of 25 lines that ends with its number and a cut.
func receipt(t testing.TB, p escpos.Profile, n int) []escpos.Segment {
	t.Helper()
	d := new(escpos.Doc)
	for i := range 22 {
		d.Add(escpos.Pair(fmt.Sprintf("receipt %d line %d", n, i), "1,234.56"))
	}
	d.Add(escpos.EndMark{Number: fmt.Sprint(n)}, escpos.Cut{})
	segs, err := escpos.Encode(d, p)
	if err != nil {
		t.Fatal(err)
	}
	return segs
}

func (r *rig) print(ctx context.Context, n int) <-chan printer.Result {
	done := make(chan printer.Result, 1)
	segs := receipt(r.t, r.profile, n)
	go func() { done <- r.s.Print(ctx, segs) }()
	return done
}

func (r *rig) kick() <-chan printer.Outcome {
	done := make(chan printer.Outcome, 1)
	go func() {
		o, err := r.s.Kick(context.Background(), 2)
		if (err != nil) != (o == printer.NotPossible) {
			r.t.Errorf("outcome %v with error %v", o, err)
		}
		done <- o
	}()
	return done
}

// plan makes a fault happen when n more lines are on paper.
func (r *rig) plan(lines int, action string) {
	r.t.Helper()
	if err := r.em.AfterLines(lines, action); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) wantPieces(n int) {
	r.t.Helper()
	if got := len(r.em.Pieces()); got != n {
		r.t.Errorf("%d pieces of paper came out, want %d", got, n)
	}
}
