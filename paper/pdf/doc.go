// Package pdf draws the documents that go to the receipt printer as PDF, for
// sending by mail and for filing: the same lines, broken at the same places, the
// same codes. A receipt becomes one page as wide as the roll and as long as it
// needs; a report becomes pages of Letter or A4.
//
// The same document gives the same bytes: the dates inside are those of the
// entry, not of the clock.
package pdf
