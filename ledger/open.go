package ledger

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// create makes the file with its first entry, beside its place, and puts it
// there: a file half made is never found.
func (b *Book) create() error {
	if err := os.MkdirAll(filepath.Dir(b.o.Path), 0o700); err != nil {
		return err
	}
	if found, err := mirrorHolds(b.o.Mirror); err != nil || found {
		return errors.Join(err, fmt.Errorf("the file is missing but its mirror %s is not empty; restore it with gatehousectl restore, or move the mirror away to begin anew", b.o.Mirror))
	}
	if err := errors.Join(b.witnessed(), b.o.Follows.check(b.o.Station)); err != nil {
		return err
	}
	var log LogID
	if _, err := io.ReadFull(b.o.Random, log[:]); err != nil {
		return err
	}
	b.id = Identity{Station: b.o.Station, Log: log, Key: b.o.Signer.Public(), Training: b.o.Training, Software: "gatehouse 0.1", Follows: b.o.Follows}
	temp, err := newBeside(b.o.Path)
	if err != nil {
		return err
	}
	defer os.Remove(temp)
	db, err := openFile(temp, b.o.Wait, false)
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bolt.Tx) error {
		if err := b.layBuckets(tx); err != nil {
			return err
		}
		now := b.o.Clock()
		first, err := CommandIDAt(b.o.Random, now)
		if err != nil {
			return err
		}
		w := b.writerIn(tx, Head{}, now)
		if err := w.append(&request{Command: Command{ID: first, Actor: actorStation}}, Draft{Kind: KindOpened, Body: b.id}); err != nil {
			return err
		}
		return w.finish()
	})
	err = errors.Join(err, db.Close())
	if err != nil {
		return err
	}
	return putInPlace(temp, b.o.Path)
}

// actorStation is who acts when the program itself writes an entry.
const actorStation = "station"

// lookWait is how long a tool that only looks waits for a station to let go.
const lookWait = 500 * time.Millisecond

// openFile opens a bbolt file with the settings every ledger has: each commit
// flushed, the free list kept on disk so that opening does not read the file.
func openFile(path string, wait time.Duration, readOnly bool) (*bolt.DB, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > maxFile {
		return nil, damaged(fmt.Errorf("it has %d bytes, more than any ledger", info.Size()))
	}
	flags := 0
	if readOnly {
		flags = populate // who only reads, reads all of it
	}
	db, err := bolt.Open(path, 0o600, &bolt.Options{
		Timeout:      wait,
		ReadOnly:     readOnly,
		FreelistType: bolt.FreelistMapType,
		MmapFlags:    flags,
	})
	var system *fs.PathError
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, fmt.Errorf("%w: close the other Gatehouse on this machine, or wait for it to end", ErrInUse)
	case errors.As(err, &system):
		return nil, err // no permission, a read-only disk: not the file's fault
	case err != nil:
		return nil, damaged(err)
	}
	return db, nil
}

// open opens the file that is there, checks that it is whole at its end,
// compares it with its mirror, and folds views that are new.
func (b *Book) open() (err error) {
	db, id, head, err := b.openChecked()
	if err != nil {
		return err
	}
	b.db, b.id, b.head, b.last = db, id, head, b.o.Clock()
	defer func() {
		if err != nil {
			guard(db.Close)
		}
	}()
	if err := unmarkClosed(b.o.Path); errors.Is(err, errCut) {
		return damaged(err)
	} else if err != nil {
		// bbolt found its way by the other meta. A commit writes this one anew.
		b.o.Log.Warn("one of the two metas of the ledger is damaged; writing it anew", "cause", err)
		if err := guard(func() error { return db.Update(func(*bolt.Tx) error { return nil }) }); err != nil {
			return err
		}
	}
	if err := guard(b.makeViews); err != nil {
		return err
	}
	if b.o.Mirror == "" {
		return b.askWitnesses()
	}
	if b.mirror, err = openMirror(b.o.Mirror, id, b.o.Log); err != nil {
		return err
	}
	err = guard(b.reconcile)
	if err == nil {
		err = b.askWitnesses()
	}
	if err != nil {
		if b.mirror.file != nil {
			b.mirror.file.Close()
		}
		return err
	}
	return nil
}

// openChecked opens the file and proves whose it is and the end of its log.
func (b *Book) openChecked() (db *bolt.DB, id Identity, head Head, err error) {
	err = guard(func() error {
		db, err = openFile(b.o.Path, b.o.Wait, false)
		return err
	})
	if err != nil {
		return nil, id, head, err
	}
	err = guard(func() error {
		return db.View(func(tx *bolt.Tx) error {
			id, head, err = b.check(tx)
			return err
		})
	})
	if err != nil {
		guard(db.Close)
	}
	return db, id, head, err
}

func (b *Book) check(tx *bolt.Tx) (Identity, Head, error) {
	about, err := readMeta(tx)
	if err != nil {
		return Identity{}, Head{}, err
	}
	id := about.Identity
	switch {
	case id.Station != b.o.Station:
		err = fmt.Errorf("it belongs to station %s, this is %s", id.Station, b.o.Station)
	case id.Training != b.o.Training:
		err = errors.New("a training ledger and a real one cannot take each other's place")
	case string(id.Key) != string(b.o.Signer.Public()):
		err = errors.New("it was signed with another key; restore this station's key file")
	}
	if err != nil {
		return id, Head{}, err
	}
	head, err := checkTail(tx, id, tailChecked)
	return id, head, err
}

