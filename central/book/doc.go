// Package book is central's own log: what people did at central, one entry each,
// numbered, chained and signed like a station's, in the same store as theirs. So
// whoever audits the desk audits central with the same tools.
//
// What central knows besides the stations' entries is folded from this log: who
// may sign in, which enrolment codes are out, which stations were revoked, which
// reference data is in force, which payments went back to the billing system.
// Any number of central processes share one log: an act is stored only if nobody
// else acted since its rule was checked, otherwise it is checked again.
//
// # Words
//
//   - Operator: a person at central, with a role and a password.
//   - Role: administrator, finance, supervisor, auditor. Rights says what each
//     may do; the auditor reads everything and does nothing.
//   - Act: what an operator did, or central itself, as entries.
//   - Facts: what the acts come to.
//   - Code: admits one new station, once, within a day.
//   - Standing: whether a station's entries are taken as ordinary ones, or kept
//     apart because a person revoked its key.
package book
