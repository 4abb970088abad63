package sim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"gatehouse/ledger"
	"gatehouse/sync/station"
)

// machine is a station: its program, its disk, its clock and its clerk.
type machine struct {
	w        *world
	name     string // "S1", and "S1'" for what was made of a copy of its disk
	station  ledger.StationID
	dir      string
	key      *ledger.Key
	id       ledger.Identity
	random   *readerOf
	offset   atomic.Int64 // how many ns its clock is ahead; a mirror reads it in its own time
	cutUntil time.Time
	mirrored bool
	code     string

	book   *ledger.Book // nil while it is down
	follow *station.Follower
	turns  int // planned turns of before a start do not count

	acts    []*act
	pending *act // sent, and the clerk does not know what became of it
	// promised is what central said it has, by number, with the hash that this station
	// has under it.
	promised map[uint64]ledger.Leaf
	reported uint64
	image    []byte // a copy of its disk that somebody keeps
	lost     bool   // an older copy was put back, without a mirror
	twin     *machine
}

// act is something that the clerk set out to do.
type act struct {
	id   ledger.CommandID
	n    int
	done bool // the clerk was told that it is stored
}

// readerOf reads a machine's randomness.
type readerOf struct{ *rand.ChaCha8 }

func (m *machine) file() string   { return filepath.Join(m.dir, "ledger.db") }
func (m *machine) mirror() string { return filepath.Join(m.dir, "mirror") }

func (m *machine) clock() time.Time { return m.w.now().Add(time.Duration(m.offset.Load())) }

// begin sets a new station up, with a code from central, and its clerk to work.
func (m *machine) begin(ctx context.Context, n uint64) (err error) {
	m.random = &readerOf{m.w.source(n)}
	if m.key, err = ledger.NewKey(m.random); err != nil {
		return err
	}
	m.code = m.w.house.issue(ctx, m.name)
	if err := m.open(); err != nil {
		return err
	}
	m.id = m.book.Identity()
	m.joins(ctx)
	return nil
}

// joins puts a machine among the others, and its clerk to work.
func (m *machine) joins(ctx context.Context) {
	m.promised = make(map[uint64]ledger.Leaf)
	m.w.machines = append(m.w.machines, m)
	m.follows(ctx)
	m.w.in(m.w.within(30*time.Minute), func() { m.works(ctx) })
}

func (m *machine) open() (err error) {
	o := ledger.Options{Path: m.file(), Station: m.station, Signer: m.key, Clock: m.clock, Random: m.random}
	if m.mirrored {
		o.Mirror = m.mirror()
	}
	m.book, err = ledger.Open(o)
	return err
}

// follows begins a new follower, as a start of the program does.
func (m *machine) follows(ctx context.Context) {
	f, err := station.New(station.Options{URL: "http://central.localhost", Code: m.code, InsecureLAN: true, Clock: m.clock, Random: m.random,
		Codec: m.w.codec, Client: &http.Client{Transport: line{m}}})
	if err != nil {
		m.w.broken(m.name, err)
		return
	}
	m.follow = f
	f.Begin(m.book)
	m.turnIn(ctx, m.w.within(time.Minute), false)
}

// turnIn plans the follower's next turn, in the place of any other.
func (m *machine) turnIn(ctx context.Context, d time.Duration, grew bool) {
	m.turns++
	this := m.turns
	m.w.in(d, func() {
		if m.up() && m.turns == this {
			m.turn(ctx, grew)
		}
	})
}

func (m *machine) turn(ctx context.Context, grew bool) {
	book, f := m.book, m.follow
	rest := f.Turn(ctx, grew)
	if m.book != book || m.follow != f {
		return // it lost its power meanwhile
	}
	s := f.State()
	m.believes(s.AtCentral)
	if s.Code == station.CodeBadCode {
		if code := m.w.house.issue(ctx, m.name); code != "" {
			m.code = code
			m.follows(ctx)
			return
		}
	}
	wait := rest.For
	if rest.UntilGrowth {
		wait += m.w.within(40 * time.Minute) // what a heartbeat says between is the same
	}
	m.turnIn(ctx, wait, false)
}

// believes notes what central said it has.
func (m *machine) believes(at uint64) {
	if at == m.reported {
		return
	}
	m.w.note(m.name, "central has %d of %d", at, m.book.Head().Seq)
	m.reported = at
	if at == 0 || m.lost {
		return
	}
	e, err := m.book.Entries(at, 1)
	if err == nil && len(e) == 1 {
		m.promised[at] = e[0].Leaf
	}
}

func (m *machine) up() bool { return m.book != nil }

// works is the clerk's next act, and plans the one after it.
func (m *machine) works(ctx context.Context) {
	if m.w.calm {
		return
	}
	if m.up() {
		m.pays(ctx, m.w.chance(25))
	}
	m.w.in(m.w.within(100*time.Minute), func() { m.works(ctx) })
}

// pays takes a payment, or sends the one again of which the clerk does not know. If
// the power fails, it does in the middle of that.
func (m *machine) pays(ctx context.Context, fails bool) {
	a := m.pending
	if a == nil {
		a = &act{n: len(m.acts) + 1}
		m.acts = append(m.acts, a)
	} else {
		m.w.n.Resent++
	}
	if a.id.IsZero() || m.w.wrong.hasty {
		var err error
		a.id, err = ledger.CommandIDAt(m.random, m.clock())
		m.w.broken(m.name, err)
	}
	m.pending = a
	var before []byte
	if fails {
		before = m.imageNow()
	}
	made, err := m.send(ctx, a)
	if err != nil || len(made) != 1 {
		m.w.broken(m.name, fmt.Errorf("payment %d: %d entries, %w", a.n, len(made), err))
		return
	}
	if fails {
		m.fails(ctx, before)
		return
	}
	m.w.note(m.name, "payment %d is entry %d", a.n, made[0].Seq)
	a.done, m.pending = true, nil
	if m.w.chance(30) { // the window asks again
		again, err := m.send(ctx, a)
		if err != nil || len(again) != 1 || again[0].Leaf != made[0].Leaf {
			m.w.broken(m.name, fmt.Errorf("payment %d again: %v, %w", a.n, again, err))
		}
	}
	if !m.follow.State().Fork {
		m.turnIn(ctx, time.Millisecond, true)
	}
}

