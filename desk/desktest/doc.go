// Package desktest is a small utility for tests: a real ledger in a folder, a
// clock that the test moves, a few people and accounts. Whoever tests a rule of
// the desk begins here.
package desktest