// makeViews folds views that the file does not have yet, or that fold other kinds
// than when it was written, so that a new duty finds its rows for what happened
// before it came.
func (b *Book) makeViews() error {
	var missing []View
	if err := b.db.View(func(tx *bolt.Tx) error {
		for _, v := range b.views {
			if t := taggedOf(tx.Bucket(bucketViews), v.Name()); t.tag == 0 || t.mark != markOf(v) {
				missing = append(missing, v)
			}
		}
		return nil
	}); err != nil || len(missing) == 0 {
		return err
	}
	return b.db.Update(func(tx *bolt.Tx) error {
		var folds []*fold
		for _, v := range missing {
			tag, err := addTag(tx.Bucket(bucketViews), v)
			if err != nil {
				return err
			}
			folds = append(folds, newFold(v, newBoltTable(tx.Bucket(bucketViews), tag)))
		}
		return tx.Bucket(bucketLog).ForEach(func(_, raw []byte) error {
			e, err := DecodeEntry(raw)
			if err != nil {
				return err
			}
			return foldInto(folds, &e)
		})
	})
}

// tailChecked is how many entries at the end are checked at each start.
const tailChecked = 256

// checkTail proves the last entries of the log: chain, signature of the head.
// It takes the same time however long the log is.
func checkTail(tx *bolt.Tx, id Identity, n int) (Head, error) {
	signed, err := readHead(tx)
	if err != nil {
		return Head{}, err
	}
	head := signed.Head
	if !CheckHead(id.Key, id.Log, head.Seq, head.Leaf, signed.Signature) {
		return Head{}, damaged(fmt.Errorf("the signature of its end, entry %d, does not hold", head.Seq))
	}
	want, seq := head.Leaf, head.Seq
	c := tx.Bucket(bucketLog).Cursor()
	for k, raw := c.Last(); k != nil && n > 0; k, raw = c.Prev() {
		if KeySeq(k) != seq || LeafOf(raw) != want {
			return Head{}, damaged(fmt.Errorf("entry %d is not the one that was written", seq))
		}
		e, err := DecodeEntry(raw)
		if err != nil || e.Seq != seq || e.Log != id.Log {
			return Head{}, damaged(fmt.Errorf("entry %d cannot be read: %v", seq, err))
		}
		want = e.Prev
		seq--
		n--
	}
	if n > 0 && seq != 0 {
		return Head{}, damaged(fmt.Errorf("entry %d is missing", seq))
	}
	return head, nil
}

func readMeta(tx *bolt.Tx) (meta, error) {
	var about meta
	bucket := tx.Bucket(bucketMeta)
	if bucket == nil || tx.Bucket(bucketLog) == nil || tx.Bucket(bucketViews) == nil || tx.Bucket(bucketCursor) == nil {
		return about, damaged(errors.New("nothing of a Gatehouse ledger is in it"))
	}
	if err := decoder.Unmarshal(bucket.Get([]byte("about")), &about); err != nil {
		return about, damaged(fmt.Errorf("what it says about itself cannot be read: %v", err))
	}
	if about.Schema < 1 {
		return about, damaged(fmt.Errorf("schema %d", about.Schema))
	}
	if about.Schema > schema {
		return about, fmt.Errorf("%w: schema %d, this program knows %d", ErrTooNew, about.Schema, schema)
	}
	if len(about.Identity.Key) != ed25519.PublicKeySize {
		return about, damaged(errors.New("it has no station key"))
	}
	return about, nil
}

func readHead(tx *bolt.Tx) (signedHead, error) {
	var s signedHead
	if err := decoder.Unmarshal(tx.Bucket(bucketMeta).Get([]byte("head")), &s); err != nil {
		return s, damaged(fmt.Errorf("its head cannot be read: %v", err))
	}
	return s, nil
}

func putMeta(tx *bolt.Tx, key string, v any) error {
	packed, err := Pack(v)
	if err != nil {
		return err
	}
	return tx.Bucket(bucketMeta).Put([]byte(key), packed)
}

// closeInOrder wipes what is not used, marks the file as closed, and closes it.
// If that fails the file is as good as before, only not marked.
func closeInOrder(db *bolt.DB) error {
	err := guard(func() error {
		f, err := os.OpenFile(db.Path(), os.O_RDWR, 0)
		if err != nil {
			return err
		}
		return errors.Join(scrub(f), f.Close())
	})
	return errors.Join(err, guard(db.Close))
}

// ReadIdentity says whose log a file is, of a ledger that nobody has open for
// writing. It proves nothing else of it.
func ReadIdentity(path string) (id Identity, err error) {
	db, err := openFile(path, lookWait, true)
	if err != nil {
		return id, fmt.Errorf("open the ledger %s: %w", path, err)
	}
	defer func() { guard(db.Close) }()
	err = guard(func() error {
		return db.View(func(tx *bolt.Tx) error {
			about, err := readMeta(tx)
			id = about.Identity
			return err
		})
	})
	if err != nil {
		return id, fmt.Errorf("open the ledger %s: %w", path, err)
	}
	return id, nil
}
