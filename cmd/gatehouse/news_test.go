package main

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"syscall"
	"testing"
	"time"

	"gatehouse/drivers/printer"
	"gatehouse/ledger"
	"gatehouse/paper/spool"
	"gatehouse/paper/till"
	"gatehouse/sync/station"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/words"
)

func TestEveryFaultHasSentencesInEveryLanguage(t *testing.T) {
	o := options{data: "/data", station: "A1"}
	seen := make(map[words.Key]bool)
	for _, c := range []struct {
		err  error
		want words.Key
	}{
		{ledger.ErrInUse, "in_use"},
		{ledger.ErrDamaged, "damaged"},
		{ledger.ErrTooNew, "too_new"},
		{ledger.ErrWitnessAhead, "witness"},
		{ledger.ErrWitnessDiffers, "witness"},
		{errNoData, "no_data"},
		{errPolicy, "policy"},
		{errDevices, "devices"},
		{errCentral, "central"},
		{&fs.PathError{Op: "mkdir", Path: "/data", Err: syscall.EACCES}, "forbidden"},
		{syscall.EROFS, "forbidden"},
		{syscall.ENOSPC, "disk_full"},
		{errors.New("something else"), "other"},
		// The first thing a person can do something about.
		{fmt.Errorf("%w: %w", ledger.ErrDamaged, syscall.ENOSPC), "disk_full"},
	} {
		err := fmt.Errorf("open the station: %w", c.err)
		if got := faultKey(err); got != "station.fault."+c.want {
			t.Errorf("%v: %s, want %s", c.err, got, c.want)
		}
		seen["station.fault."+c.want] = true
		for _, lang := range words.Languages() {
			book, bad := words.For(lang)
			if bad != nil {
				t.Fatal(bad)
			}
			m := faultMessage(book, o, err)
			for _, said := range []string{m.What, m.Safe, m.Do} {
				if said == "" || said[0] == '[' {
					t.Errorf("%s, %s: says %q", lang, c.want, said)
				}
			}
		}
	}
	book, err := words.For(words.English)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range book.Keys() {
		if what, is := cutSuffix(key, ".what"); is && !seen[what] {
			t.Errorf("no fault has the sentence %s", key)
		}
	}
}

func cutSuffix(key words.Key, end words.Key) (words.Key, bool) {
	const room = "station.fault."
	if len(key) < len(room)+len(end) || key[:len(room)] != room || key[len(key)-len(end):] != end {
		return "", false
	}
	return key[:len(key)-len(end)], true
}

func TestTheWayToCentralInTheCashiersWords(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 11, 23, 9, minute, 0, 0, time.UTC) }
	now := at(10)
	m := linkMemory{now: func() time.Time { return now }}
	for i, c := range []struct {
		told station.State
		want flow.Link
	}{
		{station.State{}, flow.Link{Since: at(10)}}, // nobody asked central yet
		{station.State{Code: station.CodeUnreachable, Waiting: 2, OldestWaiting: at(9)}, flow.Link{Known: true, Since: at(10), Waiting: 2, Oldest: at(9)}},
		{station.State{Online: true, LastContact: at(12)}, flow.Link{Known: true, Online: true, Last: at(12), Since: at(10)}},
		{station.State{LastContact: at(12), Waiting: 1}, flow.Link{Known: true, Last: at(12), Since: at(12), Waiting: 1}},
		{station.State{LastContact: at(12), Waiting: 5}, flow.Link{Known: true, Last: at(12), Since: at(12), Waiting: 5}},
		{station.State{Online: true, Fork: true, LastContact: at(30)}, flow.Link{Known: true, Last: at(30), Since: at(12)}},
	} {
		if got := m.take(c.told); got != c.want {
			t.Errorf("%d: %+v, want %+v", i, got, c.want)
		}
	}
}

