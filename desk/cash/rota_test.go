package cash_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

const nine, four = 9 * 60, 16 * 60

func monthly(p *desk.Policy) {
	p.Cash.Rota = cash.Rota{Every: "month", From: nine, To: four, Source: "procedure 11"}
}

// drawnFor is the draw of the newest opening, with the moment that is sealed in it.
func drawnFor(s *Station) (draw ledger.Entry, at time.Time) {
	all := s.Entries()
	for _, e := range slices.Backward(all) {
		if e.Kind == cash.KindRotaDrawn {
			draw = e
			break
		}
	}
	s.Look(func(st *ledger.State) error {
		var err error
		at, _, err = s.Cash.Unseal(st, draw.Seq)
		return err
	})
	return draw, at
}

// keep is what the station does every minute: what came of it, or the refusal.
func keep(s *Station) string {
	entries, err := s.Try(desk.StationActor, cash.KeepRota{})
	if err != nil {
		return Code(err)
	}
	var kinds []ledger.Kind
	for _, e := range entries {
		kinds = append(kinds, e.Kind)
	}
	return fmt.Sprint(kinds)
}

func moveTo(s *Station, at time.Time) { s.Clock.Pass(at.Sub(s.Clock.Now())) }

// rotaOf is the rota in one line for each drawer and period.
func rotaOf(s *Station) string {
	var out []string
	s.Look(func(st *ledger.State) error {
		lines, err := s.Cash.Rota(st)
		for _, l := range lines {
			out = append(out, fmt.Sprint(l.Drawer, " ", l.Period, " ", l.Status))
		}
		return err
	})
	return fmt.Sprint(out)
}

const (
	nothing   = "cash.rota_nothing"
	announced = "[cash.rota_due.v1]"
	newDraw   = "[cash.rota_drawn.v1]"
)

func TestASurpriseCountIsDrawnAndKept(t *testing.T) {
	s := New(t, Options{Policy: monthly})
	s.SignIn(Maria)
	entries, err := s.Try(Maria, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)})
	if err != nil || len(entries) != 2 || entries[1].Kind != cash.KindRotaDrawn {
		t.Fatalf("opening wrote %v, %v", entries, err)
	}
	draw, at := drawnFor(s)
	body := Body[cash.RotaDrawn](s, draw)
	if want := []ledger.Date{20261124, 20261125, 20261126, 20261127, 20261130}; !slices.Equal(body.Days, want) || body.Period != 20261101 ||
		body.Drawer != "1" || body.Head != entries[0].Prev || body.Zone != "America/Los_Angeles" || body.Source != "procedure 11" {
		t.Fatalf("drawn from %+v", body)
	}
	moveTo(s, at.Add(-time.Microsecond))
	if got := keep(s); got != nothing {
		t.Fatalf("before its time: %s", got)
	}
	s.SignIn(Ana)
	early := Body[cash.Counted](s, s.DoApproved(Ana, Maria, cash.CountDrawer{Drawer: "1", Surprise: true, Count: Count(200_00)}))
	if early.Rota != nil || rotaOf(s) != "[1 2026-11-01 waiting]" {
		t.Fatalf("a count of its own before the draw's: %+v, %s", early.Rota, rotaOf(s))
	}
	moveTo(s, at)
	if got := keep(s); got != announced {
		t.Fatalf("at its time: %s", got)
	}
	if got := keep(s); got != nothing {
		t.Fatalf("a second time: %s", got)
	}
	all := s.Entries()
	due := Body[cash.RotaDue](s, all[len(all)-1])
	if due.At != at.UnixMicro() || due.Moved || due.Name != "Maria Lopez" || due.Drawn != draw.Seq || rotaOf(s) != "[1 2026-11-01 due]" {
		t.Fatalf("announced %+v, %s", due, rotaOf(s))
	}
	again, err := body.Check(s.Book.Signer().Public(), due.Proof)
	if err != nil || !again.Equal(at) {
		t.Fatalf("drawn again: %s %v, want %s", again, err, at)
	}
	s.Clock.Pass(90 * time.Minute)
	count := Body[cash.Counted](s, s.DoApproved(Ana, Maria, cash.CountDrawer{Drawer: "1", Surprise: true, Count: Count(200_00)}))
	if count.Rota == nil || count.Rota.Drawn != draw.Seq || count.Rota.At != at.UnixMicro() {
		t.Fatalf("the count keeps %+v", count.Rota)
	}
	s.Look(func(st *ledger.State) error {
		lines, err := s.Cash.Rota(st)
		if len(lines) != 1 || lines[0].Status != cash.RotaOK || lines[0].Hours != 1 || lines[0].Counted == 0 {
			t.Errorf("the rota says %+v", lines)
		}
		return err
	})
	s.SignIn(Maria)
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00)})
	if entries, err := s.Try(Maria, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)}); err != nil || len(entries) != 1 {
		t.Errorf("a second draw in a month: %v %v", entries, err)
	}
	s.Verify()
}

