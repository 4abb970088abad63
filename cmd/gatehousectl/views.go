package main

import (
	"gatehouse/ledger"
	"gatehouse/paper"
	"gatehouse/paper/spool"
)

// views are all the views a station keeps in its ledger.
func views() ([]ledger.View, error) {
	l, err := paper.Standard()
	if err != nil {
		return nil, err
	}
	return spool.Views(l), nil
}
