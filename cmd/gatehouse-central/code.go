package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"gatehouse/central/book"
)

// issueCode makes an enrolment code from the command line, as the console does:
// for the first station of a new central, and for scripts. With the embedded
// store it works while central does not run.
func (m *Main) issueCode(ctx context.Context, args []string) (err error) {
	var what []string
	for len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		what, args = append(what, args[0]), args[1:]
	}
	c, err := m.parse(args)
	if err != nil {
		return err
	}
	if len(what) == 0 {
		return errors.New("say what the code is for, like: gatehouse-central code 'kiosk in the lobby' --data …")
	}
	kept, err := m.open(ctx, c)
	if err != nil {
		return fmt.Errorf("%w; or use the console's page of enrolment", err)
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	_, own, err := m.book(ctx, c, kept)
	if err != nil {
		return err
	}
	code, err := own.IssueCode(ctx, book.Itself, strings.Join(what, " "))
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