// Whoever changes anything of a draw is found out.
func TestADrawThatWasNotDrawnSo(t *testing.T) {
	s := New(t, Options{Policy: monthly})
	s.Morning(Maria, "1")
	draw, at := drawnFor(s)
	moveTo(s, at)
	keep(s)
	all := s.Entries()
	proof := Body[cash.RotaDue](s, all[len(all)-1]).Proof
	good := Body[cash.RotaDrawn](s, draw)
	key := s.Book.Signer().Public()
	other, err := ledger.NewKey(rand.NewChaCha8([32]byte{9}))
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(b *cash.RotaDrawn, key *ed25519.PublicKey, proof *[]byte){
		"another head":       func(b *cash.RotaDrawn, _ *ed25519.PublicKey, _ *[]byte) { b.Head[0]++ },
		"another drawer":     func(b *cash.RotaDrawn, _ *ed25519.PublicKey, _ *[]byte) { b.Drawer = "2" },
		"other days":         func(b *cash.RotaDrawn, _ *ed25519.PublicKey, _ *[]byte) { b.Days = b.Days[1:] },
		"other hours":        func(b *cash.RotaDrawn, _ *ed25519.PublicKey, _ *[]byte) { b.To++ },
		"another zone":       func(b *cash.RotaDrawn, _ *ed25519.PublicKey, _ *[]byte) { b.Zone = "UTC" },
		"another seal":       func(b *cash.RotaDrawn, _ *ed25519.PublicKey, _ *[]byte) { b.Sealed[3]++ },
		"another signature":  func(_ *cash.RotaDrawn, _ *ed25519.PublicKey, p *[]byte) { (*p)[5]++ },
		"no signature":       func(_ *cash.RotaDrawn, _ *ed25519.PublicKey, p *[]byte) { *p = nil },
		"another's key":      func(_ *cash.RotaDrawn, k *ed25519.PublicKey, _ *[]byte) { *k = other.Public() },
		"a key that is none": func(_ *cash.RotaDrawn, k *ed25519.PublicKey, _ *[]byte) { *k = nil },
	} {
		b, k, p := good, slices.Clone(key), slices.Clone(proof)
		b.Days = slices.Clone(b.Days)
		spoil(&b, &k, &p)
		if _, err := b.Check(k, p); !errors.Is(err, cash.ErrNotDrawn) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Every draw falls on one of its days, within its hours, wherever the clocks change.
func TestEveryDrawIsOnAWorkingDayWithinTheHours(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key, err := ledger.NewKey(rand.NewChaCha8([32]byte{rapid.Byte().Draw(t, "key")}))
		if err != nil {
			t.Fatal(err)
		}
		b := cash.RotaDrawn{Station: "A1", Drawer: "1", Zone: rapid.SampledFrom([]string{"America/Los_Angeles", "UTC", "Asia/Kolkata"}).Draw(t, "zone"),
			From: cash.ClockTime(rapid.IntRange(4*60, 12*60).Draw(t, "from"))}
		b.To = b.From + cash.ClockTime(rapid.IntRange(1, 600).Draw(t, "long"))
		first := time.Date(2026, time.Month(rapid.IntRange(1, 12).Draw(t, "month")), 1, 0, 0, 0, 0, time.UTC)
		for range rapid.IntRange(1, 28).Draw(t, "days") {
			b.Days, first = append(b.Days, ledger.DateOf(first)), first.AddDate(0, 0, 1)
		}
		b.Head[0] = rapid.Byte().Draw(t, "head")
		message, err := b.Message()
		if err != nil {
			t.Fatal(err)
		}
		proof := key.Sign(message)
		b.Sealed = sha256.Sum256(proof)
		at, err := b.Check(key.Public(), proof)
		if err != nil {
			t.Fatal(err)
		}
		zone, err := time.LoadLocation(b.Zone)
		if err != nil {
			t.Fatal(err)
		}
		at = at.In(zone)
		if minute := cash.ClockTime(at.Hour()*60 + at.Minute()); !slices.Contains(b.Days, ledger.DateOf(at)) || minute < b.From || minute >= b.To || at.Second() != 0 {
			t.Fatalf("drawn %s out of %v from %s to %s", at, b.Days, b.From, b.To)
		}
	})
}

