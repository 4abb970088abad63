package visit_test

import (
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"gatehouse/desk/visit"
	"gatehouse/ledger"
)

func TestAPolicyThatCannotBeWorkedWith(t *testing.T) {
	for _, c := range []struct{ name, old, new, complaint string }{
		{"no languages", `languages = ["en", "es"]`, ``, "must not be empty"},
		{"a name missing in a language", `es = "Factura"`, `fr = "Facture"`, `needs a name of 1 to 40 characters in "es"`},
		{"a name too long", `"Factura"`, `"` + strings.Repeat("a", 41) + `"`, "1 to 40"},
		{"two services of one id", `id = "start"`, `id = "bill"`, "an id of its own"},
		{"two stations share a letter", `badge = "W"`, `badge = "B"`, "share the letter B"},
		{"a letter read as a digit", `badge = "V"`, `badge = "O"`, "not I or O"},
		{"a service without a letter", `bill = "C", start = "T"`, `bill = "C"`, `has the letter ""`},
		{"a letter for no service", `start = "T" }`, `start = "T", moon = "M" }`, "a service that there is not"},
		{"a station twice", `"K2"`, `"K1"`, "there twice"},
		{"a station that is none", `"K2"`, `"k2"`, "not a station"},
		{"closing before opening", `closes = "17:00"`, `closes = "07:00"`, "a closing after the opening"},
		{"hours without a date", `from = 20260101`, `from = 0`, "need a first date"},
		{"a day that is none", `"mon"`, `"moonday"`, "not a day of the week"},
		{"a time that is none", `"08:00"`, `"8 am"`, "not a time of day"},
		{"kept too long", `"4h"`, `"25h"`, "0 to 24 hours"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(policyText, c.old, c.new, 1)
			if text == policyText {
				t.Fatalf("%q is not in the policy", c.old)
			}
			var p visit.Policy
			err := toml.Unmarshal([]byte(text), &p)
			if err == nil {
				err = p.Check()
			}
			if err == nil || !strings.Contains(err.Error(), c.complaint) {
				t.Errorf("got %v, want a complaint about %q", err, c.complaint)
			}
		})
	}
}

func TestAUtilityWithoutALobby(t *testing.T) {
	if err := (visit.Policy{}).Check(); err != nil {
		t.Error(err)
	}
}

func TestNewHoursReplaceTheOld(t *testing.T) {
	p := parsePolicy(t, policyText+`
[[hours]]
from = 20261201
days = ["tue"]
opens = "00:00"
closes = "24:00"
`)
	for date, want := range map[ledger.Date]int{20261130: 1, 20261201: 1, 20261202: 0, 20261126: 0, 20251231: 0} {
		if spans, always := p.OpenOn(date); len(spans) != want || always {
			t.Errorf("%s: %v, always %v, want %d spans", date, spans, always, want)
		}
	}
}
