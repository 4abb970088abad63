package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"gatehouse/drivers/devices"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/printer"
	"gatehouse/drivers/probe"
	"gatehouse/ui/words"
)

func probeVerb() verb {
	return verb{name: "probe", args: "[PORT] [--baud N] [--model NAME] [--json] [--no-print] [--learn-drawer] [--logo FILE] [--write DIR]",
		short: "find out how a printer is to be spoken to",
		long: `Finds a printer's speed, says what is wrong with its cable, asks it what it is,
and prints a test page. PORT is written as in devices.toml: /dev/serial/by-id/...,
tcp:HOST:PORT or usb:/dev/usb/lp0. Without PORT it lists the ports of this machine.
A model that cannot be asked, or must not be, is named with --model.

With --write the printer also keeps the station's logo, where its model can: it is
written when it is another than before, since the memory for it wears. --logo says
which picture that is from now on: a PNG file, or none.

It ends with 1 when no printer could be spoken to, when something has to be mended
first, or when the test page did not come out.`,
		run: runProbe}
}

// pageWait is how long a test page may take; a printer without paper is waited for
// no longer.
const pageWait = 30 * time.Second

// probing is one use of the verb.
type probing struct {
	*call
	words   *words.Book
	options probe.Options
	json    bool
	pin     int

	logoFile string
	logo     devices.Logo // as it will be written
	said     []saidFinding
	grave    bool
}

// saidFinding is a finding as --json shows it.
type saidFinding struct {
	Code string         `json:"code"`
	What string         `json:"what"`
	Do   string         `json:"do,omitempty"`
	Args map[string]any `json:"args"`
	Bad  bool           `json:"bad,omitempty"`
}

func runProbe(ctx context.Context, c *call) error {
	p := &probing{call: c}
	model := c.flags.String("model", "", "profile's `NAME`, where it is known")
	c.flags.IntVar(&p.options.Baud, "baud", 0, "try only this speed: `N` bits per second")
	c.flags.BoolVar(&p.json, "json", false, "answer in JSON")
	noPrint := c.flags.Bool("no-print", false, "print no test page")
	learn := c.flags.Bool("learn-drawer", false, "open the drawer once, to learn how its switch is wired; close it first")
	c.flags.IntVar(&p.pin, "pin", 2, "connector pin of that drawer: `2` or 5")
	c.flags.StringVar(&p.logoFile, "logo", "", "PNG `FILE` for the top of papers, or none; with --write")
	write := c.flags.String("write", "", "write what was found into devices.toml in this `DIR`, a station's folder")
	rest, err := c.parse(0, 1)
	if err != nil {
		return err
	}
	if p.words, err = words.For(words.English); err != nil {
		return err
	}
	if len(rest) == 0 {
		if *write != "" || *learn || p.logoFile != "" {
			return usage("say which port")
		}
		return p.list()
	}
	if p.logoFile != "" && *write == "" {
		return usage("--logo wants --write, which says for which station")
	}
	if err := p.understand(rest[0], *model); err != nil {
		return err
	}
	return p.run(ctx, *learn, !*noPrint, *write)
}

// understand checks what is to be probed.
func (p *probing) understand(port, model string) error {
	if info, err := os.Stat(port); err == nil && info.Mode().IsRegular() {
		return usage("%s is a file, and no port; gatehousectl probe alone lists the ports there are", port)
	}
	p.options.Port = devices.Port(port)
	if err := p.options.Port.Check(); err != nil {
		return usage("%v", err)
	}
	if !p.options.Port.Device() {
		return usage("no device is plugged in at %q", port)
	}
	if b := p.options.Baud; b != 0 && (b < 300 || b > 4_000_000) {
		return usage("--baud %d: it is between 300 and 4000000", b)
	}
	if p.pin != 2 && p.pin != 5 {
		return usage("--pin %d: a drawer is on pin 2 or 5", p.pin)
	}
	if model == "" {
		return nil
	}
	profile, known := escpos.ProfileNamed(model)
	if !known {
		return usage("there is no model %.40q", model)
	}
	p.options.Profile = &profile
	return nil
}

