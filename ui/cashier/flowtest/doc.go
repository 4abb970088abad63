// Package flowtest is a small utility to test the cashier's place against: a real
// desk over a ledger in a temporary folder, a roster, five customers with an
// index, and a clerk who carries out the flow's effects one after the other under
// a clock that stands still until told.
package flowtest
