// Package receiptcode is the square code at the foot of a receipt: what matters
// of the payment in about 180 characters, signed by the station, so that anybody
// with the station's public key can say whether the paper is genuine, with
// nothing else at hand and years later.
//
// The text is "GH1:" and base 45 (RFC 9285), which a QR code packs into its
// alphanumeric mode. The code of an entry is always the same, so a copy of the
// receipt carries the same one; it proves the payment, not that the paper is the
// first.
//
// # Words
//
//   - Essentials: station, log, entry, receipt count, time, amount, the grand
//     total since the log began, and the first half of the entry's hash. Two
//     receipts of one station show by their counts and totals when something
//     between them is missing.
//   - Purpose: the words every signature begins with, so that none can serve for
//     something else.
//
// A Z report bears a code as well: of the close of a drawer, with the count of
// receipts and the total until then. Scanned years later, it shows whether the log
// still holds the entry that was closed with.
package receiptcode
