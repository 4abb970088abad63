package relay_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
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
	"gatehouse/central/book"
	"gatehouse/central/reference"
	"gatehouse/central/relay"
	"gatehouse/central/store"
	"gatehouse/central/storetest"
	"gatehouse/ledger"
	"gatehouse/sync/station"
	"gatehouse/sync/wire"
)

// An office: two stations, a relay with its own store and outbox, and the real
// central, in simulated time. Lines are cut, programs end, disks are lost, and
// central is put back from an older copy.

const (
	relayHost   = "relay.localhost"
	centralHost = "central.localhost"
)

// house is a central or a relay that can end and begin again.
type house struct {
	t     *testing.T
	dir   string
	key   *ledger.Key
	kept  *store.Bolt
	own   *book.Book
	door  http.Handler
	relay *relay.Relay // nil at central
	// office publishes reference data; nil at the relay.
	office *reference.Office
	end    func() // ends what it carries on
}

func (h *house) file() string { return filepath.Join(h.dir, "central.db") }

// office is the world.
type office struct {
	t        *testing.T
	central  *house
	relayed  *house
	backup   string
	stations []*storetest.Station
	follow   []*station.Follower
	stops    []func()
	code     string
	day      time.Duration // shortened where many are played

	mu  sync.RWMutex    // held for reading while a house answers, for writing while one is exchanged
	cut map[string]bool // lines, by their name
	saw func(from string, r *http.Request)
}

// line is the transport from one place: "A1" or "relay".
type line struct {
	o    *office
	from string
}

var errCut = errors.New("the line is cut")

func (l line) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	<-time.After(20 * time.Millisecond)
	l.o.mu.RLock()
	defer l.o.mu.RUnlock()
	to := l.o.central
	if r.URL.Hostname() == relayHost {
		to = l.o.relayed
	}
	// The office's own cables, the line out of it, and the programs.
	if l.o.cut[l.from+">"+r.URL.Hostname()] || (r.URL.Hostname() == centralHost && l.o.cut["wan"]) || to.door == nil {
		return nil, errCut
	}
	if l.o.saw != nil {
		l.o.saw(l.from, r)
	}
	again := r.Clone(context.WithoutCancel(r.Context()))
	again.Body = io.NopCloser(bytes.NewReader(body))
	answer := httptest.NewRecorder()
	to.door.ServeHTTP(answer, again)
	return &http.Response{StatusCode: answer.Code, Status: http.StatusText(answer.Code), Header: answer.Header(),
		Body: io.NopCloser(answer.Body), Request: r}, nil
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newOffice(t *testing.T) *office {
	o := &office{t: t, cut: map[string]bool{}, backup: filepath.Join(t.TempDir(), "backup.db"), day: 20 * time.Minute}
	o.central = &house{t: t, dir: t.TempDir()}
	o.relayed = &house{t: t, dir: t.TempDir()}
	o.open(o.central)
	var codes []string
	for _, name := range []string{"relay", "A1", "A2"} {
		code, err := o.central.own.IssueCode(t.Context(), book.Itself, name)
		must(t, err)
		codes = append(codes, code)
	}
	o.code = codes[0]
	o.open(o.relayed)
	for i, name := range []ledger.StationID{"A1", "A2"} {
		o.stations = append(o.stations, storetest.NewStation(t, name))
		o.follow, o.stops = append(o.follow, nil), append(o.stops, nil)
		o.begin(i, codes[i+1])
	}
	return o
}

// open opens a house. The caller holds mu, or is alone.
func (o *office) open(h *house) {
	t := h.t
	var err error
	if h.key, err = ledger.LoadKey(filepath.Join(h.dir, "central.key"), rand.Reader); err != nil {
		t.Fatal(err)
	}
	codec, err := wire.NewCodec()
	must(t, err)
	h.kept, err = store.OpenBolt(store.Options{Path: h.file(), Codec: codec})
	must(t, err)
	name := ledger.StationID("CENTRAL")
	if h == o.relayed {
		name = "R1"
	}
	h.own, err = book.Open(context.Background(), book.Options{Store: h.kept, Signer: h.key, Name: name})
	must(t, err)
	options := api.Options{Store: h.kept, Signer: h.key, Office: h.own}
	h.end = func() {}
	if h == o.relayed {
		h.relay, err = relay.Open(relay.Options{Upstream: "http://" + centralHost, Code: o.code, Path: filepath.Join(h.dir, "outbox.db"),
			Store: h.kept, Signer: h.key, Own: h.own.Log(), Codec: codec, Client: &http.Client{Transport: line{o, "relay"}}})
		must(t, err)
		options.Store, options.Upstream = h.relay, h.relay.Upstream
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			h.relay.Run(ctx)
		}()
		h.end = func() {
			cancel()
			<-ended
			must(t, h.relay.Close())
		}
	}
	door, err := api.New(options)
	must(t, err)
	h.door = door
	if h.relay != nil {
		door.References(h.relay.References())
	} else {
		h.office, err = reference.New(reference.Options{Store: h.kept, Book: h.own, Signer: h.key, Folder: h.dir})
		must(t, err)
		door.References(h.office)
	}
	if h.relay != nil {
		mux := http.NewServeMux()
		mux.Handle("/", door)
		mux.Handle("POST "+wire.PathEnrol, h.relay.Door(door))
		h.door = mux
	}
}

