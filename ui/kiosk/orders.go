package kiosk

import (
	"context"
	"errors"
	"log/slog"

	"gatehouse/desk"
	"gatehouse/desk/staff"
	"gatehouse/desk/visit"
	"gatehouse/ledger"
)

// Event is something that happened: a touch, the time, an answer of the desk.
type Event any

// What people do.
type (
	// Open goes through a door: Services, Name, Leaving; or to StaffWho.
	Open struct{ Page Page }
	// Chose is one of the page's choices.
	Chose struct{ ID string }
	// Turn turns the page of choices, by -1 or 1.
	Turn struct{ By int }
	// Typed is what the page's field holds now.
	Typed struct{ Text string }
	// Next leaves the page forward; on the last page, it is done.
	Next struct{}
	// Back goes to the page before.
	Back struct{}
	// StartOver wipes.
	StartOver struct{}
	// Close closes the program, from the staff corner.
	Close struct{}
	// AskHelp shows where somebody helps; Back returns.
	AskHelp struct{}
	// Speak changes the language.
	Speak struct{ Language visit.Language }
	// Reach moves everything low, or back.
	Reach struct{}
	// Stay is a touch that only says somebody is there.
	Stay struct{}
	// Scanned is a code that was read: of a badge, to sign out with it. Any other
	// code does nothing, and nothing of it is kept.
	Scanned struct{ Text string }
	// Print prints the list of who is in the building.
	Print struct{}
)

// Tick is the time going on, at least once a second.
type Tick struct{}

// Effect is something to be done away from the window's thread.
type Effect interface{ effect() }

// Carry gives the desk an order; Answered comes back.
type Carry struct{ Order desk.Order }

// LookHere reads who is in the building; Listed comes back.
type LookHere struct{}

// Quit ends the program, once the sign-out of who closed it is written.
type Quit struct{}

func (Carry) effect()    {}
func (Quit) effect()     {}
func (LookHere) effect() {}

// Answered is the desk's answer to an order.
type Answered struct {
	Order   desk.Order
	Entries []ledger.Entry
	Err     error
}

// Listed is who is in the building.
type Listed struct {
	Here []visit.Present
	Err  error
}

// order sends an order of this visit and waits for its answer.
func (f *Flow) order(o desk.Order) []Effect {
	o.ID = f.form.id
	f.m.Busy, f.m.Problem, f.waiting = true, nil, o.ID
	return []Effect{Carry{o}}
}

// answered takes the desk's answer.
func (f *Flow) answered(a Answered) []Effect {
	if a.Order.ID != f.waiting {
		switch a.Order.Do.(type) {
		case staff.SignIn:
			if a.Err == nil {
				return f.release(a.Order.By) // they went away meanwhile
			}
		case staff.SignOut:
			if f.closing {
				return []Effect{Quit{}} // whatever the desk answered
			}
		}
		return nil
	}
	f.m.Busy, f.waiting = false, ledger.CommandID{}
	if a.Err != nil {
		f.fail(a.Err)
		return nil
	}
	effects, err := f.accepted(a)
	if err != nil {
		f.fail(err)
	}
	return effects
}

// accepted shows what came of an order.
func (f *Flow) accepted(a Answered) ([]Effect, error) {
	if len(a.Entries) == 0 {
		return nil, errors.New("the desk carried out an order and wrote nothing")
	}
	first := &a.Entries[0]
	switch a.Order.Do.(type) {
	case visit.TakeTicket:
		body, err := ledger.Unpack[visit.Ticket](first)
		if err != nil {
			return nil, err
		}
		f.result(Number, Model{Number: body.Number})
	case visit.SignIn:
		body, err := ledger.Unpack[visit.SignedIn](first)
		if err != nil {
			return nil, err
		}
		f.result(Badge, Model{Number: body.Number, Whom: body.Whom, Escorted: body.Badge == visit.Escorted})
	case visit.SignOut:
		body, err := ledger.Unpack[visit.SignedOut](first)
		if err != nil {
			return nil, err
		}
		f.result(Left, Model{Number: body.Number})
	case staff.SignIn:
		f.staff, f.form = a.Order.By, form{}
		f.show(List)
		return []Effect{LookHere{}}, nil
	case visit.PrintList:
		f.m.Printed = true
	}
	return nil, nil
}

// result shows what a visitor came for, and forgets what they typed.
func (f *Flow) result(p Page, m Model) {
	m.Language, m.Low = f.m.Language, f.m.Low
	f.m, f.form = m, form{}
	f.show(p)
}

// fail shows why something could not be done. What was typed stays.
func (f *Flow) fail(err error) {
	f.m.Problem = &Problem{Code: Fault}
	if r, ok := ledger.AsRefusal(err); ok {
		f.m.Problem = &Problem{Code: r.Code, Field: r.Field, Args: r.Args, Own: r.Error()}
	}
	if f.m.Page == StaffPIN {
		f.form.pin, f.m.Typed = "", ""
	}
}

func (f *Flow) listed(l Listed) {
	if f.m.Page != List || f.staff == "" {
		return // the list is for who asked for it, and they have gone
	}
	if l.Err != nil {
		f.fail(l.Err)
		return
	}
	f.m.Here = l.Here
}

// Desk is what the kiosk needs of the desk.
type Desk interface {
	Do(ctx context.Context, o desk.Order) ([]ledger.Entry, error)
	Read(read func(*ledger.State) error) error
	NewID() (ledger.CommandID, error)
}

// Visits finds who is in the building.
type Visits interface {
	Here(*ledger.State) ([]visit.Present, error)
}

// run carries out an effect. It waits for the disk and must not run on the
// window's thread.
func run(d Desk, v Visits, log *slog.Logger, e Effect) Event {
	switch e := e.(type) {
	case Carry:
		entries, err := d.Do(context.Background(), e.Order)
		note(log, err, "carry out an order of the kiosk")
		return Answered{Order: e.Order, Entries: entries, Err: err}
	default:
		var here []visit.Present
		err := d.Read(func(s *ledger.State) error {
			var err error
			here, err = v.Here(s)
			return err
		})
		note(log, err, "read who is in the building")
		return Listed{Here: here, Err: err}
	}
}

// note logs what went wrong; a refusal is an answer, not a fault.
func note(log *slog.Logger, err error, doing string) {
	if _, refusal := ledger.AsRefusal(err); err != nil && !refusal {
		log.Error(doing, "cause", err)
	}
}
