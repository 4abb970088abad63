package billing

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"iter"
	"slices"

	"gatehouse/central/book"
	"gatehouse/central/replica"
	"gatehouse/central/store"
	"gatehouse/desk/report"
	"gatehouse/ledger"
)

// Sums is the form of a GL file that has a line for each account, business date and
// station; the others are journals of one station, as the desk exports them.
const Sums = "sums"

// GLForms lists the forms of a file for the general ledger.
func GLForms() []string {
	forms := []string{Sums}
	for _, f := range ledger.Formats() {
		forms = append(forms, string(f))
	}
	return forms
}

// GL is what is asked for.
type GL struct {
	Period  report.Period
	Form    string
	Station ledger.LogID // zero: all, which only Sums can be of
}

// WriteGL makes a file for the general ledger, and enters it. It takes nothing away:
// the same period can be written again.
func (o *Office) WriteGL(ctx context.Context, by string, copies *replica.Replicas, ask GL) (name string, text []byte, err error) {
	if err := ask.Period.Check(); err != nil {
		return "", nil, err
	}
	if !slices.Contains(GLForms(), ask.Form) {
		return "", nil, ledger.Refuse("central.gl_form", "Choose a form.").At("form")
	}
	logs, err := o.glLogs(ctx, ask)
	if err != nil {
		return "", nil, err
	}
	var out bytes.Buffer
	name = fmt.Sprintf("gl-%d-%d", ask.Period.From, ask.Period.To)
	file := book.GLWritten{From: ask.Period.From, To: ask.Period.To, Form: ask.Form}
	if ask.Form == Sums {
		err = writeSums(ctx, copies, logs, ask.Period, &out)
		name += ".csv"
	} else {
		file.Station = string(logs[0].Identity.Station)
		err = ledger.ExportEntries(&out, logs[0].Identity.Station, ledger.Format(ask.Form), o.within(ctx, logs[0], ask.Period))
		name += "-" + file.Station + endings()[ledger.Format(ask.Form)]
	}
	if err != nil {
		return "", nil, fmt.Errorf("write a file for the general ledger: %w", err)
	}
	file.Hash = sha256.Sum256(out.Bytes())
	if err := o.Book.EnterGL(ctx, by, file); err != nil {
		return "", nil, err
	}
	return name, out.Bytes(), nil
}

func endings() map[ledger.Format]string {
	return map[ledger.Format]string{ledger.JSONL: ".jsonl", ledger.CSV: ".csv", ledger.Hledger: ".journal", ledger.Beancount: ".beancount"}
}

// glLogs are the logs of a file.
func (o *Office) glLogs(ctx context.Context, ask GL) ([]store.Log, error) {
	if ask.Station != (ledger.LogID{}) {
		log, err := o.Store.Log(ctx, ask.Station)
		return []store.Log{log}, err
	}
	if ask.Form != Sums {
		return nil, ledger.Refuse("central.gl_station", "A journal is of one station: choose it.").At("station")
	}
	logs, err := o.Store.Logs(ctx)
	return slices.DeleteFunc(logs, func(l store.Log) bool { return l.ID == o.Book.Log() || l.Identity.Training }), err
}

// writeSums adds up each station's postings by account and date, with the desk's report.
func writeSums(ctx context.Context, copies *replica.Replicas, logs []store.Log, period report.Period, out *bytes.Buffer) error {
	w := csv.NewWriter(out)
	w.Write([]string{"station", "date", "account", "debit", "credit", "net"})
	for _, log := range logs {
		err := copies.Read(ctx, log.ID, func(s *ledger.State) error {
			t, err := report.Make(s, "gl", report.Ask{Period: period})
			if err != nil {
				return err
			}
			for _, r := range t.Rows {
				plain := func(i int) string { return ledger.Cents(r.Cells[i].N).Plain() }
				w.Write([]string{string(log.Identity.Station), r.Cells[0].Text, r.Cells[1].Text, plain(3), plain(4), plain(5)})
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// within walks the entries of a period. Business dates need not follow one another, so
// the whole log is read.
func (o *Office) within(ctx context.Context, log store.Log, period report.Period) iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		for e, err := range store.Chained(ctx, o.Store, log, 1, log.Head.Seq) {
			if err != nil {
				yield(ledger.Entry{}, err)
				return
			}
			if period.Has(e.Date) && !yield(e.Entry, nil) {
				return
			}
		}
	}
}
