// Package watch looks through the ledger for what frauds at counters like this one
// looked like afterwards. It accuses nobody: each finding names the entries that
// raised it, for somebody who has no cash duty to look at.
//
// # Patterns
//
// Every one was how a utility's counter was really robbed, or how its auditors
// found out (Washington State Auditor's reports on McCleary and Wapato; Warren,
// Ohio; Washington State Office of Financial Management 2.2.2).
//
//   - Swap: at a close cash is short and checks are over: checks that nobody
//     recorded stand for cash that is gone.
//   - Lapping: money of a later session was deposited while an earlier session's
//     still waits.
//   - Adjusted after cash: what an account owes was lowered soon after somebody
//     paid it in cash.
//   - Late void: cash was given back long after the customer had left.
//   - Reprint, then void: a paper for the customer, and then no payment.
//   - One approver: all of a person's approvals come from the same colleague.
//   - Drawer without cause: opened by nobody's order, or without a sale too often.
//   - No relief: one person had a drawer for longer than anybody should without
//     another one taking it over.
//   - Status flip after cash: who took cash for an account changed soon after how it
//     stands: what was late is so no longer, nothing is owed any more, or a returned
//     check left neither fee nor flag. These are the entries that change a standing
//     here; flags end by themselves, with their day.
//   - Composition unlike receipts: of the money of some sessions that is all at the
//     bank, cash is another share than of their receipts: checks went for cash, if
//     only a little in each session. What was paid out, refunded or voided is known,
//     and is no difference.
//   - Safe unlike the books: a count of the safe did not find a bag or the money of a
//     session that should be there, or found one that no entry put there. It is looked
//     for always, whatever the policy says.
package watch