// exchange ends a house, does something to its disk, and begins it again.
func (o *office) exchange(h *house, how func()) {
	o.mu.Lock()
	h.door = nil
	o.mu.Unlock()
	h.end() // may be asking the other house
	o.mu.Lock()
	defer o.mu.Unlock()
	must(o.t, h.kept.Close())
	how()
	o.open(h)
}

func (o *office) copy(from, to string) {
	data, err := os.ReadFile(from)
	must(o.t, err)
	must(o.t, os.WriteFile(to, data, 0o600))
}

// begin starts a station's follower.
func (o *office) begin(i int, code string) {
	s := o.stations[i]
	f, err := station.New(station.Options{URL: "http://" + relayHost, Others: []string{"http://" + centralHost}, Code: code,
		InsecureLAN: true, Client: &http.Client{Transport: line{o, string(s.Book.Identity().Station)}}})
	must(o.t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		f.Run(ctx, s.Book)
	}()
	o.follow[i], o.stops[i] = f, func() {
		cancel()
		<-ended
	}
}

// step is something that happens in the office.
type step struct {
	What string
	N    int // 0 to 4; which station, or how long
}

func steps() *rapid.Generator[step] {
	return rapid.Custom(func(t *rapid.T) step {
		return step{
			What: rapid.SampledFrom([]string{"pay", "pay", "pay", "wait", "wait", "three days", "wan cut", "wan back", "relay away", "relay back",
				"central away", "central back", "relay restarts", "relay's disk is lost", "relay's outbox is lost", "central restarts",
				"central is backed up", "central is restored", "station restarts"}).Draw(t, "what"),
			N: rapid.IntRange(0, 4).Draw(t, "n"),
		}
	})
}

func (o *office) do(s step) {
	which := s.N % 2
	name := string(o.stations[which].Book.Identity().Station)
	switch s.What {
	case "pay":
		o.stations[which].Pay(o.t, s.N+1, 100)
	case "wait":
		<-time.After(time.Duration(1+s.N*s.N*s.N) * time.Second)
	case "three days":
		for range 3 {
			o.stations[which].Pay(o.t, 1, 250)
			<-time.After(o.day)
		}
	case "wan cut", "wan back":
		o.line("wan", s.What == "wan cut")
	case "relay away", "relay back":
		o.line(name+">"+relayHost, s.What == "relay away")
	case "central away", "central back":
		o.line(name+">"+centralHost, s.What == "central away")
	case "relay restarts":
		o.exchange(o.relayed, func() {})
	case "relay's disk is lost":
		// A new one is set up in its place: another key, and another code.
		code, err := o.central.own.IssueCode(context.Background(), book.Itself, "the new relay")
		must(o.t, err)
		o.exchange(o.relayed, func() {
			o.code = code
			must(o.t, os.RemoveAll(o.relayed.dir))
		})
	case "relay's outbox is lost":
		o.exchange(o.relayed, func() { must(o.t, os.Remove(filepath.Join(o.relayed.dir, "outbox.db"))) })
	case "central restarts":
		o.exchange(o.central, func() {})
	case "central is backed up":
		o.exchange(o.central, func() { o.copy(o.central.file(), o.backup) })
	case "central is restored":
		o.exchange(o.central, func() {
			if _, err := os.Stat(o.backup); err == nil {
				o.copy(o.backup, o.central.file())
			}
		})
	case "station restarts":
		o.stops[which]()
		o.stations[which].Reopen(o.t)
		o.begin(which, "") // it was enrolled, or has its code no more
	}
}

func (o *office) line(name string, cut bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.cut[name] = cut
}

// heal joins all lines and lets the longest pauses of station and relay go by.
func (o *office) heal() {
	o.mu.Lock()
	clear(o.cut)
	o.mu.Unlock()
	<-time.After(6 * station.LastRetry)
	synctest.Wait()
}

