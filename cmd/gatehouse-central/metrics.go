package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"

	"gatehouse/central/alarm"
	"gatehouse/central/meter"
)

// watching is where central shows how it does.
type watching struct{ listen string }

// metricsAddress is where metrics are shown unless another address is given.
const metricsAddress = "127.0.0.1:8751"

func (w *watching) flags(flags *flag.FlagSet) {
	flags.StringVar(&w.listen, "metrics-listen", metricsAddress, "`address` for /metrics, /healthz and /readyz, and on loopback /debug/pprof/, for whoever looks after central; off: none")
}

// metrics serves what the meter counted until ctx ends, and returns how to wait for
// that. Without the usual address, because another central has it, central works on.
func (m *Main) metrics(ctx context.Context, w watching, count *meter.Meter, health http.Handler) (wait func(), err error) {
	if w.listen == "off" {
		return func() {}, nil
	}
	host, _, err := net.SplitHostPort(w.listen)
	if err != nil {
		return nil, fmt.Errorf("--metrics-listen %q: want an address and a port, like %s, or off", w.listen, metricsAddress)
	}
	listener, err := net.Listen("tcp", w.listen)
	if err != nil {
		if w.listen == metricsAddress {
			m.Log.Warn("no metrics are shown: --metrics-listen", "err", err)
			return func() {}, nil
		}
		return nil, fmt.Errorf("--metrics-listen: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", count)
	mux.Handle("GET /healthz", health)
	mux.Handle("GET /readyz", health)
	if isLoopback(host) {
		mux.HandleFunc("GET /debug/pprof/", pprof.Index)
		mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
		mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	}
	server := newServer(mux, m.Log)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			m.Log.Error("metrics are not shown any more", "err", err)
		}
	}()
	context.AfterFunc(ctx, func() { server.Close() })
	m.Log.Info("metrics", "address", listener.Addr().String())
	return func() { <-ended }, nil
}

// beside runs what is not for stations: metrics and mail. They end with ctx, and
// wait returns when they have, also after an error.
func (m *Main) beside(ctx context.Context, c config, count *meter.Meter, handler http.Handler, rules []alarm.Rule) (wait func(), err error) {
	shown, err := m.metrics(ctx, c.watching, count, handler)
	if err != nil {
		return func() {}, err
	}
	told, err := m.mail(ctx, c, count, rules)
	if err != nil {
		return shown, err
	}
	return func() {
		shown()
		told()
	}, nil
}

// bounds are what one sender, and all together, may ask of central.
type bounds struct {
	connections, connectionsEach int
	perAddress, perLog           float64
}

func (b *bounds) flags(flags *flag.FlagSet) {
	flags.IntVar(&b.connections, "connections", 20_000, "most open connections; `number`")
	flags.IntVar(&b.connectionsEach, "connections-address", 1000, "most open connections of one address; `number`, 0 for no limit. This machine itself has none, here and in the next two")
	flags.Float64Var(&b.perAddress, "rate-address", 500, "requests a second of one address; `number`, 0 for no limit")
	flags.Float64Var(&b.perLog, "rate-log", 50, "requests a second about one station's ledger; `number`, 0 for no limit")
}

func (b *bounds) check() error {
	if b.connections < 1 || b.connectionsEach < 0 || b.perAddress < 0 || b.perLog < 0 {
		return errors.New("--connections is 1 or more; --connections-address, --rate-address and --rate-log are 0 or more")
	}
	return nil
}
