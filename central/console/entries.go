package console

import (
	"context"
	"net/http"
	"strings"

	"gatehouse/central/store"
	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// tab is one way to look at a station's entries.
type tab struct {
	name string
	of   func(*store.Stored) bool
}

// The tabs of a station. These are settings, not state.
var (
	entriesTab  = tab{"entries", func(*store.Stored) bool { return true }}
	paymentsTab = tab{"payments", func(e *store.Stored) bool { return money(e.Kind) }}
	visitorsTab = tab{"visitors", func(e *store.Stored) bool { return strings.HasPrefix(string(e.Kind), "visit.") }}
)

func money(k ledger.Kind) bool {
	return k == cash.KindPayment || k == cash.KindVoid || k == cash.KindReversal
}

const (
	perPage  = 50    // rows on a page
	maxLooks = 5_000 // entries looked at for one page, so that a rare kind does not read a whole log
)

// entriesPage is a page of a station.
type entriesPage struct {
	Station stationRow
	Tab     string
	Rows    []entryRow
	Newer   bool   // this is not the first page
	Older   uint64 // where the next page begins; 0 is the end
}

// entryRow is an entry in a list.
type entryRow struct {
	store.Stored
	Receipt ledger.ReceiptNo
	Amount  ledger.Cents // taken less returned
	Moves   bool         // it took or returned money
	Payment paymentRow
	Says    []field // what a visitor's entry says
}

// list makes the handler of a tab.
func (c *Console) list(t tab) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		log, ok := c.log(w, r)
		if !ok {
			return
		}
		before := number(r.URL.Query().Get("before"))
		rows, older, err := c.rows(r.Context(), log, t, before)
		if err != nil {
			c.fail(w, r, err)
			return
		}
		station, err := c.about(r, log)
		if err != nil {
			c.fail(w, r, err)
			return
		}
		page := entriesPage{Station: station, Tab: t.name, Rows: rows, Newer: before > 0, Older: older}
		at := "/"
		if page.Station.Own {
			at = "/acts"
		}
		c.show(w, r, http.StatusOK, t.name, frame{Title: "Station " + string(log.Identity.Station), At: at, Page: page})
	}
}

// rows finds a page of rows, newest first, and where the next page begins.
func (c *Console) rows(ctx context.Context, log store.Log, t tab, before uint64) (rows []entryRow, older uint64, err error) {
	const step = 200
	for looked := 0; looked < maxLooks; {
		// One more than the step: the totals before an entry tell its amount.
		found, err := c.o.Store.Before(ctx, log.ID, before, step+1)
		if err != nil {
			return nil, 0, err
		}
		for i := range found[:min(len(found), step)] {
			e := &found[i]
			if t.of(e) {
				var earlier ledger.Totals
				if i+1 < len(found) {
					earlier = found[i+1].Totals
				}
				rows = append(rows, makeRow(log, e, earlier))
			}
			if len(rows) == perPage || e.Seq == 1 {
				return rows, atLeastTwo(e.Seq), nil
			}
			before = e.Seq
			looked++
		}
		if len(found) == 0 {
			return rows, 0, nil
		}
	}
	return rows, before, nil
}

// atLeastTwo is where the page after entry seq begins: nowhere after the first.
func atLeastTwo(seq uint64) uint64 {
	if seq < 2 {
		return 0
	}
	return seq
}

func makeRow(log store.Log, e *store.Stored, earlier ledger.Totals) entryRow {
	row := entryRow{
		Stored:  *e,
		Receipt: e.ReceiptNo(log.Identity.Station),
		Amount:  (e.Totals.Taken - earlier.Taken) - (e.Totals.Returned - earlier.Returned),
		Moves:   e.Totals.Taken != earlier.Taken || e.Totals.Returned != earlier.Returned,
	}
	switch {
	case money(e.Kind):
		row.Payment = readPayment(&e.Entry)
	case visitorsTab.of(e):
		row.Says = says(&e.Entry)
	}
	return row
}

// entryPage is one entry in full.
type entryPage struct {
	Station stationRow
	Row     *entryRow // a pointer, for its methods
	Body    string
	Sum     ledger.Cents // of the debits
	Earlier uint64
	Later   uint64
}

func (c *Console) entry(w http.ResponseWriter, r *http.Request) {
	log, ok := c.log(w, r)
	if !ok {
		return
	}
	seq := number(r.PathValue("seq"))
	if seq == 0 || seq > log.Head.Seq {
		c.trouble(w, r, http.StatusNotFound, "Central does not have this entry.")
		return
	}
	found, err := c.o.Store.Before(r.Context(), log.ID, seq+1, 2)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	var earlier ledger.Totals
	if len(found) > 1 {
		earlier = found[1].Totals
	}
	row := makeRow(log, &found[0], earlier)
	station, err := c.about(r, log)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page := entryPage{Station: station, Row: &row, Body: readable(&found[0].Entry), Earlier: seq - 1}
	if seq < log.Head.Seq {
		page.Later = seq + 1
	}
	for _, line := range found[0].Lines {
		if line.Amount > 0 {
			page.Sum = page.Sum.Plus(line.Amount)
		}
	}
	c.show(w, r, http.StatusOK, "entry", frame{Title: string(found[0].Kind), At: "/", Page: page})
}
