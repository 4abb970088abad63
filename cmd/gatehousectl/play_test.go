package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gatehouse/ledger"
)

// result is a line of play's output.
type result struct {
	Line    int
	OK      bool
	Again   bool
	Entries []ledger.EntryForPeople
	Refused *struct{ Code, Field, Text string }
	Error   string
}

func results(t testing.TB, out string) []result {
	t.Helper()
	var all []result
	for line := range strings.Lines(out) {
		var r result
		must(t, json.Unmarshal([]byte(line), &r))
		all = append(all, r)
	}
	return all
}

// hashes are what differs between two ledgers with the same day: hashes, the marks
// that receipt numbers take from them, and what is drawn by them. The commands' ids stay: the same
// file must give the same ids in every version of the program.
var hashes = []struct {
	in  *regexp.Regexp
	out string
}{
	{regexp.MustCompile(`"(hash|prev)":"[0-9a-f]{64}"`), `"$1":"HASH"`},
	{regexp.MustCompile(`"(head|previous_z|sealed)":"[A-Za-z0-9+/]{43}="`), `"$1":"HASH"`},
	// When a surprise count is drawn hangs on the hash before it.
	{regexp.MustCompile(`"proof":"[A-Za-z0-9+/]{86}=="`), `"proof":"PROOF"`},
	{regexp.MustCompile(`"at":\d{16},"(counted|drawer|drawn|due)"`), `"at":DRAWN,"$1"`},
	{regexp.MustCompile(`"hours":\d+,`), ``}, // of less than one hour it says nothing
	{regexp.MustCompile(`\b(A1-\d{6})-[0-9A-HJKMNP-TV-Z]{4}\b`), `$1-MARK`},
}

