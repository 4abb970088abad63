package micr_test

import (
	"errors"
	"strings"
	"testing"

	"gatehouse/drivers/micr"
)

const good = "t021001208t 123456789o 0101"

// The answers of Epson's check readers, without header and NUL.
func TestAnswersOfAPrinter(t *testing.T) {
	for name, c := range map[string]struct {
		answer, line string
		err          error
	}{
		"read well":                          {"\x50t021001208t 123456789o 0101", good, nil},
		"read well, on a model that rereads": {"\x40t021001208t 123456789o 0101", good, nil},
		"read well, in capitals":             {"\x50T021001208T 123456789O 0101", good, nil},
		"with an amount and a dash":          {"\x50t021001208t 12d345o 0101 a0000018820a", "t021001208t 12-345o 0101 $0000018820$", nil},
		"with details":                       {"\x58\x40\x1ft021001208t 123456789o 0101", good, nil},
		"a digit not read":                   {"\x78\x46\x1ft021001208t 12345?789o 0101", "t021001208t 12345?789o 0101", nil},
		"failed, no reason given":            {"\x70", "", micr.ErrUnread},
		"nothing put in":                     {"\x78\x43\x1f", "", micr.ErrNoCheck},
		"called off":                         {"\x78\x42\x1f", "", micr.ErrNoCheck},
		"wrong size":                         {"\x78\x44\x1f", "", micr.ErrUnread},
		"no ink":                             {"\x78\x45\x1f", "", micr.ErrNoInk},
		"not recognised":                     {"\x78\x46\x1f", "", micr.ErrUnread},
		"noise":                              {"\x78\x48\x1f", "", micr.ErrUnread},
		"cover opened":                       {"\x78\x49\x1f", "", micr.ErrCoverOpen},
		"cover opened, without separator":    {"\x78\x49", "", micr.ErrCoverOpen},
		"read well, but nothing":             {"\x50", "", micr.ErrEmpty},
		"the French font":                    {"\x51A12345B", "", micr.ErrUnread},
		"characters of no spelling":          {"\x50t0210zz", "", micr.ErrNoise},
		"nothing at all":                     {"", "", micr.ErrAnswer},
		"no status":                          {"\x05t021001208t", "", micr.ErrAnswer},
		"details promised":                   {"\x58", "", micr.ErrAnswer},
		"too long":                           {"\x50" + strings.Repeat("1", micr.MaxLine+3), "", micr.ErrAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			line, err := micr.ReadAnswer(c.answer)
			if line != c.line || !errors.Is(err, c.err) || (err == nil) != (c.err == nil) {
				t.Errorf("%q, %v; want %q, %v", line, err, c.line, c.err)
			}
		})
	}
}

// In whichever letters a reader spells the signs, the line comes out the same.
func TestTheSpellingNeedNotBeKnown(t *testing.T) {
	const line = "o001234o t021001208t 12-34567o 02 $0000018820$"
	for _, s := range micr.Spellings() {
		if s.Name == "cmc7" {
			continue // another font
		}
		if got, err := micr.Normalise(s.Spell(line)); got != line || err != nil {
			t.Errorf("%s: %q, %v", s.Name, got, err)
		}
	}
}

func FuzzReadAnswer(f *testing.F) {
	f.Add("\x50t021001208t 123456789o 0101")
	f.Add("\x58\x40\x1fT021001208T 123456789O 0101")
	f.Add("\x78\x46\x1f")
	f.Add("\x70")
	f.Fuzz(func(t *testing.T, answer string) {
		line, err := micr.ReadAnswer(answer)
		if err != nil {
			if line != "" {
				t.Errorf("%q: both %q and %v", answer, line, err)
			}
			return
		}
		if strings.Trim(line, "0123456789to$-? ") != "" || len(line) > micr.MaxLine {
			t.Errorf("%q became %q", answer, line)
		}
		if c, err := micr.Parse(line); err == nil && strings.Contains(line, "?") && c.Serial == "" {
			t.Errorf("%q: %+v without an error", answer, c)
		}
	})
}
