package visit_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/desk/staff"
	"gatehouse/desk/visit"
	"gatehouse/ledger"
)

func TestATicketNeedsNoName(t *testing.T) {
	l := newLobby(t)
	e := l.must(atKiosk(), visit.TakeTicket{Service: "bill", Language: "es"})[0]
	want := visit.Ticket{Number: "B001", Service: "bill", ServiceName: "Factura", Language: "es"}
	if got := body[visit.Ticket](t, e); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if e.Date != 20261123 {
		t.Errorf("business date %s, want 2026-11-23", e.Date)
	}
	if got := l.ticket().Number; got != "B002" {
		t.Errorf("the second number is %s, want B002", got)
	}
	if got := l.must(atKiosk(), visit.TakeTicket{Service: "start", Language: "en"})[0]; body[visit.Ticket](t, got).Number != "S001" {
		t.Errorf("another service has its own letter: got %s", got.Body)
	}
}

func TestATicketIsGivenOnceForOneTouch(t *testing.T) {
	l := newLobby(t)
	id, _ := ledger.NewCommandID(l.random)
	first, err := l.again(id, atKiosk(), visit.TakeTicket{Service: "bill", Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	again, err := l.again(id, atKiosk(), visit.TakeTicket{Service: "bill", Language: "en"})
	if err != nil || again[0].Seq != first[0].Seq {
		t.Fatalf("the same touch gave entry %d and then %v, %v", first[0].Seq, again, err)
	}
}

func TestTicketsKeepOpeningHours(t *testing.T) {
	day := func(d, h, m int) time.Time { return time.Date(2026, 11, d, h, m, 0, 0, pacific()) }
	for _, c := range []struct {
		name string
		at   time.Time
		open bool
	}{
		{"just before the opening", day(23, 7, 59), false},
		{"at the opening", day(23, 8, 0), true},
		{"last minute", day(23, 16, 59), true},
		{"at the closing", day(23, 17, 0), false},
		{"on Saturday", day(28, 10, 0), false},
		{"on a holiday", day(26, 10, 0), false},
		{"the day after", day(27, 10, 0), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLobby(t)
			l.now = c.at
			_, err := l.do(atKiosk(), visit.TakeTicket{Service: "bill", Language: "en"})
			if c.open && err != nil {
				t.Fatalf("refused: %v", err)
			}
			if !c.open {
				refused(t, err, "visit.closed", "")
			}
			l.signIn("Ana") // who is in the building is written down at any hour
		})
	}
}

func TestWhatIsTypedHasBounds(t *testing.T) {
	long := strings.Repeat("ñ", visit.MaxName)
	for _, c := range []struct {
		name        string
		in          visit.SignIn
		code, field string
	}{
		{"no name", visit.SignIn{Name: "  "}, "visit.name_needed", "name"},
		{"a name without letters", visit.SignIn{Name: "12 34"}, "visit.name_needed", "name"},
		{"a long name", visit.SignIn{Name: long + "ñ"}, "visit.too_long", "name"},
		{"a very long name", visit.SignIn{Name: strings.Repeat("a", 1<<20)}, "visit.too_long", "name"},
		{"a long company", visit.SignIn{Name: "Ana", Company: long + "x"}, "visit.too_long", "company"},
		{"a long person", visit.SignIn{Name: "Ana", Person: long + "x"}, "visit.too_long", "person"},
		{"a line break", visit.SignIn{Name: "Ana\nBoss: Maria"}, "visit.odd_characters", "name"},
		{"an escape to the printer", visit.SignIn{Name: "Ana\x1bp0"}, "visit.odd_characters", "name"},
		{"a line turned around", visit.SignIn{Name: "Ana \u202etxt"}, "visit.odd_characters", "name"},
		{"a space of no width", visit.SignIn{Name: "A\u200bna"}, "visit.odd_characters", "name"},
		{"broken bytes", visit.SignIn{Name: "Ana \xff"}, "visit.odd_characters", "name"},
		{"a character for private use", visit.SignIn{Name: "Ana", Company: "\ue000"}, "visit.odd_characters", "company"},
		{"a card number", visit.SignIn{Name: "Ana", Company: "4111 1111 1111 1111"}, "visit.looks_like_a_card", "company"},
		{"no department", visit.SignIn{Name: "Ana"}, "visit.no_such_department", "whom"},
		{"another department", visit.SignIn{Name: "Ana", Whom: "moon"}, "visit.no_such_department", "whom"},
		{"another language", visit.SignIn{Name: "Ana", Whom: "board", Language: "tlh"}, "visit.no_such_language", "language"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLobby(t)
			if c.in.Language == "" {
				c.in.Language = "en"
			}
			_, err := l.do(atKiosk(), c.in)
			refused(t, err, c.code, c.field)
			if len(l.here()) != 0 {
				t.Error("somebody was signed in")
			}
		})
	}
	t.Run("as long as may be", func(t *testing.T) {
		l := newLobby(t)
		if got := l.signIn("  " + long + " ").Name; got != long {
			t.Errorf("got %q", got)
		}
	})
}