func TestThePrinterInTheCashiersWords(t *testing.T) {
	up := printer.Status{Link: printer.LinkUp, Online: true}
	with := func(change func(*printer.Status)) printer.Status {
		s := up
		change(&s)
		return s
	}
	for _, c := range []struct {
		told printer.Status
		want flow.PrinterState
	}{
		{up, flow.PrinterReady},
		{printer.Status{}, flow.PrinterUnplugged},
		{printer.Status{Link: printer.LinkSilent}, flow.PrinterUnplugged},
		{with(func(s *printer.Status) { s.CoverOpen = true }), flow.PrinterCoverOpen},
		{with(func(s *printer.Status) { s.Paper = printer.PaperOut }), flow.PrinterPaperOut},
		{with(func(s *printer.Status) { s.Paper = printer.PaperLow }), flow.PrinterPaperLow},
		{with(func(s *printer.Status) { s.Form = printer.FormAwaited }), flow.PrinterInsertCheck},
		{with(func(s *printer.Status) { s.Fault = printer.CutterJam }), flow.PrinterFault},
		{with(func(s *printer.Status) { s.Online = false }), flow.PrinterFault},
	} {
		if got := printerState(c.told); got != c.want {
			t.Errorf("%+v: %s, want %s", c.told, got, c.want)
		}
	}
	if s := printerOf(spool.State{Printer: up, Unable: []string{"Endorsement"}}).State; s != flow.PrinterByHand {
		t.Errorf("a printer that cannot endorse is %s", s)
	}
	asked := printerOf(spool.State{Printer: up, WaitingCount: 3, Questions: []spool.Question{{Job: spool.Job{Of: 7, Copy: 2, Number: "A1-000123-K7QX"}}}})
	if q := asked.Question; asked.Waiting != 3 || q == nil || *q != (flow.Question{Of: 7, Copy: 2, Receipt: "A1-000123-K7QX"}) {
		t.Errorf("%+v", asked)
	}
}

// A paper is held where the printer could go on with it, and nothing else asks.
func TestThePaperThatIsHeld(t *testing.T) {
	ready := printer.Status{Link: printer.LinkUp, Online: true, Paper: printer.PaperOK}
	out := ready
	out.Paper, out.Job = printer.PaperOut, printer.JobHeld
	first, second := spool.Job{Of: 7, Copy: 1, Number: "A1-000007-K2QJ"}, spool.Job{Of: 9}
	for _, c := range []struct {
		name  string
		state spool.State
		want  *flow.Held
	}{
		{"nothing to print", spool.State{Printer: out}, nil},
		{"it prints", spool.State{Printer: ready, Printing: &first}, nil},
		{"it stopped in the middle", spool.State{Printer: out, Printing: &first, Waiting: []spool.Job{second}}, &flow.Held{Of: 7, Copy: 1, Number: first.Number}},
		{"it could not begin", spool.State{Printer: out, Waiting: []spool.Job{first, second}}, &flow.Held{Of: 7, Copy: 1, Number: first.Number}},
		{"a question comes first", spool.State{Printer: out, Waiting: []spool.Job{first}, Questions: []spool.Question{{Job: second}}}, nil},
		{"it is being made void", spool.State{Printer: out, Printing: &first, Voiding: true}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := heldOf(c.state); !reflect.DeepEqual(got, c.want) {
				t.Errorf("held is %+v, want %+v", got, c.want)
			}
		})
	}
}

// What the drawers do is told to the cashier drawer by drawer.
func TestHowTheDrawersStand(t *testing.T) {
	got := standingsOf(till.State{Drawers: []till.Standing{
		{Drawer: "1", Open: true, LeftOpen: time.Minute}, {Drawer: "2", Fault: till.Stuck, ByHand: 2},
	}})
	want := []flow.Drawer{{ID: "1", Open: true, LeftOpen: time.Minute}, {ID: "2", Fault: flow.DrawerStuck, ByHand: 2}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("they stand %+v, want %+v", got, want)
	}
}
