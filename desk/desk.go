package desk

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"time"

	"gatehouse/desk/account"
	"gatehouse/desk/card"
	"gatehouse/desk/cash"
	"gatehouse/desk/staff"
	"gatehouse/desk/visit"
	"gatehouse/ledger"
)

// Options is what a desk is made of.
type Options struct {
	Ledger    ledger.Options // Views, Consequences and Location are the desk's to set
	Extra     []ledger.View  // views of followers that keep their state in the ledger, such as paper
	Policy    Policy
	Roster    staff.Roster
	Customers account.Customers
	// Kiosk says that visitors act at this station themselves.
	Kiosk bool
	// Offline says whether central cannot be reached now. Nil: it can.
	Offline func() bool
}

// Desk is one station's desk.
type Desk struct {
	Book     *ledger.Book
	Policy   Policy
	Staff    *staff.Duty
	Accounts *account.Duty
	Cash     *cash.Duty
	Visit    *visit.Duty

	kiosk    bool
	offline  func() bool
	random   io.Reader
	commands map[reflect.Type]*Spec
	specs    []*Spec
}

// Views are the views of all duties, in their order.
func Views() []ledger.View {
	return slices.Concat(staff.Views(), cash.Views(), visit.Views())
}

// Open opens a station's ledger with all duties over it.
func Open(o Options) (*Desk, error) {
	location, err := o.Policy.Location()
	if err != nil {
		return nil, err
	}
	o.Ledger.Views = append(Views(), o.Extra...)
	o.Ledger.Location = location
	book, err := ledger.Open(o.Ledger)
	if err != nil {
		return nil, err
	}
	d := &Desk{Book: book, Policy: o.Policy, kiosk: o.Kiosk, offline: o.Offline, random: o.Ledger.Random}
	if d.offline == nil {
		d.offline = func() bool { return false }
	}
	if d.random == nil {
		d.random = rand.Reader
	}
	d.Staff = &staff.Duty{Roster: o.Roster, Policy: o.Policy.Staff}
	d.Accounts = &account.Duty{Customers: o.Customers, Layouts: o.Policy.Bills}
	d.Cash = &cash.Duty{Staff: d.Staff, Accounts: d.Accounts, Policy: o.Policy.Cash}
	d.Visit = &visit.Duty{Staff: d.Staff, Policy: o.Policy.Visit, Location: location}
	d.register()
	return d, nil
}

// Close closes the ledger.
func (d *Desk) Close() error { return d.Book.Close() }

// Order is one thing somebody asks the desk to do.
type Order struct {
	ID ledger.CommandID // made when the person opened the action; see NewID
	By staff.ID         // who asks
	// PIN is typed to sign in, and nowhere else.
	PIN string
	// Approver and ApproverPIN are a second person's, for what needs one.
	Approver    staff.ID
	ApproverPIN string
	// At is taken only by a training ledger.
	At time.Time
	// Do is the command, a struct of one of the duties: cash.TakePayment{…}.
	Do any
}

// NewID makes the id of an order.
func (d *Desk) NewID() (ledger.CommandID, error) { return ledger.NewCommandID(d.random) }

// Actors that are not on the roster.
const (
	KioskActor   staff.ID = "kiosk"   // a visitor, at a kiosk
	StationActor staff.ID = "station" // the program itself
)

// Do carries out an order. It returns the entries once they are on disk. PINs
// take tens of milliseconds to check: do not call it on the window's thread.
func (d *Desk) Do(ctx context.Context, o Order) ([]ledger.Entry, error) {
	spec := d.commands[reflect.TypeOf(o.Do)]
	if spec == nil {
		return nil, fmt.Errorf("the desk has no command %T", o.Do)
	}
	if field := cardNumberIn(reflect.ValueOf(o.Do), ""); field != "" {
		return nil, ledger.Refuse("card.refused", "That looks like a card number. Card numbers are never kept here: type the terminal's reference and the last four digits.").At(field)
	}
	by, err := d.acting(ctx, o, spec)
	if err != nil {
		return nil, err
	}
	return d.Book.Commit(ctx, ledger.Command{
		ID: o.ID, Actor: string(o.By), At: o.At,
		// The offline mark is not part of what was asked.
		Input: []any{spec.Name, o.Approver, o.Do},
		Decide: func(s *ledger.State) ([]ledger.Draft, error) {
			return spec.decide(s, by, o.Do)
		},
	})
}

// acting finds who acts and who approves, and checks the PINs they typed.
func (d *Desk) acting(ctx context.Context, o Order, spec *Spec) (staff.Acting, error) {
	by := staff.Acting{Offline: d.offline()}
	switch o.By {
	case StationActor:
		if !spec.station {
			return by, ledger.Refuse("staff.needs_a_person", "Somebody must do this; the station cannot.")
		}
		by.Who = staff.Person{ID: StationActor, Name: "Station"}
		return by, nil
	case KioskActor:
		if !d.kiosk {
			return by, ledger.Refuse("staff.no_kiosk", "This station is not a kiosk.")
		}
		by.Who = staff.Person{ID: KioskActor, Name: "Kiosk", Role: staff.Kiosk}
		return by, nil
	}
	var err error
	if spec.signIn {
		by.Who, err = d.checkPIN(ctx, o.By, o.By, o.PIN, o.At, "sign in")
	} else {
		by.Who, err = d.person(o.By)
	}
	if err != nil || o.Approver == "" {
		return by, err
	}
	approver, err := d.checkPIN(ctx, o.By, o.Approver, o.ApproverPIN, o.At, spec.Name)
	if refusal, ok := ledger.AsRefusal(err); ok {
		field := map[string]string{"who": "approver", "pin": "approver_pin"}[refusal.Field]
		return by, refusal.At(field)
	}
	by.Approver = &approver
	return by, err
}

func (d *Desk) person(id staff.ID) (staff.Person, error) {
	p, found, err := d.Staff.Roster.Person(id)
	if err == nil && (!found || p.Retired) {
		err = ledger.Refuse("staff.unknown", "There is nobody of that name on the roster.").At("who")
	}
	return p, err
}

// checkPIN checks a PIN, and records a wrong one.
func (d *Desk) checkPIN(ctx context.Context, actor, who staff.ID, pin string, at time.Time, purpose string) (staff.Person, error) {
	var p staff.Person
	var wrong bool
	var refused error
	err := d.Book.Read(func(s *ledger.State) error {
		p, wrong, refused = d.Staff.CheckPIN(s.AtTime(at), who, pin)
		return nil
	})
	if err != nil || !wrong {
		return p, errors.Join(err, refused)
	}
	id, err := d.NewID()
	if err != nil {
		return p, err
	}
	_, err = d.Book.Commit(ctx, ledger.Command{ID: id, Actor: string(actor), At: at, Input: purpose,
		Decide: func(*ledger.State) ([]ledger.Draft, error) {
			return []ledger.Draft{d.Staff.NoteWrongPIN(who, purpose)}, nil
		}})
	return p, errors.Join(err, refused)
}

// Read looks at the ledger as it stands.
func (d *Desk) Read(read func(*ledger.State) error) error { return d.Book.Read(read) }

// cardNumberIn walks every text of a command and returns the name of the first
// field that holds a card number, "" if none does.
func cardNumberIn(v reflect.Value, name string) string {
	switch v.Kind() {
	case reflect.String:
		if card.In(v.String()) {
			return name
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if found := cardNumberIn(v.Field(i), fieldName(v.Type().Field(i))); found != "" {
				return found
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if found := cardNumberIn(v.Index(i), name); found != "" {
				return found
			}
		}
	}
	return ""
}
