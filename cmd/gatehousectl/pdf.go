package main

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"gatehouse/ledger"
	"gatehouse/paper"
	"gatehouse/paper/pdf"
	"gatehouse/paper/spool"
)

func pdfVerb() verb {
	return verb{name: "pdf", args: "NUMBER --data DIR -o OUT.pdf [--ledger FILE] [--page roll|letter|a4]",
		short: "draw a paper of the ledger as PDF",
		long: `Draws a receipt (A1-000123), or a report or slip by the number of its entry
(A1-E000345), as PDF: the same lines and the same code as on paper. It says
DUPLICATE, because the original is the one that the station printed. The station
must not be running on this ledger.`,
		run: runPDF}
}

func runPDF(_ context.Context, c *call) (err error) {
	o := &playOptions{}
	c.flags.StringVar(&o.data, "data", "", "`DIR` with policy.toml and ref.db")
	c.flags.StringVar(&o.ledger, "ledger", "", "`FILE` of the ledger; without it the station's own below --data")
	c.flags.StringVar(&o.station, "station", "A1", "`ID` of the station the ledger belongs to")
	c.flags.StringVar(&o.key, "key", "", "`FILE` with the station's key; without it station.key beside the ledger")
	c.flags.BoolVar(&o.training, "training", false, "it is a training ledger")
	page := c.flags.String("page", "roll", "`PAGE`: roll, letter or a4")
	out := c.flags.String("o", "", "`FILE` to write, as a whole or not at all")
	args, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	if err := c.needed("data", "o"); err != nil {
		return err
	}
	pages := map[string]pdf.Page{"roll": pdf.Roll80, "letter": pdf.Letter, "a4": pdf.A4}
	size, known := pages[*page]
	if !known {
		return usage("--page is roll, letter or a4")
	}
	if o.ledger == "" {
		o.ledger = o.stationsLedger()
	}
	if err := ledgerThere(o.ledger); err != nil {
		return err
	}
	s, err := c.openStation(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	drawn, err := c.draw(s, args[0], size)
	if err != nil {
		return err
	}
	return writeWhole(*out, func(w io.Writer) error {
		_, err := w.Write(drawn)
		return err
	})
}

// draw lays out the paper with a number and draws it.
func (c *call) draw(s *station, number string, size pdf.Page) ([]byte, error) {
	var e ledger.Entry
	var copies int
	err := s.desk.Read(func(state *ledger.State) (err error) {
		if e, err = entryOf(state, number); err == nil {
			copies = spool.FateOf(state, e.Seq).Copies
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	layouts, err := paper.Standard()
	if err != nil {
		return nil, err
	}
	sheet, err := paper.SheetOf(s.desk)
	if err != nil {
		return nil, err
	}
	doc, err := layouts.Document(sheet, &e, paper.Copy{N: copies + 1, By: "gatehousectl", At: c.Clock()})
	if err != nil {
		return nil, err
	}
	return pdf.Render(doc, pdf.Options{Page: size, Title: sheet.Number(&e), At: e.At()})
}

// entryOf finds the entry of a paper by the number printed on it.
func entryOf(s *ledger.State, number string) (ledger.Entry, error) {
	if at, isEntry := strings.CutPrefix(number, string(s.Station())+"-E"); isEntry {
		seq, err := strconv.ParseUint(at, 10, 64)
		if err != nil {
			return ledger.Entry{}, usage("%.40q is not the number of a paper; it looks like A1-000123 or A1-E000345", number)
		}
		return s.Entry(seq)
	}
	_, n, err := ledger.ReceiptNo(number).Count()
	if err != nil {
		return ledger.Entry{}, usage("%.40q is not the number of a paper; it looks like A1-000123 or A1-E000345", number)
	}
	return s.Receipt(n)
}
