// Package kit holds the pieces screens are built of: fields, buttons that show
// their key, keypad and on-screen keyboard, the paged register of rows, the
// status line, the key bar, notices and questions.
//
// A piece only shows and calls back; it holds no truth and knows no money. It is
// built once and then told what to show. Everything here belongs to the user
// interface's one goroutine.
//
// Every piece that can have the focus asks the key router first, so a key does
// the same wherever the focus is. The order of children is the order of Tab.
// Nothing scrolls: a touch screen cannot drag here, so what is long has pages.
package kit
