// Package reference makes what central gives to stations: customers from the billing
// system's file, staff from the personnel office's.
//
// A file is CSV, read line by line by a mapping that says which column is which field
// and how amounts and dates are written. What cannot be read is refused line by line,
// with the reason, and the rest is still of use. The outcome is a draft: nothing is in
// force by it. A person looks at the report and publishes, which is an act in central's
// own log; from then on stations fetch it.
//
// # Words
//
//   - Feed: customers, or staff.
//   - Mapping: a TOML file that says what the columns of a CSV file are.
//   - Report: what was read and what was refused, with line, column and reason.
//   - Draft: a version of a feed that is not in force.
//   - Billed: the last payment file that the billing system had posted when it wrote
//     the balances. What stations took after it is still to be counted by them.
package reference
