package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/drivers/escpos"
)

const visitPass = `{"items": [
  {"kind": "text", "text": "Visitor", "wide": true, "align": "center"},
  {"kind": "row", "cells": [{"text": "Host"}, {"text": "Nuñez", "align": "right"}]},
  {"kind": "barcode", "data": "400638133393", "symbology": "EAN-13", "caption": true},
  {"kind": "end", "number": "V-42"},
  {"kind": "cut"}
]}`

// What is encoded is read back by the other verb, for every printer.
func TestEncodeThenDecode(t *testing.T) {
	for _, p := range escpos.Profiles() {
		t.Run(p.Name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "pass.bin")
			a := ctlReading(t, visitPass, "escpos", "encode", "-", "--profile", p.Name, "-o", file)
			if a.code != 0 || a.out != "" {
				t.Fatalf("%d: %s%s", a.code, a.out, a.err)
			}
			if list := mustCtl(t, "escpos", "decode", file).out; !strings.HasSuffix(list, " 0 unknown\n") {
				t.Errorf("it is read as\n%s", list)
			}
			text := mustCtl(t, "escpos", "decode", file, "--text", "--model", p.Name).out
			for _, want := range []string{"Visitor", "Nuñez", "END V-42"} {
				if !strings.Contains(text, want) {
					t.Errorf("%q is not in\n%s", want, text)
				}
			}
			same := ctlReading(t, visitPass, "escpos", "encode", "-", "--profile", p.Name)
			if whole := string(read(t, file)); same.out != whole {
				t.Errorf("standard output has %d bytes, the file %d", len(same.out), len(whole))
			}
		})
	}
}

func TestEncodeRefusesAndWritesNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "out.bin")
	for _, c := range []struct {
		doc  string
		args []string
		code int
		says string
	}{
		{visitPass, []string{"--profile", "TM-1"}, 2, "there is no profile \"TM-1\"; there are TM-T88II, "},
		{`{"items":[{"kind":"text","txt":"a"}]}`, nil, 1, `item 0 (text): "txt": there is no such field here`},
		{`{"items":[{"kind":"cut"},{"kind":"barcode","data":"123","symbology":"ITF"}]}`, nil, 1, "item 1 (bar code): it has an odd number of digits"},
		{`{"items":[{"kind":"text","text":"\u0010\u0014\u0001\u0000\u0001"}]}`, nil, 1, "item 0 (text): it holds a control character"},
	} {
		a := ctlReading(t, c.doc, append([]string{"escpos", "encode", "-", "-o", file}, c.args...)...)
		if a.code != c.code || !strings.Contains(a.err, c.says) {
			t.Errorf("%s: %d, %s, want %q", c.doc, a.code, a.err, c.says)
		}
		if _, err := os.Stat(file); !os.IsNotExist(err) {
			t.Errorf("%s: a file is there: %v", c.doc, err)
		}
	}
	if a := ctl(t, "escpos", "encode", filepath.Join(t.TempDir(), "none.json")); a.code != 1 || !strings.Contains(a.err, "read document: open") {
		t.Errorf("no document: %d, %s", a.code, a.err)
	}
	if a := ctl(t, "escpos", "print"); a.code != 2 || !strings.Contains(a.err, "escpos decode") || !strings.Contains(a.err, "escpos encode") {
		t.Errorf("neither verb: %d, %s", a.code, a.err)
	}
}
