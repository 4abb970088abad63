package probe_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gatehouse/drivers/devices"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/printer"
	"gatehouse/drivers/probe"
)

var update = flag.Bool("update", false, "write the golden files")

func words() probe.Words {
	return probe.Words{Title: "Test page", Columns: "Characters on a line", Dots: "Dots on a line",
		Letters: "These are letters with accents:", Codes: "These can be scanned:", Whole: "The last line says END, then the paper is cut."}
}

// TestPage: every profile prints the page whole, and says so as well as it can.
func TestPage(t *testing.T) {
	for _, p := range escpos.Profiles() {
		t.Run(p.Name, func(t *testing.T) {
			inBubble(t, p.Name, nil, func(t *testing.T, r *rig) {
				got, err := probe.Print(t.Context(), r.options, probe.Result{Baud: r.baud, Frame: r.frame, Profile: p}, words())
				if err != nil {
					t.Fatal(err)
				}
				if got.Fate != map[bool]printer.Fate{true: printer.SentOnly, false: printer.Parsed}[p.WriteOnly] && got.Fate != printer.Confirmed {
					t.Errorf("%v: %v", got.Fate, got.Cause)
				}
				if err := r.em.WaitIdle(t.Context()); err != nil {
					t.Fatal(err)
				}
				st := r.em.State()
				if st.Unknown != 0 || st.Dropped != 0 {
					t.Errorf("%d unknown, %d dropped", st.Unknown, st.Dropped)
				}
				text := r.em.Unfinished().Text()
				for _, piece := range r.em.Pieces() {
					text += piece.Text()
				}
				for _, must := range []string{strings.Repeat("1234567890", p.Columns/10), "ÁÉÍÓÚÜÑ áéíóúüñ ¿? ¡! $1,234.56", "GATEHOUSE", "END"} {
					if !strings.Contains(text, must) {
						t.Errorf("the page lacks %q:\n%s", must, text)
					}
				}
				if p.Name == "TM-T88VI" {
					golden(t, "page.txt", []byte(text))
				}
			})
		})
	}
}

func TestPrintEndsWithItsContext(t *testing.T) {
	inBubble(t, "TM-T88VI", nil, func(t *testing.T, r *rig) {
		r.em.PaperOut()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		got, err := probe.Print(ctx, r.options, probe.Result{Baud: r.baud, Frame: devices.Frame("8N1"), Profile: *profile("TM-T88VI")}, words())
		if err != nil || got.Fate != printer.NotStarted {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s differs (-update writes it anew):\n%s", name, got)
	}
}
