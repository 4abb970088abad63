package relay_test

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/central/book"
	"gatehouse/central/reference"
	"gatehouse/desk/account"
	"gatehouse/sync/station"
	"gatehouse/sync/wire"
)

// shelf is a station's customers in memory: how many, and of which version.
type shelf struct {
	mu      sync.Mutex
	version uint64
	records int
}

func (s *shelf) Look() (bool, error) { return false, nil }

func (s *shelf) Have(string) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.version
}

func (s *shelf) Replace(_ context.Context, fresh []station.Fresh) error {
	n := 0
	for _, err := range fresh[0].Records {
		if err != nil {
			return err
		}
		n++
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version, s.records = fresh[0].Manifest.Version, n
	return nil
}

// publish puts n customers in force at central.
func (o *office) publish(n, owed int) uint64 {
	o.t.Helper()
	m, err := reference.ParseMapping([]byte("feed = \"customers\"\n[columns]\nno = \"NO\"\nname = \"NAME\"\ncurrent = \"OWED\"\n"))
	must(o.t, err)
	var file strings.Builder
	file.WriteString("NO,NAME,OWED\n")
	for i := range n {
		fmt.Fprintf(&file, "%06d,CUSTOMER %d,%d\n", i, i, owed)
	}
	name, _, err := o.central.office.Read(o.t.Context(), reference.Ask{Mapping: m, AsOf: time.Now().Add(-time.Second)}, strings.NewReader(file.String()))
	must(o.t, err)
	p, err := o.central.office.Publish(o.t.Context(), book.Itself, name, true)
	must(o.t, err)
	return p.Version
}

// pulls starts a puller with an empty folder beside a station's follower. The relay is
// the only address that it is not cut off from.
func (o *office) pulls(i int) (*shelf, func()) {
	o.t.Helper()
	s := &shelf{}
	p, err := station.NewPuller(o.follow[i], station.PullOptions{Feeds: []string{account.Feed}, Folder: filepath.Join(o.t.TempDir(), "chunks"), Shelf: s})
	must(o.t, err)
	ctx, cancel := context.WithCancel(context.Background())
	var ended sync.WaitGroup
	ended.Go(func() { p.Run(ctx, o.stations[i].Book) })
	return s, func() {
		cancel()
		ended.Wait()
	}
}

func (s *shelf) is(t *testing.T, when string, version uint64, records int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.version != version || s.records != records {
		t.Errorf("%s: version %d with %d customers, want %d with %d", when, s.version, s.records, version, records)
	}
}

// TestAnOfficeFetchesItsCustomersOnceAndHasThemWithoutALine: what two stations ask for
// crosses the line once; with the line cut, and the relay begun anew, a third set is made
// of what the relay has.
func TestAnOfficeFetchesItsCustomersOnceAndHasThemWithoutALine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		<-time.After(time.Minute)
		o.line("A1>"+centralHost, true)
		o.line("A2>"+centralHost, true)
		var mu sync.Mutex
		crossed := map[string]int{}
		manifests := 0
		o.mu.Lock()
		o.saw = func(from string, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			if r.URL.Hostname() != centralHost {
				return
			}
			switch {
			case strings.HasPrefix(r.URL.Path, "/v1/reference/chunks/"):
				crossed[r.URL.Path]++
			case r.URL.Path == wire.PathManifest:
				manifests++
			}
		}
		o.mu.Unlock()
		first := o.publish(9000, 5)
		one, stopOne := o.pulls(0)
		two, stopTwo := o.pulls(1)
		<-time.After(2 * time.Minute)
		one.is(t, "the first station", first, 9000)
		two.is(t, "the second station", first, 9000)
		mu.Lock()
		if len(crossed) < 2 {
			t.Errorf("%d chunks crossed the line", len(crossed))
		}
		for path, n := range crossed {
			if n != 1 {
				t.Errorf("%s crossed %d times", path, n)
			}
		}
		if manifests > 12 {
			t.Errorf("two stations had upstream asked %d times in two minutes", manifests)
		}
		mu.Unlock()
		second := o.publish(9000, 6)
		<-time.After(2 * time.Minute)
		one.is(t, "after another version", second, 9000)

		o.line("wan", true)
		o.exchange(o.relayed, func() {})
		third, stopThird := o.pulls(0)
		<-time.After(10 * time.Minute)
		third.is(t, "without a line", second, 9000)
		stopOne()
		stopTwo()
		stopThird()
		o.heal()
		if err := o.verdict(); err != nil {
			t.Error(err)
		}
		o.close()
	})
}