// verdict compares central with each station.
func (o *office) verdict() error {
	for i, s := range o.stations {
		head, id := s.Book.Head(), s.Book.Identity()
		if st := o.follow[i].State(); !st.Online || st.CutOff || st.Fork || st.Waiting != 0 || st.AtCentral != head.Seq || st.Err != "" {
			return fmt.Errorf("station %s shows %+v, its ledger ends at %d", id.Station, st, head.Seq)
		}
		log, err := o.central.kept.Log(context.Background(), id.Log)
		if err != nil {
			return fmt.Errorf("station %s: %w", id.Station, err)
		}
		if log.Head != head || log.Evidence != 0 {
			return fmt.Errorf("station %s: central has head %+v and %d pieces of evidence, the station %+v", id.Station, log.Head, log.Evidence, head)
		}
		have, err := o.central.kept.Entries(context.Background(), id.Log, 1, 5000)
		if err != nil {
			return err
		}
		own := s.Entries(o.t, 1, 5000)
		if len(have) != len(own) {
			return fmt.Errorf("station %s: central has %d entries, the station %d", id.Station, len(have), len(own))
		}
		for n := range own {
			if !bytes.Equal(own[n].Raw, have[n].Raw) {
				return fmt.Errorf("station %s: entry %d differs", id.Station, own[n].Seq)
			}
		}
	}
	return nil
}

func (o *office) close() {
	for i := range o.stops {
		o.stops[i]()
		must(o.t, o.stations[i].Book.Close())
	}
	for _, h := range []*house{o.relayed, o.central} {
		h.end()
		must(o.t, h.kept.Close())
	}
}

func TestWhateverHappensInTheOfficeEverythingIsAtCentralOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		happens := rapid.SliceOfN(steps(), 1, 14).Draw(rt, "steps")
		if err := happened(t, happens...); err != nil {
			rt.Fatal(err)
		}
	})
}

// happened plays a list of steps, after the stations were let in, and is what is
// wrong in the end.
func happened(t *testing.T, steps ...step) (err error) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		<-time.After(time.Minute)
		for _, s := range steps {
			o.do(s)
		}
		o.heal()
		err = o.verdict()
		o.close()
	})
	return err
}

// TestThreeDaysWithoutALine: the relay has everything, the station says honestly
// what central has, and all of it arrives when the line is back, whatever became
// of the relay meanwhile.
func TestThreeDaysWithoutALine(t *testing.T) {
	for name, after := range map[string][]step{
		"and the line is back":                   nil,
		"and the relay restarts":                 {{What: "relay restarts"}},
		"and the relay's disk is lost":           {{What: "relay's disk is lost"}},
		"and its outbox is lost":                 {{What: "relay's outbox is lost"}},
		"and the station goes to central itself": {{What: "relay away"}, {What: "relay away", N: 1}, {What: "wan back"}, {What: "three days"}},
		"and central is put back":                {{What: "central is restored"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				if len(after) == 0 {
					o.day = 24 * time.Hour
				}
				<-time.After(time.Minute)
				o.do(step{What: "central is backed up"})
				o.do(step{"pay", 2})
				<-time.After(time.Minute)
				before := o.stations[0].Book.Head().Seq
				o.do(step{What: "wan cut"})
				o.do(step{"three days", 0})
				o.do(step{"three days", 1})
				for i, s := range o.stations {
					st := o.follow[i].State()
					if !st.Online || !st.Relay || !st.CutOff || !o.follow[i].Offline() {
						t.Errorf("without the line the station shows %+v", st)
					}
					if st.AtRelay != s.Book.Head().Seq || st.Waiting != s.Book.Head().Seq-st.AtCentral || st.Waiting == 0 {
						t.Errorf("without the line: %d at the relay, %d at central, %d waiting of %d", st.AtRelay, st.AtCentral, st.Waiting, s.Book.Head().Seq)
					}
				}
				if got := o.follow[0].State().AtCentral; got != before {
					t.Errorf("at central: %d, want %d", got, before)
				}
				for _, s := range after {
					o.do(s)
				}
				o.heal()
				if err := o.verdict(); err != nil {
					t.Error(err)
				}
				o.close()
			})
		})
	}
}

// TestANewStationNeedsTheLine: its code is central's to judge. Work does not wait
// for it.
func TestANewStationNeedsTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		<-time.After(time.Minute)
		code, err := o.central.own.IssueCode(t.Context(), book.Itself, "A3")
		must(t, err)
		o.line("wan", true)
		o.stations = append(o.stations, storetest.NewStation(t, "A3"))
		o.follow, o.stops = append(o.follow, nil), append(o.stops, nil)
		o.begin(2, code)
		o.stations[2].Pay(t, 2, 100)
		<-time.After(time.Minute)
		if st := o.follow[2].State(); st.Code != station.CodeUnreachable || st.Waiting == 0 {
			t.Errorf("without the line: %+v", st)
		}
		o.heal()
		if err := o.verdict(); err != nil {
			t.Error(err)
		}
		o.close()
	})
}

