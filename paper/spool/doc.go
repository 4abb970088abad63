// Package spool prints what the ledger says is to be printed: once, or it asks.
//
// # Words
//
//   - Job: a paper to be printed: the entry it is of, and which copy. An entry of
//     a kind that prints is itself the order to print the original.
//   - Queued: waiting for the printer, or for the jobs before it.
//   - Offered: not printed by itself, because nobody printed here when it was
//     made, or it has waited too long. A person may still want it.
//   - Sending: bytes may be on their way. This is written before the first byte,
//     so that a crash at any point is judged right afterwards.
//   - Proof: what is known of a paper that came out: confirmed by the printer,
//     read by it, or only sent to one that never answers.
//   - Doubtful: bytes were sent and nobody knows whether the paper came out. A
//     person is asked one question, and no other paper comes until they answer.
//   - Void: a person decided that no more of a paper is to come out. The decision
//     is written first; then the printer is told to forget what it holds of it.
//   - Copy: any paper after one that was, or may have been, printed. It says
//     DUPLICATE.
//   - On duty: from the start of a spooler to its end; what is made in between
//     is printed by itself.
//
// # What a crash leaves
//
// A job queued: printed at the next start. A job sending: doubtful at the next
// start; of a job that was being voided nobody is asked, it is void. There is no
// other.
package spool
