package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// attended shows the cashier's window on the display that is there.
func attended(ctx context.Context, dir string) (err error) {
	if os.Getenv("DISPLAY") == "" {
		return errors.New("there is no display: DISPLAY is not set; \"gatehouse-demo day\" needs none")
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return err
	}
	h, err := newHouse(filepath.Join(dir, "logs"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.stopAll()) }()
	panel, err := freePort()
	if err != nil {
		return err
	}
	// A folder for each start: the printer counts its papers from 1.
	papers := filepath.Join(dir, "paper", time.Now().Format("2006-01-02-150405"))
	p := printer{link: filepath.Join(dir, "printer"), paper: papers, panel: panel}
	if err := h.startPrinter(ctx, "printer", p); err != nil {
		return err
	}
	c := &central{data: filepath.Join(dir, "central")}
	if c.address, err = freePort(); err != nil {
		return err
	}
	if err := h.startCentral(ctx, c); err != nil {
		return err
	}
	station, err := h.startStation("station", stationPlan{dir: dir, id: "A1", printer: p, central: c})
	if err != nil {
		return err
	}
	fmt.Printf(`The cashier's window is open. Staff and PINs of the sample stand on its first page.

  printer   http://%s   take paper away, open the drawer, pull the cable
  central   http://%s   what arrived
  papers    %s
  data      %s

Close the window, or press Ctrl+C here, and all of it stops.
`, p.panel, c.address, p.paper, filepath.Join(dir, "data"))
	select {
	case <-ctx.Done():
		return nil
	case <-station.done:
		return station.err
	}
}

// stationPlan says how a station is started.
type stationPlan struct {
	dir     string // of data, shared by stations
	id      string
	role    string // empty: cashier
	printer printer
	central *central
	display string // empty: the one that is there
	trace   string // empty: none
	more    []string
}

// startStation starts the real program.
func (h *house) startStation(name string, s stationPlan) (*program, error) {
	args := []string{"--sample", "--data", filepath.Join(s.dir, "data"), "--station", s.id, "--printer", s.printer.link,
		"--central", "http://" + s.central.address}
	if s.role != "" {
		args = append(args, "--role", s.role)
	}
	if s.trace != "" {
		args = append(args, "--trace", s.trace)
	}
	var env []string
	if codes := s.central.codes; len(codes) > 0 { // a station that is started again is known
		env = append(env, "GATEHOUSE_ENROL_CODE="+codes[0])
		s.central.codes = codes[1:]
	}
	if s.display != "" {
		env = append(env, "DISPLAY="+s.display)
	}
	return h.ours(name, "gatehouse", env, append(args, s.more...)...)
}
