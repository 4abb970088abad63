package visit_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gatehouse/desk/visit"
	"gatehouse/ledger"
)

func TestNumbersBeginAgainEachBusinessDate(t *testing.T) {
	l := newLobby(t)
	l.now = time.Date(2026, 11, 23, 16, 30, 0, 0, pacific()) // already Tuesday in UTC
	l.ticket()
	if got := l.ticket().Number; got != "B002" {
		t.Fatalf("Monday: %s", got)
	}
	l.now = l.now.Add(24 * time.Hour)
	if got := l.ticket().Number; got != "B001" {
		t.Errorf("Tuesday begins with %s, want B001", got)
	}
	l.now = l.now.Add(-24 * time.Hour) // the clock is set back
	if got := l.ticket().Number; got != "B003" {
		t.Errorf("Monday again goes on with %s, want B003", got)
	}
}

func TestAWornNumberIsPassedOver(t *testing.T) {
	l := newLobby(t)
	for range 3 {
		l.signIn("Ana")
	}
	l.must(atKiosk(), visit.SignOut{Number: "V002"})
	l.now = l.now.Add(24 * time.Hour)
	if got := l.signIn("Luis").Number; got != "V002" {
		t.Errorf("got %s, want V002: V001 and V003 are still worn", got)
	}
	if got := l.signIn("Eva").Number; got != "V004" {
		t.Errorf("got %s, want V004", got)
	}
}

func TestADayHas999Numbers(t *testing.T) {
	l := newLobby(t)
	for range 998 {
		l.ticket()
	}
	if got := l.ticket().Number; got != "B999" {
		t.Fatalf("got %s", got)
	}
	_, err := l.do(atKiosk(), visit.TakeTicket{Service: "bill", Language: "en"})
	refused(t, err, "visit.numbers_used_up", "")
	l.now = l.now.Add(24 * time.Hour)
	if got := l.ticket().Number; got != "B001" {
		t.Errorf("the next day begins with %s", got)
	}
}

func TestTwoKiosksNeverGiveTheSameNumber(t *testing.T) {
	seen := map[visit.Number]string{}
	for _, station := range []string{"K1", "K2"} {
		l := openLobby(t, t.TempDir(), station)
		for range 20 {
			for _, n := range []visit.Number{l.ticket().Number, l.signIn("Ana").Number} {
				if other, twice := seen[n]; twice {
					t.Errorf("%s gave %s, and so did %s", station, n, other)
				}
				seen[n] = station
			}
		}
		l.book.Close()
	}
}

// model is the lobby as a person would keep it on paper.
type model struct {
	given   map[string]bool // "2026-11-23 V001"
	in      map[visit.Number]string
	left    map[visit.Number]bool
	tickets map[ledger.Date][]visit.Number
}

// Whatever people do, and however the clock is set: no number is given twice in
// a day, nobody is lost or invented, and the views are a fold from nothing.
func TestTheLobbyKeepsItsBooks(t *testing.T) {
	folder, runs := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		runs++
		l := openLobby(t, fmt.Sprintf("%s/%d", folder, runs), "K1")
		defer l.book.Close()
		l.receptionist()
		m := &model{given: map[string]bool{}, in: map[visit.Number]string{}, left: map[visit.Number]bool{}, tickets: map[ledger.Date][]visit.Number{}}
		t.Repeat(map[string]func(*rapid.T){
			"ticket":  func(t *rapid.T) { m.ticket(t, l) },
			"arrive":  func(t *rapid.T) { m.arrive(t, l) },
			"leave":   func(t *rapid.T) { m.leave(t, l) },
			"presume": func(t *rapid.T) { m.presume(t, l) },
			"clock": func(t *rapid.T) {
				l.now = l.now.Add(time.Duration(rapid.IntRange(-30, 60).Draw(t, "hours")) * time.Hour)
			},
			"": func(t *rapid.T) { m.compare(t, l) },
		})
		sameAsFoldedFromNothing(t, l)
	})
}

func (m *model) give(t *rapid.T, e ledger.Entry, n visit.Number) {
	key := fmt.Sprint(e.Date, " ", n)
	if m.given[key] {
		t.Fatalf("%s was given twice", key)
	}
	m.given[key] = true
}

