package main_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"gatehouse/desk/report"
	"gatehouse/ledger"
)

// TestEveryReportOfTheDay: each of the list is made of the sample day, as text, as PDF
// that another program reads, as CSV, and as receipt paper.
func TestEveryReportOfTheDay(t *testing.T) {
	p := aDay(t)
	list := mustCtl(t, "report", "--what", "list").out
	for _, k := range report.Kinds() {
		if !strings.Contains(list, k.Name) {
			t.Errorf("the list has no %s:\n%s", k.Name, list)
		}
		ask := []string{"report", p.ledger, "--data", p.data, "--what", k.Name}
		ask = append(ask, asked(t, k, "20261101", "2026-11-30")...)
		text := mustCtl(t, append(ask, "--text")...).out
		if !strings.HasPrefix(text, k.Title+", ") {
			t.Errorf("%s begins with %.60q", k.Name, text)
		}
		file, sheet := p.path(k.Name+".pdf"), p.path(k.Name+".csv")
		mustCtl(t, append(ask, "--pdf", file, "--by", "Ben Okafor")...)
		if read := run(t, "pdftotext", file, "-"); !strings.Contains(read, k.Title) || !strings.Contains(read, "Alder Creek Water District") || !strings.Contains(read, "by Ben Okafor") {
			t.Errorf("%s as PDF: %.200q", k.Name, read)
		}
		mustCtl(t, append(ask, "--csv", sheet)...)
		text2, err := os.ReadFile(sheet)
		must(t, err)
		if _, err := csv.NewReader(strings.NewReader(string(text2))).ReadAll(); err != nil {
			t.Errorf("%s as CSV: %v", k.Name, err)
		}
		paper := mustCtl(t, append(ask, "--paper", "42")...).out
		if !strings.Contains(paper, "END A1-R") {
			t.Errorf("%s on paper:\n%s", k.Name, paper)
		}
		for _, says := range []string{text, paper} {
			if strings.Contains(says, "DOES NOT AGREE") {
				t.Errorf("%s: %s", k.Name, says)
			}
		}
	}
}

// asked are the dates of a span, as far as a report takes them.
func asked(t *testing.T, k report.Kind, from, to string) []string {
	t.Helper()
	day := func(text string) ledger.Date {
		n, err := strconv.Atoi(strings.ReplaceAll(text, "-", ""))
		must(t, err)
		return ledger.Date(n)
	}
	last := day(to)
	switch {
	case k.Now:
		return nil
	case k.Fits(report.Period{From: day(from), To: last}, 0):
		return []string{"--from", from, "--to", to}
	case k.Name == "day" && to == "2026-11-30":
		return []string{"--from", "20261123"} // the day that something happened on
	}
	return []string{"--to", to, "--from", to}
}

// TestAReportNeedsNoSecret: what is only read needs no key, leaves the file as it was,
// and with the station's public key it is refused where another station wrote it.
func TestAReportNeedsNoSecret(t *testing.T) {
	p := aDay(t)
	key := p.path("station.key")
	public := strings.TrimSpace(mustCtl(t, "key", "show", key).out)
	must(t, os.Remove(key))
	must(t, os.Remove(filepath.Join(p.data, "ref.db")))
	before, err := os.ReadFile(p.ledger)
	must(t, err)
	for _, more := range [][]string{nil, {"--key", public}} {
		out := mustCtl(t, append([]string{"report", p.ledger, "--data", p.data, "--what", "cash"}, more...)...).out
		if !strings.HasPrefix(out, "Cash position, as of now\nStation A1, ") {
			t.Errorf("%q: %.80q", more, out)
		}
	}
	if after, err := os.ReadFile(p.ledger); err != nil || !bytes.Equal(before, after) {
		t.Errorf("reading changed the file: %v", err)
	}
	if _, err := os.Stat(key); err == nil {
		t.Error("reading made a key")
	}
	a := ctl(t, "report", p.ledger, "--data", p.data, "--what", "cash", "--key", strings.Repeat("ab", 32))
	if a.code != 1 || !strings.Contains(a.err, "the file names another station key than the one given") {
		t.Errorf("another key: %d %q", a.code, a.err)
	}
}

// TestTheDistributionIsTheExports: the GL distribution agrees to the cent with what
// hledger reads from the export.
func TestTheDistributionIsTheExports(t *testing.T) {
	p := aDay(t)
	journal := p.path("day.journal")
	mustCtl(t, "export", p.ledger, "--format", "hledger", "-o", journal)
	distributionAgrees(t, p, journal)
}

func distributionAgrees(t *testing.T, p place, journal string) {
	t.Helper()
	gl := p.path("gl.csv")
	mustCtl(t, "report", p.ledger, "--data", p.data, "--what", "gl", "--from", "20260101", "--to", "20301231", "--csv", gl)
	f, err := os.ReadFile(gl)
	must(t, err)
	rows, err := csv.NewReader(strings.NewReader(string(f))).ReadAll()
	must(t, err)
	ours := map[string]ledger.Cents{}
	for _, row := range rows[1:] {
		ours[row[1]] += amount(t, row[5])
	}
	// hledger has the sub-accounts as accounts below; every account of ours is what it
	// and those below it have.
	for name, want := range ours {
		theirs, err := csv.NewReader(strings.NewReader(run(t, "hledger", "-f", journal, "balance", "--flat", "--no-total", "-O", "csv", "--empty", "^"+name+"(:|$)"))).ReadAll()
		must(t, err)
		var sum ledger.Cents
		for _, row := range theirs[1:] {
			sum += amount(t, row[1])
		}
		if sum != want {
			t.Errorf("%s: hledger has %s, the distribution %s", name, sum, want)
		}
	}
	if len(ours) < 5 {
		t.Errorf("only %v", ours)
	}
}

func TestReportsThatCannotBeAskedFor(t *testing.T) {
	p := aDay(t)
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"--data D", 2, "--what is missing"},
		{"LEDGER --data D --what gossip", 2, "there is no report"},
		{"--data D --what gl", 2, "the ledger"},
		{"LEDGER --what gl", 2, "--data is missing"},
		{"LEDGER --data D --what gl --from 20261131", 2, "not a date"},
		{"LEDGER --data D --what gl --from tomorrow", 2, "not a date"},
		{"LEDGER --data D --what gl --from 20261130 --to 20261101", 1, "end before it begins"},
		{"LEDGER --data D --what gl --paper 7", 2, "columns"},
		{"NOWHERE --data D --what gl", 1, "look for the ledger"},
		{"LEDGER --data D --what day --from 20261123 --to 20261124", 2, "the report day, Roll-up of the day, takes one business date; for any other period there are roll-up and days"},
		{"LEDGER --data D --what month --from 20261123 --to 20261201", 2, "takes any date of the month"},
		{"LEDGER --data D --what year --from 20260630 --to 20260701", 2, "takes any date of the fiscal year"},
		{"LEDGER --data D --what credit --from 20261101 --to 20261123", 2, "takes one date: it is as of the end of it"},
		{"LEDGER --data D --what cash --from 20261101", 2, "takes no dates: it is of this moment"},
	} {
		args := []string{"report"}
		for _, a := range strings.Fields(c.args) {
			args = append(args, map[string]string{"LEDGER": p.ledger, "D": p.data, "NOWHERE": p.path("nowhere.db")}[a])
			if args[len(args)-1] == "" {
				args[len(args)-1] = a
			}
		}
		if a := ctl(t, args...); a.code != c.code || !strings.Contains(a.err, c.says) {
			t.Errorf("%s: %d %q, want %d and %q", c.args, a.code, a.err, c.code, c.says)
		}
	}
}
