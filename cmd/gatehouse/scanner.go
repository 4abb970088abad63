package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"gatehouse/drivers/devices"
	"gatehouse/drivers/display"
	"gatehouse/drivers/link"
	"gatehouse/drivers/scan"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/keys"
	"gatehouse/ui/shell"
)

// beside are the devices beside the printer: scanners, on a line of their own or
// typing like a keyboard, and the customer's display.
type beside struct {
	scanners []*scan.Scanner
	display  *display.Display // nil: none
	columns  int
	idle     string // what the display says to the next customer; empty: a welcome
	wedge    keys.Wedge
}

// openBeside opens what the station's devices say there is. A device that is not
// plugged in is no error; a file that cannot be read is.
func openBeside(o options, log *slog.Logger) (*beside, error) {
	found, err := besideOf(o)
	if err != nil {
		return nil, err
	}
	b, err := scannersOf(found, log)
	if err != nil {
		return nil, err
	}
	if found.Display.Port.Device() {
		if err := b.addDisplay(found.Display, log); err != nil {
			return nil, errors.Join(err, b.close())
		}
	}
	return b, nil
}

// openScanners opens the scanners only: a kiosk has nobody to show a sum to.
func openScanners(o options, log *slog.Logger) (*beside, error) {
	found, err := besideOf(o)
	if err != nil {
		return nil, err
	}
	return scannersOf(found, log)
}

func besideOf(o options) (devices.Devices, error) {
	found, err := devices.Load(filepath.Join(o.folder(), devices.FileName))
	if errors.Is(err, os.ErrNotExist) {
		return devices.Devices{}, nil
	}
	return found, err
}

func scannersOf(found devices.Devices, log *slog.Logger) (*beside, error) {
	b := &beside{wedge: keys.Wedge{Prefix: found.Wedge.Prefix, Suffix: found.Wedge.Suffix, Pace: found.Wedge.Gap()}}
	for _, s := range found.Scanners {
		if err := b.addScanner(s, log); err != nil {
			return nil, errors.Join(err, b.close())
		}
	}
	return b, nil
}

func (b *beside) addScanner(s devices.Scanner, log *slog.Logger) error {
	if !s.Port.Device() {
		return nil
	}
	dialer, err := s.Port.Dialer(slowBaud(s.Baud), s.Frame)
	if err != nil {
		return fmt.Errorf("open the scanner: %w", err)
	}
	b.scanners = append(b.scanners, scan.Open(scan.Config{Dialer: dialer, Clock: link.WallClock{}, Prefix: s.Prefix, Suffix: s.Suffix, Log: log}))
	return nil
}

func (b *beside) addDisplay(d devices.Display, log *slog.Logger) error {
	dialer, err := d.Port.Dialer(slowBaud(d.Baud), d.Frame)
	if err != nil {
		return fmt.Errorf("open the customer's display: %w", err)
	}
	language := display.DMD
	if d.Kind == devices.KindCD5220 {
		language = display.CD5220
	}
	b.columns = d.Columns
	if b.columns == 0 {
		b.columns = devices.DefaultColumns
	}
	b.idle = d.Idle
	b.display, err = display.Open(display.Config{Dialer: dialer, Clock: link.WallClock{}, Language: language, Columns: b.columns,
		Brightness: d.Brightness, Log: log})
	return err
}

func slowBaud(baud int) int {
	if baud == 0 {
		return devices.DefaultSlowBaud
	}
	return baud
}

// follower is who tells the display of the cashier's work; nil where there is no
// display.
func (b *beside) follower(p pole) func(*flow.Model) {
	if b.display == nil {
		return nil
	}
	p.columns, p.idle = b.columns, b.idle
	return func(m *flow.Model) {
		if l, show := p.lines(m); show {
			b.display.Show(l)
		}
	}
}

// begin gives scans to whoever takes them in the window, and gives the devices
// back when the bridge ends.
func (b *beside) begin(bridge *shell.Bridge, to *keys.Router, log *slog.Logger) {
	to.Expect(b.wedge)
	for _, s := range b.scanners {
		follow(bridge, s.Subscribe, func(c scan.Code) func() {
			return func() { to.Scan(c.Text) }
		})
	}
	bridge.Go(func(ctx context.Context) func() {
		<-ctx.Done()
		if err := b.close(); err != nil {
			log.Warn("give back the scanners and the display", "cause", err)
		}
		return nil
	})
}

func (b *beside) close() error {
	var all []error
	for _, s := range b.scanners {
		all = append(all, s.Close())
	}
	if b.display != nil {
		all = append(all, b.display.Close())
	}
	return errors.Join(all...)
}