func TestACountNobodyMakesIsMissed(t *testing.T) {
	s := New(t, Options{Policy: monthly})
	s.Morning(Maria, "1")
	_, at := drawnFor(s)
	moveTo(s, at)
	keep(s)
	zone := s.Book.Location()
	moveTo(s, time.Date(2026, 11, 30, 23, 59, 59, 0, zone))
	if got := rotaOf(s); got != "[1 2026-11-01 due]" {
		t.Errorf("in the last minute: %s", got)
	}
	s.Clock.Pass(time.Second)
	if got := rotaOf(s); got != "[1 2026-11-01 missed]" {
		t.Errorf("after it: %s", got)
	}
	// The drawer was left open over the end of the month: the next is drawn at once.
	if got := keep(s); got != newDraw {
		t.Errorf("in the new month: %s", got)
	}
	s.SignIn(Ana)
	late := Body[cash.Counted](s, s.DoApproved(Ana, Maria, cash.CountDrawer{Drawer: "1", Surprise: true, Count: Count(200_00)}))
	if late.Rota != nil || rotaOf(s) != "[1 2026-11-01 missed 1 2026-12-01 waiting]" {
		t.Errorf("a count that came too late keeps %+v: %s", late.Rota, rotaOf(s))
	}
	s.Look(func(st *ledger.State) error {
		lines, err := s.Cash.Rota(st)
		if want := int(s.Clock.Now().Sub(at) / time.Hour); lines[0].Hours != want {
			t.Errorf("missed for %d hours, want %d", lines[0].Hours, want)
		}
		return err
	})
	e := s.Do(Ana, cash.ListRota{})
	if body := Body[cash.RotaListed](s, e); len(body.Lines) != 2 || body.Lines[0].Status != cash.RotaMissed || body.By != "Ana Ruiz" {
		t.Errorf("listed %+v", body)
	}
	s.Verify()
}

func TestADayNobodyIsThereMovesTheCountToTheNextDayADrawerIsOpen(t *testing.T) {
	s := New(t, Options{Policy: monthly})
	s.Morning(Maria, "1")
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00)})
	_, at := drawnFor(s)
	moveTo(s, at.Add(-time.Hour))
	s.Do(Maria, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)})
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00)}) // closed before its time
	moveTo(s, at.Add(time.Hour))
	if got := keep(s); got != nothing {
		t.Errorf("with the drawer closed: %s", got)
	}
	moveTo(s, at.AddDate(0, 0, 1).Add(-time.Minute))
	s.Do(Maria, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)})
	if got := keep(s); got != nothing && got != newDraw {
		t.Errorf("the next day, before the hour: %s", got)
	}
	s.Clock.Pass(time.Minute)
	if got := keep(s); got != announced {
		t.Errorf("the next day at the hour: %s", got)
	}
	all := s.Entries()
	if due := Body[cash.RotaDue](s, all[len(all)-1]); !due.Moved || due.At != at.UnixMicro() {
		t.Errorf("announced %+v", due)
	}
	s.Verify()
}

// Nobody opens the drawer for the rest of the month, and of the next: the count is
// not missed, it waits for the drawer, and is to be made on the day it is due.
func TestADrawerThatStaysShutKeepsItsCountWaiting(t *testing.T) {
	s := New(t, Options{Policy: monthly})
	s.Morning(Maria, "1")
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00)})
	_, at := drawnFor(s)
	zone := s.Book.Location()
	moveTo(s, time.Date(2027, 1, 4, 17, 0, 0, 0, zone)) // over the year's end
	if got := rotaOf(s); got != "[1 2026-11-01 waiting]" {
		t.Errorf("shut: %s", got)
	}
	s.Morning(Maria, "1")
	if got := keep(s); got != announced {
		t.Errorf("open again: %s", got)
	}
	if got := rotaOf(s); got != "[1 2026-11-01 due 1 2027-01-01 waiting]" {
		t.Errorf("due: %s", got)
	}
	s.SignIn(Ben)
	if count := Body[cash.Counted](s, s.DoApproved(Ben, Maria, cash.CountDrawer{Drawer: "1", Surprise: true, Count: Count(200_00)})); count.Rota == nil || count.Rota.At != at.UnixMicro() {
		t.Errorf("the count keeps %+v", count.Rota)
	}
	if got := rotaOf(s); got != "[1 2026-11-01 kept 1 2027-01-01 waiting]" {
		t.Errorf("kept: %s", got)
	}
	s.Verify()
}

