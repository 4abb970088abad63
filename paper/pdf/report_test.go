package pdf_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	. "gatehouse/desk/desktest"
	"gatehouse/desk/report"
	"gatehouse/ledger"
	"gatehouse/paper/pdf"
)

// reports are all reports of some weeks.
func reports(t testing.TB, weeks int) map[string]report.Table {
	t.Helper()
	s := New(t, Options{Policy: Everything})
	Weeks(s, weeks)
	all := map[string]report.Table{}
	s.Look(func(st *ledger.State) error {
		for _, k := range report.Kinds() {
			table, err := report.Make(st, k.Name, report.Ask{Period: report.Period{From: 20261123, To: 20270930}, Zone: s.Book.Location(), Safe: s.Policy.Safe, Unclaimed: s.Policy.Cash.Unclaimed})
			if err != nil {
				return err
			}
			all[k.Name] = table
		}
		return nil
	})
	return all
}

func options() pdf.ReportOptions {
	return pdf.ReportOptions{Utility: "Arroyo Water District", By: "Ben Okafor", At: Began(), Zone: time.FixedZone("PST", -8*60*60)}
}

func drawReport(t testing.TB, table report.Table, o pdf.ReportOptions) []byte {
	t.Helper()
	out, err := pdf.Report(&table, o)
	if err != nil {
		t.Fatalf("%s: %v", table.Name, err)
	}
	return out
}

// TestReports: another program reads from every report each figure and word of its
// table, and on each page what it is and which page of how many.
func TestReports(t *testing.T) {
	for name, table := range reports(t, 5) {
		out := drawReport(t, table, options())
		keep(t, "report-"+name+".pdf", out)
		if again := drawReport(t, table, options()); !bytes.Equal(again, out) {
			t.Errorf("%s: drawn twice, it is not the same", name)
		}
		pages := pagesOf(t, out)
		all := strings.Join(pages, " ")
		for _, says := range []string{"Arroyo Water District", table.Title, table.When(), "Printed Nov 23, 2026 08:00", "by Ben Okafor", fmt.Sprintf("Station A1, entries 1 to %d", table.Through)} {
			if !strings.Contains(pages[0], says) {
				t.Errorf("%s: the first page does not say %q", name, says)
			}
		}
		for i, page := range pages {
			if want := fmt.Sprintf("Page %d of %d", i+1, len(pages)); !strings.Contains(page, want) {
				t.Errorf("%s: page %d does not say %q", name, i+1, want)
			}
		}
		for _, r := range append(slices.Clone(table.Rows), report.Row{Cells: table.Totals}) {
			for i, cell := range r.Cells {
				for _, word := range strings.Fields(table.Columns[i].Write(cell)) {
					if !strings.Contains(all, word) {
						t.Errorf("%s: %q of %s is missing", name, word, table.Columns[i].Title)
					}
				}
			}
		}
	}
}

// pagesOf reads the words of each page, as pdftotext finds them.
func pagesOf(t testing.TB, file []byte) (pages []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", "-layout", "-enc", "UTF-8", path, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext (Debian package poppler-utils): %v", err)
	}
	for _, page := range strings.Split(strings.TrimSuffix(string(text), "\f"), "\f") {
		pages = append(pages, strings.Join(strings.Fields(page), " "))
	}
	return pages
}

