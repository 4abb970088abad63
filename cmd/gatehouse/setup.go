package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"

	"gatehouse/drivers/devices"
	"gatehouse/drivers/display"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
	"gatehouse/drivers/printer"
	"gatehouse/drivers/probe"
	"gatehouse/drivers/scan"
	"gatehouse/ui/setup"
	"gatehouse/ui/setup/flow"
	"gatehouse/ui/shell"
	"gatehouse/ui/words"
)

// screenSetup is the set-up of the devices. It is shown while the station is not
// open, so that no port is held by it.
const screenSetup shell.Role = "setup"

// firstTime tells whether a station should begin with the set-up by itself:
// nobody said which printer there is, and an adapter or a USB printer is plugged
// in. Without one the emulated printer is there, so that a newcomer sees paper.
func firstTime(o options, root string) bool {
	if o.role != roleCashier || o.told[optPrinter] || o.training {
		return false
	}
	found, err := devices.Load(filepath.Join(o.folder(), devices.FileName))
	if err != nil && !errors.Is(err, os.ErrNotExist) || found.Printer.Port != "" {
		return false
	}
	for _, at := range probe.Places(root) {
		if at.Plugged() {
			return true
		}
	}
	return false
}

// setUp is the set-up in the window.
type setUp struct {
	w      *window
	flow   *flow.Flow
	screen *setup.Screen
	runner *installer
}

func newSetUp(w *window) *setUp {
	s := &setUp{w: w, runner: &installer{o: w.o, words: w.words, log: w.log, root: "/"}}
	s.flow = flow.New(flow.Deps{Models: models(), Before: s.runner.before(),
		IsPort:    func(text string) bool { return devices.Port(text).Check() == nil },
		NoCentral: s.runner.noCentral, IsCode: isCode})
	s.screen = setup.New(setup.Options{Env: w.shell.Env(), Flow: s.flow, Words: w.words, Station: string(w.o.station), Run: s.run})
	return s
}

func models() []flow.Printer {
	var all []flow.Printer
	for _, p := range escpos.Profiles() {
		all = append(all, flow.Printer{Name: p.Name, Columns: p.Columns, Dots: p.Dots})
	}
	return all
}

// Content, Enter and Leave make it a screen of the shell.
func (s *setUp) Content() fyne.CanvasObject { return s.screen.Content() }
func (s *setUp) Enter()                     { s.screen.Enter() }
func (s *setUp) Leave()                     {}

// run carries an effect out behind the window.
func (s *setUp) run(e flow.Effect) {
	bridge := s.w.shell.Bridge()
	if e.Do == flow.DoOpen {
		s.runner.stop()
		s.w.shell.Show(screenOpening)
		s.w.open()
		return
	}
	post := func(event flow.Event) { bridge.Post(func() { s.screen.Handle(event) }) }
	began := s.runner.next() // here, so that effects are begun in their order
	bridge.Go(func(ctx context.Context) func() {
		began(ctx, e, post)
		return nil
	})
}

// installer carries out the effects of the set-up, one at a time: the next begins
// when the one before has let go of its port.
type installer struct {
	o     options
	words *words.Book
	log   *slog.Logger
	root  string // where the ports are listed
	kept  kept   // what the printer was made to keep with the last test page

	cancel context.CancelFunc // of the effect under way; nil: none was begun
	done   chan struct{}      // closed when it has ended
}

// stop gives up what is under way.
func (r *installer) stop() {
	if r.cancel != nil {
		r.cancel()
	}
}

// next gives up what is under way and returns what carries the next effect out. It
// belongs to the window's goroutine; what it returns to another.
func (r *installer) next() func(ctx context.Context, e flow.Effect, post func(flow.Event)) {
	r.stop()
	before, done := r.done, make(chan struct{})
	over, cancel := context.WithCancel(context.Background())
	r.done, r.cancel = done, cancel
	return func(ctx context.Context, e flow.Effect, post func(flow.Event)) {
		defer close(done)
		defer cancel()
		defer context.AfterFunc(ctx, cancel)()
		if before != nil {
			<-before
		}
		if over.Err() == nil {
			r.carry(over, e, post)
		}
	}
}

// carry carries one effect out.
func (r *installer) carry(ctx context.Context, e flow.Effect, post func(flow.Event)) {
	tell := func(f probe.Finding) { post(flow.Told{Turn: e.Turn, Finding: findingOf(f)}) }
	switch e.Do {
	case flow.DoList:
		var ports []flow.Port
		for _, at := range probe.Places(r.root) {
			ports = append(ports, flow.Port{Name: string(at.Port), What: at.Title})
		}
		post(flow.PortsAre{Ports: ports})
	case flow.DoSearch:
		found, err := probe.Find(ctx, optionsOf(e.Settings), tell)
		post(flow.Searched{Turn: e.Turn, Result: flow.Result{Found: err == nil, Certain: found.Certain,
			Model: found.Profile.Name, Baud: found.Baud, Frame: string(found.Frame)}})
		r.note("look for the printer", err)
	case flow.DoLearn:
		level, err := probe.Learn(ctx, optionsOf(e.Settings), resultOf(e.Settings), 2, tell)
		post(flow.LearnedIs{Turn: e.Turn, Drawer: string(level)})
		r.note("learn the drawer", err)
	case flow.DoPrint:
		post(flow.Printed{Turn: e.Turn, Fate: r.print(ctx, e.Settings)})
	case flow.DoListen:
		r.listen(ctx, e, post)
	case flow.DoShow:
		post(flow.ShownIs{Turn: e.Turn, Trouble: r.show(ctx, e.Settings)})
	case flow.DoMeet:
		met, trouble := r.meet(ctx, e.Settings.Central)
		post(flow.MetIs{Turn: e.Turn, Met: met, Trouble: trouble})
	case flow.DoSave:
		post(flow.SavedIs{Turn: e.Turn, Trouble: said(r.save(e.Settings))})
	}
}

