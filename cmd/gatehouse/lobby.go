package main

import (
	"context"
	"time"
	"unicode/utf8"

	"gatehouse/ui/kiosk"
	"gatehouse/ui/shell"
)

// lobby is the kiosk over an open station.
type lobby struct {
	*kiosk.Screen
	w      *window
	bridge *shell.Bridge
	beside *beside
}

func newLobby(w *window, r *running) (*lobby, error) {
	zone, err := r.policy.Location()
	if err != nil {
		return nil, err
	}
	bridge := w.shell.Bridge()
	screen, err := kiosk.New(kiosk.Deps{Env: w.shell.Env(), Desk: r.desk, Visits: r.desk.Visit, Printer: ready{r}, Policy: r.policy.Visit,
		Utility: r.policy.Utility.Name, Location: zone, Now: time.Now, Log: w.log, Quit: w.app.Quit, OnWindow: bridge.Post,
		Away: func(f func()) { bridge.Go(func(context.Context) func() { f(); return nil }) }})
	if err != nil {
		return nil, err
	}
	scanners, err := openScanners(r.o, w.log)
	if err != nil {
		return nil, err
	}
	return &lobby{Screen: screen, w: w, bridge: bridge, beside: scanners}, nil
}

// Leave makes it a screen of the shell; the kiosk has the window to itself.
func (l *lobby) Leave() {}

func (l *lobby) begin(usable func()) {
	l.bridge.Go(func(ctx context.Context) func() { l.Run(ctx); return nil })
	l.beside.begin(l.bridge, l.w.shell.Env().Keys, l.w.log)
	usable()
}

// ready says whether a number will come out on paper.
type ready struct{ station *running }

// Ready answers from memory.
func (r ready) Ready() bool { return r.station.printer != nil && r.station.printer.Status().Ready() }

func (l *lobby) turn() turn {
	m := l.Model()
	t := turn{Place: string(m.Page), Busy: m.Busy, Number: string(m.Number), Language: string(m.Language), Rows: len(m.Here),
		Typed: utf8.RuneCountInString(m.Typed)}
	if m.Problem != nil {
		t.Refused = m.Problem.Code
	}
	return t
}
