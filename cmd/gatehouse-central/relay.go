package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/url"
	"path/filepath"

	"gatehouse/central/api"
	"gatehouse/central/relay"
	"gatehouse/ledger"
	"gatehouse/sync/station"
	"gatehouse/sync/wire"
)

// relayConfig is what the flags say of the real central behind this one.
type relayConfig struct {
	upstream string
	code     string
	pin      string
}

func (r *relayConfig) flags(f *flag.FlagSet) {
	f.StringVar(&r.upstream, "upstream", "", "address of the real central, like https://central.example: this one is the relay of an office, and carries on to it what stations send. Give it a --name of its own, like R1")
	f.StringVar(&r.pin, "upstream-pin", "", "pin of the real central's key, which it shows when it starts, like sha256/…; without it the authorities of the system are trusted")
	f.StringVar(&r.code, "upstream-code", "", "one-time code that lets this relay in at the real central; needed once. In the environment (GATEHOUSE_CENTRAL_UPSTREAM_CODE) or a file other users of this machine cannot read it")
}

// check keeps customers' names off the way to the real central in clear.
func (r *relayConfig) check(c config) error {
	if r.upstream == "" {
		if r.code != "" {
			return errors.New("--upstream-code is for a relay: name the real central with --upstream")
		}
		return nil
	}
	u, err := url.Parse(r.upstream)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("--upstream %q: want an address like https://central.example", r.upstream)
	}
	host := u.Hostname()
	if u.Scheme == "http" && host != "localhost" && !net.ParseIP(host).IsLoopback() && !c.proof.insecure {
		return fmt.Errorf("--upstream %q is plain http on another machine: everybody on the way could read customers' names; use https, or say --insecure-lan", r.upstream)
	}
	if c.name == "CENTRAL" {
		return errors.New("--name: a relay needs a name of its own, like R1")
	}
	return nil
}

// openRelay puts the outbox between the door and the store, and begins to carry
// it upstream; nil where this is the real central. It ends with ctx.
func (m *Main) openRelay(ctx context.Context, c config, door *api.Options, own ledger.LogID) (*relay.Relay, error) {
	if c.relay.upstream == "" {
		return nil, nil
	}
	if c.store != "" {
		return nil, errors.New("a relay keeps its store in --data, not in a database")
	}
	codec, err := wire.NewCodec()
	if err != nil {
		return nil, err
	}
	pins, err := wire.ParsePins(c.relay.pin)
	if err != nil {
		return nil, fmt.Errorf("--upstream-pin: %w", err)
	}
	trust, err := station.NewTrust(station.TrustOptions{Pins: pins}) // a relay knows central as a station does
	if err != nil {
		return nil, err
	}
	r, err := relay.Open(relay.Options{Client: trust.Client(), Upstream: c.relay.upstream, Code: c.relay.code, Path: filepath.Join(c.data, "outbox.db"),
		Store: door.Store, Signer: door.Signer, Own: own, Codec: codec, Log: m.Log})
	if err != nil {
		return nil, err
	}
	door.Store, door.Upstream = r, r.Upstream
	m.behind.Go(func() { r.Run(ctx) })
	m.relay = r
	return r, nil
}

// closeRelay waits until nothing is carried any more, and closes the outbox.
func (m *Main) closeRelay() error {
	m.behind.Wait()
	if m.relay == nil {
		return nil
	}
	return m.relay.Close()
}
