package main

import (
	"context"
	"errors"
	"log/slog"

	"fyne.io/fyne/v2"

	"gatehouse/ui/look"
	"gatehouse/ui/shell"
	"gatehouse/ui/words"
)

// place is what stands in the window once the station is open.
type place interface {
	shell.Screen
	// begin brings it what it shows and follows the station from then on, on
	// the shell's bridge. Usable is called once a person can begin.
	begin(usable func())
	// turn is where the person stands now, without anything typed.
	turn() turn
}

// The screens of the window.
const (
	screenOpening shell.Role = "opening"
	screenPlace   shell.Role = "place"
)

// window is the program's one window: there from the first moment, while the
// station opens behind it, and when it cannot be opened. Its fields belong to
// the window's goroutine, but for station.
type window struct {
	o       options
	app     fyne.App
	log     *slog.Logger
	shell   *shell.Shell
	words   *words.Book
	opening *opening
	place   place    // nil until the station is open
	trace   *trace   // nil: none is asked for
	station *running // nil until it is open; whoever opens it writes it
	devices *setUp   // nil until devices are set up
	again   bool     // to be started again for the set-up, when it has ended
}

func newWindow(o options, app fyne.App, log *slog.Logger) (*window, error) {
	w := &window{o: o, app: app, log: log}
	var err error
	if w.words, err = words.For(o.language); err != nil {
		return nil, err
	}
	if o.trace != "" {
		if w.trace, err = newTrace(o.trace); err != nil {
			return nil, err
		}
	}
	app.SetIcon(look.Logo())
	w.shell = shell.New(shell.Options{App: app, Title: "Gatehouse " + string(o.station), FullScreen: o.fullScreen,
		Size: fyne.NewSize(float32(o.width), float32(o.height)),
		Look: look.Options{Night: o.night, Large: o.large, Kiosk: o.role == roleKiosk}})
	w.shell.Window().SetMaster()
	w.opening = newOpening(w)
	w.shell.Add(screenOpening, w.opening)
	w.shell.Show(screenOpening)
	return w, nil
}

// run shows the window until it is closed, then lets what is under way finish and
// closes the station. An interrupt and a request to end close the window: the
// toolkit listens for them, and a second listener would end it twice.
func (w *window) run() error {
	w.app.Lifecycle().SetOnStarted(w.begin)
	w.shell.Run()
	return w.close()
}

// begin opens the station, or sets its devices up first.
func (w *window) begin() {
	if w.o.setup || firstTime(w.o, "/") {
		w.setUp()
		return
	}
	w.open()
}

// setUp shows the set-up of the devices, while the station is not open. It opens
// the station when it is done.
func (w *window) setUp() {
	w.devices = newSetUp(w)
	w.shell.Add(screenSetup, w.devices)
	w.shell.Show(screenSetup)
	w.devices.screen.Start()
}

// setUpAgain ends the station in order, which gives all ports back, to begin with
// the set-up.
func (w *window) setUpAgain() {
	w.again = true
	w.app.Quit()
}

// open brings the station up behind the window.
func (w *window) open() {
	w.opening.begin()
	w.shell.Bridge().Go(func(context.Context) func() {
		station, err := start(w.o, w.log)
		w.station = station // close reads it, after the bridge has ended
		return func() { w.opened(station, err) }
	})
}

// opened shows the place, or why there is none.
func (w *window) opened(station *running, err error) {
	var p place
	if err == nil {
		p, err = w.newPlace(station)
	}
	if err != nil {
		w.log.Error("open the station", "cause", err)
		w.opening.fail(err)
		return
	}
	w.place = p
	w.shell.Add(screenPlace, p)
	w.shell.Show(screenPlace)
	p.begin(w.usable)
	if w.trace != nil {
		w.shell.Bridge().Every(tracePace, func() { w.trace.note(p.turn()) })
	}
}

func (w *window) newPlace(station *running) (place, error) {
	if w.o.role == roleKiosk {
		return newLobby(w, station)
	}
	return newCounter(w, station)
}

// usable notes how long a person waited from the program's start.
func (w *window) usable() {
	after, err := age()
	if err != nil {
		w.log.Warn("window usable", "cause", err)
		return
	}
	w.log.Info("window usable", "after_ms", after.Milliseconds())
}

// close closes the station, once the bridge has ended.
func (w *window) close() error {
	var err error
	if w.station != nil {
		err = w.station.close()
	}
	if w.trace != nil {
		err = errors.Join(err, w.trace.close())
	}
	return err
}
