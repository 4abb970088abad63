package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"gatehouse/drivers/escpos"
)

func escposEncodeVerb() verb {
	return verb{name: "escpos encode", args: "DOC.json|- [--profile NAME] [-o FILE]",
		short: "turn a document into a stream of printer commands",
		long: `Reads a document in JSON and writes the ESC/POS that prints it on a printer of that
profile, to FILE or to standard output. What the printer cannot print as it is
written is refused, with the item and the field; nothing is written then.

A document is {"items": [...]}, from top to bottom, for example:

  {"kind": "text", "text": "Riverbend Water", "bold": true, "align": "center"}
  {"kind": "row", "cells": [{"text": "Paid"}, {"text": "$84.15", "align": "right"}]}
  {"kind": "barcode", "data": "400638133393", "symbology": "EAN-13", "caption": true}
  {"kind": "qr", "text": "https://example.org/r/1", "level": "M"}
  {"kind": "rule"}   {"kind": "feed", "lines": 2}   {"kind": "cut"}

The documentation of escpos.ReadDoc has every kind and field.`,
		run: runEscposEncode}
}

func runEscposEncode(_ context.Context, c *call) error {
	name := c.flags.String("profile", "TM-T88VI", "the printer it is for: `NAME` of a profile")
	out := c.flags.String("o", "", "write the stream to `FILE`")
	args, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	profile, known := escpos.ProfileNamed(*name)
	if !known {
		return usage("there is no profile %.40q; there are %s", *name, profileNames())
	}
	in := c.Stdin
	if args[0] != "-" {
		f, err := os.Open(args[0])
		if err != nil {
			return fmt.Errorf("read document: %w", err)
		}
		defer f.Close()
		in = f
	}
	doc, err := escpos.ReadDoc(in)
	if err != nil {
		return fmt.Errorf("%w; a document is one {\"items\": [...]}, as gatehousectl escpos encode --help shows", err)
	}
	segments, err := escpos.Encode(doc, profile)
	if err != nil {
		return err
	}
	write := func(w io.Writer) error {
		for _, s := range segments {
			if _, err := w.Write(s.Data); err != nil {
				return fmt.Errorf("write the stream: %w", err)
			}
		}
		return nil
	}
	if *out == "" {
		return write(c.Stdout)
	}
	return writeWhole(*out, write)
}

func profileNames() string {
	var names []string
	for _, p := range escpos.Profiles() {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}
