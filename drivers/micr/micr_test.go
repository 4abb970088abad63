package micr_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/drivers/micr"
)

// The routing numbers are of the Federal Reserve's own offices; the accounts are
// invented.
func TestChecks(t *testing.T) {
	for _, c := range []struct {
		name, line string
		want       micr.Check
		wrong      []error
	}{
		{"personal", "t021001208t 123456789o 0101", micr.Check{Routing: "021001208", Account: "123456789", Serial: "0101"}, nil},
		{"business", "o001234o t021001208t 12-34567o", micr.Check{Routing: "021001208", Account: "12-34567", Serial: "001234"}, nil},
		{"business with a transaction code", "o001234o t021001208t 123456789o 02", micr.Check{Routing: "021001208", Account: "123456789", Serial: "001234"}, nil},
		{"serial before the account", "t021001208t 1234 56789012o", micr.Check{Routing: "021001208", Account: "56789012", Serial: "1234"}, nil},
		{"serial before the account, with a dash", "t021001208t1234-56789012o", micr.Check{Routing: "021001208", Account: "56789012", Serial: "1234"}, nil},
		{"amount", "t021001208t 123456789o 0101 $0000018820$", micr.Check{Routing: "021001208", Account: "123456789", Serial: "0101", Cents: 18820, Amount: true}, nil},
		{"two on-us signs", "t021001208t 12o 345678o 101", micr.Check{Routing: "021001208", Account: "12 345678", Serial: "101"}, nil},
		{"a wrong check digit", "t021001209t 123456789o 0101", micr.Check{Account: "123456789", Serial: "0101"}, []error{micr.ErrCheckDigit}},
		{"an unreadable routing", "t02100?208t 123456789o 0101", micr.Check{Account: "123456789", Serial: "0101"}, []error{micr.ErrUnreadable}},
		{"an unreadable account", "t021001208t 1234?6789o 0101", micr.Check{Routing: "021001208", Serial: "0101"}, []error{micr.ErrUnreadable}},
		{"an unreadable serial", "t021001208t 123456789o 01?1", micr.Check{Routing: "021001208", Account: "123456789"}, []error{micr.ErrUnreadable}},
		{"an unreadable sign", "?021001208t 123456789o 0101", micr.Check{}, []error{micr.ErrForm}},
		{"no serial", "t021001208t 123456789o", micr.Check{Routing: "021001208", Account: "123456789"}, []error{micr.ErrMissing}},
		{"an amount of nine", "t021001208t 123456789o 0101 $000001882$", micr.Check{Routing: "021001208", Account: "123456789", Serial: "0101"}, []error{micr.ErrForm}},
		{"nothing", "", micr.Check{}, []error{micr.ErrMissing}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := micr.Parse(c.line)
			if got != c.want || (err == nil) != (len(c.wrong) == 0) {
				t.Errorf("%+v, %v; want %+v", got, err, c.want)
			}
			for _, want := range c.wrong {
				if !errors.Is(err, want) {
					t.Errorf("%v, want %v", err, want)
				}
			}
		})
	}
}

func TestSpellings(t *testing.T) {
	for name, raw := range map[string]string{
		"unifiedpos": " t021001208t  12-34567o 0101 ",
		"axiohm":     ")021001208) 12'34567( 0101",
		"cat":        "T021001208T 12D34567U 0101",
		"cmc7":       "A021001208A 12D34567B 0101",
	} {
		s, found := micr.SpellingNamed(name)
		if !found {
			t.Fatalf("no spelling %s", name)
		}
		if got, err := s.Normalise(raw); err != nil || got != "t021001208t 12-34567o 0101" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	s := micr.Spellings()[0]
	for raw, want := range map[string]error{"": micr.ErrEmpty, " ?? ": micr.ErrEmpty, "t02\x1b": micr.ErrNoise,
		strings.Repeat("1", micr.MaxLine+1): micr.ErrLong} {
		if _, err := s.Normalise(raw); !errors.Is(err, want) {
			t.Errorf("%.20q: %v, want %v", raw, err, want)
		}
	}
}

// routing completes eight digits with the check digit.
func routing(first string) string {
	for d := '0'; d <= '9'; d++ {
		if micr.RoutingValid(first + string(d)) {
			return first + string(d)
		}
	}
	return ""
}

func TestWhatAReaderSpellsIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := micr.Check{Routing: routing(rapid.StringMatching(`[0-3][0-9]{6}[1-9]`).Draw(t, "routing")),
			Account: rapid.StringMatching(`[0-9]{6,12}`).Draw(t, "account"), Serial: rapid.StringMatching(`[0-9]{3,8}`).Draw(t, "serial")}
		line := fmt.Sprintf("t%st %so %s", want.Routing, want.Account, want.Serial)
		if rapid.Bool().Draw(t, "business") {
			line = fmt.Sprintf("o%so t%st %so", want.Serial, want.Routing, want.Account)
		}
		if want.Amount = rapid.Bool().Draw(t, "amount"); want.Amount {
			want.Cents = rapid.Int64Range(0, 9_999_999_999).Draw(t, "cents")
			line += fmt.Sprintf(" $%010d$", want.Cents)
		}
		for _, s := range micr.Spellings() {
			normal, err := s.Normalise(s.Spell(line))
			if err != nil || normal != line {
				t.Fatalf("%s: %q became %q, %v", s.Name, line, normal, err)
			}
		}
		if got, err := micr.Parse(line); err != nil || got != want {
			t.Fatalf("%q: %+v, %v; want %+v", line, got, err, want)
		}
		// One digit of the routing number read wrong is always noticed.
		at := rapid.IntRange(0, 8).Draw(t, "at")
		other := byte('0' + (int(want.Routing[at]-'0')+rapid.IntRange(1, 9).Draw(t, "by"))%10)
		if bad := want.Routing[:at] + string(other) + want.Routing[at+1:]; micr.RoutingValid(bad) {
			t.Fatalf("%s passes for %s", bad, want.Routing)
		}
	})
}

func TestNoLogSaysAnAccount(t *testing.T) {
	c := micr.Check{Routing: "021001208", Account: "12-345 6789", Serial: "0101"}
	if got := fmt.Sprint(c); got != "routing 021001208, account ····6789, serial 0101" {
		t.Error(got)
	}
	if got := micr.LastFour("1234"); got != "····" {
		t.Errorf("a short account is shown as %q", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("t021001208t 123456789o 0101 $0000018820$")
	f.Add(")021001208) 12'34567( 0101")
	f.Add("o?o t?t ?o $?$")
	f.Fuzz(func(t *testing.T, raw string) {
		for _, s := range micr.Spellings() {
			line, err := s.Normalise(raw)
			if err != nil {
				continue
			}
			if again, err := micr.Spellings()[0].Normalise(line); !strings.ContainsRune(line, 'x') && (err != nil || again != line) {
				t.Errorf("%q normalised twice is %q, %v", line, again, err)
			}
			c, err := micr.Parse(line)
			if c.Routing != "" && !micr.RoutingValid(c.Routing) || strings.ContainsRune(c.Routing+c.Account+c.Serial, micr.Unreadable) ||
				err == nil && (c.Routing == "" || c.Account == "" || c.Serial == "") {
				t.Errorf("%q: %+v, %v", line, c, err)
			}
		}
		_, _ = micr.Parse(raw) // must not fall over what was never normalised
	})
}
