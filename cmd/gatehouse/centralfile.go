package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/pelletier/go-toml/v2"

	"gatehouse/ledger"
	"gatehouse/sync/station"
	"gatehouse/sync/wire"
	setup "gatehouse/ui/setup/flow"
)

// centralFile is where central is and how it is known, as the set-up wrote it. The
// command line stands before it.
type centralFile struct {
	Address string `toml:"address"`
	Pin     string `toml:"pin,omitempty"`  // of central's key; empty: an authority vouches for it
	Code    string `toml:"code,omitempty"` // to enrol with; gone once central knows the station
}

const maxCentralFile = 4 << 10 // bytes

func (o *options) centralPath() string { return filepath.Join(o.folder(), "central.toml") }

// loadCentral reads the file; none is no central.
func loadCentral(path string) (c centralFile, err error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, fmt.Errorf("read where central is: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxCentralFile+1))
	if err == nil && len(text) > maxCentralFile {
		err = fmt.Errorf("it is longer than %d bytes", maxCentralFile)
	}
	if err == nil {
		d := toml.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		err = d.Decode(&c)
	}
	if err != nil {
		return centralFile{}, fmt.Errorf("%w, in %s: %w", errCentral, path, err)
	}
	return c, nil
}

// save writes the file, for its owner alone: a code lets somebody in.
func (c centralFile) save(path string) error {
	if c.Address == "" {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("forget where central is: %w", err)
		}
		return nil
	}
	text, err := toml.Marshal(c)
	if err != nil {
		return fmt.Errorf("write where central is: %w", err)
	}
	if err := ledger.WriteFile(path, text, 0o600); err != nil {
		return fmt.Errorf("write where central is: %w", err)
	}
	return nil
}

// withCentral are the options with what the file says of central, where the command
// line names none.
func (o options) withCentral() (options, error) {
	if o.told["central"] || o.central != "" {
		return o, nil
	}
	c, err := loadCentral(o.centralPath())
	if err != nil {
		return o, err
	}
	o.central = c.Address
	if o.trusted.pins == "" {
		o.trusted.pins = c.Pin
	}
	if o.code == "" {
		o.code = c.Code
	}
	return o, nil
}

// forgetCode takes the code out of the file once central knows the station.
func (r *running) forgetCode() {
	states, end := r.central.Subscribe()
	defer end()
	for {
		select {
		case <-r.ctx.Done():
			return
		case s := <-states:
			if !s.Online || s.Code != "" {
				continue
			}
			c, err := loadCentral(r.o.centralPath())
			if err == nil && c.Code != "" {
				c.Code = ""
				err = c.save(r.o.centralPath())
			}
			if err != nil {
				r.log.Warn("forget the enrolment code", "cause", err)
			}
			return
		}
	}
}

// noCentral tells by a word of the set-up why a text is no address of central.
func (r *installer) noCentral(text string) string {
	switch err := station.CheckAddress(text, r.o.plainLAN); {
	case err == nil:
		return ""
	case errors.Is(err, station.ErrPlain):
		return "plain_http"
	}
	return "no_address"
}

func isCode(text string) bool { _, ok := wire.ReadCode(text); return ok }

// meet asks what answers at central's address.
func (r *installer) meet(ctx context.Context, address string) (setup.Met, string) {
	met, err := station.Meet(ctx, address, r.o.plainLAN)
	if err != nil {
		return setup.Met{}, err.Error()
	}
	shown := setup.Met{Vouched: met.Vouched}
	if !met.Plain {
		shown.Pin = met.Pin.String()
	}
	return shown, ""
}
