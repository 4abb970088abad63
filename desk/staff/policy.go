package staff

import (
	"errors"
	"slices"
	"time"
)

// Policy is what the utility set about signing in and about rights.
type Policy struct {
	// WrongPINs is how many wrong PINs in a row lock a person out.
	WrongPINs int `toml:"wrong_pins"`
	// FirstLock is how long the first lock-out lasts; each further wrong PIN
	// doubles it, up to LongestLock.
	FirstLock   Duration `toml:"first_lock"`
	LongestLock Duration `toml:"longest_lock"`
	// Rights says what each role may do.
	Rights map[Role][]Right `toml:"rights"`
}

// Duration is a time span written like "30s" or "1h".
type Duration time.Duration

// UnmarshalText reads the form of time.ParseDuration.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	*d = Duration(v)
	return err
}

// Check says whether the policy can be worked with.
func (p Policy) Check() error {
	switch {
	case p.WrongPINs < 1 || p.WrongPINs > 20:
		return errors.New("staff policy: wrong_pins must be 1 to 20")
	case p.FirstLock <= 0 || p.LongestLock < p.FirstLock:
		return errors.New("staff policy: first_lock must be above zero and not above longest_lock")
	case len(p.Rights) == 0:
		return errors.New("staff policy: no role has any right")
	}
	return nil
}

// May says whether a role has a right.
func (p Policy) May(r Role, right Right) bool { return slices.Contains(p.Rights[r], right) }

// lock is how long a person is locked out after so many wrong PINs in a row.
func (p Policy) lock(wrong int) time.Duration {
	if wrong < p.WrongPINs {
		return 0
	}
	d := time.Duration(p.FirstLock)
	for range wrong - p.WrongPINs {
		if d *= 2; d >= time.Duration(p.LongestLock) {
			return time.Duration(p.LongestLock)
		}
	}
	return d
}
