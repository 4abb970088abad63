// Package station carries a station's ledger to central.
//
// A Follower asks central how far it has the log, compares the hash of that
// entry with its own, and sends from there, one batch at a time. Whatever goes
// wrong on the way, it asks again: what counts is central's durable head, never
// what was sent. So a reply that got lost, a batch that came twice, and a
// central that was restored from an older copy are all the same case.
//
// # Words
//
//   - Waiting: entries in the ledger that central has not said it has.
//   - Online: central answered the last time it was asked.
//   - Fork: central has other entries under this log's numbers, or more of
//     them. This ledger was cloned, or an older copy of it was put back. Nothing
//     is sent any more, nothing is thrown away, and a person is told.
//   - Trouble: why entries are waiting, as a code and a sentence for the person
//     at the desk.
package station
