package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"gatehouse/ledger"
)

// verifyHere is the verb of the process that does the work of verify.
const verifyHere = "verify-here"

// finding is what it says, as JSON, on its standard output.
type finding struct {
	Station  ledger.StationID `json:"station,omitempty"`
	Log      string           `json:"log,omitempty"`
	Key      string           `json:"key,omitempty"`
	Training bool             `json:"training,omitempty"`
	Entries  uint64           `json:"entries"`
	Receipts uint64           `json:"receipts"`
	Head     string           `json:"head"`
	Taken    ledger.Cents     `json:"taken"`
	Returned ledger.Cents     `json:"returned"`
	Views    map[string]int   `json:"views"`
	Closed   bool             `json:"closed"`
	Problems []string         `json:"problems"`
	Error    string           `json:"error,omitempty"` // it could not be looked at
}

func (f *finding) damage(format string, args ...any) {
	f.Problems = append(f.Problems, fmt.Sprintf(format, args...))
}

func verifyHereVerb() verb {
	return verb{name: verifyHere, args: "FILE", long: "Does the work of verify, and prints what it found as JSON.", hidden: true,
		run: runVerifyHere}
}

func runVerifyHere(_ context.Context, c *call) error {
	given := c.flags.String("key", "", "`KEY` in hexadecimal digits")
	mirror := c.flags.String("mirror", "", "`DIR` of the mirror")
	args, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	o := ledger.VerifyOptions{Mirror: *mirror}
	if o.Views, err = views(); err != nil {
		return err
	}
	if *given != "" {
		if o.Key, err = readPublicKey(*given); err != nil {
			return err
		}
	}
	found := finding{}
	r, err := ledger.Verify(args[0], o)
	if err != nil {
		found.Error = err.Error()
	} else {
		found.take(r)
	}
	return json.NewEncoder(c.Stdout).Encode(found)
}

// maxProblems bounds the list: one problem often brings others.
const maxProblems = 50

func (f *finding) take(r ledger.Report) {
	f.Station, f.Training = r.Identity.Station, r.Identity.Training
	f.Log, f.Key = r.Identity.Log.String(), hex.EncodeToString(r.Identity.Key)
	f.Entries, f.Receipts, f.Head = r.Head.Seq, r.Head.Totals.Receipts, r.Head.Leaf.String()
	f.Taken, f.Returned = r.Head.Totals.Taken, r.Head.Totals.Returned
	f.Views, f.Closed = r.Views, r.Closed
	for _, p := range r.Problems[:min(len(r.Problems), maxProblems)] {
		f.damage("%.2000s", p.String())
	}
}
