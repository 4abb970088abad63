package main

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"gatehouse/central/book"
	"gatehouse/central/console"
	"gatehouse/central/replica"
	"gatehouse/central/store"
	"gatehouse/desk"
	"gatehouse/ledger"
)

// setupFile holds the code that makes the first administrator, in central's folder.
const setupFile = "console-setup-code"

// console makes the pages. Close the copies when nobody reads them any more.
func (m *Main) console(c config, kept store.Store, key *ledger.Key, own *book.Book, contact func(ledger.LogID) time.Time) (*console.Console, *replica.Replicas, error) {
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
	pages, err := console.New(console.Options{
		Store: kept, Book: own, Replicas: copies, Signer: key, Contact: contact, Log: m.Log,
		Policy:    func() desk.Policy { return policy },
		SetupFile: filepath.Join(c.data, setupFile),
	})
	if err != nil {
		return nil, nil, errors.Join(err, copies.Close())
	}
	return pages, copies, nil
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
