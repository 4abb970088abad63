package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/ledger"
)

// TestWhatIsWrongIsSaid: what a person mixes up most easily is named, with what to do.
func TestWhatIsWrongIsSaid(t *testing.T) {
	p := aDay(t)
	must(t, os.WriteFile(p.path("summary.json"), []byte(`{"entries": 12}`), 0o600))
	must(t, os.WriteFile(p.path("events.json"), []byte(`{"a":1}`), 0o600))
	key, other := p.path("station.key"), p.path("other.key")
	_, err := ledger.LoadKey(other, random(2))
	must(t, err)
	day := filepath.Join("testdata", "day.jsonl")
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"verify", p.ledger, "--mirror", p.path("nowhere")}, 1, "look for the mirror: there is no folder " + p.path("nowhere")},
		{[]string{"verify", p.ledger, "--mirror", p.path("summary.json")}, 1, "is a file, and a mirror is a folder"},
		{[]string{"restore", "--mirror", p.path("nowhere"), "--key", key, "--out", p.path("new.db")}, 1, "look for the mirror: there is no folder"},
		{[]string{"restore", "--witness", p.path("nowhere"), "--key", key, "--out", p.path("new.db")}, 1, "look for the witness: there is no folder"},
		{[]string{"play", day, "--data", p.data, "--ledger", p.ledger, "--key", other}, 1, "give the key of the station that wrote it with --key"},
		{[]string{"play", day, "--data", p.data, "--ledger", p.ledger, "--station", "B1"}, 1, "it belongs to station A1, not to B1: give --station A1"},
		{[]string{"play", day, "--data", p.data, "--ledger", p.ledger, "--training"}, 1, "leave --training out"},
		{[]string{"pdf", "A1-000001", "--data", p.data, "-o", p.path("r.pdf")}, 1, "look for the ledger: there is no file"},
		{[]string{"report", p.path("nowhere.db"), "--data", p.data, "--what", "gl"}, 1, "look for the ledger: there is no file"},
		{[]string{"probe", p.path("summary.json")}, 2, "is a file, and no port"},
		{[]string{"escpos", "decode", p.path("summary.json")}, 1, "is JSON, not the commands of a printer"},
		{[]string{"escpos", "encode", p.path("events.json")}, 1, "gatehousectl escpos encode --help"},
	} {
		if a := ctl(t, c.args...); a.code != c.code || !strings.Contains(a.err, c.says) {
			t.Errorf("%s: %d %q, want %q", strings.Join(c.args, " "), a.code, a.err, c.says)
		}
	}
}