func TestADrawerOpenedLate(t *testing.T) {
	for _, c := range []struct {
		name string
		at   [4]int // month, day, hour, and year
		days []ledger.Date
	}{
		{"before the last working day", [4]int{11, 27, 8, 2026}, []ledger.Date{20261130}},
		{"on the last working day, this day", [4]int{11, 30, 8, 2026}, []ledger.Date{20261130}},
		{"on the last working day of the year", [4]int{12, 31, 8, 2026}, []ledger.Date{20261231}},
		{"on a Sunday that ends the month", [4]int{1, 31, 8, 2027}, []ledger.Date{20270131}},
		{"in a leap year", [4]int{2, 28, 8, 2028}, []ledger.Date{20280229}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := New(t, Options{Policy: monthly})
			moveTo(s, time.Date(c.at[3], time.Month(c.at[0]), c.at[1], c.at[2], 0, 0, 0, s.Book.Location()))
			s.Morning(Maria, "1")
			draw, at := drawnFor(s)
			if body := Body[cash.RotaDrawn](s, draw); !slices.Equal(body.Days, c.days) {
				t.Errorf("drawn from %v, want %v", body.Days, c.days)
			}
			moveTo(s, at)
			if got := keep(s); got != announced {
				t.Errorf("at its time: %s", got)
			}
			s.Verify()
		})
	}
}

// A drawer that is opened after the hours of the month's last day is due at once.
func TestADrawerOpenedAfterTheHours(t *testing.T) {
	s := New(t, Options{Policy: monthly})
	moveTo(s, time.Date(2026, 11, 30, 18, 0, 0, 0, s.Book.Location()))
	s.Morning(Maria, "1")
	s.SignIn(Ana)
	count := Body[cash.Counted](s, s.DoApproved(Ana, Maria, cash.CountDrawer{Drawer: "1", Surprise: true, Count: Count(200_00)}))
	if count.Rota == nil || rotaOf(s) != "[1 2026-11-01 kept]" {
		t.Errorf("the count keeps %+v: %s", count.Rota, rotaOf(s))
	}
	s.Verify()
}

func TestTheClocksChangeOverTheDraw(t *testing.T) {
	for _, c := range []struct {
		name     string
		day      time.Time
		from, to cash.ClockTime
	}{
		{"an hour that is not there", time.Date(2027, 3, 14, 0, 0, 0, 0, time.UTC), 2 * 60, 3 * 60},
		{"an hour that is there twice", time.Date(2027, 11, 7, 0, 0, 0, 0, time.UTC), 60, 2 * 60},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := New(t, Options{Policy: func(p *desk.Policy) {
				monthly(p)
				p.Cash.Rota.From, p.Cash.Rota.To, p.Cash.Rota.Days = c.from, c.to, []string{"sun"}
				for d := c.day.AddDate(0, 0, 7); d.Month() == c.day.Month(); d = d.AddDate(0, 0, 7) {
					p.Cash.Rota.Closed = append(p.Cash.Rota.Closed, ledger.DateOf(d))
				}
			}})
			zone := s.Book.Location()
			moveTo(s, time.Date(c.day.Year(), c.day.Month(), c.day.Day()-1, 18, 0, 0, 0, zone))
			s.Morning(Maria, "1") // left open over night
			var found []time.Time
			for range 12 * 60 {
				if got := keep(s); got == announced {
					found = append(found, s.Clock.Now().In(zone))
				} else if got != nothing {
					t.Fatalf("at %s: %s", s.Clock.Now().In(zone), got)
				}
				s.Clock.Pass(time.Minute)
			}
			if len(found) != 1 || ledger.DateOf(found[0]) != ledger.DateOf(c.day) || found[0].Hour() > 3 {
				t.Errorf("announced at %v", found)
			}
			s.Verify()
		})
	}
}

func TestADrawerClosesOnItsCountButNotInSilence(t *testing.T) {
	s := New(t, Options{Policy: monthly})
	s.Morning(Maria, "1")
	_, at := drawnFor(s)
	moveTo(s, at)
	entries, err := s.Try(Maria, cash.CountDrawer{Count: Count(200_00)}) // the station had no time to say so
	if err != nil || len(entries) != 2 || entries[1].Kind != cash.KindRotaDue {
		t.Fatalf("the count wrote %v, %v", entries, err)
	}
	s.Do(Maria, cash.CloseDrawer{})
	if got := rotaOf(s); got != "[1 2026-11-01 due]" {
		t.Errorf("closed without it: %s", got)
	}
	s.Look(func(st *ledger.State) error {
		if due, err := s.Cash.DueCounts(st); len(due) != 0 || err != nil {
			t.Errorf("a closed drawer is to be counted: %v %v", due, err)
		}
		return nil
	})
	s.Do(Maria, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)})
	s.Look(func(st *ledger.State) error {
		if due, err := s.Cash.DueCounts(st); len(due) != 1 || err != nil {
			t.Errorf("an open one: %v %v", due, err)
		}
		return nil
	})
	s.Verify()
}

