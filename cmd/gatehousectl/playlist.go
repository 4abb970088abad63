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

// fieldDoc and commandDoc are the list as JSON.
type fieldDoc struct {
	Name     string     `json:"name"`
	Type     string     `json:"type"`
	Doc      string     `json:"doc"`
	Optional bool       `json:"optional,omitempty"`
	Fields   []fieldDoc `json:"fields,omitempty"`
}

type commandDoc struct {
	Name   string     `json:"name"`
	Doc    string     `json:"doc"`
	Fields []fieldDoc `json:"fields"`
}

func fieldDocs(fields []desk.Field) []fieldDoc {
	out := make([]fieldDoc, 0, len(fields))
	for _, f := range fields {
		out = append(out, fieldDoc{f.Name, f.Type, f.Doc, f.Optional, nil})
		if len(f.Fields) > 0 {
			out[len(out)-1].Fields = fieldDocs(f.Fields)
		}
	}
	return out
}

// listCommands documents every command.
func (c *call) listCommands(asJSON bool) error {
	specs, err := c.allCommands()
	if err != nil {
		return err
	}
	var docs []commandDoc
	for _, s := range specs {
		docs = append(docs, commandDoc{s.Name, s.Doc, fieldDocs(s.Fields)})
	}
	if asJSON {
		e := json.NewEncoder(c.Stdout)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(map[string]any{"fields": fieldDocs(aroundFields()), "commands": docs})
	}
	fmt.Fprint(c.Stdout, "Every command has these fields:\n\n")
	showFields(c.Stdout, fieldDocs(aroundFields()), "    ")
	for _, d := range docs {
		fmt.Fprintf(c.Stdout, "\n%s\n    %s\n", d.Name, d.Doc)
		showFields(c.Stdout, d.Fields, "    ")
	}
	return nil
}

func showFields(w io.Writer, fields []fieldDoc, indent string) {
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
	d, err := desk.Open(desk.Options{Policy: policy,
		Ledger: ledger.Options{Path: filepath.Join(dir, "ledger.db"), Station: "A1", Signer: key, Clock: c.Clock, Random: c.Random}})
	if err != nil {
		return nil, err
	}
	spool.Register(d, spool.Clerk{Staff: d.Staff, Layouts: l})
	return d.Commands(), d.Close()
}
