// Package billing writes what was paid into a file for the billing system, and what was
// posted into a file for the general ledger.
//
// A payment file has each payment exactly once. Central's own log says, for every
// file, which entries of which log are in it; the next file begins after them, and two
// people who write one at the same moment get one file (central/book). What was voided
// or reversed is a line of its own, in the file after it happened: a payment that was
// sent is never unsaid. The act keeps the layout, so that the file can be written
// again, byte for byte, as often as the other side loses it.
//
// # Words
//
//   - Layout: how the file looks, a TOML text: columns, widths, forms, a header and a
//     trailer. See layouts/ for two.
//   - Line: one account's part of one payment, or of its undoing.
//   - Control total: the sum of all amounts, signed.
//   - Range: the entries of one log that a file is made of.
package billing
