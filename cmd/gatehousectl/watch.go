package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"gatehouse/desk/watch"
	"gatehouse/ledger"
	"gatehouse/paper/spool"
)

func watchVerb() verb {
	return verb{name: "watch", args: "LEDGER --data DIR", short: "what in a ledger deserves a look",
		long: `Reads a ledger for what frauds looked like afterwards, from the numbers that the
policy's [watch] sets: each finding in words, with the entries that raised it. A
finding is a question, not a verdict. The station must not be running on this ledger.`,
		run: runWatch}
}

func runWatch(_ context.Context, c *call) (err error) {
	o := &playOptions{}
	c.stationFlags(o)
	args, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	if err := c.needed("data"); err != nil {
		return err
	}
	o.ledger = args[0]
	if _, err := os.Stat(o.ledger); err != nil {
		return fmt.Errorf("look for the ledger: %w", err)
	}
	s, err := c.openStation(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	var found []watch.Finding
	err = s.desk.Read(func(state *ledger.State) (err error) {
		found, err = watch.Look(state, 1, s.desk.Policy.Watch, spool.ReprintOf)
		return err
	})
	if err != nil {
		return err
	}
	for _, f := range found {
		fmt.Fprintf(c.Stdout, "%-26s %s: %s (entries %s)\n", f.Pattern, f.Who, f.What, strings.Trim(strings.ReplaceAll(fmt.Sprint(f.Entries), " ", ", "), "[]"))
	}
	if len(found) == 0 {
		fmt.Fprintln(c.Stdout, "nothing that deserves a look")
	}
	return nil
}
