package station

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Options is what a Follower is made of.
type Options struct {
	URL string // of central or of the office's relay, like "https://central.example"
	// Others are further addresses, in order of preference: central itself, behind
	// its office's relay.
	Others []string
	Code   string // enrolment code; needed until the log is enrolled, harmless after
	// CentralKey is the key central must sign with. Nil: the one it showed when
	// the log was enrolled.
	CentralKey ed25519.PublicKey
	// InsecureLAN allows plain http to another machine. Entries carry customers'
	// names: without TLS everybody on the way can read them.
	InsecureLAN bool

	Trust  *Trust       // how central proves itself; nil trusts what the system does
	Client *http.Client // nil: the trust's
	Clock  ledger.Clock // for the time of contacts; nil is time.Now
	Random io.Reader    // for jitter; nil is crypto/rand
	Codec  *wire.Codec  // nil makes one; many followers in one process share one
	Log    *slog.Logger // nil is silent
}

// How often and how patiently central is asked.
const (
	FirstRetry = wire.FirstRetry
	LastRetry  = wire.LastRetry
	Heartbeat  = wire.Heartbeat
	timeout    = time.Minute      // of one request
	noteEvery  = 30 * time.Second // at most so often the hint is written to the ledger's file
)

// Follower carries one ledger to central.
type Follower struct {
	board[State]
	o     Options
	codec *wire.Codec
	nudge chan struct{}
	grew  chan struct{}

	counting sync.Mutex
	ackedSeq atomic.Uint64 // number of central, for both goroutines
	relaySeq atomic.Uint64 // number of the relay's head, 0 without one
	shown    atomic.Pointer[ed25519.PublicKey]

	// What follows belongs to Run's goroutine.
	*peer            // the one that was asked last
	peers    []*peer // in order of preference
	book     *ledger.Book
	root     ed25519.PublicKey // central's, nil until it is known
	central  wire.Head         // central's durable head, from itself or through a relay
	upstream bool              // central was reached, by us or by the relay

	hinted  ledger.Leaf // the head in the hint that was last written
	notedAt time.Time   // and when
	misses  int         // turns in a row that could not show a fork
}

// New makes a follower. It does nothing until Run.
func New(o Options) (*Follower, error) {
	var peers []*peer
	for _, address := range append([]string{o.URL}, o.Others...) {
		if err := CheckAddress(address, o.InsecureLAN); err != nil {
			return nil, err
		}
		peers = append(peers, &peer{url: address, limit: wire.MaxEntries})
	}
	if o.CentralKey != nil && len(o.CentralKey) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("central's key has %d bytes, want %d", len(o.CentralKey), ed25519.PublicKeySize)
	}
	if len(o.Code) > wire.MaxCode {
		return nil, fmt.Errorf("the enrolment code has %d bytes, more than %d", len(o.Code), wire.MaxCode)
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Trust == nil {
		o.Trust = &Trust{o: TrustOptions{Clock: o.Clock}}
	}
	if o.Client == nil {
		o.Client = o.Trust.Client()
	}
	if o.Codec == nil {
		var err error
		if o.Codec, err = wire.NewCodec(); err != nil {
			return nil, err
		}
	}
	return &Follower{
		board: newBoard[State](),
		o:     o,
		codec: o.Codec,
		nudge: make(chan struct{}, 1),
		grew:  make(chan struct{}, 1),
		peer:  peers[0],
		peers: peers,
	}, nil
}

// ErrPlain is why an address would let everybody on the way read customers' names.
var ErrPlain = errors.New("plain http on another machine")

// CheckAddress tells why an address is none of a central, nil if it is one. insecure
// allows plain http on another machine; without it that is ErrPlain.
func CheckAddress(text string, insecure bool) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("central's address %q: want one like https://central.example", text)
	}
	host := u.Hostname()
	loopback := host == "localhost" || net.ParseIP(host).IsLoopback()
	if u.Scheme == "http" && !loopback && !insecure {
		return fmt.Errorf("central's address %q is %w: everybody on the way could read customers' names; use https, or allow it for a network you trust", text, ErrPlain)
	}
	return nil
}

// CentralKey is the key that central signs with, nil until it is known.
func (f *Follower) CentralKey() ed25519.PublicKey {
	if key := f.shown.Load(); key != nil {
		return *key
	}
	return nil
}

// showKey shows to others what key central has.
func (f *Follower) showKey() {
	if f.root != nil {
		key := f.root
		f.shown.Store(&key)
	}
}

// TryNow ends a pause between two tries: a person does not want to wait.
func (f *Follower) TryNow() { poke(f.nudge) }

func poke(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// Run carries the book's entries to central until ctx ends or the book is
// closed. It is called once. Nothing it meets is an error to its caller: what
// is wrong is in State.
func (f *Follower) Run(ctx context.Context, book *ledger.Book) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	f.Begin(book)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		defer stop()
		f.watch(ctx)
	}()
	f.loop(ctx)
	stop()
	<-watched
	f.End()
}

// watch notices that the ledger grew, also while a pause or a request lasts.
func (f *Follower) watch(ctx context.Context) {
	after := f.book.Head().Seq
	for f.book.Wait(ctx, after) == nil {
		after = f.book.Head().Seq
		f.count()
		poke(f.grew)
	}
}

// loop is one turn after another.
func (f *Follower) loop(ctx context.Context) {
	grew := false
	for ctx.Err() == nil {
		grew = f.rest(ctx, f.Turn(ctx, grew))
	}
}

// rest waits, and says whether it was the ledger's growth that ended it.
func (f *Follower) rest(ctx context.Context, r Rest) (grew bool) {
	var wake <-chan struct{} // a nil one never comes
	if r.UntilGrowth {
		wake = f.grew
	}
	timer := time.NewTimer(r.For)
	defer timer.Stop()
	select {
	case <-wake:
		return true
	case <-timer.C:
	case <-f.nudge:
		f.everythingDue()
	case <-ctx.Done():
	}
	return false
}

// show puts the outcome of an exchange on the board.
func (f *Follower) show(err error) {
	now := f.o.Clock()
	if err == nil {
		f.change(func(s *State) {
			s.Online, s.LastContact, s.Code, s.Err = true, now, "", ""
			s.Relay, s.CutOff = f.relay, !f.upstream
		})
		return
	}
	t := asTrouble(err)
	f.o.Log.Warn("not carried to central", "code", t.code, "err", err)
	if t.fork != nil {
		f.rememberFork(*t.fork)
	}
	f.change(func(s *State) {
		s.Online = t.reached
		if t.reached {
			s.LastContact = now
		}
		s.Fork, s.Code, s.Err = t.fork != nil, t.code, t.text
	})
}

// count works out what is waiting. Both goroutines call it; whoever comes last
// sees the newest numbers, so it is one at a time.
func (f *Follower) count() {
	f.counting.Lock()
	defer f.counting.Unlock()
	acked, head := f.ackedSeq.Load(), f.book.Head().Seq
	var waiting uint64
	var oldest time.Time
	if head > acked {
		waiting = head - acked
		if first, err := f.book.Entries(acked+1, 1); err == nil && len(first) == 1 {
			oldest = first[0].At()
		}
	}
	relay := f.relaySeq.Load()
	f.change(func(s *State) { s.AtCentral, s.AtRelay, s.Waiting, s.OldestWaiting = acked, relay, waiting, oldest })
}
