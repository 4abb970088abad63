package flow_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/desk/report"
	"gatehouse/desk/staff"
	"gatehouse/ui/lead/flow"
)

func row(t *testing.T, name string) int {
	t.Helper()
	for i, k := range report.Kinds() {
		if k.Name == name {
			return i
		}
	}
	t.Fatalf("there is no report %s", name)
	return 0
}

func at(year int, month time.Month, day int) func() time.Time {
	return func() time.Time { return time.Date(year, month, day, 9, 0, 0, 0, time.UTC) }
}

// TestDates: what is typed, and what a key types, as the period that is asked for.
func TestDates(t *testing.T) {
	for _, c := range []struct {
		name     string
		what     string
		from, to string // "" leaves what is there
		press    flow.Action
		want     string // period; "" is refused
	}{
		{"today is there", "gl", "", "", "", "2027-02-03"},
		{"with dashes", "gl", "2026-11-01", "2026-11-30", "", "2026-11-01 to 2026-11-30"},
		{"without", "gl", "20261101", " 20261130 ", "", "2026-11-01 to 2026-11-30"},
		{"no end is one day", "gl", "20261101", " ", "", "2026-11-01"},
		{"a month's own end", "month", "20261115", "nonsense", "", "2026-11-15"},
		{"no such day", "gl", "20261131", "20261231", "", ""},
		{"words", "gl", "yesterday", "20261231", "", ""},
		{"no beginning", "gl", " ", "20261231", "", ""},
		{"this month", "gl", "x", "x", flow.Month, "2027-02-01 to 2027-02-28"},
		{"this year", "gl", "x", "x", flow.Year, "2026-07-01 to 2027-06-30"},
		{"today", "gl", "x", "x", flow.Today, "2027-02-03"},
	} {
		f := flow.New(flow.Deps{Now: at(2027, 2, 3)})
		f.Handle(flow.Entered{Who: Ben, Name: "Ben"})
		f.Handle(flow.Picked{Row: row(t, c.what)})
		for field, text := range map[flow.Field]string{flow.From: c.from, flow.To: c.to} {
			if text != "" {
				f.Handle(flow.Typed{Field: field, Text: text})
			}
		}
		if c.press != "" {
			f.Handle(flow.Pressed{Action: c.press})
		}
		got := ""
		for _, e := range f.Handle(flow.Pressed{Action: flow.Make}) {
			got = e.Period.String()
		}
		if got != c.want || (got == "") != (len(f.Model().Refused) > 0) {
			t.Errorf("%s: asked for %q, want %q; refused %v", c.name, got, c.want, f.Model().Refused)
		}
	}
}

// TestAnAnswerThatComesLateIsNobodys: whoever went back does not get the report they
// gave up.
func TestAnAnswerThatComesLateIsNobodys(t *testing.T) {
	f := flow.New(flow.Deps{Now: at(2027, 2, 3)})
	f.Handle(flow.Entered{Who: Ben, Name: "Ben"})
	first := f.Handle(flow.Pressed{Action: flow.Make})[0]
	if f.Can(flow.Make) {
		t.Error("a second report can be asked for while one is being made")
	}
	if left := f.Handle(flow.Pressed{Action: flow.Back}); len(left) != 1 || left[0].Do != flow.DoLeave {
		t.Errorf("back from the list: %v", left)
	}
	f.Handle(flow.Entered{Who: Ana, Name: "Ana"})
	f.Handle(flow.Made{Turn: first.Turn, Table: &report.Table{Title: "of Ben"}})
	if m := f.Model(); m.Place != flow.AtList || m.Table != nil || m.Who != Ana {
		t.Errorf("%+v", m)
	}
}

