// Package staff is who works here: signing in with a PIN, what each role may do,
// and the second person whose PIN approves what nobody may approve alone.
//
// The roster comes from central and is in the reference data; it has the hashes
// of the PINs, so that signing in works without a network. Wrong PINs are
// entries: five in a row lock a person out of this station for a time that
// doubles with each further one, and a restart does not forget it.
//
// # Words
//
//   - Person: somebody on the roster, with a role.
//   - Role: CSS I, CSS II, supervisor, auditor, trainee, after the utility's job
//     specification; and the kiosk, which acts for visitors.
//   - Right: one thing a role may do, like taking payments or approving a void.
//   - Approval: a second person's PIN at the same station. Nobody approves their
//     own act.
package staff
