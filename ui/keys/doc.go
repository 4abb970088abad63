// Package keys decides who gets a key.
//
// A screen hands over one table: which key does what, under which caption, and
// when. The router asks the table before the focused field sees the key, so F5
// works while somebody types. The key bar at the bottom and the buttons draw
// their keys from the same table, so a caption never lies.
//
// A layer is one table on top of another: a question asked in the page lays its
// answers over the screen's own keys and takes them away when answered.
//
// A scanner behaves like a keyboard that types faster than any person. The
// router recognises such a burst, ended by Enter or Tab, whatever has the focus,
// gives the text to the screen, and has every field it went to put back to what it
// was.
//
// The package knows no window toolkit. It is used from the user interface's
// one goroutine and does no locking.
package keys
