package pdf_test

import (
	"testing"
	"time"

	. "gatehouse/desk/desktest"
	"gatehouse/desk/report"
	"gatehouse/ledger"
	"gatehouse/paper/pdf"
)

// reports are all reports of some weeks.
func reports(t *testing.T, weeks int) map[string]report.Table {
	t.Helper()
	s := New(t, Options{Policy: Everything})
	Weeks(s, weeks)
	all := map[string]report.Table{}
	s.Look(func(st *ledger.State) error {
		for _, k := range report.Kinds() {
			table, err := report.Make(st, k.Name, report.Ask{Period: report.Period{From: 20261123, To: 20270930}, Zone: s.Book.Location(), Safe: s.Policy.Safe})
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
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		panic(err)
	}
	return pdf.ReportOptions{Utility: "Arroyo Water District", By: "Ben Okafor", At: Began(), Zone: zone}
}

func TestReports(t *testing.T) {
	for name, table := range reports(t, 5) {
		out, err := pdf.Report(&table, options())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		keep(t, "report-"+name+".pdf", out)
	}
}
