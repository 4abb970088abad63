package probe

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"gatehouse/drivers/devices"
	"gatehouse/drivers/link"
)

// Code names a finding.
type Code string

// What can be found. The comment says which of a finding's facts belong to it.
const (
	// The port.
	Missing   Code = "missing"   // nothing is plugged in there
	Busy      Code = "busy"      // another program holds it
	Forbidden Code = "forbidden" // this user may not open it: Group
	Refused   Code = "refused"   // the system's own reason: Err
	Unplugged Code = "unplugged" // the device went away meanwhile

	// The line.
	Trying    Code = "trying"     // a step, no finding: Baud and Frame
	Answers   Code = "answers"    // the printer answers: Baud and Frame
	AnswersTo Code = "answers_to" // the same, on a port without a speed
	Silent    Code = "silent"     // no answer at any speed
	Echo      Code = "echo"       // what is sent comes back: no printer, a loop
	Noise     Code = "noise"      // something is heard, which is no answer
	Paused    Code = "paused"     // the printer asked to pause and did not take it back
	XonXoff   Code = "xon_xoff"   // the printer uses XON/XOFF
	Slow      Code = "slow"       // an answer took long: Took
	NotAsked  Code = "not_asked"  // the model must not be asked, or cannot answer: Text is its name

	// The printer's state.
	CoverOpen Code = "cover_open"
	PaperOut  Code = "paper_out"
	PaperLow  Code = "paper_low"
	Faulty    Code = "faulty"  // cutter or another error
	Offline   Code = "offline" // for no reason it gives

	// What the printer can do.
	Withheld  Code = "withheld"   // answers out of turn, but not in turn: the cable lacks DSR
	InTurn    Code = "in_turn"    // answers in the order of the data
	Reports   Code = "reports"    // reports changes by itself
	NoReports Code = "no_reports" // does not
	Proves    Code = "proves"     // confirms that a paper is printed
	Named     Code = "named"      // says what it is: Text
	Profiled  Code = "profiled"   // the profile that fits: Text
	Unknown   Code = "unknown"    // no profile has its name; the proposed one: Text

	// The drawer.
	DrawerLearned Code = "drawer_learned" // the level that means open: Level
	DrawerStill   Code = "drawer_still"   // the switch said nothing
	DrawerCannot  Code = "drawer_cannot"  // the printer cannot open it now
)

// Weight says how bad a finding is.
type Weight uint8

// The weights.
const (
	Good  Weight = iota
	Minor        // works, but a person should know
	Grave        // does not work until it is mended
)

// Finding is one thing found. The facts that its code does not name are zero.
type Finding struct {
	Code  Code
	Baud  int
	Frame devices.Frame
	Text  string
	Group string
	Level devices.Level
	Took  time.Duration
	Err   error
}

// Weight is how bad it is.
func (f Finding) Weight() Weight {
	switch f.Code {
	case Missing, Busy, Forbidden, Refused, Unplugged, Silent, Echo, Noise, Paused, CoverOpen, PaperOut, Faulty, Offline, DrawerCannot:
		return Grave
	case Withheld, Slow, NotAsked, PaperLow, NoReports, Unknown, DrawerStill:
		return Minor
	}
	return Good
}

// Args are the facts by name, for a sentence.
func (f Finding) Args() map[string]any {
	cause := ""
	if f.Err != nil {
		cause = f.Err.Error()
	}
	return map[string]any{"baud": f.Baud, "frame": string(f.Frame), "text": f.Text, "group": f.Group,
		"level": string(f.Level), "ms": f.Took.Milliseconds(), "cause": cause}
}

// refusal says why a port could not be opened.
func refusal(port devices.Port, err error) Finding {
	switch {
	case errors.Is(err, link.ErrBusy):
		return Finding{Code: Busy, Err: err}
	case errors.Is(err, fs.ErrNotExist):
		return Finding{Code: Missing, Err: err}
	case errors.Is(err, fs.ErrPermission):
		// Debian gives serial lines to dialout and USB printers to lp.
		group := "dialout"
		if port.Device() && !port.HasSpeed() {
			group = "lp"
		}
		return Finding{Code: Forbidden, Group: group, Err: err}
	case errors.Is(err, link.ErrGone):
		return Finding{Code: Unplugged, Err: err}
	}
	return Finding{Code: Refused, Err: err}
}

// ErrNotFound is what a search that found no printer ends with; the findings say
// why.
var ErrNotFound = errors.New("no printer was found")

func notFound(f Finding) error {
	if f.Err != nil {
		return fmt.Errorf("%w: %w", ErrNotFound, f.Err)
	}
	return fmt.Errorf("%w (%s)", ErrNotFound, f.Code)
}
