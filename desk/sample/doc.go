// Package sample is a utility that does not exist, to look around in, to show
// and to test with: its policy, its staff with PINs that everybody may know, and
// as many customers as are asked for, the same ones every time.
//
// # What a number says
//
// The state of a customer follows from the last two of the six digits before the
// check digit, so that a person who tries the desk finds what they look for
// (01-0000-8 is the first of 5,000 customers):
//
//	…00 to …08  the current bill only
//	…09 to …11  past due, with penalties
//	…12         owes nothing
//	…13         has a credit
//	…14         past due, and no checks are taken
//	…15         past due, on the list to be shut off
//	…16         closed, with a last bill open
//	…17         closed, owes nothing
//	…18         a large account
//	…19         a bill that is due today
//
// and so on again from …20, …40, …60 and …80.
package sample
