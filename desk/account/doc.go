// Package account is the customer's account as the desk sees it: who the
// customer is, what is owed and since when, what flags stand on it, how old that
// knowledge is, and what was paid at this station since.
//
// # Words
//
//   - Customer: a row of the reference data.
//   - Standing: a customer's balance as of the reference data, less what this
//     station took since.
//   - Bucket: what a part of the balance is: past due, penalties, current.
//   - Bill line: the digits on a bill's stub that a scanner reads; how they are
//     laid out is configuration, and a wrong check digit is refused.
package account
