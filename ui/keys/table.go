package keys

import (
	"errors"
	"fmt"
)

// Action names what a key or a button does, such as "cashier.take_payment".
type Action string

// Binding ties a key to an action.
type Binding struct {
	Key    Key
	Also   []Key       // further keys that do the same; not drawn
	Label  string      // the caption, in the language of the person
	Action Action      // what is done
	When   func() bool // whether it may be done now; nil means always
	Quiet  bool        // works, but is left out of the key bar
}

// ready reports whether the action may be done now.
func (b Binding) ready() bool { return b.When == nil || b.When() }

func (b Binding) has(k Key) bool {
	if b.Key == k {
		return true
	}
	for _, also := range b.Also {
		if also == k {
			return true
		}
	}
	return false
}

// Table lists the keys of a screen in the order of the key bar. Where a key
// stands twice, the first whose When holds gets it.
type Table []Binding

// Check returns an error that names every mistake in the table: an action
// without a key, caption or name, a key that no keyboard has, and a key that
// can never be reached because an earlier line always takes it.
func (t Table) Check() error {
	var wrong []error
	taken := map[Key]Action{}
	for i, b := range t {
		if b.Action == "" || b.Label == "" {
			wrong = append(wrong, fmt.Errorf("line %d (%s): an action and a caption are needed", i+1, b.Key))
		}
		for _, k := range append([]Key{b.Key}, b.Also...) {
			if !k.valid() {
				wrong = append(wrong, fmt.Errorf("line %d (%s): no keyboard has the key %q", i+1, b.Action, k))
			}
			if first, ok := taken[k]; ok {
				wrong = append(wrong, fmt.Errorf("line %d (%s): %s already always does %s", i+1, b.Action, k, first))
			}
			if b.When == nil {
				taken[k] = b.Action
			}
		}
	}
	return errors.Join(wrong...)
}
