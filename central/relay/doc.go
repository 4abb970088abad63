// Package relay makes a central of an office: the stations of a building are
// enrolled at it, see each other through it while the line to the real central
// is cut, and it carries what they wrote on when the line is back.
//
// A relay cannot sign for a station. So it keeps each station's signed batch
// verbatim, in a file of its own, until the real central has it on disk; and the
// head that it promises to a station is never further than what it can deliver
// or what central has. If central is restored from an older copy, or the file is
// lost, that head steps back, and the station sends again. Whatever way a batch
// takes, central's own head decides: nothing is lost, nothing is there twice.
//
// # Words
//
//   - Upstream: the real central.
//   - Outbox: the file with the batches that upstream has not said it has.
//   - Covered: how far a log is upstream or in the outbox, without a gap.
//
// Reference data comes the other way: the relay asks for what its stations ask for,
// keeps each piece, and has it for them without the line. It is central's signature that
// stations trust, so a relay can give nothing else.
//
// An enrolment is passed on, for its code is the real central's: it needs the
// line, work afterwards does not.
package relay
