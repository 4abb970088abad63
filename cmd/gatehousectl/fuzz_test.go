package main_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzPlay gives the desk any text as a script. Every line that is not blank gets
// one result, and nothing is done for a line that was not understood.
func FuzzPlay(f *testing.F) {
	day, err := os.ReadFile(filepath.Join("testdata", "day.jsonl"))
	must(f, err)
	for line := range strings.Lines(string(day)) {
		if !strings.Contains(line, "pin") { // PINs are slow on purpose
			f.Add([]byte(line))
		}
	}
	f.Add([]byte("\n \r\n{}\n[[[\n{\"do\":{}}\n\xff\x00"))
	f.Add([]byte(`{"do":"staff.sign_out","by":"maria","at":"0001-01-01T00:00:00Z"}`))
	p := newPlace(f)
	mustCtl(f, "play", p.script(f, "day", signIn, open), "--ledger", p.ledger, "--data", p.data)
	f.Fuzz(func(t *testing.T, script []byte) {
		a := ctlReading(t, string(script), "play", "-", "--ledger", p.ledger, "--data", p.data)
		lines := 0
		for line := range bytes.SplitSeq(script, []byte("\n")) {
			if len(bytes.TrimSpace(line)) > 0 {
				lines++
			}
		}
		all := results(t, a.out)
		if len(all) != lines || a.code > 1 {
			t.Fatalf("%d results for %d lines, ended with %d: %s", len(all), lines, a.code, a.err)
		}
		for _, r := range all {
			if r.OK != (len(r.Entries) > 0) || r.OK == (r.Refused != nil || r.Error != "") {
				t.Errorf("line %d: %+v", r.Line, r)
			}
		}
	})
}
