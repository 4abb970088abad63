package main_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"gatehouse/central/store"
	"gatehouse/central/storetest"
	"gatehouse/ledger"
	"gatehouse/sync/station"
	"gatehouse/sync/wire"
)

// What a ledger meets on its way: the real program on loopback, a real ledger
// in a file, real HTTP between them, and a line that fails as told.

// line is a transport between station and central with faults.
type line struct {
	real http.RoundTripper

	mu     sync.Mutex
	cut    bool
	faults []fault
	sent   []wire.Header // of batches that reached central
}

// fault spoils one append.
type fault int

const (
	loseRequest fault = iota // central never sees it
	loseReply                // central has it, the station does not hear so
	truncate                 // half of the batch comes
	alter                    // one byte is another
	twice                    // it comes two times
	cutReply                 // the reply breaks off
	otherProxy               // something else answers
)

var errCut = errors.New("the line is cut")

func (l *line) set(cut bool, faults ...fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut, l.faults = cut, append(l.faults, faults...)
}

func (l *line) next(r *http.Request) (cut bool, f fault, spoilt bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cut || r.Method != http.MethodPost || len(l.faults) == 0 {
		return l.cut, 0, false
	}
	f, l.faults = l.faults[0], l.faults[1:]
	return false, f, true
}

func (l *line) RoundTrip(r *http.Request) (*http.Response, error) {
	cut, f, spoilt := l.next(r)
	if cut {
		return nil, errCut
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if !spoilt {
		return l.pass(r, body)
	}
	switch f {
	case loseRequest:
		return nil, errCut
	case loseReply:
		l.drop(l.pass(r, body))
		return nil, errCut
	case truncate:
		return l.pass(r, body[:len(body)/2])
	case alter:
		body[len(body)/2] ^= 0x10
		return l.pass(r, body)
	case twice:
		l.drop(l.pass(r, body))
		return l.pass(r, body)
	case cutReply:
		response, err := l.pass(r, body)
		if err != nil {
			return nil, err
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		response.Body = io.NopCloser(bytes.NewReader(text[:len(text)/2]))
		return response, err
	case otherProxy:
		return &http.Response{StatusCode: 502, Status: "502 Bad Gateway", Header: http.Header{}, Body: io.NopCloser(bytes.NewReader([]byte("<html>no")))}, nil
	}
	panic("no such fault")
}

func (l *line) pass(r *http.Request, body []byte) (*http.Response, error) {
	again := r.Clone(r.Context())
	again.Body = io.NopCloser(bytes.NewReader(body))
	again.ContentLength = int64(len(body))
	if h, err := wire.ReadHeader(ledger.LogID{}, r.Header); err == nil {
		l.mu.Lock()
		l.sent = append(l.sent, h)
		l.mu.Unlock()
	}
	return l.real.RoundTrip(again)
}

func (l *line) drop(response *http.Response, err error) {
	if err == nil {
		io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
}

func newLine() (*line, *http.Client) {
	l := &line{real: &http.Transport{DisableKeepAlives: true}}
	return l, &http.Client{Transport: l}
}

// atCentral reads the store of a central that has ended.
func atCentral(t *testing.T, data string, id ledger.LogID) (store.Log, []ledger.Entry, []store.Evidence) {
	t.Helper()
	codec, err := wire.NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	kept, err := store.OpenBolt(store.Options{Path: filepath.Join(data, "central.db"), Codec: codec})
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	log, err := kept.Log(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := kept.Entries(t.Context(), id, 1, 2000)
	if err != nil {
		t.Fatal(err)
	}
	evidence, err := kept.Evidence(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var entries []ledger.Entry
	for _, e := range stored {
		entries = append(entries, e.Entry)
	}
	return log, entries, evidence
}

// arrived proves that central, ended, has exactly the station's ledger.
func arrived(t *testing.T, c *central, s *storetest.Station) []store.Evidence {
	t.Helper()
	c.stop()
	log, entries, evidence := atCentral(t, c.data, s.Book.Identity().Log)
	s.Same(t, entries)
	if log.Head != s.Book.Head() {
		t.Fatalf("heads differ: central %+v, station %+v", log.Head, s.Book.Head())
	}
	return evidence
}

func TestTenPaymentsAndThreeVisitorsArriveOnceAfterTheLinkReturns(t *testing.T) {
	c := start(t, t.TempDir())
	s := storetest.NewStation(t, "A1")
	l, client := newLine()
	f, _ := follow(t, s, station.Options{URL: c.url, Code: c.code, Client: client})
	until(t, f, "carried", carried(s))
	if f.Offline() {
		t.Error("offline with central there")
	}

	l.set(true)
	s.Pay(t, 4, 18820)
	until(t, f, "offline", func(st station.State) bool { return !st.Online && st.Waiting == 4 })
	first := s.Entries(t, 2, 1)[0]
	s.Pay(t, 6, 4250)
	for range 3 {
		s.Write(t, ledger.Draft{Kind: "visit.signed_in.v1", Body: map[string]any{"name": "Ana Ruiz"}})
	}
	cut := until(t, f, "13 waiting", func(st station.State) bool { return st.Waiting == 13 })
	if !f.Offline() || cut.Code != station.CodeUnreachable || !cut.OldestWaiting.Equal(first.At()) {
		t.Errorf("while cut: offline %v, %+v", f.Offline(), cut)
	}

	l.set(false)
	f.TryNow()
	until(t, f, "carried", carried(s))
	if evidence := arrived(t, c, s); len(evidence) != 0 {
		t.Errorf("%d pieces of evidence", len(evidence))
	}
}

func TestFaultsOfTheLineChangeNothing(t *testing.T) {
	for name, faults := range map[string][]fault{
		"a lost request":             {loseRequest},
		"a lost reply":               {loseReply},
		"three lost replies":         {loseReply, loseReply, loseReply},
		"a truncated batch":          {truncate},
		"an altered byte":            {alter},
		"a batch that comes twice":   {twice},
		"a reply that breaks off":    {cutReply},
		"another program answers":    {otherProxy},
		"everything, one by one":     {loseRequest, loseReply, truncate, alter, twice, cutReply, otherProxy},
		"everything, the other way":  {otherProxy, cutReply, twice, alter, truncate, loseReply, loseRequest},
		"the worst in between twice": {twice, loseReply, twice, cutReply},
	} {
		t.Run(name, func(t *testing.T) {
			c := start(t, t.TempDir())
			s := storetest.NewStation(t, "A1")
			l, client := newLine()
			f, _ := follow(t, s, station.Options{URL: c.url, Code: c.code, Client: client})
			until(t, f, "carried", carried(s))
			l.set(false, faults...)
			for l.left() > 0 {
				s.Pay(t, 2, 100)
				pushThrough(t, f, s)
			}
			if evidence := arrived(t, c, s); len(evidence) != 0 {
				t.Errorf("%d pieces of evidence of an honest station", len(evidence))
			}
		})
	}
}

// pushThrough tries and tries until everything is carried.
func pushThrough(t *testing.T, f *station.Follower, s *storetest.Station) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				f.TryNow()
			case <-done:
				return
			}
		}
	}()
	defer close(done)
	until(t, f, "carried through the faults", carried(s))
}

// left is how many faults have not happened yet.
func (l *line) left() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.faults)
}

