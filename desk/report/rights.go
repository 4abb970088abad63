package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// rights is who may do what, as the ledger has it on record: a line for each right, with
// an answer for each role.
func (r *run) rights() (Table, error) {
	t := Table{Columns: []Column{{Title: "Right", Lead: true}}}
	for _, role := range staff.Roles() {
		t.Columns = append(t.Columns, Column{Title: RoleName(role)})
	}
	policy, limits := staff.OnRecord(r.s)
	today := ledger.DateOf(r.s.Now().In(r.ask.Zone))
	for _, right := range staff.Table(policy, today, limits...) {
		cells := []Cell{say(right.Words)}
		for _, role := range staff.Roles() {
			cells = append(cells, say(right.ByRole[role]))
		}
		t.row(nil, cells...)
	}
	slices.SortFunc(limits, func(a, b staff.Limit) int {
		return cmp.Or(cmp.Compare(a.Role, b.Role), cmp.Compare(a.Right, b.Right), cmp.Compare(a.From, b.From))
	})
	for _, l := range limits {
		t.note("%s may %s up to %s from %s: %s.", RoleName(l.Role), l.Right, l.Most, l.From, l.Source)
	}
	rules := staff.Recorded(r.s, staff.OfRule)
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		t.note("%s: %s.", word(name), spoken(rules[name]))
	}
	if len(policy.Rights) == 0 {
		t.note("Nothing is on record yet: the station puts it there when it is started.")
	}
	t.note("Never: no policy can give it. Training: only in the training ledger.")
	return t, nil
}

// people is who is on the roster, as the ledger has it on record.
func (r *run) people() (Table, error) {
	t := Table{Columns: []Column{{Title: "Who", Lead: true}, {Title: "Name, role and what is theirs"}, {Title: "On record since"}}}
	since := make(map[string]*ledger.Entry)
	err := r.each(func(e *ledger.Entry) error {
		if e.Kind != staff.KindRights {
			return nil
		}
		return with(e, func(b staff.RightsChanged) {
			for _, c := range b.Changes {
				if c.Of == staff.OfPerson {
					since[c.Name] = e
				}
			}
		})
	})
	if err != nil {
		return t, err
	}
	people := staff.Recorded(r.s, staff.OfPerson)
	for _, id := range slices.Sorted(maps.Keys(people)) {
		row := []Cell{say(id), say(spoken(people[id])), {}}
		var entries []uint64
		if e := since[id]; e != nil {
			row[2], entries = say(r.at(e.Micros)), []uint64{e.Seq}
		}
		t.row(entries, row...)
	}
	if len(people) == 0 {
		t.note("Nobody is on record yet: the station puts the roster there when it is started.")
	}
	return t, nil
}

// changes is every change of who may do what, in its order.
func (r *run) changes() (Table, error) {
	t := Table{Columns: []Column{{Title: "When", Lead: true}, {Title: "What", Lead: true}, {Title: "Which"}, {Title: "Before"}, {Title: "After"}}}
	err := r.within(func(e *ledger.Entry) error {
		if e.Kind != staff.KindRights {
			return nil
		}
		return with(e, func(b staff.RightsChanged) {
			for _, c := range b.Changes {
				t.row([]uint64{e.Seq}, say(r.at(e.Micros)), say(word(string(c.Of))), say(spoken(c.Name)), say(spoken(c.Before)), say(spoken(c.After)))
			}
		})
	})
	if len(t.Rows) == 0 {
		t.note("Nothing changed.")
	}
	return t, err
}

// RoleName is how people read a role: "CSS II".
func RoleName(r staff.Role) string { return word(string(r)) }

// spoken writes what is on record of people and rules as people say it: roles by their
// names, "30s" as "30 seconds".
func spoken(recorded string) string {
	words := strings.Split(recorded, " ")
	for i, w := range words {
		bare := strings.TrimRight(w, ",;.")
		rest := w[len(bare):]
		switch d, err := time.ParseDuration(bare); {
		case err == nil && d > 0:
			words[i] = span(d) + rest
		case bare == string(staff.CSS1) || bare == string(staff.CSS2):
			words[i] = word(bare) + rest
		}
	}
	return strings.Join(words, " ")
}

// span writes a time span: "4 minutes", "1 hour 30 minutes".
func span(d time.Duration) string {
	var said []string
	for _, unit := range []struct {
		name string
		of   time.Duration
	}{{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}, {"second", time.Second}} {
		if n := d / unit.of; n > 0 {
			said = append(said, count(int(n), unit.name))
			d -= n * unit.of
		}
	}
	if len(said) == 0 {
		return "less than a second"
	}
	return strings.Join(said, " ")
}
