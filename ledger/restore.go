package ledger

import (
	"errors"
	"fmt"
	"os"

	bolt "go.etcd.io/bbolt"
)

// Restore rebuilds a ledger from its mirror. It refuses to write over a file,
// and to accept a mirror whose chain is broken. It returns the head it reached:
// entries that the mirror had not received yet are not in it.
func Restore(mirrorDir, path string, o Options) (Head, error) {
	fail := func(err error) (Head, error) {
		return Head{}, fmt.Errorf("restore the ledger from %s: %w", mirrorDir, err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return fail(fmt.Errorf("%s is already there; move it away first, it is evidence", path))
	}
	b := &Book{o: o, views: o.Views}
	temp, err := newBeside(path)
	if err != nil {
		return fail(err)
	}
	defer os.Remove(temp)
	db, err := openFile(temp, lookWait, false)
	if err != nil {
		return fail(err)
	}
	db.NoSync = true // the new file is nothing until it is renamed; it is flushed once, at the end
	head, err := b.refill(db, mirrorDir)
	if err = errors.Join(err, db.Sync(), db.Close()); err != nil {
		return fail(err)
	}
	if err := putInPlace(temp, path); err != nil {
		return fail(err)
	}
	return head, nil
}

// refill puts the mirror's entries into an empty file, a few thousand at once.
func (b *Book) refill(db *bolt.DB, mirrorDir string) (Head, error) {
	var head Head
	var group []Entry
	flush := func() error {
		return db.Update(func(tx *bolt.Tx) error {
			if head.Seq == 0 {
				if err := b.lay(tx, &group[0]); err != nil {
					return err
				}
			}
			w := b.writerIn(tx, head, group[0].At())
			for i := range group {
				if group[i].Log != b.id.Log || group[i].Seq != w.head.Seq+1 || group[i].Prev != w.head.Leaf {
					return fmt.Errorf("entry %d of the mirror does not follow entry %d", group[i].Seq, w.head.Seq)
				}
				if err := w.put(&group[i]); err != nil {
					return err
				}
			}
			head = w.head
			return w.finish()
		})
	}
	for e, err := range mirrorEntries(mirrorDir, 1) {
		if errors.Is(err, errTorn) {
			break
		}
		if err != nil {
			return head, err
		}
		if group = append(group, e); len(group) == 4096 {
			if err := flush(); err != nil {
				return head, err
			}
			group = group[:0]
		}
	}
	if len(group) > 0 {
		if err := flush(); err != nil {
			return head, err
		}
	}
	if head.Seq == 0 {
		return head, errors.New("the mirror holds no entries")
	}
	return head, nil
}

// lay makes the buckets of a new file, from the entry that opens the log.
func (b *Book) lay(tx *bolt.Tx, first *Entry) error {
	if first.Kind != KindOpened || first.Seq != 1 {
		return errors.New("the mirror does not begin with the entry that opens a log")
	}
	var err error
	if b.id, err = Unpack[Identity](first); err != nil {
		return err
	}
	if b.o.Signer == nil || string(b.id.Key) != string(b.o.Signer.Public()) {
		return errors.New("it was signed with another key; restore this station's key file first")
	}
	return b.layBuckets(tx)
}

// layBuckets makes the buckets of a new file and says in it whose it is.
func (b *Book) layBuckets(tx *bolt.Tx) error {
	for _, name := range [][]byte{bucketMeta, bucketLog, bucketViews, bucketCursor} {
		if _, err := tx.CreateBucket(name); err != nil {
			return err
		}
	}
	for _, v := range append(ownViews(0), b.views...) {
		if _, err := addTag(tx.Bucket(bucketViews), v); err != nil {
			return err
		}
	}
	return putMeta(tx, "about", meta{Schema: schema, Identity: b.id})
}
