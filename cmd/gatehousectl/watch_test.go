package main_test

import (
	"os"
	"strings"
	"testing"
)

// A void long after the customer left, and nobody relieved: the ledger shows it.
func TestTheWatchFindsALateVoid(t *testing.T) {
	p := newPlace(t)
	script := p.script(t, "late.jsonl",
		`{"do":"staff.sign_in","by":"maria","pin":"246801","at":"2027-06-29T08:00:00-07:00"}`,
		`{"do":"cash.open_drawer","by":"maria","drawer":"1","count":[{"value":"20.00","n":15}],"at":"2027-06-29T08:01:00-07:00"}`,
		`{"do":"cash.take_payment","by":"maria","pay":[{"account":"01-0003-2","amount":"70.37"}],"tenders":[{"kind":"cash","amount":"70.37"}],"at":"2027-06-29T08:02:00-07:00"}`,
		`{"do":"cash.void_payment","by":"maria","receipt":"A1-000001","reason":"wrong amount","approver":"lee","approver_pin":"271828","at":"2027-06-29T09:30:00-07:00"}`)
	if a := p.play(t, script, "--training"); a.code != 0 {
		t.Fatal(a.err)
	}
	out := mustCtl(t, "report", p.ledger, "--data", p.data, "--what", "watch", "--from", "20270629").out
	if !strings.Contains(out, "late void") || !strings.Contains(out, "Maria Lopez") || !strings.Contains(out, "6, 7") {
		t.Errorf("it says\n%s", out)
	}
}

func TestNothingDeservesALook(t *testing.T) {
	p := newPlace(t)
	if a := p.play(t, p.script(t, "quiet.jsonl", signIn, open)); a.code != 0 {
		t.Fatal(a.err)
	}
	if out := mustCtl(t, "report", p.ledger, "--data", p.data, "--what", "watch").out; !strings.Contains(out, "Nothing deserves a look.") {
		t.Errorf("it says %q", out)
	}
}

// A statement becomes a line that play takes; one that contradicts itself is refused.
func TestAStatementIsALineToPlay(t *testing.T) {
	p := newPlace(t)
	good := "01,BANK,UTIL,261124,0600,1,80,,2/\n02,UTIL,BANK,1,261124,0600,USD,2/\n03,000004410,USD,010,0,,/\n" +
		"16,301,4983600,,A1-D0001,D-777/\n49,4983600,3/\n98,4983600,1,5/\n99,4983600,1,7/\n"
	for name, c := range map[string]struct{ text, want string }{
		"BAI2":      {good, `"lines":[{"date":20261124,"amount":"49836.00","reference":"A1-D0001 D-777"}]`},
		"CSV":       {"Date,Description,Reference,Amount\n11/24/2026,DEPOSIT,A1-D0001,498.36\n", `"amount":"498.36","reference":"A1-D0001","text":"DEPOSIT"`},
		"wrong sum": {strings.Replace(good, "49,4983600", "49,4983601", 1), ""},
		"no file":   {"hello\n", ""},
	} {
		path := p.path("statement")
		must(t, os.WriteFile(path, []byte(c.text), 0o600))
		a := ctl(t, "statement", path, "--data", p.data, "--bank", "first", "--by", "ruth")
		switch {
		case c.want == "" && a.code == 0:
			t.Errorf("%s is taken: %s", name, a.out)
		case c.want != "" && (a.code != 0 || !strings.Contains(a.out, c.want) || !strings.HasPrefix(a.out, `{"do":"safe.record_statement","by":"ruth","bank":"first"`)):
			t.Errorf("%s: %d %s %s", name, a.code, a.out, a.err)
		}
	}
	for by, says := range map[string]string{"nobody": `nobody on the roster is called "nobody"`, "maria": "Maria Lopez may not bank the money"} {
		if a := ctl(t, "statement", p.path("statement"), "--data", p.data, "--bank", "first", "--by", by); a.code != 2 || a.out != "" || !strings.Contains(a.err, says) {
			t.Errorf("by %s: %d %q %q", by, a.code, a.out, a.err)
		}
	}
	if a := ctl(t, "statement", p.path("statement"), "--data", p.data, "--bank", "none", "--by", "ruth"); !strings.Contains(a.err, `no bank "none"`) {
		t.Errorf("an unknown bank: %s", a.err)
	}
}
