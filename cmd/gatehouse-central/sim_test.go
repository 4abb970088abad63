package main_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"gatehouse/central/api"
	"gatehouse/central/store"
	"gatehouse/central/storetest"
	"gatehouse/ledger"
	"gatehouse/sync/station"
	"gatehouse/sync/wire"
)

// A simulated world: a real ledger, the real follower, the real API and store,
// and between them a network made of a drawn list of mishaps, in simulated time.

// mishap is what happens to one request and its reply.
type mishap struct {
	Delay int // milliseconds each way
	What  string
	Late  int // seconds until a copy of the request arrives once more
}

func mishaps() *rapid.Generator[mishap] {
	return rapid.Custom(func(t *rapid.T) mishap {
		return mishap{
			Delay: rapid.SampledFrom([]int{0, 5, 300, 40_000, 70_000}).Draw(t, "delay"),
			What: rapid.SampledFrom([]string{"", "", "", "lose request", "lose reply", "truncate", "alter request",
				"alter reply", "cut reply", "twice", "stale reply", "copy later"}).Draw(t, "what"),
			Late: rapid.IntRange(0, 400).Draw(t, "late"),
		}
	})
}

// step is something that happens in the world.
type step struct {
	What string
	N    int
}

func steps() *rapid.Generator[step] {
	return rapid.Custom(func(t *rapid.T) step {
		return step{
			What: rapid.SampledFrom([]string{"pay", "pay", "pay", "wait", "wait", "cut", "join", "central restarts",
				"central is backed up", "central is restored", "station restarts"}).Draw(t, "step"),
			N: rapid.IntRange(1, 5).Draw(t, "n"),
		}
	})
}

// world is one run.
type world struct {
	t       *testing.T
	dir     string
	key     *ledger.Key
	station *storetest.Station
	stop    func() // ends the follower
	follow  *station.Follower

	mu       sync.RWMutex // held for reading while central answers, for writing while it is exchanged
	kept     *store.Bolt
	door     http.Handler
	cut      bool
	mishaps  []mishap
	replies  []recorded // earlier ones, for stale replies
	flying   sync.WaitGroup
	requests int
}

type recorded struct {
	status int
	body   []byte
}

// everybody is an office that lets every station in.
type everybody struct{}

func (everybody) Admit(context.Context, string, ledger.Identity) error { return nil }
func (everybody) Readmit(context.Context, ledger.Identity) error       { return nil }
func (everybody) Revoked(context.Context, ledger.LogID) (bool, error)  { return false, nil }

func newWorld(t *testing.T, mishaps []mishap) *world {
	w := &world{t: t, dir: t.TempDir(), mishaps: mishaps, station: storetest.NewStation(t, "A1")}
	var err error
	if w.key, err = ledger.NewKey(rand.Reader); err != nil {
		t.Fatal(err)
	}
	w.openCentral()
	w.startStation()
	return w
}

func (w *world) path() string   { return filepath.Join(w.dir, "central.db") }
func (w *world) backup() string { return filepath.Join(w.dir, "backup.db") }

func (w *world) openCentral() {
	codec, err := wire.NewCodec()
	w.must(err)
	w.kept, err = store.OpenBolt(store.Options{Path: w.path(), Codec: codec})
	w.must(err)
	w.door, err = api.New(api.Options{Store: w.kept, Signer: w.key, Office: everybody{}})
	w.must(err)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) startStation() {
	f, err := station.New(station.Options{URL: "http://localhost", Code: "any", Client: &http.Client{Transport: w}})
	w.must(err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		f.Run(ctx, w.station.Book)
	}()
	w.follow, w.stop = f, func() {
		cancel()
		<-ended
	}
}

// exchangeCentral ends central, does something to its file, and starts it.
func (w *world) exchangeCentral(how func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.must(w.kept.Close())
	how()
	w.openCentral()
}

func (w *world) do(s step) {
	switch s.What {
	case "pay":
		w.station.Pay(w.t, s.N, 100)
	case "wait":
		<-time.After(time.Duration(s.N*s.N*s.N) * time.Second)
	case "cut", "join":
		w.mu.Lock()
		w.cut = s.What == "cut"
		w.mu.Unlock()
	case "central restarts":
		w.exchangeCentral(func() {})
	case "central is backed up":
		w.exchangeCentral(func() { w.copy(w.path(), w.backup()) })
	case "central is restored":
		w.exchangeCentral(func() {
			if _, err := os.Stat(w.backup()); err == nil {
				w.copy(w.backup(), w.path())
			}
		})
	case "station restarts":
		w.stop()
		w.station.Reopen(w.t)
		w.startStation()
	}
}

