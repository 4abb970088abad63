package flow

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	"gatehouse/desk/report"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
	"gatehouse/paper/pdf"
	"gatehouse/paper/spool"
)

// Runner carries effects out. It may be used from any goroutine.
type Runner struct {
	Desk   *desk.Desk
	Folder string           // where reports are kept as PDF; made when it is needed
	Now    func() time.Time // for the time on a report
}

// Run carries an effect out and returns what came of it.
func (r *Runner) Run(e Effect) Event {
	switch e.Do {
	case DoMake:
		table, err := r.make(e)
		if err == nil {
			return Made{Turn: e.Turn, Table: &table}
		}
		if refusal, ok := ledger.AsRefusal(err); ok {
			return Made{Turn: e.Turn, Refusal: refusal}
		}
		return Made{Turn: e.Turn, Trouble: err.Error()}
	case DoSave:
		path, err := r.save(e)
		if err != nil {
			return Saved{Turn: e.Turn, Trouble: err.Error()}
		}
		return Saved{Turn: e.Turn, Path: path}
	}
	return nil
}

// make makes a report for somebody who may count others' drawers, and has none open.
func (r *Runner) make(e Effect) (t report.Table, err error) {
	who, err := r.Desk.Staff.Person(e.Who)
	if err != nil {
		return t, err
	}
	err = r.Desk.Read(func(s *ledger.State) error {
		if err := r.Desk.Staff.Require(s, staff.Acting{Who: who}, staff.CountOthers); err != nil {
			return err
		}
		if _, open, err := cash.SessionOf(s, e.Who); err != nil || open {
			return cmp.Or(err, error(ledger.Refuse("report.drawer_open", "Close your drawer first: whoever has one open counts it blind.")))
		}
		ask := r.Desk.Policy.Ask(r.Desk.Book.Location())
		ask.Period, ask.Reprint = e.Period, spool.ReprintOf
		t, err = report.Make(s, e.What, ask)
		return err
	})
	return t, err
}

// save keeps a report as PDF, as a whole or not at all.
func (r *Runner) save(e Effect) (string, error) {
	id := r.Desk.Book.Identity()
	drawn, err := pdf.Report(e.Table, pdf.ReportOptions{Utility: r.Desk.Policy.Utility.Name, By: e.Name, At: r.Now(),
		Zone: r.Desk.Book.Location(), Training: id.Training, Page: pdf.Letter})
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(r.Folder, 0o700); err != nil {
		return "", fmt.Errorf("keep the report: %w", err)
	}
	path := filepath.Join(r.Folder, fmt.Sprintf("%s-%s-%d-%d-E%06d.pdf", id.Station, e.Table.Name, e.Table.Period.From, e.Table.Period.To, e.Table.Through))
	if err := ledger.WriteFile(path, drawn, 0o600); err != nil {
		return "", fmt.Errorf("keep the report: %w", err)
	}
	return path, nil
}
