package station_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"

	"gatehouse/ledger"
	"gatehouse/sync/station"
	"gatehouse/sync/wire"
)

// giver is a central that gives reference data, and notes what it was asked for. What
// is not about reference data goes to the fake beside it.
type giver struct {
	*fake     // whose lock is for all of it
	manifests map[string][]byte
	chunks    map[wire.Hash][]byte
	asked     []string
	token     string                   // the only one that counts
	sessions  int                      //
	spoil     func(path string) []byte // other bytes for an answer; nil: the right ones
	busy      string                   // Retry-After of a giver that has too much to do
	cut       int                      // chunks until the line is cut; 0: never
}

func (g *giver) RoundTrip(r *http.Request) (*http.Response, error) {
	path := r.URL.Path
	if path != wire.PathChallenge && path != wire.PathSession && !strings.HasPrefix(path, "/v1/reference/") {
		return g.fake.RoundTrip(r)
	}
	<-time.After(20 * time.Millisecond)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked = append(g.asked, path+"?"+r.URL.RawQuery)
	if g.down {
		return nil, errDown
	}
	if g.busy != "" {
		a := answerJSON(http.StatusTooManyRequests, wire.Answer{Problem: wire.ProblemBusy})
		a.Header.Set("Retry-After", g.busy)
		return a, nil
	}
	if g.spoil != nil {
		if other := g.spoil(path); other != nil {
			return answer(http.StatusOK, other), nil
		}
	}
	switch {
	case path == wire.PathChallenge:
		return answerJSON(http.StatusOK, wire.Challenge{Challenge: []byte("sign this")}), nil
	case path == wire.PathSession:
		s, log, err := wire.ReadSession(r.Body)
		if err != nil || s.Check(g.book.Signer().Public(), log) != nil {
			return answerJSON(http.StatusForbidden, wire.Answer{Problem: wire.ProblemSignature}), nil
		}
		g.sessions++
		g.token = fmt.Sprintf("token-%d", g.sessions)
		return answerJSON(http.StatusOK, wire.Token{Token: g.token, Seconds: 900}), nil
	case r.Header.Get("Authorization") != wire.TokenScheme+" "+g.token:
		return answerJSON(http.StatusUnauthorized, wire.Answer{Problem: wire.ProblemToken}), nil
	case path == wire.PathManifest:
		signed := g.manifests[r.URL.Query().Get("feed")]
		if signed == nil {
			return answerJSON(http.StatusNotFound, wire.Answer{Problem: wire.ProblemNoReference}), nil
		}
		if r.Header.Get("If-None-Match") == `"`+wire.HashOf(signed).String()+`"` {
			return answer(http.StatusNotModified, nil), nil
		}
		return answer(http.StatusOK, signed), nil
	}
	if g.cut > 0 {
		if g.cut--; g.cut == 0 {
			return nil, errDown
		}
	}
	name, err := wire.ParseHash(filepath.Base(path))
	if err != nil || g.chunks[name] == nil {
		return answerJSON(http.StatusNotFound, wire.Answer{Problem: wire.ProblemNoReference}), nil
	}
	return answer(http.StatusOK, g.chunks[name]), nil
}

func answer(status int, content []byte) *http.Response {
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(content))}
}

func answerJSON(status int, v any) *http.Response {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return answer(status, text)
}

// counted is what was asked for since the last time, by what it is.
func (g *giver) counted() (manifests, chunks int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, path := range g.asked {
		switch {
		case strings.HasPrefix(path, wire.PathManifest):
			manifests++
		case strings.HasPrefix(path, "/v1/reference/chunks/"):
			chunks++
		}
	}
	g.asked = nil
	return manifests, chunks
}

// left is how many chunks there are until the line is cut.
func (g *giver) left() (n int) {
	g.set(func() { n = g.cut })
	return n
}

// opened is how many sessions there were.
func (g *giver) opened() (n int) {
	g.set(func() { n = g.sessions })
	return n
}

