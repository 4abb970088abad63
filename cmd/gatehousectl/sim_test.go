package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/sync/sim"
)

// TestASimulationIsReplayedByItsSeed: many seeds in their order, whoever is done first,
// and one of them alone is the same again, with every event of it.
func TestASimulationIsReplayedByItsSeed(t *testing.T) {
	many := ctl(t, "sim", "--seeds", "7-12", "--hours", "12", "--json")
	if many.code != 0 {
		t.Fatalf("ended with %d: %s%s", many.code, many.out, many.err)
	}
	lines := strings.Split(strings.TrimSpace(many.out), "\n")
	if len(lines) != 6 {
		t.Fatalf("%d lines: %s", len(lines), many.out)
	}
	for i, line := range lines {
		var r sim.Result
		if err := json.Unmarshal([]byte(line), &r); err != nil || r.Seed != uint64(7+i) || r.Entries == 0 || len(r.Hash) != 32 || len(r.Wrong) > 0 {
			t.Errorf("line %d: %+v, %v", i, r, err)
		}
	}
	trace := filepath.Join(t.TempDir(), "trace")
	one := ctl(t, "sim", "--seed", "9", "--hours", "12", "--json", "--trace", trace)
	if one.code != 0 || strings.TrimSpace(one.out) != lines[2] {
		t.Errorf("seed 9 alone: %s\namong others: %s", one.out, lines[2])
	}
	if text, err := os.ReadFile(trace); err != nil || strings.Count(string(text), "\n") < 50 || !strings.Contains(string(text), "everything is mended") {
		t.Errorf("the trace: %d bytes, %v", len(text), err)
	}
	if a := ctl(t, "sim", "--seeds", "1-3", "--hours", "6"); a.code != 0 || !strings.Contains(a.out, "3 seeds (") || !strings.Contains(a.out, " 0 wrong") {
		t.Errorf("the summary: %s%s", a.out, a.err)
	}
	if a := ctl(t, "sim", "--stations", "0"); a.code == 0 || !strings.Contains(a.err, "1 to 50 stations") {
		t.Errorf("no stations: %d %s", a.code, a.err)
	}
}