func (m *model) ticket(t *rapid.T, l *lobby) {
	out, err := l.do(atKiosk(), visit.TakeTicket{Service: "bill", Language: "en"})
	if open := l.duty.Policy.OpenAt(l.now); open != (err == nil) {
		t.Fatalf("at %s, open %v: %v", l.now, open, err)
	}
	if err == nil {
		ticketEntry := out[len(out)-1]
		n := body[visit.Ticket](t, ticketEntry).Number
		m.give(t, ticketEntry, n)
		m.tickets[ticketEntry.Date] = append(m.tickets[ticketEntry.Date], n)
	}
}

func (m *model) arrive(t *rapid.T, l *lobby) {
	name := rapid.StringMatching(`[A-Za-zñáé]{1,20}`).Draw(t, "name")
	out := l.must(atKiosk(), visit.SignIn{Name: name, Whom: "board", Language: "en"})
	n := body[visit.SignedIn](t, out[0]).Number
	m.give(t, out[0], n)
	if _, worn := m.in[n]; worn {
		t.Fatalf("%s is still worn", n)
	}
	m.in[n] = name
	delete(m.left, n)
}

func (m *model) leave(t *rapid.T, l *lobby) {
	n := m.draw(t)
	_, err := l.do(atKiosk(), visit.SignOut{Number: n})
	_, in := m.in[n]
	if (in || m.left[n]) != (err == nil) {
		t.Fatalf("%s leaves, in %v, presumed %v: %v", n, in, m.left[n], err)
	}
	delete(m.in, n)
	delete(m.left, n)
}

func (m *model) presume(t *rapid.T, l *lobby) {
	n := m.draw(t)
	_, err := l.do(person("css1"), visit.PresumeLeft{Numbers: []visit.Number{n}})
	if _, in := m.in[n]; in != (err == nil) {
		t.Fatalf("%s presumed left, in %v: %v", n, in, err)
	} else if in {
		m.left[n] = true
		delete(m.in, n)
	}
}

// draw is a number that somebody may wear.
func (m *model) draw(t *rapid.T) visit.Number {
	return visit.Number(fmt.Sprintf("V%03d", rapid.IntRange(1, 12).Draw(t, "badge")))
}

func (m *model) compare(t *rapid.T, l *lobby) {
	in := 0
	for _, p := range l.here() {
		switch {
		case p.Left == 0 && m.in[p.Number] != p.Name:
			t.Fatalf("%s is here as %q, want %q", p.Number, p.Name, m.in[p.Number])
		case p.Left == 0:
			in++
		case !m.left[p.Number]:
			t.Fatalf("%s is presumed to have left and nobody said so", p.Number)
		}
	}
	if in != len(m.in) {
		t.Fatalf("%d are here, want %d", in, len(m.in))
	}
	for date, want := range m.tickets {
		var got []visit.Number
		err := l.book.Read(func(s *ledger.State) error {
			return visit.Tickets(s, date, func(o visit.OpenTicket) bool { got = append(got, o.Number); return true })
		})
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("tickets of %s: %v, %v, want %v", date, got, err, want)
		}
	}
}

// table is a view in memory.
type table map[string][]byte

func (t table) Get(key []byte) []byte { return t[string(key)] }
func (t table) Put(key, value []byte) { t[string(key)] = bytes.Clone(value) }
func (t table) Add(key, value []byte) { t.Put(key, value) }
func (t table) Delete(key []byte)     { delete(t, string(key)) }

func sameAsFoldedFromNothing(t *rapid.T, l *lobby) {
	entries, err := l.book.Entries(1, 1<<20)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for _, v := range visit.Views() {
		folded := table{}
		for _, e := range entries {
			if slices.Contains(v.Kinds(), e.Kind) {
				if err := v.Fold(folded, &e); err != nil {
					t.Fatalf("%s: %v", v.Name(), err)
				}
			}
		}
		err := l.book.Read(func(s *ledger.State) error {
			kept := 0
			for key, row := range s.Rows(v.Name()).From(nil) {
				kept++
				if !bytes.Equal(folded[string(key)], row) {
					return fmt.Errorf("%s: row %q is not what the entries say", v.Name(), key)
				}
			}
			if kept != len(folded) {
				return fmt.Errorf("%s: %d rows, the entries say %d", v.Name(), kept, len(folded))
			}
			return nil
		})
		if err != nil {
			t.Fatalf("%v", err)
		}
	}
}