func TestCentralEndedMidWayIsContinued(t *testing.T) {
	data := t.TempDir()
	c := start(t, data)
	s := storetest.NewStation(t, "A1")
	f, stop := follow(t, s, station.Options{URL: c.url, Code: c.code})
	s.Pay(t, 5, 100)
	until(t, f, "carried", carried(s))
	c.stop()
	s.Pay(t, 5, 100)
	until(t, f, "offline", func(st station.State) bool { return !st.Online })
	stop()
	c = start(t, data)
	// The follower is new too, and has no code: it is enrolled, by its note.
	f, _ = follow(t, s, station.Options{URL: c.url})
	until(t, f, "carried", carried(s))
	arrived(t, c, s)
}

func TestCentralRestoredFromAnOlderCopyIsSentAgain(t *testing.T) {
	data := t.TempDir()
	c := start(t, data)
	s := storetest.NewStation(t, "A1")
	f, stop := follow(t, s, station.Options{URL: c.url, Code: c.code})
	s.Pay(t, 3, 100)
	until(t, f, "carried", carried(s))
	c.stop()
	stop()
	backup, err := os.ReadFile(filepath.Join(data, "central.db"))
	if err != nil {
		t.Fatal(err)
	}

	c = start(t, data)
	f, stop = follow(t, s, station.Options{URL: c.url, Code: c.code})
	s.Pay(t, 4, 200)
	until(t, f, "carried", carried(s))
	c.stop()
	stop()

	if err := os.WriteFile(filepath.Join(data, "central.db"), backup, 0o600); err != nil {
		t.Fatal(err)
	}
	c = start(t, data)
	f, _ = follow(t, s, station.Options{URL: c.url, Code: c.code})
	until(t, f, "carried", carried(s))
	arrived(t, c, s)
}

func TestCentralLostIsRebuiltFromTheStation(t *testing.T) {
	c := start(t, t.TempDir())
	s := storetest.NewStation(t, "A1")
	f, stop := follow(t, s, station.Options{URL: c.url, Code: c.code})
	s.Pay(t, 3, 100)
	until(t, f, "carried", carried(s))
	c.stop()
	stop()
	c = start(t, t.TempDir()) // another folder: no store, another key
	f, _ = follow(t, s, station.Options{URL: c.url, Code: c.code})
	until(t, f, "carried", carried(s))
	arrived(t, c, s)
}

