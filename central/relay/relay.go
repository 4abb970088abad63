package relay

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"gatehouse/central/store"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Options is what a Relay is made of.
type Options struct {
	Upstream string // address of the real central, like "https://central.example"
	Code     string // to enrol the relay itself there; needed once
	Path     string // of the outbox

	Store  store.Store   // the relay's own
	Signer ledger.Signer // the relay's key
	Own    ledger.LogID  // the relay's own log, in Store
	Codec  *wire.Codec

	Client *http.Client
	Clock  ledger.Clock // nil is time.Now
	Random io.Reader    // for jitter; nil is crypto/rand
	Log    *slog.Logger // nil is silent
}

// Relay is the store of a relay, as its stations see it, and carries it on. As a
// store it is the relay's own, with two differences: a batch is kept for upstream
// before it is taken in, and no head is further than what can be delivered.
type Relay struct {
	store.Store
	o     Options
	box   outbox
	nudge chan struct{}

	mu     sync.Mutex // guards what follows
	key    ed25519.PublicKey
	online bool
	logs   map[ledger.LogID]standing // of those in the store: what a stranger asks for is not noted
}

// standing is how a log stands with upstream.
type standing struct {
	head    wire.Head // upstream's last; zero without one
	covered uint64
	problem wire.Problem
}

// Open opens the outbox of a relay.
func Open(o Options) (*Relay, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Client == nil {
		o.Client = &http.Client{
			// A relay talks to central and to nobody central points at.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	box, err := openOutbox(o.Path, 500*time.Millisecond)
	if err != nil {
		return nil, err
	}
	r := &Relay{Store: o.Store, o: o, box: box, nudge: make(chan struct{}, 1), logs: make(map[ledger.LogID]standing)}
	if err := r.recall(); err != nil {
		return nil, errors.Join(err, box.db.Close())
	}
	return r, nil
}

// recall reads how everything stood.
func (r *Relay) recall() error {
	key, err := r.box.value(bucketAbout, []byte("key"))
	if err != nil {
		return err
	}
	r.key = key
	heads, err := r.box.heads()
	if err != nil {
		return err
	}
	for log, head := range heads {
		covered, err := r.box.covered(log, head.Seq)
		if err != nil {
			return err
		}
		r.logs[log] = standing{head: head, covered: covered}
	}
	return nil
}

// Close lets go of the outbox; the relay's own store is its owner's.
func (r *Relay) Close() error { return r.box.db.Close() }

// Upstream is what the relay knows of the real central, for its answers.
func (r *Relay) Upstream(log ledger.LogID) *wire.Upstream {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.logs[log]
	out := &wire.Upstream{Key: r.key, Online: r.online, Problem: s.problem}
	if s.head.Seq > 0 {
		head := s.head
		out.Head = &head
	}
	return out
}

// Log implements store.Store.
func (r *Relay) Log(ctx context.Context, id ledger.LogID) (store.Log, error) {
	log, err := r.Store.Log(ctx, id)
	if err != nil {
		return log, err
	}
	return r.promised(ctx, log)
}

// promised cuts a log's head to what the relay can deliver.
func (r *Relay) promised(ctx context.Context, log store.Log) (store.Log, error) {
	if log.ID == r.o.Own {
		return log, nil
	}
	r.mu.Lock()
	covered := r.logs[log.ID].covered
	r.mu.Unlock()
	switch {
	case log.Head.Seq <= covered:
		return log, nil
	case covered == 0:
		log.Head = ledger.Head{}
		return log, nil
	}
	at, err := r.Store.Entries(ctx, log.ID, covered, 1)
	if err == nil && len(at) != 1 {
		err = fmt.Errorf("entry %d of log %s is missing", covered, log.ID)
	}
	if err == nil {
		log.Head = ledger.Head{Seq: at[0].Seq, Leaf: at[0].Leaf, Totals: at[0].Totals}
	}
	return log, err
}

// Append implements store.Store. The batch is kept for upstream before it is
// taken in: a crash between the two leaves one batch too many, never one too few.
func (r *Relay) Append(ctx context.Context, batch wire.Batch) (store.Log, error) {
	id := batch.Header.Log
	known, err := r.Store.Log(ctx, id)
	if err != nil {
		return known, err
	}
	if _, unfit := r.o.Codec.Open(known.Identity.Key, batch); unfit != nil {
		if _, evidence := store.Unfit(unfit); evidence {
			err = r.box.put(bucketEvidence, batch)
		}
		if err != nil {
			return known, err
		}
		return r.refused(r.Store.Append(ctx, batch))
	}
	r.mu.Lock()
	upstream, covered := r.logs[id].head.Seq, r.logs[id].covered
	r.mu.Unlock()
	// What upstream has, or lies here already, need not be kept again. If it has another
	// history, its numbers say nothing of this one.
	needed := end(batch.Header) > covered || r.parted(id)
	if needed {
		if err := r.box.put(bucketBatches, batch); err != nil {
			return known, err
		}
	}
	log, err := r.Store.Append(ctx, batch)
	var conflict *store.Conflict
	if errors.As(err, &conflict) {
		if needed {
			err = errors.Join(err, r.box.drop(bucketBatches, batch.Header))
		}
		if conflict.Problem != wire.ProblemGap {
			err = errors.Join(err, r.box.put(bucketEvidence, batch))
			poke(r.nudge)
		}
		return r.refused(log, err)
	}
	if err != nil {
		return log, err
	}
	if err := r.recover(id, upstream); err != nil {
		return log, err
	}
	poke(r.nudge)
	return r.promised(ctx, log)
}

// recover works out again how far a log is covered.
func (r *Relay) recover(id ledger.LogID, upstream uint64) error {
	covered, err := r.box.covered(id, upstream)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.logs[id]
	if s.head.Seq == upstream { // else whoever moved it worked it out
		s.covered = covered
		r.logs[id] = s
	}
	return nil
}

// refused cuts the head in a conflict like any other.
func (r *Relay) refused(log store.Log, err error) (store.Log, error) {
	var conflict *store.Conflict
	if errors.As(err, &conflict) {
		cut, bad := r.promised(context.Background(), conflict.Log)
		conflict.Log = cut
		err = errors.Join(err, bad)
	}
	return log, err
}

// Keep implements store.Store: evidence goes on to upstream too.
func (r *Relay) Keep(ctx context.Context, batch wire.Batch, reason wire.Problem) error {
	err := r.Store.Keep(ctx, batch, reason)
	var conflict *store.Conflict
	if errors.As(err, &conflict) {
		err = errors.Join(err, r.box.put(bucketEvidence, batch))
	}
	_, err = r.refused(store.Log{}, err)
	return err
}

// Door passes the enrolment of a log that the relay does not know on to
// upstream, whose code it carries, and takes the log in when upstream did. All
// else is for next.
func (r *Relay) Door(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		text, err := io.ReadAll(http.MaxBytesReader(w, q.Body, wire.MaxEnrolment))
		again := func() {
			q.Body = io.NopCloser(bytes.NewReader(text))
			next.ServeHTTP(w, q)
		}
		n, bad := wire.ReadEnrolment(text)
		if err != nil || bad != nil {
			again() // it says what is wrong with it
			return
		}
		first, id, err := n.Open()
		if err != nil {
			again()
			return
		}
		_, err = r.Store.Log(q.Context(), id.Log)
		r.mu.Lock()
		met := r.logs[id.Log].head.Seq > 0
		r.mu.Unlock()
		if err == nil && met {
			again()
			return
		}
		known := err == nil
		a, err := r.introduce(q.Context(), n, id.Log)
		switch {
		case err != nil && known:
			again()
		case err != nil:
			r.o.Log.Warn("an enrolment could not be passed on", "station", id.Station, "err", err)
			say(w, http.StatusServiceUnavailable, wire.Answer{Problem: wire.ProblemUpstream,
				Text: "this office's relay cannot reach central, which has to know a new station first"})
		case a.Problem != "":
			say(w, http.StatusForbidden, wire.Answer{Problem: a.Problem, Text: a.Text})
		default:
			if _, err := r.Store.Enrol(q.Context(), first); err != nil {
				r.o.Log.Error("an enrolled station could not be taken in", "station", id.Station, "err", err)
			}
			again()
		}
	})
}

