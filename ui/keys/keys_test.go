package keys_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gatehouse/ui/keys"
)

// hand types on a router as a window does: the character key first, then its
// character, into a field that is only a string.
type hand struct {
	now    time.Time
	router *keys.Router
	field  string
	done   []keys.Action
	scans  []string
}

func newHand() *hand {
	h := &hand{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	h.router = keys.New(keys.Deps{Now: func() time.Time { return h.now }})
	return h
}

func (h *hand) layer(t keys.Table) keys.Layer {
	return keys.Layer{Table: t, Do: func(a keys.Action) { h.done = append(h.done, a) },
		OnScan: func(s string) { h.scans = append(h.scans, s) }}
}

func (h *hand) typeAt(text string, gap time.Duration) {
	for _, r := range text {
		h.now = h.now.Add(gap)
		h.router.Rune(r, h, func() func() {
			was := h.field
			return func() { h.field = was }
		})
		h.field += string(r)
	}
}

func (h *hand) enter(gap time.Duration) bool {
	h.now = h.now.Add(gap)
	return h.router.Key(keys.Enter)
}

// tab is a Tab as a window asks of it: taken only where it ends a scan.
func (h *hand) tab(gap time.Duration) {
	h.now = h.now.Add(gap)
	if h.router.Scanning() && !h.router.EndScan() {
		panic("a scan that can be ended was not")
	}
}

func TestTheFirstLineThatHoldsGetsTheKey(t *testing.T) {
	h, chosen := newHand(), false
	h.router.Show(h.layer(keys.Table{
		{Key: keys.Enter, Label: "Take", Action: "take", When: func() bool { return chosen }},
		{Key: keys.Enter, Label: "Choose", Action: "choose"},
		{Key: keys.F5, Also: []keys.Key{keys.Ctrl("b")}, Label: "Cash", Action: "cash"},
		{Key: keys.F6, Label: "Check", Action: "check", When: func() bool { return chosen }},
	}))
	for _, step := range []struct {
		key   keys.Key
		taken bool
	}{{keys.Enter, true}, {keys.F6, false}, {keys.F5, true}, {"Ctrl+B", true}, {keys.F9, false}} {
		if got := h.router.Key(step.key); got != step.taken {
			t.Errorf("%s: taken %v, want %v", step.key, got, step.taken)
		}
	}
	chosen = true
	h.router.Key(keys.Enter)
	if want := []keys.Action{"choose", "cash", "cash", "take"}; !slices.Equal(h.done, want) {
		t.Errorf("done %q, want %q", h.done, want)
	}
}

func TestAButtonDoesWhatItsKeyDoes(t *testing.T) {
	h, open := newHand(), false
	h.router.Show(h.layer(keys.Table{{Key: keys.F5, Label: "Cash", Action: "cash", When: func() bool { return open }}}))
	if h.router.Do("cash") || h.router.Do("nothing") {
		t.Error("a button did what may not be done")
	}
	open = true
	if !h.router.Do("cash") || len(h.done) != 1 {
		t.Errorf("the button did %q", h.done)
	}
}

func TestAQuestionLiesOverTheScreen(t *testing.T) {
	h := newHand()
	h.router.Show(h.layer(keys.Table{{Key: keys.Enter, Label: "Take", Action: "take"}, {Key: keys.F5, Label: "Cash", Action: "cash"}}))
	var answered []keys.Action
	question := keys.Layer{Table: keys.Table{{Key: keys.Enter, Label: "Yes", Action: "yes"}},
		Do: func(a keys.Action) { answered = append(answered, a) }}

	pop := h.router.Push(question)
	h.router.Key(keys.Enter)
	h.router.Key(keys.F5)
	pop()
	pop()
	h.router.Key(keys.Enter)

	question.Sole = true
	pop = h.router.Push(question)
	if h.router.Key(keys.F5) {
		t.Error("a sole question let F5 through")
	}
	if len(h.router.Bar()) != 1 {
		t.Errorf("a sole question's bar shows %v", h.router.Bar())
	}
	h.router.Show(h.layer(nil))
	pop() // after Show it does nothing
	if !slices.Equal(answered, []keys.Action{"yes"}) || !slices.Equal(h.done, []keys.Action{"cash", "take"}) {
		t.Errorf("answered %q, done %q", answered, h.done)
	}
}

func TestTheBarShowsWhatWorksNow(t *testing.T) {
	h, no := newHand(), func() bool { return false }
	h.router.Show(h.layer(keys.Table{
		{Key: keys.F1, Label: "Help", Action: "help"},
		{Key: keys.F5, Label: "Cash", Action: "cash", When: no},
		{Key: keys.Up, Label: "Up", Action: "up", Quiet: true},
		{Key: keys.Enter, Label: "Take", Action: "take"},
	}))
	h.router.Push(keys.Layer{Table: keys.Table{{Key: keys.Enter, Label: "Yes", Action: "yes"}}, Do: func(keys.Action) {}})
	var got []string
	for _, b := range h.router.Bar() {
		got = append(got, string(b.Key)+" "+b.Label)
	}
	if want := []string{"Enter Yes", "F1 Help"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if b, ready, found := h.router.Lookup("take"); !found || !ready || b.Key != "" {
		t.Errorf("Lookup of an action whose key is the question's: %v %v %v", b, ready, found)
	}
	if b, ready, found := h.router.Lookup("cash"); !found || ready || b.Key != keys.F5 {
		t.Errorf("Lookup of what may not be done: %v %v %v", b, ready, found)
	}
}

func TestWatchersHearOfChangesUntilTheyStop(t *testing.T) {
	h, heard := newHand(), 0
	stop := h.router.Watch(func() { heard++ })
	h.router.Show(h.layer(nil))
	h.router.Push(h.layer(nil))()
	h.router.Changed()
	stop()
	h.router.Changed()
	if heard != 4 {
		t.Errorf("heard %d changes, want 4", heard)
	}
}

func TestAScanIsTakenOutOfTheField(t *testing.T) {
	const slow, fast = 120 * time.Millisecond, 5 * time.Millisecond
	for _, c := range []struct {
		name  string
		typed func(h *hand)
		scans []string
		field string
		done  []keys.Action
	}{
		{"a scan in an empty field", func(h *hand) { h.typeAt("0123456", fast); h.enter(fast) }, []string{"0123456"}, "", nil},
		{"a scan after slow typing", func(h *hand) {
			h.typeAt("gar", slow)
			h.now = h.now.Add(slow)
			h.typeAt("0123456", fast)
			h.enter(fast)
		},
			[]string{"0123456"}, "gar", nil},
		{"two scans", func(h *hand) {
			for range 2 {
				h.now = h.now.Add(slow)
				h.typeAt("0123456", fast)
				h.enter(fast)
			}
		}, []string{"0123456", "0123456"}, "", nil},
		{"letters and other alphabets", func(h *hand) { h.typeAt("ñA-12/é", fast); h.enter(fast) }, []string{"ñA-12/é"}, "", nil},
		{"typed by hand", func(h *hand) { h.typeAt("0123456", slow); h.enter(slow) }, nil, "0123456", []keys.Action{"take"}},
		{"too short", func(h *hand) { h.typeAt("01234", fast); h.enter(fast) }, nil, "01234", []keys.Action{"take"}},
		{"handed over in bunches", func(h *hand) {
			h.typeAt("0", fast)
			for _, bunch := range []string{"123", "4567", "89"} {
				h.now = h.now.Add(60 * time.Millisecond)
				h.typeAt(bunch, time.Microsecond)
			}
			h.enter(60 * time.Millisecond)
		}, []string{"0123456789"}, "", nil},
		{"a bunch that comes too late", func(h *hand) {
			h.typeAt("01234", fast)
			h.now = h.now.Add(100 * time.Millisecond)
			h.typeAt("56789", fast)
			h.enter(fast)
		}, nil, "0123456789", []keys.Action{"take"}},
		{"just short enough a gap", func(h *hand) { h.typeAt("012345", 34*time.Millisecond); h.enter(34 * time.Millisecond) }, []string{"012345"}, "", nil},
		{"just too long a gap", func(h *hand) { h.typeAt("012345", 35*time.Millisecond); h.enter(35 * time.Millisecond) }, nil, "012345", []keys.Action{"take"}},
		{"Enter comes late", func(h *hand) { h.typeAt("0123456", fast); h.enter(slow) }, nil, "0123456", []keys.Action{"take"}},
		{"ended by Tab", func(h *hand) { h.typeAt("0123456", fast); h.tab(fast) }, []string{"0123456"}, "", nil},
		{"Tab comes late", func(h *hand) { h.typeAt("0123456", fast); h.tab(slow) }, nil, "0123456", nil},
		{"Tab while typing", func(h *hand) { h.typeAt("0123456", slow); h.tab(slow) }, nil, "0123456", nil},
		{"Enter alone", func(h *hand) { h.enter(fast) }, nil, "", []keys.Action{"take"}},
		{"another key in between", func(h *hand) { h.typeAt("0123456", fast); h.router.Key(keys.F9); h.enter(fast) }, nil, "0123456", []keys.Action{"take"}},
		{"a clock that goes back", func(h *hand) { h.typeAt("0123456", fast); h.enter(-time.Hour) }, nil, "0123456", []keys.Action{"take"}},
		{"a jammed key", func(h *hand) { h.typeAt(strings.Repeat("7", 5000), fast); h.enter(fast) }, nil, strings.Repeat("7", 5000), []keys.Action{"take"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHand()
			h.router.Show(h.layer(keys.Table{{Key: keys.Enter, Label: "Take", Action: "take"}}))
			c.typed(h)
			if !slices.Equal(h.scans, c.scans) || h.field != c.field || !slices.Equal(h.done, c.done) {
				t.Errorf("scans %q, field %.20q, done %q", h.scans, h.field, h.done)
			}
		})
	}
}

func TestWithoutAScreenForScansTheyAreTyping(t *testing.T) {
	h := newHand()
	l := h.layer(keys.Table{{Key: keys.Enter, Label: "Take", Action: "take"}})
	l.OnScan = nil
	h.router.Show(l)
	h.typeAt("0123456", time.Millisecond)
	h.enter(time.Millisecond)
	if h.field != "0123456" || len(h.done) != 1 {
		t.Errorf("field %q, done %q", h.field, h.done)
	}
}

// A screen knows what its scanner reads. What cannot be that stays in the field,
// however fast it came, and its Enter is an Enter.
func TestWhatCannotBeAScanStaysTyped(t *testing.T) {
	for text, scan := range map[string]bool{"0123456789": true, "1234.56": false, "12345.67": false} {
		h := newHand()
		l := h.layer(keys.Table{{Key: keys.Enter, Label: "Take", Action: "take"}})
		l.Scans = func(text string) bool { return !strings.Contains(text, ".") }
		h.router.Show(l)
		h.typeAt(text, time.Millisecond)
		h.enter(time.Millisecond)
		if scan != (len(h.scans) == 1) || scan != (h.field == "") || scan != (len(h.done) == 0) {
			t.Errorf("%q: scans %q, field %q, done %q", text, h.scans, h.field, h.done)
		}
	}
}

// Whatever is typed with whatever pauses, a character is either in the field or
// in a scan, never in both and never lost.
func TestNothingTypedIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := newHand()
		h.router.Show(h.layer(nil))
		typed, scanned := 0, 0
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			gap := time.Duration(rapid.IntRange(1, 60).Draw(t, "gap")) * time.Millisecond
			if rapid.IntRange(0, 7).Draw(t, "enter") == 0 {
				h.enter(gap)
				continue
			}
			h.typeAt("x", gap)
			typed++
		}
		for _, s := range h.scans {
			scanned += len(s)
			if len(s) < 6 {
				t.Fatalf("%q was taken for a scan", s)
			}
		}
		if len(h.field)+scanned != typed {
			t.Fatalf("%d typed, %d in the field, %d scanned", typed, len(h.field), scanned)
		}
	})
}

