// Package safe is the safe, and the way of the money from there to the bank: what
// waits for its deposit, the deposit in its bag, and the bank's statement that says
// it arrived.
//
// # Words
//
//   - Safe: a place with a balance: the change fund, the bags of skims, and the
//     money of closed sessions.
//   - Waiting: a closed session's money, or a bag, that no deposit has taken yet.
//   - Deposit: whole sessions and whole bags, never a part of one: what came in is
//     what goes out. Two people sign it, and it has the number of its bag.
//   - In transit: deposited, and not yet on the bank's statement.
//   - Bank: who takes a means of payment: the bank for cash and checks, the
//     processor for cards, the agency for its pledges.
//
// # The books
//
//	assets:undeposited:… / session   waits
//	assets:safe:bags:…   / bag       waits in a sealed bag
//	assets:in-transit:…  / deposit   on its way, by bank
//	assets:bank:…                    on the bank's statement
//	expenses:over-short  / deposit   a deposit's cash as counted less the books
//	expenses:bank-differences / …    what the bank counted otherwise
//
// # Age
//
// Money is to be deposited within a day of its receipt (GFOA, Revenue Control), and
// never later than five working days (California SAM 8032.1). The policy sets both,
// and Overdue says what is older.
package safe
