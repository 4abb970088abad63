// Package cash is the drawer day: opening a drawer with a counted float, taking
// payments, voiding and reversing them, opening the drawer without a sale, the X
// report, and the blind close with its Z.
//
// # Words
//
//   - Drawer: the box with the money; one named person works it at a time.
//   - Session: one person's time with one drawer, from the counted float to the
//     blind close. Payments belong to a session, never to a date.
//   - Float: the money a drawer begins with, to give change from.
//   - Tender: a means of payment handed over: cash, check, card, money order.
//   - Allocation: which part of a payment pays what: past due, penalties,
//     current; what is left over stays as credit on the account.
//   - Void: taking a payment back inside its session, by a second person.
//   - Reversal: taking a payment back after its session, by a new document.
//   - X report: the drawer's totals so far. Z: its totals at the close; Z numbers
//     and grand totals are never reset.
//   - Over/short: counted less expected. Any count is accepted, and kept.
//
// # The books
//
// What a drawer holds is its balance, one account for each tender, with the
// session as sub-account. So expected cash is a balance, and nothing is added
// up twice:
//
//	assets:drawer:cash / session        what should be in the drawer
//	assets:drawer:check / session …     checks, cards, money orders taken
//	assets:receivable:… / account no    what customers owe, by bucket
//	liabilities:unapplied / account no  money that no bucket needed
//	assets:safe:float                   floats not in a drawer
//	assets:undeposited:…                closed sessions' money, on its way to the bank
//	expenses:over-short / session       counted less expected
package cash
