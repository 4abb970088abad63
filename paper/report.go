package paper

import (
	"fmt"
	"strings"
	"time"

	"gatehouse/desk/report"
	"gatehouse/drivers/escpos"
)

// Report lays a table out for the receipt printer: what names a row on a line of its
// own, its figures below it. The paper of a long report is a long paper; above
// escpos.MaxItems it is refused, and belongs on sheets.
func (s Sheet) Report(t *report.Table, by string, at time.Time) (*escpos.Doc, error) {
	items := s.logo(make([]escpos.Item, 0, 64))
	items = append(items, escpos.Text{S: s.Utility.Name, Style: escpos.Style{Bold: true, Tall: true, Align: escpos.Center}},
		escpos.Rule{Heavy: true},
		escpos.Text{S: strings.ToUpper(t.Title), Style: escpos.Style{Bold: true, Align: escpos.Center}},
		center(t.When()),
		escpos.Pair("Printed by "+by, s.Micros(at.UnixMicro())),
		escpos.Pair("Station "+string(t.Station), fmt.Sprintf("entries 1 to %d", t.Through)), escpos.Rule{})
	for _, f := range t.Facts {
		items = append(items, fact(f)...)
	}
	if len(t.Facts) > 0 {
		items = append(items, escpos.Rule{})
	}
	items = append(items, pictured(t.Picture)...)
	items = append(items, rowsOf(t)...)
	for _, n := range t.Notes {
		items = append(items, escpos.Feed{Lines: 1}, line(n))
	}
	if s.Training {
		items = throughout(items)
	}
	end := escpos.EndMark{Number: fmt.Sprintf("%s-R%06d", s.Station, t.Through)}
	doc := new(escpos.Doc)
	if s.Training {
		doc.Add(trainingMark())
	}
	doc.Add(items...)
	if s.Training {
		doc.Add(trainingMark())
	}
	doc.Add(end, escpos.Cut{})
	if len(doc.Items) > escpos.MaxItems {
		return nil, fmt.Errorf("lay out the report %s: it is too long for the receipt printer: choose a shorter period, or sheets", t.Name)
	}
	return doc, nil
}

// fact is a name and what is so; what is too long for one line gets its own.
func fact(f report.Fact) []escpos.Item {
	const short = 24 // characters that stand beside a name on the narrowest paper
	if len(f.Value) > short || len(f.Name)+len(f.Value) >= 40 {
		return []escpos.Item{line(f.Name), escpos.Row{Cells: []escpos.Cell{{Width: 1}, {S: f.Value}}}}
	}
	return []escpos.Item{escpos.Pair(f.Name, f.Value)}
}

// rowsOf are the rows. Where rows share what names them first, such as a cashier or a
// date, it is said once above them.
func rowsOf(t *report.Table) (items []escpos.Item) {
	grouped := groups(t)
	group := ""
	for i, r := range t.Rows {
		names := t.Names(r)
		if grouped && len(names) > 0 {
			if names[0] != group {
				group = names[0]
				items = append(items, escpos.Feed{Lines: 1}, strong(group))
			}
			names = names[1:]
		}
		items = append(items, rowOf(t, r.Cells, strings.Join(names, "  "), r.Sum)...)
		if r.Sum && i+1 < len(t.Rows) {
			items = append(items, escpos.Rule{})
		}
	}
	if len(t.Totals) > 0 {
		items = append(items, escpos.Rule{Heavy: true})
		items = append(items, rowOf(t, t.Totals, "TOTAL", true)...)
	}
	return items
}

// groups says whether rows one below the other share their first name.
func groups(t *report.Table) bool {
	last := ""
	for i, r := range t.Rows {
		names := t.Names(r)
		if len(names) < 2 {
			return false
		}
		if i > 0 && names[0] == last {
			return true
		}
		last = names[0]
	}
	return false
}

// rowOf is one row: in one line where there is one figure, otherwise a line for each
// word and figure.
func rowOf(t *report.Table, cells []report.Cell, name string, bold bool) (items []escpos.Item) {
	type told struct {
		title, value string
		words        bool
	}
	var all []told
	for i, c := range t.Columns {
		if v := c.Write(cells[i]); v != "" && !c.Lead {
			all = append(all, told{c.Title, v, c.Form == report.Words})
		}
	}
	if len(all) == 1 && !all[0].words {
		row := escpos.Pair(name, all[0].value)
		row.Style.Bold = bold
		return append(items, row)
	}
	items = append(items, escpos.Text{S: name, Style: escpos.Style{Bold: bold}})
	for _, one := range all {
		row := escpos.Row{Cells: []escpos.Cell{{Width: 1}, {S: one.title}, {S: one.value, Align: escpos.Right}}, Style: escpos.Style{Bold: bold && !one.words}}
		if one.words {
			row.Cells = []escpos.Cell{{Width: 1}, {S: one.title + ": " + one.value}}
		}
		items = append(items, row)
	}
	return items
}
