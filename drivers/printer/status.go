package printer

import (
	"time"

	"gatehouse/drivers/escpos"
)

// Link is how far the printer can be reached.
type Link uint8

const (
	LinkDown   Link = iota // no line: unplugged, or held by another program
	LinkSilent             // the line is open, but the printer does not answer
	LinkUp                 // the printer answers, or is of a kind that never does
)

// Paper is the state of the roll. It cannot be relied on while the cover is
// open.
type Paper uint8

const (
	PaperOK Paper = iota
	PaperLow
	PaperOut
)

// Fault is a failure of the printer itself.
type Fault uint8

const (
	NoFault       Fault = iota
	CutterJam           // somebody has to free the cutter
	Mechanical          // some other error that can be recovered from
	HeadHot             // passes by itself
	Unrecoverable       // switch off and on, or repair
)

// Drawer is what the switch in the drawer says.
type Drawer uint8

const (
	DrawerUnknown Drawer = iota // no switch, or its polarity is not configured
	DrawerClosed
	DrawerOpen
)

// JobState is what the session is doing about printing.
type JobState uint8

const (
	JobNone     JobState = iota
	JobWaiting           // a job is there, and not begun because the printer is not ready
	JobPrinting          // being sent, or sent and not yet confirmed
	JobHeld              // begun and stopped by the printer; it goes on by itself when that is mended
)

// Status is the state of a printer at the time At.
type Status struct {
	Link      Link
	Online    bool
	CoverOpen bool
	Paper     Paper
	Fault     Fault
	Drawer    Drawer
	Form      Form
	Job       JobState
	At        time.Time // when the printer or the line last said something new
}

// Ready reports whether a job can begin.
func (s Status) Ready() bool { return s.Hindrance() == Nothing }

// Hindrance is why a printer does not print, in the order in which a person
// should hear of it.
func (s Status) Hindrance() Hindrance {
	switch {
	case s.Link == LinkDown:
		return Unplugged
	case s.Link == LinkSilent:
		return Silent
	case s.CoverOpen: // first, because the paper sensor lies under an open cover
		return CoverOpen
	case s.Paper == PaperOut:
		return OutOfPaper
	case s.Fault != NoFault:
		return Faulty
	case !s.Online:
		return Offline
	}
	return Nothing
}

// Hindrance is what keeps a printer from printing.
type Hindrance uint8

const (
	Nothing Hindrance = iota
	Unplugged
	Silent
	CoverOpen
	OutOfPaper
	Faulty
	Offline // for no reason it gives, such as a held feed button
)

func (h Hindrance) String() string {
	return [...]string{
		"ready", "not connected", "does not answer", "cover open", "out of paper", "has a fault", "offline",
	}[h]
}

// OpenLevel is the level of connector pin 3 while the drawer is open. Makers
// differ, so it is configured, never guessed.
type OpenLevel uint8

const (
	OpenNone OpenLevel = iota // no switch is wired
	OpenHigh
	OpenLow
)

func (l OpenLevel) drawer(high bool) Drawer {
	switch {
	case l == OpenNone:
		return DrawerUnknown
	case high == (l == OpenHigh):
		return DrawerOpen
	}
	return DrawerClosed
}

// take puts what the printer reports into the status.
func (s *Status) take(r escpos.Status, level OpenLevel) {
	s.Online = !r.Offline
	s.CoverOpen = r.CoverOpen
	s.Drawer = level.drawer(r.Pin3High)
	s.Paper, s.Fault = PaperOK, NoFault
	switch {
	case r.PaperOut:
		s.Paper = PaperOut
	case r.PaperLow:
		s.Paper = PaperLow
	}
	switch {
	case r.Unrecoverable:
		s.Fault = Unrecoverable
	case r.CutterError:
		s.Fault = CutterJam
	case r.Recoverable:
		s.Fault = Mechanical
	case r.AutoRecovers:
		s.Fault = HeadHot
	}
}

// EventKind says what an Event is about.
type EventKind uint8

const (
	StatusChanged  EventKind = iota // anything in Status but the drawer
	DrawerOpened                    // after a kick
	UnexpectedOpen                  // with a key, or by another program: nobody here asked for it
	DrawerShut
	DrawerLeftOpen // it stands open for one of the times of Config.LeftOpen
)

// Event is a change, with the status after it.
type Event struct {
	Kind   EventKind
	Status Status
	// Pin is the connector pin whose kick opened the drawer, 2 or 5; 0 where no
	// kick did. One switch serves both drawers of a printer, so this goes by the
	// kick, not by which drawer moved.
	Pin int
	// Open is how long the drawer stood open, of DrawerShut and DrawerLeftOpen.
	// It counts from when the opening was heard of; while the line was down,
	// nobody heard.
	Open time.Duration
	// Missed counts events dropped before this one because the subscriber did
	// not read.
	Missed int
}
