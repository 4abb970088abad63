package station_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/ledger"
	"gatehouse/sync/station"
	"gatehouse/sync/wire"
)

// How the follower behaves in time, in a bubble of simulated time. The way to
// the real central, with its store, is tested in cmd/gatehouse-central.

// fake is a central that has exactly the head it is told, and notes each call.
type fake struct {
	key  *ledger.Key
	book *ledger.Book

	mu     sync.Mutex
	down   bool
	calls  []call
	active int
	most   int                              // requests at the same time
	answer func(*http.Request) *wire.Answer // instead of the usual; nil is the usual
	head   uint64
	after  string // Retry-After of a central that has too much to do; empty is none
}

type call struct {
	at   time.Time
	path string
}

var errDown = errors.New("no route to host")

func (f *fake) RoundTrip(r *http.Request) (*http.Response, error) {
	f.mu.Lock()
	f.calls = append(f.calls, call{time.Now(), r.URL.Path})
	f.active++
	f.most = max(f.most, f.active)
	down := f.down
	f.mu.Unlock()
	<-time.After(50 * time.Millisecond)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.active--
	if down {
		return nil, errDown
	}
	status, a := http.StatusOK, f.usual(r)
	if f.answer != nil {
		if other := f.answer(r); other != nil {
			a = *other
		}
	}
	if a.Problem != "" {
		status = http.StatusConflict
	}
	header := http.Header{}
	if f.after != "" {
		status, a = http.StatusTooManyRequests, wire.Answer{Problem: wire.ProblemBusy}
		header.Set("Retry-After", f.after)
	}
	text, err := json.Marshal(a)
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: header, Body: io.NopCloser(bytes.NewReader(text))}, err
}

// usual takes in whatever comes.
func (f *fake) usual(r *http.Request) wire.Answer {
	switch {
	case r.URL.Path == wire.PathEnrol:
		f.head = max(f.head, 1)
	case r.Method == http.MethodPost:
		h, err := wire.ReadHeader(f.book.Identity().Log, r.Header)
		if err != nil {
			return wire.Answer{Problem: wire.ProblemMalformed, Text: err.Error()}
		}
		f.head = max(f.head, h.From+uint64(h.Count)-1)
	}
	return wire.Answer{Head: f.at(f.head), Key: f.key.Public()}
}

// at signs the station's own entry of that number as head.
func (f *fake) at(seq uint64) *wire.Head {
	entries, err := f.book.Entries(seq, 1)
	if err != nil || len(entries) == 0 {
		h := wire.Countersign(f.key, f.book.Identity().Log, seq, ledger.Leaf{1}, time.Now())
		return &h
	}
	h := wire.Countersign(f.key, f.book.Identity().Log, seq, entries[0].Leaf, time.Now())
	return &h
}

func (f *fake) set(how func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	how()
}

// took returns the calls since it was last asked.
func (f *fake) took() []call {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := f.calls
	f.calls = nil
	return out
}

// rig is a follower over a real ledger, in a bubble.
type rig struct {
	*fake
	t      *testing.T
	follow *station.Follower
	stop   func()
}

func run(t *testing.T, test func(*testing.T, *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{t: t, fake: &fake{}}
		r.key = newKey(t)
		book, err := ledger.Open(ledger.Options{Path: filepath.Join(t.TempDir(), "ledger.db"), Station: "A1", Signer: newKey(t)})
		must(t, err)
		r.book = book
		r.start(station.Options{Code: "BLUE-HERON"})
		test(t, r)
		r.stop()
		must(t, book.Close())
	})
}

