package console

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"gatehouse/central/store"
	"gatehouse/desk/report"
	"gatehouse/desk/visit"
	"gatehouse/desk/watch"
	"gatehouse/ledger"
	"gatehouse/paper/spool"
)

// zone is the utility's.
func (c *Console) zone() *time.Location {
	if p := c.o.Policy(); p.Utility.TimeZone != "" {
		if zone, err := p.Location(); err == nil {
			return zone
		}
	}
	return time.UTC
}

func (c *Console) today() ledger.Date { return ledger.DateOf(c.o.Clock().In(c.zone())) }

func parseDate(text string) (ledger.Date, error) {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, ledger.Refuse("report.bad_date", "A report is from a date to a date, like 20261101 to 20261130.").At("from")
	}
	return ledger.DateOf(at), nil
}

// stationLogs are the stations, practice and central's own log left out.
func (c *Console) stationLogs(r *http.Request) ([]store.Log, error) {
	logs, err := c.o.Store.Logs(r.Context())
	return slices.DeleteFunc(logs, func(l store.Log) bool { return l.ID == c.o.Book.Log() || l.Identity.Training }), err
}

// reportPage is a report of the desk, of each station.
type reportPage struct {
	Kind     report.Kind
	Period   report.Period
	Stations []store.Log
	Chosen   string
	Sheets   []sheet
	Nothing  []ledger.StationID // stations that have nothing to show: a kiosk, a relay
	Picture  *drawing
	Totals   []totalRow
}

// sheet is one station's table.
type sheet struct {
	Log   ledger.LogID
	Table report.Table
}

// totalRow is the sum of a column of money over all stations.
type totalRow struct {
	Name string
	Sum  ledger.Cents
}

// maxSheets bounds the stations on one page of a report: each is a copy of a ledger
// that is opened and read.
const maxSheets = 50

// report makes the page of one of the desk's reports.
func (c *Console) report(kind, path string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p, err := c.makeReport(r, kind)
		if err != nil {
			c.fail(w, r, err)
			return
		}
		c.show(w, r, http.StatusOK, "report", frame{Title: p.Kind.Title, At: path, Page: p})
	}
}

func (c *Console) makeReport(r *http.Request, kind string) (p reportPage, err error) {
	p.Kind, _ = report.KindNamed(kind)
	if p.Period, err = periodOf(r.URL.Query(), c.today()); err != nil {
		return p, err
	}
	if p.Stations, err = c.stationLogs(r); err != nil {
		return p, err
	}
	p.Chosen = r.URL.Query().Get("station")
	shown := slices.DeleteFunc(slices.Clone(p.Stations), func(l store.Log) bool { return p.Chosen != "" && l.ID.String() != p.Chosen })
	if len(shown) > maxSheets {
		return p, ledger.Refuse("central.many_stations", "There are more than {n} stations: choose one.", "n", fmt.Sprint(maxSheets))
	}
	ask := c.o.Policy().Ask(c.zone())
	ask.Period, ask.Reprint = p.Period, spool.ReprintOf
	for _, log := range shown {
		err := c.o.Replicas.Read(r.Context(), log.ID, func(s *ledger.State) error {
			t, err := report.Make(s, kind, ask)
			if one := (sheet{log.ID, t}); err == nil && one.empty() {
				p.Nothing = append(p.Nothing, log.Identity.Station)
			} else {
				p.Sheets = append(p.Sheets, one)
			}
			return err
		})
		if err != nil {
			return p, err
		}
	}
	p.Totals, p.Picture = sums(p.Sheets), together(p.Sheets)
	return p, nil
}

// empty says that a table has no row with an entry behind it and no money in its
// totals.
func (s sheet) empty() bool {
	for _, row := range s.Table.Rows {
		if len(row.Entries) > 0 {
			return false
		}
	}
	for i, c := range s.Table.Totals {
		if s.Table.Columns[i].Form != report.Words && c.N != 0 {
			return false
		}
	}
	return true
}

// sums adds up the totals of all stations, column by column.
func sums(all []sheet) (out []totalRow) {
	if len(all) == 0 {
		return nil
	}
	for i, col := range all[0].Table.Columns {
		if col.Form != report.Money {
			continue
		}
		row, summed := totalRow{Name: col.Title}, false
		for _, s := range all {
			if i < len(s.Table.Totals) {
				row.Sum, summed = row.Sum.Plus(ledger.Cents(s.Table.Totals[i].N)), true
			}
		}
		if summed { // else the column is of things that do not add up
			out = append(out, row)
		}
	}
	return out
}

// Write writes a cell of a sheet.
func (s sheet) Write(i int, cell report.Cell) string { return s.Table.Columns[i].Write(cell) }

// Sum says whether a column holds figures.
func (s sheet) Sum(i int) bool { return s.Table.Columns[i].Form != report.Words }

// Brief says whether a cell is a date, a name or a number, which are not parted.
func (s sheet) Brief(i int, cell report.Cell) bool { return len([]rune(s.Write(i, cell))) <= brief }

// brief is how many letters of a cell stay on one line.
const brief = 17

// sitePage is who is in the buildings.
type sitePage struct {
	Rows   []siteRow
	Zone   string
	In     int
	Behind []string // stations that were not heard of lately: their lists may be old
}

type siteRow struct {
	visit.Present
	Station ledger.StationID
	In      time.Time
	Gone    time.Time
}

func (c *Console) site(w http.ResponseWriter, r *http.Request) {
	logs, err := c.stationLogs(r)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	p := sitePage{Zone: c.zone().String()}
	duty := visit.Duty{Policy: c.o.Policy().Visit, Location: c.zone()}
	for _, log := range logs {
		var here []visit.Present
		err := c.o.Replicas.Read(r.Context(), log.ID, func(s *ledger.State) (err error) {
			here, err = duty.Here(s)
			return err
		})
		if err != nil {
			c.fail(w, r, err)
			return
		}
		for _, one := range here {
			row := siteRow{Present: one, Station: log.Identity.Station, In: time.UnixMicro(one.At).In(c.zone())}
			if one.Left != 0 {
				row.Gone = time.UnixMicro(one.Left).In(c.zone())
			} else {
				p.In++
			}
			p.Rows = append(p.Rows, row)
		}
		if c.row(log, false).Quiet {
			p.Behind = append(p.Behind, string(log.Identity.Station))
		}
	}
	c.show(w, r, http.StatusOK, "site", frame{Title: "Who is on site", At: "/site", Page: p})
}

// watchPage is what deserves a look.
type watchPage struct {
	Rows []watchRow
	Off  bool // no policy says what to watch
}

type watchRow struct {
	watch.Finding
	Log     ledger.LogID
	Station ledger.StationID
}

func (c *Console) watch(w http.ResponseWriter, r *http.Request) {
	logs, err := c.stationLogs(r)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	policy := c.o.Policy().Watch
	p := watchPage{Off: policy.Off()}
	for _, log := range logs {
		err := c.o.Replicas.Read(r.Context(), log.ID, func(s *ledger.State) error {
			found, err := watch.Look(s, 1, policy, spool.ReprintOf)
			for _, f := range found {
				p.Rows = append(p.Rows, watchRow{f, log.ID, log.Identity.Station})
			}
			return err
		})
		if err != nil {
			c.fail(w, r, err)
			return
		}
	}
	c.show(w, r, http.StatusOK, "watch", frame{Title: "Fraud watch", At: "/watch", Page: p})
}
