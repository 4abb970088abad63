package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/ledger"
)

// fromCentral is what the verbs that read a log back are told.
type fromCentral struct {
	url, code, codeFile *string
	insecure            *bool
}

func (c *call) centralFlags() fromCentral {
	return fromCentral{
		url:      c.flags.String("central", "", "`URL` of central"),
		code:     c.flags.String("code", "", "one-time `CODE` that gatehouse-central restore-code gave out for the log"),
		codeFile: c.flags.String("code-file", "", "`FILE` with that code, which other users of this machine cannot read"),
		insecure: c.flags.Bool("insecure-lan", false, "allow central without TLS on another machine"),
	}
}

// read copies the log from central into a file, and writes beside it which log a
// new station is to follow.
func (f fromCentral) read(ctx context.Context, c *call, out string) (*ledger.Replica, error) {
	code := *f.code
	if *f.codeFile != "" {
		text, err := os.ReadFile(*f.codeFile)
		if err != nil {
			return nil, fmt.Errorf("read the code: %w", err)
		}
		code = strings.TrimSpace(string(text))
	}
	if code == "" {
		return nil, usage("--code or --code-file is missing: an operator gives one out with gatehouse-central restore-code")
	}
	if _, err := os.Stat(out); !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s is already there; move it away first, it is evidence", out)
	}
	all, err := views()
	if err != nil {
		return nil, err
	}
	r, err := c.beginReadBack(ctx, *f.url, code, *f.insecure)
	if err != nil {
		return nil, err
	}
	return r.copyTo(ctx, out, all)
}

// restoreFromCentral is restore --central.
func (c *call) restoreFromCentral(ctx context.Context, f fromCentral, out string) (err error) {
	copied, err := f.read(ctx, c, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, copied.Close()) }()
	head, id := copied.Head(), copied.Identity()
	if err := c.writeFollows(out, ledger.Follows{Station: id.Station, Log: id.Log, Seq: head.Seq, Leaf: head.Leaf}); err != nil {
		return err
	}
	fmt.Fprintf(c.Stdout, "read back %s: station %s, %d entries, %d receipts, head %s\n", out, id.Station, head.Seq, head.Totals.Receipts, head.Leaf)
	return copied.Read(c.toCount)
}

// writeFollows writes down what the new station is started with.
func (c *call) writeFollows(out string, f ledger.Follows) error {
	path := out + ".follows.json"
	if err := ledger.WriteFollows(path, f); err != nil {
		return err
	}
	fmt.Fprintf(c.Stdout, "start the new station, with an id other than %s, with --follows %s\n", f.Station, path)
	return nil
}

// toCount lists what a lead counts anew before the new station opens. What the
// books expect is as of the last entry that central has, and so no reason to call
// anybody short.
func (c *call) toCount(s *ledger.State) error {
	open, err := cash.OpenSessions(s)
	if err != nil {
		return err
	}
	for _, session := range open {
		fmt.Fprintf(c.Stdout, "count drawer %s: session %s of %s, open since %s, by the books then %s in cash\n", session.Drawer, session.ID, session.Who,
			time.UnixMicro(session.Opened).UTC().Format(time.DateTime), cash.InDrawer(s, session.ID, cash.Cash))
	}
	holds, err := safe.InSafe(s)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.Stdout, "count the safe: by the books then a change fund of %s\n", holds.Float)
	for _, w := range holds.Waiting {
		fmt.Fprintf(c.Stdout, "look for the bag %s, not deposited:", w.ID)
		for _, a := range w.Amounts {
			fmt.Fprintf(c.Stdout, " %s %s", a.Kind, a.Amount)
		}
		fmt.Fprintln(c.Stdout)
	}
	return nil
}

func rehomeVerb() verb {
	return verb{name: "rehome", args: "LEDGER --central URL (--code CODE | --code-file FILE) --out FILE",
		short: "begin anew after a clone: find where a ledger and central part",
		long: `For a station whose ledger and central's tell different things, because its disk
was cloned or an older copy was put back. Reads central's side back into --out,
finds the last entry that both have, writes down for the new station which log it
follows from there, and lists what central does not have: a person decides which
of it is entered again, by hand, at the new station. The ledger itself is only
read: leave it where it is, it is evidence. The station must not be running.`,
		run: runRehome}
}

func runRehome(ctx context.Context, c *call) (err error) {
	f := c.centralFlags()
	out := c.flags.String("out", "", "`FILE` to make, with central's side")
	args, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	if err := c.needed("central", "out"); err != nil {
		return err
	}
	if err := ledger.EachEntry(args[0], func(*ledger.Entry) error { return nil }); err != nil {
		return fmt.Errorf("read the ledger before the code is used up: %w", err)
	}
	copied, err := f.read(ctx, c, *out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, copied.Close()) }()
	id, here, there := copied.Identity(), []ledger.Entry(nil), copied.Head().Seq
	var common ledger.Follows
	err = copied.Read(func(s *ledger.State) error {
		return ledger.EachEntry(args[0], func(e *ledger.Entry) error {
			if e.Log != id.Log {
				return fmt.Errorf("this is log %s, the code is for %s", e.Log, id.Log)
			}
			if len(here) == 0 && e.Seq <= there {
				at, err := s.Entry(e.Seq)
				if err != nil {
					return err
				}
				if at.Leaf == e.Leaf {
					common = ledger.Follows{Station: id.Station, Log: id.Log, Seq: e.Seq, Leaf: e.Leaf}
					return nil
				}
			}
			here = append(here, *e)
			return nil
		})
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(c.Stdout, "both have %d entries; only central has %d more, only this ledger %d\n", common.Seq, there-common.Seq, len(here))
	for i := range here {
		c.onlyHere(&here[i], id.Station)
	}
	return c.writeFollows(*out, common)
}

// onlyHere shows an entry that central does not have.
func (c *call) onlyHere(e *ledger.Entry, station ledger.StationID) {
	var sum ledger.Cents
	for _, l := range e.Lines {
		if l.Amount > 0 {
			sum = sum.Plus(l.Amount)
		}
	}
	fmt.Fprintf(c.Stdout, "entry %d  %s  %s  %s", e.Seq, e.At().Format(time.DateTime), e.Kind, e.Actor)
	if e.Receipt > 0 {
		fmt.Fprintf(c.Stdout, "  receipt %s", e.ReceiptNo(station))
	}
	if sum != 0 {
		fmt.Fprintf(c.Stdout, "  %s", sum)
	}
	fmt.Fprintln(c.Stdout)
}
