// Package report answers what a lead, an auditor or the finance office asks of the
// ledger afterwards: what a day, a month, a year came to, who was over or short, who
// took back what and who approved it, what is in the drawers, in the safe and on its
// way to the bank.
//
// It writes nothing. Each report is read from the entries themselves and is a plain
// Table: columns, rows, totals, and with each row the numbers of the entries behind
// it, so that whoever doubts a figure can look. Paper, PDF, CSV and the window show
// tables; none of them adds anything up.
//
// # Words
//
//   - Roll-up: what all the Z reports of a day, a month or a fiscal year come to. It
//     is made of the Zs, and checked against the entries the Zs are about; where the
//     two disagree it says so.
//   - Period: business dates, first and last included. An entry belongs to its
//     business date, whatever the clock said.
//   - Picture: the figures of a table as bars. It holds no figure that is not in the
//     table.
//   - Proof list: every receipt in order, those that were voided too.
package report
