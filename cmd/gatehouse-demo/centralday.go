package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"gatehouse/desk"
	"gatehouse/ledger"
)

// theOffices are a main building with a station, an office behind a line with a
// relay and two stations, and central, at the sample utility.
type theOffices struct {
	ctx  context.Context
	h    *house
	out  string // what it leaves
	data string // of the stations
	sum  *summary
	town town
	from string // the first business date of all
	to   string // today's

	central *server
	relay   *server
	main    *link // from the main building to central
	line    *link // from the office to central
	browser *chromium

	a1, b1, k1 *place
	clone      *place // of b1's disk, in another machine
	atKill     atKill
}

// place is a station: its desk is worked by gatehousectl play, its ledger carried by
// gatehousectl push, which follow the same rules and protocol as its window does.
type place struct {
	id      string
	data    string
	kiosk   bool
	url     string // of central, or of the office's relay
	pins    string
	code    string // to be let in; used once
	scripts int

	// What gatehousectl verify says of its ledger.
	log, head       string
	count, receipts uint64
	taken, returned ledger.Cents
}

func (p *place) ledger() string {
	return filepath.Join(desk.Folder(p.data, ledger.StationID(p.id), false), "ledger.db")
}

// atKill is how things stood when central was killed.
type atKill struct {
	acknowledged uint64
	sent         int64 // bytes of the batch
}

// offices plays the day of central and checks it. What it leaves is there even if
// something failed.
func offices(ctx context.Context, out string) error {
	out, err := filepath.Abs(out)
	if err != nil {
		return err
	}
	if err := prepare(out, "data", "scripts", "journals", "files"); err != nil {
		return err
	}
	h, err := newHouse(filepath.Join(out, "logs"))
	if err != nil {
		return err
	}
	d := &theOffices{ctx: ctx, h: h, out: out, data: filepath.Join(out, "data"), sum: newSummary(time.Now, "A day of Gatehouse central", centralLeaves)}
	if err = d.play(); err == nil {
		err = d.check()
	}
	if d.browser != nil {
		d.browser.end()
	}
	for _, l := range []*link{d.main, d.line} {
		if l != nil {
			l.close()
		}
	}
	return d.sum.finish(out, errors.Join(err, h.stopAll()))
}

const centralLeaves = `
## What is here

- *.png: central's console, as Chromium shows it
- files/: the payment file and the general ledger, as they were downloaded
- journals/: each station's journal, as jsonl and for hledger
- scripts/: what the stations were told to do
- data/: the folders of central, of the relay, and of the stations
- logs/: what each program said

The two cashier stations had three weeks of work before the day. They were written by the
desk itself with its clock put back; everything after them was done by the programs.
`

func (d *theOffices) play() error {
	for _, s := range []struct {
		name string
		do   func() error
	}{
		{"the sample utility is made, with three weeks of work at A1 and B1", d.before},
		{"central starts, with a key and a certificate of its own", d.startCentral},
		{"the first administrator is set up in Chromium, with the code in central's folder", d.setUp},
		{"codes for a relay and three stations are issued at the console", d.issueCodes},
		{"B1's ledger is on its way when central is killed (kill -9)", d.killCentral},
		{"a visitor signs in at K1 meanwhile", d.visitor},
		{"central starts again, and B1's push ends by itself", d.centralBack},
		{"the office's relay starts; A1 and K1 are let in through it", d.startRelay},
		{"the office's line is cut; A1 and K1 go on with the relay", d.cutLine},
		{"the relay is killed with all that is not yet at central, and starts again", d.killRelay},
		{"the line is mended, and everything arrives at central", d.mendLine},
		{"B1's disk is copied; both go on, and central notices", d.cloneDisk},
		{"the administrator looks at the stations and lets a finance lead in", d.administrator},
		{"the finance lead goes through the pages, writes the files and signs out", d.finance},
	} {
		began := time.Now()
		if err := s.do(); err != nil {
			return fmt.Errorf("this step did not happen: %s\n%w", s.name, err)
		}
		if d.browser != nil && d.browser.err != nil {
			return fmt.Errorf("this step did not happen: %s\n%w", s.name, d.browser.err)
		}
		d.sum.did(s.name, time.Since(began))
	}
	return nil
}