func newKey(t *testing.T) *ledger.Key {
	t.Helper()
	key, err := ledger.NewKey(rand.Reader)
	must(t, err)
	return key
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (r *rig) start(o station.Options) {
	o.URL, o.Client = "http://localhost:1", &http.Client{Transport: r.fake}
	r.begin(o)
}

func (r *rig) begin(o station.Options) {
	f, err := station.New(o)
	must(r.t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		f.Run(ctx, r.book)
	}()
	r.follow, r.stop = f, func() {
		cancel()
		<-ended
	}
}

func (r *rig) write(n int) {
	r.t.Helper()
	for range n {
		id, err := ledger.NewCommandID(rand.Reader)
		must(r.t, err)
		_, err = r.book.Commit(context.Background(), ledger.Command{ID: id, Actor: "rosa", Decide: func(*ledger.State) ([]ledger.Draft, error) {
			return []ledger.Draft{{Kind: "test.entry.v1", Body: map[string]any{}}}, nil
		}})
		must(r.t, err)
	}
}

// pass lets simulated time go by, until nothing moves.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func TestWhatIsWrittenIsSentWithinTwoSeconds(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		pass(time.Second)
		if s := r.follow.State(); !s.Online || s.Waiting != 0 || s.AtCentral != 1 || r.follow.Offline() {
			t.Fatalf("after the start: %+v", s)
		}
		for range 20 {
			r.took()
			r.write(1)
			pass(2 * time.Second)
			if s := r.follow.State(); s.Waiting != 0 || s.AtCentral != r.book.Head().Seq {
				t.Fatalf("two seconds after entry %d: %+v", r.book.Head().Seq, s)
			}
			if n := len(r.took()); n != 1 {
				t.Fatalf("%d requests for one entry", n)
			}
		}
		if r.most != 1 {
			t.Errorf("%d requests at the same time", r.most)
		}
	})
}

func TestEntriesThatCameWhileOneWasSentGoTogether(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		pass(time.Second)
		r.took()
		r.write(40)
		pass(time.Second)
		if n := len(r.took()); n > 3 {
			t.Errorf("%d requests for 40 entries", n)
		}
		if r.most != 1 {
			t.Errorf("%d requests at the same time", r.most)
		}
	})
}

func TestPausesGrowFromOneSecondToFiveMinutes(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		pass(time.Second)
		r.set(func() { r.down = true })
		r.write(1)
		pass(time.Second / 10)
		if s := r.follow.State(); s.Online || s.Waiting != 1 || s.Code != station.CodeUnreachable || !r.follow.Offline() {
			t.Fatalf("with central down: %+v", s)
		}
		pass(2 * time.Hour)
		calls := r.took()
		var last time.Duration
		distinct := make(map[time.Duration]bool)
		for i := 2; i < len(calls); i++ { // after the enrolment, and the append that failed first
			pause := calls[i].at.Sub(calls[i-1].at) - 50*time.Millisecond
			want := station.LastRetry
			if i < 11 {
				want = min(station.FirstRetry<<(i-2), station.LastRetry)
			}
			if pause < max(want*3/4, station.FirstRetry) || pause > min(want*5/4, station.LastRetry) {
				t.Errorf("pause %d is %v, want about %v", i-1, pause, want)
			}
			distinct[pause] = true
			last = pause
		}
		if len(calls) < 25 || last < station.LastRetry*3/4 || len(distinct) < 8 {
			t.Errorf("%d calls in two hours, the last pause %v, %d different ones", len(calls), last, len(distinct))
		}
		r.set(func() { r.down = false })
		r.follow.TryNow()
		pass(time.Second)
		if s := r.follow.State(); !s.Online || s.Waiting != 0 || s.Err != "" {
			t.Errorf("after a person asked for a try: %+v", s)
		}
	})
}

func TestAQuietStationStaysInTouch(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		pass(time.Second)
		r.took()
		pass(10 * station.Heartbeat)
		if n := len(r.took()); n < 9 || n > 10 {
			t.Errorf("%d calls in ten heartbeats", n)
		}
		r.set(func() { r.down = true })
		pass(station.Heartbeat + time.Second)
		if !r.follow.Offline() {
			t.Error("central went away and nobody noticed")
		}
		lost := r.follow.State().LastContact
		pass(time.Minute)
		if !r.follow.State().LastContact.Equal(lost) || lost.IsZero() {
			t.Errorf("last contact %v, then %v", lost, r.follow.State().LastContact)
		}
	})
}

func TestWhatWaitsIsCountedAndDated(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		pass(time.Second)
		r.set(func() { r.down = true })
		pass(time.Minute)
		r.write(1)
		oldest := time.Now()
		pass(time.Minute)
		r.write(4)
		pass(time.Second)
		s := r.follow.State()
		if s.Waiting != 5 || s.AtCentral != 1 || s.OldestWaiting.Sub(oldest).Abs() > time.Millisecond {
			t.Errorf("%+v, the oldest was made %v", s, oldest)
		}
	})
}

