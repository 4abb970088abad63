package main_test

import (
	"encoding/csv"
	"os"
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
		ask := []string{"report", p.ledger, "--data", p.data, "--what", k.Name, "--from", "20261101", "--to", "2026-11-30"}
		if k.Name == "day" {
			ask[7] = "20261123"
		}
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

// TestTheDistributionIsTheExports: the GL distribution agrees to the cent with what
// hledger reads from the export.
func TestTheDistributionIsTheExports(t *testing.T) {
	p := aDay(t)
	journal := p.path("day.journal")
	mustCtl(t, "export", p.ledger, "--format", "hledger", "-o", journal)
	distributionAgrees(t, p, journal)
}

func distributionAgrees(t *testing.T, p place, journal string, more ...string) {
	t.Helper()
	gl := p.path("gl.csv")
	mustCtl(t, append([]string{"report", p.ledger, "--data", p.data, "--what", "gl", "--from", "20260101", "--to", "20301231", "--csv", gl}, more...)...)
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
