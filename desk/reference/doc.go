// Package reference keeps the data a station works with and did not write:
// customers and staff. A fresh set can take their place at any time; nothing of
// the record is in it.
//
// A set of reference data is built as a whole, with its version, the time it
// was true, and how much of this station's own log was already counted in its
// balances; then it takes the place of the set before it in one rename.
package reference
