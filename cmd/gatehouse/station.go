package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	"gatehouse/desk/sample"
	"gatehouse/desk/staff"
	"gatehouse/drivers/devices"
	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
	"gatehouse/drivers/printer"
	"gatehouse/drivers/probe"
	"gatehouse/ledger"
	"gatehouse/paper"
	"gatehouse/paper/spool"
	"gatehouse/paper/till"
	"gatehouse/sync/station"
)

// running is a station without its window: everything that goes on whether
// somebody looks or not.
type running struct {
	o         options
	policy    desk.Policy
	live      *desk.Live
	layouts   *paper.Layouts
	desk      *desk.Desk
	profile   escpos.Profile
	printer   *printer.Session // nil: none
	pins      []int            // of the drawers that are plugged into it
	logo      devices.Logo     // of its papers
	logoAt    *probe.LogoWatch // nil: the printer was never made to keep it
	spooler   *spool.Spooler   // nil: no printer
	drawers   *till.Follower   // nil: no printer
	central   *station.Follower
	puller    *station.Puller // nil: no central
	witnesses []*ledger.Witness

	ctx    context.Context
	cancel context.CancelFunc
	others sync.WaitGroup
	log    *slog.Logger
}

// start opens everything, from the ground up. What was opened is closed again
// when something fails.
func start(o options, log *slog.Logger) (*running, error) {
	o, err := o.withCentral()
	if err != nil {
		return nil, err
	}
	r := &running{o: o, log: log}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	for _, step := range []func() error{r.openData, r.openDesk, r.openPrinter, r.openPaper, r.openCentral, r.openPuller, r.openWitnesses, r.keepRota} {
		if err := step(); err != nil {
			return nil, errors.Join(err, r.close())
		}
	}
	return r, nil
}

// openData opens the policy and the reference data.
func (r *running) openData() error {
	path := filepath.Join(r.o.data, "ref.db")
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		if err := r.firstData(path); err != nil {
			return err
		}
	}
	var err error
	if r.policy, err = desk.LoadPolicy(filepath.Join(r.o.data, "policy.toml")); err != nil {
		return fmt.Errorf("%w: %w", errPolicy, err)
	}
	r.live, err = desk.OpenLive(path)
	return err
}

// firstData makes the reference data of a station that has none: the sample utility's,
// or an empty set that central fills.
func (r *running) firstData(path string) error {
	switch {
	case r.o.sample:
		return sample.Write(r.o.data, time.Now(), sampleCustomers)
	case r.o.central != "":
		return desk.WriteEmpty(path)
	}
	return fmt.Errorf("%w: %s", errNoData, r.o.data)
}

// Why a station without data, or without rules, does not open.
var (
	errNoData  = errors.New("there is no reference data")
	errPolicy  = errors.New("the policy cannot be read")
	errDevices = errors.New("the list of devices cannot be read")
	errCentral = errors.New("where central is cannot be read")
)

// sampleCustomers is how many customers the sample utility has.
const sampleCustomers = 5000

// openDesk opens the ledger with the duties over it.
func (r *running) openDesk() error {
	folder := r.o.folder()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make the station's folder: %w", err)
	}
	key, err := ledger.LoadKey(filepath.Join(folder, "station.key"), rand.Reader)
	if err != nil {
		return err
	}
	mirror := r.o.mirror
	if mirror == "" {
		mirror = filepath.Join(folder, "mirror")
	}
	if r.layouts, err = paper.Standard(); err != nil {
		return err
	}
	var follows *ledger.Follows
	if r.o.follows != "" {
		named, err := ledger.ReadFollows(r.o.follows)
		if err != nil {
			return err
		}
		follows = &named
	}
	if r.o.central != "" {
		var trust *station.Trust
		if trust, err = r.o.trusted.trust(); err != nil {
			return err
		}
		r.central, err = station.New(station.Options{URL: r.o.central, Others: r.o.others, Code: r.o.code, InsecureLAN: r.o.plainLAN, Trust: trust, Log: r.log})
		if err != nil {
			return err
		}
	}
	o := desk.Options{
		Ledger: ledger.Options{Path: filepath.Join(folder, "ledger.db"), Station: r.o.station, Signer: key,
			Mirror: mirror, Witnesses: r.o.witness, Follows: follows, Training: r.o.training, Log: r.log},
		Policy:    r.policy,
		Roster:    r.live,
		Customers: r.live,
		Kiosk:     r.o.role == roleKiosk,
	}
	if r.central != nil {
		o.Offline = r.central.Offline
	}
	if r.desk, err = spool.OpenDesk(o, r.layouts); err != nil {
		return err
	}
	r.live.Before(func(roster staff.Roster) error { return r.desk.NoteRoster(r.ctx, roster) })
	return r.desk.NoteRights(r.ctx)
}

// openPrinter opens the session with the printer, and the emulated one first
// where there is no other.
func (r *running) openPrinter() error {
	o, plugged, err := r.o.withDevices()
	if err != nil {
		return err
	}
	r.o, r.pins, r.logo = o, drawerPins[:], plugged.Logo
	if plugged.Drawers != nil {
		r.pins = drawerPins[:*plugged.Drawers]
	}
	if o.printer == string(devices.PortNone) {
		return nil
	}
	profile, found := escpos.ProfileNamed(o.model)
	if !found {
		return fmt.Errorf("there is no printer profile %q", o.model)
	}
	r.profile = profile
	dialer, baud, err := r.printerLine(plugged.Frame)
	if err != nil {
		return err
	}
	// A program killed in the middle of a picture left the printer waiting for dots.
	dialer = spool.Fresh(dialer, profile)
	if key := r.logo.KeptKey(); key != (escpos.LogoKey{}) {
		r.logoAt = probe.WatchLogo(dialer, profile, key, link.WallClock{})
		dialer = r.logoAt
	}
	r.printer, err = printer.New(printer.Config{Dialer: dialer, Profile: profile, Clock: link.WallClock{},
		Log: r.log, Baud: baud, OpenLevel: o.drawer.level})
	return err
}

