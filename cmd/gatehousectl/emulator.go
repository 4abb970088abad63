package main

import (
	"context"
	"fmt"
	"os"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/link"
)

func emulatorVerb() verb {
	return verb{name: "emulator", args: "--link PATH|--tcp ADDR [--out DIR] [--control ADDR] [--model NAME] [--baud N] [--sensor LEVEL] [--faults FILE] [--seed N]",
		short: "stand in for a receipt printer with its drawer",
		long: `Is a receipt printer with a drawer on a pseudo-terminal or on the network, until it
is interrupted. Programs open PATH as they would a serial port, or call ADDR. Each piece of paper that is cut
off is kept as a picture, as text and as a list of what was sent. The panel, a
page on a loopback address, takes paper away, opens the drawer, pulls the cable.

The same happens by itself with --faults: a file of lines like

  at byte 1200 paper/out      after so many bytes received
  after 3s paper/load         after the line above
  at line 40 cover/open       after so many lines printed
  at time 1m30s unplug        after so much time

With --seed and no file, ten faults are made from the number; they are shown, and the
same number makes the same again. With both, what the file says is followed and the
faults of the seed too.`,
		run: runEmulator}
}

func runEmulator(ctx context.Context, c *call) error {
	cfg := emulator.RunConfig{Log: c.Stderr, Clock: link.WallClock{}}
	c.flags.StringVar(&cfg.Link, "link", "", "`PATH` of the port to make")
	c.flags.StringVar(&cfg.TCP, "tcp", "", "`ADDR` to be called at in place of a port, like 127.0.0.1:9100")
	c.flags.StringVar(&cfg.Dir, "out", "", "`DIR` for the pieces as NNN.png, NNN.txt and NNN.json")
	c.flags.StringVar(&cfg.Control, "control", "", "loopback `ADDR` of the panel, like 127.0.0.1:8766")
	c.flags.StringVar(&cfg.Model, "model", "TM-T88VI", "`NAME` of the printer's model")
	c.flags.IntVar(&cfg.Baud, "baud", 38400, "speed of the line: `N`")
	sensor := c.flags.String("sensor", "high", "`LEVEL` of the drawer's switch when it is open: high, low or none")
	script := c.flags.String("faults", "", "`FILE` of what happens to the printer by itself")
	seed := c.flags.Uint64("seed", 0, "make faults from this number, 0 for none: `N`")
	if _, err := c.parse(0, 0); err != nil {
		return err
	}
	var err error
	if cfg.Faults, err = c.faults(*script, *seed); err != nil {
		return err
	}
	if cfg.Sensor, err = emulator.ParseSensor(*sensor); err != nil {
		return usage("%v", err)
	}
	if (cfg.Link == "") == (cfg.TCP == "") {
		return usage("say where the printer is: --link or --tcp")
	}
	return emulator.Run(ctx, cfg)
}

// The faults that a seed makes: so many, over about as many bytes as ten receipts have.
const (
	seededFaults = 10
	seededBytes  = 10_000
)

// faults reads a script, and adds what a seed makes, which it shows.
func (c *call) faults(file string, seed uint64) (s emulator.Script, err error) {
	if file != "" {
		f, err := os.Open(file)
		if err != nil {
			return nil, fmt.Errorf("read the faults: %w", err)
		}
		defer f.Close()
		if s, err = emulator.ParseScript(f); err != nil {
			return nil, err
		}
	}
	if seed != 0 {
		made := emulator.RandomScript(seed, seededFaults, seededBytes)
		fmt.Fprintf(c.Stderr, "# faults of seed %d\n%s", seed, made)
		s = append(s, made...)
	}
	return s, nil
}