func TestEachDrawerHasADrawOfItsOwn(t *testing.T) {
	s := New(t, Options{Policy: monthly})
	s.Morning(Maria, "1")
	s.Morning(Tom, "2")
	if got := rotaOf(s); got != "[1 2026-11-01 waiting 2 2026-11-01 waiting]" {
		t.Errorf("drawn: %s", got)
	}
	_, at := drawnFor(s) // of drawer 2
	moveTo(s, at)
	s.SignIn(Ana)
	s.DoApproved(Ana, Tom, cash.CountDrawer{Drawer: "2", Surprise: true, Count: Count(200_00)})
	s.Look(func(st *ledger.State) error {
		lines, err := s.Cash.Rota(st)
		if lines[1].Status != cash.RotaOK || lines[0].Counted != 0 {
			t.Errorf("the rota says %+v", lines)
		}
		return err
	})
}

func TestWhoCountsBySurprise(t *testing.T) {
	s := New(t, Options{Policy: monthly})
	s.Morning(Maria, "1")
	s.SignIn(Ana)
	s.Do(Ana, cash.OpenDrawer{Drawer: "2", Count: Count(200_00)})
	surprise := cash.CountDrawer{Drawer: "1", Surprise: true, Count: Count(200_00)}
	_, err := s.TryApproved(Ana, Maria, surprise)
	expect(t, "with a drawer of her own", err, "cash.counter_has_duty at drawer")
	s.CloseCounted(Ana, cash.CountDrawer{Count: Count(200_00)})
	_, err = s.TryApproved(Ana, Maria, surprise)
	expect(t, "with a drawer this morning", err, "cash.counter_has_duty at drawer")
	for _, who := range []staff.ID{Ben, Auditor} {
		s.SignIn(who)
		_, err = s.TryApproved(who, Maria, surprise)
		expect(t, string(who), err, "")
	}
	s.SignIn(Tom)
	_, err = s.TryApproved(Tom, Maria, surprise)
	expect(t, "a cashier", err, "staff.no_right")
	s.Clock.Pass(24 * time.Hour)
	s.SignIn(Ana)
	_, err = s.TryApproved(Ana, Maria, surprise)
	expect(t, "the next day", err, "")
	_, err = s.Try(Ana, cash.KeepRota{})
	expect(t, "a person who draws", err, "cash.station_draws")
	s.Verify()
}

func TestAnEmptyRota(t *testing.T) {
	s := New(t, Options{})
	s.Morning(Maria, "1")
	if got := keep(s); got != nothing {
		t.Errorf("without a rule: %s", got)
	}
	s.SignIn(Ana)
	_, err := s.Try(Ana, cash.ListRota{})
	expect(t, "a list of nothing", err, "cash.rota_empty")
	s.Verify()
}

func TestRotasThatCannotBe(t *testing.T) {
	good := Policy().Cash
	good.Rota = cash.Rota{Every: "month", From: nine, To: four, Days: []string{"mon", "fri"}, Closed: []ledger.Date{20261225}, Source: "procedure 11"}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*cash.Rota){
		"every full moon":         func(r *cash.Rota) { r.Every = "moon" },
		"hours that end first":    func(r *cash.Rota) { r.To = nine },
		"no source":               func(r *cash.Rota) { r.Source = "" },
		"a day nobody knows":      func(r *cash.Rota) { r.Days = []string{"monday"} },
		"a day twice":             func(r *cash.Rota) { r.Days = []string{"mon", "mon"} },
		"a date that is none":     func(r *cash.Rota) { r.Closed = []ledger.Date{20260230} },
		"more holidays than days": func(r *cash.Rota) { r.Closed = slices.Repeat([]ledger.Date{20261225}, 500) },
	} {
		p := good
		spoil(&p.Rota)
		if p.Check() == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	var c cash.ClockTime
	for _, text := range []string{"", "9:00", "24:00", "09:60", "nine", "09:00:00"} {
		if c.UnmarshalText([]byte(text)) == nil {
			t.Errorf("%q was read as %s", text, c)
		}
	}
}
