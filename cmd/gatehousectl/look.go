package main

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"

	"gatehouse/ledger"
)

// there says whether a folder with a copy of a ledger is there, before a missing folder
// is taken for an empty copy.
func there(what, dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("look for the %s: there is no folder %s; name the one that the station keeps it in, and plug in its stick first", what, dir)
	case err != nil:
		return fmt.Errorf("look for the %s: %w", what, err)
	case !info.IsDir():
		return fmt.Errorf("look for the %s: %s is a file, and a %s is a folder", what, dir, what)
	}
	return nil
}

// ledgerThere says whether a file is there, and where one is kept if not.
func ledgerThere(path string) error {
	_, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("look for the ledger: there is no file %s; a station keeps it as ledger.db in the folder of its number, in the folder given with --data; --station names another station", path)
	}
	if err != nil {
		return fmt.Errorf("look for the ledger: %w", err)
	}
	return nil
}

// ours refuses a ledger that is another station's, one for practice or one for real where
// the other was meant, and one that another key signed, each with what to do about it.
func ours(o *playOptions, station ledger.StationID, key *ledger.Key) error {
	if _, err := os.Stat(o.ledger); errors.Is(err, os.ErrNotExist) {
		return nil // it is about to be made
	}
	id, err := ledger.ReadIdentity(o.ledger)
	if err != nil {
		return err
	}
	switch {
	case id.Station != station:
		return fmt.Errorf("open the ledger %s: it belongs to station %s, not to %s: give --station %s, or that station's own ledger", o.ledger, id.Station, station, id.Station)
	case id.Training && !o.training:
		return fmt.Errorf("open the ledger %s: it is for training: give --training", o.ledger)
	case !id.Training && o.training:
		return fmt.Errorf("open the ledger %s: it is a real one, not for training: leave --training out", o.ledger)
	case !key.Public().Equal(ed25519.PublicKey(id.Key)):
		return fmt.Errorf("open the ledger %s: the key is not the one it is signed with: give the key of the station that wrote it with --key, station.key in its folder or in its backup", o.ledger)
	}
	return nil
}