func TestCentralThatStepsBackIsFollowed(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.write(9)
		pass(time.Second)
		r.set(func() { r.head = 4 })
		pass(station.Heartbeat + time.Second)
		if s := r.follow.State(); s.Waiting != 0 || r.head != 10 || s.Err != "" {
			t.Errorf("central has %d, the screen shows %+v", r.head, s)
		}
	})
}

func TestAForkStopsSendingAndIsKept(t *testing.T) {
	for name, head := range map[string]func(*rig) *wire.Head{
		"central has another entry": func(r *rig) *wire.Head {
			h := wire.Countersign(r.key, r.book.Identity().Log, 2, ledger.Leaf{9}, time.Now())
			return &h
		},
		"central has more than we": func(r *rig) *wire.Head { return r.at(99) },
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				r.write(3)
				pass(time.Second)
				r.set(func() {
					h := head(r)
					r.answer = func(*http.Request) *wire.Answer { return &wire.Answer{Head: h, Problem: wire.ProblemFork} }
				})
				r.write(1)
				pass(time.Second)
				s := r.follow.State()
				if !s.Fork || s.Code != station.CodeFork || !strings.Contains(s.Err, "nothing is lost") || !r.follow.Offline() {
					t.Fatalf("%+v", s)
				}
				// Central is shown this side, and again what people add in spite of it, an hour later.
				pass(time.Minute)
				shown := r.took()
				if last := shown[len(shown)-1]; last.path != wire.ShowPath(r.book.Identity().Log) {
					t.Errorf("this side of the fork was not shown: %v", shown)
				}
				r.write(2)
				pass(time.Hour)
				if again := r.took(); len(again) != 1 || again[0].path != wire.ShowPath(r.book.Identity().Log) || r.follow.State().Waiting != s.Waiting+2 {
					t.Errorf("after a fork %v, %+v", again, r.follow.State())
				}
				pass(5 * time.Hour)
				if n := len(r.took()); n != 0 {
					t.Errorf("%d calls, and nothing was added", n)
				}
				// Nor after a restart, even if central now says something else.
				r.stop()
				r.set(func() { r.answer = nil })
				r.start(station.Options{Code: "BLUE-HERON"})
				pass(time.Hour)
				if n := len(r.took()); n != 0 || !r.follow.State().Fork {
					t.Errorf("after a restart %d calls, %+v", n, r.follow.State())
				}
			})
		})
	}
}

// witness is a central whose clone of this log parted from it after an entry, has its
// own entries up to another, and notes what it is shown.
func (r *rig) witness(common, head uint64, full bool) (shown map[uint64]bool) {
	shown = make(map[uint64]bool)
	r.set(func() {
		h := wire.Countersign(r.key, r.book.Identity().Log, head, ledger.Leaf{9}, time.Now())
		r.answer = func(q *http.Request) *wire.Answer {
			a := &wire.Answer{Head: &h}
			if q.Method == http.MethodGet {
				return a
			}
			b, err := wire.ReadHeader(r.book.Identity().Log, q.Header)
			must(r.t, err)
			if b.From+uint64(b.Count)-1 <= common {
				return a
			}
			a.Problem, a.Full = wire.ProblemFork, full
			if q.URL.Path == wire.ShowPath(b.Log) {
				for i := range b.Count {
					shown[b.From+uint64(i)] = true
				}
			}
			return a
		}
	})
	return shown
}

func TestAllOfThisSideOfAForkIsShown(t *testing.T) {
	for name, test := range map[string]struct {
		common, head uint64 // of central
		own          int    // entries here after the last that central signed
		full         bool
	}{
		"the copy wrote more than was shown at once":    {11, 690, 700, false},
		"this one wrote more than one batch holds":      {11, 20, 2300, false},
		"central was put back to before they parted":    {4, 20, 30, false},
		"it is more than central keeps":                 {11, 20, 30, true},
		"this one is an older copy with nothing of its": {11, 20, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				r.write(10)
				pass(time.Second)
				r.set(func() { r.down = true })
				r.write(test.own)
				shown := r.witness(test.common, test.head, test.full)
				r.set(func() { r.down = false })
				pass(10 * time.Minute)
				lost, last := 0, r.book.Head().Seq
				for seq := test.common + 1; seq <= last; seq++ {
					if !shown[seq] {
						lost++
					}
				}
				if s := r.follow.State(); !s.Fork || s.ForkFull != test.full || s.ForkShown == test.full || lost > 0 {
					t.Errorf("%d of %d entries were not shown: %+v", lost, last-test.common, s)
				}
				before := len(shown)
				r.write(2)
				pass(time.Hour)
				if s := r.follow.State(); len(shown) != before+2 || s.ForkFull != test.full {
					t.Errorf("of two entries more %d were shown: %+v", len(shown)-before, s)
				}
			})
		})
	}
}

