package console

import (
	"net/http"
	"time"

	"gatehouse/central/book"
	"gatehouse/central/store"
	"gatehouse/ledger"
)

// stationRow is one station on the first page.
type stationRow struct {
	store.Log
	Contact time.Time // zero: not since central started
	Quiet   bool      // not heard of for longer than a station stays silent
	Own     bool      // it is central's own log
	Revoked bool
}

// Verdict is the state of a station in a word or two, for the badge.
func (r stationRow) Verdict() string {
	switch {
	case r.Own:
		return "this central"
	case r.Revoked:
		return "revoked"
	case r.Evidence > 0:
		return "needs a person"
	case r.Quiet:
		return "not in touch"
	}
	return "in touch"
}

// Mood is the class of the badge.
func (r stationRow) Mood() string {
	switch {
	case r.Own:
		return "plain"
	case r.Evidence > 0 || r.Revoked:
		return "bad"
	case r.Quiet:
		return "quiet"
	}
	return "good"
}

// stationsPage is the first page. Sums leave practice ledgers out.
type stationsPage struct {
	Rows     []stationRow
	Entries  uint64
	Receipts uint64
	Taken    ledger.Cents
	Returned ledger.Cents
}

// quietAfter is twice and a half the pause between two heartbeats of a station.
const quietAfter = 75 * time.Second

func (c *Console) stations(w http.ResponseWriter, r *http.Request) {
	logs, err := c.o.Store.Logs(r.Context())
	if err != nil {
		c.fail(w, r, err)
		return
	}
	var p stationsPage
	revoked := make(map[ledger.LogID]bool)
	err = c.o.Book.See(r.Context(), func(f *book.Facts) {
		for _, log := range logs {
			revoked[log.ID] = f.Standing(log.ID).Revoked
		}
	})
	if err != nil {
		c.fail(w, r, err)
		return
	}
	for _, log := range logs {
		if log.ID == c.o.Book.Log() {
			continue
		}
		p.Rows = append(p.Rows, c.row(log, revoked[log.ID]))
		if log.Identity.Training {
			continue
		}
		p.Entries += log.Head.Seq
		p.Receipts += log.Head.Totals.Receipts
		p.Taken = p.Taken.Plus(log.Head.Totals.Taken)
		p.Returned = p.Returned.Plus(log.Head.Totals.Returned)
	}
	c.show(w, r, http.StatusOK, "stations", frame{Title: "Stations", At: "/", Refresh: 15, Page: p})
}

func (c *Console) row(log store.Log, revoked bool) stationRow {
	contact := c.o.Contact(log.ID)
	return stationRow{log, contact, c.o.Clock().Sub(contact) > quietAfter, log.ID == c.o.Book.Log(), revoked}
}

// about is the row of one station, for a page about it.
func (c *Console) about(r *http.Request, log store.Log) (stationRow, error) {
	revoked, err := c.o.Book.Revoked(r.Context(), log.ID)
	return c.row(log, revoked), err
}
