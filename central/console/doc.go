// Package console is the plain pages on which the people at central look at
// what the stations sent: the stations, the entries of one, one entry in full,
// and its payments and visitors as readable rows.
//
// The pages only show. They need no script, load nothing from elsewhere, and
// are answered only to a browser on central's own machine, because there is no
// sign-in yet and the entries carry customers' names.
package console
