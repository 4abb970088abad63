package flow

// Step is one page of the set-up.
type Step string

// The steps, in their order.
const (
	AtPort    Step = "port"
	AtSearch  Step = "search"
	AtModel   Step = "model"
	AtDrawer  Step = "drawer"
	AtPage    Step = "page"
	AtScanner Step = "scanner"
	AtDisplay Step = "display"
	AtCentral Step = "central"
	AtEnd     Step = "end"
)

// Steps lists them.
func Steps() []Step {
	return []Step{AtPort, AtSearch, AtModel, AtDrawer, AtPage, AtScanner, AtDisplay, AtCentral, AtEnd}
}

// The ports that are no places.
const (
	Emulator = "emulator"
	None     = "none"
)

// Port is a port to choose from.
type Port struct {
	Name string
	What string // what the system says is there; may be empty
}

// Printer is a model to choose from.
type Printer struct {
	Name          string
	Columns, Dots int
}

// Settings is what will be written.
type Settings struct {
	Port, Model, Frame string
	Baud               int
	Drawer             string // high, low or none
	Drawers            int
	Scanner            string // port; empty: one that types, or none
	Display, Kind      string // port and kind; empty: none
	Checks             bool   // the printer was bought with a reader for checks
	Central            string // address; empty: none
	Pin                string // of central's key; empty: an authority vouches for it
	Code               string // to enrol with, as it was typed; empty: enrolled, or later
}

// Weight says how bad a finding is.
type Weight int

// The weights.
const (
	Good Weight = iota
	Minor
	Grave
)

// Finding is one thing found, by its code, with the facts of its sentence.
type Finding struct {
	Code   string
	Args   map[string]any
	Weight Weight
}

// Result is what a search ended with.
type Result struct {
	Found   bool
	Certain bool // the printer said what it is
	Model   string
	Frame   string
	Baud    int
}

// Fate is what became of the test page.
type Fate struct {
	Name  string // the sentence: confirmed, parsed, sent, blocked, unknown, not_begun
	Cause string
	Out   bool // it can be looked at
	Logo  Logo // that stands at its top
}

// Met is what answers at central's address.
type Met struct {
	Pin     string // of its key; empty: it has none
	Vouched bool   // an authority that this machine trusts vouches for it
}

// Logo is what became of the station's logo.
type Logo struct {
	Name  string // the sentence: written, there, sent, failed; empty: there is none
	Cause string
}

// Model is what is to be shown. Only the flow changes it.
type Model struct {
	Step     Step
	Busy     bool // an effect is under way
	Ports    []Port
	Models   []Printer
	Chosen   int // the row chosen in the list of the step
	Typed    string
	Refused  bool // what was typed is no port
	Settings Settings

	Findings []Finding
	Result   Result
	Lesson   []Finding // of the drawer
	Learned  bool      // it was tried
	Fate     *Fate     // of the test page; nil: not printed yet
	Listens  string    // port at which a scanner is listened to
	Scanned  string    // what was scanned last
	Kind     string    // of the display that was shown a test; empty: none was
	Address  string    // of central, as it is typed
	Code     string    // of the enrolment, as it is typed
	BadCode  bool      // there is a slip in it
	BadPlace string    // why the address is none; empty: it may be one
	Met      *Met      // what answers there, to be compared; nil: nobody asked, or nothing to compare
	Trouble  string    // why a device, central or the file cannot be used
	Saved    bool
}

// Action is what a key or a button does.
type Action string

// The actions.
const (
	Next   Action = "setup.next"   // go on
	Search Action = "setup.search" // look for the printer
	Again  Action = "setup.again"  // do the step's work again
	Other  Action = "setup.other"  // choose the model
	Pick   Action = "setup.pick"   // take the chosen model
	Learn  Action = "setup.learn"  // open the drawer and learn
	Absent Action = "setup.absent" // there is no drawer
	Print  Action = "setup.print"
	Whole  Action = "setup.whole"  // the page came out whole
	Broken Action = "setup.broken" // it did not
	Listen Action = "setup.listen" // hear the scanner at the chosen port
	ShowA  Action = "setup.show_a" // show a test on the display, in DM-D
	ShowB  Action = "setup.show_b" // the same in CD5220
	Seen   Action = "setup.seen"   // it can be read
	Reads  Action = "setup.reads"  // the printer reads checks, or does not
	Meet   Action = "setup.meet"   // ask central, or go on without one
	Trust  Action = "setup.trust"  // its pin is the one that central shows
	Save   Action = "setup.save"
	Open   Action = "setup.open" // leave for the station
	Back   Action = "setup.back"
	Up     Action = "setup.up"
	Down   Action = "setup.down"
)

// Event is something that happened.
type Event interface{ event() }

// The events. Turn is the number of the effect that one answers.
type (
	Pressed  struct{ Action Action }
	Picked   struct{ Row int }
	Typed    struct{ Text string }
	Scanned  struct{ Text string }
	Placed   struct{ Text string } // typed as central's address
	Coded    struct{ Text string } // typed as the code
	PortsAre struct{ Ports []Port }
	Told     struct {
		Turn    int
		Finding Finding
	}
	Searched struct {
		Turn   int
		Result Result
	}
	LearnedIs struct {
		Turn   int
		Drawer string
	}
	Printed struct {
		Turn int
		Fate Fate
	}
	Heard struct {
		Turn    int
		Text    string
		Trouble string
	}
	ShownIs struct {
		Turn    int
		Trouble string
	}
	MetIs struct {
		Turn    int
		Met     Met
		Trouble string
	}
	SavedIs struct {
		Turn    int
		Trouble string
	}
)

func (Pressed) event()   {}
func (Picked) event()    {}
func (Typed) event()     {}
func (Scanned) event()   {}
func (PortsAre) event()  {}
func (Told) event()      {}
func (Searched) event()  {}
func (LearnedIs) event() {}
func (Printed) event()   {}
func (Heard) event()     {}
func (ShownIs) event()   {}
func (Placed) event()    {}
func (Coded) event()     {}
func (MetIs) event()     {}
func (SavedIs) event()   {}

// Do says what an effect is about.
type Do string

// What is done elsewhere.
const (
	DoList   Do = "list"   // list the ports
	DoSearch Do = "search" // find the printer at Settings.Port; Settings.Model where it is told
	DoLearn  Do = "learn"  // open the drawer once
	DoPrint  Do = "print"  // print the test page
	DoListen Do = "listen" // hear a scanner at Settings.Scanner until something else is done
	DoShow   Do = "show"   // show a test on the display at Settings.Display
	DoMeet   Do = "meet"   // ask what answers at Settings.Central
	DoSave   Do = "save"   // write the settings
	DoStop   Do = "stop"   // give up what is under way
	DoOpen   Do = "open"   // leave for the station
)

// Effect is something to be done elsewhere. Whatever was under way is given up
// first.
type Effect struct {
	Do       Do
	Turn     int
	Settings Settings
}
