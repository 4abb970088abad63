package report

import (
	"fmt"
	"slices"
	"strings"

	"gatehouse/desk/watch"
	"gatehouse/ledger"
)

// watch is what of the period deserves a look. The whole log is read, since what raises
// a finding may be older; a finding belongs to the date of its last entry.
func (r *run) watch() (Table, error) {
	t := Table{Columns: []Column{{Title: "Pattern", Lead: true}, {Title: "Who", Lead: true}, {Title: "What"}, {Title: "Date"}, {Title: "Raised by"}}}
	w := watch.New(r.ask.Watch, r.ask.Reprint)
	var dates []ledger.Date // of the entries, from number 1 on
	err := r.each(func(e *ledger.Entry) error {
		dates = append(dates, e.Date)
		return w.Take(e)
	})
	if err != nil {
		return t, err
	}
	for _, f := range w.Findings() {
		if date := dates[slices.Max(f.Entries)-1]; r.ask.Period.Has(date) {
			t.row(f.Entries, say(string(f.Pattern)), say(f.Who), say(f.What), say(date.String()), say(entriesOf(f)))
		}
	}
	switch {
	case r.ask.Watch.Off():
		t.note("The policy looks for no pattern; only what counts of the safe did not find is here.")
	case len(t.Rows) == 0:
		t.note("Nothing deserves a look.")
	default:
		t.note("A finding is a question, not a verdict.")
	}
	return t, nil
}

// entriesOf names the entries that raised a finding, the first few of many.
func entriesOf(f watch.Finding) string {
	const shown = 8
	words := make([]string, 0, shown)
	for _, seq := range f.Entries[:min(shown, len(f.Entries))] {
		words = append(words, fmt.Sprint(seq))
	}
	said := strings.Join(words, ", ")
	if more := len(f.Entries) - len(words); more > 0 {
		said += fmt.Sprintf(" and %d more", more)
	}
	return said
}
