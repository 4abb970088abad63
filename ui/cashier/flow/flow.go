package flow

import (
	"maps"
	"strings"
	"time"
	"unicode"

	"gatehouse/desk/account"
	"gatehouse/desk/card"
	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// Deps is what a flow is made of.
type Deps struct {
	Now     func() time.Time // of the wall, in the station's zone; required
	NewID   func() (ledger.CommandID, error)
	Station ledger.StationID
	Cash    cash.Policy
	Staff   staff.Policy
	Safe    safe.Policy
	Bills   []account.Layout
	// LockAfter is how long without a key until the screen locks; 0: never.
	LockAfter time.Duration
	Training  bool
	NoPaper   bool // this station prints nothing
	NoCentral bool // this station has no central to tell
	// ReadsChecks says that the station has a reader for checks: the runner's Checks.
	ReadsChecks bool
	// CheckLine takes a text apart that is the magnetic line of a check, as a reader on the
	// keyboard types it, and says whether it is one. Nil: there are no such readers.
	CheckLine func(text string) (CheckLine, bool)
}

// Times of the window.
const (
	findPause  = 40 * time.Millisecond  // typing rests this long before a search
	draftPause = 300 * time.Millisecond // and this long before a draft is kept
	signAfter  = 200 * time.Millisecond // an errand shows a sign of work
	longAfter  = 2 * time.Second        // and says what it is doing
)

// Bounds of what is typed and held.
const (
	maxTyped = 200 // characters of any field
	maxHeld  = 8   // keys held while an account is looked up
	maxParts = 12  // accounts of one payment; the desk has the last word
)

// Flow is the cashier's place.
type Flow struct {
	d   Deps
	m   Model
	out []Effect

	lastTouch time.Time
	errand    *Errand
	stuck     *Errand // of which nobody knows whether it was stored
	serial    uint64
	ids       map[errandKind]ledger.CommandID

	searched   uint64 // serial of the newest search
	searching  bool
	openFound  bool // Enter was pressed before the answer came
	adding     bool // F3: the next account is added
	held       []Action
	proposals  uint64       // texts proposed so far
	payments   []PaymentRow // all payments of the session
	entryAt    int          // tender being changed, -1 for a new one
	lookup     uint64
	checks     uint64    // serial of the newest check
	line       CheckLine // read of the check that is being entered
	asked      string    // question the person opened: askDiscard, askVoid or ""
	stray      *stray    // an id that a letter typed into the PIN put away
	told       time.Time // when the drawers last gave news
	lockedOver Place
	lockFocus  Field
	helpOver   Place
	helpFocus  Field
	left       map[leftKey]leftForm // forms that were left and not sent

	drafts     map[staff.ID]draft
	draftsRead bool
	draftDue   uint64
	keeping    bool
	keepAgain  bool
	noted      string // what the next keeping is to keep
	lastKept   string
	recover    *draft
	// recoverForm says that the ledger is asked about the form of recover, not the payment.
	recoverForm bool
	restored    bool // what this person had typed is back, or there was nothing
}

// New returns the cashier's place with nobody signed in.
func New(d Deps) *Flow {
	f := &Flow{d: d, ids: map[errandKind]ledger.CommandID{}, left: map[leftKey]leftForm{}, drafts: map[staff.ID]draft{}, entryAt: -1}
	f.m = Model{Place: AtSignIn, Focus: FieldWho, Inputs: map[Field]Input{}, Station: d.Station, Training: d.Training,
		Now: d.Now(), Reason: -1, Payment: Payment{Active: -1}}
	f.m.Link.None = d.NoCentral
	if d.NoPaper {
		f.m.Printer.State = PrinterNone
	}
	f.lastTouch = d.Now()
	f.derive()
	return f
}

// Model is what is to be shown. Nobody else may change it.
func (f *Flow) Model() *Model { return &f.m }

// Start returns the first effects.
func (f *Flow) Start() []Effect { return []Effect{ReadPeople{}, ReadDraft{}} }

// Handle takes an event and returns what is to be done elsewhere.
func (f *Flow) Handle(e Event) []Effect {
	f.out = nil
	quiet := false
	switch e := e.(type) {
	case Tick:
		quiet = !f.tick()
	case LinkChanged:
		quiet = f.m.Link == e.Link
		f.m.Link = e.Link
	case DataChanged:
		quiet = f.m.Data == e.Data
		f.data(e.Data)
	case LedgerChanged:
		quiet = f.m.Ledger == e.State && f.m.Witness.looksLike(e.Witness)
		f.m.Ledger, f.m.Witness = e.State, e.Witness
	case PrinterChanged:
		f.printer(e.Printer)
	case DrawersChanged:
		f.drawers(e.Drawers)
	case Typed, Strayed, Focused, Pressed, Scanned, Picked:
		f.lastTouch = f.d.Now()
		f.person(e)
	default:
		f.answer(e)
	}
	if !quiet {
		f.derive()
		f.m.Revision++
		f.noteDraft()
	}
	out := f.out
	f.out = nil
	return out
}

func (f *Flow) do(e ...Effect) { f.out = append(f.out, e...) }

// person handles what somebody did at the window.
func (f *Flow) person(e Event) {
	switch e := e.(type) {
	case Typed:
		f.typed(e)
	case Strayed:
		f.strayed(e)
	case Focused:
		if !f.m.Unsure {
			f.m.Focus = e.Field
			f.focused()
		}
	case Pressed:
		f.pressed(e.Action)
	case Scanned:
		f.scanned(e.Text)
	case Picked:
		f.picked(e)
	}
}

// answer handles what came back from an effect.
func (f *Flow) answer(e Event) {
	switch e := e.(type) {
	case Ordered:
		f.ordered(e)
	case Settled:
		f.settled(e)
	case PeopleRead:
		f.peopleRead(e)
	case SessionRead:
		f.sessionRead(e)
	case FoundRead:
		f.foundRead(e)
	case AccountRead:
		f.accountRead(e)
	case PaymentsRead:
		f.paymentsRead(e)
	case ReceiptRead:
		f.receiptRead(e)
	case FormRead:
		f.formRead(e)
	case LevelRead:
		f.levelRead(e)
	case DueRead:
		f.dueRead(e)
	case DraftRead:
		f.draftRead(e)
	case DraftKept:
		f.draftKept(e)
	case CheckRead:
		f.checkRead(e)
	case CheckFound:
		f.checkFound(e)
	case due:
		f.came(e)
	}
}

func (f *Flow) came(e due) {
	switch {
	case e.what == dueFind && e.serial == f.searched:
		f.search()
	case e.what == dueDraft && e.serial == f.draftDue:
		f.keepDraft()
	case f.errand == nil || e.serial != f.errand.serial:
	case e.what == dueSign:
		f.m.Busy = max(f.m.Busy, Working)
	case e.what == dueLong:
		f.m.Busy = WorkingLong
	}
}

// tick reports whether anything changed.
func (f *Flow) tick() bool {
	now := f.d.Now()
	if now.Truncate(time.Minute) != f.m.Now.Truncate(time.Minute) && f.m.Me.ID != "" {
		f.readDue()
	}
	changed := now.Truncate(time.Minute) != f.m.Now.Truncate(time.Minute)
	f.m.Now = now
	changed = changed || f.outdated()
	idle := now.Sub(f.lastTouch)
	if f.d.LockAfter > 0 && idle >= f.d.LockAfter && f.Can(Lock) {
		f.lock()
		changed = true
	}
	return changed
}

func (f *Flow) text(field Field) string { return f.m.Inputs[field].Text }

// put sets what stands in a field.
func (f *Flow) put(field Field, text string) { f.m.Inputs[field] = Input{Text: text} }

// propose sets a text that typing replaces whole.
func (f *Flow) propose(field Field, text string) {
	f.put(field, text)
	f.proposeAnew(field)
}

// proposeAnew has typing replace what stands in a field.
func (f *Flow) proposeAnew(field Field) {
	in := f.m.Inputs[field]
	f.proposals++
	in.Propose = f.proposals
	f.m.Inputs[field] = in
}

// refuse shows at a field why its text is refused, and goes there. A card number
// that was typed does not stay to be read.
func (f *Flow) refuse(field Field, r *ledger.Refusal) {
	in := f.m.Inputs[field]
	dots := masked(in.Text)
	hidden := dots != in.Text
	in.Text, in.Refusal, in.Propose = dots, r, 0
	f.m.Inputs[field] = in
	f.m.Focus = field
	if hidden && !strings.ContainsFunc(dots, unicode.IsLetter) {
		// Nothing else was typed: what is typed next replaces the dots.
		f.proposeAnew(field)
	}
}

func (f *Flow) notice(level Level, name string, args ...string) {
	n := &Notice{Level: level, Name: name}
	for i := 0; i+1 < len(args); i += 2 {
		if n.Args == nil {
			n.Args = map[string]string{}
		}
		n.Args[args[i]] = args[i+1]
	}
	f.m.Notice = n
}

func (f *Flow) noticeRefusal(r *ledger.Refusal) { f.m.Notice = &Notice{Level: Bad, Refusal: r} }

// isCard reports whether a text looks like a card number, and refuses it.
func (f *Flow) isCard(field Field) bool {
	if text := f.text(field); !card.In(text) && !isMasked(text) {
		return false
	}
	f.refuse(field, ledger.Refuse("card.refused", "That looks like a card number. Card numbers are never kept here: type the terminal's reference and the last four digits."))
	return true
}

// typed takes the text of a field. Whatever it is, it stays in the field.
func (f *Flow) typed(e Typed) {
	if f.frozen(e.Field) {
		return
	}
	if r := []rune(e.Text); len(r) > maxTyped {
		e.Text = string(r[:maxTyped])
	}
	f.put(e.Field, e.Text)
	f.m.Focus = e.Field
	if f.m.Notice != nil && f.m.Notice.Level <= Good {
		f.m.Notice = nil
	}
	switch e.Field {
	case FieldFind:
		f.typedFind(e.Text)
	case FieldAmount:
		f.typedAmount(e.Text)
	case FieldReceipt:
		f.m.Undo = nil
		f.narrow()
	default:
		if f.m.Place == AtOpening && counted(e.Field) {
			// Counted again: whether a reason is needed is asked again.
			f.m.Reasons, f.m.Reason = nil, -1
			f.clear(FieldReason)
		}
	}
}

// frozen says that a field belongs to an errand on its way, or to one whose fate
// is unknown: it is kept as it was sent.
func (f *Flow) frozen(field Field) bool {
	if f.m.Unsure {
		return true
	}
	return f.errand != nil && !f.errand.ofPaper()
}

// focused follows the focus where it means more than itself.
func (f *Flow) focused() {
	if f.m.Focus == FieldAmount && f.m.Payment.Active < 0 && f.m.Begun() {
		f.activate(len(f.m.Payment.Parts) - 1)
	}
}

// pressed does an action.
func (f *Flow) pressed(a Action) {
	if f.holds(a) || !f.Can(a) {
		return
	}
	f.m.Notice = nil
	switch a {
	case Help:
		f.help()
	case Back:
		f.back()
	case Lock:
		f.lock()
	case OtherUser:
		f.otherUser()
	case RowUp, RowDown, PageUp, PageDown:
		f.row(a)
	case CameOut, NotOut:
		f.answerQuestion(a == CameOut)
	case AskVoid:
		f.askVoid()
	case VoidPaper:
		f.voidPaper()
	default:
		f.pressedThere(a)
	}
}

func (f *Flow) pressedThere(a Action) {
	if f.m.Place == AtHelp && a != f.m.Enter {
		f.leaveHelp()
	}
	switch a {
	case EnterNext:
		f.next()
	case EnterSignIn, EnterUnlock:
		f.signIn()
	case EnterRetry:
		f.retry()
	case EnterCount, CommitNow:
		if _, form := f.formOf(); form {
			f.commitForm()
			return
		}
		f.commitCount()
	case GoMenu:
		f.goMenu()
	case EnterMenu:
		f.openForm()
	case GoSkim:
		f.goStraight(ActSkim)
	case GoSurprise:
		f.goStraight(ActSurprise)
	case EnterForm:
		f.commitForm()
	case TickRow:
		f.tickRow()
	case CountSums:
		if _, form := f.formOf(); form {
			f.m.Form.sums = !f.m.Form.sums
			f.deriveForm()
			f.m.Focus = PartField(f.m.Form.Act, PartTicks)
			if f.m.Form.BySum {
				f.m.Focus, _ = f.fieldOfPart(f.m.Form.Act, FormPart{Name: "other", Asks: AskOthers}, &ledger.Refusal{})
			}
			return
		}
		f.m.Count.BySum = !f.m.Count.BySum
		f.countFields()
	case EnterClose:
		f.commitClose()
	case Recount, GoClosing:
		f.send(Errand{kind: errandBegin, order: order(cash.BeginCount{})})
	case EnterUndo:
		f.commitUndo()
	case EnterNoSale:
		f.commitNoSale()
	case EnterPrint:
		f.reprint()
	case EnterPick:
		f.pickReceipt()
	case EnterLeave, SignOut:
		f.signOut()
	case GoOpening:
		f.goCount(AtOpening)
	case GoUndo, GoReprint, GoNoSale:
		f.goTask(a)
	case XReport:
		f.send(Errand{kind: errandX, order: order(cash.XReportCommand{})})
	default:
		f.pressedAtWindow(a)
	}
}

func (f *Flow) help() {
	if f.m.Place == AtHelp {
		f.leaveHelp()
		return
	}
	f.helpOver, f.helpFocus = f.m.Place, f.m.Focus
	f.m.Place, f.m.Focus = AtHelp, NoField
}

func (f *Flow) leaveHelp() { f.m.Place, f.m.Focus = f.helpOver, f.helpFocus }

// back leaves what is open, the innermost first. Nothing typed is lost by it.
func (f *Flow) back() {
	switch f.m.Place {
	case AtHelp:
		f.leaveHelp()
	case AtWindow:
		f.backAtWindow()
	default:
		f.put(FieldApproverPIN, "") // all else that was typed is kept
		f.leaveForm(f.m.Place)
		f.toWindow()
	}
}

func (f *Flow) toWindow() {
	f.m.Place = AtWindow
	f.m.Focus = FieldFind
	if f.m.Begun() {
		f.activate(max(0, f.m.Payment.Active))
	}
}

// derive works out what follows from the rest.
func (f *Flow) derive() {
	f.derivePayment()
	f.deriveCount()
	f.deriveForm()
	f.m.Enter = f.enterMeans()
	f.m.Trouble = f.trouble()
	f.m.Ask = f.ask()
	if f.errand == nil {
		f.m.Busy = Idle
	}
	for field, in := range maps.Clone(f.m.Inputs) {
		in.Locked = f.frozen(field)
		f.m.Inputs[field] = in
	}
}
