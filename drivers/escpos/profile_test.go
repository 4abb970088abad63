package escpos_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"gatehouse/drivers/escpos"
)

// What must hold of every profile, whatever the printer.
func TestProfilesHoldTogether(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range escpos.Profiles() {
		for _, c := range []struct {
			rule string
			ok   bool
		}{
			{"its name is its own", p.Name != "" && !seen[p.Name]},
			{"a person can choose it by its title", p.Title != ""},
			{"its numbers have a source", p.Source != ""},
			{"a line of font A fills the dots, or the middle would be elsewhere", p.Columns >= 16 && p.Dots/12 == p.Columns},
			{"font B is the narrower", p.ColumnsB == 0 || p.ColumnsB > p.Columns},
			{"its density is that of a receipt printer", p.DPI >= 144 && p.DPI <= 300},
			{"it begins with a page", len(p.CodePages) > 0},
			{"two segments fit in its buffer", p.Slack > 0 && p.BufferBytes > 2*p.Slack},
			{"a process ID is its token where it knows one", p.ProcID == (p.Ack == escpos.AckProcID)},
			{"it answers or is write-only", p.WriteOnly == (p.Ack == escpos.AckNone)},
			{"a write-only printer is asked nothing", !p.WriteOnly || !p.ASB && !p.StatusSafe && !p.ClearBuffers},
			{"it cuts, or says how far to feed", p.Cutter || p.FeedToCut > 0},
			{"pins take pictures by columns", !p.Impact || p.Pictures == escpos.Columns8 && !p.QR},
			{"its drawers are on two pins", p.Drawers >= 0 && p.Drawers <= 2},
			{"its speed is that of a receipt printer", p.MMPerSecond >= 0 && p.MMPerSecond <= 500},
		} {
			if !c.ok {
				t.Errorf("%s: it does not hold that %s", p.Name, c.rule)
			}
		}
		pages, numbers := map[escpos.CodePage]bool{}, map[byte]bool{}
		for _, page := range p.CodePages {
			if pages[page.Page] || numbers[page.N] {
				t.Errorf("%s: page %d or number %d twice", p.Name, page.Page, page.N)
			}
			pages[page.Page], numbers[page.N] = true, true
		}
		seen[p.Name] = true
	}
	if len(seen) < 16 {
		t.Errorf("%d profiles, at least 16 are promised", len(seen))
	}
}

// The standard receipt, with its logo and its QR code, is encoded for every printer without a command it
// lacks.
func TestStandardReceiptForEveryPrinter(t *testing.T) {
	logo := escpos.Logo{Key: escpos.LogoKey{'G', 'H'}, Bitmap: drop(t), Align: escpos.Center}
	doc := receipt(logo).Add(escpos.Barcode{Data: "B042", Caption: true})
	for _, p := range escpos.Profiles() {
		segs, err := escpos.Encode(doc, p)
		if err != nil {
			t.Errorf("%s: %v", p.Name, err)
			continue
		}
		used := map[string]bool{}
		var tk escpos.Tokenizer
		for _, s := range segs {
			tk.Push(s.Data, func(tok escpos.Token) { used[tok.Name] = true })
		}
		for _, c := range []struct {
			command string
			allowed bool
		}{
			{"GS ( k", p.QR}, {"GS k", p.Barcodes}, {"GS ( L", p.Logos == escpos.LogosByKey}, {"FS p", p.Logos == escpos.LogosByNumber}, {"GS a", p.ASB}, {"GS V", p.Cutter},
			{"GS v", p.Pictures == escpos.Raster}, {"ESC *", p.Pictures != escpos.Raster},
			{"GS !", !p.Impact}, {"GS B", !p.Impact}, {"ESC !", p.Impact},
		} {
			if used[c.command] && !c.allowed {
				t.Errorf("%s is sent %s, which it lacks", p.Name, c.command)
			}
		}
		if p.Impact && !(used["ESC *"] && used["ESC !"]) {
			t.Errorf("%s: no picture or no large letters: %v", p.Name, used)
		}
	}
}

// The table in docs/devices.md is that of the profiles.
func TestProfilesAreInTheDocumentation(t *testing.T) {
	text, err := os.ReadFile("../../docs/devices.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range escpos.Profiles() {
		proof := map[escpos.AckToken]string{escpos.AckProcID: "confirmed", escpos.AckGSr: "parsed", escpos.AckNone: "sent only"}[p.Ack]
		pulse := map[bool]string{true: "yes", false: "no"}[p.RealtimePulse]
		pictures := map[escpos.Pictures]string{escpos.Raster: "rows", escpos.Columns24: "columns of 24", escpos.Columns8: "columns of 8"}[p.Pictures]
		row := fmt.Sprintf("| `%s` | %d | %d | %s | %s | %s |\n", p.Name, p.Columns, p.Dots, proof, pulse, pictures)
		if !strings.Contains(string(text), row) {
			t.Errorf("docs/devices.md lacks %s", row)
		}
	}
}
