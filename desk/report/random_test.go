package report_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/desk/report"
	"gatehouse/ledger"
)

// always is every date.
func always() report.Period { return report.Period{From: 20260101, To: 20991231} }

// make makes a report of a station.
func makeOf(t T, s *Station, name string, ask report.Ask) (table report.Table) {
	t.Helper()
	ask.Zone, ask.Safe, ask.Unclaimed = s.Book.Location(), s.Policy.Safe, s.Policy.Cash.Unclaimed
	if ask.Period == (report.Period{}) {
		ask.Period = always()
	}
	s.Look(func(st *ledger.State) (err error) {
		table, err = report.Make(st, name, ask)
		return err
	})
	return table
}

// TestRandomDays: whatever happened, in days of any length, every report says the same
// money, to the cent, as every other, as the Zs, as the books and as the export.
func TestRandomDays(t *testing.T) {
	folder := Folder(t)
	n, done := 0, map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		n++
		in := filepath.Join(folder, fmt.Sprint(n))
		if err := os.Mkdir(in, 0o700); err != nil {
			t.Fatal(err)
		}
		s := Open(t, in, Options{Policy: Everything})
		defer s.Close()
		for what, times := range Work(t, s) {
			done[what] += times
		}
		c := &checked{t: t, s: s, all: s.Entries()}
		c.books()
		c.xs()
		c.rollups()
		c.overShort()
		c.money()
		c.everyTableAddsUp()
		path := s.Path
		s.Verify()
		c.export(path)
	})
	// A property over days on which nothing happens would prove nothing.
	for _, what := range []string{"cash.TakePayment", "cash.VoidPayment", "cash.ReversePayment", "cash.Skim", "cash.PayInOrOut", "cash.Refund", "cash.Adjust",
		"cash.ReturnCheck", "cash.NoSaleCommand", "cash.XReportCommand", "cash.CloseDrawer", "safe.CountSafe", "safe.MakeDeposit", "safe.RecordStatement", "safe.MatchByHand"} {
		if done[what] == 0 {
			t.Errorf("%s was carried out %d times in %d days: %v", what, done[what], n, done)
		}
	}
}

// checked is a ledger with what the reports say of it.
type checked struct {
	t   *rapid.T
	s   *Station
	all []ledger.Entry
	gl  report.Table
}

func (c *checked) sum(prefix string) (sum ledger.Cents) {
	for _, e := range c.all {
		for _, l := range e.Lines {
			if strings.HasPrefix(l.Account, prefix) {
				sum += l.Amount
			}
		}
	}
	return sum
}

func (c *checked) books() {
	if sum := c.sum(""); sum != 0 {
		c.t.Fatalf("the books sum to %s", sum)
	}
	c.gl = makeOf(c.t, c.s, "gl", report.Ask{})
	if c.gl.Total("Net") != 0 || c.gl.Total("Debit") != c.gl.Total("Credit") {
		c.t.Fatalf("GL: %s debit, %s credit", c.gl.Total("Debit"), c.gl.Total("Credit"))
	}
}

// xs: every X says what its session had paid and voided until then, and what its drawer
// held by the postings.
func (c *checked) xs() {
	net, held := map[cash.SessionID]ledger.Cents{}, map[string]ledger.Cents{}
	for _, e := range c.all {
		for _, l := range e.Lines {
			if l.Account == "assets:drawer:cash" {
				held[l.Sub] += l.Amount
			}
		}
		switch e.Kind {
		case cash.KindPayment:
			b := Body[cash.Payment](c.s, e)
			net[b.Session] += b.Total + b.Rounding
		case cash.KindVoid:
			b := Body[cash.Undone](c.s, e)
			for _, t := range b.Tenders {
				net[b.Session] -= t.Amount
			}
		case cash.KindXReport:
			b := Body[cash.XReport](c.s, e)
			var sum ledger.Cents
			for _, t := range b.Totals.Tenders {
				sum += t.Net
			}
			if sum != net[b.Session] || b.Totals.CashInDrawer != held[string(b.Session)] {
				c.t.Fatalf("X of %s: %s net and %s in the drawer, the entries %s and %s", b.Session, sum, b.Totals.CashInDrawer, net[b.Session], held[string(b.Session)])
			}
		}
	}
}