// TestAWrongCodeIsCentralsToRefuse through a relay as without one.
func TestAWrongCodeIsCentralsToRefuse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		<-time.After(time.Minute)
		o.stations = append(o.stations, storetest.NewStation(t, "A3"))
		o.follow, o.stops = append(o.follow, nil), append(o.stops, nil)
		o.begin(2, "WRONG")
		<-time.After(time.Minute)
		if st := o.follow[2].State(); st.Code != station.CodeBadCode {
			t.Errorf("with a wrong code: %+v", st)
		}
		for _, h := range []*house{o.central, o.relayed} {
			if _, err := h.kept.Log(t.Context(), o.stations[2].Book.Identity().Log); !errors.Is(err, store.ErrUnknownLog) {
				t.Errorf("it is known: %v", err)
			}
		}
		o.close()
	})
}

// TestTheRelayItselfIsKnownAtCentral: what people do at it is in its own log.
func TestTheRelayItselfIsKnownAtCentral(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		<-time.After(time.Minute)
		_, err := o.relayed.own.IssueCode(t.Context(), book.Itself, "an act at the relay")
		must(t, err)
		<-time.After(time.Minute)
		log, err := o.central.kept.Log(t.Context(), o.relayed.own.Log())
		if err != nil || log.Identity.Station != "R1" || log.Head.Seq != 2 {
			t.Errorf("the relay's log at central: %+v, %v", log, err)
		}
		o.close()
	})
}

// TestACloneBehindARelayIsAForkAtCentral, with both sides kept there.
func TestACloneBehindARelayIsAForkAtCentral(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.stations[0].Pay(t, 2, 100)
		<-time.After(time.Minute)
		o.stops[0]()
		clone := o.stations[0].Clone(t)
		o.begin(0, "")
		o.line("wan", true)
		o.stations[0].Pay(t, 1, 100)
		<-time.After(time.Minute) // the first side is at the relay
		o.stops[0]()
		first := o.stations[0]
		o.stations[0] = clone
		clone.Pay(t, 1, 999)
		o.begin(0, "")
		<-time.After(2 * station.LastRetry)
		if st := o.follow[0].State(); !st.Fork {
			t.Errorf("the clone shows %+v", st)
		}
		o.heal()
		log, err := o.central.kept.Log(t.Context(), first.Book.Identity().Log)
		if err != nil || log.Head != first.Book.Head() {
			t.Errorf("central has %+v, the first side %+v, %v", log.Head, first.Book.Head(), err)
		}
		must(t, first.Book.Close())
		o.close()
	})
}

// What a station wrote at the relay while its copy wrote at central is all kept there as
// evidence, also what lies before central's head and after it.
func TestAForkThatARelayCarriesIsKeptWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		one := o.stations[0]
		one.Pay(t, 2, 100)
		<-time.After(time.Minute)
		common := one.Book.Head().Seq
		o.stops[0]()
		clone := one.Clone(t)
		o.begin(0, "")
		o.line("wan", true)
		for range 6 {
			one.Pay(t, 1, 100) // each a batch
			<-time.After(time.Minute)
		}
		clone.Pay(t, 3, 999)
		_, err := o.central.kept.Append(t.Context(), clone.Batch(t, common+1, 3))
		must(t, err)
		o.line("wan", false)
		<-time.After(3 * station.LastRetry)
		if st := o.follow[0].State(); !st.Fork || !st.ForkShown {
			t.Errorf("the station shows %+v", st)
		}
		one.Pay(t, 1, 100)
		<-time.After(2 * time.Hour)
		kept, err := o.central.kept.Evidence(t.Context(), one.Book.Identity().Log)
		must(t, err)
		codec, err := wire.NewCodec()
		must(t, err)
		seen := map[uint64]bool{}
		for _, e := range kept {
			entries, err := codec.Open(one.Book.Signer().Public(), e.Batch)
			must(t, err)
			for _, e := range entries {
				seen[e.Seq] = true
			}
		}
		for seq := common + 1; seq <= one.Book.Head().Seq; seq++ {
			if !seen[seq] {
				t.Errorf("entry %d of %d is not at central, %d in common", seq, one.Book.Head().Seq, common)
			}
		}
		must(t, clone.Book.Close())
		o.close()
	})
}