// TestAmountsStandAtTheRight: the amounts of a column end at one place.
func TestAmountsStandAtTheRight(t *testing.T) {
	table := reports(t, 1)["gl"]
	path := filepath.Join(t.TempDir(), "gl.pdf")
	if err := os.WriteFile(path, drawReport(t, table, options()), 0o600); err != nil {
		t.Fatal(err)
	}
	boxes, err := exec.Command("pdftotext", "-bbox", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	var ends []float64
	for _, m := range regexp.MustCompile(`xMax="([0-9.]+)" yMax="[0-9.]+">-?[0-9,]+\.[0-9]{2}<`).FindAllStringSubmatch(string(boxes), -1) {
		x, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		ends = append(ends, x)
	}
	slices.Sort(ends)
	ends = slices.CompactFunc(ends, func(a, b float64) bool { return math.Abs(a-b) < 0.1 })
	if len(ends) != 3 { // debit, credit, net
		t.Errorf("amounts end at %v", ends)
	}
}

// TestThePictureSaysWhatTheTableSays: every bar is as long as its figure is large, in
// one scale over the whole picture, what is over filled and what is short outlined;
// and the figures are the table's.
func TestThePictureSaysWhatTheTableSays(t *testing.T) {
	all := reports(t, 2)
	for name, column := range map[string]string{"over-short": "Over/short", "over-short-drawer": "Over/short", "cash": "All together", "tenders": "Net", "days": "Net", "credit": "Together"} {
		table := all[name]
		var values []ledger.Cents
		var sum ledger.Cents
		for _, panel := range table.Picture.Panels {
			for _, b := range panel.Bars {
				sum += b.Value
				if b.Value != 0 {
					values = append(values, b.Value)
				}
			}
		}
		if sum != table.Total(column) {
			t.Errorf("%s: the picture shows %s, the table %s", name, sum, table.Total(column))
		}
		bars := regexp.MustCompile(`(?m)^(-?[0-9.]+) (-?[0-9.]+) (-?[0-9.]+) (-?[0-9.]+) re (f|S)$`).FindAllStringSubmatch(content(t, drawReport(t, table, options())), -1)
		if len(bars) != len(values) {
			t.Errorf("%s: %d bars for %d figures", name, len(bars), len(values))
			continue
		}
		side := 4 // a standing bar is as high as its figure
		if table.Picture.Shape == report.Lying {
			side = 3
		}
		scale := 0.0
		for i, b := range bars {
			length, err := strconv.ParseFloat(b[side], 64)
			if err != nil {
				t.Fatal(err)
			}
			each := math.Abs(length) / math.Abs(float64(values[i]))
			if scale == 0 {
				scale = each
			}
			if math.Abs(length) > 2 && math.Abs(each/scale-1) > 0.02 || (b[5] == "f") != (values[i] > 0) {
				t.Errorf("%s: the bar of %s is %s points, %s, in a scale of %g points a cent", name, values[i], b[side], b[5], scale)
			}
		}
	}
}

// TestTrainingPagesSaySo: every one of them.
func TestTrainingPagesSaySo(t *testing.T) {
	o := options()
	o.Training, o.Page = true, pdf.A4
	pages := pagesOf(t, drawReport(t, reports(t, 2)["gl"], o))
	if len(pages) < 2 {
		t.Fatalf("%d pages", len(pages))
	}
	for i, page := range pages {
		if !strings.Contains(page, "TRAINING - NOT VALID") {
			t.Errorf("page %d does not say that it is training", i+1)
		}
	}
}

// TestReportsAreBounded: more pages than anybody would read are refused; a word of any
// length, and no rows at all, are drawn.
func TestReportsAreBounded(t *testing.T) {
	table := report.Table{Name: "gl", Title: "GL", Columns: []report.Column{{Title: "Account", Lead: true}, {Title: "Net", Form: report.Money}},
		Notes: []string{strings.Repeat("long ", 400), strings.Repeat("x", 4000)}}
	drawReport(t, table, options())
	row := report.Row{Cells: []report.Cell{{Set: true, Text: strings.Repeat("wide", 300)}, {Set: true, N: math.MaxInt64 / 2}}}
	table.Rows = []report.Row{row, row}
	drawReport(t, table, options())
	table.Rows = slices.Repeat([]report.Row{{Cells: []report.Cell{{Set: true, Text: "a"}, {Set: true, N: 1}}}}, 50_000)
	if _, err := pdf.Report(&table, options()); err == nil || !strings.Contains(err.Error(), "shorter period") {
		t.Errorf("%v", err)
	}
}

func BenchmarkReport(b *testing.B) {
	table := reports(b, 5)["proof"]
	for b.Loop() {
		drawReport(b, table, options())
	}
}
