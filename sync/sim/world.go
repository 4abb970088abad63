package sim

import (
	"container/heap"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Options says what is played.
type Options struct {
	Seed     uint64
	Stations int    // 1 to MaxStations
	Hours    int    // of simulated time until everything is mended, 1 to MaxHours
	Folder   string // for the machines' disks; emptied of what is made there
	// Trace takes what happened, line by line; nil: nobody reads it.
	Trace io.Writer
}

// Bounds of a run.
const (
	MaxStations = 50
	MaxHours    = 24 * 31
)

// Result is what came of a run.
type Result struct {
	Seed     uint64       `json:"seed"`
	Hash     string       `json:"hash"` // of everything that happened: the same for the same seed
	Disaster Disaster     `json:"disaster"`
	Entries  uint64       `json:"entries"`  // at central in the end, its own log not counted
	Receipts uint64       `json:"receipts"` // and the receipts among them
	Taken    ledger.Cents `json:"taken"`
	Forks    int          `json:"forks"`
	Happened Happened     `json:"happened"`
	// Wrong is what must not be; empty is a good run.
	Wrong []string `json:"wrong,omitempty"`
}

// Happened counts what went wrong with machines and lines.
type Happened struct {
	Requests, Lost, Replies, Repeated, Late, Cut, Altered, Partitions  int
	PowerCuts, Torn, CentralCuts, ClockSteps, Copies, PutBack, Backups int
	Revoked, Resent                                                    int
}

// Add adds another run's.
func (h *Happened) Add(o Happened) {
	h.Requests, h.Lost, h.Replies, h.Repeated, h.Late = h.Requests+o.Requests, h.Lost+o.Lost, h.Replies+o.Replies, h.Repeated+o.Repeated, h.Late+o.Late
	h.Cut, h.Altered, h.Partitions, h.PowerCuts, h.Torn = h.Cut+o.Cut, h.Altered+o.Altered, h.Partitions+o.Partitions, h.PowerCuts+o.PowerCuts, h.Torn+o.Torn
	h.CentralCuts, h.ClockSteps, h.Copies, h.PutBack, h.Backups = h.CentralCuts+o.CentralCuts, h.ClockSteps+o.ClockSteps, h.Copies+o.Copies, h.PutBack+o.PutBack, h.Backups+o.Backups
	h.Revoked, h.Resent = h.Revoked+o.Revoked, h.Resent+o.Resent
}

// Disaster is what befalls a whole disk in a run.
type Disaster string

// The disasters. Each seed has one of them.
const (
	NoDisaster     Disaster = "no disaster"
	DiskCopied     Disaster = "disk copied"
	DiskPutBack    Disaster = "disk put back"
	CentralPutBack Disaster = "central put back"
)

// Disasters lists them.
func Disasters() []Disaster { return []Disaster{NoDisaster, DiskCopied, DiskPutBack, CentralPutBack} }

// wrongs are faults put into the machinery, to prove that the verdict sees them.
type wrongs struct {
	forgetful bool // central's disk acknowledges what a power cut takes away
	proud     bool // central never says a lower head than it once said
	blind     bool // central takes a fork for a repetition
	careless  bool // central keeps no evidence
	hasty     bool // a clerk sends an act again under another id
}

// world is one run.
type world struct {
	o        Options
	wrong    wrongs
	random   *rand.Rand
	passed   atomic.Int64 // ns since the run began; a mirror reads it in its own time
	end      time.Time
	events   events
	serial   int
	trace    *trace
	codec    *wire.Codec
	disaster Disaster
	calm     bool // everything is mended: nothing goes wrong any more
	house    *house
	machines []*machine
	n        Happened
	fault    error // of the simulation itself
}

// began is when every run begins.
func began() time.Time { return time.Date(2027, time.March, 1, 16, 0, 0, 0, time.UTC) }

func (w *world) now() time.Time { return began().Add(time.Duration(w.passed.Load())) }

// pass lets time pass.
func (w *world) pass(d time.Duration) { w.passed.Add(int64(d)) }

// Run plays a seed. The error is the simulation's own, or ctx's; what is wrong with
// what is simulated is in the result.
func Run(ctx context.Context, o Options) (Result, error) { return run(ctx, o, wrongs{}) }

func run(ctx context.Context, o Options, wrong wrongs) (r Result, err error) {
	if o.Stations < 1 || o.Stations > MaxStations || o.Hours < 1 || o.Hours > MaxHours {
		return r, fmt.Errorf("a simulation has 1 to %d stations and 1 to %d hours", MaxStations, MaxHours)
	}
	dir, err := os.MkdirTemp(o.Folder, "sim-")
	if err != nil {
		return r, fmt.Errorf("make the disks of a simulation: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	w := &world{o: o, wrong: wrong, trace: newTrace(o.Trace)}
	w.random = rand.New(w.source(0))
	w.end = w.now().Add(time.Duration(o.Hours) * time.Hour)
	w.disaster = []Disaster{NoDisaster, NoDisaster, DiskCopied, DiskPutBack, CentralPutBack}[w.random.IntN(5)]
	if w.codec, err = wire.NewCodec(); err != nil {
		return r, err
	}
	defer w.close()
	if err := w.begin(ctx, dir); err != nil {
		return r, fmt.Errorf("seed %d: %w", o.Seed, err)
	}
	w.play(ctx, w.end)
	w.mend(ctx)
	// As long as the longest pause and the longest silence after it need.
	w.play(ctx, w.now().Add(6*time.Hour))
	if err := errors.Join(w.fault, ctx.Err()); err != nil {
		return r, fmt.Errorf("seed %d: %w", o.Seed, err)
	}
	r = Result{Seed: o.Seed, Disaster: w.disaster}
	if err := w.verdict(ctx, &r); err != nil {
		return r, fmt.Errorf("seed %d: %w", o.Seed, err)
	}
	r.Hash, r.Happened = w.trace.hash(), w.n
	return r, nil
}

// source is a machine's own randomness.
func (w *world) source(n uint64) *rand.ChaCha8 {
	var seed [32]byte
	binary.LittleEndian.PutUint64(seed[:], w.o.Seed)
	binary.LittleEndian.PutUint64(seed[8:], n)
	return rand.NewChaCha8(seed)
}

// begin sets up central and the stations, and what is to come.
func (w *world) begin(ctx context.Context, dir string) error {
	w.house = &house{w: w, dir: filepath.Join(dir, "central")}
	if err := w.house.begin(ctx); err != nil {
		return err
	}
	for i := range w.o.Stations {
		name := fmt.Sprintf("S%d", i+1)
		m := &machine{w: w, name: name, station: ledger.StationID(name), dir: filepath.Join(dir, name), mirrored: w.disaster != DiskPutBack && w.random.IntN(3) == 0}
		if err := m.begin(ctx, uint64(i+1)); err != nil {
			return err
		}
	}
	hours := time.Duration(w.o.Hours) * time.Hour
	for range 1 + w.o.Hours/12 {
		w.in(w.within(hours), func() { w.misfortune(ctx) })
	}
	unlucky := w.machines[w.random.IntN(len(w.machines))]
	for range 3 { // an image is made first, and then put back
		w.in(w.within(hours), func() { w.befall(ctx, unlucky) })
	}
	return nil
}

// misfortune is something that befalls a machine, now and then.
func (w *world) misfortune(ctx context.Context) {
	if w.calm {
		return
	}
	m := w.machines[w.random.IntN(len(w.machines))]
	switch w.random.IntN(7) {
	case 0, 1:
		m.cutOff(w.within(10 * time.Hour))
	case 2:
		for _, m := range w.machines {
			m.cutOff(w.within(6 * time.Hour))
		}
	case 3:
		m.stepClock(time.Duration(w.random.Int64N(int64(14*24*time.Hour))) - 7*24*time.Hour)
	case 4:
		m.restart(ctx)
	case 5:
		w.house.restart(ctx)
	default:
		w.house.revokes(ctx, m)
	}
}

// befall is the run's disaster, or a power cut where there is none.
func (w *world) befall(ctx context.Context, m *machine) {
	switch w.disaster {
	case DiskCopied:
		m.copied(ctx)
	case DiskPutBack:
		m.putBack(ctx)
	case CentralPutBack:
		w.house.putBack(ctx)
	default:
		m.powerCut(ctx)
	}
}

// mend ends all that is wrong, and starts what is down.
func (w *world) mend(ctx context.Context) {
	w.calm = true
	w.note("world", "everything is mended")
	w.house.mend(ctx)
	for _, m := range w.machines {
		m.mend(ctx)
	}
}

func (w *world) close() {
	for _, m := range w.machines {
		m.close()
	}
	w.house.close()
}

// within is a random time below a bound.
func (w *world) within(most time.Duration) time.Duration {
	return time.Duration(w.random.Int64N(int64(most)))
}

// chance is true so many times in a thousand, and never when everything is mended.
func (w *world) chance(perMille int) bool { return w.random.IntN(1000) < perMille && !w.calm }

func (w *world) note(who, format string, args ...any) {
	w.trace.note(time.Duration(w.passed.Load()), who, format, args...)
}

// broken ends the run: the simulation itself does not work.
func (w *world) broken(who string, err error) {
	if err != nil && w.fault == nil {
		w.fault = fmt.Errorf("%s: %w", who, err)
	}
}

// event is something that happens at a time; of one time, in the order it was planned.
type event struct {
	at     time.Time
	serial int
	do     func()
}

type events []event

func (e events) Len() int      { return len(e) }
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e events) Less(i, j int) bool {
	return e[i].at.Before(e[j].at) || e[i].at.Equal(e[j].at) && e[i].serial < e[j].serial
}
func (e *events) Push(x any) { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}

// in plans something.
func (w *world) in(d time.Duration, do func()) {
	w.serial++
	heap.Push(&w.events, event{w.now().Add(d), w.serial, do})
}

// play lets things happen until a time.
func (w *world) play(ctx context.Context, until time.Time) {
	for len(w.events) > 0 && !w.events[0].at.After(until) && w.fault == nil && ctx.Err() == nil {
		e := heap.Pop(&w.events).(event)
		w.pass(max(0, e.at.Sub(w.now())))
		e.do()
	}
	w.pass(max(0, until.Sub(w.now())))
}
