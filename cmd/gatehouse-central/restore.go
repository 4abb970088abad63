package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"gatehouse/central/book"
	"gatehouse/ledger"
)

// issueRestore makes a code with which gatehousectl reads one log back, for a
// station that was lost or whose disk was cloned. With the embedded store it works
// while central does not run.
func (m *Main) issueRestore(ctx context.Context, args []string) (err error) {
	if len(args) == 0 {
		return errors.New("say which log, as the console and a ledger's verification show it: gatehouse-central restore-code LOG --data …")
	}
	log, err := ledger.ParseLogID(args[0])
	if err != nil {
		return err
	}
	c, err := m.parse(args[1:])
	if err != nil {
		return err
	}
	kept, err := m.open(ctx, c)
	if err != nil {
		return fmt.Errorf("%w; end the running central for this, it loses nothing", err)
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	_, own, err := m.book(ctx, c, kept)
	if err != nil {
		return err
	}
	code, err := own.IssueRestore(ctx, book.Itself, log)
	if err != nil {
		return err
	}
	out := m.Out
	if out == nil {
		out = io.Discard
	}
	_, err = fmt.Fprintln(out, code)
	return err
}
