package desk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a time zone must not depend on what the machine has installed
	"unicode"

	"github.com/pelletier/go-toml/v2"

	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/report"
	"gatehouse/desk/safe"
	"gatehouse/desk/staff"
	"gatehouse/desk/visit"
	"gatehouse/desk/watch"
)

// Policy is everything the utility sets, read from policy.toml.
type Policy struct {
	Utility Utility          `toml:"utility"`
	Staff   staff.Policy     `toml:"staff"`
	Cash    cash.Policy      `toml:"cash"`
	Safe    safe.Policy      `toml:"safe"`
	Visit   visit.Policy     `toml:"visit"`
	Watch   watch.Policy     `toml:"watch"`
	Bills   []account.Layout `toml:"bill_layout"`
}

// Utility is who we are, for the head of every paper.
type Utility struct {
	Name     string   `toml:"name"`
	Lines    []string `toml:"lines"`     // address, telephone
	TimeZone string   `toml:"time_zone"` // IANA name, like America/Los_Angeles
	Notice   string   `toml:"notice"`    // last line of a receipt
}

// Bounds of the file, and of what stands on every paper.
const (
	maxPolicy = 1 << 20 // bytes
	maxLines  = 8
	maxLine   = 200 // bytes
)

// Ask is what a report is asked for by this policy, apart from its period.
func (p Policy) Ask(zone *time.Location) report.Ask {
	return report.Ask{Zone: zone, YearBegins: p.Cash.FiscalYearBegins, Safe: p.Safe, Unclaimed: p.Cash.Unclaimed, Watch: p.Watch}
}

// LoadPolicy reads a policy file.
func LoadPolicy(path string) (Policy, error) {
	f, err := os.Open(path)
	if err != nil {
		return Policy{}, fmt.Errorf("read the policy: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxPolicy+1))
	if err != nil {
		return Policy{}, fmt.Errorf("read the policy: %w", err)
	}
	p, err := ParsePolicy(text)
	if err != nil {
		return Policy{}, fmt.Errorf("read the policy %s: %w", path, err)
	}
	return p, nil
}

// ParsePolicy reads and checks a policy. A word it does not know is an error:
// a misspelt limit must not be a limit that does not hold.
func ParsePolicy(text []byte) (Policy, error) {
	var p Policy
	if len(text) > maxPolicy {
		return p, fmt.Errorf("it is longer than %d bytes", maxPolicy)
	}
	d := toml.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		var strict *toml.StrictMissingError
		if errors.As(err, &strict) {
			return p, errors.New(strict.String())
		}
		return p, err
	}
	return p, p.check()
}

func (p Policy) check() error {
	if p.Utility.Name == "" {
		return errors.New("the policy needs the utility's name")
	}
	if len(p.Utility.Lines) > maxLines {
		return fmt.Errorf("the utility has %d lines for the head of a paper, at most %d", len(p.Utility.Lines), maxLines)
	}
	for _, text := range append([]string{p.Utility.Name, p.Utility.Notice}, p.Utility.Lines...) {
		if len(text) > maxLine || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
			return fmt.Errorf("the utility's line %.60q is longer than %d bytes, or cannot be printed", text, maxLine)
		}
	}
	if _, err := p.Location(); err != nil {
		return err
	}
	return errors.Join(account.CheckLayouts(p.Bills), p.Staff.Check(), p.Cash.Check(), p.Safe.Check(), p.Visit.Check(), p.Watch.Check(), p.checkBanks())
}

// checkBanks sees that whatever is taken goes to somebody: money that no bank of the
// policy takes would wait in the safe for ever.
func (p Policy) checkBanks() error {
	if len(p.Safe.Banks) == 0 {
		return nil
	}
	for _, t := range p.Cash.Tenders {
		if t.Kind == cash.Credit {
			continue // it is in the books only
		}
		at := slices.IndexFunc(p.Safe.Banks, func(b safe.Bank) bool { return slices.Contains(b.Tenders, t.Kind) })
		if at < 0 {
			return fmt.Errorf("the policy takes %s, and no safe.bank takes it: name the bank, the processor or the program that pays it", t.Kind)
		}
		if bank := p.Safe.Banks[at]; bank.Bagged != t.Deposit {
			return fmt.Errorf("cash.tender %s has deposit = %t, and safe.bank %s has bagged = %t: say the same", t.Kind, t.Deposit, bank.ID, bank.Bagged)
		}
	}
	return nil
}

// Location is the utility's time zone.
func (p Policy) Location() (*time.Location, error) {
	if p.Utility.TimeZone == "" {
		return nil, errors.New("the policy needs the utility's time zone")
	}
	zone, err := time.LoadLocation(p.Utility.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("the utility's time zone: %w", err)
	}
	return zone, nil
}