// ctl is a run of the operator's tool.
func (d *theOffices) ctl(env []string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(d.ctx, filepath.Join(d.h.bin, "gatehousectl"), args...)
	cmd.Env = append(os.Environ(), env...)
	return cmd
}

// order is a line of a script, as gatehousectl play --list documents it.
type order map[string]any

// works gives a station's desk orders. Every one must be carried out.
func (d *theOffices) works(p *place, orders ...order) error {
	p.scripts++
	name := fmt.Sprintf("%s-%d.jsonl", p.id, p.scripts)
	if p == d.clone {
		name = "clone-" + name
	}
	file := filepath.Join(d.out, "scripts", name)
	var text strings.Builder
	for _, o := range orders {
		line, err := json.Marshal(o)
		if err != nil {
			return err
		}
		text.Write(append(line, '\n'))
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
		return err
	}
	args := []string{"play", file, "--data", p.data, "--station", p.id, "--stop"}
	if p.kiosk {
		args = append(args, "--kiosk")
	}
	_, err := output(d.ctl(nil, args...))
	return err
}

// pushing is the run of the tool that carries a station's ledger.
func (p *place) pushing() (args, env []string) {
	if p.code != "" {
		env = append(env, "GATEHOUSE_ENROL_CODE="+p.code)
		p.code = ""
	}
	return []string{"push", p.ledger(), "--central", p.url, "--pin", p.pins, "--within", "2m"}, env
}

// pushes carries a station's ledger as far as its address leads, and is what the
// tool says.
func (d *theOffices) pushes(p *place) (string, error) {
	args, env := p.pushing()
	said, err := output(d.ctl(env, args...))
	return strings.TrimSpace(said), err
}

// What gatehousectl verify says of a ledger, beside its log and its head.
var (
	entriesLine  = regexp.MustCompile(`(?m)^entries\s+(\d+)`)
	receiptsLine = regexp.MustCompile(`(?m)^receipts\s+(\d+)`)
	takenLine    = regexp.MustCompile(`(?m)^taken\s+(\S+), given back (\S+)`)
)

// knows reads which log a station's ledger is, its head and its totals.
func (d *theOffices) knows(p *place) error {
	said, err := output(d.ctl(nil, "verify", p.ledger()))
	if err != nil {
		return err
	}
	log, head := logLine.FindStringSubmatch(said), headLine.FindStringSubmatch(said)
	entries, receipts, taken := entriesLine.FindStringSubmatch(said), receiptsLine.FindStringSubmatch(said), takenLine.FindStringSubmatch(said)
	if log == nil || head == nil || entries == nil || receipts == nil || taken == nil {
		return fmt.Errorf("gatehousectl verify does not say all that is asked: %s", said)
	}
	p.log, p.head = log[1], head[1]
	if p.count, err = strconv.ParseUint(entries[1], 10, 64); err != nil {
		return err
	}
	if p.receipts, err = strconv.ParseUint(receipts[1], 10, 64); err != nil {
		return err
	}
	var both [2]ledger.Cents
	for i := range both {
		if both[i], err = amountOf(taken[i+1]); err != nil {
			return err
		}
	}
	p.taken, p.returned = both[0], both[1]
	return nil
}

// arrives waits until a server has a station's ledger as it is now.
func (d *theOffices) arrives(s *server, p *place) error {
	if err := d.knows(p); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(d.ctx, waitMost)
	defer cancel()
	return until(ctx, fmt.Sprintf("%s has %s's ledger", s.name, p.id), func() (bool, error) {
		_, leaf, err := s.head(ctx, p.log)
		return leaf == p.head, err
	})
}
