package directory

import "errors"

// What can be wrong; every error of the package wraps one of these or an error of
// the operating system.
var (
	// ErrForeign: the file is not a customers' index at all.
	ErrForeign = errors.New("this is not a customers' index")
	// ErrVersion: the file was made by another version of the program. Make it anew.
	ErrVersion = errors.New("the customers' index was made by another version of this program")
	// ErrDamaged: the file is cut short, has changed since it was made, or cannot
	// be read off the disk. Make it anew from the feed.
	ErrDamaged = errors.New("the customers' index is damaged")
	// ErrClosed: the index was closed before the call.
	ErrClosed = errors.New("the customers' index is closed")
	// ErrQuery: more was typed, or more results asked, than the package takes.
	ErrQuery = errors.New("too much to search for")
	// ErrItem: a customer in the feed breaks a limit, or has no account number.
	ErrItem = errors.New("the customer cannot be indexed")
	// ErrDuplicate: two customers in the feed have the same account number.
	ErrDuplicate = errors.New("two customers have the same account number")
	// ErrBusy: another build is under way in the same folder. Try again after it.
	ErrBusy = errors.New("another customers' index is being made here")
	// ErrOptions: an option is outside its range.
	ErrOptions = errors.New("option out of range")
)
