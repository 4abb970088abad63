package emulator_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"gatehouse/drivers/emulator"
)

func TestScriptsAreReadAndRefused(t *testing.T) {
	good := "# a bad day\n\nat byte 1200 paper/out\nafter 3s paper/load # somebody came\nat line 40 cover/open\nat time 1m30s unplug\n"
	s, err := emulator.ParseScript(strings.NewReader(good))
	if err != nil {
		t.Fatal(err)
	}
	want := "at byte 1200 paper/out\nafter 3s paper/load\nat line 40 cover/open\nat time 1m30s unplug\n"
	if s.String() != want {
		t.Errorf("read as\n%s\nwant\n%s", s, want)
	}
	for _, c := range []struct{ script, says string }{
		{"at byte 0 power", "line 1: \"0\" is not a number of at least 1"},
		{"\nat line x power", "line 2: \"x\" is not a number"},
		{"at byte 5 explode", "there is no action \"explode\"; there are paper/low"},
		{"after 3s power", "needs a line above it"},
		{"at time soon power", "\"soon\" is no time from 0s to 1h0m0s"},
		{"at time -3s power", "is no time"},
		{"power", `"power": write "at byte N ACTION"`},
		{"at byte 7 power now", "write"},
		{strings.Repeat("at byte 1 power\n", 101), "line 101: a script has at most 100"},
		{strings.Repeat("x", 300), "line 1: bufio.Scanner: token too long"},
	} {
		if _, err := emulator.ParseScript(strings.NewReader(c.script)); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%.40q: %v, want %q", c.script, err, c.says)
		}
	}
}

// A seed always makes the same script, which can be written down, read again and followed.
func TestSeedsReplay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed, n, bytes := rapid.Uint64().Draw(t, "seed"), rapid.IntRange(0, 60).Draw(t, "faults"), rapid.IntRange(0, 1<<20).Draw(t, "bytes")
		s := emulator.RandomScript(seed, n, bytes)
		if again := emulator.RandomScript(seed, n, bytes); !slices.Equal(s, again) {
			t.Fatal("the same seed made another script")
		}
		read, err := emulator.ParseScript(strings.NewReader(s.String()))
		if err != nil || !slices.Equal(read, s) {
			t.Fatalf("read again it is %v, error %v:\n%s", read, err, s)
		}
	})
	const pinned = "at byte 12 cutter/jam\n"
	if got := emulator.RandomScript(7, 1, 100).String(); got != pinned {
		t.Errorf("seed 7 makes %q, and made %q once", got, pinned)
	}
}

// The same script on the same print does the same at the same moments, and the paper says all in the end.
func TestAScriptIsFollowed(t *testing.T) {
	const script = "at line 2 paper/out\nafter 3s paper/load\nafter 1s cover/open\nafter 2s cover/close\nat byte 6 line/drop\nat time 60s drawer/key\n"
	follow := func() (happened []string, text string) {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			var mu sync.Mutex
			p := start(t, func(c *emulator.Config) {
				c.Speed = 1
				c.OnFault = func(action string, after emulator.State) {
					mu.Lock()
					defer mu.Unlock()
					happened = append(happened, action+" "+after.Now.Sub(began).Round(100*time.Millisecond).String())
				}
			})
			line := plug(t, p)
			s, err := emulator.ParseScript(strings.NewReader(script))
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Follow(s); err != nil {
				t.Fatal(err)
			}
			line.say([]byte("first\nsecond\nthird\n"))
			idle(t, p)
			waitFor(t, p, func(s emulator.State) bool { return s.DrawerOpen })
			synctest.Wait()
			text = p.Unfinished().Text()
			_ = line.Close()
			_ = p.Close()
		})
		return happened, text
	}
	happened, text := follow()
	want := []string{"line/drop 0s", "paper/out 100ms", "paper/load 3.1s", "cover/open 4.1s", "cover/close 6.1s", "drawer/key 1m0s"}
	if !slices.Equal(happened, want) || text != "first\necond\nthird\n" {
		t.Errorf("%q happened, want %q; on paper %q", happened, want, text)
	}
	again, same := follow()
	if !slices.Equal(again, happened) || same != text {
		t.Errorf("at the second time %q happened, and the paper says %q", again, same)
	}
}

func TestStuckXOFFAndATiredMotor(t *testing.T) {
	p := start(t, func(c *emulator.Config) { c.XonXoff = true })
	line := plug(t, p)
	for _, c := range []struct {
		action string
		hears  byte
	}{{"line/xoff", 0x13}, {"line/xon", 0x11}} {
		if err := p.Do(c.action); err != nil {
			t.Fatal(err)
		}
		line.hear(c.hears)
	}
	synctest.Test(t, func(t *testing.T) {
		p := start(t, func(c *emulator.Config) { c.Speed = 1 })
		line := plug(t, p)
		took := func() time.Duration {
			began := time.Now()
			line.say([]byte("line\n"))
			idle(t, p)
			return time.Since(began)
		}
		fresh := took()
		if err := p.Do("slow"); err != nil {
			t.Fatal(err)
		}
		if tired := took(); tired < 9*fresh || tired > 11*fresh {
			t.Errorf("a line took %v, and %v when slow", fresh, tired)
		}
		_ = line.Close()
		_ = p.Close()
	})
}

func FuzzParseScript(f *testing.F) {
	f.Add("at byte 1200 paper/out\nafter 3s paper/load\nat line 40 cover/open # why\nat time 1m30s unplug\n")
	f.Fuzz(func(t *testing.T, in string) {
		s, err := emulator.ParseScript(strings.NewReader(in))
		if err != nil {
			return
		}
		again, err := emulator.ParseScript(strings.NewReader(s.String()))
		if err != nil || !slices.Equal(again, s) {
			t.Fatalf("%q: read again it is %v, error %v", in, again, err)
		}
	})
}
