package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"gatehouse/drivers/devices"
	"gatehouse/ui/setup/flow"
)

func (r *installer) path() string { return filepath.Join(r.o.folder(), devices.FileName) }

// before are the settings until now; none where there is no file, or where it
// cannot be read: then it is written anew.
func (r *installer) before() flow.Settings {
	set := r.devicesBefore()
	c, err := loadCentral(r.o.centralPath())
	if err != nil {
		r.log.Warn("read where central is before it is set up", "cause", err)
		return set
	}
	set.Central, set.Pin, set.Code = c.Address, c.Pin, c.Code
	return set
}

func (r *installer) devicesBefore() flow.Settings {
	d, err := devices.Load(r.path())
	if err != nil {
		if !errors.Is(err, os.ErrNotExist) {
			r.log.Warn("read the devices before they are set up", "cause", err)
		}
		return flow.Settings{}
	}
	p := d.Printer
	set := flow.Settings{Port: string(p.Port), Model: p.Model, Frame: string(p.Frame), Baud: p.Baud, Drawer: string(p.DrawerOpen), Drawers: p.DrawerCount(),
		Display: string(d.Display.Port), Kind: string(d.Display.Kind), Checks: p.CheckReader}
	if len(d.Scanners) > 0 {
		set.Scanner = string(d.Scanners[0].Port)
	}
	return set
}

// save writes the settings, and leaves in the file what the set-up does not ask
// for. A file that could not be read is kept beside the new one.
func (r *installer) save(set flow.Settings) error {
	if err := os.MkdirAll(r.o.folder(), 0o700); err != nil {
		return fmt.Errorf("make the station's folder: %w", err)
	}
	d, err := devices.Load(r.path())
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		if err := os.Rename(r.path(), r.path()+".unread"); err != nil {
			return fmt.Errorf("keep the list of devices that cannot be read: %w", err)
		}
	}
	drawers := set.Drawers
	d.Printer = devices.Printer{Port: devices.Port(set.Port), Model: set.Model, Baud: set.Baud, Frame: devices.Frame(set.Frame),
		DrawerOpen: devices.Level(set.Drawer), Drawers: &drawers, CheckReader: set.Checks, Logo: r.logoAfter(set, d.Printer)}
	switch {
	case set.Scanner == "":
		d.Scanners = nil
	case len(d.Scanners) == 0 || string(d.Scanners[0].Port) != set.Scanner:
		d.Scanners = []devices.Scanner{{Port: devices.Port(set.Scanner), Baud: devices.DefaultSlowBaud}}
	}
	if string(d.Display.Port) != set.Display || string(d.Display.Kind) != set.Kind {
		d.Display = devices.Display{}
		if set.Display != "" {
			d.Display = devices.Display{Port: devices.Port(set.Display), Kind: devices.Kind(set.Kind), Baud: devices.DefaultSlowBaud}
		}
	}
	if err := devices.Write(r.path(), d); err != nil {
		return err
	}
	return centralFile{set.Central, set.Pin, set.Code}.save(r.o.centralPath())
}
