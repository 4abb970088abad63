package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"gatehouse/central/book"
	"gatehouse/central/reference"
	"gatehouse/central/store"
	"gatehouse/ledger"
)

// references makes the office that gives stations their customers and staff.
func (m *Main) references(c config, kept store.Store, key ledger.Signer, own *book.Book) (*reference.Office, error) {
	return reference.New(reference.Options{Store: kept, Book: own, Signer: key, Folder: c.data})
}

// importing is what the flags of a file's import say.
type importing struct {
	mapping string
	asOf    string
	billed  int
	publish bool
	confirm bool
}

func (i *importing) flags(f *flag.FlagSet) {
	f.StringVar(&i.mapping, "mapping", "", "TOML `file` that says what the columns are (required)")
	f.StringVar(&i.asOf, "as-of", "", "`time` when the balances were true, like 2026-11-27T02:00:00-08:00; without it, when the file was last written")
	f.IntVar(&i.billed, "billed", -1, "`number` of the last payment file that the balances count; 0 is none (required)")
	f.BoolVar(&i.publish, "publish", false, "put what was read in force; without it only the report is written")
	f.BoolVar(&i.confirm, "confirm", false, "put it in force although the report says that something is odd")
}

// importFile reads a file of the billing or personnel system from the command line, as
// the console does, and writes the report as JSON. It is for the night's job; with the
// embedded store it works while central does not run.
func (m *Main) importFile(ctx context.Context, args []string) (err error) {
	var file string
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		file, args = args[0], args[1:]
	}
	var i importing
	c, err := m.parse(args, i.flags)
	if err != nil {
		return err
	}
	if file == "" || i.mapping == "" || i.billed < 0 {
		return errors.New("say which file and how to read it: gatehouse-central import FILE --mapping FILE --billed NUMBER --data …")
	}
	ask, err := i.ask(file)
	if err != nil {
		return err
	}
	kept, err := m.open(ctx, c)
	if err != nil {
		return fmt.Errorf("%w; or use the console's page of reference data", err)
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	key, own, err := m.book(ctx, c, kept)
	if err != nil {
		return err
	}
	office, err := m.references(c, kept, key, own)
	if err != nil {
		return err
	}
	content, err := os.Open(file)
	if err != nil {
		return err
	}
	defer content.Close()
	name, draft, err := office.Read(ctx, ask, content)
	if err != nil {
		return err
	}
	draft.Layers = nil // they are nobody's to read
	out := m.Out
	if out == nil {
		out = io.Discard
	}
	shown := json.NewEncoder(out)
	shown.SetIndent("", "  ")
	if err := shown.Encode(draft); err != nil {
		return err
	}
	if !i.publish {
		return nil
	}
	_, err = office.Publish(ctx, book.Itself, name, i.confirm)
	return err
}

func (i importing) ask(file string) (reference.Ask, error) {
	ask := reference.Ask{Billed: i.billed}
	text, err := os.ReadFile(i.mapping)
	if err != nil {
		return ask, fmt.Errorf("--mapping: %w", err)
	}
	if ask.Mapping, err = reference.ParseMapping(text); err != nil {
		return ask, fmt.Errorf("--mapping %s: %w", i.mapping, err)
	}
	if i.asOf != "" {
		if ask.AsOf, err = time.Parse(time.RFC3339, i.asOf); err != nil {
			return ask, fmt.Errorf("--as-of %q: want a time like 2026-11-27T02:00:00-08:00", i.asOf)
		}
		return ask, nil
	}
	info, err := os.Stat(file)
	if err != nil {
		return ask, err
	}
	ask.AsOf = info.ModTime()
	return ask, nil
}
