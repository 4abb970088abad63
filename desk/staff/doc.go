// Package staff is who works here: signing in with a PIN, what each role may do,
// and the second person whose PIN approves what nobody may approve alone.
//
// The roster comes from central and is in the reference data; it has the hashes
// of the PINs, so that signing in works without a network. Wrong PINs are
// entries: five in a row lock a person out of this station for a time that
// doubles with each further one, and a restart does not forget it. A right PIN,
// to sign in or to approve, begins the count anew.
//
// # Words
//
//   - Person: somebody on the roster, with a role.
//   - Role: CSS I, CSS II, supervisor, auditor, trainee, after the utility's job
//     specification; and the kiosk, which acts for visitors.
//   - Right: one thing a role may do, like taking payments or approving a void.
//   - Approval: a second person's PIN at the same station. Nobody approves their
//     own act.
//
// # Rights by role
//
// The utility's policy says what each role may do. After its job specification
// CSS I takes money under supervision, CSS II leads, reviews and approves:
//
//		                 take money   approve   see the day   receive   count others'   safe    bank    adjust
//		CSS I               yes                                 yes
//		CSS II              yes         yes         yes         yes          yes
//		supervisor          yes         yes         yes         yes          yes         yes     yes     yes
//		auditor            never       never        yes                      yes        never   never   never
//		trainee           training     never                    yes         never       never   never   never
//		kiosk              never       never       never        yes         never       never   never   never
//
//	  - Take money: open a drawer, take payments, X, close; and void or reverse a
//	    payment, which somebody else must approve.
//	  - Approve: be the second person, with one's own PIN at the same station. It is
//	    no right to approve what one does oneself.
//	  - See the day: read what others did.
//	  - Receive: sign visitors in and out, give numbers.
//	  - Count others': count a drawer that somebody else works, by surprise or to
//	    close it for them. An auditor may count by surprise: a count moves nothing.
//	    To count it for its close, and to close it, takes the right to approve too.
//	  - Safe: count the safe and move its change fund.
//	  - Bank: make deposits, match the bank's statement, post returned checks.
//	  - Adjust: change what an account owes, within the limit of the role.
//
// Table makes this table of the policy in force, for a supervisor to read; and a
// station that starts with a policy or a roster that says otherwise than before, or is
// given such a roster while it works, puts every change on record first, with what was
// and what is (NoteRights). Nobody acts by a roster that is not on record.
//
// What stands as "never" no policy can give. A trainee works in a training ledger
// only. Nobody works on accounts of their own household, or approves such work.
package staff
