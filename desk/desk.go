package desk

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"time"

	"gatehouse/desk/account"
	"gatehouse/desk/card"
	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
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
	Safe     *safe.Duty
	Visit    *visit.Duty

	kiosk    bool
	offline  func() bool
	random   io.Reader
	commands map[reflect.Type]*Spec
	specs    []*Spec
	pins     sync.Mutex // held while a PIN is checked and recorded
}

// Folder is where a station keeps its ledger, and what belongs to it, below the
// folder of the data. The training ledger has a folder of its own.
func Folder(data string, station ledger.StationID, training bool) string {
	name := string(station)
	if training {
		name += "-training"
	}
	return filepath.Join(data, name)
}

// Views are the views of all duties, in their order.
func Views() []ledger.View {
	return slices.Concat(staff.Views(), cash.Views(), safe.Views(), visit.Views())
}

// Open opens a station's ledger with all duties over it.
func Open(o Options) (*Desk, error) {
	location, err := o.Policy.Location()
	if err != nil {
		return nil, err
	}
	o.Ledger.Views = append(Views(), o.Extra...)
	o.Ledger.Location = location
	d := &Desk{Policy: o.Policy, kiosk: o.Kiosk, offline: o.Offline, random: o.Ledger.Random}
	if d.offline == nil {
		d.offline = func() bool { return false }
	}
	if d.random == nil {
		d.random = rand.Reader
	}
	d.Staff = &staff.Duty{Roster: o.Roster, Policy: o.Policy.Staff}
	d.Accounts = &account.Duty{Customers: o.Customers, Layouts: o.Policy.Bills, Elsewhere: new(account.Elsewhere)}
	d.Cash = &cash.Duty{Staff: d.Staff, Accounts: d.Accounts, Policy: o.Policy.Cash, Location: location, Signer: o.Ledger.Signer, Deposited: safe.Deposited}
	d.Safe = &safe.Duty{Staff: d.Staff, Cash: d.Cash, Policy: o.Policy.Safe, Location: location}
	d.Visit = &visit.Duty{Staff: d.Staff, Policy: o.Policy.Visit, Location: location}
	o.Ledger.Consequences = d.Cash.Consequences()
	if d.Book, err = ledger.Open(o.Ledger); err != nil {
		return nil, err
	}
	d.register()
	return d, nil
}

// NoteRights puts on record who may do what, where the policy or the roster says
// otherwise than the last such entry. A program that opens a desk to work calls it
// before anything else.
func (d *Desk) NoteRights(ctx context.Context) error {
	return d.NoteRoster(ctx, d.Staff.Roster)
}

// NoteRoster is NoteRights for a roster that is about to be in force: a station whose
// staff change while it works has the change on record before anybody acts by it.
func (d *Desk) NoteRoster(ctx context.Context, roster staff.Roster) error {
	id, err := d.NewID()
	if err != nil {
		return err
	}
	_, err = d.Book.Commit(ctx, ledger.Command{ID: id, Actor: string(StationActor), Input: "note rights",
		Decide: func(s *ledger.State) ([]ledger.Draft, error) {
			return d.Staff.NoteRights(s, roster, d.Policy.Cash.RoleLimits())
		}})
	if _, same := ledger.AsRefusal(err); same {
		return nil
	}
	return err
}

// KeepRota lets the station draw and announce surprise counts, if there is one to
// draw or to announce. Whoever runs a station calls it every minute.
func (d *Desk) KeepRota(ctx context.Context) error {
	var work bool
	err := d.Read(func(s *ledger.State) error {
		drafts, err := d.Cash.RotaWork(s)
		work = len(drafts) > 0
		return err
	})
	if err != nil || !work {
		return err
	}
	id, err := d.NewID()
	if err == nil {
		_, err = d.Do(ctx, Order{ID: id, By: StationActor, Do: cash.KeepRota{}})
	}
	if _, refused := ledger.AsRefusal(err); refused {
		return nil // the drawer was closed meanwhile
	}
	return err
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
	// At is taken only by a training ledger; elsewhere it must be zero.
	At time.Time
	// Do is the command, a struct of one of the duties: cash.TakePayment{…}.
	Do any
}

