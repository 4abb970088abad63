package desk

import (
	"reflect"
	"strings"

	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// Spec describes one command, for whoever gives orders without a window.
type Spec struct {
	Name   string  `json:"name"` // "cash.take_payment"
	Doc    string  `json:"doc"`
	Fields []Field `json:"fields"`

	signIn  bool // the person's own PIN is typed
	station bool // the program itself may do it
	input   reflect.Type
	decide  func(*ledger.State, staff.Acting, any) ([]ledger.Draft, error)
}

// New returns a pointer to an empty command, to be filled from JSON.
func (s *Spec) New() any { return reflect.New(s.input).Interface() }

// Field is one field of a command.
type Field struct {
	Name     string  `json:"name"`
	Type     string  `json:"type"` // "text", "amount", "number", "list of …"
	Doc      string  `json:"doc"`
	Optional bool    `json:"optional,omitempty"`
	Fields   []Field `json:"fields,omitempty"` // of a list's items
}

// Commands lists every command of every duty.
func (d *Desk) Commands() []*Spec { return d.specs }

// register is the one place where commands get their names.
func (d *Desk) register() {
	d.commands = make(map[reflect.Type]*Spec)
	add(d, "staff.sign_in", "Signs a person in at this station, with their PIN. Whoever was signed in is signed out.", d.Staff.SignIn).signIn = true
	add(d, "staff.sign_out", "Signs the person out.", d.Staff.SignOut)
	add(d, "cash.open_drawer", "Opens a drawer session with a counted float.", d.Cash.OpenDrawer)
	add(d, "cash.take_payment", "Takes a payment for one or several accounts.", d.Cash.TakePayment)
	add(d, "cash.void_payment", "Voids a payment inside its session. A second person approves.", d.Cash.VoidPayment)
	add(d, "cash.reverse_payment", "Reverses a payment of a closed session by a new document. A second person approves.", d.Cash.ReversePayment)
	add(d, "cash.refund", "Gives back money that is owed to a customer. A second person approves.", d.Cash.Refund)
	add(d, "cash.adjust", "Changes what an account owes. A second person approves.", d.Cash.Adjust)
	add(d, "cash.return_check", "Takes back what a check paid, after the bank returned it.", d.Cash.ReturnCheck)
	add(d, "cash.note_suspect", "Records a note that may be counterfeit. It is kept and gives no credit.", d.Cash.NoteSuspect)
	add(d, "cash.no_sale", "Opens the drawer without a payment.", d.Cash.NoSale)
	add(d, "cash.x_report", "Prints the totals of the open session.", d.Cash.XReport)
	add(d, "cash.skim", "Seals money of the open drawer in a bag for the safe. A second person signs.", d.Cash.Skim)
	add(d, "cash.pay_in_or_out", "Puts money into a drawer or the safe, or takes it out, that is no customer's payment.", d.Cash.PayInOrOut)
	add(d, "cash.change_order", "Changes pieces with the safe or another drawer. A second person signs.", d.Cash.ChangeOrder)
	add(d, "cash.begin_count", "Opens a drawer that is to be counted.", d.Cash.BeginCount)
	add(d, "cash.count_drawer", "Commits a blind count of a drawer: for the close, once more as a recount, or as a surprise.", d.Cash.CountDrawer)
	add(d, "cash.close_drawer", "Closes a session whose drawer was counted, and prints its Z.", d.Cash.CloseDrawer)
	add(d, "cash.list_rota", "Prints which surprise counts are kept, due and missed.", d.Cash.ListRota)
	add(d, "safe.count", "Counts the safe. Two people do.", d.Safe.CountSafe)
	add(d, "safe.make_deposit", "Takes whole sessions and bags to the bank. Two people sign.", d.Safe.MakeDeposit)
	add(d, "safe.record_statement", "Records the lines of a bank's statement, and finds the deposits among them.", d.Safe.RecordStatement)
	add(d, "safe.match_by_hand", "Says that a line of a statement is a deposit, though they differ. A second person approves.", d.Safe.MatchByHand)
	add(d, "visit.take_ticket", "Gives a visitor a number for a service, without a name.", d.Visit.TakeTicket)
	add(d, "visit.sign_in", "Signs a visitor in and gives a badge.", d.Visit.SignIn)
	add(d, "visit.sign_out", "Signs a visitor out by the number on the badge.", d.Visit.SignOut)
	add(d, "visit.presume_left", "Notes that a visitor has probably left. It is not a sign-out.", d.Visit.PresumeLeft)
	add(d, "visit.print_list", "Prints the list of visitors in the building.", d.Visit.PrintList)
	add(d, "cash.note_unasked", "Records that a drawer was opened and nothing had asked for it.", d.Cash.NoteUnasked).station = true
	add(d, "cash.keep_rota", "Draws when drawers are counted by surprise, and says what is due.", d.Cash.KeepRota).station = true
}

// Register adds a command of a follower that imports the desk, such as a reprint
// of paper. It must be called before the first order.
func Register[C any](d *Desk, name, doc string, decide func(*ledger.State, staff.Acting, C) ([]ledger.Draft, error)) {
	add(d, name, doc, decide)
}

func add[C any](d *Desk, name, doc string, decide func(*ledger.State, staff.Acting, C) ([]ledger.Draft, error)) *Spec {
	input := reflect.TypeFor[C]()
	s := &Spec{Name: name, Doc: doc, Fields: fieldsOf(input), input: input,
		decide: func(st *ledger.State, by staff.Acting, c any) ([]ledger.Draft, error) { return decide(st, by, c.(C)) }}
	d.commands[input] = s
	d.specs = append(d.specs, s)
	return s
}

func fieldsOf(t reflect.Type) []Field {
	out := make([]Field, 0, t.NumField())
	for i := range t.NumField() {
		f := t.Field(i)
		item := Field{Name: fieldName(f), Doc: f.Tag.Get("doc"), Type: typeName(f.Type),
			Optional: strings.Contains(f.Tag.Get("json"), ",omitempty")}
		if f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct {
			item.Fields = fieldsOf(f.Type.Elem())
		}
		out = append(out, item)
	}
	return out
}

func fieldName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" {
		return f.Name
	}
	return name
}

func typeName(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[ledger.Cents]():
		return "amount"
	case t.Kind() == reflect.String:
		return "text"
	case t.Kind() == reflect.Slice:
		return "list of " + typeName(t.Elem())
	case t.Kind() == reflect.Struct:
		return "item"
	case t.Kind() == reflect.Bool:
		return "true or false"
	}
	return "number"
}