func normalised(out string) string {
	for _, h := range hashes {
		out = h.in.ReplaceAllString(out, h.out)
	}
	return out
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		must(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	must(t, err)
	if got == string(want) {
		return
	}
	for i, line := range strings.Split(got, "\n") {
		if rest := strings.Split(string(want), "\n"); i >= len(rest) || rest[i] != line {
			t.Fatalf("%s, line %d:\n got %s\nwant %s", name, i+1, line, append(rest, make([]string, i+1)...)[i])
		}
	}
	t.Fatalf("%s is longer than what came", name)
}

// TestADay plays a day of two cashiers: payments of every kind and split, the
// rules that say no, a void, a no sale, X, Z, the next session, a reversal, a
// visitor. What comes out is the specification.
func TestADay(t *testing.T) {
	p := newPlace(t)
	a := p.play(t, filepath.Join("testdata", "day.jsonl"))
	if a.code != 0 {
		t.Fatalf("ended with %d: %s", a.code, a.err)
	}
	golden(t, "day.golden.jsonl", normalised(a.out))
	kinds, refused := make(map[ledger.Kind]int), make(map[string]int)
	for _, r := range results(t, a.out) {
		for _, e := range r.Entries {
			kinds[e.Kind]++
		}
		if r.Refused != nil {
			refused[r.Refused.Code]++
		}
	}
	if kinds["cash.payment.v1"] != 9 || kinds["cash.drawer_closed.v1"] != 2 || kinds["cash.reversal.v1"] != 1 || len(refused) < 28 {
		t.Errorf("the day has %v and refuses by %d rules", kinds, len(refused))
	}
	mustCtl(t, "verify", p.ledger, "--key", p.path("station.key"))
}

func TestPlayingAgainTakesNothingTwice(t *testing.T) {
	p := aDay(t)
	before := mustCtl(t, "export", p.ledger, "--format", "jsonl").out
	a := p.play(t, filepath.Join("testdata", "day.jsonl"))
	want, err := os.ReadFile(filepath.Join("testdata", "day.golden.jsonl"))
	must(t, err)
	again := results(t, a.out)
	for i, first := range results(t, string(want)) {
		switch second := again[i]; {
		case first.OK && (!second.OK || !second.Again || second.Entries[0].Seq != first.Entries[0].Seq):
			t.Errorf("line %d was entry %d and is now %+v", first.Line, first.Entries[0].Seq, second)
		case !first.OK && (second.OK || second.Refused == nil):
			t.Errorf("line %d was refused and is now %+v", first.Line, second)
		}
	}
	if after := mustCtl(t, "export", p.ledger, "--format", "jsonl").out; after != before {
		t.Error("playing again changed the ledger")
	}
	if !strings.Contains(a.err, "0 done, 29 there already") {
		t.Errorf("it said %q", a.err)
	}
}

const (
	signIn = `{"do":"staff.sign_in","by":"maria","pin":"246801"}`
	open   = `{"do":"cash.open_drawer","by":"maria","drawer":"1","count":[{"value":"20.00","n":15}]}`
	pay    = `{"do":"cash.take_payment","by":"maria","pay":[{"account":"01-0000-8","amount":"5.00"}],"tenders":[{"kind":"cash","amount":"5.00"}]}`
	short  = `{"do":"cash.take_payment","by":"maria","pay":[{"account":"01-0000-8","amount":"5.00"}],"tenders":[{"kind":"cash","amount":"4.00"}]}`
)

// oks writes a result as one letter a line: o done, a there already, r refused,
// e error.
func oks(t testing.TB, a answer) string {
	var b strings.Builder
	for _, r := range results(t, a.out) {
		switch {
		case r.Again:
			b.WriteByte('a')
		case r.OK:
			b.WriteByte('o')
		case r.Refused != nil:
			b.WriteByte('r')
		default:
			b.WriteByte('e')
		}
	}
	return b.String()
}

func TestWhatALineIsCalled(t *testing.T) {
	p := newPlace(t)
	step := func(what, want string, a answer) {
		t.Helper()
		if got := oks(t, a); got != want {
			t.Errorf("%s: got %s, want %s; %s", what, got, want, a.out)
		}
	}
	step("two payments that are alike are two", "ooooo", p.play(t, p.script(t, "day", signIn, open, pay, pay, pay)))
	step("more at the end", "aaaaao", p.play(t, p.script(t, "day", signIn, open, pay, pay, pay, pay)))
	step("blanks and order of fields do not matter", "aaaa", p.play(t, p.script(t, "day", signIn, open, strings.ReplaceAll(pay, `:`, ` : `),
		strings.Replace(strings.Replace(pay, `"by":"maria",`, ``, 1), `}]}`, `}],"by":"maria"}`, 1))))
	step("a line put in between is passed over", "aaraaaa", p.play(t, p.script(t, "day", signIn, open, strings.ReplaceAll(pay, "5.00", "6.00"), pay, pay, pay, pay)))
	step("unless it is to be tried", "aaoaaaa", p.play(t, p.path("day"), "--retry"))
	step("another file is another day", "rro", p.play(t, p.script(t, "tomorrow", open, short, pay)))
	step("unless it goes by the same name", "aa", p.play(t, p.script(t, "copy", open, pay), "--batch", "day"))
	id := strings.Replace(pay, `{`, `{"id":"0195c5d0-7a10-7000-8000-000000000001",`, 1)
	step("an id of its own", "o", p.play(t, p.script(t, "x", id)))
	step("is the same in every file", "a", p.play(t, p.script(t, "y", id)))
	step("and not for something else", "r", p.play(t, p.script(t, "z", strings.ReplaceAll(id, "5.00", "7.00"))))
	for range 2 {
		step("standard input is new each time", "o", ctlReading(t, pay, "play", "-", "--ledger", p.ledger, "--data", p.data))
	}
	step("unless it has a name", "a", ctlReading(t, open, "play", "-", "--batch", "day", "--ledger", p.ledger, "--data", p.data))
	mustCtl(t, "verify", p.ledger)
}

// TestAPINIsNotInAnID: the id is in every export, and a PIN has six digits.
func TestAPINIsNotInAnID(t *testing.T) {
	ids := make(map[string]bool)
	for range 2 {
		p := newPlace(t)
		right := results(t, p.play(t, p.script(t, "day", signIn)).out)[0]
		ids[right.Entries[0].Command] = true
		q := newPlace(t)
		wrong := results(t, q.play(t, q.script(t, "day", strings.Replace(signIn, "246801", "135790", 1)), "--stop").out)[0]
		if wrong.OK {
			t.Fatal("the wrong PIN was taken")
		}
		mended := results(t, q.play(t, q.script(t, "day", signIn)).out)[0]
		ids[mended.Entries[0].Command] = true
	}
	if len(ids) != 1 {
		t.Errorf("signing in has the ids %v, want one", ids)
	}
}

func TestLinesThatCannotBeRead(t *testing.T) {
	p := newPlace(t)
	long := `{"do":"staff.sign_in","by":"` + strings.Repeat("m", 70_000) + `"}`
	for _, c := range []struct{ line, want string }{
		{`hello`, "not a JSON object"},
		{`[1]`, "not a JSON object"},
		{`null`, "not a JSON object"},
		{`{"do":"staff.sign_in","by":"maria"`, "not a JSON object"},
		{strings.Repeat(`[`, 60_000), "not a JSON object"},
		{signIn + signIn, "more than one JSON object"},
		{`{"by":"maria"}`, `"do" is missing`},
		{`{"do":"staff.sign_out"}`, `"by" is missing`},
		{`{"do":"cash.fly","by":"maria"}`, "no command"},
		{`{"do":"staff.sign_out","by":"maria","by":"tom"}`, `"by" is there twice`},
		{`{"do":"staff.sign_out","by":"maria","BY":"tom"}`, `there twice`},
		{`{"do":"staff.sign_out","by":7}`, `"by" cannot be a number`},
		{`{"do":"staff.sign_out","by":"maria","colour":"red"}`, `no field "colour"`},
		{`{"do":"cash.no_sale","by":"maria","Reason":"make change"}`, `no field "Reason"`},
		{`{"do":"cash.no_sale","by":"maria"}`, `"reason" is missing`},
		{`{"do":"cash.take_payment","by":"maria","pay":[{"account":"01-0000-8"}],"tenders":[]}`, `"pay[0].amount" is missing`},
		{`{"do":"cash.take_payment","by":"maria","pay":[{"account":"01-0000-8","amount":"1.00","tip":"1"}],"tenders":[]}`, `no field "pay[0].tip"`},
		{`{"do":"cash.take_payment","by":"maria","pay":{},"tenders":[]}`, "list of objects"},
		{strings.Replace(pay, `"5.00"`, `5.00`, 1), "amount in quotes"},
		{`{"do":"staff.sign_out","by":"maria","id":"7"}`, "want a UUID"},
		{`{"do":"staff.sign_out","by":"maria","at":"yesterday"}`, "parsing time"},
		{long, "more than 65536 bytes"},
	} {
		a := p.play(t, p.script(t, "bad", "", c.line, "  ", signIn))
		got := results(t, a.out)
		if a.code != 1 || len(got) != 2 || !strings.Contains(got[0].Error, c.want) || got[0].Line != 2 {
			t.Errorf("%.80s ended with %d: %.300s; want %q", c.line, a.code, a.out, c.want)
			continue
		}
		if !got[1].OK || got[1].Line != 4 {
			t.Errorf("%.80s: the line after it gave %+v", c.line, got[1])
		}
	}
}

func TestStopAtTheFirstRefusal(t *testing.T) {
	p := newPlace(t)
	a := p.play(t, p.script(t, "day", signIn, pay, open), "--stop")
	if got := oks(t, a); got != "or" || a.code != 1 {
		t.Errorf("got %s and %d, want or and 1", got, a.code)
	}
	// Mended at the place where it stopped, it goes on from there.
	a = p.play(t, p.script(t, "day", signIn, open, pay), "--stop")
	if got := oks(t, a); got != "aoo" || a.code != 0 {
		t.Errorf("got %s and %d, want aoo and 0", got, a.code)
	}
}

func TestATrainingLedgerTakesTimes(t *testing.T) {
	p := newPlace(t)
	at := func(line, when string) string { return strings.Replace(line, `{`, `{"at":"`+when+`",`, 1) }
	trainee := strings.NewReplacer("maria", "sam", "246801", "141421")
	day := p.script(t, "day", at(trainee.Replace(signIn), "2026-03-02T08:00:00-08:00"), at(trainee.Replace(open), "2026-03-02T08:01:00-08:00"),
		at(trainee.Replace(pay), "2026-03-02T23:30:00-08:00"))
	a := p.play(t, day, "--training")
	got := results(t, a.out)
	if oks(t, a) != "ooo" {
		t.Fatalf("got %s", a.out)
	}
	e := got[2].Entries[0]
	if e.At.Format("2006-01-02T15:04Z07:00") != "2026-03-03T07:30Z" || e.Date != "2026-03-02" {
		t.Errorf("the payment is of %s, business date %s", e.At, e.Date)
	}
	if v := mustCtl(t, "verify", p.ledger).out; !strings.Contains(v, "TRAINING") {
		t.Errorf("verify does not say that it is practice: %s", v)
	}
	if a := p.play(t, day); a.code != 1 || !strings.Contains(a.err, "it is for training: give --training") {
		t.Errorf("as a real ledger it gave %d, %s", a.code, a.err)
	}
}

func TestAKiosk(t *testing.T) {
	p := newPlace(t)
	line := `{"do":"visit.take_ticket","by":"kiosk","service":"bill","language":"en"}`
	if got := results(t, p.play(t, p.script(t, "a", line), "--station", "K1").out)[0]; got.Refused == nil || got.Refused.Code != "staff.no_kiosk" {
		t.Errorf("a station that is no kiosk says %+v", got)
	}
	if got := results(t, p.play(t, p.script(t, "b", line), "--station", "K1", "--kiosk").out)[0]; !got.OK || got.Entries[0].Actor != "kiosk" {
		t.Errorf("a kiosk says %+v", got)
	}
	if a := p.play(t, p.script(t, "c", line), "--station", "K2"); a.code != 1 || !strings.Contains(a.err, "belongs to station K1") {
		t.Errorf("another station's ledger: %d, %s", a.code, a.err)
	}
	if a := p.play(t, p.path("c"), "--station", "kiosk"); a.code != 2 {
		t.Errorf("a station's id of small letters: %d, %s", a.code, a.err)
	}
}

func TestALostKeyIsNotMadeAnew(t *testing.T) {
	p := aDay(t)
	must(t, os.Remove(p.path("station.key")))
	a := p.play(t, p.script(t, "day", signIn))
	if _, err := os.Stat(p.path("station.key")); a.code != 1 || !strings.Contains(a.err, "restore it from the backup") || err == nil {
		t.Errorf("ended with %d: %s (%v)", a.code, a.err, err)
	}
}

func TestListOfCommands(t *testing.T) {
	text := mustCtl(t, "play", "--list").out
	var list struct {
		Fields   []struct{ Name string }
		Commands []struct {
			Name, Doc string
			Fields    []struct {
				Name, Type, Doc string
				Fields          []struct{ Name, Type, Doc string }
			}
		}
	}
	must(t, json.Unmarshal([]byte(mustCtl(t, "play", "--list", "--json").out), &list))
	if len(list.Commands) < 19 || len(list.Fields) != 7 {
		t.Fatalf("%d commands, %d fields for all", len(list.Commands), len(list.Fields))
	}
	for _, c := range list.Commands {
		if c.Doc == "" || !strings.Contains(text, "\n"+c.Name+"\n    "+c.Doc) {
			t.Errorf("%s is not documented in words", c.Name)
		}
		for _, f := range c.Fields {
			if f.Type == "" || f.Doc == "" || !strings.Contains(text, f.Name+" ("+f.Type) {
				t.Errorf("%s: the field %q has type %q and words %q", c.Name, f.Name, f.Type, f.Doc)
			}
			for _, g := range f.Fields {
				if g.Type == "" || g.Doc == "" {
					t.Errorf("%s: the field %s.%s has type %q and words %q", c.Name, f.Name, g.Name, g.Type, g.Doc)
				}
			}
		}
	}
}
