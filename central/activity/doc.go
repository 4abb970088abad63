// Package activity tells stations what other stations did to customers' accounts that
// the balances in force may not count yet, so that a cashier sees what was paid at the
// next window.
//
// A Board reads the entries that came in since the balances, and gives each payment a
// running number; a mark says up to which number a station has them. Numbers are of one
// process and live as long as it: a station with another mark begins anew. What a fresh
// version of the customers counts is dropped, and of the rest there is a bound.
//
// In a relay the Board also has what upstream's tells, as long as upstream answers;
// the payments of the office itself need no line.
package activity