func TestACloneIsAForkAndKeptOnBothSides(t *testing.T) {
	c := start(t, t.TempDir())
	s := storetest.NewStation(t, "A1")
	s.Pay(t, 3, 100)
	f, stop := follow(t, s, station.Options{URL: c.url, Code: c.code})
	until(t, f, "carried", carried(s))
	stop()

	clone := s.Clone(t)
	clone.Pay(t, 1, 900)
	own := clone.Entries(t, 1, 100)
	// The clone asked for the head before the first one pushed, so that its
	// batch is on the way when the fork comes to be.
	l, _ := newLine()
	g, stopClone := follow(t, clone, station.Options{URL: c.url, Code: c.code, Client: &http.Client{Transport: &held{line: l, before: func() {
		s.Pay(t, 2, 500)
		f, stop := follow(t, s, station.Options{URL: c.url, Code: c.code})
		until(t, f, "carried", carried(s))
		stop()
	}}}})
	forked := until(t, g, "forked", func(st station.State) bool { return st.Fork })
	if forked.Code != station.CodeFork || forked.Err == "" || !g.Offline() {
		t.Errorf("the clone's screen shows %+v", forked)
	}
	clone.Pay(t, 1, 901) // money goes on being recorded
	until(t, g, "one more waiting", func(st station.State) bool { return st.Waiting == forked.Waiting+1 })
	stopClone()

	// A restart of the clone does not forget. It shows central its side once, if it
	// was ended before it had, and sends nothing else.
	clone.Reopen(t)
	quiet, client := newLine()
	g, stopClone = follow(t, clone, station.Options{URL: c.url, Code: c.code, Client: client})
	until(t, g, "forked after a restart", func(st station.State) bool { return st.Fork })
	stopClone()
	if len(quiet.sent) > 1 {
		t.Errorf("a forked station sent %d batches", len(quiet.sent))
	}
	for i, e := range clone.Entries(t, 1, len(own)) {
		if !bytes.Equal(e.Raw, own[i].Raw) {
			t.Fatalf("the clone's entry %d is gone", e.Seq)
		}
	}
	evidence := arrived(t, c, s)
	for _, e := range evidence {
		if e.Reason != wire.ProblemFork {
			t.Errorf("evidence at central: %s", e.Reason)
		}
	}
	if len(evidence) == 0 || len(evidence) > 3 {
		t.Errorf("%d pieces of evidence at central", len(evidence))
	}
}

// held runs something once, just before the first batch goes out.
type held struct {
	*line
	once   sync.Once
	before func()
}

func (h *held) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Header.Get("Content-Type") == wire.ContentType {
		h.once.Do(h.before)
	}
	return h.line.RoundTrip(r)
}

func TestAStationPutBackToAnOlderCopyIsAFork(t *testing.T) {
	c := start(t, t.TempDir())
	s := storetest.NewStation(t, "A1")
	old := s.Clone(t)
	s.Pay(t, 3, 100)
	f, stop := follow(t, s, station.Options{URL: c.url, Code: c.code})
	until(t, f, "carried", carried(s))
	stop()
	f, stop = follow(t, old, station.Options{URL: c.url, Code: c.code})
	st := until(t, f, "forked", func(st station.State) bool { return st.Fork })
	if st.Code != station.CodeFork {
		t.Errorf("%+v", st)
	}
	stop()
	arrived(t, c, s)
}

func TestAWrongCodeIsSaidToThePerson(t *testing.T) {
	c := start(t, t.TempDir())
	s := storetest.NewStation(t, "A1")
	f, stop := follow(t, s, station.Options{URL: c.url, Code: "RED-HERON-42"})
	st := until(t, f, "refused", func(st station.State) bool { return st.Err != "" })
	if st.Code != station.CodeBadCode || !st.Online || st.Waiting != 1 {
		t.Errorf("%+v", st)
	}
	stop()
	f, _ = follow(t, s, station.Options{URL: c.url, Code: c.code})
	until(t, f, "carried", carried(s))
	arrived(t, c, s)
}

func TestEntriesOnTheirWayAreAtCentralWithinTwoSeconds(t *testing.T) {
	c := start(t, t.TempDir())
	s := storetest.NewStation(t, "A1")
	f, _ := follow(t, s, station.Options{URL: c.url, Code: c.code})
	until(t, f, "carried", carried(s))
	// Nobody nudges: the follower follows by itself. The bound is the protocol's
	// two seconds, a hundred times what it takes.
	states, end := f.Subscribe()
	defer end()
	late := time.After(2 * time.Second)
	s.Pay(t, 1, 100)
	for {
		select {
		case st := <-states:
			if carried(s)(st) {
				return
			}
		case <-late:
			t.Fatalf("still waiting after two seconds: %+v", f.State())
		}
	}
}
