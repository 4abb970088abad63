package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"gatehouse/central/storetest"
	main "gatehouse/cmd/gatehouse-central"
	"gatehouse/desk/account"
	"gatehouse/ledger"
	"gatehouse/sync/station"
	"gatehouse/sync/wire"
)

const customersOf = "feed = \"customers\"\n[columns]\nno = \"NO\"\nname = \"NAME\"\ncurrent = \"OWED\"\n"

// shelf is a station's reference data in memory: what each customer owes.
type shelf struct {
	mu        sync.Mutex
	manifests map[string]wire.Manifest
	owed      map[account.No]ledger.Cents
	paid      []wire.Paid // at other stations
}

func newShelf() *shelf { return &shelf{manifests: map[string]wire.Manifest{}} }

func (s *shelf) Look() (bool, error) { return false, nil }

func (s *shelf) Have(feed string) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.manifests[feed].Version
}

func (s *shelf) Replace(_ context.Context, fresh []station.Fresh) error {
	owed := map[account.No]ledger.Cents{}
	for r, err := range fresh[0].Records {
		if err != nil {
			return err
		}
		var c account.Customer
		if err := cbor.Unmarshal(r.Value, &c); err != nil {
			return err
		}
		owed[c.No] = c.Current
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.manifests[fresh[0].Manifest.Feed], s.owed = fresh[0].Manifest, owed
	return nil
}

// owes is what an account owes, and how far a log is counted in it.
func (s *shelf) owes(no account.No, log ledger.LogID) (ledger.Cents, uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.owed[no], s.manifests[account.Feed].Through(log)
}

// hears notes what was told of other stations.
func (s *shelf) hears(anew bool, paid []wire.Paid) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if anew {
		s.paid = nil
	}
	s.paid = append(s.paid, paid...)
}

func (s *shelf) heard() []wire.Paid {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.paid)
}

// pull runs a puller beside a follower until the test ends.
func pull(t *testing.T, s *storetest.Station, o station.Options) (*station.Follower, *station.Puller, *shelf) {
	t.Helper()
	o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	f, err := station.New(o)
	must(t, err)
	held := newShelf()
	p, err := station.NewPuller(f, station.PullOptions{Feeds: []string{account.Feed}, Folder: filepath.Join(t.TempDir(), "chunks"), Shelf: held, Hears: held.hears})
	must(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	var both sync.WaitGroup
	both.Go(func() { f.Run(ctx, s.Book) })
	both.Go(func() { p.Run(ctx, s.Book) })
	t.Cleanup(func() {
		cancel()
		both.Wait()
	})
	return f, p, held
}

// untilPulled waits for a state of a puller.
func untilPulled(t *testing.T, p *station.Puller, what string, is func(station.PullState) bool) {
	t.Helper()
	states, end := p.Subscribe()
	defer end()
	late := time.After(30 * time.Second)
	for {
		select {
		case s := <-states:
			if is(s) {
				return
			}
		case <-late:
			t.Fatalf("not %s: %+v", what, p.State())
		}
	}
}

// formToken is the token of a page's form.
func formToken(t *testing.T, browser *http.Client, url string) string {
	t.Helper()
	found := regexp.MustCompile(`name="form" value="([^"]+)"`).FindStringSubmatch(pageIn(t, browser, url))
	if found == nil {
		t.Fatal("no form on the page")
	}
	return found[1]
}

// uploads sends a file to the console as a browser does, and publishes what was read.
func uploads(t *testing.T, browser *http.Client, c *central, billed int, mapping, file string) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, field := range [][2]string{{"form", formToken(t, browser, c.url+"/reference")}, {"as_of", time.Now().UTC().Format("2006-01-02T15:04")}, {"billed", fmt.Sprint(billed)}} {
		must(t, form.WriteField(field[0], field[1]))
	}
	for name, content := range map[string]string{"mapping": mapping} {
		part, err := form.CreateFormFile(name, name)
		must(t, err)
		_, err = io.WriteString(part, content)
		must(t, err)
	}
	part, err := form.CreateFormFile("file", "file.csv")
	must(t, err)
	_, err = io.WriteString(part, file)
	must(t, err)
	must(t, form.Close())
	response, err := browser.Post(c.url+"/reference/read", form.FormDataContentType(), &body)
	must(t, err)
	text, err := io.ReadAll(response.Body)
	response.Body.Close()
	report := response.Request.URL
	if err != nil || response.StatusCode != http.StatusOK || !strings.HasPrefix(report.Path, "/reference/drafts/") {
		t.Fatalf("%s at %s: %v: %s", response.Status, report, err, text)
	}
	posts(t, browser, report.String(), url.Values{"form": {formToken(t, browser, report.String())}, "confirmed": {"yes"}})
}

