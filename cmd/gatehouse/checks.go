package main

import (
	"context"
	"errors"
	"strings"

	"gatehouse/drivers/micr"
	"gatehouse/drivers/printer"
	"gatehouse/ui/cashier/flow"
)

// checkReader is the check reader of the receipt printer, as the cashier's place wants
// one.
type checkReader struct{ printer *printer.Session }

// ReadCheck has the check put in and gives it back: its back is printed on after the
// receipt.
func (c checkReader) ReadCheck(ctx context.Context) (flow.CheckLine, error) {
	check, err := c.printer.ReadCheck(ctx, false)
	return lineOf(check), err
}

// readsChecks says whether there is such a reader: a model that can have one, and
// somebody's word that this one has.
func (r *running) readsChecks() bool {
	return r.printer != nil && r.o.checks && r.printer.CanReadCheck()
}

// lineOf is what the window may know of a check. The account ends here.
func lineOf(c micr.Check) flow.CheckLine {
	return flow.CheckLine{Number: c.Serial, Routing: c.Routing, AccountEnds: strings.TrimLeft(micr.LastFour(c.Account), "·")}
}

// leastDigits is how many digits a text must have to be a check's line: a routing number
// alone has nine.
const leastDigits = 9

// checkLine takes apart what a check reader on the keyboard, or on a scanner's line,
// sends. It is a check's line if it has a routing number between its two signs, read or
// not; a name or an address has not.
func checkLine(text string) (flow.CheckLine, bool) {
	line, err := micr.Normalise(strings.TrimSpace(text))
	if err != nil || strings.Count(line, "t") < 2 || countDigits(line) < leastDigits {
		return flow.CheckLine{}, false
	}
	check, err := micr.Parse(line)
	if errors.Is(err, micr.ErrLong) {
		return flow.CheckLine{}, false
	}
	return lineOf(check), true
}

func countDigits(text string) (n int) {
	for _, r := range text {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}
