package report_test

import (
	"bytes"
	"context"
	"regexp"
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/desk/report"
	"gatehouse/desk/staff"
)

// TestTheRotaAndWhoMayDoWhat: three months with a count that is kept, one that is missed and
// one that waits; and the roster and the rights, of which some change on the way.
func TestTheRotaAndWhoMayDoWhat(t *testing.T) {
	s := New(t, Options{Policy: func(p *desk.Policy) {
		Everything(p)
		p.Cash.Rota = cash.Rota{Every: "month", From: 9 * 60, To: 16 * 60, Source: "procedure 11"}
	}})
	note := func() {
		t.Helper()
		if err := s.NoteRights(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	note()
	for month := range 3 {
		day := time.Date(2026, time.Month(11+month), 24, 17, 0, 0, 0, time.UTC)
		if day.After(s.Clock.Now()) {
			s.Clock.Pass(day.Sub(s.Clock.Now()))
		}
		s.SignIn(Maria)
		s.Do(Maria, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)})
		if month < 2 {
			untilDue(t, s)
		}
		if month == 0 {
			s.Clock.Pass(90 * time.Minute)
			s.SignIn(Ana)
			s.DoApproved(Ana, Maria, cash.CountDrawer{Drawer: "1", Surprise: true, Count: Count(199_00)})
		}
		s.SignIn(Maria)
		s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00)})
	}
	s.Roster[Tom] = staff.Person{ID: Tom, Name: "Tom Baker", Role: staff.CSS2, PIN: Hash(PIN)}
	note()
	for _, name := range []string{"rota", "rights", "staff", "changes"} {
		table := makeOf(t, s, name, report.Ask{Period: report.Period{From: 20260901, To: 20270101}})
		var got bytes.Buffer
		if err := table.Text(&got); err != nil {
			t.Fatal(err)
		}
		text := got.Bytes()
		if name == "rota" {
			text = undrawn(text)
		}
		golden(t, name+"-kept.txt", text)
	}
}

// undrawn takes out of a table what is drawn anew in every run: the times, and how long
// since.
func undrawn(text []byte) []byte {
	text = regexp.MustCompile(`20\d\d-\d\d-\d\d \d\d:\d\d`).ReplaceAll(text, []byte("....-..-.. ..:.."))
	text = regexp.MustCompile(`(?m) +(\d+ (hour|day)s?|less than an hour)( +-1\.00)?$`).ReplaceAll(text, []byte("  WAITED$3"))
	text = regexp.MustCompile(`(?m)WAITED +-1`).ReplaceAll(text, []byte("WAITED  -1"))
	return regexp.MustCompile(`(?m)Waited +Over/short$|^-+$`).ReplaceAll(text, []byte("..."))
}

// untilDue lets the hours go by until the station announces a count.
func untilDue(t *testing.T, s *Station) {
	t.Helper()
	for range 24 * 31 {
		s.Clock.Pass(time.Hour)
		entries, err := s.Try(desk.StationActor, cash.KeepRota{})
		if err == nil && entries[0].Kind == cash.KindRotaDue {
			return
		}
	}
	t.Fatal("no count was due within a month")
}
