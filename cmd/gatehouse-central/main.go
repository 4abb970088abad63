package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"gatehouse/central/activity"
	"gatehouse/central/alarm"
	"gatehouse/central/api"
	"gatehouse/central/book"
	"gatehouse/central/limit"
	"gatehouse/central/meter"
	"gatehouse/central/relay"
	"gatehouse/central/store"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	m := Main{Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv}
	if err := m.Run(ctx, os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "gatehouse-central:", err)
		os.Exit(1)
	}
}

// Main is the program.
type Main struct {
	Out    io.Writer    // for what a subcommand was asked for; nil is nowhere
	Err    io.Writer    // for the log, as --log says; nil is nowhere
	Log    *slog.Logger // instead of one on Err
	Getenv func(string) string
	// Ready is called once with the address it listens on. It may be nil.
	Ready func(address string)

	relay  *relay.Relay   // nil at the real central
	behind sync.WaitGroup // what goes on beside the door
}

// config is what the flags say.
type config struct {
	data   string
	store  string
	listen string
	name   string
	pin    string // of the certificate that central made for itself; empty: none

	logging  logging
	proof    proof
	bounds   bounds
	watching watching
	mailing  mailing
	tracing  tracing
	relay    relayConfig
}

// parse reads the flags; more adds those of a subcommand.
func (m *Main) parse(args []string, more ...func(*flag.FlagSet)) (config, error) {
	var c config
	flags := flag.NewFlagSet("gatehouse-central", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // errors are returned
	flags.String("config", "", "TOML `file` with settings, named like these")
	flags.StringVar(&c.data, "data", "", "`folder` of central's keys, and of the store without --store (required)")
	flags.StringVar(&c.store, "store", "", "postgres://… `URL` of a database that keeps the logs; without it, a file in --data does. Other users of this machine can see a password given here: the environment, --config or a .pgpass file is better")
	flags.StringVar(&c.listen, "listen", "127.0.0.1:8750", "`address` to listen on")
	flags.StringVar(&c.name, "name", "CENTRAL", "what this central is called in its own log, like a station: capital `letters` and digits")
	c.logging.flags(flags)
	c.proof.flags(flags)
	c.bounds.flags(flags)
	c.watching.flags(flags)
	c.mailing.flags(flags)
	c.tracing.flags(flags)
	c.relay.flags(flags)
	for _, f := range more {
		f(flags)
	}
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) && m.Out != nil {
		usage(m.Out, flags)
	}
	if err != nil {
		return c, err
	}
	if flags.NArg() > 0 {
		return c, fmt.Errorf("what is %q? --help lists the flags", flags.Arg(0))
	}
	if err := m.fill(flags); err != nil {
		return c, err
	}
	if err := c.relay.check(c); err != nil {
		return c, err
	}
	if m.Log == nil {
		if m.Log, err = c.logging.open(m.Err); err != nil {
			return c, err
		}
	}
	if c.data == "" {
		return c, errors.New("--data is missing: name a folder for the store")
	}
	if c.store != "" && !strings.HasPrefix(c.store, "postgres://") && !strings.HasPrefix(c.store, "postgresql://") {
		return c, errors.New("--store: want postgres://user@host/database, or nothing for a file in --data")
	}
	return c, errors.Join(c.proof.check(), c.bounds.check(), c.mailing.check())
}

// Run serves until ctx ends, then lets what is under way finish.
func (m *Main) Run(ctx context.Context, args []string) (err error) {
	if len(args) > 0 && args[0] == "code" {
		return m.issueCode(ctx, args[1:])
	}
	if len(args) > 0 && args[0] == "restore-code" {
		return m.issueRestore(ctx, args[1:])
	}
	if len(args) > 0 && args[0] == "import" {
		return m.importFile(ctx, args[1:])
	}
	c, err := m.parse(args)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.data, 0o700); err != nil {
		return fmt.Errorf("make the folder of central: %w", err)
	}
	secure, err := m.tlsConfig(&c)
	if err != nil {
		return err
	}
	kept, err := m.open(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	ctx, cancel := context.WithCancel(ctx)
	defer func() {
		cancel()
		err = errors.Join(err, m.closeRelay())
	}()
	traced, err := m.traced(ctx, c)
	if err != nil {
		return err
	}
	defer m.endTraces(ctx, traced)
	count := meter.New()
	handler, rules, copies, err := m.handler(ctx, c, traced.store(count.Store(kept)), count)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, copies.Close()) }()
	open, err := net.Listen("tcp", c.listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	listener := limit.NewConnections(open, c.bounds.connections, c.bounds.connectionsEach)
	count.Gauge("gatehouse_connections", "Open connections of stations and browsers.", func() float64 { return float64(listener.Open()) })
	ctx, stop := context.WithCancel(ctx)
	wait, err := m.beside(ctx, c, count, handler, rules)
	defer func() {
		stop()
		wait()
	}()
	if err != nil {
		return errors.Join(err, open.Close())
	}
	m.Log.Info("listening", "address", listener.Addr().String(), "tls", secure != nil, "data", c.data)
	if m.Ready != nil {
		m.Ready(listener.Addr().String())
	}
	return m.serve(ctx, secure, listener, traced.door(handler))
}

