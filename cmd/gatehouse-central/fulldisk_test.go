package main_test

import (
	"net/http"
	"testing"

	"golang.org/x/sys/unix"

	"gatehouse/central/storetest"
	"gatehouse/sync/station"
)

// room is how large a file of central may become, in bytes: beyond it the system refuses
// to write, as it does on a full disk.
func (p *process) room(t *testing.T, bytes uint64) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := unix.Prlimit(p.command.Process.Pid, unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: bytes, Max: unix.RLIM_INFINITY}, nil); err != nil {
		t.Fatal(err)
	}
}

// TestCentralsDiskIsFull: what has no room is not acknowledged, and is kept by the
// station, which says so; what was acknowledged stays; the pages answer; when there is
// room again everything arrives by itself, in the same process, and after a power cut.
func TestCentralsDiskIsFull(t *testing.T) {
	p := &process{data: t.TempDir()}
	code := issue(t, p.data)
	p.start(t)
	defer p.kill(t)
	s := storetest.NewStation(t, "A1")
	f, stop := follow(t, s, station.Options{URL: "http://localhost", Code: code, Client: &http.Client{Transport: p}})
	defer stop()
	s.Pay(t, 20, 100)
	pushThrough(t, f, s)
	before := f.State().AtCentral

	p.room(t, 128<<10)
	s.Pay(t, 700, 100)
	state := until(t, f, "central has no room", func(st station.State) bool { return st.Code != "" })
	t.Logf("the station says: %s: %s", state.Code, state.Err)
	if state.AtCentral < before || state.AtCentral >= s.Book.Head().Seq || state.Fork {
		t.Errorf("with no room central has %d of %d, had %d; a fork: %v", state.AtCentral, s.Book.Head().Seq, before, state.Fork)
	}
	response, err := (&http.Client{Transport: p}).Get("http://localhost/sign-in")
	if err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("the pages: %v, %v", response, err)
	} else {
		response.Body.Close()
	}

	acknowledged := f.State().AtCentral
	p.kill(t)
	p.start(t) // with room
	f.TryNow()
	until(t, f, "it is in touch again", func(st station.State) bool { return st.Online && st.AtCentral >= acknowledged })
	p.room(t, 256<<10)
	s.Pay(t, 700, 100)
	until(t, f, "central has no room again", func(st station.State) bool { return st.Code != "" })
	p.room(t, unix.RLIM_INFINITY)
	f.TryNow()
	pushThrough(t, f, s)
	stop()
	p.hasAll(t, s)
}
