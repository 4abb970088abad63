package paper_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	. "gatehouse/desk/desktest"
	"gatehouse/desk/report"
	"gatehouse/drivers/escpos"
	"gatehouse/ledger"
	"gatehouse/paper"
)

// masks are what differs in each run: ends of receipt numbers.
var masks = regexp.MustCompile(`(A1-[0-9]{6})-[0-9A-Z]{4}\b`)

// reports are reports of a week, with hashes that are always the same.
func reports(t testing.TB, s *Station, names ...string) (all []report.Table) {
	t.Helper()
	hash := regexp.MustCompile(`^[0-9a-f]{64}$`)
	s.Look(func(st *ledger.State) error {
		for _, name := range names {
			table, err := report.Make(st, name, report.Ask{Period: report.Period{From: 20261123, To: 20261127}, Zone: s.Book.Location(), Safe: s.Policy.Safe, Unclaimed: s.Policy.Cash.Unclaimed, Session: map[string]string{"proof": "A1-S0003"}[name]})
			if err != nil {
				return err
			}
			for i, f := range table.Facts {
				table.Facts[i].Value = hash.ReplaceAllString(f.Value, strings.Repeat("c0ffee00", 8))
			}
			all = append(all, table)
		}
		return nil
	})
	return all
}

// TestReportsOnPaper: reports as the receipt printer prints them, on both widths.
func TestReportsOnPaper(t *testing.T) {
	s := New(t, Options{Policy: Everything})
	Weeks(s, 1)
	sheet, err := paper.SheetOf(s.Desk)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range reports(t, s, "day", "days", "over-short", "cash", "tenders", "voids", "gl", "proof", "credit", "cashiers", "returned", "transit") {
		doc, err := sheet.Report(&table, "Ben Okafor", s.Clock.Now())
		if err != nil {
			t.Fatalf("%s: %v", table.Name, err)
		}
		for _, columns := range []int{42, 48} {
			got := masks.ReplaceAllString(escpos.PlainText(doc, columns), "$1-MARK")
			for n, line := range strings.Split(got, "\n") {
				if len([]rune(line)) > columns {
					t.Errorf("%s, line %d is longer than %d: %q", table.Name, n+1, columns, line)
				}
			}
			path := filepath.Join("testdata", fmt.Sprintf("report-%s-%d.txt", table.Name, columns))
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s: got\n%s\nwant\n%s", path, got, want)
			}
		}
		for _, profile := range escpos.Profiles() {
			if _, err := escpos.Encode(doc, profile); err != nil {
				t.Errorf("%s on %s: %v", table.Name, profile.Name, err)
			}
		}
	}
}

// TestAReportOfAYearIsNoPaper: what no roll could hold is refused, not begun.
func TestAReportOfAYearIsNoPaper(t *testing.T) {
	table := report.Table{Name: "gl", Columns: []report.Column{{Title: "Date", Lead: true}, {Title: "Net", Form: report.Money}}}
	for range escpos.MaxItems {
		table.Rows = append(table.Rows, report.Row{Cells: []report.Cell{{Set: true, Text: "2026-11-23"}, {Set: true, N: 1}}})
	}
	if _, err := (paper.Sheet{}).Report(&table, "Ben", Began()); err == nil || !strings.Contains(err.Error(), "shorter period") {
		t.Errorf("%v", err)
	}
}

// TestATrainingReportSaysSo: on every strip of it.
func TestATrainingReportSaysSo(t *testing.T) {
	s := New(t, Options{Policy: Everything, Training: true})
	sheet, err := paper.SheetOf(s.Desk)
	if err != nil {
		t.Fatal(err)
	}
	tables := reports(t, s, "cashiers")
	doc, err := sheet.Report(&tables[0], "Ben Okafor", s.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	if text := escpos.PlainText(doc, 42); strings.Count(text, "TRAINING") < 4 {
		t.Errorf("%s", text)
	}
}
