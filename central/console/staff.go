package console

import (
	"cmp"
	"net/http"
	"slices"

	"gatehouse/central/store"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// staffPage is who works at the stations, and who of them may do what.
type staffPage struct {
	People []personRow
	// Strangers are people whom a station has and the version in force has not.
	Strangers []personRow
	Published bool // a version of the staff is in force
	Stations  int  // stations that said whom they have
	Unread    int  // stations beyond maxSheets, which were not looked at
	Roles     []staff.Role
	Rights    []staff.Row
}

// personRow is one of them. A station that has somebody otherwise than the version in
// force has not fetched it yet, or was set up with a roster of its own.
type personRow struct {
	staff.Person
	Words     string
	Otherwise []stationLink // stations where this person is somebody else
	Missing   []stationLink // stations that do not have this person
}

// stationLink leads to a station's pages.
type stationLink struct {
	Station ledger.StationID
	Log     ledger.LogID
}

func (c *Console) staff(w http.ResponseWriter, r *http.Request) {
	p, err := c.makeStaff(r)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	c.show(w, r, http.StatusOK, "staff", frame{Title: "Staff", At: "/staff", Page: p})
}

func (c *Console) makeStaff(r *http.Request) (p staffPage, err error) {
	policy := c.o.Policy()
	p.Roles = slices.DeleteFunc(staff.Roles(), func(r staff.Role) bool { return r == staff.Kiosk })
	p.Rights = staff.Table(policy.Staff, c.today(), policy.Cash.RoleLimits()...)
	people, err := c.o.References.Staff(r.Context())
	if err != nil {
		return p, err
	}
	p.Published = len(people) > 0
	for _, one := range people {
		p.People = append(p.People, personRow{Person: one, Words: one.InWords()})
	}
	logs, err := c.stationLogs(r)
	if err != nil {
		return p, err
	}
	p.Unread = max(0, len(logs)-maxSheets)
	for _, log := range logs[:len(logs)-p.Unread] {
		err := c.o.Replicas.Read(r.Context(), log.ID, func(s *ledger.State) error {
			p.compare(log, staff.Recorded(s, staff.OfPerson))
			return nil
		})
		if err != nil {
			return p, err
		}
	}
	return p, nil
}

// compare looks which people a station has otherwise.
func (p *staffPage) compare(log store.Log, known map[string]string) {
	if len(known) == 0 {
		return // a kiosk without staff, a relay, or nothing came yet
	}
	p.Stations++
	link := stationLink{log.Identity.Station, log.ID}
	for i := range p.People {
		one := &p.People[i]
		words, there := known[string(one.ID)]
		switch {
		case !there:
			one.Missing = append(one.Missing, link)
		case words != one.Words:
			one.Otherwise = append(one.Otherwise, link)
		}
		delete(known, string(one.ID))
	}
	for id, words := range known {
		p.stranger(staff.ID(id), words, link)
	}
}

// stranger notes that a station has somebody who is not in force.
func (p *staffPage) stranger(id staff.ID, words string, at stationLink) {
	i, found := slices.BinarySearchFunc(p.Strangers, id, func(r personRow, id staff.ID) int { return cmp.Compare(r.ID, id) })
	if !found {
		p.Strangers = slices.Insert(p.Strangers, i, personRow{Person: staff.Person{ID: id}, Words: words})
	}
	p.Strangers[i].Otherwise = append(p.Strangers[i].Otherwise, at)
}
