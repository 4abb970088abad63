package spool

import (
	"gatehouse/desk"
	"gatehouse/ledger"
	"gatehouse/paper"
)

// Views are all views of a station's ledger: those of the duties, and of paper.
func Views(l *paper.Layouts) []ledger.View { return append(desk.Views(), View(l.Kinds())) }

// OpenDesk opens a desk that knows of paper: with the view of jobs, and the
// orders people give about them.
func OpenDesk(o desk.Options, l *paper.Layouts) (*desk.Desk, error) {
	o.Extra = append(o.Extra, View(l.Kinds()))
	d, err := desk.Open(o)
	if err != nil {
		return nil, err
	}
	Register(d, Clerk{Staff: d.Staff, Layouts: l})
	return d, nil
}
