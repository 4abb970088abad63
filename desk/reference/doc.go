// Package reference keeps what central sent to a station: customers, staff, the
// policy in force. It can be deleted at any time and sent again; nothing of the
// record is in it.
//
// A set of reference data is built as a whole, with its version, the time it
// was true, and how much of this station's own log was already counted in its
// balances; then it takes the place of the set before it in one rename.
package reference
