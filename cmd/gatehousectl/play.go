package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/reference"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
	"gatehouse/paper"
	"gatehouse/paper/spool"
)

func playVerb() verb {
	return verb{name: "play", args: "FILE.jsonl|- --data DIR [--ledger FILE] [--training] [--kiosk] [--stop] [--retry]\n       gatehousectl play --list [--json]",
		short: "give the desk commands from a file",
		long: `Gives the desk commands without a window, one JSON object a line, through the very
same rules, and prints one result a line:

  {"do":"staff.sign_in","by":"maria","pin":"246801"}
  {"do":"cash.take_payment","by":"maria","pay":[{"account":"01-0009-9","amount":"20.00"}],
   "tenders":[{"kind":"cash","amount":"20.00"}]}                (on one line)

  {"line":2,"ok":true,"entries":[…]}
  {"line":3,"ok":false,"refused":{"code":"cash.short","field":"tenders","text":"…"}}
  {"line":4,"ok":false,"error":"…"}

play --list documents every command and field. Blank lines are passed over. A
ledger that is not there is made, and its key.

Playing a file again takes nothing twice. A line may bring its own "id", a UUID.
Otherwise it gets one from the file's name (or --batch), what it says (PINs left
out) and how many lines before it in the file say the same; so a file that was cut
short, or whose end was lengthened, can be played again: "again" marks what was
there already. Give the files of two days two names. A line that comes before one
that is in the ledger and is not there itself was refused when the file was
played, or is new: it is not tried again unless --retry says so, because the desk
has moved on since. Lines from standard input without "id" and without --batch are
new each time.

A refusal is an answer, and playing goes on, unless --stop is given. A line that
cannot be read is an error, and playing goes on. When the disk refuses, playing
stops: play the file again when it is well. The exit code is 1 if any line had an
error, or if --stop stopped; refusals alone leave it 0.

Try it: gatehousectl sample DIR makes a utility that does not exist, and
gatehousectl play FILE.jsonl --data DIR works in it.

What is played is not printed by itself: the station offers the papers when it is
started. A line's "at" (RFC 3339) is taken only by a training ledger.`,
		run: runPlay}
}

// playOptions are the flags of play.
type playOptions struct {
	ledger, data, station, key, mirror, batch string
	training, kiosk, stop, retry              bool
	list, asJSON                              bool
}

func (c *call) playFlags() *playOptions {
	o := &playOptions{}
	c.flags.StringVar(&o.ledger, "ledger", "", "`FILE` of the ledger, made if it is not there; without it the station's own below --data")
	c.flags.StringVar(&o.data, "data", "", "`DIR` with policy.toml and ref.db")
	c.flags.StringVar(&o.station, "station", "A1", "`ID` of the station the ledger belongs to")
	c.flags.StringVar(&o.key, "key", "", "`FILE` with the station's key; without it station.key beside the ledger")
	c.flags.StringVar(&o.mirror, "mirror", "", "`DIR` of the mirror to keep")
	c.flags.StringVar(&o.batch, "batch", "", "`NAME` that ids are made from, instead of the file's")
	c.flags.BoolVar(&o.training, "training", false, "it is a training ledger")
	c.flags.BoolVar(&o.kiosk, "kiosk", false, "the station is a kiosk; visitors act as \"kiosk\"")
	c.flags.BoolVar(&o.stop, "stop", false, "stop at the first refusal or error")
	c.flags.BoolVar(&o.retry, "retry", false, "try again what was refused when the file was played before")
	c.flags.BoolVar(&o.list, "list", false, "document every command and field, and do nothing")
	c.flags.BoolVar(&o.asJSON, "json", false, "with --list: as JSON")
	return o
}

