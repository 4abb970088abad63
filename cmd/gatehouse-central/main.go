package main

import (
	"context"
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
	"time"

	"crypto/rand"

	"gatehouse/central/api"
	"gatehouse/central/book"
	"gatehouse/central/console"
	"gatehouse/central/relay"
	"gatehouse/central/store"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	m := Main{Out: os.Stdout, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)), Getenv: os.Getenv}
	if err := m.Run(ctx, os.Args[1:]); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "gatehouse-central:", err)
		}
		os.Exit(1)
	}
}

// Main is the program.
type Main struct {
	Out    io.Writer // for what a subcommand was asked for; nil is nowhere
	Log    *slog.Logger
	Getenv func(string) string
	// Ready is called once with the address it listens on. It may be nil.
	Ready func(address string)

	relay  *relay.Relay   // nil at the real central
	behind sync.WaitGroup // what goes on beside the door
}

// config is what the flags say.
type config struct {
	data     string
	store    string
	listen   string
	name     string
	cert     string
	key      string
	insecure bool
	relay    relayConfig
}

func (m *Main) parse(args []string) (config, error) {
	var c config
	flags := flag.NewFlagSet("gatehouse-central", flag.ContinueOnError)
	flags.StringVar(&c.data, "data", "", "folder of central's key, and of the store without --store (required)")
	flags.StringVar(&c.store, "store", "", "postgres://… keeps the logs in that database; without it, in a file in --data. Other users of this machine can see a password in it: GATEHOUSE_STORE or a .pgpass file is better")
	flags.StringVar(&c.listen, "listen", "127.0.0.1:8750", "address to listen on")
	flags.StringVar(&c.name, "name", "CENTRAL", "what this central is called in its own log, like a station: capital letters and digits")
	flags.StringVar(&c.cert, "tls-cert", "", "TLS certificate, PEM")
	flags.StringVar(&c.key, "tls-key", "", "key of the certificate, PEM")
	flags.BoolVar(&c.insecure, "insecure-lan", false, "listen on a network without TLS: whoever is on it can read customers' names and payments")
	c.relay.flags(flags)
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	if err := c.relay.check(c); err != nil {
		return c, err
	}
	if flags.NArg() > 0 {
		return c, fmt.Errorf("what is %q? --help lists the flags", flags.Arg(0))
	}
	if c.data == "" {
		return c, errors.New("--data is missing: name a folder for the store")
	}
	if (c.cert == "") != (c.key == "") {
		return c, errors.New("--tls-cert and --tls-key go together")
	}
	if c.store == "" && m.Getenv != nil {
		c.store = m.Getenv("GATEHOUSE_STORE")
	}
	if c.store != "" && !strings.HasPrefix(c.store, "postgres://") && !strings.HasPrefix(c.store, "postgresql://") {
		return c, errors.New("--store: want postgres://user@host/database, or nothing for a file in --data")
	}
	return c, nil
}

// checkListen keeps entries off a network in clear, unless somebody said so.
func (c config) checkListen() error {
	host, _, err := net.SplitHostPort(c.listen)
	if err != nil {
		return fmt.Errorf("--listen %q: want an address and a port, like 127.0.0.1:8750", c.listen)
	}
	loopback := host == "localhost" || net.ParseIP(host).IsLoopback()
	if loopback || c.cert != "" || c.insecure {
		return nil
	}
	return fmt.Errorf("--listen %s is open to the network and there is no TLS: everybody on it could read customers' names and payments, and stand between a station and central. Give --tls-cert and --tls-key, put a proxy with TLS in front of 127.0.0.1 that passes only /v1/, or say --insecure-lan if you trust everybody on that network", c.listen)
}

// Run serves until ctx ends, then lets what is under way finish.
func (m *Main) Run(ctx context.Context, args []string) (err error) {
	if len(args) > 0 && args[0] == "code" {
		return m.issueCode(ctx, args[1:])
	}
	if len(args) > 0 && args[0] == "restore-code" {
		return m.issueRestore(ctx, args[1:])
	}
	c, err := m.parse(args)
	if err != nil {
		return err
	}
	if err := c.checkListen(); err != nil {
		return err
	}
	if err := os.MkdirAll(c.data, 0o700); err != nil {
		return fmt.Errorf("make the folder of central: %w", err)
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
	handler, err := m.handler(ctx, c, kept)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	m.Log.Info("listening", "address", listener.Addr().String(), "tls", c.cert != "", "data", c.data)
	if m.Ready != nil {
		m.Ready(listener.Addr().String())
	}
	return m.serve(ctx, c, listener, handler)
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

// handler puts the API and the console beside each other.
func (m *Main) handler(ctx context.Context, c config, kept store.Store) (http.Handler, error) {
	key, own, err := m.book(ctx, c, kept)
	if err != nil {
		return nil, err
	}
	options := api.Options{Store: kept, Signer: key, Office: own, Log: m.Log}
	office, err := m.openRelay(ctx, c, &options, own.Log())
	if err != nil {
		return nil, err
	}
	door, err := api.New(options)
	if err != nil {
		return nil, err
	}
	if err := door.Restores(own); err != nil {
		return nil, err
	}
	pages, err := console.New(console.Options{Store: kept, Contact: door.LastContact, Log: m.Log})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/v1/", door)
	if office != nil {
		mux.Handle("POST "+wire.PathEnrol, office.Door(door))
	}
	mux.Handle("/healthz", door)
	mux.Handle("/", pages)
	return mux, nil
}

// How long a station may take. A batch of a mebibyte on a bad line of 256
// kbit/s takes half a minute.
const (
	headerTime   = 10 * time.Second
	readTime     = 90 * time.Second
	writeTime    = 2 * time.Minute
	idleTime     = 2 * time.Minute
	shutdownTime = 15 * time.Second
	maxHeader    = 16 << 10
)

func (m *Main) serve(ctx context.Context, c config, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       readTime,
		WriteTimeout:      writeTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(m.Log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() {
		if c.cert != "" {
			failed <- server.ServeTLS(listener, c.cert, c.key)
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