func posts(t *testing.T, browser *http.Client, url string, form url.Values) {
	t.Helper()
	response, err := browser.PostForm(url, form)
	must(t, err)
	text, err := io.ReadAll(response.Body)
	response.Body.Close()
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s at %s: %v: %s", response.Status, url, err, text)
	}
}

// TestBalancesCountThePaymentsOfAPaymentFile: payments go to the billing system in a
// file; the balances that come back count them, and say so to the station whose they
// are, while central and the station run.
func TestBalancesCountThePaymentsOfAPaymentFile(t *testing.T) {
	c := start(t, t.TempDir())
	browser := signedInAt(t, c)
	s := storetest.NewStation(t, "A1")
	s.Pay(t, 3, 1000)
	f, p, held := pull(t, s, station.Options{URL: c.url, Code: c.code})
	until(t, f, "carried", carried(s))
	counted := s.Book.Head().Seq
	log := s.Book.Identity().Log
	uploads(t, browser, c, 0, customersOf, "NO,NAME,OWED\n01-1,GARCIA,50.00\n01-2,OAK,7.00\n")
	p.TryNow()
	untilPulled(t, p, "pulled", func(st station.PullState) bool { return st.Replaced == 1 })
	if owed, through := held.owes("01-1", log); owed != 5000 || through != 0 {
		t.Errorf("%s owed, counted through %d", owed, through)
	}

	// The administrator writes no file; somebody of finance does.
	posts(t, browser, c.url+"/people", url.Values{"form": {formToken(t, browser, c.url+"/people")}, "name": {"fay"}, "role": {"finance"}, "password": {"copper kettle on the ridge"}, "password_again": {"copper kettle on the ridge"}})
	posts(t, browser, c.url+"/sign-out", url.Values{"form": {formToken(t, browser, c.url+"/people")}})
	posts(t, browser, c.url+"/sign-in", url.Values{"name": {"fay"}, "password": {"copper kettle on the ridge"}})
	posts(t, browser, c.url+"/files", url.Values{"form": {formToken(t, browser, c.url+"/files")}, "layout": {firstLayout(t, pageIn(t, browser, c.url+"/files"))}})
	s.Pay(t, 2, 500) // not in the file
	uploads(t, browser, c, 1, customersOf, "NO,NAME,OWED\n01-1,GARCIA,20.00\n01-2,OAK,7.00\n")
	p.TryNow()
	untilPulled(t, p, "pulled again", func(st station.PullState) bool { return st.Replaced == 2 })
	if owed, through := held.owes("01-1", log); owed != 2000 || through != counted {
		t.Errorf("%s owed, counted through %d, want 20.00 through %d", owed, through, counted)
	}
	if text := pageIn(t, browser, c.url+"/reference"); !strings.Contains(text, ">fay") || strings.Count(text, "in force</span>") != 1 {
		t.Errorf("the page says\n%s", text)
	}
}

