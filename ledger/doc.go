// Package ledger is the record of one station: what happened, in order, for good.
//
// An entry says one thing that happened ("a payment was taken"). Entries are
// numbered from 1 without gaps, each carries the hash of the one before it, and
// the head of the chain is signed with the station's key in the same
// transaction that stores the entry. Nothing is ever edited or deleted; a
// mistake is reversed by another entry that names it.
//
// # Words
//
//   - Entry: one numbered record. Its bytes are stored, hashed and sent verbatim.
//   - Draft: an entry before the ledger has numbered it. Rules make drafts.
//   - Posting: one line of double entry, in cents: debit above zero, credit below.
//     The lines of an entry sum to zero.
//   - Sub-account: whose money a posting is about, a customer's account or a
//     drawer session. Totals are kept per account and sub-account.
//   - View: what is derived from the entries, folded one by one in the same
//     transaction, and always equal to a fold from nothing.
//   - Consequence: drafts that another duty adds when it sees an entry, in the
//     same transaction.
//   - Head: the last number, its hash, and the grand totals since the log began.
//   - Note: what a follower keeps for itself, such as how far central has the
//     log. Not part of the record.
//   - Mirror: a plain copy of the log on another medium, the witness that the
//     end of the log was not lost.
//   - Refusal: the answer of a rule that says no, with a code, a sentence, and
//     the field it is about.
//
// # One writer
//
// A Book is open for writing in one process at a time. All commands and notes go
// through one goroutine, which stores whatever waits in one transaction.
// A command carries an id made when the person opened the action: the same id
// and content give the same entries back, the same id with other content is
// refused. When a commit fails nobody knows yet whether it is on disk: the Book
// reopens the file, looks the id up, and flushes what it finds once more before
// it answers. A fault of the program in one command hurts no other.
//
// The package imports nothing of ours, and nothing here knows a customer, a
// printer or a screen.
package ledger
