// Package exception finds, in what stations sent, what somebody at central has to look
// at. Nothing here refuses an entry: it was stored first, for the money in a drawer is
// a fact. A person works an exception off and says what was done; both stay listed.
//
// # What is found
//
//   - Unknown account, closed account: a payment on an account that the reference data
//     does not have, or has as closed.
//   - Paid twice: the same amount on the same account at two stations within a window,
//     and neither was taken back. Two desks at one bill.
//   - Clock: a station's clock was moved, or ran ahead of central's.
//   - Over midnight: a drawer session that did not close on the day it opened.
//   - Evidence: a batch that did not fit, see central/store.
//   - After revocation: a batch that came after a person revoked the station's key.
//   - Unknown kind: an entry that this program does not read; central is older than the
//     station.
//
// What is found is made from the entries, so it is the same at every central process.
// Each has an id made of the entries it is about, by which a person's word is kept.
package exception