// TestAPaymentAtOneStationIsPendingAtAnother, through real HTTP, until the balances in
// force count it.
func TestAPaymentAtOneStationIsPendingAtAnother(t *testing.T) {
	data := t.TempDir()
	second := issue(t, data)
	c := start(t, data)
	a1, a2 := storetest.NewStation(t, "A1"), storetest.NewStation(t, "A2")
	f1, _, _ := pull(t, a1, station.Options{URL: c.url, Code: c.code})
	until(t, f1, "carried", carried(a1))
	f2, p2, held := pull(t, a2, station.Options{URL: c.url, Code: second})
	until(t, f2, "carried", carried(a2))
	a1.Write(t, ledger.Draft{Kind: "cash.payment.v1", Body: 1, Lines: []ledger.Posting{
		{Account: "assets:drawer:cash", Sub: "A1-S0001", Amount: 40_00}, {Account: account.Receivable(account.Current), Sub: "01-1", Amount: -40_00}}})
	until(t, f1, "carried", carried(a1))
	ring := time.NewTicker(100 * time.Millisecond)
	defer ring.Stop()
	for late := time.After(30 * time.Second); ; {
		p2.TryNow()
		heard := held.heard()
		if len(heard) == 1 && heard[0].Station == "A1" && heard[0].Account == "01-1" && heard[0].Amount == 40_00 {
			return
		}
		select {
		case <-ring.C:
		case <-late:
			t.Fatalf("A2 heard %+v; %+v", heard, p2.State())
		}
	}
}

func firstLayout(t *testing.T, page string) string {
	t.Helper()
	found := regexp.MustCompile(`<option>([^<]+)</option>`).FindStringSubmatch(page)
	if found == nil {
		t.Fatal("no layout on the page")
	}
	return found[1]
}

// TestTheNightsJobImportsFromTheCommandLine: the report goes to whoever asked, nothing
// is in force without --publish, and what is odd is not without --confirm.
func TestTheNightsJobImportsFromTheCommandLine(t *testing.T) {
	data, folder := t.TempDir(), t.TempDir()
	file, mapping := filepath.Join(folder, "customers.csv"), filepath.Join(folder, "mapping.toml")
	must(t, os.WriteFile(mapping, []byte(customersOf), 0o600))
	must(t, os.WriteFile(file, []byte("NO,NAME,OWED\n01-1,GARCIA,50.00\nbad line\n"), 0o600))
	run := func(args ...string) (map[string]any, error) {
		var out bytes.Buffer
		m := main.Main{Out: &out, Log: slog.New(slog.DiscardHandler), Getenv: environment}
		err := m.Run(context.Background(), append([]string{"import", file, "--mapping", mapping, "--data", data}, args...))
		var report map[string]any
		if out.Len() > 0 {
			must(t, json.Unmarshal(out.Bytes(), &report))
		}
		return report, err
	}
	for name, test := range map[string]struct {
		args []string
		says string
	}{
		"without --billed":          {nil, "--billed"},
		"with a wrong time":         {[]string{"--billed", "0", "--as-of", "today"}, "--as-of"},
		"with what is odd":          {[]string{"--billed", "0", "--publish"}, "1 of 2 lines were refused"},
		"of a file of another time": {[]string{"--billed", "3"}, "no payment file 3"},
	} {
		if _, err := run(test.args...); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	report, err := run("--billed", "0")
	if err != nil || report["taken"] != 1.0 || report["refused"] != 1.0 || report["doubt"] == "" {
		t.Errorf("%v %v", report, err)
	}
	c := start(t, data)
	s := storetest.NewStation(t, "A1")
	f, p, held := pull(t, s, station.Options{URL: c.url, Code: c.code})
	until(t, f, "carried", carried(s))
	p.TryNow()
	untilPulled(t, p, "asked", func(st station.PullState) bool { return !st.Asked.IsZero() })
	if held.Have(account.Feed) != 0 {
		t.Error("a version is in force that nobody published")
	}
	if _, err := run("--billed", "0", "--publish", "--confirm"); err == nil || !strings.Contains(err.Error(), "console") {
		t.Errorf("while central runs: %v", err)
	}
	c.stop()
	if _, err := run("--billed", "0", "--publish", "--confirm"); err != nil {
		t.Error(err)
	}
}