func (c *checked) rollups() {
	var zs []cash.DrawerClosed
	days := map[ledger.Date]bool{}
	for _, e := range c.all {
		days[e.Date] = true
		if e.Kind == cash.KindDrawerClosed {
			zs = append(zs, Body[cash.DrawerClosed](c.s, e))
		}
	}
	periods := []report.Period{always()}
	for d := range days {
		periods = append(periods, report.Day(d))
	}
	var all []report.Rollup
	c.s.Look(func(st *ledger.State) (err error) {
		all, err = report.Rollups(st, periods...)
		return err
	})
	whole := all[0]
	var over, taken, back, net, credit, byDays ledger.Cents
	for _, z := range zs {
		over += z.Over
		for _, sum := range z.Totals.Tenders {
			if sum.Kind == cash.Credit {
				credit += sum.Net
				continue
			}
			taken, back, net = taken+sum.Taken, back+sum.Voided, net+sum.Net
		}
	}
	gotTaken, gotBack, gotNet := whole.Sums()
	if len(whole.Problems) > 0 || len(whole.Zs) != len(zs) || whole.Over != over || whole.Credit.Net != credit || gotTaken != taken || gotBack != back || gotNet != net {
		c.t.Fatalf("roll-up %+v of %d Zs that took %s, gave back %s, were over %s", whole, len(zs), taken, back, over)
	}
	closed := 0
	for _, day := range all[1:] {
		_, _, n := day.Sums()
		byDays += n
		closed += len(day.Zs)
	}
	if byDays != net || closed != len(zs) {
		c.t.Fatalf("the days have %d Zs of %s, the whole %d of %s", closed, byDays, len(zs), net)
	}
	table := makeOf(c.t, c.s, "days", report.Ask{})
	if table.Total("Net") != net || table.Total("Credit applied") != credit || table.Total("Over/short") != over {
		c.t.Fatalf("day by day %s over %s, the Zs %s over %s", table.Total("Net"), table.Total("Over/short"), net, over)
	}
}

func (c *checked) overShort() {
	want := -c.sum(cash.AccountOverShort)
	for _, name := range []string{"over-short", "over-short-drawer"} {
		table := makeOf(c.t, c.s, name, report.Ask{})
		if table.Total("Over/short") != want {
			c.t.Fatalf("%s: %s, the books %s", name, table.Total("Over/short"), want)
		}
		var bars ledger.Cents
		for _, p := range table.Picture.Panels {
			var sum ledger.Cents
			for _, b := range p.Bars {
				sum += b.Value
			}
			if sum != p.Sum {
				c.t.Fatalf("%s: the bars of %s are %s, their sum %s", name, p.Name, sum, p.Sum)
			}
			bars += sum
		}
		if bars != want {
			c.t.Fatalf("%s: the picture shows %s, the table %s", name, bars, want)
		}
	}
}