func TestABadgeHasAllThatIsPrinted(t *testing.T) {
	l := newLobby(t)
	e := l.must(atKiosk(), visit.SignIn{Name: " José  Ñuñez ", Company: "Pipes & Co", Whom: "engineering", Person: "Li", Language: "es"})[0]
	want := visit.SignedIn{Number: "V001", Name: "José Ñuñez", Company: "Pipes & Co", Whom: "engineering",
		WhomName: "Ingeniería", WhomDesk: "Engineering", Person: "Li", Badge: visit.Escorted, Language: "es"}
	if got := body[visit.SignedIn](t, e); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestSigningOutByWhatIsOnTheBadge(t *testing.T) {
	for typed, ok := range map[visit.Number]bool{
		"V001": true, "v001": true, "1": true, "01": true, "001": true, " 1 ": true,
		"": false, "0": false, "000": false, "2": false, "V002": false, "B001": false, "0001": false, "V1": false,
		"Vx01": false, "-1": false, "١": false, visit.Number(strings.Repeat("1", 1<<16)): false,
	} {
		t.Run(string(typed[:min(8, len(typed))]), func(t *testing.T) {
			l := newLobby(t)
			l.signIn("Ana")
			out, err := l.do(atKiosk(), visit.SignOut{Number: typed})
			if !ok {
				if r, is := ledger.AsRefusal(err); !is || r.Field != "number" || len(l.here()) != 1 {
					t.Fatalf("got %v, want a refusal about the number", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got, want := body[visit.SignedOut](t, out[0]), (visit.SignedOut{Number: "V001", Of: 2, How: visit.ByKiosk}); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
			if len(l.here()) != 0 {
				t.Error("still here")
			}
			_, err = l.do(atKiosk(), visit.SignOut{Number: typed})
			refused(t, err, "visit.not_here", "number")
		})
	}
}

func TestTheKioskAloneNeverSeesWhoIsHere(t *testing.T) {
	l := newLobby(t)
	l.signIn("Ana")
	_, err := l.do(atKiosk(), visit.PrintList{})
	refused(t, err, "visit.staff_only", "")
	_, err = l.do(atKiosk(), visit.PresumeLeft{Numbers: []visit.Number{"V001"}})
	refused(t, err, "visit.staff_only", "")
	_, err = l.do(person(staff.CSS1), visit.PrintList{})
	refused(t, err, "staff.not_signed_in", "")
	_, err = l.do(l.staff(staff.Supervisor), visit.PrintList{})
	refused(t, err, "staff.no_right", "")
	l.must(l.staff(staff.Auditor), visit.PrintList{})
	_, err = l.do(person(staff.Auditor), visit.PresumeLeft{Numbers: []visit.Number{"V001"}})
	refused(t, err, "staff.no_right", "")
}

func TestTheListHoldsEverybody(t *testing.T) {
	l := newLobby(t)
	l.ticket()
	for range 81 {
		l.signIn("Ana")
	}
	reception := l.receptionist()
	l.must(reception, visit.SignOut{Number: "V003"})
	l.must(reception, visit.PresumeLeft{Numbers: []visit.Number{"V001", "2"}})
	out := l.must(reception, visit.PrintList{})
	if len(out) != 2 {
		t.Fatalf("%d sheets, want 2", len(out))
	}
	seen := map[visit.Number]bool{}
	for i, e := range out {
		sheet := body[visit.ListPrinted](t, e)
		if sheet.Sheet != i+1 || sheet.Sheets != 2 || sheet.In != 78 || sheet.Left != 2 || sheet.Tickets != 1 {
			t.Errorf("sheet %d: %d of %d, %d in, %d left, %d tickets", i+1, sheet.Sheet, sheet.Sheets, sheet.In, sheet.Left, sheet.Tickets)
		}
		for _, row := range sheet.Rows {
			seen[row.Number] = true
			if (row.Left != 0) != (row.Number == "V001" || row.Number == "V002") {
				t.Errorf("%s: left %d", row.Number, row.Left)
			}
		}
	}
	if len(seen) != 80 || seen["V003"] {
		t.Errorf("%d visitors on the list", len(seen))
	}
}

func TestTheListOfTheLongestNamesFitsItsEntries(t *testing.T) {
	l := newLobby(t)
	wide := strings.Repeat("𐐀", visit.MaxName) // four bytes each
	for range 41 {
		l.must(atKiosk(), visit.SignIn{Name: wide, Company: wide, Person: wide, Whom: "board", Language: "en"})
	}
	if n := len(l.must(l.receptionist(), visit.PrintList{})); n != 2 {
		t.Errorf("%d sheets, want 2", n)
	}
}

func TestAnEmptyListIsPrintedToo(t *testing.T) {
	l := newLobby(t)
	out := l.must(l.receptionist(), visit.PrintList{})
	if got := body[visit.ListPrinted](t, out[0]); got.Sheets != 1 || len(got.Rows) != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestPresumedIsNotGone(t *testing.T) {
	l := newLobby(t)
	reception := l.receptionist()
	l.signIn("Ana")
	l.must(reception, visit.PresumeLeft{Numbers: []visit.Number{"V001"}})
	_, err := l.do(reception, visit.PresumeLeft{Numbers: []visit.Number{"V001"}})
	refused(t, err, "visit.already_presumed", "numbers")
	l.now = l.now.Add(4*time.Hour - time.Second)
	if here := l.here(); len(here) != 1 || here[0].Left == 0 {
		t.Fatalf("within four hours: %+v, want one, marked", here)
	}
	l.now = l.now.Add(time.Second)
	if here := l.here(); len(here) != 0 {
		t.Fatalf("after four hours: %+v", here)
	}
	// The visitor comes to the kiosk after all.
	l.must(atKiosk(), visit.SignOut{Number: "V001"})
}

func TestPresumingIsBounded(t *testing.T) {
	l := newLobby(t)
	reception := l.receptionist()
	l.signIn("Ana")
	for _, numbers := range [][]visit.Number{nil, make([]visit.Number, 33)} {
		_, err := l.do(reception, visit.PresumeLeft{Numbers: numbers})
		refused(t, err, "visit.how_many", "numbers")
	}
	_, err := l.do(reception, visit.PresumeLeft{Numbers: []visit.Number{"V001", "1"}})
	refused(t, err, "visit.already_presumed", "numbers")
}

func TestAStationWithoutLettersGivesNoNumbers(t *testing.T) {
	l := openLobby(t, t.TempDir(), "A1")
	defer l.book.Close()
	_, err := l.do(atKiosk(), visit.TakeTicket{Service: "bill", Language: "en"})
	refused(t, err, "visit.no_letters", "")
}
