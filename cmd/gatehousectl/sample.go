package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"

	"gatehouse/desk/report"
	"gatehouse/desk/sample"
	"gatehouse/ledger"
)

// fewestCustomers are those that the sample's day takes payments of.
const fewestCustomers = 3

func sampleVerb() verb {
	return verb{name: "sample", args: "DIR [--customers N]", short: "make the sample utility",
		long: `Makes the sample utility in a new or empty folder: policy.toml, ref.db and its
index, with staff of every role and as many customers as wanted, and day.jsonl, a day
of one drawer to play. Prints who may sign in with which PIN. Everybody in it is
invented.

  gatehousectl sample town
  gatehousectl play town/day.jsonl --data town
  gatehousectl report town/A1/ledger.db --data town --what day`,
		run: runSample}
}

func runSample(_ context.Context, c *call) error {
	customers := c.flags.Int("customers", 5000, fmt.Sprintf("how many customers, %d to %d: `N`", fewestCustomers, sample.MaxCustomers))
	args, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	if *customers < fewestCustomers || *customers > sample.MaxCustomers {
		return usage("--customers is %d to %d", fewestCustomers, sample.MaxCustomers)
	}
	dir := args[0]
	if err := unused(dir); err != nil {
		return err
	}
	if err := sample.Write(dir, c.Clock(), *customers); err != nil {
		return err
	}
	day := filepath.Join(dir, "day.jsonl")
	if err := ledger.WriteFile(day, sample.Day(), 0o644); err != nil {
		return fmt.Errorf("write the sample day: %w", err)
	}
	fmt.Fprintf(c.Stdout, "%d customers are in %s. Who signs in:\n\n", *customers, dir)
	w := tabwriter.NewWriter(c.Stdout, 0, 0, 3, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tROLE\tPIN")
	for _, h := range sample.PINs() {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", h.ID, h.Name, report.RoleName(h.Role), h.PIN)
	}
	fmt.Fprintf(w, "\nA day of one drawer to play: gatehousectl play %s --data %s\n", day, dir)
	return w.Flush()
}

// unused refuses a folder with anything in it: a policy or a ledger of a utility at
// work must not be replaced by the sample's.
func unused(dir string) error {
	there, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("look into the folder for the sample utility: %w", err)
	case len(there) > 0:
		return fmt.Errorf("%s is not empty: there is %s in it; name a folder that is new or empty", dir, there[0].Name())
	}
	return nil
}