func (w *world) copy(from, to string) {
	data, err := os.ReadFile(from)
	w.must(err)
	w.must(os.WriteFile(to, data, 0o600))
}

// next takes the next mishap; when none is left, all goes well.
func (w *world) next() (m mishap, cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests++
	if len(w.mishaps) > 0 {
		m, w.mishaps = w.mishaps[0], w.mishaps[1:]
	}
	return m, w.cut
}

// RoundTrip is the network.
func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	m, cut := w.next()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if cut || m.What == "lose request" || !passes(r.Context(), m.Delay) {
		return nil, errCut
	}
	switch m.What {
	case "truncate":
		body = body[:len(body)/2]
	case "alter request":
		body = altered(body, m.Late)
	case "twice":
		w.serve(r, body)
	case "copy later":
		w.flying.Go(func() {
			<-time.After(time.Duration(m.Late) * time.Second)
			w.serve(r.WithContext(context.Background()), body)
		})
	}
	reply := w.serve(r, body)
	if m.What == "lose reply" || !passes(r.Context(), m.Delay) {
		return nil, errCut
	}
	switch m.What {
	case "alter reply":
		reply.body = altered(reply.body, m.Late)
	case "cut reply":
		reply.body = reply.body[:len(reply.body)/2]
	case "stale reply":
		w.mu.RLock()
		reply = w.replies[m.Late%len(w.replies)]
		w.mu.RUnlock()
	}
	return &http.Response{StatusCode: reply.status, Status: http.StatusText(reply.status), Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(reply.body)), Request: r}, nil
}

// passes lets simulated time go by, unless the sender gives up first.
func passes(ctx context.Context, milliseconds int) bool {
	select {
	case <-time.After(time.Duration(milliseconds) * time.Millisecond):
		return true
	case <-ctx.Done():
		return false
	}
}

func altered(body []byte, at int) []byte {
	if len(body) == 0 {
		return body
	}
	out := bytes.Clone(body)
	out[at%len(out)] ^= 0x01
	return out
}

// serve lets central answer, and keeps the reply.
func (w *world) serve(r *http.Request, body []byte) recorded {
	again := r.Clone(r.Context())
	again.Body = io.NopCloser(bytes.NewReader(body))
	answer := httptest.NewRecorder()
	w.mu.RLock()
	w.door.ServeHTTP(answer, again)
	w.mu.RUnlock()
	reply := recorded{answer.Code, answer.Body.Bytes()}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.replies = append(w.replies, reply)
	return reply
}

// heal ends all mishaps and lets the longest pause go by.
func (w *world) heal() {
	w.mu.Lock()
	w.cut, w.mishaps = false, nil
	w.mu.Unlock()
	w.flying.Wait()
	<-time.After(2*station.LastRetry + 5*time.Minute)
	synctest.Wait()
}

// verdict compares both ends.
func (w *world) verdict() error {
	head := w.station.Book.Head()
	if s := w.follow.State(); !s.Online || s.Fork || s.Waiting != 0 || s.AtCentral != head.Seq || s.Err != "" {
		return fmt.Errorf("the station shows %+v", s)
	}
	id := w.station.Book.Identity().Log
	log, err := w.kept.Log(context.Background(), id)
	if err != nil {
		return err
	}
	if log.Head != head || log.Evidence != 0 {
		return fmt.Errorf("central has head %+v and %d pieces of evidence, the station head %+v", log.Head, log.Evidence, head)
	}
	have, err := w.kept.Entries(context.Background(), id, 1, 2000)
	if err != nil {
		return err
	}
	own := w.station.Entries(w.t, 1, 2000)
	if len(have) != len(own) {
		return fmt.Errorf("central has %d entries, the station %d", len(have), len(own))
	}
	for i := range own {
		if !bytes.Equal(own[i].Raw, have[i].Raw) {
			return fmt.Errorf("entry %d differs", own[i].Seq)
		}
	}
	return nil
}

func TestWhateverHappensOnTheWayEverythingIsThereOnceAndInOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		happens := rapid.SliceOfN(steps(), 1, 14).Draw(rt, "steps")
		bad := rapid.SliceOfN(mishaps(), 0, 30).Draw(rt, "mishaps")
		var err error
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, bad)
			for _, s := range happens {
				w.do(s)
			}
			w.heal()
			err = w.verdict()
			w.stop()
			w.must(w.kept.Close())
		})
		if err != nil {
			rt.Fatal(err)
		}
	})
}
