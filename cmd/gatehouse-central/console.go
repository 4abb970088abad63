package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"gatehouse/central/book"
	"gatehouse/central/console"
	"gatehouse/central/exception"
	"gatehouse/central/reference"
	"gatehouse/central/replica"
	"gatehouse/central/store"
	"gatehouse/desk"
	"gatehouse/ledger"
)

// setupFile holds the code that makes the first administrator, in central's folder.
const setupFile = "console-setup-code"

// console makes the pages, and judges what comes while ctx lasts. Close what it
// returns when nobody reads the pages any more.
func (m *Main) console(ctx context.Context, c config, kept store.Store, key *ledger.Key, own *book.Book, references *reference.Office, contact func(ledger.LogID) time.Time) (*console.Console, io.Closer, error) {
	policy, err := loadPolicy(c.data, m.Log)
	if err != nil {
		return nil, nil, err
	}
	zone, err := zoneOf(policy)
	if err != nil {
		return nil, nil, err
	}
	copies, err := replica.New(replica.Options{Store: kept, Folder: filepath.Join(c.data, "copies"), Views: desk.Views(), Location: zone, Log: m.Log})
	if err != nil {
		return nil, nil, err
	}
	accounts := reference.NewAccounts(references)
	judge := exception.New(exception.Options{Store: kept, Own: own.Log(), Accounts: accounts.Standing, Limits: exception.Usual(), Zone: zone})
	pages, err := console.New(console.Options{
		Store: kept, Book: own, Replicas: copies, Judge: judge, Signer: key, References: references, Contact: contact, Log: m.Log,
		Layouts:   os.DirFS(filepath.Join(c.data, "billing")),
		Policy:    func() desk.Policy { return policy },
		SetupFile: filepath.Join(c.data, setupFile),
		Pin:       c.pin,
		Relay:     c.relay.upstream != "",
	})
	if err != nil {
		return nil, nil, errors.Join(err, copies.Close())
	}
	b := &backOffice{copies: copies}
	ctx, b.stop = context.WithCancel(ctx)
	b.working.Go(func() { b.judge(ctx, accounts, judge, m.Log) })
	b.working.Go(func() { b.sweep(ctx, references, m.Log) })
	return pages, b, nil
}

// backOffice is what works behind the pages.
type backOffice struct {
	copies  *replica.Replicas
	stop    context.CancelFunc
	working sync.WaitGroup
}

// judgeEvery is how long what was stored may wait to be judged.
const judgeEvery = 5 * time.Second

func (b *backOffice) judge(ctx context.Context, accounts *reference.Accounts, judge *exception.Judge, log *slog.Logger) {
	next := time.NewTicker(judgeEvery)
	defer next.Stop()
	for {
		// First the customers: what came with a new version is judged by it.
		if err := errors.Join(accounts.Follow(ctx), judge.Follow(ctx)); err != nil && ctx.Err() == nil {
			log.Error("judge what stations sent; trying again", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
	}
}

// sweepEvery is how long something is kept at most beyond its time.
const sweepEvery = time.Hour

// sweep destroys what is not kept any more.
func (b *backOffice) sweep(ctx context.Context, references *reference.Office, log *slog.Logger) {
	next := time.NewTicker(sweepEvery)
	defer next.Stop()
	for {
		if err := references.Sweep(ctx); err != nil && ctx.Err() == nil {
			log.Error("destroy what is not kept any more; trying again", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
	}
}

// Close ends the judging and lets go of the copies.
func (b *backOffice) Close() error {
	b.stop()
	b.working.Wait()
	return b.copies.Close()
}

// loadPolicy reads the utility's policy, for the time zone and what deserves a look.
// Without one, dates are in UTC and nothing is watched.
func loadPolicy(data string, log *slog.Logger) (desk.Policy, error) {
	path := filepath.Join(data, "policy.toml")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		log.Warn("no policy: the console shows dates in UTC and watches nothing", "file", path)
		return desk.Policy{}, nil
	}
	return desk.LoadPolicy(path)
}

func zoneOf(p desk.Policy) (*time.Location, error) {
	if p.Utility.TimeZone == "" {
		return time.UTC, nil
	}
	return p.Location()
}
