package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// theDay is a short day at the sample utility: a cashier at A1, visitors at K1,
// central beside them.
type theDay struct {
	h       *house
	out     string // what the day leaves
	data    string // of the stations
	central *central
	counter printer
	lobby   printer
	town    town
	sum     *summary

	cashier *person
	visitor *person
	till    tillCount // what ought to be in the drawer
	maria   tillCount // what was in it when Maria closed it
	cut     int       // papers that the cashier's printer should have cut off
	number  string    // of a visitor's badge

	receipts struct{ cash, check string } // of the morning, to be taken back later
}

// day plays a day and checks it. What it leaves is there even if it failed.
func day(ctx context.Context, out string) error {
	out, err := filepath.Abs(out)
	if err != nil {
		return err
	}
	if err := prepare(out, "screens", "receipts", "lobby-papers", "central", "ledgers", "journals", "data"); err != nil {
		return err
	}
	h, err := newHouse(filepath.Join(out, "logs"))
	if err != nil {
		return err
	}
	d := &theDay{h: h, out: out, data: filepath.Join(out, "data"), sum: newSummary(time.Now, "A short day at Gatehouse", dayLeaves)}
	if err = d.play(ctx); err == nil {
		err = d.check(ctx)
	}
	return d.sum.finish(out, errors.Join(err, h.stopAll()))
}

const dayLeaves = `
## What is here

- screens/: the windows at the moments that matter
- receipts/, lobby-papers/: each piece of paper as picture, text, and list of what was sent
- ledgers/: the ledgers of both stations, their mirrors and public keys
- journals/: the journals as jsonl, csv, hledger and beancount
- central/: central's pages
- data/: the folders of the stations and of central, as they were left
- logs/: what each program said, and where the windows stood
`

// marker names a folder as ours to replace.
const marker = "summary.md"

// prepare empties the folder, if it is one that an earlier day left, and makes
// folders in it.
func prepare(out string, folders ...string) error {
	found, err := os.ReadDir(out)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if _, err := os.Stat(filepath.Join(out, marker)); len(found) > 0 && err != nil {
		return fmt.Errorf("%s is not empty and was not left by an earlier day; name another folder with --out", out)
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	for _, folder := range folders {
		if err := os.MkdirAll(filepath.Join(out, folder), 0o755); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(out, marker), []byte("The day is not over.\n"), 0o644)
}

// step is a part of the day, in the words of who watches.
type step struct {
	name string
	who  func() *person
	do   func()
}

// play goes through the day and stops at the first step that does not happen.
func (d *theDay) play(ctx context.Context) error {
	if err := d.open(ctx); err != nil {
		return err
	}
	for _, s := range slices.Concat(d.cashierSteps(), d.afternoonSteps(), d.controlSteps(), d.lobbySteps()) {
		began := time.Now()
		s.do()
		if p := s.who(); p.err != nil {
			late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
			err := p.window.save(late, filepath.Join(p.shots, "FAILED-"+p.name+".png"))
			cancel()
			return errors.Join(fmt.Errorf("this step did not happen: %s\n%w", s.name, p.err), err)
		}
		d.sum.did(s.name, time.Since(began))
	}
	return d.closeStations(ctx)
}

// open starts everything, in the order a utility would.
func (d *theDay) open(ctx context.Context) error {
	ports := make([]string, 3)
	for i := range ports {
		var err error
		if ports[i], err = freePort(); err != nil {
			return err
		}
	}
	d.counter = printer{link: filepath.Join(d.data, "printer-A1"), paper: filepath.Join(d.out, "receipts"), panel: ports[0]}
	d.lobby = printer{link: filepath.Join(d.data, "printer-K1"), paper: filepath.Join(d.out, "lobby-papers"), panel: ports[1]}
	d.central = &central{address: ports[2], data: filepath.Join(d.data, "central")}
	if err := d.h.startPrinter(ctx, "printer-A1", d.counter); err != nil {
		return err
	}
	if err := d.h.startPrinter(ctx, "printer-K1", d.lobby); err != nil {
		return err
	}
	if err := d.h.startCentral(ctx, d.central); err != nil {
		return err
	}
	var err error
	if d.cashier, err = d.enter(ctx, "cashier", 1366, 768, stationPlan{dir: d.out, id: "A1", printer: d.counter}); err != nil {
		return err
	}
	// The first station makes the sample; the other finds it.
	if d.cashier.sees("the cashier's window is open", func(t turn) bool { return t.Place == "sign_in" }); d.cashier.err != nil {
		return d.cashier.err
	}
	if d.town, err = readTown(filepath.Join(d.data)); err != nil {
		return err
	}
	d.visitor, err = d.enter(ctx, "kiosk", 1080, 1920, stationPlan{dir: d.out, id: "K1", role: "kiosk", printer: d.lobby})
	return err
}

// enter opens a station's window on a display of its own.
func (d *theDay) enter(ctx context.Context, name string, width, height int, plan stationPlan) (*person, error) {
	window, err := d.h.startDisplay(ctx, "display-"+name, width, height)
	if err != nil {
		return nil, err
	}
	plan.central, plan.display, plan.trace = d.central, window.name, filepath.Join(d.h.logs, name+"-trace.jsonl")
	program, err := d.h.startStation(name, plan)
	if err != nil {
		return nil, err
	}
	return &person{name: name, ctx: ctx, window: window, trace: plan.trace, shots: filepath.Join(d.out, "screens"), program: program}, nil
}

// closeStations ends the cashier's station as a machine that is shut down does, and
// looks how the kiosk ended, while central still runs: what they wrote last is to
// arrive too.
func (d *theDay) closeStations(ctx context.Context) error {
	began := time.Now()
	for _, p := range []*person{d.cashier, d.visitor} {
		if err := p.program.stop(); err != nil {
			return fmt.Errorf("a station did not end in order: %w", err)
		}
	}
	d.sum.did("the cashier's station is asked to end; both ended in order", time.Since(began))
	return ctx.Err()
}
