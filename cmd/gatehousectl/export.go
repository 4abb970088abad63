package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"gatehouse/ledger"
)

func exportVerb() verb {
	return verb{name: "export", args: "FILE --format jsonl|csv|hledger|beancount [-o OUT]",
		short: "write a ledger's journal for other programs",
		long: `Writes the journal of a ledger that no station has open.

  jsonl      every entry as a whole, one JSON object a line, amounts in cents
  csv        one line for each posting, amounts in dollars
  hledger    a journal that ends with an assertion of every balance
  beancount  the same for beancount

For example: gatehousectl export ledger.db --format hledger | hledger -f - balance`,
		run: runExport}
}

func runExport(_ context.Context, c *call) error {
	format := c.flags.String("format", "", "`FORMAT` of the journal: jsonl, csv, hledger or beancount")
	out := c.flags.String("o", "", "`FILE` to write, as a whole or not at all; without it standard output")
	args, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	if !slices.Contains(ledger.Formats(), ledger.Format(*format)) {
		return usage("--format is one of %v", ledger.Formats())
	}
	if *out == "" {
		return ledger.Export(c.Stdout, args[0], ledger.Format(*format))
	}
	return writeWhole(*out, func(w io.Writer) error { return ledger.Export(w, args[0], ledger.Format(*format)) })
}

// writeWhole puts a file in place when all of it was written, however long.
func writeWhole(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(f.Name())
	if err := errors.Join(write(f), f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
