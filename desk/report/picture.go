package report

import (
	"slices"

	"gatehouse/ledger"
)

// Shape is how a picture shows its bars.
type Shape uint8

// The shapes.
const (
	// Lying bars stand one below the other, each with its name before it and its
	// figure after it.
	Lying Shape = iota
	// Standing bars stand side by side on a line, in the order of time: above it
	// what is over, below it what is short.
	Standing
)

// Picture is figures of a table as bars. All panels have one scale, so that a long
// bar is more money than a short one wherever it stands.
type Picture struct {
	Title  string
	Shape  Shape
	Panels []Panel
}

// Panel is a row of bars that belong together: one cashier's.
type Panel struct {
	Name string // empty where there is only one
	Sum  ledger.Cents
	Bars []Bar
}

// Bar is one figure.
type Bar struct {
	Name  string
	Value ledger.Cents
}

// Reach is the least and the greatest figure of all bars, and nothing at all is in
// between.
func (p *Picture) Reach() (least, most ledger.Cents) {
	for _, panel := range p.Panels {
		for _, b := range panel.Bars {
			least, most = min(least, b.Value), max(most, b.Value)
		}
	}
	return least, most
}

// Dates are the names of all bars, in order, each once: where bars stand, those of one
// date stand at the same place in every panel.
func (p *Picture) Dates() (all []string) {
	for _, panel := range p.Panels {
		for _, b := range panel.Bars {
			all = append(all, b.Name)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Empty says that there is nothing to look at.
func (p *Picture) Empty() bool {
	if p == nil {
		return true
	}
	least, most := p.Reach()
	return least == 0 && most == 0
}

// Legend says how to read the bars.
func (p *Picture) Legend() string {
	if least, _ := p.Reach(); least < 0 {
		return "In dollars. Filled: over. Outlined, below the line: short."
	}
	return "In dollars."
}
