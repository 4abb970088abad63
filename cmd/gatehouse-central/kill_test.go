package main_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"gatehouse/central/storetest"
	main "gatehouse/cmd/gatehouse-central"
	"gatehouse/sync/station"
)

// asCentral in the environment makes the test's own program be central, in a
// process of its own that can be killed.
const asCentral = "GATEHOUSE_TEST_CENTRAL_DATA"

func TestMain(m *testing.M) {
	data := os.Getenv(asCentral)
	if data == "" {
		os.Exit(m.Run())
	}
	program := main.Main{
		Log:    slog.New(slog.DiscardHandler),
		Getenv: environment,
		Ready:  func(address string) { fmt.Println(address) },
	}
	if err := program.Run(context.Background(), []string{"--data", data, "--listen", "127.0.0.1:0"}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// process is central in a process of its own. It is the transport too, so that
// a follower finds it again wherever it listens next.
type process struct {
	data string

	mu      sync.Mutex
	command *exec.Cmd
	address string
}

func (p *process) start(t *testing.T) {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), asCentral+"="+p.data)
	command.Stderr = t.Output()
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("central did not start: %v, %v", err, command.Wait())
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.command, p.address = command, strings.TrimSpace(line)
}

// kill ends it as a power cut does: no time to finish anything.
func (p *process) kill(t *testing.T) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.command == nil {
		return
	}
	if err := p.command.Process.Kill(); err != nil {
		t.Error(err)
	}
	p.command.Wait() // "signal: killed"
	p.command = nil
}

func (p *process) RoundTrip(r *http.Request) (*http.Response, error) {
	p.mu.Lock()
	address := p.address
	p.mu.Unlock()
	again := r.Clone(r.Context())
	again.URL.Host = address
	return http.DefaultTransport.RoundTrip(again)
}

func TestCentralKilledWhileEntriesComeLosesNoneAndDoublesNone(t *testing.T) {
	const kills = 12
	p := &process{data: t.TempDir()}
	code := issue(t, p.data)
	p.start(t)
	defer p.kill(t)
	s := storetest.NewStation(t, "A1")
	f, stop := follow(t, s, station.Options{URL: "http://localhost", Code: code, Client: &http.Client{Transport: p}})
	for range kills {
		// Something is on its way at each kill: the next entries are committed
		// while the last are being sent.
		s.Pay(t, 7, 100)
		p.kill(t)
		s.Pay(t, 2, 100)
		p.start(t)
		f.TryNow()
	}
	pushThrough(t, f, s)
	stop()
	p.hasAll(t, s)
}

// hasAll kills central and finds every entry of a station in what it left, and nothing
// else.
func (p *process) hasAll(t *testing.T, s *storetest.Station) {
	t.Helper()
	p.kill(t)
	log, entries, evidence := atCentral(t, p.data, s.Book.Identity().Log)
	s.Same(t, entries)
	if log.Head != s.Book.Head() || len(evidence) != 0 {
		t.Errorf("head %+v, %d pieces of evidence", log.Head, len(evidence))
	}
}