func TestWhatCentralMayNotDo(t *testing.T) {
	for name, test := range map[string]struct {
		answer   func(*rig) wire.Answer
		code     string
		stranger bool // so it is not central that answers
	}{
		"sign with another key": {func(r *rig) wire.Answer {
			h := wire.Countersign(newKey(r.t), r.book.Identity().Log, 1, r.at(1).Leaf, time.Now())
			return wire.Answer{Head: &h}
		}, station.CodeOtherKey, true},
		"claim a fork that is none": {func(r *rig) wire.Answer { return wire.Answer{Head: r.at(1), Problem: wire.ProblemFork} }, station.CodeRefused, false},
		"stay where it is":          {func(r *rig) wire.Answer { return wire.Answer{Head: r.at(1)} }, station.CodeBadAnswer, true},
		"say nothing":               {func(r *rig) wire.Answer { return wire.Answer{} }, station.CodeBadAnswer, true},
		"not be able to store":      {func(r *rig) wire.Answer { return wire.Answer{Problem: wire.ProblemStore} }, station.CodeRefused, false},
		"be older":                  {func(r *rig) wire.Answer { return wire.Answer{Problem: wire.ProblemTooNew} }, station.CodeRefused, false},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				pass(time.Second)
				r.set(func() {
					a := test.answer(r)
					r.answer = func(*http.Request) *wire.Answer { return &a }
				})
				r.write(2)
				pass(time.Second / 2)
				s := r.follow.State()
				if s.Code != test.code || s.Err == "" || s.Fork || s.Waiting != 2 || s.Online == test.stranger || r.follow.Offline() != test.stranger {
					t.Errorf("%+v", s)
				}
				r.took()
				pass(time.Minute)
				if n := len(r.took()); n > 30 {
					t.Errorf("%d calls in a minute", n)
				}
				r.set(func() { r.answer = nil })
				r.follow.TryNow()
				pass(time.Second)
				if s := r.follow.State(); s.Waiting != 0 || s.Err != "" {
					t.Errorf("after central came to itself: %+v", s)
				}
			})
		})
	}
}

func TestASpoiltEnrolmentLeavesNoKeyBehind(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.stop()
		must(t, r.book.Remember("sync.central", nil))
		r.set(func() {
			r.answer = func(*http.Request) *wire.Answer { return &wire.Answer{Head: r.at(1), Key: make([]byte, 32)} }
		})
		r.start(station.Options{Code: "BLUE-HERON"})
		pass(time.Second / 2)
		if s := r.follow.State(); s.Code != station.CodeBadAnswer {
			t.Errorf("%+v", s)
		}
		r.set(func() { r.answer = nil })
		pass(time.Minute)
		if s := r.follow.State(); s.Waiting != 0 || s.Err != "" {
			t.Errorf("after a good answer: %+v", s)
		}
	})
}

// impostor answers like a central that never heard of the station, and signs with a key
// of its own whatever it is sent.
func (r *rig) impostor() (key *ledger.Key) {
	key, enrolled, head := newKey(r.t), false, uint64(1)
	r.set(func() {
		r.answer = func(q *http.Request) *wire.Answer {
			switch {
			case q.URL.Path == wire.PathEnrol:
				enrolled = true
			case !enrolled:
				return &wire.Answer{Problem: wire.ProblemUnknownLog}
			case q.Method == http.MethodPost:
				h, err := wire.ReadHeader(r.book.Identity().Log, q.Header)
				must(r.t, err)
				head = h.From + uint64(h.Count) - 1
			}
			h := wire.Countersign(key, r.book.Identity().Log, head, r.leaf(head), time.Now())
			return &wire.Answer{Head: &h, Key: key.Public()}
		}
	})
	return key
}

