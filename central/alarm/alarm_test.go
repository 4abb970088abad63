package alarm_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gatehouse/central/alarm"
	"gatehouse/central/post"
	"gatehouse/central/store"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// office has stations, a clock and a letter box.
type office struct {
	t       *testing.T
	file    string
	now     time.Time
	logs    []store.Log
	err     error
	spoke   map[ledger.LogID]time.Time
	revoked map[ledger.LogID]bool

	full    bool // the queue takes nothing
	letters []post.Letter
	log     bytes.Buffer
	*alarm.Alarm
}

var own = ledger.LogID{9}

func newOffice(t *testing.T, stations ...store.Log) *office {
	o := &office{t: t, file: filepath.Join(t.TempDir(), "told.json"), now: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC),
		spoke: map[ledger.LogID]time.Time{}, revoked: map[ledger.LogID]bool{}}
	o.logs = append(stations, store.Log{ID: own, Identity: ledger.Identity{Station: "CENTRAL"}})
	o.restart()
	return o
}

func (o *office) restart() {
	s := alarm.Stations{Own: own, Clock: func() time.Time { return o.now },
		Logs:    func(context.Context) ([]store.Log, error) { return o.logs, o.err },
		Contact: func(id ledger.LogID) time.Time { return o.spoke[id] },
		Revoked: func(_ context.Context, id ledger.LogID) (bool, error) { return o.revoked[id], nil }}
	o.letters = nil
	o.Alarm = alarm.Open(alarm.Options{Rules: []alarm.Rule{alarm.Silent(s, 4*time.Hour), alarm.Apart(s)}, File: o.file, Central: "CENTRAL",
		Send: func(l post.Letter) bool {
			if !o.full {
				o.letters = append(o.letters, l)
			}
			return !o.full
		}, Log: slog.New(slog.NewTextHandler(&o.log, nil))})
}

// hear lets time pass, looks, and returns the letters that are written since,
// which the mail server takes.
func (o *office) hear(after time.Duration) []string {
	o.now = o.now.Add(after)
	o.Look(o.t.Context())
	var texts []string
	for _, l := range o.letters {
		texts = append(texts, l.Subject+"\n"+l.Text)
		l.Sent()
	}
	o.letters = nil
	return texts
}

func station(n byte, name string, received time.Time) store.Log {
	return store.Log{ID: ledger.LogID{n}, Identity: ledger.Identity{Station: ledger.StationID(name)}, Received: received}
}

func TestASilentStationIsToldOnceUntilItSpeaks(t *testing.T) {
	o := newOffice(t)
	a1 := ledger.LogID{1}
	o.logs = append(o.logs, station(1, "A1", o.now))
	for name, step := range []struct {
		after  time.Duration
		speaks bool
		want   int
	}{
		{time.Hour, false, 0},
		{3*time.Hour + time.Second, false, 1},
		{time.Minute, false, 0},
		{48 * time.Hour, false, 0},
		{time.Minute, true, 0},
		{3 * time.Hour, false, 0},
		{2 * time.Hour, false, 1}, // silent again
	} {
		if step.speaks {
			o.spoke[a1] = o.now.Add(step.after)
		}
		got := o.hear(step.after)
		if len(got) != step.want {
			t.Errorf("step %d: %q", name, got)
		}
		for _, text := range got {
			if !strings.Contains(text, "[CENTRAL] stations are silent (1)\n- A1 (log 01000000) was last heard 2026-03-0") {
				t.Errorf("the letter is\n%s", text)
			}
		}
	}
}

func TestWhoIsNotCalledSilent(t *testing.T) {
	o := newOffice(t)
	long := o.now.Add(-100 * time.Hour)
	o.logs = append(o.logs, station(1, "A1", long), station(2, "A2", long), station(3, "A3", long))
	o.revoked[ledger.LogID{2}] = true
	if got := o.hear(time.Minute); got != nil {
		t.Errorf("a minute after the start: %q", got)
	}
	o.spoke[ledger.LogID{1}] = o.now // it has nothing to send, and says so
	got := o.hear(20 * time.Minute)
	if len(got) != 1 || strings.Contains(got[0], "A1") || strings.Contains(got[0], "A2") || strings.Contains(got[0], "CENTRAL (log") || !strings.Contains(got[0], "A3") {
		t.Errorf("%q", got)
	}
}

