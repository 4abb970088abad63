package directory

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

// What the feed may hold. More is refused with ErrItem.
const (
	MaxItems     = 1 << 22 // customers
	MaxKeyBytes  = 32      // of an account number
	MaxNameBytes = 256     // of a name
	MaxTexts     = 32      // texts of a customer
	MaxTextBytes = 1024    // of one text
)

// Item is one customer of the feed.
type Item struct {
	Key   string   // account number: unique, 1 to MaxKeyBytes, no control characters
	Name  string   // places the customer among the results; not searched unless it is a text too
	Texts []string // what the customer is found by: name, service address, account number, phone, meter
}

// Options of a build. The zero value is right for a station.
type Options struct {
	// Memory bounds each of the two sorting buffers, in bytes; 0 means 64 MiB.
	// From 4 KiB to 1 GiB. What does not fit is sorted on disk beside the index, in
	// unnamed files of about five times the size of the feed.
	Memory int
	// Gather is how many seats one typed word may cost to read before its prefix
	// gets a union; 0 means 65,536, about 0.2 ms. Less makes the file larger.
	Gather int
}

func (o Options) withDefaults() (Options, error) {
	if o.Memory == 0 {
		o.Memory = 64 << 20
	}
	if o.Gather == 0 {
		o.Gather = 1 << 16
	}
	if o.Memory < 4<<10 || o.Memory > 1<<30 {
		return o, fmt.Errorf("%w: memory of %d bytes", ErrOptions, o.Memory)
	}
	if o.Gather < 1 {
		return o, fmt.Errorf("%w: gathering from %d seats", ErrOptions, o.Gather)
	}
	return o, nil
}

// Build makes the index of all items at path, in any order they come, and puts it
// in place in one step: whoever opens path finds the index of before or the whole
// new one, also after a power cut. An index that is open stays as it was.
//
// Customers are ordered by name without case, accents and punctuation, and by
// account number where names are equal. ErrDuplicate and ErrItem name the first
// customer refused; path is then untouched. One build at a time in a folder, else
// ErrBusy.
func Build(path string, items iter.Seq[Item], o Options) error {
	if err := build(path, items, o); err != nil {
		return fmt.Errorf("making the customers' index %s: %w", path, err)
	}
	return nil
}

func build(path string, items iter.Seq[Item], o Options) error {
	o, err := o.withDefaults()
	if err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer dir.Close()
	// The lock ends with dir, also when the program is killed.
	if err := unix.Flock(int(dir.Fd()), unix.LOCK_EX|unix.LOCK_NB); err == unix.EWOULDBLOCK {
		return ErrBusy
	} else if err != nil {
		return fmt.Errorf("locking its folder: %w", err)
	}
	// Always the same name: what a killed build left is written over by the next.
	fresh := path + ".new"
	if err := write(fresh, items, o); err != nil {
		return errors.Join(err, removeIfThere(fresh))
	}
	if err := os.Rename(fresh, path); err != nil {
		return errors.Join(err, removeIfThere(fresh))
	}
	return dir.Sync()
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// check refuses a customer that breaks a limit.
func (it Item) check() error {
	switch {
	case it.Key == "" || len(it.Key) > MaxKeyBytes:
		return fmt.Errorf("%w: account number %q must have 1 to %d bytes", ErrItem, clipBytes(it.Key), MaxKeyBytes)
	case !plain(it.Key):
		return fmt.Errorf("%w: account number %q has characters that cannot be printed", ErrItem, it.Key)
	case len(it.Name) > MaxNameBytes:
		return fmt.Errorf("%w: the name of account %s has more than %d bytes", ErrItem, it.Key, MaxNameBytes)
	case len(it.Texts) > MaxTexts:
		return fmt.Errorf("%w: account %s has more than %d texts", ErrItem, it.Key, MaxTexts)
	}
	for _, t := range it.Texts {
		if len(t) > MaxTextBytes {
			return fmt.Errorf("%w: a text of account %s has more than %d bytes", ErrItem, it.Key, MaxTextBytes)
		}
	}
	return nil
}

func clipBytes(s string) string { return s[:min(len(s), MaxKeyBytes)] }

func plain(key string) bool {
	for _, r := range key {
		if unicode.IsControl(r) {
			return false
		}
	}
	return utf8.ValidString(key)
}