// TestWhoMaySee: whoever may count others' drawers, is signed in, and has no drawer open
// themselves.
func TestWhoMaySee(t *testing.T) {
	for _, c := range []struct {
		name  string
		who   staff.ID
		setUp func(*Station)
		want  string
	}{
		{"a supervisor", Ben, func(s *Station) { s.SignIn(Ben) }, ""},
		{"an auditor", Auditor, func(s *Station) { s.SignIn(Auditor) }, ""},
		{"a CSS II with no drawer", Ana, func(s *Station) { s.SignIn(Ana) }, ""},
		{"a CSS II with a drawer open", Ana, func(s *Station) { s.Morning(Ana, "2") }, "report.drawer_open"},
		{"the same after the close", Ana, func(s *Station) {
			s.Morning(Ana, "2")
			s.CloseCounted(Ana, cash.CountDrawer{Count: Count(200_00)})
		}, ""},
		{"a cashier", Tom, func(s *Station) { s.SignIn(Tom) }, "staff.no_right"},
		{"somebody who is not signed in", Ben, func(s *Station) { s.SignIn(Ana) }, "staff.not_signed_in"},
	} {
		s := New(t, Options{Policy: Everything})
		c.setUp(s)
		r := &flow.Runner{Desk: s.Desk, Now: s.Clock.Now}
		made := r.Run(flow.Effect{Do: flow.DoMake, Turn: 1, Who: c.who, What: "cash"}).(flow.Made)
		got := made.Trouble
		if made.Refusal != nil {
			got = made.Refusal.Code
		}
		if got != c.want || (made.Table == nil) != (c.want != "") {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestKeepingAReport: as PDF for its owner alone; a folder that cannot be made is said.
func TestKeepingAReport(t *testing.T) {
	s := New(t, Options{Policy: func(p *desk.Policy) { Everything(p); p.Utility.Name = "Arroyo" }})
	s.SignIn(Ben)
	r := &flow.Runner{Desk: s.Desk, Folder: filepath.Join(t.TempDir(), "a", "reports"), Now: s.Clock.Now}
	made := r.Run(flow.Effect{Do: flow.DoMake, Who: Ben, What: "gl", Period: report.Day(20261123)}).(flow.Made)
	saved := r.Run(flow.Effect{Do: flow.DoSave, Name: "Ben", Table: made.Table}).(flow.Saved)
	info, err := os.Stat(saved.Path)
	if err != nil || info.Mode().Perm() != 0o600 || filepath.Base(saved.Path) != "A1-gl-20261123-20261123-E000002.pdf" {
		t.Errorf("%+v, %v", saved, err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	r.Folder = filepath.Join(file, "reports")
	if saved = r.Run(flow.Effect{Do: flow.DoSave, Name: "Ben", Table: made.Table}).(flow.Saved); !strings.Contains(saved.Trouble, "keep the report") {
		t.Errorf("%+v", saved)
	}
}

// TestAnyKeys: in any order, no key ends the flow, asks for a report twice at once, or
// shows one without a table.
func TestAnyKeys(t *testing.T) {
	actions := []flow.Action{flow.Make, flow.Today, flow.Month, flow.Year, flow.Picture, flow.Save, flow.Back, flow.RowUp, flow.RowDown, flow.PageUp, flow.PageDown}
	rapid.Check(t, func(t *rapid.T) {
		f := flow.New(flow.Deps{Now: at(2027, 2, 3)})
		f.Handle(flow.Entered{Who: Ben, Name: "Ben"})
		turn := 0
		for range rapid.IntRange(1, 40).Draw(t, "events") {
			var e flow.Event = flow.Pressed{Action: rapid.SampledFrom(actions).Draw(t, "action")}
			switch rapid.IntRange(0, 5).Draw(t, "event") {
			case 0:
				e = flow.Made{Turn: rapid.SampledFrom([]int{turn, turn - 1}).Draw(t, "turn"), Table: &report.Table{}}
			case 1:
				e = flow.Typed{Field: rapid.SampledFrom([]flow.Field{flow.From, flow.To}).Draw(t, "field"), Text: rapid.SampledFrom([]string{"20261123", "x", ""}).Draw(t, "text")}
			case 2:
				e = flow.Picked{Row: rapid.IntRange(-1, 20).Draw(t, "row"), Open: rapid.Bool().Draw(t, "open")}
			}
			busy := f.Model().Busy
			for _, effect := range f.Handle(e) {
				if effect.Do != flow.DoLeave {
					if busy {
						t.Fatalf("%v began %v while another was under way", e, effect)
					}
					turn = effect.Turn
				}
			}
			if m := f.Model(); (m.Place == flow.AtReport) != (m.Table != nil) || m.Chosen < 0 || m.Chosen >= len(report.Kinds()) {
				t.Fatalf("after %v: %+v", e, m)
			}
		}
	})
}
