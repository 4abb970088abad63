package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/report"
	"gatehouse/drivers/escpos"
	"gatehouse/ledger"
	"gatehouse/paper"
	"gatehouse/paper/pdf"
	"gatehouse/paper/spool"
)

func reportVerb() verb {
	return verb{name: "report", args: "LEDGER --data DIR --what NAME [--from DATE] [--to DATE] [--key KEY] [--pdf FILE | --csv FILE | --paper COLUMNS | --text]",
		short: "answer what a lead asks of a ledger: roll-ups, over and short, cash position",
		long: `Reads a ledger and writes a report: as text, as PDF on letter size with its picture,
as CSV, or as the receipt printer would print it. Dates are business dates, like
20261101; without --to it is one day, without --from today. Every report is read from
the entries themselves. The station must not be running on this ledger.

Nothing is changed, and no secret key is needed: the end of the ledger is proved with
the key that the file itself names, or with the station's public key where --key gives
it.

--what list lists the reports, with the dates that each takes.

For example: gatehousectl report ledger.db --data data --what over-short --from 20261101 --to 20261130 --pdf over-short.pdf`,
		run: runReport}
}

// reportFlags are what a report is asked for, and how it is to be written.
type reportFlags struct {
	data, key, what, from, to, session, pdf, csv, by, column *string
	text, a4                                                 *bool
}

func (c *call) reportFlags() *reportFlags {
	return &reportFlags{
		data:    c.flags.String("data", "", "`DIR` with policy.toml"),
		key:     c.flags.String("key", "", "the station's public `KEY`: hexadecimal digits, or a file (see gatehousectl key show)"),
		what:    c.flags.String("what", "", "`NAME` of the report, or list"),
		from:    c.flags.String("from", "", "first business `DATE`, like 20261101"),
		to:      c.flags.String("to", "", "last business `DATE`"),
		session: c.flags.String("session", "", "`ID` of the session of a proof list"),
		pdf:     c.flags.String("pdf", "", "`FILE` to write as PDF, as a whole or not at all"),
		csv:     c.flags.String("csv", "", "`FILE` to write as CSV, as a whole or not at all"),
		column:  c.flags.String("paper", "", "write it as on receipt paper of so many `COLUMNS`: 42 or 48"),
		text:    c.flags.Bool("text", false, "write it as text, which it also is without any of these"),
		a4:      c.flags.Bool("a4", false, "with --pdf: pages of A4"),
		by:      c.flags.String("by", "gatehousectl", "`NAME` of who prints it"),
	}
}

func runReport(_ context.Context, c *call) error {
	f := c.reportFlags()
	args, err := c.parse(0, 1)
	if err != nil {
		return err
	}
	if err := c.needed("what"); err != nil {
		return err
	}
	if *f.what == "list" {
		for _, k := range report.Kinds() {
			fmt.Fprintf(c.Stdout, "  %-18s %s; %s\n", k.Name, k.Shows, k.Takes())
		}
		return nil
	}
	kind, known := report.KindNamed(*f.what)
	if !known {
		return usage("there is no report %.30q; --what list lists them", *f.what)
	}
	if len(args) == 0 {
		return usage("something is missing: the ledger")
	}
	if err := c.needed("data"); err != nil {
		return err
	}
	policy, err := desk.LoadPolicy(filepath.Join(*f.data, "policy.toml"))
	if err != nil {
		return err
	}
	zone, err := policy.Location()
	if err != nil {
		return err
	}
	ask, err := c.ask(f, kind, policy.Ask(zone))
	if err != nil {
		return err
	}
	if err := ledgerThere(args[0]); err != nil {
		return err
	}
	look := ledger.LookOptions{Now: c.Clock()}
	if look.Views, err = views(); err != nil {
		return err
	}
	if *f.key != "" {
		if look.Key, err = readPublicKey(*f.key); err != nil {
			return err
		}
	}
	var t report.Table
	var whose ledger.Identity
	err = ledger.Look(args[0], look, func(id ledger.Identity, state *ledger.State) (err error) {
		whose = id
		t, err = report.Make(state, kind.Name, ask)
		return err
	})
	if err != nil {
		return err
	}
	return c.writeReport(f, paper.Sheet{Utility: policy.Utility, Station: whose.Station, Training: whose.Training, Location: zone}, &t)
}

// ask is what the command line asks for, beside what the policy says.
func (c *call) ask(f *reportFlags, kind report.Kind, ask report.Ask) (report.Ask, error) {
	ask.Session, ask.Reprint = *f.session, spool.ReprintOf
	today := ledger.DateOf(c.Clock().In(ask.Zone))
	var err error
	if ask.Period.From, err = date(*f.from, today); err != nil {
		return ask, err
	}
	if ask.Period.To, err = date(*f.to, ask.Period.From); err != nil {
		return ask, err
	}
	asked := *f.from != "" || *f.to != ""
	if asked && !kind.Fits(ask.Period, ask.YearBegins) {
		return ask, usage("the report %s, %s, takes %s", kind.Name, kind.Title, kind.Takes())
	}
	return ask, nil
}

// date reads "20261101", or "2026-11-01".
func date(text string, otherwise ledger.Date) (ledger.Date, error) {
	if text == "" {
		return otherwise, nil
	}
	if at, err := time.Parse(time.DateOnly, text); err == nil {
		return ledger.DateOf(at), nil
	}
	n, err := strconv.ParseUint(text, 10, 32)
	d := ledger.Date(n)
	if err != nil || ledger.DateOf(d.Time()) != d {
		return 0, usage("%.20q is not a date; write it like 20261101", text)
	}
	return d, nil
}

// writeReport writes a report in the form that was asked for.
func (c *call) writeReport(f *reportFlags, sheet paper.Sheet, t *report.Table) error {
	switch {
	case *f.pdf != "":
		o := pdf.ReportOptions{Utility: sheet.Utility.Name, By: *f.by, At: c.Clock(), Zone: sheet.Location, Training: sheet.Training, Page: pdf.Letter}
		if *f.a4 {
			o.Page = pdf.A4
		}
		drawn, err := pdf.Report(t, o)
		if err != nil {
			return err
		}
		return writeWhole(*f.pdf, func(w io.Writer) error {
			_, err := w.Write(drawn)
			return err
		})
	case *f.csv != "":
		return writeWhole(*f.csv, t.CSV)
	case *f.column != "":
		columns, err := strconv.Atoi(*f.column)
		if err != nil || columns < 32 || columns > 64 {
			return usage("--paper is 32 to 64 columns")
		}
		if sheet.Logo, err = paper.Logo(); err != nil {
			return err
		}
		doc, err := sheet.Report(t, *f.by, c.Clock())
		if err != nil {
			return err
		}
		_, err = io.WriteString(c.Stdout, escpos.PlainText(doc, columns))
		return err
	}
	return t.Text(c.Stdout)
}
