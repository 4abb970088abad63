package spool

import "gatehouse/ledger"

// ReprintOf tells whether an entry asks for a paper again, and of which entry: what
// reports and the fraud watch want to know of printing.
func ReprintOf(e *ledger.Entry) (of uint64, is bool, err error) {
	if e.Kind != KindReprint {
		return 0, false, nil
	}
	body, err := ledger.Unpack[Reprint](e)
	return body.Of, true, err
}
