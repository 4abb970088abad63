// Package paper is what comes out of the printer: for each kind of entry that
// prints, one layout, made from the entry alone.
//
// # Words
//
//   - Paper: a document before it is dressed: its items, and the number its end
//     mark carries.
//   - Layout: how the entries of one kind become a paper. A duty that prints
//     hands in its own layouts; Layouts keeps them by kind.
//   - Sheet: what all papers of a station have in common: the utility's name, the
//     logo, the time zone, the station's key, and whether it is all practice.
//   - End mark: the last line, "END A1-000123-K7QX". A paper that has it came out
//     whole.
//   - Copy: a paper that was, or may have been, printed before. It says so at the
//     top and at the bottom.
//
// A layout looks nothing up. What the receipt shows is in the entry's body, so
// the copy printed a year later shows the same.
package paper
