// Package storetest is what every store of central has to hold: one suite, run
// by each store's own tests, so that a log is safe in each in the same way. It
// also has the stations that tests send from: real ledgers in files, with real
// keys.
package storetest
