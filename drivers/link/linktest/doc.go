// Package linktest says what every kind of line must do, and tests it.
//
// A Device is something plugged in: its near end is opened through a link.Dialer
// as the programs do, its far end is in the hands of the test, which can pull it
// out. Run holds a kind of line to every rule; a new kind needs no tests of its
// own for what all lines promise. A rule is a function that returns what was
// broken, so that the rules themselves are tested on lines that break them.
package linktest
