package main_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gatehouse/central/store"
	"gatehouse/central/storetest"
	main "gatehouse/cmd/gatehouse-central"
	"gatehouse/sync/station"
)

// environment is empty.
func environment(string) string { return "" }

// issue makes an enrolment code, as somebody does at central's machine.
func issue(t *testing.T, data string, more ...string) string {
	t.Helper()
	var out bytes.Buffer
	m := main.Main{Out: &out, Log: slog.New(slog.DiscardHandler), Getenv: environment}
	if err := m.Run(context.Background(), append([]string{"code", "a station", "--data", data}, more...)); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out.String())
}

// central is the real program, running in this process.
type central struct {
	url  string
	data string
	code string // admits one station
	stop func()
}

// start runs the program on a free port of loopback. It ends with the test, or
// with stop.
func start(t *testing.T, data string, more ...string) *central {
	t.Helper()
	code := issue(t, data, more...)
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan error, 1)
	m := main.Main{
		Log:    slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})),
		Getenv: environment,
		Ready:  func(address string) { ready <- address },
	}
	args := append([]string{"--data", data, "--listen", "127.0.0.1:0"}, more...)
	go func() { ended <- m.Run(ctx, args) }()
	select {
	case err := <-ended:
		t.Fatalf("central did not start: %v", err)
		return nil
	case address := <-ready:
		stopped := false
		c := &central{url: "http://" + address, data: data, code: code}
		c.stop = func() {
			if stopped {
				return
			}
			stopped = true
			cancel()
			if err := <-ended; err != nil {
				t.Errorf("central ended with: %v", err)
			}
		}
		t.Cleanup(c.stop)
		return c
	}
}

// follow runs a follower of the station's ledger until the test ends or stop.
func follow(t *testing.T, s *storetest.Station, o station.Options) (f *station.Follower, stop func()) {
	t.Helper()
	o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	f, err := station.New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		f.Run(ctx, s.Book)
	}()
	stop = func() {
		cancel()
		<-ended
	}
	t.Cleanup(stop)
	return f, stop
}

// until waits for a state of the follower.
func until(t *testing.T, f *station.Follower, what string, is func(station.State) bool) station.State {
	t.Helper()
	states, end := f.Subscribe()
	defer end()
	late := time.After(30 * time.Second)
	for {
		select {
		case s := <-states:
			if is(s) {
				return s
			}
			// An impatient person, so that no test waits for a pause to end.
			f.TryNow()
		case <-late:
			t.Fatalf("never %s; now %+v", what, f.State())
		}
	}
}

// carried says that central has the ledger as it is now.
func carried(s *storetest.Station) func(station.State) bool {
	return func(st station.State) bool { return st.Online && st.AtCentral == s.Book.Head().Seq }
}

func page(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s: %s", url, response.Status, text)
	}
	return string(text)
}

// consoleAt sets central up, with the code in its folder, signs in and reads the first
// page.
func consoleAt(t *testing.T, c *central) string {
	t.Helper()
	code, err := os.ReadFile(filepath.Join(c.data, "console-setup-code"))
	if err != nil && !errors.Is(err, os.ErrNotExist) { // it is gone when central is set up
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	const password = "copper kettle on the ridge"
	var text []byte
	for _, form := range []struct {
		path string
		url.Values
	}{
		{"/setup", url.Values{"code": {string(code)}, "name": {"ana"}, "password": {password}, "password_again": {password}}},
		{"/sign-in", url.Values{"name": {"ana"}, "password": {password}}},
	} {
		response, err := browser.PostForm(c.url+form.path, form.Values)
		if err != nil {
			t.Fatal(err)
		}
		text, err = io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s: %v: %s", form.path, response.Status, err, text)
		}
	}
	return string(text)
}

func TestPaymentsReachThePageOfCentral(t *testing.T) {
	c := start(t, t.TempDir())
	s := storetest.NewStation(t, "A1")
	s.Pay(t, 3, 18820)
	f, _ := follow(t, s, station.Options{URL: c.url, Code: c.code})
	until(t, f, "carried", carried(s))
	text := consoleAt(t, c)
	for _, want := range []string{">A1</a>", "564.60", "in touch"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q:\n%s", want, text)
		}
	}
	if got := page(t, c.url+"/healthz"); got != "ok\n" {
		t.Errorf("healthz says %q", got)
	}
}

// TestTwoCentralsOnOneDatabase: a station may speak with either, and sees the same.
func TestTwoCentralsOnOneDatabase(t *testing.T) {
	url := storetest.StartPostgres(t).Database(t)
	one := start(t, t.TempDir(), "--store", url)
	beside := t.TempDir()
	m := main.Main{Log: slog.New(slog.DiscardHandler), Getenv: environment}
	if err := m.Run(t.Context(), []string{"--data", beside, "--listen", "127.0.0.1:0", "--store", url}); !errors.Is(err, store.ErrOtherCentral) {
		t.Fatalf("with a key of its own it ends with %v", err)
	}
	key, err := os.ReadFile(filepath.Join(one.data, "central.key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(beside, "central.key"), key, 0o600); err != nil {
		t.Fatal(err)
	}
	two := start(t, beside, "--store", url)
	s := storetest.NewStation(t, "A1")
	s.Pay(t, 3, 18820)
	f, stop := follow(t, s, station.Options{URL: one.url, Code: one.code})
	until(t, f, "carried", carried(s))
	stop()
	if text := consoleAt(t, two); !strings.Contains(text, "564.60") {
		t.Errorf("the other central shows\n%s", text)
	}
	one.stop()
	s.Pay(t, 2, 1000)
	f, _ = follow(t, s, station.Options{URL: two.url, Code: two.code})
	until(t, f, "carried", carried(s))
	if text := consoleAt(t, two); !strings.Contains(text, "584.60") {
		t.Errorf("it shows\n%s", text)
	}
}

func TestStartsOnlyWithWhatItNeeds(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no folder":                    {nil, "--data is missing"},
		"a word too many":              {[]string{"--data", dir, "now"}, `what is "now"`},
		"a certificate of two kinds":   {[]string{"--data", dir, "--tls-cert", empty, "--tls-key", empty, "--acme-host", "central.example"}, "choose one"},
		"with and without TLS":         {[]string{"--data", dir, "--tls", "--insecure-lan"}, "without TLS"},
		"a certificate that is none":   {[]string{"--data", dir, "--tls-cert", empty, "--tls-key", empty}, "TLS certificate"},
		"no port":                      {[]string{"--data", dir, "--listen", "127.0.0.1"}, "an address and a port"},
		"a code for nothing":           {[]string{"code", "--data", dir}, "say what the code is for"},
		"a name that is none":          {[]string{"--data", dir, "--name", "head office"}, "central's name"},
		"another kind of store":        {[]string{"--data", dir, "--store", "mysql://there"}, "want postgres://"},
		"a database that is not there": {[]string{"--data", dir, "--store", "postgres:///central?host=" + dir}, "central's database"},
		"a certificate, not its key":   {[]string{"--data", dir, "--tls-cert", empty}, "go together"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			m := main.Main{Log: slog.New(slog.DiscardHandler), Ready: func(string) { cancel() }}
			err := m.Run(ctx, test.args)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestListensOnANetworkIfToldSo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	m := main.Main{Log: slog.New(slog.DiscardHandler), Ready: func(string) { cancel() }}
	if err := m.Run(ctx, []string{"--data", t.TempDir(), "--listen", "0.0.0.0:0", "--insecure-lan"}); err != nil {
		t.Fatal(err)
	}
}
