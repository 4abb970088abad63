package desk_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gatehouse/desk"
	. "gatehouse/desk/desktest"
)

func TestAPolicyIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "policy.toml")
	if err := os.WriteFile(path, []byte(PolicyText), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := desk.LoadPolicy(path)
	if err != nil {
		t.Fatal(err)
	}
	if p.Utility.Name != "Arroyo Water District" || p.Cash.Float != 200_00 || p.Cash.Denominations[9] != 1 || p.Cash.Tenders[1].Most != 5_000_00 ||
		p.Cash.Allocation[1].From != 20270101 || p.Bills[0].Cents.Length != 9 || time.Duration(p.Staff.FirstLock) != 30*time.Second {
		t.Errorf("read as %+v", p)
	}
	zone, err := p.Location()
	if err != nil || zone.String() != "America/Los_Angeles" {
		t.Errorf("zone %v, %v", zone, err)
	}
}

// banks is the policy's text of one bank.
func banks(tenders string, bagged bool) string {
	return fmt.Sprintf("[[safe.bank]]\nid = \"first\"\nname = \"First\"\ntenders = [%s]\nbagged = %t\n", tenders, bagged)
}

func TestPoliciesThatAreRefused(t *testing.T) {
	for name, change := range map[string][2]string{
		"a misspelt limit":               {`most = "5000.00"`, `mst = "5000.00"`},
		"a section nobody knows":         {"[staff]\n", "[staf]\nx = 1\n[staff]\n"},
		"no name":                        {`name = "Arroyo Water District"`, `name = ""`},
		"a name that moves the printer":  {`name = "Arroyo Water District"`, `name = "Arroyo \u001b@"`},
		"a name without end":             {"Arroyo", strings.Repeat("Arroyo", 100)},
		"lines without end":              {"[utility]", "[utility]\nlines = [" + strings.Repeat(`"x", `, 9) + "]"},
		"no time zone":                   {`time_zone = "America/Los_Angeles"`, ``},
		"a time zone nobody knows":       {"America/Los_Angeles", "America/Arroyo"},
		"a time zone outside the tables": {"America/Los_Angeles", "../../etc/passwd"},
		"an amount with an exponent":     {`float = "200.00"`, `float = 2e2`},
		"an amount of three decimals":    {`float = "200.00"`, `float = "200.001"`},
		"an amount below zero":           {`float = "200.00"`, `float = "-200.00"`},
		"an amount with a currency":      {`float = "200.00"`, `float = "$200"`},
		"a time span without a unit":     {`first_lock = "30s"`, `first_lock = "30"`},
		"a number in words":              {`wrong_pins = 5`, `wrong_pins = "five"`},
		"a tender nobody knows":          {`kind = "card"`, `kind = "crypto"`},
		"a right nobody knows":           {`auditor = ["see the day"`, `auditor = ["see the night"`},
		"a bill layout that cannot be":   {`length = 25`, `length = 12`},
		"a table twice":                  {`[utility]`, "[utility]\n[utility]"},
		"no TOML":                        {`[utility]`, `<utility>`},
		"a tender that no bank takes":    {"[[cash.allocation]]", banks(`"cash", "check", "money-order"`, true) + "[[cash.allocation]]"},
		"a card in a bag":                {"[[cash.allocation]]", banks(`"cash", "check", "money-order", "card"`, true) + "[[cash.allocation]]"},
		"cash that is not bagged":        {"[[cash.allocation]]", banks(`"cash", "check", "money-order", "card"`, false) + "[[cash.allocation]]"},
		"cash that is never deposited":   {"kind = \"cash\"\ndeposit = true", `kind = "cash"`},
		"no text":                        {`[utility]`, "\xff[utility]"},
	} {
		text := strings.Replace(PolicyText, change[0], change[1], 1)
		if text == PolicyText {
			t.Fatalf("%s: the text did not change", name)
		}
		if p, err := desk.ParsePolicy([]byte(text)); err == nil {
			t.Errorf("%s was accepted: %+v", name, p)
		}
	}
}

func TestAMisspeltWordIsNamed(t *testing.T) {
	_, err := desk.ParsePolicy([]byte(strings.Replace(PolicyText, "longest_lock", "longest_lok", 1)))
	if err == nil || !strings.Contains(err.Error(), "longest_lok") {
		t.Errorf("%v", err)
	}
}

func TestAPolicyFileHasAnEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "policy.toml")
	// What stands after the bound must not be left out silently.
	long := PolicyText + strings.Repeat("# more\n", 1<<18)
	if err := os.WriteFile(path, []byte(long), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := desk.LoadPolicy(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("%v", err)
	}
	if _, err := desk.LoadPolicy(path + ".missing"); err == nil {
		t.Error("a file that is not there was read")
	}
}

func FuzzParsePolicy(f *testing.F) {
	f.Add(PolicyText)
	f.Add("[utility]\nname = 1")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := desk.ParsePolicy([]byte(text))
		if err == nil {
			if _, err := p.Location(); err != nil || p.Utility.Name == "" || p.Cash.Check() != nil || p.Staff.Check() != nil {
				t.Errorf("accepted: %+v", p)
			}
		}
	})
}
