package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"gatehouse/desk/report"
	"gatehouse/drivers/escpos"
	"gatehouse/ledger"
	"gatehouse/paper"
	"gatehouse/paper/pdf"
	"gatehouse/paper/spool"
)

func reportVerb() verb {
	return verb{name: "report", args: "LEDGER --data DIR --what NAME [--from DATE] [--to DATE] [--pdf FILE | --csv FILE | --paper COLUMNS | --text]",
		short: "answer what a lead asks of a ledger: roll-ups, over and short, cash position",
		long: `Reads a ledger and writes a report: as text, as PDF on letter size with its picture,
as CSV, or as the receipt printer would print it. Dates are business dates, like
20261101; without --to it is one day, without --from today. Every report is read from
the entries themselves. The station must not be running on this ledger.

--what list lists the reports.

For example: gatehousectl report ledger.db --data data --what over-short --from 20261101 --to 20261130 --pdf over-short.pdf`,
		run: runReport}
}

// reportFlags are what a report is asked for, and how it is to be written.
type reportFlags struct {
	play                                          *playOptions
	what, from, to, session, pdf, csv, by, column *string
	text, a4                                      *bool
}

func (c *call) reportFlags() *reportFlags {
	f := &reportFlags{play: &playOptions{}}
	c.stationFlags(f.play)
	f.what = c.flags.String("what", "", "`NAME` of the report, or list")
	f.from = c.flags.String("from", "", "first business `DATE`, like 20261101")
	f.to = c.flags.String("to", "", "last business `DATE`")
	f.session = c.flags.String("session", "", "`ID` of the session of a proof list")
	f.pdf = c.flags.String("pdf", "", "`FILE` to write as PDF, as a whole or not at all")
	f.csv = c.flags.String("csv", "", "`FILE` to write as CSV, as a whole or not at all")
	f.column = c.flags.String("paper", "", "write it as on receipt paper of so many `COLUMNS`: 42 or 48")
	f.text = c.flags.Bool("text", false, "write it as text, which it also is without any of these")
	f.a4 = c.flags.Bool("a4", false, "with --pdf: pages of A4")
	f.by = c.flags.String("by", "gatehousectl", "`NAME` of who prints it")
	return f
}

// stationFlags say which station a ledger is of.
func (c *call) stationFlags(o *playOptions) {
	c.flags.StringVar(&o.data, "data", "", "`DIR` with policy.toml and ref.db")
	c.flags.StringVar(&o.station, "station", "A1", "`ID` of the station the ledger belongs to")
	c.flags.StringVar(&o.key, "key", "", "`FILE` with the station's key; without it station.key beside the ledger")
	c.flags.BoolVar(&o.training, "training", false, "it is a training ledger")
}

func runReport(_ context.Context, c *call) (err error) {
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
			fmt.Fprintf(c.Stdout, "  %-18s %s\n", k.Name, k.Shows)
		}
		return nil
	}
	if _, known := report.KindNamed(*f.what); !known {
		return usage("there is no report %.30q; --what list lists them", *f.what)
	}
	if len(args) == 0 {
		return usage("something is missing: the ledger")
	}
	if err := c.needed("data"); err != nil {
		return err
	}
	f.play.ledger = args[0]
	if _, err := os.Stat(f.play.ledger); err != nil {
		return fmt.Errorf("look for the ledger: %w", err)
	}
	s, err := c.openStation(f.play)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	ask, err := c.ask(f, s)
	if err != nil {
		return err
	}
	var t report.Table
	err = s.desk.Read(func(state *ledger.State) (err error) {
		t, err = report.Make(state, *f.what, ask)
		return err
	})
	if err != nil {
		return err
	}
	return c.writeReport(f, s, &t)
}

// ask is what the command line asks for.
func (c *call) ask(f *reportFlags, s *station) (report.Ask, error) {
	ask := s.desk.Policy.Ask(s.desk.Book.Location())
	ask.Session, ask.Reprint = *f.session, spool.ReprintOf
	today := ledger.DateOf(c.Clock().In(ask.Zone))
	var err error
	if ask.Period.From, err = date(*f.from, today); err != nil {
		return ask, err
	}
	ask.Period.To, err = date(*f.to, ask.Period.From)
	return ask, err
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
func (c *call) writeReport(f *reportFlags, s *station, t *report.Table) error {
	switch {
	case *f.pdf != "":
		o := pdf.ReportOptions{Utility: s.desk.Policy.Utility.Name, By: *f.by, At: c.Clock(), Zone: s.desk.Book.Location(), Training: f.play.training, Page: pdf.Letter}
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
		sheet, err := paper.SheetOf(s.desk)
		if err != nil {
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
