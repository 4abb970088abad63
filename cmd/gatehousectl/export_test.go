package main_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"gatehouse/desk"
	"gatehouse/ledger"
)

// balances are the balances of a ledger as its own view has them, by account and
// sub-account joined with a colon. Those of nothing are left out.
func balances(t testing.TB, p place) map[string]ledger.Cents {
	t.Helper()
	key, err := ledger.LoadKey(p.path("station.key"), random(1))
	must(t, err)
	book, err := ledger.Open(ledger.Options{Path: p.ledger, Station: "A1", Signer: key, Views: desk.Views()})
	must(t, err)
	defer book.Close()
	out := make(map[string]ledger.Cents)
	must(t, book.Read(func(s *ledger.State) error {
		subs := map[string]bool{}
		for seq := uint64(1); seq <= s.Head().Seq; seq++ {
			e, err := s.Entry(seq)
			if err != nil {
				return err
			}
			for _, l := range e.Lines {
				subs[l.Sub] = true
			}
		}
		for sub := range subs {
			for b := range s.Balances(sub) {
				name := b.Account
				if sub != "" {
					name += ":" + sub
				}
				if b.Net() != 0 {
					out[name] = b.Net()
				}
			}
		}
		return nil
	}))
	if len(out) < 10 {
		t.Fatalf("the day has only the balances %v", out)
	}
	return out
}

// run runs a program of another project. One that is not there is a failure:
// make test installs hledger and beancount.
func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out.String(), errs.String())
	}
	return out.String()
}

// amount reads "129.32 USD", with or without the commodity.
func amount(t testing.TB, text string) ledger.Cents {
	t.Helper()
	text = strings.TrimSpace(strings.ReplaceAll(text, "USD", ""))
	if text == "0" || text == "" {
		return 0
	}
	var c ledger.Cents
	must(t, c.UnmarshalText([]byte(text)))
	return c
}

// tally compares the rows of another program's balances with ours. name writes
// our accounts its way.
func tally(t testing.TB, ours map[string]ledger.Cents, rows [][]string, name func(string) string) {
	t.Helper()
	theirs := make(map[string]ledger.Cents)
	for _, row := range rows[1:] {
		if a := amount(t, row[1]); a != 0 {
			theirs[strings.TrimSpace(row[0])] = a
		}
	}
	for account, want := range ours {
		if got := theirs[name(account)]; got != want {
			t.Errorf("%s: they have %s, we have %s", account, got, want)
		}
	}
	if len(theirs) != len(ours) {
		t.Errorf("they have %d balances, we have %d: %v", len(theirs), len(ours), theirs)
	}
}

func TestHledgerHasTheSameBalances(t *testing.T) {
	p := aDay(t)
	journal := p.path("day.journal")
	mustCtl(t, "export", p.ledger, "--format", "hledger", "-o", journal)
	run(t, "hledger", "-f", journal, "check")
	rows, err := csv.NewReader(strings.NewReader(run(t, "hledger", "-f", journal, "balance", "--flat", "--no-total", "-O", "csv"))).ReadAll()
	must(t, err)
	tally(t, balances(t, p), rows, func(account string) string { return account })
}

func TestBeancountHasTheSameBalances(t *testing.T) {
	p := aDay(t)
	journal := p.path("day.beancount")
	mustCtl(t, "export", p.ledger, "--format", "beancount", "-o", journal)
	run(t, "bean-check", journal)
	rows, err := csv.NewReader(strings.NewReader(run(t, "bean-query", "-f", "csv", journal,
		"SELECT account, sum(number) AS total GROUP BY account"))).ReadAll()
	must(t, err)
	tally(t, balances(t, p), rows, func(account string) string {
		parts := strings.Split(account, ":")
		for i, p := range parts {
			parts[i] = strings.ToUpper(p[:1]) + p[1:]
		}
		return strings.Join(parts, ":")
	})
}

// TestAWrongAssertionIsNoticed: the two tests above would be worth nothing if
// the programs took any journal.
func TestAWrongAssertionIsNoticed(t *testing.T) {
	p := aDay(t)
	for _, c := range []struct {
		format string
		wrong  string
		check  []string
	}{
		{"hledger", "81.08", []string{"hledger", "-f", p.path("j"), "balance"}},
		// beancount tolerates a difference of one in the last place.
		{"beancount", "81.09", []string{"bean-check", p.path("j")}},
	} {
		text := mustCtl(t, "export", p.ledger, "--format", c.format).out
		at := strings.LastIndex(text, "81.07")
		if at < 0 {
			t.Fatalf("%s: there is no balance of 81.07", c.format)
		}
		must(t, os.WriteFile(p.path("j"), []byte(text[:at]+c.wrong+text[at+len("81.07"):]), 0o600))
		if err := exec.Command(c.check[0], c.check[1:]...).Run(); err == nil {
			t.Errorf("%s takes a wrong balance", c.format)
		}
	}
}

func TestJSONLAndCSVHaveEveryEntryAndPosting(t *testing.T) {
	p := aDay(t)
	var postings, entries int
	sums := make(map[string]ledger.Cents)
	for line := range strings.Lines(mustCtl(t, "export", p.ledger, "--format", "jsonl").out) {
		var e ledger.EntryForPeople
		must(t, json.Unmarshal([]byte(line), &e))
		entries++
		if e.Seq != uint64(entries) {
			t.Errorf("entry %d stands at place %d", e.Seq, entries)
		}
		for _, l := range e.Lines {
			postings++
			name := l.Account
			if l.Sub != "" {
				name += ":" + l.Sub
			}
			sums[name] += ledger.Cents(l.Cents)
		}
	}
	for name, want := range balances(t, p) {
		if sums[name] != want {
			t.Errorf("%s: the lines sum to %s, the view has %s", name, sums[name], want)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(mustCtl(t, "export", p.ledger, "--format", "csv").out)).ReadAll()
	must(t, err)
	if len(rows) != postings+1 {
		t.Errorf("%d rows for %d postings", len(rows), postings)
	}
}

func TestAnExportIsWrittenWholeOrNotAtAll(t *testing.T) {
	p := aDay(t)
	out := p.script(t, "out.csv", "what was here before")
	mustCtl(t, "export", p.ledger, "--format", "csv", "-o", out)
	text, err := os.ReadFile(out)
	must(t, err)
	if string(text) != mustCtl(t, "export", p.ledger, "--format", "csv").out {
		t.Error("the file is not what standard output is")
	}
	broken := p.script(t, "broken.db", "not a ledger")
	if a := ctl(t, "export", broken, "--format", "csv", "-o", out); a.code != 1 {
		t.Errorf("a broken ledger gave %d", a.code)
	}
	after, err := os.ReadFile(out)
	must(t, err)
	if string(after) != string(text) {
		t.Error("a failed export changed the file")
	}
	left, err := os.ReadDir(p.dir)
	must(t, err)
	for _, f := range left {
		if strings.HasPrefix(f.Name(), ".new-") {
			t.Errorf("%s was left", f.Name())
		}
	}
}
