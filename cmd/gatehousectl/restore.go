package main

import (
	"context"
	"fmt"

	"gatehouse/ledger"
)

func restoreVerb() verb {
	return verb{name: "restore", args: "--mirror DIR --key station.key --out FILE",
		short: "rebuild a ledger from its mirror",
		long: `Rebuilds a ledger from its mirror, with the station's key. It never writes over
a file: move a damaged ledger away first, it is evidence. What the mirror had not
received yet is not in the new file; the head it reached is printed, to compare
with the last receipts and with central.`,
		run: runRestore}
}

func runRestore(_ context.Context, c *call) error {
	mirror := c.flags.String("mirror", "", "`DIR` of the mirror")
	keyFile := c.flags.String("key", "", "`FILE` with the station's key")
	out := c.flags.String("out", "", "`FILE` to make")
	if _, err := c.parse(0, 0); err != nil {
		return err
	}
	if err := c.needed("mirror", "key", "out"); err != nil {
		return err
	}
	key, err := stationKey(*keyFile)
	if err != nil {
		return err
	}
	all, err := views()
	if err != nil {
		return err
	}
	head, err := ledger.Restore(*mirror, *out, ledger.Options{Signer: key, Views: all})
	if err != nil {
		return err
	}
	fmt.Fprintf(c.Stdout, "restored %s: %d entries, %d receipts, head %s\n", *out, head.Seq, head.Totals.Receipts, head.Leaf)
	return nil
}