func TestCheckNamesEveryMistake(t *testing.T) {
	always := keys.Table{{Key: keys.F5, Label: "Cash", Action: "cash"}}
	for _, c := range []struct {
		name string
		line keys.Binding
		want string
	}{
		{"no caption", keys.Binding{Key: keys.F6, Action: "a"}, "caption"},
		{"no action", keys.Binding{Key: keys.F6, Label: "A"}, "action"},
		{"no such key", keys.Binding{Key: "F13", Label: "A", Action: "a"}, `"F13"`},
		{"no key", keys.Binding{Label: "A", Action: "a"}, `""`},
		{"small letter", keys.Binding{Key: "Ctrl+t", Label: "A", Action: "a"}, `"Ctrl+t"`},
		{"a key already taken", keys.Binding{Key: keys.F5, Label: "A", Action: "a"}, "always does cash"},
		{"another key already taken", keys.Binding{Key: keys.F6, Also: []keys.Key{keys.F5}, Label: "A", Action: "a"}, "always does cash"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := append(always[:1:1], c.line).Check()
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want something with %q", err, c.want)
			}
		})
	}
	good := keys.Table{
		{Key: keys.Enter, Label: "Take", Action: "take", When: func() bool { return true }},
		{Key: keys.Enter, Label: "Choose", Action: "choose"}, {Key: "7", Label: "Seven", Action: "seven"},
		{Key: keys.Ctrl("t"), Label: "Training", Action: "training"}, {Key: keys.F12, Label: "Drawer", Action: "drawer"},
	}
	if err := good.Check(); err != nil {
		t.Errorf("a good table: %v", err)
	}
}