func TestAForkIsToldEachTimeThereIsMore(t *testing.T) {
	o := newOffice(t, station(1, "A1", time.Time{}))
	o.logs[0].Received = o.now
	if got := o.hear(0); got != nil {
		t.Errorf("%q", got)
	}
	o.logs[0].Evidence, o.logs[0].Trouble = 1, wire.ProblemFork
	got := o.hear(time.Minute)
	if len(got) != 1 || !strings.Contains(got[0], "a ledger does not fit") || !strings.Contains(got[0], "A1 (log 01000000): 1 batches kept apart; the last one: fork") {
		t.Errorf("%q", got)
	}
	if got := o.hear(time.Minute); got != nil {
		t.Errorf("told again: %q", got)
	}
	o.logs[0].Evidence = 2
	if got := o.hear(time.Minute); len(got) != 1 {
		t.Errorf("one more: %q", got)
	}
}

func TestARestartNeitherRepeatsNorForgets(t *testing.T) {
	o := newOffice(t, station(1, "A1", time.Time{}))
	o.logs[0].Received = o.now
	o.logs[0].Evidence, o.logs[0].Trouble = 1, wire.ProblemFork
	o.Look(t.Context())
	if len(o.letters) != 1 {
		t.Fatal("no letter")
	}
	o.restart() // before the mail server had it
	if got := o.hear(0); len(got) != 1 {
		t.Errorf("the letter is forgotten: %q", got)
	}
	o.restart() // after
	if got := o.hear(0); got != nil {
		t.Errorf("told again: %q", got)
	}
	if err := os.WriteFile(o.file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	o.restart()
	if got := o.hear(0); len(got) != 1 || !strings.Contains(o.log.String(), "cannot be read") {
		t.Errorf("with a spoilt file: %q", got)
	}
}

func TestALetterThatFindsNoPlaceIsWrittenAgain(t *testing.T) {
	o := newOffice(t, station(1, "A1", time.Time{}))
	o.logs[0].Received = o.now
	o.logs[0].Evidence = 1
	o.full = true
	if got := o.hear(0); got != nil {
		t.Fatalf("%q", got)
	}
	o.full = false
	if got := o.hear(time.Minute); len(got) != 1 {
		t.Errorf("%q", got)
	}
}

// TestWhileALetterIsOnItsWayNoSecondIsWritten: the mail server may be away for days.
func TestWhileALetterIsOnItsWayNoSecondIsWritten(t *testing.T) {
	o := newOffice(t, station(1, "A1", time.Time{}))
	o.logs[0].Received = o.now
	o.logs[0].Evidence = 1
	for range 100 {
		o.Look(t.Context())
	}
	if len(o.letters) != 1 {
		t.Errorf("%d letters", len(o.letters))
	}
}

func TestAStoreThatIsAwayForgetsNothing(t *testing.T) {
	o := newOffice(t, station(1, "A1", time.Time{}))
	o.logs[0].Received = o.now
	o.logs[0].Evidence = 1
	o.hear(0)
	o.err = errors.New("away")
	if got := o.hear(time.Minute); got != nil {
		t.Errorf("%q", got)
	}
	o.err = nil
	if got := o.hear(time.Minute); got != nil {
		t.Errorf("told again: %q", got)
	}
}

func TestManyAreToldInOneLetter(t *testing.T) {
	o := newOffice(t)
	for n := range 200 {
		l := station(0, fmt.Sprint("A", n), o.now)
		l.ID = ledger.LogID{1, byte(n)}
		o.logs = append(o.logs, l)
	}
	got := o.hear(5 * time.Hour)
	if len(got) != 1 || !strings.Contains(got[0], "silent (200)") || !strings.Contains(got[0], "and 150 more") || len(got[0]) > 10_000 {
		t.Errorf("%d letters: %q", len(got), got)
	}
	if again := o.hear(time.Minute); again != nil {
		t.Errorf("told again: %q", again)
	}
}