// NewID makes the id of an order.
func (d *Desk) NewID() (ledger.CommandID, error) { return ledger.NewCommandID(d.random) }

// Actors that are not on the roster.
const (
	KioskActor   = staff.KioskActor
	StationActor = staff.StationActor
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
	// Before any PIN is looked at: the ledger would refuse to record a wrong one.
	if !o.At.IsZero() && !d.Book.Identity().Training {
		return nil, ledger.Refuse("ledger.time_is_the_clocks", "Only a training ledger takes a time. Here the clock of the station counts.").At("at")
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
	switch {
	case o.By == StationActor && !spec.station, o.By == KioskActor && spec.signIn:
		return by, ledger.Refuse("staff.needs_a_person", "Somebody must do this; the station cannot.")
	case o.By == StationActor:
		by.Who = staff.Person{ID: StationActor, Name: "Station"}
		return by, nil
	case o.By == KioskActor && !d.kiosk:
		return by, ledger.Refuse("staff.no_kiosk", "This station is not a kiosk.")
	case o.By == KioskActor:
		by.Who = staff.Person{ID: KioskActor, Name: "Kiosk", Role: staff.Kiosk}
		return by, nil
	}
	var err error
	if spec.signIn {
		by.Who, err = d.checkPIN(ctx, o, o.By, o.PIN, "sign in")
	} else {
		by.Who, err = d.Staff.Person(o.By)
	}
	if err != nil || o.Approver == "" {
		return by, err
	}
	approver, err := d.checkPIN(ctx, o, o.Approver, o.ApproverPIN, spec.Name)
	if refusal, ok := ledger.AsRefusal(err); ok {
		field := map[string]string{"who": "approver", "pin": "approver_pin"}[refusal.Field]
		return by, refusal.At(field)
	}
	by.Approver = &approver
	return by, err
}

// checkPIN checks a PIN typed for an order. A wrong one is on disk before it is
// refused: where it cannot be recorded, that is the answer, since nobody would
// count the guesses. So is an approver's right one after wrong ones; a person who
// signs in writes an entry that says as much.
func (d *Desk) checkPIN(ctx context.Context, o Order, who staff.ID, pin, purpose string) (staff.Person, error) {
	// One at a time, or guesses made at once would not count each other.
	d.pins.Lock()
	defer d.pins.Unlock()
	var checked staff.Checked
	var answer error
	err := d.Book.Read(func(s *ledger.State) error {
		checked, answer = d.Staff.CheckPIN(s.AtTime(o.At), who, pin)
		return nil
	})
	if err != nil {
		return checked.Person, err
	}
	var note ledger.Draft
	switch {
	case checked.Wrong:
		note = staff.NoteWrongPIN(who, purpose)
	case answer == nil && checked.Before > 0 && who == o.Approver:
		note = staff.NoteRightPIN(who, purpose)
	default:
		return checked.Person, answer
	}
	id, err := d.NewID()
	if err != nil {
		return checked.Person, err
	}
	_, err = d.Book.Commit(ctx, ledger.Command{ID: id, Actor: string(o.By), At: o.At, Input: purpose,
		Decide: func(*ledger.State) ([]ledger.Draft, error) { return []ledger.Draft{note}, nil }})
	if err != nil {
		return checked.Person, fmt.Errorf("record that a PIN was typed: %w", err)
	}
	return checked.Person, answer
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
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if found := cardNumberIn(v.Index(i), name); found != "" {
				return found
			}
		}
	case reflect.Map:
		for k, value := range v.Seq2() {
			if found := cmp.Or(cardNumberIn(k, name), cardNumberIn(value, name)); found != "" {
				return found
			}
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return cardNumberIn(v.Elem(), name)
		}
	}
	return ""
}