// publish puts n records of a value in force, and says how many chunks they are.
func (g *giver) publish(t *testing.T, feed string, version uint64, n int, owed func(i int) int) int {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	codec, err := wire.NewChunks()
	must(t, err)
	cut := wire.NewCutter(codec, func(h wire.Hash, b []byte) error { g.chunks[h] = bytes.Clone(b); return nil })
	for i := range n {
		raw, err := ledger.Pack(map[string]any{"owed": owed(i)})
		must(t, err)
		must(t, cut.Add(wire.Record{Key: fmt.Sprintf("%06d", i), Value: raw}))
	}
	chunks, err := cut.Done()
	must(t, err)
	g.manifests[feed], err = wire.SignManifest(g.key, wire.Manifest{Feed: feed, Version: version, Needs: wire.RecordForm, Records: uint64(n), Layers: [][]wire.Chunk{chunks}})
	must(t, err)
	return len(chunks)
}

// shelf is a station's reference data in memory.
type shelf struct {
	mu      sync.Mutex
	have    map[string]uint64
	records map[string]int
	fail    error
	looks   int
}

func (s *shelf) Have(feed string) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.have[feed]
}

func (s *shelf) Look() (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.looks++
	return s.looks == 7, nil
}

func (s *shelf) Replace(_ context.Context, fresh []station.Fresh) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return s.fail
	}
	counts := map[string]int{}
	for _, f := range fresh {
		for _, err := range f.Records {
			if err != nil {
				return err
			}
			counts[f.Manifest.Feed]++
		}
	}
	for _, f := range fresh {
		s.have[f.Manifest.Feed], s.records[f.Manifest.Feed] = f.Manifest.Version, counts[f.Manifest.Feed]
	}
	return nil
}

// pullRig is a Puller in a bubble, beside its Follower.
type pullRig struct {
	*giver
	*shelf
	t      *testing.T
	folder string
	pull   *station.Puller
	stop   func()
}

func pulling(t *testing.T, before func(*testing.T, *pullRig), test func(*testing.T, *pullRig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &pullRig{t: t, giver: &giver{fake: &fake{}, manifests: map[string][]byte{}, chunks: map[wire.Hash][]byte{}},
			shelf: &shelf{have: map[string]uint64{}, records: map[string]int{}}, folder: filepath.Join(t.TempDir(), "chunks")}
		r.key = newKey(t)
		book, err := ledger.Open(ledger.Options{Path: filepath.Join(t.TempDir(), "ledger.db"), Station: "A1", Signer: newKey(t)})
		must(t, err)
		r.book = book
		before(t, r)
		r.start()
		test(t, r)
		r.stop()
		must(t, book.Close())
	})
}

// start begins a Follower and a Puller, as a station's program does.
func (r *pullRig) start() {
	r.begin(station.Options{URL: "http://localhost:1", Code: "BLUE-HERON", Client: &http.Client{Transport: r.giver}})
}

func (r *pullRig) begin(o station.Options) {
	f, err := station.New(o)
	must(r.t, err)
	r.pull, err = station.NewPuller(f, station.PullOptions{Feeds: []string{"customers", "staff"}, Folder: r.folder, Shelf: r.shelf})
	must(r.t, err)
	ctx, cancel := context.WithCancel(context.Background())
	var both sync.WaitGroup
	both.Go(func() { f.Run(ctx, r.book) })
	both.Go(func() { r.pull.Run(ctx, r.book) })
	r.stop = func() {
		cancel()
		both.Wait()
	}
}

func (r *pullRig) restart() {
	r.stop()
	r.start()
}

func (r *pullRig) has(version uint64, records int) {
	r.t.Helper()
	r.shelf.mu.Lock()
	defer r.shelf.mu.Unlock()
	if r.have["customers"] != version || r.records["customers"] != records {
		r.t.Fatalf("version %d with %d records is here, want %d with %d: %+v", r.have["customers"], r.records["customers"], version, records, r.pull.State())
	}
}

func flat(i int) int { return i % 100 }

const many = 20_000 // records, of several chunks

