// Package directory is the customers' index of a station: what turns the words a
// cashier types at the window into the customers they may mean, in name order.
//
// The index is one file that never changes. It is made once from a feed of
// customers (Build), put in place under its name in one step, and read where it
// lies (Open) without being loaded. A new feed makes a new file; deleting the file
// loses nothing that central cannot send again.
//
// A customer is found when every typed word begins some word of the customer's
// record. Words do not know capitals or accents ("nunez" finds "Núñez"). A number
// written with punctuation is found with and without it ("01-2345-6", "0123456"),
// and by any of its parts. A number of seven digits or more is also found by its
// last four, its last seven and, past ten digits, its last ten, because that is
// how people say a phone or read a meter.
//
// The words of the trade here: a customer's place in name order is their seat. A
// word's list is the seats of the customers whose record has that word. The lists
// stand in the order of their words, so all the words that begin alike are one
// stretch of lists. A stretch too long to read while somebody waits is gathered
// beforehand, once, into a union. So no typed word costs more than a known number
// of seats to read, whatever the word.
package directory
