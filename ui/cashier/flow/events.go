package flow

import (
	"time"

	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// Event is something that happened.
type Event interface{ event() }

// What a person does.
type (
	// Typed is the whole text of a field after a change.
	Typed struct {
		Field Field
		Text  string
	}
	// Strayed is a text that was typed into a field which does not take it: a
	// letter where only digits belong. The field has refused it already.
	Strayed struct {
		Field Field
		Text  string
	}
	// Focused says that the person went to a field.
	Focused struct{ Field Field }
	// Pressed is a key or a button.
	Pressed struct{ Action Action }
	// Scanned is a text from the scanner.
	Scanned struct{ Text string }
	// Picked is a row of a list, chosen or, with Open, opened.
	Picked struct {
		List List
		Row  int
		Open bool
	}
)

// List names a list of rows.
type List string

// The lists.
const (
	ListPeople   List = "people"
	ListFound    List = "found"
	ListLines    List = "lines" // of the payment
	ListPayments List = "payments"
	ListReasons  List = "reasons"
	ListActs     List = "acts"
)

// ListOf is the list of a form's part.
func ListOf(part string) List { return List("form." + part) }

// What the station tells.
type (
	// Tick is the clock, about once a second.
	Tick struct{}
	// LinkChanged is news of the way to central.
	LinkChanged struct{ Link Link }
	// LedgerChanged is news of the station's ledger.
	LedgerChanged struct {
		State   LedgerState
		Witness *Witness // nil: the station has none
	}
	// DataChanged is news of the customers and staff that central gives.
	DataChanged struct{ Data Data }
	// PrinterChanged is news of the printer or its spooler.
	PrinterChanged struct{ Printer Printer }
	// DrawersChanged is news of the drawers: all that are not simply shut.
	DrawersChanged struct{ Drawers []Drawer }
)

// What comes back from effects.
type (
	// Ordered is the desk's answer to an Order.
	Ordered struct {
		Serial  uint64
		Entries []ledger.Entry
		Err     error
	}
	// Settled is the ledger's answer to a Settle.
	Settled struct {
		Serial  uint64
		Entries []ledger.Entry
		Err     error
	}
	// Answers to the readings.
	PeopleRead struct {
		People  []staff.Person
		Present staff.ID // signed in when the program ended last
		Err     error
	}
	SessionRead struct {
		Who     staff.ID
		Session cash.Session
		Counted *cash.Counted // set while the drawer is being closed
		Open    bool
		Drawer  cash.DrawerID // one to open, if none is
		Err     error
	}
	FoundRead struct {
		Serial uint64
		Rows   []Found
		More   bool
		Err    error
	}
	AccountRead struct {
		No      account.No
		Account Account
		Err     error
	}
	PaymentsRead struct {
		Rows []PaymentRow
		Err  error
	}
	ReceiptRead struct {
		Serial uint64
		Row    PaymentRow
		Err    error
	}
	LevelRead struct {
		Session cash.SessionID
		Cash    ledger.Cents
		Err     error
	}
	// DueRead is which drawers are due to be counted by surprise, and what waits too long
	// for its deposit.
	DueRead struct {
		Due []DueCount
		Old []safe.Old
		Err error
	}
	FormRead struct {
		Act     Act
		Drawer  cash.DrawerID // whose checks are among the choices; empty: none are
		Choices map[string][]Choice
		Err     error
	}
	DraftRead struct {
		Note []byte
		Err  error
	}
	DraftKept struct{ Err error }
	// CheckRead is what a reader read of the check that was asked for.
	CheckRead struct {
		Serial uint64
		Line   CheckLine
		Err    error
	}
	// CheckFound is the check that one looks like, if it does.
	CheckFound struct {
		Serial uint64
		Seen   cash.SeenCheck
		Found  bool
		Err    error
	}

	// due is a Later that came.
	due struct {
		what   dueKind
		serial uint64
	}
)

type dueKind int

const (
	dueFind dueKind = iota
	dueSign
	dueLong
	dueDraft
)

func (Typed) event()          {}
func (Strayed) event()        {}
func (Focused) event()        {}
func (Pressed) event()        {}
func (Scanned) event()        {}
func (Picked) event()         {}
func (Tick) event()           {}
func (LinkChanged) event()    {}
func (DataChanged) event()    {}
func (LedgerChanged) event()  {}
func (PrinterChanged) event() {}
func (DrawersChanged) event() {}
func (Ordered) event()        {}
func (Settled) event()        {}
func (PeopleRead) event()     {}
func (SessionRead) event()    {}
func (FoundRead) event()      {}
func (AccountRead) event()    {}
func (PaymentsRead) event()   {}
func (ReceiptRead) event()    {}
func (FormRead) event()       {}
func (LevelRead) event()      {}
func (DueRead) event()        {}
func (DraftRead) event()      {}
func (DraftKept) event()      {}
func (CheckRead) event()      {}
func (CheckFound) event()     {}
func (due) event()            {}

// Effect is something to be done away from the window.
type Effect interface{ effect() }

// The effects. Each is answered by one event.
type (
	// Order is an errand to the desk or to the paper.
	Order struct {
		Serial uint64
		Errand Errand
	}
	// Settle asks the ledger whether a command was carried out.
	Settle struct {
		Serial uint64
		ID     ledger.CommandID
	}
	ReadPeople   struct{}
	ReadSession  struct{ Who staff.ID }
	FindAccounts struct {
		Serial uint64
		Words  string
	}
	ReadAccount  struct{ No account.No }
	ReadPayments struct{ Session cash.SessionID }
	// ReadLevel reads how much cash a drawer holds.
	ReadLevel struct{ Session cash.SessionID }
	// ReadDue reads what a lead should do now.
	ReadDue struct {
		Counts bool        // which drawers are due to be counted by surprise
		Safe   safe.Policy // how long money may wait; zero: it is not asked
	}
	// ReadForm reads the lists of a form.
	ReadForm struct {
		Act     Act
		Who     staff.ID
		Session cash.Session
		Drawer  cash.DrawerID     // to be counted: only its checks and the like are read
		Kinds   []cash.TenderKind // of which they are
	}
	ReadReceipt struct {
		Serial  uint64
		No      ledger.ReceiptNo
		Session cash.SessionID
	}
	ReadDraft struct{}
	KeepDraft struct{ Note []byte }
	// ReadCheck waits for a check in the reader.
	ReadCheck struct{ Serial uint64 }
	// StopCheck says that it is not wanted any more.
	StopCheck struct{ Serial uint64 }
	// FindCheck asks whether a check looks like one that was taken before.
	FindCheck struct {
		Serial uint64
		Date   ledger.Date // of the session
		Tender cash.Tender
	}
	// Later comes back as Then after a while.
	Later struct {
		After time.Duration
		Then  Event
	}
)

func (Order) effect()        {}
func (Settle) effect()       {}
func (ReadPeople) effect()   {}
func (ReadSession) effect()  {}
func (FindAccounts) effect() {}
func (ReadAccount) effect()  {}
func (ReadPayments) effect() {}
func (ReadReceipt) effect()  {}
func (ReadForm) effect()     {}
func (ReadLevel) effect()    {}
func (ReadDue) effect()      {}
func (ReadDraft) effect()    {}
func (KeepDraft) effect()    {}
func (ReadCheck) effect()    {}
func (StopCheck) effect()    {}
func (FindCheck) effect()    {}
func (Later) effect()        {}