// leaf is the hash of the station's own entry of a number.
func (f *fake) leaf(seq uint64) ledger.Leaf { return f.at(seq).Leaf }

func TestAFalseCentralIsNotBelievedWithoutACode(t *testing.T) {
	for name, o := range map[string]*station.Options{
		"the code was forgotten with the restart": {},
		"the code was used by this run":           nil,
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				pass(time.Second)
				if o != nil {
					r.stop()
					r.start(*o)
					pass(time.Second)
				}
				r.impostor()
				r.write(3)
				pass(2 * station.Heartbeat)
				if s := r.follow.State(); s.AtCentral != 1 || s.Waiting != 3 || s.Online || s.Code != station.CodeOtherKey {
					t.Errorf("with a false central: %+v", s)
				}
				if !bytes.Equal(r.follow.CentralKey(), r.key.Public()) {
					t.Error("its key took the place of central's")
				}
				r.set(func() { r.answer = nil })
				r.follow.TryNow()
				pass(time.Second)
				if s := r.follow.State(); s.Waiting != 0 || s.Err != "" {
					t.Errorf("with central itself again: %+v", s)
				}
			})
		})
	}
}

func TestACentralSetUpAnewTakesANewCode(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		pass(time.Second)
		r.stop()
		anew := r.impostor()
		r.write(3)
		r.start(station.Options{Code: "GREY-HERON"})
		pass(time.Second)
		if s := r.follow.State(); s.Waiting != 0 || s.Err != "" || !bytes.Equal(r.follow.CentralKey(), anew.Public()) {
			t.Errorf("%+v", s)
		}
	})
}

func TestARelaysKeyNeverCountsAsCentrals(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		pass(time.Second)
		r.stop()
		relay := newKey(t)
		as := func(upstream bool) func(*http.Request) *wire.Answer {
			return func(q *http.Request) *wire.Answer {
				a := r.usual(q)
				h := wire.Countersign(relay, a.Head.Log, a.Head.Seq, a.Head.Leaf, time.Now())
				out := wire.Answer{Head: &h, Key: relay.Public()}
				if upstream {
					out.Upstream = &wire.Upstream{Key: r.key.Public(), Head: r.at(1), Online: true}
				}
				return &out
			}
		}
		r.set(func() { r.answer = as(true) })
		r.start(station.Options{})
		r.write(2)
		pass(time.Second)
		if s := r.follow.State(); !s.Relay || s.AtRelay != 3 || s.AtCentral != 1 {
			t.Fatalf("at the relay: %+v", s)
		}
		r.set(func() { r.answer = as(false) }) // it says now that it is central
		r.write(1)
		pass(station.Heartbeat)
		if s := r.follow.State(); s.AtCentral != 1 || s.Code != station.CodeOtherKey || !bytes.Equal(r.follow.CentralKey(), r.key.Public()) {
			t.Errorf("with a relay that plays central: %+v", s)
		}
	})
}

func TestAStationWithoutACodeSaysSo(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.stop()
		must(t, r.book.Remember("sync.central", nil))
		r.took()
		r.start(station.Options{})
		pass(time.Second)
		if s := r.follow.State(); s.Code != station.CodeNotEnrolled || s.Waiting != 1 {
			t.Errorf("%+v", s)
		}
		if n := len(r.took()); n != 0 {
			t.Errorf("%d calls", n)
		}
	})
}

func TestTheNewestStateIsThereForASlowReader(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		states, end := r.follow.Subscribe()
		r.write(5)
		pass(time.Second)
		if s := <-states; s != r.follow.State() || s.AtCentral != 6 {
			t.Errorf("the reader sees %+v, it is %+v", s, r.follow.State())
		}
		end()
		r.write(1)
		pass(time.Second)
		select {
		case s := <-states:
			t.Errorf("after the end came %+v", s)
		default:
		}
	})
}

func TestAClosedLedgerEndsTheFollower(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		pass(time.Second)
		must(t, r.book.Close())
		r.stop() // returns
	})
}

