package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"gatehouse/desk/sample"
	"gatehouse/ui/keys"
	"gatehouse/ui/kit"
)

// glass is a window without a display. The toolkit's test driver runs what comes
// over the bridge on the bridge's own goroutine; so does everything here.
type glass struct {
	*window
	t   *testing.T
	log *lockedBuffer
}

type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func newGlass(t *testing.T, o options) *glass {
	t.Helper()
	g := &glass{t: t, log: &lockedBuffer{}}
	var err error
	if g.window, err = newWindow(o, test.NewTempApp(t), slog.New(slog.NewTextHandler(g.log, nil))); err != nil {
		t.Fatal(err)
	}
	return g
}

// on does something on the window's goroutine and waits for it.
func (g *glass) on(f func()) {
	done := make(chan struct{})
	g.shell.Bridge().Post(func() { defer close(done); f() })
	<-done
}

// sees waits until something is so on the window.
func (g *glass) sees(what string, so func() bool) {
	g.t.Helper()
	late := time.After(30 * time.Second)
	for {
		ok := false
		g.on(func() { ok = so() })
		if ok {
			return
		}
		select {
		case <-late:
			g.t.Fatalf("it did not happen that %s; the log says\n%s", what, g.log)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// ends closes the window as the program does.
func (g *glass) ends() {
	g.t.Helper()
	g.shell.Bridge().Close()
	if err := g.close(); err != nil {
		g.t.Error(err)
	}
}

func TestTheWindowIsThereBeforeTheStation(t *testing.T) {
	o := stationAt(utility(t), "A1")
	o.sample, o.trace = true, filepath.Join(t.TempDir(), "trace")
	g := newGlass(t, o)
	if g.shell.Front() != screenOpening || g.station != nil {
		t.Errorf("at first the window shows %q", g.shell.Front())
	}
	g.on(g.open)
	g.sees("the cashier's place is there", func() bool { return g.shell.Front() == screenPlace })
	g.sees("the staff are on the page", func() bool { return strings.Contains(g.log.String(), "window usable") })
	g.sees("the trace says where it stands", func() bool { return g.trace.last.Place == "sign_in" })
	g.ends()
	proved(t, o)
	lines, err := os.ReadFile(o.trace)
	if err != nil || !strings.Contains(string(lines), `"place":"sign_in"`) {
		t.Errorf("the trace is %q, %v", lines, err)
	}
}

func TestTheKiosksWindow(t *testing.T) {
	o := stationAt(utility(t), "K1")
	o.role = roleKiosk
	g := newGlass(t, o)
	g.on(g.open)
	g.sees("the doors are shown", func() bool { return g.place != nil && g.place.turn().Place == "doors" })
	g.ends()
	proved(t, o)
}

func TestAFaultIsSaidInTheWindowAndTriedAgain(t *testing.T) {
	o := stationAt(t.TempDir(), "A1")
	g := newGlass(t, o)
	g.on(g.open)
	g.sees("the fault is said", func() bool { return g.opening.failed })
	g.on(func() {
		m := g.opening.notice.Message()
		if m.Level != kit.Refused || !strings.Contains(m.Do, o.data) {
			t.Errorf("the window says %+v", m)
		}
	})
	if err := sample.Write(o.data, time.Now(), 20); err != nil {
		t.Fatal(err)
	}
	g.on(func() { g.shell.Env().Keys.Key(keys.Enter) })
	g.sees("the place is there after all", func() bool { return g.shell.Front() == screenPlace })
	g.ends()
}

func TestTheTraceSaysNothingThatWasTyped(t *testing.T) {
	o := stationAt(utility(t), "A1")
	o.trace = filepath.Join(t.TempDir(), "trace")
	g := newGlass(t, o)
	g.on(g.open)
	g.sees("the page is there", func() bool { return g.trace.last.Place == "sign_in" && strings.Contains(g.log.String(), "usable") })
	g.on(func() { g.shell.Env().Type("maria") })
	g.sees("the name stands there", func() bool { return g.trace.last.Typed == 5 })
	g.on(func() { g.shell.Env().PressEnter() })
	g.sees("the PIN is asked for", func() bool { return g.trace.last.Focus == "pin" })
	g.on(func() { g.shell.Env().Type("246801") })
	g.sees("the PIN stands there", func() bool { return g.trace.last.Typed == 6 })
	g.ends()
	text, err := os.ReadFile(o.trace)
	if err != nil || strings.Contains(string(text), "246801") || strings.Contains(string(text), "maria") {
		t.Errorf("the trace tells: %s, %v", text, err)
	}
}

func TestAVisitorCannotCloseAKioskThatDoesNotOpen(t *testing.T) {
	for role, can := range map[string]bool{roleCashier: true, roleKiosk: false} {
		o := stationAt(t.TempDir(), "K1")
		o.role = role
		g := newGlass(t, o)
		g.on(g.open)
		g.sees("the fault is said", func() bool { return g.opening.failed })
		g.on(func() {
			if _, ready, _ := g.shell.Env().Keys.Lookup(actClose); ready != can {
				t.Errorf("a %s can close the program: %t", role, ready)
			}
			if _, ready, _ := g.shell.Env().Keys.Lookup(actRetry); !ready {
				t.Errorf("a %s cannot try again", role)
			}
		})
		g.ends()
	}
}
