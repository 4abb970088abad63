package ledger

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	bolt "go.etcd.io/bbolt"
)

// Follows is the log of a station that was lost, or whose disk was cloned, as far
// as it is known. Its station has another id: papers may be in people's hands with
// numbers after that entry, so no number of that station is ever given again.
type Follows struct {
	Station StationID `json:"station"`
	Log     LogID     `json:"log"`
	Seq     uint64    `json:"seq"`  // of the last entry that is known, from 1
	Leaf    Leaf      `json:"leaf"` // and its hash
}

// check says what is wrong with a predecessor for a station; nil if nothing is.
func (f *Follows) check(station StationID) error {
	if f == nil {
		return nil
	}
	if _, err := ParseStationID(string(f.Station)); err != nil {
		return fmt.Errorf("the log it follows: %w", err)
	}
	if f.Station == station {
		return fmt.Errorf("a log that follows one of station %s needs another station id: receipts of %s may be in people's hands with numbers that nobody knows", station, station)
	}
	if f.Seq == 0 || f.Log == (LogID{}) || f.Leaf == (Leaf{}) {
		return errors.New("the log it follows is not named whole")
	}
	return nil
}

// followsText is a Follows as a file for people.
type followsText struct {
	Station StationID `json:"station"`
	Log     string    `json:"log"`
	Seq     uint64    `json:"seq"`
	Leaf    string    `json:"leaf"`
}

// maxFollows bounds such a file, in bytes.
const maxFollows = 4 << 10

// WriteFollows writes down which log a new station is to follow.
func WriteFollows(path string, f Follows) error {
	text, err := json.MarshalIndent(followsText{f.Station, f.Log.String(), f.Seq, f.Leaf.String()}, "", "  ")
	if err != nil {
		return err
	}
	return WriteFile(path, append(text, '\n'), 0o600)
}

// ReadFollows reads what WriteFollows wrote.
func ReadFollows(path string) (Follows, error) {
	fail := func(err error) (Follows, error) {
		return Follows{}, fmt.Errorf("read which log to follow: %w", err)
	}
	file, err := os.Open(path)
	if err != nil {
		return fail(err)
	}
	defer file.Close()
	var t followsText
	if err := json.NewDecoder(io.LimitReader(file, maxFollows)).Decode(&t); err != nil {
		return fail(err)
	}
	log, err := ParseLogID(t.Log)
	if err != nil {
		return fail(err)
	}
	leaf, err := hex.DecodeString(t.Leaf)
	if err != nil || len(leaf) != len(Leaf{}) {
		return fail(errors.New("its hash has not 64 hexadecimal digits"))
	}
	return Follows{Station: t.Station, Log: log, Seq: t.Seq, Leaf: Leaf(leaf)}, nil
}

// EachEntry walks a ledger's file that no station has open, from its first entry.
// It checks that the entries follow one another, nothing else.
func EachEntry(path string, see func(*Entry) error) error {
	if _, err := os.Stat(path); err != nil {
		return err
	}
	db, err := openFile(path, lookWait, true)
	if err != nil {
		return err
	}
	var chain Chain
	err = guard(func() error {
		return db.View(func(tx *bolt.Tx) error {
			if _, err := readMeta(tx); err != nil {
				return err
			}
			return tx.Bucket(bucketLog).ForEach(func(_, raw []byte) error {
				e, err := DecodeEntry(append([]byte(nil), raw...))
				if err == nil {
					err = chain.Next(e.Raw)
				}
				if err != nil {
					return damaged(err)
				}
				return see(&e)
			})
		})
	})
	return errors.Join(err, guard(db.Close))
}