func runPlay(ctx context.Context, c *call) error {
	o := c.playFlags()
	args, err := c.parse(0, 1)
	if err != nil {
		return err
	}
	if o.list {
		return c.listCommands(o.asJSON)
	}
	if len(args) == 0 {
		return usage("name a file of commands, or - for standard input")
	}
	if err := c.needed("data"); err != nil {
		return err
	}
	if o.ledger == "" {
		o.ledger = o.stationsLedger()
	}
	in, err := c.openScript(args[0], o)
	if err != nil {
		return err
	}
	defer in.Close()
	s, err := c.openStation(o)
	if err != nil {
		return err
	}
	p := &player{options: o, desk: s.desk, commands: make(map[string]*desk.Spec), random: c.Random, out: json.NewEncoder(c.Stdout)}
	p.out.SetEscapeHTML(false)
	for _, spec := range s.desk.Commands() {
		p.commands[spec.Name] = spec
	}
	if err = s.desk.NoteRights(ctx); err == nil {
		err = errors.Join(spool.OffDuty(ctx, s.desk.Book, c.Random), p.play(ctx, in))
	}
	err = errors.Join(err, s.close())
	fmt.Fprintf(c.Stderr, "%d done, %d there already, %d refused, %d errors\n", p.done, p.again, p.refused, p.errors)
	if err == nil && (p.errors > 0 || p.stopped) {
		err = errProblem
	}
	return err
}

// stationsLedger is where a station keeps its ledger below its data.
func (o *playOptions) stationsLedger() string {
	return filepath.Join(desk.Folder(o.data, ledger.StationID(o.station), o.training), "ledger.db")
}

// script is the file of commands.
type script struct {
	io.Reader
	file *os.File // nil: standard input, which is read once
}

func (s *script) Close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}

func (c *call) openScript(path string, o *playOptions) (*script, error) {
	if path == "-" {
		return &script{Reader: c.Stdin}, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the commands: %w", err)
	}
	if o.batch == "" {
		o.batch = filepath.Base(path)
	}
	return &script{Reader: f, file: f}, nil
}

// station is the desk that plays, with what it stands on.
type station struct {
	desk      *desk.Desk
	store     *reference.Store
	customers *account.Stored
}

func (s *station) close() error {
	var err error
	if s.desk != nil {
		err = s.desk.Close()
	}
	if s.customers != nil {
		err = errors.Join(err, s.customers.Close())
	}
	if s.store != nil {
		err = errors.Join(err, s.store.Close())
	}
	return err
}

func (c *call) openStation(o *playOptions) (s *station, err error) {
	s = &station{}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	id, err := ledger.ParseStationID(o.station)
	if err != nil {
		return s, usageError{err}
	}
	policy, err := desk.LoadPolicy(filepath.Join(o.data, "policy.toml"))
	if err != nil {
		return s, err
	}
	path := filepath.Join(o.data, "ref.db")
	if s.store, err = reference.Open(path); err != nil {
		return s, err
	}
	if s.customers, err = account.OpenStored(s.store, path); err != nil {
		return s, err
	}
	key, err := c.playKey(o)
	if err != nil {
		return s, err
	}
	if err := ours(o, id, key); err != nil {
		return s, err
	}
	l, err := paper.Standard()
	if err != nil {
		return s, err
	}
	s.desk, err = spool.OpenDesk(desk.Options{
		Ledger: ledger.Options{Path: o.ledger, Station: id, Signer: key, Mirror: o.mirror, Training: o.training,
			Clock: c.Clock, Random: c.Random},
		Policy: policy, Roster: staff.StoredRoster{Store: s.store}, Customers: s.customers, Kiosk: o.kiosk,
	}, l)
	return s, err
}

// playKey reads the station's key. A new one is made only for a new ledger.
func (c *call) playKey(o *playOptions) (*ledger.Key, error) {
	path := o.key
	if path == "" {
		path = filepath.Join(filepath.Dir(o.ledger), "station.key")
	}
	if _, err := os.Stat(o.ledger); !errors.Is(err, os.ErrNotExist) {
		return stationKey(path)
	}
	return ledger.LoadKey(path, c.Random)
}