func (r *installer) note(what string, err error) {
	if err != nil {
		r.log.Info(what, "cause", err)
	}
}

func said(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func findingOf(f probe.Finding) flow.Finding {
	weight := map[probe.Weight]flow.Weight{probe.Good: flow.Good, probe.Minor: flow.Minor, probe.Grave: flow.Grave}[f.Weight()]
	return flow.Finding{Code: string(f.Code), Args: f.Args(), Weight: weight}
}

// optionsOf are the settings as a search takes them; the model is told where the
// person chose it.
func optionsOf(set flow.Settings) probe.Options {
	o := probe.Options{Port: devices.Port(set.Port)}
	if p, known := escpos.ProfileNamed(set.Model); known {
		o.Profile = &p
	}
	return o
}

func resultOf(set flow.Settings) probe.Result {
	p, _ := escpos.ProfileNamed(set.Model)
	return probe.Result{Baud: set.Baud, Frame: devices.Frame(set.Frame), Profile: p, Certain: true}
}

// pageWait is how long a test page may take.
const pageWait = 30 * time.Second

func (r *installer) print(ctx context.Context, set flow.Settings) flow.Fate {
	ctx, cancel := context.WithTimeout(ctx, pageWait)
	defer cancel()
	say := r.words.Say
	found := resultOf(set)
	var logo flow.Logo
	found.Logo, logo = r.keepLogo(ctx, set)
	got, err := probe.Print(ctx, optionsOf(set), found, probe.Words{Title: say("setup.page.title"), Columns: say("setup.page.columns"),
		Dots: say("setup.page.dots"), Letters: say("setup.page.letters"), Codes: say("setup.page.codes"), Whole: say("setup.page.whole")})
	if err != nil {
		return flow.Fate{Name: "unknown", Cause: err.Error(), Logo: logo}
	}
	name := map[printer.Fate]string{printer.Confirmed: "confirmed", printer.Parsed: "parsed", printer.SentOnly: "sent",
		printer.Blocked: "blocked", printer.Unknown: "unknown", printer.NotStarted: "not_begun"}[got.Fate]
	out := got.Fate == printer.Confirmed || got.Fate == printer.Parsed || got.Fate == printer.SentOnly
	return flow.Fate{Name: name, Cause: said(got.Cause), Out: out, Logo: logo}
}

// listen waits for the first scan at a port.
func (r *installer) listen(ctx context.Context, e flow.Effect, post func(flow.Event)) {
	dialer, err := devices.Port(e.Settings.Scanner).Dialer(devices.DefaultSlowBaud, "")
	if err == nil {
		err = canOpen(ctx, dialer)
	}
	if err != nil {
		post(flow.Heard{Turn: e.Turn, Trouble: err.Error()})
		return
	}
	s := scan.Open(scan.Config{Dialer: dialer, Clock: link.WallClock{}, Log: r.log})
	codes, end := s.Subscribe()
	defer end()
	select {
	case c := <-codes:
		post(flow.Heard{Turn: e.Turn, Text: c.Text})
	case <-ctx.Done():
	}
	r.note("give the scanner back", s.Close())
}

// canOpen opens a port and gives it back: a device that is kept open says nothing
// to a person about why it cannot be.
func canOpen(ctx context.Context, d link.Dialer) error {
	port, err := d.Dial(ctx)
	if err != nil {
		return err
	}
	return port.Close()
}

// showFor is how long the test stays under the program's hand; a display keeps what
// it shows.
const showFor = 2 * time.Second

func (r *installer) show(ctx context.Context, set flow.Settings) string {
	dialer, err := devices.Port(set.Display).Dialer(devices.DefaultSlowBaud, "")
	if err == nil {
		err = canOpen(ctx, dialer)
	}
	if err != nil {
		return err.Error()
	}
	language := display.DMD
	if set.Kind == string(devices.KindCD5220) {
		language = display.CD5220
	}
	d, err := display.Open(display.Config{Dialer: dialer, Clock: link.WallClock{}, Language: language, Columns: devices.DefaultColumns, Log: r.log})
	if err != nil {
		return err.Error()
	}
	d.Show(display.Lines{r.words.Say("setup.says.test_upper"), r.words.Say("setup.says.test_lower")})
	select {
	case <-time.After(showFor):
	case <-ctx.Done():
	}
	return said(d.Close())
}
