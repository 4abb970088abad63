package report

import (
	"fmt"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// rota is the surprise counts that the station drew: what is kept, due and missed. When
// one waits, its moment is in nobody's hands yet, so not in the report either.
func (r *run) rota() (Table, error) {
	t := Table{Columns: []Column{{Title: "Period from", Lead: true}, {Title: "Drawer", Lead: true}, {Title: "State"}, {Title: "Time drawn"},
		{Title: "Whose drawer"}, {Title: "Counted"}, {Title: "By"}, {Title: "With"}, {Title: "Waited"}, {Title: "Over/short", Form: Money}}}
	all, err := cash.RotaOf(r.s, r.ask.Zone)
	if err != nil {
		return t, err
	}
	n := make(map[cash.RotaStatus]int)
	for _, line := range all {
		n[line.Status]++
		cells := []Cell{say(line.Period.String()), say("Drawer " + string(line.Drawer)), say(word(string(line.Status))), {}, {}, {}, {}, {}, {}, {}}
		entries := []uint64{line.Drawn}
		if line.At != 0 {
			cells[3], cells[8] = say(r.at(line.At)), say(waited(line.Hours))
		}
		if line.Due != 0 {
			entries = append(entries, line.Due)
			due, err := entryOf[cash.RotaDue](r, line.Due)
			if err != nil {
				return t, err
			}
			cells[4] = say(due.Name)
		}
		if line.Counted != 0 {
			entries = append(entries, line.Counted)
			e, err := r.s.Entry(line.Counted)
			if err != nil {
				return t, err
			}
			if err := with(&e, func(b cash.Counted) {
				cells[4], cells[5], cells[6], cells[7], cells[9] = say(b.Name), say(r.at(e.Micros)), say(b.Counter), say(b.WitnessName), money(b.Over)
			}); err != nil {
				return t, err
			}
		}
		t.row(entries, cells...)
	}
	t.Facts = []Fact{{"Kept", fmt.Sprint(n[cash.RotaOK])}, {"Due", fmt.Sprint(n[cash.RotaNow])}, {"Missed", fmt.Sprint(n[cash.RotaMissed])}, {"Waiting", fmt.Sprint(n[cash.RotaWaiting])}}
	if len(all) == 0 {
		t.note("No surprise count was drawn at this station yet.")
	}
	t.note("The station draws the time and seals it; the entry that announces it proves that it was not chosen. Waited is from the time drawn to the count, or to now where it is due. Waiting: the time is drawn and sealed, and nobody knows it. Missed: the period ended without a count.")
	return t, nil
}

// waited writes whole hours as people say them: "3 hours", and from two days on "128
// days".
func waited(hours int) string {
	const day = 24
	switch {
	case hours < 1:
		return "less than an hour"
	case hours < 2*day:
		return count(hours, "hour")
	}
	return count(hours/day, "day")
}

// entryOf is the body of an entry.
func entryOf[T any](r *run, seq uint64) (body T, err error) {
	e, err := r.s.Entry(seq)
	if err != nil {
		return body, err
	}
	return ledger.Unpack[T](&e)
}