// money: the money that came in is in the mode mix and with the cashiers, credit that was
// applied apart; both together, and what rounding took, are what the proof list says was paid; what is anywhere now is what the books have there.
func (c *checked) money() {
	var paid, voided, rounding ledger.Cents
	for _, e := range c.all {
		switch e.Kind {
		case cash.KindPayment:
			b := Body[cash.Payment](c.s, e)
			paid, rounding = paid+b.Total, rounding+b.Rounding
		case cash.KindVoid:
			b := Body[cash.Undone](c.s, e)
			voided += b.Total
			for _, t := range b.Tenders {
				rounding -= t.Amount
			}
			rounding += b.Total
		}
	}
	var in, back, credit ledger.Cents
	for _, e := range c.all {
		switch e.Kind {
		case cash.KindPayment:
			b := Body[cash.Payment](c.s, e)
			in -= b.Change
			for _, t := range b.Tenders {
				if t.Kind == cash.Credit {
					credit += t.Amount
				} else {
					in += t.Amount
				}
			}
		case cash.KindVoid:
			for _, t := range Body[cash.Undone](c.s, e).Tenders {
				if t.Kind == cash.Credit {
					credit -= t.Amount
				} else {
					back += t.Amount
				}
			}
		}
	}
	if in-back+credit != paid-voided+rounding {
		c.t.Fatalf("came in %s, given back %s, credit %s; paid %s, voided %s, rounding %s", in, back, credit, paid, voided, rounding)
	}
	modes, proof, cashiers := makeOf(c.t, c.s, "tenders", report.Ask{}), makeOf(c.t, c.s, "proof", report.Ask{}), makeOf(c.t, c.s, "cashiers", report.Ask{})
	for _, table := range []report.Table{modes, cashiers} {
		if table.Total("Taken") != in || table.Total("Given back") != back || table.Total("Net") != in-back {
			c.t.Fatalf("%s: taken %s, given back %s, net %s; the entries %s and %s", table.Name, table.Total("Taken"), table.Total("Given back"), table.Total("Net"), in, back)
		}
	}
	if cashiers.Total("Credit applied") != credit {
		c.t.Fatalf("cashiers: credit %s, the entries %s", cashiers.Total("Credit applied"), credit)
	}
	if proof.Total("Paid") != paid-voided || proof.Total("Voided") != voided {
		c.t.Fatalf("proof %s and %s void; paid %s, voided %s", proof.Total("Paid"), proof.Total("Voided"), paid, voided)
	}
	position := makeOf(c.t, c.s, "cash", report.Ask{})
	want := c.sum("assets:drawer:") + c.sum("assets:safe:") + c.sum("assets:undeposited:") + c.sum("assets:in-transit:")
	if position.Total("All together") != want || position.Picture.Panels[0].Sum != want {
		c.t.Fatalf("cash position %s, picture %s, books %s", position.Total("All together"), position.Picture.Panels[0].Sum, want)
	}
	if transit := makeOf(c.t, c.s, "transit", report.Ask{}); transit.Total("Amount") != c.sum("assets:in-transit:") {
		c.t.Fatalf("in transit %s, books %s", transit.Total("Amount"), c.sum("assets:in-transit:"))
	}
	aged := makeOf(c.t, c.s, "credit", report.Ask{})
	if owed := -c.sum(account.Receivable(account.Credit)) - c.sum("liabilities:reversed") - c.sum("liabilities:no-account-yet"); aged.Total("Together") != owed {
		c.t.Fatalf("credit %s, books %s", aged.Total("Together"), owed)
	}
}

// everyTableAddsUp: the total of every column of money is the sum of its rows, and the
// entries behind a row are there.
func (c *checked) everyTableAddsUp() {
	for _, k := range report.Kinds() {
		ask := report.Ask{}
		if k.Span != nil {
			ask.Period = report.Day(20261123)
		}
		table := makeOf(c.t, c.s, k.Name, ask)
		for i, column := range table.Columns {
			if column.Form != report.Money || column.Title == "Net per payment" || len(table.Totals) == 0 || !table.Totals[i].Set {
				continue
			}
			if got, want := table.Total(column.Title), table.Sum(column.Title); got != want {
				c.t.Fatalf("%s: the column %s has the total %s, its rows come to %s", k.Name, column.Title, got, want)
			}
		}
		for _, r := range table.Rows {
			if len(r.Cells) != len(table.Columns) {
				c.t.Fatalf("%s: a row of %d cells in %d columns", k.Name, len(r.Cells), len(table.Columns))
			}
			for _, seq := range r.Entries {
				if seq == 0 || seq > uint64(len(c.all)) {
					c.t.Fatalf("%s: there is no entry %d", k.Name, seq)
				}
			}
		}
	}
}

// export: the GL distribution as CSV is the journal's own CSV, added up.
func (c *checked) export(path string) {
	var journal, ours bytes.Buffer
	if err := ledger.Export(&journal, path, ledger.CSV); err != nil {
		c.t.Fatal(err)
	}
	if err := c.gl.CSV(&ours); err != nil {
		c.t.Fatal(err)
	}
	want, got := map[string]ledger.Cents{}, map[string]ledger.Cents{}
	for _, row := range rows(c.t, &journal) {
		want[row["date"]+" "+row["account"]] += amount(c.t, row["amount"])
	}
	for _, row := range rows(c.t, &ours) {
		got[row["Date"]+" "+row["Account"]] += amount(c.t, row["Net"])
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		c.t.Fatalf("GL distribution %v, journal %v", got, want)
	}
}

func rows(t T, from *bytes.Buffer) (all []map[string]string) {
	lines, err := csv.NewReader(from).ReadAll()
	if err != nil {
		t.Fatalf("read CSV: %v", err)
	}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, title := range lines[0] {
			row[title] = line[i]
		}
		all = append(all, row)
	}
	return all
}

func amount(t T, text string) (c ledger.Cents) {
	if err := c.UnmarshalText([]byte(text)); err != nil {
		t.Fatalf("amount: %v", err)
	}
	return c
}
