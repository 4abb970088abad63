package activity

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"gatehouse/central/store"
	"gatehouse/desk/account"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Options is what a Board is made of.
type Options struct {
	Store store.Store
	// Manifest is the signed manifest of a feed in force, with the hash of its bytes;
	// store.ErrNoBlob where there is none.
	Manifest func(ctx context.Context, feed string) ([]byte, wire.Hash, error)
	// Key is the key that signed it; nil where it is not known yet.
	Key func() ed25519.PublicKey
	// Upstream asks the real central for what it tells after a mark; nil at central
	// itself.
	Upstream func(ctx context.Context, after string) (wire.Activity, error)
	Clock    ledger.Clock // nil is time.Now
	Log      *slog.Logger // nil is silent
}

// How much is looked at, and how often.
const (
	lookEvery     = 2 * time.Second
	mostBehind    = 20_000 // entries of a log before its head: a month of a busy window
	perLook       = 20_000 // entries in one look; the rest comes with the next
	page          = 1000
	upstreamEvery = wire.Heartbeat / 2
	upstreamTime  = 5 * time.Second // stations wait meanwhile
)

// Board is what all stations did. Its methods may be called from any goroutine.
type Board struct {
	o     Options
	epoch string // of this process

	mu       sync.Mutex // guards what follows
	looked   time.Time
	read     map[ledger.LogID]uint64 // through which entry
	name     wire.Hash               // of the manifest that counted is of
	counted  map[ledger.LogID]uint64
	last     uint64 // number given last
	items    []item // in the order of their numbers
	mark     string // upstream's
	upstream time.Time
}

type item struct {
	number uint64
	far    bool // upstream told it
	wire.Paid
}

// New makes a Board that has nothing yet.
func New(o Options) *Board {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	epoch := make([]byte, 8)
	rand.Read(epoch) // never fails
	return &Board{o: o, epoch: hex.EncodeToString(epoch), read: map[ledger.LogID]uint64{}, counted: map[ledger.LogID]uint64{}}
}

// Since tells a log's station what others did after a mark. The error wraps
// wire.ErrMalformed for what is no mark.
func (b *Board) Since(ctx context.Context, asker ledger.LogID, after string) (wire.Activity, error) {
	if err := wire.CheckMark(after); err != nil {
		return wire.Activity{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.look(ctx); err != nil {
		return wire.Activity{}, fmt.Errorf("look for payments: %w", err)
	}
	var out wire.Activity
	epoch, digits, _ := strings.Cut(after, "-")
	number, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || epoch != b.epoch || number > b.last {
		number, out.Anew = 0, true
	}
	from := sort.Search(len(b.items), func(i int) bool { return b.items[i].number > number })
	number = b.last
	for _, it := range b.items[from:] {
		if len(out.Payments) == wire.MaxPayments {
			out.More, number = true, it.number-1
			break
		}
		if it.Log != asker {
			out.Payments = append(out.Payments, it.Paid)
		}
	}
	out.After = b.epoch + "-" + strconv.FormatUint(number, 10)
	return out, nil
}

// look takes in what is new. The caller holds mu.
func (b *Board) look(ctx context.Context) error {
	now := b.o.Clock()
	if now.Sub(b.looked).Abs() < lookEvery {
		return nil
	}
	if err := b.count(ctx); err != nil {
		return err
	}
	logs, err := b.o.Store.Logs(ctx)
	if err != nil {
		return err
	}
	left := perLook
	for _, log := range logs {
		if left <= 0 {
			break
		}
		if log.Identity.Training {
			continue
		}
		n, err := b.follow(ctx, log, left)
		if err != nil {
			return err
		}
		left -= n
	}
	if b.o.Upstream != nil && now.Sub(b.upstream).Abs() >= upstreamEvery {
		b.upstream = now
		b.askUpstream(ctx)
	}
	if over := len(b.items) - wire.MaxPending; over > 0 {
		b.items = slices.Delete(b.items, 0, over)
	}
	if left > 0 {
		b.looked = now
	}
	return nil
}

// count drops what the balances in force count, if others are in force than before.
func (b *Board) count(ctx context.Context) error {
	signed, name, err := b.o.Manifest(ctx, account.Feed)
	if errors.Is(err, store.ErrNoBlob) || err == nil && name == b.name {
		return nil
	}
	if err != nil {
		return err
	}
	m, err := wire.OpenManifest(b.o.Key(), signed)
	if err != nil {
		return err
	}
	b.name = name
	for _, c := range m.Counted {
		b.counted[c.Log] = c.Through
	}
	b.items = slices.DeleteFunc(b.items, func(it item) bool { return it.Seq <= b.counted[it.Log] })
	return nil
}

// follow reads what is new in a log, at most so many entries and a page, and says how
// many there were.
func (b *Board) follow(ctx context.Context, log store.Log, most int) (n int, err error) {
	from, known := b.read[log.ID]
	if !known && log.Head.Seq > mostBehind {
		from = log.Head.Seq - mostBehind
	}
	from = max(from, b.counted[log.ID])
	for from < log.Head.Seq && n < most {
		entries, err := b.o.Store.Entries(ctx, log.ID, from+1, page)
		if err != nil {
			return n, err
		}
		if len(entries) == 0 {
			break
		}
		for _, e := range entries {
			b.add(log.Identity.Station, &e.Entry)
		}
		n, from = n+len(entries), entries[len(entries)-1].Seq
	}
	b.read[log.ID] = from
	return n, nil
}

// add notes what an entry did to accounts.
func (b *Board) add(station ledger.StationID, e *ledger.Entry) {
	var paid []wire.Paid
	for _, l := range e.Lines {
		if _, owed := account.BucketOf(l.Account); !owed || l.Sub == "" {
			continue
		}
		i := slices.IndexFunc(paid, func(p wire.Paid) bool { return p.Account == l.Sub })
		if i < 0 {
			i = len(paid)
			paid = append(paid, wire.Paid{Log: e.Log, Station: station, Seq: e.Seq, Micros: e.Micros, Account: l.Sub})
		}
		paid[i].Amount = paid[i].Amount.Plus(-l.Amount)
	}
	for _, p := range paid {
		if p.Amount != 0 && p.Valid() {
			b.put(item{Paid: p})
		}
	}
}

func (b *Board) put(it item) {
	b.last++
	it.number = b.last
	b.items = append(b.items, it)
}

// askUpstream takes what upstream tells. Without it, the office tells what it knows.
func (b *Board) askUpstream(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, upstreamTime)
	defer cancel()
	for {
		told, err := b.o.Upstream(ctx, b.mark)
		if err != nil {
			b.o.Log.Info("upstream does not tell what other offices did", "err", err)
			return
		}
		if told.Anew {
			b.items = slices.DeleteFunc(b.items, func(it item) bool { return it.far })
		}
		for _, p := range told.Payments {
			if _, ours := b.read[p.Log]; !ours && p.Seq > b.counted[p.Log] {
				b.put(item{far: true, Paid: p})
			}
		}
		b.mark = told.After
		if !told.More || len(b.items) > 2*wire.MaxPending {
			return
		}
	}
}
