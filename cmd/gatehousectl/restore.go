package main

import (
	"context"
	"fmt"

	"gatehouse/ledger"
)

func restoreVerb() verb {
	return verb{name: "restore", args: "(--mirror DIR | --witness DIR) --key station.key --out FILE\n   or: gatehousectl restore --central URL (--code CODE | --code-file FILE) --out FILE",
		short: "rebuild a ledger from its mirror or a witness",
		long: `Rebuilds a ledger from its mirror, or from a witness on a stick, with the station's key. It never writes over
a file: move a damaged ledger away first, it is evidence. What the copy had not
received yet is not in the new file; the head it reached is printed, to compare
with the last receipts and with central. A witness that the station signed for
more than it holds is said.

With --central, the ledger of a station that was lost with its key is read back
from central, with a one-time code from gatehouse-central restore-code. The new
file is the old log as far as central had it, to read and to keep, not to go on
with: the new station has an id and a key of its own, and follows the old log.
What a lead has to count anew is listed.`,
		run: runRestore}
}

func runRestore(ctx context.Context, c *call) error {
	central := c.centralFlags()
	mirror := c.flags.String("mirror", "", "`DIR` of the mirror")
	witness := c.flags.String("witness", "", "`DIR` of a witness")
	keyFile := c.flags.String("key", "", "`FILE` with the station's key")
	out := c.flags.String("out", "", "`FILE` to make")
	if _, err := c.parse(0, 0); err != nil {
		return err
	}
	if *central.url != "" {
		if *mirror+*witness+*keyFile != "" {
			return usage("--central needs no mirror, witness or key")
		}
		if err := c.needed("out"); err != nil {
			return err
		}
		return c.restoreFromCentral(ctx, central, *out)
	}
	if err := c.needed("key", "out"); err != nil {
		return err
	}
	if (*mirror == "") == (*witness == "") {
		return usage("name one copy: --mirror DIR, --witness DIR or --central URL")
	}
	from, what := *mirror+*witness, "mirror"
	if *witness != "" {
		what = "witness"
	}
	if err := there(what, from); err != nil {
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
	head, err := ledger.Restore(from, *out, ledger.Options{Signer: key, Views: all})
	if err != nil {
		return err
	}
	fmt.Fprintf(c.Stdout, "restored %s: %d entries, %d receipts, head %s\n", *out, head.Seq, head.Totals.Receipts, head.Leaf)
	if *witness == "" {
		return nil
	}
	if about, err := ledger.ReadWitness(*witness); err == nil && about.Seq > head.Seq {
		fmt.Fprintf(c.Stderr, "the witness once had %d entries, %d more than it holds now: look for another copy\n", about.Seq, about.Seq-head.Seq)
	}
	return nil
}
