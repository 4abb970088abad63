package main

import (
	"context"
	"fmt"
	"time"

	"gatehouse/ledger"
)

func witnessVerb() verb {
	return verb{name: "witness", args: "DIR", short: "prepare a stick as a witness, or say whose it is",
		long: `Prepares a folder, on a stick or on another station, as a witness: a station
that is started with --witness DIR keeps one more copy of its ledger there,
whenever the folder is there. A folder that no one prepared is not touched, for
the place of a stick that is not plugged in looks like an empty folder. Of a
folder that is prepared already it says whose copy it is and how far it goes.`,
		run: runWitness}
}

func runWitness(_ context.Context, c *call) error {
	args, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	if err := ledger.PrepareWitness(args[0]); err != nil {
		return err
	}
	about, err := ledger.ReadWitness(args[0])
	switch {
	case err != nil:
		return err
	case about.Seq == 0:
		fmt.Fprintf(c.Stdout, "%s is ready; no station has written to it yet\n", args[0])
	default:
		fmt.Fprintf(c.Stdout, "station %s, log %s, %d entries, head %s, %s\n", about.Station, about.Log, about.Seq, about.Leaf, about.At.UTC().Format(time.RFC3339))
	}
	return nil
}
