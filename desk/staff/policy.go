package staff

import (
	"errors"
	"fmt"
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

// longestLock bounds what a policy may ask for: a person who is locked out can
// work again the next day, even where nobody is there to help.
const longestLock = Duration(24 * time.Hour)

// never lists the rights that a role is not given, whatever the policy says:
// an auditor moves nothing, a trainee approves nothing, and a kiosk, where nobody
// types a PIN, only receives.
func never(r Role) []Right {
	switch r {
	case Auditor:
		return []Right{TakeMoney, Approve, KeepSafe, Bank, Adjust}
	case Trainee:
		return []Right{Approve, CountOthers, KeepSafe, Bank, Adjust}
	case Kiosk:
		return []Right{TakeMoney, Approve, SeeDay, CountOthers, KeepSafe, Bank, Adjust}
	}
	return nil
}

// Check says whether the policy can be worked with. A role or right it does not
// know is an error: a misspelt right must not be a right that is missing.
func (p Policy) Check() error {
	switch {
	case p.WrongPINs < 1 || p.WrongPINs > 20:
		return errors.New("staff policy: wrong_pins must be 1 to 20")
	case p.FirstLock <= 0 || p.LongestLock < p.FirstLock || p.LongestLock > longestLock:
		return errors.New("staff policy: first_lock must be above zero and not above longest_lock, which is at most 24h")
	case len(p.Rights) == 0:
		return errors.New("staff policy: no role has any right")
	}
	for role, rights := range p.Rights {
		if !slices.Contains(Roles(), role) {
			return fmt.Errorf("staff policy: there is no role %q; the roles are %v", role, Roles())
		}
		for _, right := range rights {
			if !slices.Contains(Rights(), right) {
				return fmt.Errorf("staff policy: there is no right %q to give to %s; the rights are %q", right, role, Rights())
			}
			if slices.Contains(never(role), right) {
				return fmt.Errorf("staff policy: the role %s must not have the right to %s", role, right)
			}
		}
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