func TestAScanOfALineScannerGoesWhereScansGo(t *testing.T) {
	h := newHand()
	if h.router.Scan("12345") {
		t.Error("a scan was taken though there is no screen")
	}
	screen := h.layer(nil)
	screen.Scans = func(string) bool { return false } // nobody can have typed it
	h.router.Show(screen)
	question := keys.Layer{Do: func(keys.Action) {}}
	pop := h.router.Push(question)
	if !h.router.Scan("12345") {
		t.Error("a question that takes no scans kept one from the screen")
	}
	pop()
	question.Sole = true
	h.router.Push(question)
	if h.router.Scan("67890") || !slices.Equal(h.scans, []string{"12345"}) {
		t.Errorf("under a sole question: %q", h.scans)
	}
}

func TestAScannerThatWasSetToAPrefixOrASuffix(t *testing.T) {
	for _, c := range []struct {
		name, typed string
		wedge       keys.Wedge
		gap         time.Duration
		scans       []string
	}{
		{"both there", "~0123456#", keys.Wedge{Prefix: "~", Suffix: "#"}, 5 * time.Millisecond, []string{"0123456"}},
		{"keys held up while the window drew", "0123456", keys.Wedge{Prefix: "~"}, 0, nil},
		{"no suffix", "~0123456", keys.Wedge{Prefix: "~", Suffix: "#"}, 5 * time.Millisecond, nil},
		{"a suffix of keys", "0123456#", keys.Wedge{Suffix: "#\r\n"}, 5 * time.Millisecond, []string{"0123456"}},
		{"a suffix that is only the key", "0123456", keys.Wedge{Suffix: "\t"}, 5 * time.Millisecond, []string{"0123456"}},
		{"nothing between", "~~~~~~", keys.Wedge{Prefix: "~~~", Suffix: "~~~"}, 5 * time.Millisecond, nil},
		{"a slow scanner", "0123456", keys.Wedge{Pace: 60 * time.Millisecond}, 50 * time.Millisecond, []string{"0123456"}},
		{"sixteen keys a second", "0123456", keys.Wedge{}, time.Second / 16, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHand()
			h.router.Expect(c.wedge)
			h.router.Show(h.layer(nil))
			h.typeAt(c.typed, c.gap)
			h.enter(c.gap)
			if !slices.Equal(h.scans, c.scans) || (len(c.scans) == 0) != (h.field == c.typed) {
				t.Errorf("scans %q, field %q", h.scans, h.field)
			}
		})
	}
}

// A character may move the focus, and the rest of the scan goes to another field:
// both are put back.
func TestAScanIsTakenOutOfEveryFieldItWentTo(t *testing.T) {
	h := newHand()
	h.router.Show(h.layer(nil))
	fields := []string{"was here", "and here"}
	for i, c := range "A1000123" {
		h.now = h.now.Add(5 * time.Millisecond)
		at := min(i, 1)
		h.router.Rune(c, &fields[at], func() func() {
			was := fields[at]
			return func() { fields[at] = was }
		})
		fields[at] += string(c)
	}
	h.enter(5 * time.Millisecond)
	if !slices.Equal(fields, []string{"was here", "and here"}) || !slices.Equal(h.scans, []string{"A1000123"}) {
		t.Errorf("fields %q, scans %q", fields, h.scans)
	}
}

// BenchmarkKey is what recognising scans adds to every key.
func BenchmarkKey(b *testing.B) {
	h := newHand()
	h.router.Show(h.layer(nil))
	for b.Loop() {
		h.now = h.now.Add(60 * time.Millisecond)
		h.router.Rune('x', h, func() func() { return func() {} })
	}
}
