package main

import (
	"context"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/link"
)

func emulatorVerb() verb {
	return verb{name: "emulator", args: "--link PATH|--tcp ADDR [--out DIR] [--control ADDR] [--model NAME] [--baud N] [--sensor LEVEL]",
		short: "stand in for a receipt printer with its drawer",
		long: `Is a receipt printer with a drawer on a pseudo-terminal or on the network, until it
is interrupted. Programs open PATH as they would a serial port, or call ADDR. Each piece of paper that is cut
off is kept as a picture, as text and as a list of what was sent. The panel, a
page on a loopback address, takes paper away, opens the drawer, pulls the cable.`,
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
	if _, err := c.parse(0, 0); err != nil {
		return err
	}
	var err error
	if cfg.Sensor, err = emulator.ParseSensor(*sensor); err != nil {
		return usage("%v", err)
	}
	if (cfg.Link == "") == (cfg.TCP == "") {
		return usage("say where the printer is: --link or --tcp")
	}
	return emulator.Run(ctx, cfg)
}
