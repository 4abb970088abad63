package flow

import (
	"time"

	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// Place is where the cashier stands in the work.
type Place string

// The places.
const (
	AtSignIn  Place = "sign_in"
	AtLock    Place = "lock"
	AtOpening Place = "opening" // counting the float
	AtWindow  Place = "window"  // serving customers
	AtUndo    Place = "undo"    // void or reversal
	AtNoSale  Place = "no_sale"
	AtReprint Place = "reprint"
	AtClosing Place = "closing" // the blind count
	AtCounted Place = "counted" // what the count came to, before the close
	AtClosed  Place = "closed"  // the Z
	AtHelp    Place = "help"
	AtMenu    Place = "menu" // of what is done on a form; each form is a place of its own
)

// Places lists every place.
func Places() []Place {
	all := []Place{AtSignIn, AtLock, AtOpening, AtWindow, AtUndo, AtNoSale, AtReprint, AtClosing, AtCounted, AtClosed, AtHelp, AtMenu}
	for _, a := range Acts() {
		all = append(all, a.Place())
	}
	return all
}

// Field names a place to type, or to choose.
type Field string

// The fields. Those of a count are made by CountField and OtherField.
const (
	NoField          Field = ""
	FieldWho         Field = "who"
	FieldPIN         Field = "pin"
	FieldFind        Field = "find"
	FieldAmount      Field = "amount"
	FieldTendered    Field = "tendered"
	FieldNumber      Field = "number"
	FieldReference   Field = "reference"
	FieldLastFour    Field = "last_four"
	FieldReceipt     Field = "receipt"
	FieldReason      Field = "reason" // a list, nothing is typed
	FieldApprover    Field = "approver"
	FieldApproverPIN Field = "approver_pin"
	FieldNote        Field = "note"
	FieldTicks       Field = "ticks" // a list, each of it ticked when it is in hand
	FieldMemo        Field = "memo"  // what happened to what is over or short
)

// CountField is where the pieces of a value are counted.
func CountField(value ledger.Cents) Field { return Field("count." + value.Plain()) }

// OtherCount and OtherAmount are where checks and the like are counted.
func OtherCount(kind cash.TenderKind) Field  { return Field("other." + string(kind) + ".count") }
func OtherAmount(kind cash.TenderKind) Field { return Field("other." + string(kind) + ".amount") }

// Input is what stands in a field.
type Input struct {
	Text    string
	Propose uint64          // not 0: typing replaces the text whole; another number, each time anew
	Refusal *ledger.Refusal // why the text is refused
	Locked  bool            // cannot be changed now
}

// Model is everything the screens show.
type Model struct {
	Revision uint64 // grows with every change
	Place    Place
	Focus    Field
	Inputs   map[Field]Input

	Now      time.Time
	Station  ledger.StationID
	Training bool
	Me       staff.Person // who is signed in; empty while nobody is
	Session  cash.Session // open drawer session; empty while none is
	Link     Link
	Printer  Printer
	Drawers  []Drawer // those that are not simply shut
	Ledger   LedgerState
	Witness  *Witness // nil: the station has none
	Data     Data

	People    []staff.Person // to sign in
	Approvers []staff.Person // who may sign for me

	Find    Find
	Account *Account
	Payment Payment
	Done    *Done // the last payment, until the next customer begins

	Drawer   cash.DrawerID // to be opened
	Count    Count
	Reasons  []string
	Reason   int          // chosen, -1 if none
	Payments []PaymentRow // of the session; those with the typed number, if one is typed
	Chosen   int          // of Payments, -1 if there is doubt which is meant
	Undo     *PaymentRow
	Counted  *cash.Counted // the count the drawer is being closed on
	Tier     cash.Tier     // what its difference asks for
	Result   *cash.DrawerClosed

	Full   bool       // the drawer holds more cash than it should
	NoCash bool       // it takes no more until some is in a bag
	Due    []DueCount // surprise counts that somebody should make now
	Old    []safe.Old // money that waits too long for its deposit, the oldest first
	Acts   []Act      // that may be done now
	ActAt  int        // chosen
	Form   Form

	Notice  *Notice // about what was just done
	Trouble *Notice // about the station
	Ask     *Ask
	Enter   Action // what Enter means now, "" if nothing
	Busy    Busy
	Unsure  bool // it is not known whether the last errand was stored
}

// Begun reports whether a payment was begun.
func (m *Model) Begun() bool { return len(m.Payment.Parts) > 0 }

// Find is the search.
type Find struct {
	For    string // text the rows answer
	Rows   []Found
	Chosen int
	More   bool // there are more than shown
}

// Found is one account found.
type Found struct{ Standing account.Standing }

// Account is the account in the panel.
type Account struct {
	Standing account.Standing
	Recent   []Recent // newest first
}

// Recent is something that happened to an account at this station.
type Recent struct {
	At      time.Time
	Kind    ledger.Kind
	Receipt ledger.ReceiptNo
	Amount  ledger.Cents // below zero when it was taken back
}

// Payment is the payment being made.
type Payment struct {
	Parts     []Part
	Tenders   []cash.Tender
	Active    int             // part whose amount is typed, -1 if none
	Entry     cash.TenderKind // tender being typed, "" if none
	Line      int             // chosen line: parts, then tenders
	ToPay     ledger.Cents
	Tendered  ledger.Cents    // with what is being typed
	Remaining ledger.Cents    // below zero: change
	Rounding  ledger.Cents    // of the cash, to the nickel, where that is governed
	Over      ledger.Cents    // more than is due, of all parts: it stays as credit
	Complete  bool            // the recorded tenders pay all of it
	Unclear   bool            // an amount is refused: the sums above are without it
	Reading   bool            // the reader waits for the check
	Other     cash.TenderKind // what the key of the other tenders opens, "" if there is none
	Several   bool            // of them, and none is open yet
	Sign      bool            // a second person is asked for
}

// Part is one account of the payment.
type Part struct {
	No       account.No
	Known    bool // false while it is being looked up
	Standing account.Standing
	Text     string       // as typed
	Amount   ledger.Cents // once Set, else what Enter would make it
	Over     ledger.Cents // of the amount, more than is due: it stays as credit
	Set      bool
	Unclear  bool // Enter would refuse it
}

// Done is a payment that is on disk.
type Done struct {
	Receipt ledger.ReceiptNo
	Total   ledger.Cents
	Change  ledger.Cents
	Offline bool
}

// Count is a count of a drawer.
type Count struct {
	Fields []Field // in the order they are typed
	Total  ledger.Cents
	Values map[Field]ledger.Cents // what each count is worth
	Items  []Choice               // checks and the like, to be ticked one by one
	At     int                    // chosen of them
	BySum  bool                   // they are counted by their sums instead
}

// PaymentRow is one payment of this station.
type PaymentRow struct {
	Receipt ledger.ReceiptNo
	At      time.Time
	Name    string
	Total   ledger.Cents
	Undone  bool
	Here    bool // of my open session: it can be voided
}

// Level says how loud a notice is.
type Level int

// The levels.
const (
	Quiet Level = iota
	Good
	Look
	Bad
)

// Notice is a sentence, by its name in the words or as a rule's refusal.
type Notice struct {
	Level   Level
	Name    string // what, safe and do are under cashier.notice.<name>
	Args    map[string]string
	Refusal *ledger.Refusal // instead of a name
}

// Busy says how long an errand has been on its way.
type Busy int

// Not at all, more than 200 ms, more than 2 s.
const (
	Idle Busy = iota
	Working
	WorkingLong
)

// Ask is a question with its answers.
type Ask struct {
	Name    string // under cashier.ask.<name>
	Args    map[string]string
	Answers []Action
}

// Link is the way to central.
type Link struct {
	None    bool // this station has no central; all else is empty
	Known   bool // false until the follower has said anything
	Online  bool
	Relay   bool      // the office's relay is reached, and keeps what central does not have yet
	Last    time.Time // when central last had everything or answered
	Since   time.Time // offline since
	Waiting int       // entries not yet central
	Oldest  time.Time // the oldest of them
}

// LedgerState is how the station's ledger is; empty is well.
type LedgerState string

// What can be wrong with a ledger.
const (
	LedgerAlone   LedgerState = "alone"   // its mirror cannot be written
	LedgerStopped LedgerState = "stopped" // it accepts nothing more
)

// Witness is the copy of the ledger that comes and goes.
type Witness struct {
	Here  bool      // it is there and has everything
	At    time.Time // when it last had; zero for never since the start
	Wrong bool      // it is another ledger's, or tells another story: a person must look
}

// Data is how the customers and staff that central gives are.
type Data struct {
	Version uint64 // of the customers in use; 0 is none
	Fresh   uint64 // grows when a fresh set took the place of the one before
	Percent int    // of a fresh set that is here; 0: none is on its way
	Making  bool   // a fresh set is here and being made ready
	Stale   bool   // what central gives cannot be taken over: a person must look
	None    bool   // there is nobody to find or to sign in yet
}

// looksLike says whether two look the same: how old a copy is counts only while
// it is away.
func (w *Witness) looksLike(v *Witness) bool {
	if w == nil || v == nil {
		return w == v
	}
	return w.Here == v.Here && w.Wrong == v.Wrong && (w.Here || w.At.Equal(v.At))
}

// PrinterState is how the receipt printer is.
type PrinterState string

// The states of a printer.
const (
	PrinterReady     PrinterState = "ready"
	PrinterPaperLow  PrinterState = "paper_low"
	PrinterPaperOut  PrinterState = "paper_out"
	PrinterCoverOpen PrinterState = "cover_open"
	PrinterUnplugged PrinterState = "unplugged"
	PrinterFault     PrinterState = "fault"
	PrinterNone      PrinterState = "none" // this station has none
	// PrinterInsertCheck: it waits for a check to print on its back.
	PrinterInsertCheck PrinterState = "insert_check"
	// PrinterByHand: checks came, and it cannot print on their backs.
	PrinterByHand PrinterState = "by_hand"
)

// PrinterStates lists every state.
func PrinterStates() []PrinterState {
	return []PrinterState{PrinterReady, PrinterPaperLow, PrinterPaperOut, PrinterCoverOpen, PrinterUnplugged, PrinterFault, PrinterNone, PrinterInsertCheck, PrinterByHand}
}

// Printer is the printer with its spooler.
type Printer struct {
	State    PrinterState
	Waiting  int // documents not yet printed
	Question *Question
	Held     *Held // nil: no paper is held up
	// VoidFailed is a voided paper that may come out all the same; nil: none.
	VoidFailed *VoidFailed
}

// Held is the paper that would come next, or go on, if the printer could.
type Held struct {
	Of     uint64 // entry whose paper it is
	Copy   int    // which copy; 0 is the original
	Number string // on the paper
}

// VoidFailed is a voided paper that the printer may print all the same.
type VoidFailed struct {
	Number string
	Cannot bool // the model cannot be told to forget; it goes on when it can
}

// DrawerFault is why a drawer did not open when it was told to; empty is none.
type DrawerFault string

// The faults of a drawer.
const (
	DrawerStuck     DrawerFault = "stuck"     // it was told to, and stayed shut
	DrawerUnreached DrawerFault = "unreached" // it could not be told
)

// Drawer is what is to be known of a drawer that is not simply shut.
type Drawer struct {
	ID       cash.DrawerID // empty: one of several, and nobody can tell which
	Fault    DrawerFault
	Open     bool
	LeftOpen time.Duration // how long it had stood open when that was told; 0: not yet long
	ByHand   int           // openings that nobody asked for, since the last that was
}

// Question is what only a person can see: whether a paper came out.
type Question struct {
	Of      uint64 // entry whose paper it is
	Copy    int    // which copy; 0 is the original
	Receipt ledger.ReceiptNo
}
