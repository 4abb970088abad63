package main_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestAPaperAsPDF draws a receipt and a report of a played day, and reads the
// text back with a program that is not ours.
func TestAPaperAsPDF(t *testing.T) {
	p := newPlace(t)
	p.play(t, filepath.Join("testdata", "day.jsonl"))
	out := p.path("paper.pdf")
	for number, page := range map[string]string{"A1-000001": "roll", "A1-E000005": "letter"} {
		mustCtl(t, "pdf", number, "--data", p.data, "--ledger", p.ledger, "--page", page, "-o", out)
		data, err := os.ReadFile(out)
		must(t, err)
		if !bytes.HasPrefix(data, []byte("%PDF-")) {
			t.Fatalf("%s: not a PDF", number)
		}
		text, err := exec.Command("pdftotext", "-layout", out, "-").CombinedOutput()
		must(t, err)
		if !strings.Contains(string(text), number) || !strings.Contains(string(text), "DUPLICATE") {
			t.Errorf("%s as PDF says\n%s", number, text)
		}
	}
	for args, want := range map[string]string{
		"A1-999999": "no receipt number 999999", "zz": "not the number of a paper",
		"A1-E999999": "not in the ledger", "A1-E000002": "",
	} {
		a := ctl(t, "pdf", args, "--data", p.data, "--ledger", p.ledger, "-o", p.path("none.pdf"))
		if a.code == 0 || !strings.Contains(a.err, want) {
			t.Errorf("%s: ended with %d: %s", args, a.code, a.err)
		}
	}
	if _, err := os.Stat(p.path("none.pdf")); err == nil {
		t.Error("a file was written for a paper that is not there")
	}
}
