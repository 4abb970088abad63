package ledger

import (
	"errors"
	"strings"
)

// Refusal is the answer of a rule that says no. Nothing was stored. Code names
// the rule and never changes ("cash.change_only_from_cash"); Text is the
// sentence in English with {name} where Args go; Field is the input it is
// about, empty when it is about the whole action.
type Refusal struct {
	Code  string
	Field string
	Text  string
	Args  map[string]string
}

// Refuse makes a Refusal. args are pairs of name and value for the text.
func Refuse(code, text string, args ...string) *Refusal {
	r := &Refusal{Code: code, Text: text}
	for i := 0; i+1 < len(args); i += 2 {
		if r.Args == nil {
			r.Args = make(map[string]string, len(args)/2)
		}
		r.Args[args[i]] = args[i+1]
	}
	return r
}

// At returns the refusal with the field it is about.
func (r *Refusal) At(field string) *Refusal {
	r.Field = field
	return r
}

// Error is the English sentence, filled in.
func (r *Refusal) Error() string { return Fill(r.Text, r.Args) }

// Fill puts the arguments of a refusal into a sentence, in whatever language
// the sentence is.
func Fill(text string, args map[string]string) string {
	pairs := make([]string, 0, 2*len(args))
	for name, value := range args {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// AsRefusal returns the refusal in err, if that is what err is.
func AsRefusal(err error) (*Refusal, bool) {
	var r *Refusal
	ok := errors.As(err, &r)
	return r, ok
}

// What can go wrong with the file itself. Each comes with a sentence for the
// person at the desk, through the error that wraps it.
var (
	// ErrInUse: another process holds the ledger.
	ErrInUse = errors.New("the ledger is in use by another program")
	// ErrDamaged: the file is not what was written. Nothing more is accepted.
	ErrDamaged = errors.New("the ledger file is damaged")
	// ErrNotStored: the disk refused, and the command was looked for afterwards
	// and is not there. It may be tried again.
	ErrNotStored = errors.New("the disk refused to store this")
	// ErrUnsure: the disk refused and the ledger could not be read again, so
	// nobody knows whether the command is there. Do not repeat it by hand:
	// the same command id gives the answer once the ledger opens again.
	ErrUnsure = errors.New("it is not known whether this was stored")
	// ErrClosed: the book was closed.
	ErrClosed = errors.New("the ledger is closed")
	// ErrTooNew: a later version of the program wrote this ledger.
	ErrTooNew = errors.New("the ledger was written by a later version of Gatehouse")
)
