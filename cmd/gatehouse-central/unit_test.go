package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

const unitFile = "../../packaging/gatehouse-central.service"

// TestTheUnitLeavesAFaultLittleToTake asks systemd itself what a service may do that
// runs under our unit: 10 is everything, below 2 it calls OK.
func TestTheUnitLeavesAFaultLittleToTake(t *testing.T) {
	out, err := exec.Command("systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=15", unitFile).CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// TestSystemdKnowsEveryWordOfTheUnit: a word that it does not know is only warned of,
// and protects nothing.
func TestSystemdKnowsEveryWordOfTheUnit(t *testing.T) {
	text, err := os.ReadFile(unitFile)
	if err != nil {
		t.Fatal(err)
	}
	here := filepath.Join(t.TempDir(), filepath.Base(unitFile))
	// The program is not installed on this machine.
	text = bytes.ReplaceAll(text, []byte("/usr/local/bin/gatehouse-central"), []byte("/bin/true"))
	if err := os.WriteFile(here, text, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("systemd-analyze", "verify", "--man=no", here).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("%v: %s", err, out)
	}
}
