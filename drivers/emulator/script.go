package emulator

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Script is what will happen to a printer by itself, in the order of its lines. Written out it is a text:
//
//	# the paper ends, and somebody brings a roll
//	at byte 1200 paper/out
//	after 3s paper/load
//	at line 40 cover/open
//	after 1.5s cover/close
//	at time 1m30s unplug
//	after 500ms replug
//
// Bytes are counted as the printer receives them and lines as it prints them, both from [Printer.Follow];
// time runs from there too. "after" waits from the moment the line above has happened. Actions are those
// of [Actions]; # begins a remark.
type Script []Fault

// Fault is one line of a [Script].
type Fault struct {
	On     Trigger
	At     int64         // the byte or line, from 1; with OnByte and OnLine
	Wait   time.Duration // with OnTime and OnPrevious
	Action string
}

// Trigger says on what a fault waits.
type Trigger uint8

// The four kinds.
const (
	OnByte Trigger = iota
	OnLine
	OnTime
	OnPrevious
)

// Limits of a script.
const (
	maxScriptLine = 200       // bytes
	maxWait       = time.Hour // of one fault
	maxCount      = 1 << 40
)

// ParseScript reads a script of at most a hundred faults. Errors name the line and what may stand there.
func ParseScript(r io.Reader) (Script, error) {
	var s Script
	lines := bufio.NewScanner(io.LimitReader(r, maxFaults*maxScriptLine*2))
	lines.Buffer(nil, maxScriptLine)
	n := 0
	for lines.Scan() {
		n++
		words := strings.Fields(strings.SplitN(lines.Text(), "#", 2)[0])
		if len(words) == 0 {
			continue
		}
		f, err := parseFault(words)
		if err != nil {
			return nil, fmt.Errorf("read the faults, line %d: %w", n, err)
		}
		if f.On == OnPrevious && len(s) == 0 {
			return nil, fmt.Errorf("read the faults, line %d: \"after\" needs a line above it to wait for", n)
		}
		if s = append(s, f); len(s) > maxFaults {
			return nil, fmt.Errorf("read the faults, line %d: a script has at most %d", n, maxFaults)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the faults, line %d: %w", n+1, err)
	}
	return s, nil
}

func parseFault(words []string) (f Fault, err error) {
	const forms = `write "at byte N ACTION", "at line N ACTION", "at time 1.5s ACTION" or "after 1.5s ACTION"`
	switch {
	case len(words) == 3 && words[0] == "after":
		f = Fault{On: OnPrevious, Action: words[2]}
		f.Wait, err = parseWait(words[1])
	case len(words) == 4 && words[0] == "at" && words[1] == "time":
		f = Fault{On: OnTime, Action: words[3]}
		f.Wait, err = parseWait(words[2])
	case len(words) == 4 && words[0] == "at" && (words[1] == "byte" || words[1] == "line"):
		f = Fault{On: OnByte, Action: words[3]}
		if words[1] == "line" {
			f.On = OnLine
		}
		if f.At, err = strconv.ParseInt(words[2], 10, 64); err != nil || f.At < 1 || f.At > maxCount {
			return f, fmt.Errorf("%q is not a number of at least 1", words[2])
		}
	default:
		return f, fmt.Errorf("%.60q: %s", strings.Join(words, " "), forms)
	}
	if err == nil && !slices.Contains(Actions(), f.Action) {
		err = fmt.Errorf("there is no action %.40q; there are %s", f.Action, strings.Join(Actions(), ", "))
	}
	return f, err
}

func parseWait(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 || d > maxWait {
		return 0, fmt.Errorf("%.40q is no time from 0s to %v, such as 1.5s", s, maxWait)
	}
	return d, nil
}

// String is the line of a script.
func (f Fault) String() string {
	switch f.On {
	case OnByte:
		return fmt.Sprintf("at byte %d %s", f.At, f.Action)
	case OnLine:
		return fmt.Sprintf("at line %d %s", f.At, f.Action)
	case OnTime:
		return fmt.Sprintf("at time %v %s", f.Wait, f.Action)
	}
	return fmt.Sprintf("after %v %s", f.Wait, f.Action)
}

// String is the text that [ParseScript] reads.
func (s Script) String() string {
	var b strings.Builder
	for _, f := range s {
		b.WriteString(f.String() + "\n")
	}
	return b.String()
}

// RandomScript makes n faults (at most fifty) from a seed, within so many bytes: the same seed gives the same
// script, on every machine. What a person would put right is put right 0.2 to 5 seconds later.
func RandomScript(seed uint64, n, bytes int) Script {
	mishaps := []struct{ action, remedy string }{
		{"paper/out", "paper/load"}, {"paper/low", "paper/load"}, {"cover/open", "cover/close"}, {"cutter/jam", ""},
		{"power/off", "power/on"}, {"unplug", "replug"}, {"drawer/key", "drawer/close"}, {"line/xoff", "line/xon"},
		{"slow", "fast"}, {"line/drop", ""}, {"line/flip", ""}, {"line/noise", ""}, {"line/mute", ""},
	}
	r := rand.New(rand.NewPCG(seed, 0))
	bytes = max(bytes, 1)
	var s Script
	for range min(n, maxFaults/2) {
		m := mishaps[r.IntN(len(mishaps))]
		f := Fault{Action: m.action}
		switch on := r.IntN(3); on {
		case 0:
			f.On, f.At = OnByte, 1+r.Int64N(int64(bytes))
		case 1:
			f.On, f.At = OnLine, 1+r.Int64N(int64(bytes/30+1))
		case 2:
			f.On, f.Wait = OnTime, time.Duration(r.IntN(bytes*2))*time.Millisecond
		}
		f.Wait = min(f.Wait, maxWait)
		s = append(s, f)
		if m.remedy != "" {
			s = append(s, Fault{On: OnPrevious, Wait: time.Duration(200+r.IntN(4800)) * time.Millisecond, Action: m.remedy})
		}
	}
	return s
}

// Follow plans a script from now on. It returns an error, and plans nothing, if an action does not exist or
// more than a hundred faults would wait.
func (p *Printer) Follow(s Script) error {
	for i, f := range s {
		if !slices.Contains(Actions(), f.Action) || f.On <= OnLine && f.At < 1 || f.Wait < 0 || i == 0 && f.On == OnPrevious {
			return fmt.Errorf("follow a script: %q cannot be planned", f)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.faults)+len(s) > maxFaults {
		return fmt.Errorf("follow a script of %d faults: %d wait already, and %d can", len(s), len(p.faults), maxFaults)
	}
	for len(s) > 0 {
		n := 1
		for n < len(s) && s[n].On == OnPrevious {
			n++
		}
		first, then := s[0], s[1:n:n]
		switch first.On {
		case OnByte:
			p.faults = append(p.faults, fault{byBytes, p.stats.Received + first.At, first.Action, then})
		case OnLine:
			p.faults = append(p.faults, fault{byLines, int64(p.stats.Lines) + first.At, first.Action, then})
		default:
			go p.happen(s[0:n:n])
		}
		s = s[n:]
	}
	return nil
}

// happen does one after the other, each when its time has come.
func (p *Printer) happen(s Script) {
	for _, f := range s {
		select {
		case <-p.clock.After(f.Wait):
			p.befall(f.Action)
		case <-p.stop:
			return
		}
	}
}

// befall does an action that nobody at the panel asked for, and tells.
func (p *Printer) befall(action string) {
	_ = p.Do(action) // the name was checked when it was planned
	if p.cfg.OnFault != nil {
		p.cfg.OnFault(action, p.State())
	}
}