// introduce makes a log known to upstream, with the last head that upstream
// signed for it, if there is one. The error means that upstream was not reached.
func (r *Relay) introduce(ctx context.Context, n wire.Enrolment, log ledger.LogID) (wire.Answer, error) {
	r.mu.Lock()
	if head := r.logs[log].head; head.Seq > 0 {
		n.Known = &head
	}
	r.mu.Unlock()
	text, err := json.Marshal(n)
	if err != nil {
		return wire.Answer{}, err
	}
	a, err := r.call(ctx, http.MethodPost, wire.PathEnrol, http.Header{"Content-Type": {"application/json"}}, text)
	if err != nil || a.Problem != "" {
		return a, err
	}
	if a.Head == nil {
		return a, errors.New("upstream enrolled a log and showed no head")
	}
	if err := r.meet(a, log); err != nil {
		return a, err
	}
	n.Known = nil
	if text, err = json.Marshal(n); err == nil {
		err = r.box.setValue(bucketEnrolments, log[:], text)
	}
	if err == nil {
		err = r.take(ctx, log, a)
	}
	return a, err
}

// meet learns upstream's key from its first answer, once the key has proved
// itself on the head beside it.
func (r *Relay) meet(a wire.Answer, log ledger.LogID) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.key != nil {
		return nil
	}
	if err := a.Head.Check(a.Key, log); err != nil {
		return err
	}
	if err := r.box.setValue(bucketAbout, []byte("key"), a.Key); err != nil {
		return err
	}
	r.key = a.Key
	return nil
}

// say answers a station.
func say(w http.ResponseWriter, status int, a wire.Answer) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(a) // who does not listen any more asks again
}

func poke(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// timeout of one request to upstream: a batch of a mebibyte on a bad line.
const timeout = time.Minute

// call asks upstream one thing. The error means that it was not reached, or that
// what answered is not central.
func (r *Relay) call(ctx context.Context, method, path string, header http.Header, body []byte) (wire.Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(r.o.Upstream, "/")+path, bytes.NewReader(body))
	if err != nil {
		return wire.Answer{}, fmt.Errorf("ask upstream: %w", err)
	}
	for name, values := range header {
		request.Header[name] = values
	}
	response, err := r.o.Client.Do(request)
	if err != nil {
		return wire.Answer{}, fmt.Errorf("ask upstream: %w", err)
	}
	defer response.Body.Close()
	a, err := wire.ReadAnswer(response.Body)
	if err == nil && response.StatusCode/100 != 2 && a.Problem == "" {
		err = fmt.Errorf("status %s without a problem", response.Status)
	}
	return a, err
}