func (m *Main) open(ctx context.Context, c config) (store.Store, error) {
	codec, err := wire.NewCodec()
	if err != nil {
		return nil, err
	}
	if c.store == "" {
		return store.OpenBolt(store.Options{Path: filepath.Join(c.data, "central.db"), Codec: codec})
	}
	return store.OpenPostgres(ctx, store.PostgresOptions{URL: c.store, Codec: codec, Log: m.Log})
}

// book opens central's own log, with central's key.
func (m *Main) book(ctx context.Context, c config, kept store.Store) (*ledger.Key, *book.Book, error) {
	// The station's key file and central's have the same form.
	key, err := ledger.LoadKey(filepath.Join(c.data, "central.key"), rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("central's key: %w", err)
	}
	if err := kept.Claim(ctx, key.Public()); err != nil {
		return nil, nil, err
	}
	own, err := book.Open(ctx, book.Options{Store: kept, Signer: key, Name: ledger.StationID(c.name)})
	return key, own, err
}

// handler puts the API and the console beside each other, behind the limits, and
// says what a person should hear of by mail.
func (m *Main) handler(ctx context.Context, c config, kept store.Store, count *meter.Meter) (http.Handler, []alarm.Rule, io.Closer, error) {
	key, own, err := m.book(ctx, c, kept)
	if err != nil {
		return nil, nil, nil, err
	}
	options := api.Options{Store: kept, Signer: key, Office: own, Meter: count, Log: m.Log}
	office, err := m.openRelay(ctx, c, &options, own.Log())
	if err != nil {
		return nil, nil, nil, err
	}
	door, err := api.New(options)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := door.Restores(own); err != nil {
		return nil, nil, nil, err
	}
	references, err := m.references(c, kept, key, own)
	if err != nil {
		return nil, nil, nil, err
	}
	if office == nil {
		door.References(references)
		door.Activity(activity.New(activity.Options{Store: kept, Manifest: references.Manifest, Key: key.Public, Log: m.Log}))
	} else {
		pieces := office.References()
		door.References(pieces)
		door.Activity(office.Activity(pieces))
	}
	pages, copies, err := m.console(ctx, c, kept, key, own, references, door.LastContact)
	if err != nil {
		return nil, nil, nil, err
	}
	count.Stations(kept, book.LogOf(key.Public()), nil)
	mux := http.NewServeMux()
	mux.Handle("/v1/", door)
	if office != nil {
		mux.Handle("POST "+wire.PathEnrol, office.Door(door))
	}
	mux.Handle("/healthz", door)
	mux.Handle("/readyz", door)
	mux.Handle("/", pages)
	about := alarm.Stations{Logs: kept.Logs, Contact: door.LastContact, Revoked: own.Revoked, Own: book.LogOf(key.Public())}
	rules := []alarm.Rule{alarm.Silent(about, c.mailing.silent), alarm.Apart(about)}
	return limit.Requests(mux, limit.Options{PerAddress: c.bounds.perAddress, PerLog: c.bounds.perLog, Refused: count.Limited}), rules, copies, nil
}

func (m *Main) serve(ctx context.Context, secure *tls.Config, listener net.Listener, handler http.Handler) error {
	server := newServer(handler, m.Log)
	server.TLSConfig = secure
	failed := make(chan error, 1)
	go func() {
		if secure != nil {
			failed <- server.ServeTLS(listener, "", "")
			return
		}
		failed <- server.Serve(listener)
	}()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	m.Log.Info("ending")
	// The caller's context is over; what is under way still gets its time.
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if err := server.Shutdown(late); err != nil {
		return fmt.Errorf("end: some requests were cut off: %w", errors.Join(err, server.Close()))
	}
	return nil
}
