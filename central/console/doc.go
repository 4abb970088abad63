// Package console is central's pages for people: plain HTML, written here, without
// script. Whoever reads them signs in with a password; over a network they are shown
// through TLS only, and in clear only to a browser on central's own machine.
//
// A page reads; a form acts. Every act carries the token of its session, is checked
// against the operator's role where the act is entered (central/book), and is an entry
// of central's own log. The rules of what a page shows are not here: of a station's
// day in desk, of exceptions in central/exception, of files in central/billing.
//
// # Words
//
//   - Page: what a browser shows, one template inside the frame.
//   - Area: pages that belong together, a word in the bar at the top.
//   - Act: a form that was sent.
//   - Sealed: kept by the browser, written and read by central only.
package console
