// Package till opens the drawer because the ledger says so, and writes into the
// ledger what opened without it.
//
// It follows the ledger from where it stands at the start: a drawer is never
// opened for something that happened before. It waits for no paper.
//
// It also says, for the screen, which drawer stayed shut although it was told to
// open, which was opened by hand, and which stands open and since when.
package till