func TestWhatIsPublishedIsFetchedAndThenOnlyWhatIsNew(t *testing.T) {
	var chunks int
	pulling(t, func(t *testing.T, r *pullRig) { chunks = r.publish(t, "customers", 5, many, flat) }, func(t *testing.T, r *pullRig) {
		pass(10 * time.Second)
		r.has(5, many)
		if _, n := r.counted(); n != chunks || chunks < 3 {
			t.Errorf("%d chunks fetched of %d", n, chunks)
		}
		if s := r.pull.State(); s.Code != "" || s.Total != 0 || s.Building || s.Replaced != 1 || s.Asked.IsZero() {
			t.Errorf("%+v", s)
		}
		r.publish(t, "customers", 6, many, func(i int) int { return flat(i) + i/(many-1) }) // the last one
		r.publish(t, "staff", 2, 3, flat)
		pass(2 * station.Heartbeat)
		r.has(6, many)
		if _, n := r.counted(); n != 2 {
			t.Errorf("%d chunks fetched for one customer and the staff", n)
		}
		if r.Have("staff") != 2 {
			t.Error("no staff")
		}
		if kept, err := os.ReadDir(r.folder); err != nil || len(kept) != chunks+1+3 {
			t.Errorf("%d files are kept, want the chunks in force, two manifests and the lock: %v", len(kept), err)
		}
		// Nothing new: a manifest of each feed is asked for at each heartbeat, and no more.
		r.counted()
		pass(10*time.Minute + time.Second)
		if m, n := r.counted(); n != 0 || m != 2*20 {
			t.Errorf("in ten quiet minutes %d manifests and %d chunks", m, n)
		}
		if n := r.opened(); n != 1 {
			t.Errorf("%d sessions in ten minutes", n)
		}
		pass(10 * time.Minute)
		if n := r.opened(); n != 2 {
			t.Errorf("%d sessions in twenty minutes", n)
		}
	})
}

func TestAFetchGoesOnWhereItWasCut(t *testing.T) {
	var chunks int
	pulling(t, func(t *testing.T, r *pullRig) {
		chunks = r.publish(t, "customers", 5, many, flat)
		r.cut = 3
	}, func(t *testing.T, r *pullRig) {
		pass(10 * time.Second)
		r.has(5, many)
		if _, n := r.counted(); n != chunks+1 {
			t.Errorf("%d chunks asked for, %d there are and one was cut", n, chunks)
		}
	})
	t.Run("over a restart", func(t *testing.T) {
		pulling(t, func(t *testing.T, r *pullRig) {
			r.publish(t, "customers", 5, many, flat)
			r.cut = 3
		}, func(t *testing.T, r *pullRig) {
			for r.left() > 0 {
				pass(10 * time.Millisecond)
			}
			if s := r.pull.State(); s.Fetched == 0 || s.Total <= s.Fetched {
				t.Errorf("after two chunks: %+v", s)
			}
			r.set(func() { r.cut = 1 << 30 })
			r.restart()
			r.counted()
			pass(10 * time.Second)
			r.has(5, many)
			if _, n := r.counted(); n != chunks-2 {
				t.Errorf("%d chunks fetched after the restart, want the %d that were missing", n, chunks-2)
			}
		})
	})
}