func TestCentralsAddress(t *testing.T) {
	for _, test := range []struct {
		url      string
		insecure bool
		ok       bool
	}{
		{"https://central.example", false, true},
		{"http://127.0.0.1:8750", false, true},
		{"http://localhost:8750/", false, true},
		{"http://[::1]:8750", false, true},
		{"http://10.0.0.1:8750", false, false},
		{"http://central.example", false, false},
		{"http://10.0.0.1:8750", true, true},
		{"ftp://127.0.0.1", false, false},
		{"central.example", false, false},
		{"", false, false},
	} {
		if _, err := station.New(station.Options{URL: test.url, InsecureLAN: test.insecure}); (err == nil) != test.ok {
			t.Errorf("%q, insecure %v: %v", test.url, test.insecure, err)
		}
	}
}

func TestAStationWaitsAsLongAsCentralAsks(t *testing.T) {
	for after, least := range map[string]time.Duration{
		"90":                            90 * time.Second,
		"4000000000":                    station.LastRetry, // no more, whoever asks
		"-5":                            station.FirstRetry,
		"Wed, 21 Oct 2026 07:28:00 GMT": station.FirstRetry,
	} {
		t.Run(after, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				pass(time.Second)
				r.took()
				r.set(func() { r.after = after })
				r.write(1)
				pass(time.Second / 10)
				if s := r.follow.State(); !s.Online || s.Waiting != 1 || s.Code != station.CodeRefused {
					t.Fatalf("%+v", s)
				}
				pass(11 * time.Minute)
				calls := r.took()
				if len(calls) < 2 {
					t.Fatalf("%d calls", len(calls))
				}
				if pause := calls[1].at.Sub(calls[0].at) - 50*time.Millisecond; pause < least || pause > least+2*station.FirstRetry {
					t.Errorf("it waited %v, not about %v", pause, least)
				}
				r.set(func() { r.after = "" })
				pass(11 * time.Minute)
				if s := r.follow.State(); s.Waiting != 0 || s.Err != "" {
					t.Errorf("afterwards %+v", s)
				}
			})
		})
	}
}

// firstDown is a way to two addresses, of which the first does not answer.
type firstDown struct{ http.RoundTripper }

func (d firstDown) RoundTrip(q *http.Request) (*http.Response, error) {
	if q.URL.Port() == "1" {
		<-time.After(50 * time.Millisecond)
		return nil, errDown
	}
	return d.RoundTripper.RoundTrip(q)
}

func TestEachAddressIsWaitedForAsLongAsItAsks(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		pass(time.Second)
		r.stop()
		r.begin(station.Options{URL: "http://localhost:1", Others: []string{"http://localhost:2"}, Client: &http.Client{Transport: firstDown{r.fake}}})
		pass(5 * time.Second)
		if s := r.follow.State(); !s.Online {
			t.Fatalf("the second address answers: %+v", s)
		}
		r.set(func() { r.after = "120" })
		r.write(1)
		r.took()
		pass(10 * time.Minute)
		if s := r.follow.State(); s.Code != station.CodeUnreachable {
			t.Errorf("what is shown is not of the most preferred: %+v", s)
		}
		calls := r.took()
		if len(calls) < 4 {
			t.Fatalf("%d calls in ten minutes", len(calls))
		}
		for i := range calls[1:] {
			least, most := 2*time.Minute, 2*time.Minute+station.FirstRetry<<i*5/4+time.Second
			if pause := calls[i+1].at.Sub(calls[i].at); pause < least || pause > most {
				t.Errorf("the second address asked for two minutes and was asked again after %v", pause)
			}
		}
	})
}

func TestPaymentsAtARelayWithoutALineWriteNoHintEach(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.stop()
		must(t, r.book.Remember("sync.central", nil))
		r.set(func() {
			r.answer = func(q *http.Request) *wire.Answer {
				a := r.usual(q)
				a.Upstream = &wire.Upstream{} // the line is cut
				return &a
			}
		})
		r.start(station.Options{Code: "BLUE-HERON"})
		pass(time.Minute)
		hash := ledger.LeafOf([]byte("http://localhost:1"))
		hints := map[string]bool{}
		for range 10 {
			r.write(1)
			pass(time.Second)
			hint, err := r.book.Recall("sync.relay." + hex.EncodeToString(hash[:8]))
			must(t, err)
			hints[string(hint)] = true
		}
		if len(hints) > 2 {
			t.Errorf("%d hints were written to the ledger's file in ten seconds", len(hints))
		}
	})
}
