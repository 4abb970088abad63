// Package papertest is a desk to print from in tests: a utility with three
// customers and three people, over a real ledger whose key, clock and randomness
// are the same in every run, so that papers are the same to the byte.
package papertest
