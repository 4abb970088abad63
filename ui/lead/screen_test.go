package lead_test

import (
	"path/filepath"
	"strings"
	"testing"

	. "gatehouse/desk/desktest"
	"gatehouse/desk/report"
	"gatehouse/ui/keys"
	"gatehouse/ui/lead"
	"gatehouse/ui/lead/flow"
	"gatehouse/ui/look"
	"gatehouse/ui/uitest"
	"gatehouse/ui/words"
)

// office is a lead at the reports of two weeks.
type office struct {
	*uitest.Bench
	station *Station
	flow    *flow.Flow
	screen  *lead.Screen
	left    bool
	answers []flow.Event // wait until the press that asked for them is done with, as in the window
}

func newOffice(t *testing.T, lang words.Lang, o uitest.Options) *office {
	t.Helper()
	s := New(t, Options{Policy: Everything})
	Weeks(s, 2)
	s.SignIn(Ben)
	d := &office{Bench: uitest.New(t, o), station: s}
	book, err := words.For(lang)
	if err != nil {
		t.Fatal(err)
	}
	d.flow = flow.New(flow.Deps{Now: s.Clock.Now})
	runner := &flow.Runner{Desk: s.Desk, Folder: filepath.Join(t.TempDir(), "reports"), Now: s.Clock.Now}
	d.screen = lead.New(lead.Options{Env: d.Env, Flow: d.flow, Words: book, Station: "A1", Run: func(e flow.Effect) {
		if e.Do == flow.DoLeave {
			d.left = true
			return
		}
		d.answers = append(d.answers, runner.Run(e))
	}})
	d.Show(d.screen.Content())
	d.screen.Handle(flow.Entered{Who: Ben, Name: "Ben Okafor"})
	d.screen.Enter()
	return d
}

func (d *office) press(pressed ...keys.Key) {
	for _, k := range pressed {
		d.Press(k)
		for len(d.answers) > 0 {
			e := d.answers[0]
			d.answers = d.answers[1:]
			d.screen.Handle(e)
		}
	}
}

// open asks for a report of all that there is.
func (d *office) open(name string) {
	for i, k := range report.Kinds() {
		if k.Name == name {
			d.screen.Handle(flow.Picked{Row: i})
		}
	}
	d.screen.Handle(flow.Typed{Field: flow.From, Text: "20261123"})
	d.screen.Handle(flow.Typed{Field: flow.To, Text: "2026-12-04"})
	d.press(keys.Enter)
}

// TestEveryReportFits: the picture and the table of each report, on the smallest
// counter, in every language, by day and with text at 150 percent; no sentence is
// missing.
func TestEveryReportFits(t *testing.T) {
	for _, lang := range words.Languages() {
		for _, large := range []bool{false, true} {
			d := newOffice(t, lang, uitest.Options{Look: look.Options{Large: large}})
			check := func(name string) {
				if d.Fits(); t.Failed() {
					t.Fatalf("%s, large %v: %s does not fit", lang, large, name)
				}
				for _, text := range d.Texts() {
					if strings.ContainsAny(text, "[{") {
						t.Errorf("%s, %s: a sentence is missing, or a fact of it: %q", lang, name, text)
					}
				}
			}
			check("list")
			for _, k := range report.Kinds() {
				d.open(k.Name)
				m := d.flow.Model()
				if m.Place != flow.AtReport || m.Table.Name != k.Name {
					t.Fatalf("%s was asked for: %+v", k.Name, m)
				}
				check(k.Name)
				if !m.Table.Picture.Empty() {
					if !m.Drawn {
						t.Errorf("%s: its picture is not looked at first", k.Name)
					}
					d.press(keys.F5)
					check(k.Name + " as a table")
				}
				d.press(keys.Esc)
			}
		}
	}
}

// TestTheWindowSaysWhatTheTableSays: the figures of the picture and of the rows.
func TestTheWindowSaysWhatTheTableSays(t *testing.T) {
	d := newOffice(t, words.English, uitest.Options{})
	d.open("tenders")
	table := *d.flow.Model().Table
	says := strings.Join(d.Texts(), "\n")
	for _, b := range table.Picture.Panels[0].Bars {
		if !strings.Contains(says, b.Name) || !strings.Contains(says, b.Value.String()) {
			t.Errorf("the picture does not say %s %s:\n%s", b.Name, b.Value, says)
		}
	}
	d.press(keys.F5)
	says = strings.Join(d.Texts(), "\n")
	for _, r := range table.Rows {
		for i, c := range table.Columns {
			if !strings.Contains(says, c.Write(r.Cells[i])) {
				t.Errorf("the table does not say %q", c.Write(r.Cells[i]))
			}
		}
	}
}

// TestKeptAsPDF: F9 keeps the report, and the notice says where.
func TestKeptAsPDF(t *testing.T) {
	d := newOffice(t, words.English, uitest.Options{})
	d.open("over-short")
	d.press(keys.F9)
	path := d.flow.Model().Saved
	if found, err := filepath.Glob(path); err != nil || len(found) != 1 || !strings.HasSuffix(path, ".pdf") {
		t.Fatalf("kept as %q: %v, %v", path, found, err)
	}
	if says := strings.Join(d.Texts(), "\n"); !strings.Contains(says, filepath.Base(path)) {
		t.Errorf("it is not said where: %s", says)
	}
	d.Fits()
	d.press(keys.Esc, keys.Esc)
	if !d.left {
		t.Error("Esc does not lead back to the window")
	}
}

// TestLooks are the pages somebody has looked at.
func TestLooks(t *testing.T) {
	d := newOffice(t, words.English, uitest.Options{})
	d.Picture("list")
	d.open("over-short")
	d.Picture("over-short")
	d.press(keys.F5)
	d.Picture("over-short-table")
	d.press(keys.Esc)
	d.open("cash")
	d.Picture("cash")
	d.press(keys.F5)
	d.Picture("cash-table")
	d.press(keys.Esc)
	d.open("roll-up")
	d.Picture("roll-up")
}
