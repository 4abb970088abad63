package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
)

func verifyVerb() verb {
	return verb{name: "verify", args: "FILE [--key KEY] [--mirror DIR]", short: "prove that a ledger is whole",
		long: `Proves a ledger that no station has open: the pages of the file, the numbers of
the entries, the chain of hashes, the signature of the head, receipt numbers and
grand totals without gaps, and that every view equals a fold from nothing. It
names the first entry that is wrong, and ends with 1 if anything is.

Without --key the signature is checked with the key the file itself names: that
proves that nothing was changed by accident. With the station's public key, kept
elsewhere, it proves that nobody else made the file. With --mirror the mirror is
compared too, which is how a ledger that lost its end is noticed.

The work is done by another process with a limit of time, so that a badly damaged
file cannot hang or crash the answer.`,
		run: runVerify}
}

func runVerify(ctx context.Context, c *call) error {
	given := c.flags.String("key", "", "the station's public `KEY`: hexadecimal digits, or a file (see gatehousectl key show)")
	mirror := c.flags.String("mirror", "", "`DIR` of the mirror, to compare")
	args, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	path := args[0]
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("find the ledger: there is no file %s; a station keeps it as ledger.db in the folder of its number, in the folder given with --data", path)
	}
	if err != nil {
		return fmt.Errorf("find the ledger: %w", err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file", path)
	}
	if *mirror != "" {
		if err := there("mirror", *mirror); err != nil {
			return err
		}
	}
	child := []string{verifyHere, "--mirror", *mirror}
	if *given != "" {
		key, err := readPublicKey(*given)
		if err != nil {
			return err
		}
		child = append(child, "--key", hex.EncodeToString(key))
	}
	began := time.Now()
	found, err := c.verifyApart(ctx, info.Size(), append(child, "--", path))
	if err != nil {
		return err
	}
	c.showFinding(found, *given != "", time.Since(began))
	if len(found.Problems) > 0 {
		return errProblem
	}
	return nil
}

// Patience is how long a verification of a file of so many bytes may take: a
// million payments, about a gigabyte, take some ten seconds, on a slow disk ten
// times that.
func Patience(size int64) time.Duration {
	return 15*time.Second + time.Duration(size>>20)*200*time.Millisecond
}

// verifyApart lets another process verify. When that hangs or crashes, the file
// is damaged where no check could catch it.
func (c *call) verifyApart(ctx context.Context, size int64, args []string) (finding, error) {
	patience := c.Patience
	if patience == nil {
		patience = Patience
	}
	limit := patience(size)
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd, err := c.Self(limited, args...)
	if err != nil {
		return finding{}, err
	}
	out, trouble := &bounded{most: maxFinding}, &bounded{most: maxTrouble}
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = out, trouble, 5*time.Second
	err = cmd.Run()
	if ctx.Err() != nil {
		return finding{}, ctx.Err()
	}
	var found finding
	switch {
	case limited.Err() != nil:
		found.damage("checking it took longer than %s and was given up: the file is damaged", limit)
	case err != nil && cmd.ProcessState == nil:
		return found, fmt.Errorf("start the verification: %w", err)
	case err != nil:
		found.damage("checking it crashed (%v, %s): the file is damaged", err, trouble.firstLine())
	default:
		if err := json.Unmarshal(out.Bytes(), &found); err != nil {
			return finding{}, fmt.Errorf("read what the verification found: %w", err)
		}
	}
	if found.Error != "" {
		return found, errors.New(found.Error)
	}
	return found, nil
}

// showFinding writes a finding for a person.
func (c *call) showFinding(f finding, keyGiven bool, took time.Duration) {
	if f.Station != "" {
		practice := ""
		if f.Training {
			practice = ", TRAINING"
		}
		fmt.Fprintf(c.Stdout, "ledger    station %s%s, log %s\n", f.Station, practice, f.Log)
		from := "as the file names it; give --key to prove whose ledger it is"
		if keyGiven {
			from = "as given"
		}
		fmt.Fprintf(c.Stdout, "key       %s, %s\n", f.Key, from)
		fmt.Fprintf(c.Stdout, "entries   %d\nreceipts  %d\nhead      %s\n", f.Entries, f.Receipts, f.Head)
		fmt.Fprintf(c.Stdout, "taken     %s, given back %s\n", f.Taken, f.Returned)
	}
	for _, name := range slices.Sorted(maps.Keys(f.Views)) {
		fmt.Fprintf(c.Stdout, "view      %-16s %d rows\n", name, f.Views[name])
	}
	if len(f.Views) > 0 && !f.Closed {
		fmt.Fprintln(c.Stdout, "closing   the station did not close the file in order; unused pages were not looked at")
	}
	fmt.Fprintf(c.Stdout, "time      %s\n", took.Round(time.Millisecond))
	for _, p := range f.Problems {
		fmt.Fprintf(c.Stdout, "WRONG     %s\n", p)
	}
	if len(f.Problems) == 0 {
		fmt.Fprintln(c.Stdout, "whole: order, chain, signature, receipts, totals and views are as they should be")
	}
}

// Bounds of what the other process may say.
const (
	maxFinding = 1 << 20
	maxTrouble = 64 << 10
)

// bounded keeps the first bytes written to it.
type bounded struct {
	bytes.Buffer
	most int
}

func (b *bounded) Write(p []byte) (int, error) {
	b.Buffer.Write(p[:min(len(p), b.most-b.Len())])
	return len(p), nil
}

func (b *bounded) firstLine() string {
	line, _, _ := strings.Cut(strings.TrimSpace(b.String()), "\n")
	return line
}
