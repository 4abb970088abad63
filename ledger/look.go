package ledger

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"time"

	bolt "go.etcd.io/bbolt"
)

// LookOptions say what is read by Look.
type LookOptions struct {
	// Views are those that the reading needs: each is to be in the file as this program
	// folds it.
	Views []View
	// Key is the station's public key; nil takes the one that the file names, which
	// proves that nothing was changed by accident, and not whose ledger it is.
	Key ed25519.PublicKey
	// Now is the time of the reading.
	Now time.Time
}

// Look reads a ledger that nobody has open for writing, as State shows it to a station,
// and changes nothing: it needs no secret key. The end of the log is proved first, as
// at a start. The identity says whose ledger it is. It refuses one whose views another
// version of the program folded, for a missing row would read as nothing there.
func Look(path string, o LookOptions, read func(Identity, *State) error) error {
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	var said error // by who reads, told as it is
	err := viewSound(path, func(tx *bolt.Tx) error {
		id, head, err := o.check(tx)
		if err != nil {
			return err
		}
		said = read(id, &State{tx: tx, now: o.Now, station: id.Station, log: id.Log, training: id.Training, head: head})
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the ledger %s: %w", path, err)
	}
	return said
}

// viewSound reads a file that nobody has open for writing, once its pages are known to
// be sound.
func viewSound(path string, view func(*bolt.Tx) error) error {
	var db *bolt.DB
	err := guard(func() (err error) {
		db, err = openFile(path, lookWait, true)
		return err
	})
	if err != nil {
		return err
	}
	defer func() { guard(db.Close) }()
	if _, sound, err := checkPages(path); !sound {
		return damaged(err)
	}
	return guard(func() error { return db.View(view) })
}

// check proves the end of the log, and that the views are there.
func (o LookOptions) check(tx *bolt.Tx) (Identity, Head, error) {
	about, err := readMeta(tx)
	if err != nil {
		return Identity{}, Head{}, err
	}
	id := about.Identity
	if o.Key != nil && !o.Key.Equal(ed25519.PublicKey(id.Key)) {
		return id, Head{}, errors.New("the file names another station key than the one given: give the public key of the station that wrote it, or none")
	}
	head, err := checkTail(tx, id, tailChecked)
	if err != nil {
		return id, head, err
	}
	for _, v := range o.Views {
		if t := taggedOf(tx.Bucket(bucketViews), v.Name()); t.tag == 0 || t.mark != markOf(v) {
			return id, head, fmt.Errorf("it was last opened by another version of Gatehouse, which kept %s otherwise: start the station with this version once, or use the version that wrote it", v.Name())
		}
	}
	return id, head, nil
}