// list shows the ports of this machine.
func (p *probing) list() error {
	places := probe.Places("/")
	if p.json {
		out := []map[string]string{}
		for _, at := range places {
			out = append(out, map[string]string{"port": string(at.Port), "what": at.Title})
		}
		return writeJSON(p.Stdout, out)
	}
	if len(places) == 0 {
		fmt.Fprintln(p.Stdout, "No port was found. A printer on the network is probed as tcp:HOST:9100.")
		return nil
	}
	for _, at := range places {
		fmt.Fprintf(p.Stdout, "%-60s %s\n", at.Port, at.Title)
	}
	return nil
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// tell says a finding, in whole sentences.
func (p *probing) tell(f probe.Finding) {
	if f.Code == probe.Trying {
		if !p.json {
			fmt.Fprintln(p.Stderr, p.words.Say("setup.found.trying", f.Args()))
		}
		return
	}
	said := saidFinding{Code: string(f.Code), Args: f.Args(), Bad: f.Weight() == probe.Grave,
		What: p.words.Say("setup.found."+words.Key(f.Code), f.Args())}
	if todo := "setup.todo." + words.Key(f.Code); p.words.Has(todo) {
		said.Do = p.words.Say(todo, f.Args())
	}
	p.grave = p.grave || said.Bad
	p.said = append(p.said, said)
	if p.json {
		return
	}
	mark := map[probe.Weight]string{probe.Good: "  ", probe.Minor: "- ", probe.Grave: "! "}[f.Weight()]
	fmt.Fprintln(p.Stdout, mark+said.What)
	if said.Do != "" {
		fmt.Fprintln(p.Stdout, "     "+said.Do)
	}
}

func (p *probing) say(text string) {
	if !p.json {
		fmt.Fprintln(p.Stdout, "  "+text)
	}
}

// outcome is what --json shows at the end.
type outcome struct {
	Port     string        `json:"port"`
	Baud     int           `json:"baud,omitempty"`
	Frame    string        `json:"frame,omitempty"`
	Model    string        `json:"model,omitempty"`
	Certain  bool          `json:"certain"`
	Name     string        `json:"name,omitempty"`
	Drawer   string        `json:"drawer_open,omitempty"`
	Logo     string        `json:"logo,omitempty"`
	Page     string        `json:"page,omitempty"`
	Written  string        `json:"written,omitempty"`
	Findings []saidFinding `json:"findings"`
}

func (p *probing) run(ctx context.Context, learn, page bool, write string) error {
	found, err := probe.Find(ctx, p.options, p.tell)
	out := outcome{Port: string(p.options.Port), Baud: found.Baud, Frame: string(found.Frame),
		Model: found.Profile.Name, Certain: found.Certain, Name: found.Name}
	failed := err != nil || p.grave
	if !failed && learn {
		level, learnErr := probe.Learn(ctx, p.options, found, p.pin, p.tell)
		if err, out.Drawer = learnErr, string(level); err != nil {
			failed = true
		}
	}
	if !failed && write != "" {
		out.Logo, err = p.keepLogo(ctx, &found, write)
		failed = err != nil
	}
	if !failed && page {
		if out.Page, err = p.page(ctx, found); err != nil {
			failed = true
		}
	}
	if !failed && write != "" {
		if out.Written, err = p.write(write, found, devices.Level(out.Drawer)); err != nil {
			failed = true
		}
	}
	if p.json {
		if out.Findings = p.said; out.Findings == nil {
			out.Findings = []saidFinding{}
		}
		if jsonErr := writeJSON(p.Stdout, out); jsonErr != nil {
			return jsonErr
		}
	}
	switch {
	case err != nil && !errors.Is(err, probe.ErrNotFound): // what was not found is said
		return err
	case failed:
		return errProblem
	}
	return nil
}

// page prints the test page and says what became of it.
func (p *probing) page(ctx context.Context, found probe.Result) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, pageWait)
	defer cancel()
	say := p.words.Say
	r, err := probe.Print(ctx, p.options, found, probe.Words{Title: say("setup.page.title"), Columns: say("setup.page.columns"),
		Dots: say("setup.page.dots"), Letters: say("setup.page.letters"), Codes: say("setup.page.codes"), Whole: say("setup.page.whole")})
	if err != nil {
		return "", err
	}
	p.say(say("setup.fate."+fateKey(r.Fate), words.Args{"cause": r.Cause}))
	if r.Fate != printer.Confirmed && r.Fate != printer.Parsed && r.Fate != printer.SentOnly {
		return r.Fate.String(), fmt.Errorf("print the test page: %w", r.Cause)
	}
	return r.Fate.String(), nil
}

func fateKey(f printer.Fate) words.Key {
	return map[printer.Fate]words.Key{printer.Confirmed: "confirmed", printer.Parsed: "parsed", printer.SentOnly: "sent",
		printer.Blocked: "blocked", printer.Unknown: "unknown", printer.NotStarted: "not_begun"}[f]
}

// write puts the printer into the station's file and leaves what else is in it.
func (p *probing) write(dir string, found probe.Result, drawer devices.Level) (string, error) {
	path := filepath.Join(dir, devices.FileName)
	all, err := devices.Load(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	old := all.Printer
	all.Printer = devices.Printer{Port: p.options.Port, Model: found.Profile.Name, Baud: found.Baud, Frame: found.Frame,
		DrawerOpen: old.DrawerOpen, Drawers: old.Drawers, Logo: p.logo}
	if drawer != "" {
		all.Printer.DrawerOpen = drawer
	}
	if err := devices.Write(path, all); err != nil {
		return "", err
	}
	p.say(fmt.Sprintf("Written to %s. Start the station again.", path))
	return path, nil
}