// printerLine is the line to the printer with its speed; 0 where it has none.
func (r *running) printerLine(frame devices.Frame) (link.Dialer, int, error) {
	port := devices.Port(r.o.printer)
	if port != devices.PortEmulator {
		dialer, err := port.Dialer(r.o.baud, frame)
		if !port.HasSpeed() {
			return dialer, 0, err
		}
		return dialer, r.o.baud, err
	}
	config := emulator.RunConfig{Link: filepath.Join(r.o.folder(), "printer"), Dir: filepath.Join(r.o.folder(), "paper"), Model: r.o.model,
		Baud: r.o.baud, Sensor: r.o.drawer.sensor, Clock: link.WallClock{}}
	if err := os.MkdirAll(config.Dir, 0o700); err != nil {
		return nil, 0, fmt.Errorf("make the folder of the emulated printer: %w", err)
	}
	r.others.Go(func() {
		if err := emulator.Run(r.ctx, config); err != nil {
			r.log.Error("the emulated printer stopped", "cause", err)
		}
	})
	return link.Serial{Name: config.Link, Baud: r.o.baud}, r.o.baud, nil
}

// openPaper starts who follows the ledger to the printer and the drawer.
func (r *running) openPaper() error {
	if r.printer == nil {
		return spool.OffDuty(r.ctx, r.desk.Book, rand.Reader)
	}
	sheet, err := paper.SheetOf(r.desk)
	if err != nil {
		return err
	}
	r.setLogo(&sheet)
	r.spooler, err = spool.Start(spool.Options{Book: r.desk.Book, Printer: r.printer, Profile: r.profile, Layouts: r.layouts,
		Sheet: sheet, Unattended: r.o.role == roleKiosk, Log: r.log})
	if err != nil || r.o.role == roleKiosk {
		return err
	}
	var drawers []till.Drawer
	for i, id := range r.policy.Cash.Drawers {
		if i < len(r.pins) {
			drawers = append(drawers, till.Drawer{ID: cash.DrawerID(id), Printer: r.printer, Pin: r.pins[i]})
		}
	}
	r.drawers, err = till.Follow(till.Options{Book: r.desk.Book, Desk: r.desk, Drawers: drawers, Log: r.log})
	return err
}

// setLogo puts the station's logo onto its papers. One that cannot be read is no
// reason to stay closed: the house's own stands in for it.
func (r *running) setLogo(sheet *paper.Sheet) {
	logo, err := r.logo.Bitmap(r.o.folder(), r.profile, sheet.Logo)
	if err != nil {
		r.log.Warn("papers have the house's own logo", "cause", err)
		logo = sheet.Logo
	}
	sheet.LogoNow = func() (*escpos.Bitmap, escpos.LogoKey) {
		if r.logoAt == nil || !r.logoAt.There() {
			return r.logo.Kept(nil).On(r.profile, logo)
		}
		return r.logo.On(r.profile, logo)
	}
}

// drawerPins are the pins of a printer's connector that drive its first and
// second drawer.
var drawerPins = [...]int{2, 5}

// openCentral starts carrying the ledger to central.
func (r *running) openCentral() error {
	if r.central != nil {
		if r.o.code != "" {
			r.others.Go(r.forgetCode)
		}
		r.others.Go(func() { r.central.Run(r.ctx, r.desk.Book) })
	}
	return nil
}

// openWitnesses starts carrying the ledger to its witnesses.
func (r *running) openWitnesses() error {
	for _, dir := range r.o.witness {
		w := ledger.NewWitness(dir)
		r.witnesses = append(r.witnesses, w)
		r.others.Go(func() { w.Follow(r.ctx, r.desk.Book) })
	}
	return nil
}

// glance is how often the station looks whether a surprise count is due.
const glance = time.Minute

// keepRota draws the surprise counts of the drawers that are open, and says when one
// is due. A kiosk has no drawer.
func (r *running) keepRota() error {
	if r.o.role == roleKiosk {
		return nil
	}
	r.others.Go(func() {
		tick := time.NewTicker(glance)
		defer tick.Stop()
		for {
			if err := r.desk.KeepRota(r.ctx); err != nil && r.ctx.Err() == nil {
				r.log.Warn("the rota of surprise counts could not be kept", "cause", err)
			}
			select {
			case <-tick.C:
			case <-r.ctx.Done():
				return
			}
		}
	})
	return nil
}

// sendMost is how long a station that ends waits for what it wrote last to arrive
// at central. What does not is sent when it starts again.
const sendMost = 3 * time.Second

func (r *running) sendRest() {
	if r.central == nil || r.desk == nil || !r.central.State().Online {
		return
	}
	states, end := r.central.Subscribe()
	defer end()
	enough := time.After(sendMost)
	for {
		select {
		case s := <-states:
			if !s.Online || max(s.AtCentral, s.AtRelay) >= r.desk.Book.Head().Seq {
				return
			}
		case <-enough:
			return
		}
	}
}

// close lets go of everything, from the roof down.
func (r *running) close() error {
	var all []error
	if r.drawers != nil {
		all = append(all, r.drawers.Close())
	}
	if r.spooler != nil {
		all = append(all, r.spooler.Close())
	}
	if r.printer != nil {
		all = append(all, r.printer.Close())
	}
	r.sendRest()
	r.cancel()
	r.others.Wait()
	if r.desk != nil {
		all = append(all, r.desk.Close())
	}
	if r.live != nil {
		all = append(all, r.live.Close())
	}
	return errors.Join(all...)
}
