package display_test

import (
	"context"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"gatehouse/drivers/display"
	"gatehouse/drivers/display/displaytest"
	"gatehouse/drivers/link"
)

// pole is a display on a cable that can be pulled out.
type pole struct {
	mu     sync.Mutex
	screen *displaytest.Screen
	far    net.Conn
}

// dial plugs a display in that has forgotten everything.
func (p *pole) dial(context.Context) (link.Port, error) {
	near, far := net.Pipe()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.screen, p.far = displaytest.New(p.screen.Language), far
	screen := p.screen
	go func() {
		b := make([]byte, 256)
		for {
			n, err := far.Read(b)
			if err != nil {
				return
			}
			p.mu.Lock()
			_, _ = screen.Write(b[:n]) // it takes everything
			p.mu.Unlock()
		}
	}()
	return link.Stream(near), nil
}

func (p *pole) reads() (display.Lines, []string, int) {
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.screen.Lines(), p.screen.Unknown, p.screen.Brightness
}

func padded(upper, lower string) display.Lines {
	pad := func(s string) string { return s + strings.Repeat(" ", display.Columns-len([]rune(s))) }
	return display.Lines{pad(upper), pad(lower)}
}

func open(t *testing.T, l display.Language) (*pole, *display.Display) {
	p := &pole{screen: displaytest.New(l)}
	d, err := display.Open(display.Config{Dialer: link.DialFunc(p.dial), Clock: link.WallClock{}, Language: l, Brightness: 2,
		Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return p, d
}

func TestADisplayThatIsPluggedInAgainShowsTheSame(t *testing.T) {
	for name, language := range map[string]display.Language{"DM-D": display.DMD, "CD5220": display.CD5220} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, d := open(t, language)
				if got, _, _ := p.reads(); got != padded("", "") {
					t.Errorf("it begins with %q", got)
				}
				d.Show(display.Lines{"Amount due", "$188.20"})
				want := padded("Amount due", "$188.20")
				for _, when := range []string{"at first", "plugged in again"} {
					got, unknown, bright := p.reads()
					if got != want || len(unknown) > 0 || bright != 2 {
						t.Fatalf("%s: %q, not understood %q, brightness %d", when, got, unknown, bright)
					}
					p.far.Close()
					time.Sleep(time.Second) // inside the bubble
				}
			})
		})
	}
}

func TestShowDoesNotWaitForADisplayThatIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		away := link.DialFunc(func(context.Context) (link.Port, error) { return nil, link.ErrGone })
		d, err := display.Open(display.Config{Dialer: away, Clock: link.WallClock{}, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		for range 1000 {
			d.Show(display.Lines{"a", "b"})
		}
		if time.Since(began) != 0 {
			t.Error("it waited")
		}
		d.Close()
	})
}

func TestADisplayHeldUpCanBeClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe() // nobody reads: the write stands
		defer far.Close()
		d, err := display.Open(display.Config{Dialer: link.DialFunc(func(context.Context) (link.Port, error) { return link.Stream(near), nil }),
			Clock: link.WallClock{}, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		d.Close()
	})
}

func TestWhatCannotBeSet(t *testing.T) {
	for name, c := range map[string]display.Config{"columns": {Columns: 8}, "brightness": {Brightness: 5}} {
		if _, err := display.Open(c); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestEveryTextIsShownAndNoneIsACommand(t *testing.T) {
	for name, language := range map[string]display.Language{"DM-D": display.DMD, "CD5220": display.CD5220} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				shown := rapid.SliceOfN(rapid.String(), 2, 8).Draw(rt, "shown")
				synctest.Test(t, func(t *testing.T) {
					p, d := open(t, language)
					for i := 1; i < len(shown); i++ {
						d.Show(display.Lines{shown[i-1], shown[i]})
						synctest.Wait()
					}
					last := display.Lines{"Thank you", "Gracias"}
					d.Show(last)
					if got, unknown, _ := p.reads(); got != padded(last[0], last[1]) || len(unknown) > 0 {
						t.Errorf("%q, not understood %q", got, unknown)
					}
				})
			})
		})
	}
}
