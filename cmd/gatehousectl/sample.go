package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"gatehouse/desk/sample"
)

func sampleVerb() verb {
	return verb{name: "sample", args: "DIR [--customers N]", short: "make the sample utility",
		long: `Makes the sample utility in a folder: policy.toml, ref.db and its index, with
staff of every role and as many customers as wanted. Prints who may sign in with
which PIN. Everybody in it is invented.`,
		run: runSample}
}

func runSample(_ context.Context, c *call) error {
	customers := c.flags.Int("customers", 5000, "how many customers, 1 to 1000000: `N`")
	args, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	if *customers < 1 || *customers > sample.MaxCustomers {
		return usage("--customers is 1 to %d", sample.MaxCustomers)
	}
	if err := sample.Write(args[0], c.Clock(), *customers); err != nil {
		return err
	}
	fmt.Fprintf(c.Stdout, "%d customers are in %s. Who signs in:\n\n", *customers, args[0])
	w := tabwriter.NewWriter(c.Stdout, 0, 0, 3, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tROLE\tPIN")
	for _, h := range sample.PINs() {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", h.ID, h.Name, h.Role, h.PIN)
	}
	return w.Flush()
}