func (m *machine) send(ctx context.Context, a *act) ([]ledger.Entry, error) {
	amount := ledger.Cents(100 + a.n)
	return m.book.Commit(ctx, ledger.Command{ID: a.id, Actor: "rosa", Input: a.n, Decide: func(*ledger.State) ([]ledger.Draft, error) {
		return []ledger.Draft{{Kind: "cash.payment.v1", Body: map[string]any{"n": a.n}, Receipt: true, Taken: amount, Lines: []ledger.Posting{
			{Account: "assets:drawer:cash", Sub: string(m.station) + "-S0001", Amount: amount},
			{Account: "liabilities:unposted", Sub: "1001", Amount: -amount},
		}}}, nil
	}})
}

// imageNow is the disk as it is now.
func (m *machine) imageNow() []byte {
	image, err := os.ReadFile(m.file())
	m.w.broken(m.name, err)
	return image
}

// fails ends the machine in the middle of what it wrote since before.
func (m *machine) fails(ctx context.Context, before []byte) {
	after := m.imageNow()
	image, done := torn(before, after, m.w.random)
	if !done {
		m.w.n.Torn++
	}
	last := m.book.Head().Seq
	m.close()
	m.w.broken(m.name, os.WriteFile(m.file(), image, 0o600))
	if m.mirrored {
		m.w.broken(m.name, tearMirror(m.mirror(), last-min(last, m.w.random.Uint64N(4)), m.w.random))
	}
	m.w.n.PowerCuts++
	m.w.note(m.name, "loses its power, all was on disk: %v", done)
	m.startSoon(ctx)
}

// powerCut ends the machine between two acts.
func (m *machine) powerCut(ctx context.Context) {
	if m.up() {
		m.fails(ctx, m.imageNow())
	}
}

// restart ends the program in order, for a while.
func (m *machine) restart(ctx context.Context) {
	if m.up() {
		m.close()
		m.w.note(m.name, "ends")
		m.startSoon(ctx)
	}
}

func (m *machine) startSoon(ctx context.Context) {
	m.w.in(time.Second+m.w.within(3*time.Hour), func() { m.start(ctx) })
}

func (m *machine) start(ctx context.Context) {
	if m.up() {
		return
	}
	m.w.note(m.name, "starts")
	if err := m.open(); err != nil {
		m.w.broken(m.name, err)
		return
	}
	m.follows(ctx)
}

// close ends the program as it is, or in order: what is on disk is put there after.
func (m *machine) close() {
	if m.up() {
		m.follow.End()
		m.w.broken(m.name, m.book.Close())
		m.book, m.follow = nil, nil
	}
}

func (m *machine) cutOff(d time.Duration) {
	m.cutUntil = m.w.now().Add(d)
	m.w.n.Partitions++
	m.w.note(m.name, "is cut off for %s", d.Round(time.Second))
}

func (m *machine) stepClock(d time.Duration) {
	m.offset.Add(int64(d))
	m.w.n.ClockSteps++
	m.w.note(m.name, "its clock is stepped by %s", d.Round(time.Second))
}

// copied makes a second machine of a copy of the disk. Both work on.
func (m *machine) copied(ctx context.Context) {
	if m.twin != nil || m.pending != nil {
		return
	}
	wasUp := m.up()
	m.close()
	n := uint64(len(m.w.machines) + 1)
	twin := &machine{w: m.w, name: m.name + "'", station: m.station, dir: m.dir + "-copy", key: m.key, id: m.id, random: &readerOf{m.w.source(n)},
		code: m.code, twin: m, acts: append([]*act(nil), m.acts...)}
	twin.offset.Store(m.offset.Load())
	m.twin = twin
	m.w.n.Copies++
	m.w.note(m.name, "its disk is copied")
	err := errors.Join(os.Mkdir(twin.dir, 0o700), os.WriteFile(twin.file(), m.imageNow(), 0o600), twin.open())
	m.w.broken(twin.name, err)
	if err == nil {
		twin.joins(ctx)
	}
	if wasUp {
		m.start(ctx)
	}
}

// putBack puts an older copy of the disk in its place, or makes one.
func (m *machine) putBack(ctx context.Context) {
	wasUp := m.up()
	m.close()
	if m.image == nil {
		m.image = m.imageNow()
		m.w.note(m.name, "its disk is copied, to be kept")
	} else {
		m.w.n.PutBack++
		m.lost, m.pending = true, nil
		m.w.note(m.name, "an older copy of its disk is put back")
		m.w.broken(m.name, os.WriteFile(m.file(), m.image, 0o600))
		m.image = nil
	}
	if wasUp {
		m.start(ctx)
	}
}

// mend sets clock and line right and starts the program; the clerk finishes what is
// not certain.
func (m *machine) mend(ctx context.Context) {
	m.offset.Store(0)
	m.cutUntil = time.Time{}
	m.start(ctx)
	if m.up() && m.pending != nil {
		m.pays(ctx, false)
	}
	if m.up() {
		m.follows(ctx)
	}
}
