package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sampleStream has a command of each family, as other programs write them: a logo by rows and by columns, styles,
// tabs, bar codes of both forms, a QR code, page mode, a drawer, a cut, a display, and two mistakes.
func sampleStream() string {
	return "\x1b@\x1bt\x10\x1ba\x01\x1dv0\x00\x04\x00\x10\x00" + strings.Repeat("\xf0\x0f\xf0\x0f", 16) +
		"\x1b!\x38Millbrook Water\n\x1b!\x00\x1ba\x00\x1bD\x14\x00Caf\xe9\t4.00\n\x1b*\x21\x08\x00" + strings.Repeat("\xaa\x55\xaa", 8) + "\n" +
		"\x1dh\x40\x1dw\x02\x1dH\x02\x1dkI\x08{BGH-123\x1dk\x02978019431531\x00" +
		"\x1d(k\x03\x001C\x04\x1d(k\x09\x001P0GH-123\x1d(k\x03\x001Q0" +
		"\x1bL\x1bW\x00\x00\x00\x00\x00\x01\x40\x00in a page\x0c\x10\x04\x01\x1bp\x00\x32\xfa\x1dVB\x00" +
		"\x1b=\x02\x0c\x1f$\x01\x01Thank you\x1b=\x01\x1b\xfe\x1b\x1b@\x1cp\x01\x00after\n"
}

// The list, the text and the JSON of the sample are as they were.
// What differs is left in testdata/failed.
func TestDecodingASample(t *testing.T) {
	for name, options := range map[string][]string{"decode.txt": nil, "decode-paper.txt": {"--text"}, "decode.json": {"--json"}} {
		got := ctlReading(t, sampleStream(), append([]string{"escpos", "decode", "-"}, options...)...)
		if got.code != 0 {
			t.Fatalf("%s: ended with %d: %s", name, got.code, got.err)
		}
		want, err := os.ReadFile(filepath.Join("testdata", name))
		if err == nil && got.out == string(want) {
			continue
		}
		failed := filepath.Join("testdata", "failed")
		must(t, os.MkdirAll(failed, 0o755))
		must(t, os.WriteFile(filepath.Join(failed, name), []byte(got.out), 0o644))
		t.Errorf("%s is not as testdata has it (%v): look at testdata/failed, and accept it with make golden", name, err)
	}
}