func TestWhatIsNotCentralsIsNotTaken(t *testing.T) {
	other := newKey(t)
	forged, err := wire.SignManifest(other, wire.Manifest{Feed: "customers", Version: 9, Needs: 1})
	must(t, err)
	for name, test := range map[string]struct {
		spoil func(r *pullRig) func(path string) []byte
		code  string
	}{
		"a manifest that another key signed": {func(*pullRig) func(string) []byte { return only(wire.PathManifest, forged) }, station.CodeOtherKey},
		"a manifest of another feed": {func(r *pullRig) func(string) []byte {
			return only(wire.PathManifest, r.manifests["other"])
		}, station.CodeBadAnswer},
		"a chunk with another byte": {func(r *pullRig) func(string) []byte {
			return func(path string) []byte {
				if name, err := wire.ParseHash(filepath.Base(path)); err == nil {
					spoilt := bytes.Clone(r.chunks[name])
					spoilt[len(spoilt)/2] ^= 1
					return spoilt
				}
				return nil
			}
		}, station.CodeBadAnswer},
		"an endless chunk": {func(*pullRig) func(string) []byte {
			return func(path string) []byte {
				if strings.HasPrefix(path, "/v1/reference/chunks/") {
					return make([]byte, 10<<20)
				}
				return nil
			}
		}, station.CodeBadAnswer},
		"an endless manifest": {func(*pullRig) func(string) []byte { return only(wire.PathManifest, make([]byte, wire.MaxManifest+1)) }, station.CodeBadAnswer},
		"no token":            {func(*pullRig) func(string) []byte { return only(wire.PathSession, []byte(`{}`)) }, station.CodeBadAnswer},
		"a manifest for a later program": {func(r *pullRig) func(string) []byte {
			return only(wire.PathManifest, r.manifests["later"])
		}, station.CodeReferenceTooNew},
	} {
		t.Run(name, func(t *testing.T) {
			pulling(t, func(t *testing.T, r *pullRig) {
				r.publish(t, "customers", 5, many, flat)
				r.publish(t, "other", 9, 3, flat)
				r.manifests["later"], err = wire.SignManifest(r.key, wire.Manifest{Feed: "customers", Version: 9, Needs: wire.RecordForm + 1})
				must(t, err)
				r.spoil = test.spoil(r)
			}, func(t *testing.T, r *pullRig) {
				pass(20 * time.Second)
				r.has(0, 0)
				if s := r.pull.State(); s.Code != test.code || s.Err == "" {
					t.Errorf("%+v, want %s", s, test.code)
				}
				// It tries again, and takes what is right.
				r.set(func() { r.spoil = nil })
				pass(6 * time.Minute)
				r.has(5, many)
				if s := r.pull.State(); s.Code != "" {
					t.Errorf("%+v", s)
				}
			})
		})
	}
}

// only gives other bytes for one path.
func only(path string, content []byte) func(string) []byte {
	return func(asked string) []byte {
		if asked == path {
			return content
		}
		return nil
	}
}

func TestAnOlderVersionDoesNotTakeThePlaceOfALater(t *testing.T) {
	pulling(t, func(t *testing.T, r *pullRig) {
		r.publish(t, "customers", 5, many, flat)
		r.publish(t, "staff", 4, 7, flat)
		r.shelf.have["customers"], r.shelf.records["customers"] = 6, 11
	}, func(t *testing.T, r *pullRig) {
		pass(10 * time.Second)
		r.has(6, 11)
		if s := r.pull.State(); s.Code != station.CodeReferenceOlder {
			t.Errorf("%+v", s)
		}
		if _, n := r.counted(); n != 1 || r.Have("staff") != 4 {
			t.Errorf("%d chunks fetched, staff of version %d", n, r.Have("staff"))
		}
	})
}

func TestAChunkThatWasSpoiltOnDiskIsFetchedAgain(t *testing.T) {
	pulling(t, func(t *testing.T, r *pullRig) {
		r.publish(t, "customers", 5, many, flat)
		r.fail = errors.New("the disk is full")
	}, func(t *testing.T, r *pullRig) {
		pass(5 * time.Second)
		r.has(0, 0)
		if s := r.pull.State(); s.Code != station.CodeReferenceBroken {
			t.Errorf("%+v", s)
		}
		for name := range r.chunks { // the first of them
			content := bytes.Clone(r.chunks[name])
			content[0] ^= 1
			must(t, os.WriteFile(filepath.Join(r.folder, name.String()), content, 0o600))
			break
		}
		r.counted()
		r.shelf.mu.Lock()
		r.fail = nil
		r.shelf.mu.Unlock()
		pass(5 * time.Minute)
		r.has(5, many)
		if _, n := r.counted(); n != 1 {
			t.Errorf("%d chunks fetched again, want 1", n)
		}
	})
}

