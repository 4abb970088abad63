// Package store keeps what stations sent to central: each log, its entries byte
// for byte, each once, in order, and whatever did not fit as evidence.
//
// A Store judges nothing but the chain. What an entry says, of which kind it
// is, whether its account exists or its clock was right, is somebody else's to
// judge, later.
//
// # Words
//
//   - Log: one station's ledger as central knows it: who, with which key, how
//     far.
//   - Stored: an entry with the time central received it.
//   - Fresh: the entries of a batch that central does not have yet.
//   - Conflict: a batch that does not continue the log. A gap is the ordinary
//     case, the station sends from the head. A fork or a broken chain is kept
//     as evidence, and a person decides.
//   - Evidence: a batch the station signed and central could not place,
//     verbatim.
//
// Bolt is the embedded store: no set-up, one file. Postgres keeps the same in a
// database, with the postings as rows, for many central processes at once. Every
// store runs the suite in central/storetest.
package store
