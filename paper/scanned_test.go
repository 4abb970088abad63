package paper_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
)

// Every code on every paper is read back from its picture by a decoder that is
// not ours, on wide paper and on narrow.
func TestCodesAreReadBackFromThePaper(t *testing.T) {
	read := map[string]int{}
	for _, name := range []string{"TM-T88VI", "generic-58"} {
		profile, found := escpos.ProfileNamed(name)
		if !found {
			t.Fatalf("no profile %q", name)
		}
		for _, p := range day(t, false) {
			codes := codesOn(p.doc)
			if len(codes) == 0 {
				continue
			}
			got := strings.Split(strings.TrimSpace(scanned(t, picture(t, profile, p.doc))), "\n")
			if strings.Join(got, "|") != strings.Join(codes, "|") {
				t.Errorf("%s on %s: read %q, want %q", p.name, name, got, codes)
			}
			read[p.name] += len(got)
		}
	}
	for _, name := range []string{"receipt", "reversal", "badge", "ticket", "z-report"} {
		if read[name] != 2 {
			t.Errorf("%s: %d codes read, want one on each printer", name, read[name])
		}
	}
}

// codesOn are the texts of the codes of a document.
func codesOn(doc *escpos.Doc) (all []string) {
	for _, item := range doc.Items {
		switch c := item.(type) {
		case escpos.QR:
			all = append(all, c.Text)
		case escpos.Barcode:
			all = append(all, c.Data)
		}
	}
	return all
}

// picture prints a document and returns the name of a file with what came out.
func picture(t *testing.T, profile escpos.Profile, doc *escpos.Doc) string {
	t.Helper()
	segments, err := escpos.Encode(doc, profile)
	if err != nil {
		t.Fatal(err)
	}
	var stream []byte
	for _, s := range segments {
		stream = append(stream, s.Data...)
	}
	out, err := emulator.Print(context.Background(), profile, strings.NewReader(string(stream)))
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Pieces) != 1 {
		t.Fatalf("%d pieces came out, want 1", len(out.Pieces))
	}
	png, err := out.Pieces[0].PNG()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "paper.png")
	if err := os.WriteFile(name, png, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// scanned is what an independent decoder reads in a picture.
func scanned(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("zbarimg", "--quiet", "--raw", name).Output()
	if err != nil {
		t.Fatalf("zbarimg (Debian package zbar-tools) could not read the picture: %v", err)
	}
	return string(out)
}
