// Package replica keeps, for the logs that somebody asks about, a copy of the
// station's ledger with all the views of the desk, so that central reads a
// station's day with the very rules and reports that the station has.
//
// The copies follow the store. They are a cache of this central process: they
// may be deleted at any time, and a damaged one is made anew.
package replica
