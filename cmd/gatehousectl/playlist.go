package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gatehouse/desk"
	"gatehouse/desk/sample"
	"gatehouse/ledger"
	"gatehouse/paper"
	"gatehouse/paper/spool"
)

// listCommands documents every command.
func (c *call) listCommands(asJSON bool) error {
	specs, err := c.allCommands()
	if err != nil {
		return err
	}
	if asJSON {
		e := json.NewEncoder(c.Stdout)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(map[string]any{"fields": aroundFields(), "commands": specs})
	}
	fmt.Fprint(c.Stdout, "Every command has these fields:\n\n")
	showFields(c.Stdout, aroundFields(), "    ")
	for _, s := range specs {
		fmt.Fprintf(c.Stdout, "\n%s\n    %s\n", s.Name, s.Doc)
		showFields(c.Stdout, s.Fields, "    ")
	}
	return nil
}

func showFields(w io.Writer, fields []desk.Field, indent string) {
	for _, f := range fields {
		kind := f.Type
		if f.Optional {
			kind += ", may be left out"
		}
		fmt.Fprintf(w, "%s%s (%s)\n%s    %s\n", indent, f.Name, kind, indent, strings.TrimSpace(f.Doc))
		showFields(w, f.Fields, indent+"    ")
	}
}

// allCommands are the commands of a desk with everything registered. A desk
// stands on a ledger, so one is made for the occasion.
func (c *call) allCommands() (specs []*desk.Spec, err error) {
	dir, err := os.MkdirTemp("", "gatehousectl-")
	if err != nil {
		return nil, fmt.Errorf("list the commands: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	policy, err := sample.Policy()
	if err != nil {
		return nil, err
	}
	key, err := ledger.NewKey(c.Random)
	if err != nil {
		return nil, err
	}
	l, err := paper.Standard()
	if err != nil {
		return nil, err
	}
	d, err := spool.OpenDesk(desk.Options{Policy: policy,
		Ledger: ledger.Options{Path: filepath.Join(dir, "ledger.db"), Station: "A1", Signer: key, Clock: c.Clock, Random: c.Random}}, l)
	if err != nil {
		return nil, err
	}
	return d.Commands(), d.Close()
}