func TestACentralThatIsAwayIsAskedLessAndLess(t *testing.T) {
	pulling(t, func(t *testing.T, r *pullRig) { r.publish(t, "customers", 5, many, flat) }, func(t *testing.T, r *pullRig) {
		pass(10 * time.Second)
		r.set(func() { r.down = true })
		r.counted()
		pass(3 * time.Hour)
		var n int
		if r.set(func() { n = len(r.asked) }); n > 60 || n < 20 {
			t.Errorf("%d requests in three hours without central", n)
		}
		if s := r.pull.State(); s.Code != station.CodeUnreachable {
			t.Errorf("%+v", s)
		}
		r.publish(t, "customers", 6, 10, flat)
		r.set(func() { r.down = false })
		pass(6 * time.Minute)
		r.has(6, 10)
	})
}

func TestOneProgramOfAMachineFetches(t *testing.T) {
	pulling(t, func(t *testing.T, r *pullRig) {
		r.publish(t, "customers", 5, many, flat)
		must(t, os.MkdirAll(r.folder, 0o700))
		other, err := os.Create(filepath.Join(r.folder, "lock"))
		must(t, err)
		must(t, unix.Flock(int(other.Fd()), unix.LOCK_EX))
		t.Cleanup(func() { other.Close() })
	}, func(t *testing.T, r *pullRig) {
		pass(10 * time.Minute)
		if m, n := r.counted(); m+n != 0 || r.looks < 20 {
			t.Errorf("%d manifests and %d chunks, looked %d times", m, n, r.looks)
		}
		if s := r.pull.State(); s.Replaced != 1 {
			t.Errorf("what the other one put there is not told: %+v", s)
		}
	})
}

func TestATokenThatCountsNoMoreIsChangedForANewOne(t *testing.T) {
	pulling(t, func(t *testing.T, r *pullRig) { r.publish(t, "customers", 5, many, flat) }, func(t *testing.T, r *pullRig) {
		pass(10 * time.Second)
		r.set(func() { r.token = "another" }) // central has a new key, or its clock was put forward
		r.publish(t, "customers", 6, 10, flat)
		pass(station.Heartbeat + time.Second)
		r.has(6, 10)
		if n := r.opened(); n != 2 {
			t.Errorf("%d sessions", n)
		}
	})
}

func TestAsLongAsNobodyAnswersItIsSaid(t *testing.T) {
	pulling(t, func(t *testing.T, r *pullRig) { r.publish(t, "customers", 5, 10, flat) }, func(t *testing.T, r *pullRig) {
		pass(10 * time.Second)
		r.stop()
		r.begin(station.Options{URL: "http://localhost:1", Others: []string{"http://localhost:2"}, Client: &http.Client{Transport: r.giver}})
		pass(time.Minute)
		r.giver.set(func() { r.down = true })
		pass(time.Minute)
		states, end := r.pull.Subscribe()
		asked := (<-states).Asked
		r.counted()
		for range 600 {
			pass(time.Second)
			select {
			case s := <-states:
				t.Fatalf("nobody answers, and it says %+v", s)
			default:
			}
		}
		end()
		r.giver.set(func() {
			if n := len(r.asked); n < 4 || n > 30 {
				t.Errorf("two addresses that are down were asked %d times in ten minutes", n)
			}
		})
		r.giver.set(func() { r.down = false })
		pass(station.LastRetry)
		if s := r.pull.State(); s.Code != "" || !s.Asked.After(asked) {
			t.Errorf("one answers again: %+v", s)
		}
	})
}

func TestEachAddressOfReferenceDataIsWaitedForAsLongAsItAsks(t *testing.T) {
	pulling(t, func(t *testing.T, r *pullRig) { r.publish(t, "customers", 5, 10, flat) }, func(t *testing.T, r *pullRig) {
		pass(10 * time.Second)
		r.stop()
		r.begin(station.Options{URL: "http://localhost:1", Others: []string{"http://localhost:2"}, Client: &http.Client{Transport: firstDown{r.giver}}})
		pass(time.Minute)
		r.giver.set(func() { r.busy = "120" })
		pass(station.Heartbeat)
		r.counted()
		pass(10 * time.Minute)
		r.giver.set(func() {
			if n := len(r.asked); n < 3 || n > 5 {
				t.Errorf("an address that asks for two minutes was asked %d times in ten", n)
			}
		})
	})
}
