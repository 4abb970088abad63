package main

import (
	"gatehouse/desk"
	"gatehouse/ledger"
	"gatehouse/paper"
	"gatehouse/paper/spool"
)

// layouts are the papers of all duties. A station has the same: the view of what
// waits to be printed depends on them.
func layouts() (*paper.Layouts, error) {
	return paper.NewLayouts(append(paper.CashLayouts(), paper.VisitLayouts()...)...)
}

// views are all the views a station keeps in its ledger.
func views() ([]ledger.View, error) {
	l, err := layouts()
	if err != nil {
		return nil, err
	}
	return append(desk.Views(), spool.View(l.Kinds())), nil
}
