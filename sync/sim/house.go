package sim

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"gatehouse/central/api"
	"gatehouse/central/book"
	"gatehouse/central/store"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// house is central: its program, its disk and its clock.
type house struct {
	w      *world
	dir    string
	key    *ledger.Key
	random *readerOf
	offset time.Duration

	kept store.Store // nil while it is down
	own  *book.Book
	door http.Handler

	backup []byte // a copy of its disk that somebody keeps
	// before is the disk before the last commit, if somebody asked for it.
	before  []byte
	watched bool
	images  [][]byte                     // of the last commits, for a disk that lies
	said    map[ledger.LogID]ledger.Head // by a central that is too proud to step back
}

func (h *house) file() string { return filepath.Join(h.dir, "central.db") }

func (h *house) clock() time.Time { return h.w.now().Add(h.offset) }

func (h *house) begin(ctx context.Context) (err error) {
	h.random, h.said = &readerOf{h.w.source(1 << 32)}, make(map[ledger.LogID]ledger.Head)
	if h.key, err = ledger.NewKey(h.random); err != nil {
		return err
	}
	return h.open(ctx)
}

func (h *house) open(ctx context.Context) error {
	kept, err := store.OpenBolt(store.Options{Path: h.file(), Clock: h.clock, Codec: h.w.codec})
	if err != nil {
		return err
	}
	h.kept = disk{faulty{kept, h.w.wrong, h.said}, h}
	if h.own, err = book.Open(ctx, book.Options{Store: h.kept, Signer: h.key, Clock: h.clock, Random: h.random}); err != nil {
		return errors.Join(err, kept.Close())
	}
	h.door, err = api.New(api.Options{Store: h.kept, Signer: h.key, Office: h.own, Clock: h.clock})
	return err
}

func (h *house) close() {
	if h.kept != nil {
		h.w.broken("central", h.kept.Close())
		h.kept, h.own, h.door = nil, nil, nil
	}
}

func (h *house) up() bool { return h.kept != nil }

// start begins the program again, if it is down.
func (h *house) start(ctx context.Context) {
	if !h.up() {
		h.w.note("central", "starts")
		h.w.broken("central", h.open(ctx))
	}
}

// startSoon begins it again after a while.
func (h *house) startSoon(ctx context.Context) {
	h.w.in(time.Second+h.w.within(2*time.Hour), func() { h.start(ctx) })
}

// restart ends the program in order, for a while. Its clock may be another then, and
// sometimes its disk is copied.
func (h *house) restart(ctx context.Context) {
	if !h.up() {
		return
	}
	h.close()
	if h.w.disaster == CentralPutBack && h.w.random.IntN(2) == 0 {
		h.keepImage()
	}
	if h.w.random.IntN(4) == 0 {
		h.offset = h.w.within(48*time.Hour) - 24*time.Hour
		h.w.n.ClockSteps++
	}
	h.w.note("central", "ends, its clock is %s off from now on", h.offset)
	h.startSoon(ctx)
}

func (h *house) keepImage() {
	var err error
	h.backup, err = os.ReadFile(h.file())
	h.w.broken("central", err)
	h.w.note("central", "is copied, %d bytes", len(h.backup))
}

// powerCut ends the program in the middle of the last thing it stored since it was
// watched.
func (h *house) powerCut(ctx context.Context) {
	after, err := os.ReadFile(h.file())
	h.w.broken("central", err)
	if h.watched = false; h.before == nil {
		h.before = after // nothing was stored
	}
	image, done := torn(h.before, after, h.w.random)
	if h.w.wrong.forgetful && len(h.images) > 0 {
		image, done = h.images[0], false
	}
	h.close()
	h.w.broken("central", os.WriteFile(h.file(), image, 0o600))
	h.w.n.CentralCuts++
	h.w.note("central", "loses its power, all was on disk: %v", done)
	h.startSoon(ctx)
}

// putBack puts an older copy of its disk in the place of what it has, or makes one.
func (h *house) putBack(ctx context.Context) {
	wasUp := h.up()
	h.close()
	if h.backup == nil {
		h.keepImage()
	} else {
		h.w.n.Backups++
		h.w.note("central", "is put back to a copy")
		h.w.broken("central", os.WriteFile(h.file(), h.backup, 0o600))
		h.backup = nil
	}
	if wasUp {
		h.startSoon(ctx)
	}
}

// issue makes an enrolment code, empty while central is down.
func (h *house) issue(ctx context.Context, name string) string {
	if !h.up() {
		return ""
	}
	code, err := h.own.IssueCode(ctx, book.Itself, name)
	h.w.broken("central", err)
	return code
}

// revokes takes a station's trust away; a person gives it back hours later.
func (h *house) revokes(ctx context.Context, m *machine) {
	log := m.id.Log
	if !h.up() {
		return
	}
	if err := h.own.Revoke(ctx, book.Itself, log, "a laptop was left in a bus"); err != nil {
		return // not enrolled, or revoked already
	}
	h.w.n.Revoked++
	h.w.note("central", "revokes %s", m.name)
	h.w.in(h.w.within(12*time.Hour), func() { h.approve(ctx, m) })
}

func (h *house) approve(ctx context.Context, m *machine) {
	if h.up() && h.own.Approve(ctx, book.Itself, m.id.Log, "it was found") == nil {
		h.w.note("central", "approves %s", m.name)
	}
}

// mend sets clock and program right, and gives trust back to everybody.
func (h *house) mend(ctx context.Context) {
	h.offset = 0
	h.start(ctx)
	for _, m := range h.w.machines {
		h.approve(ctx, m)
	}
}

// disk is the store, and keeps what the disk was like before each commit: a power cut
// spoils one commit, not two.
type disk struct {
	store.Store
	h *house
}

func (d disk) commits() {
	h := d.h
	if !h.watched && !h.w.wrong.forgetful {
		return
	}
	image, err := os.ReadFile(h.file())
	h.w.broken("central", err)
	h.before = image
	if h.images = append(h.images, image); len(h.images) > 4 {
		h.images = h.images[1:]
	}
}

func (d disk) Enrol(ctx context.Context, first ledger.Entry) (store.Log, error) {
	d.commits()
	return d.Store.Enrol(ctx, first)
}

func (d disk) Append(ctx context.Context, b wire.Batch) (store.Log, error) {
	d.commits()
	return d.Store.Append(ctx, b)
}

func (d disk) Keep(ctx context.Context, b wire.Batch, reason wire.Problem) error {
	d.commits()
	return d.Store.Keep(ctx, b, reason)
}

func (d disk) Extend(ctx context.Context, id ledger.LogID, entries []ledger.Entry) (store.Log, error) {
	d.commits()
	return d.Store.Extend(ctx, id, entries)
}
