package ledger

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"

	bolt "go.etcd.io/bbolt"
)

// VerifyOptions says what to verify a ledger against.
type VerifyOptions struct {
	Views  []View            // of the duties; the ledger's own are always checked
	Key    ed25519.PublicKey // the station's, from elsewhere; nil takes the one in the file
	Mirror string            // folder of the mirror; empty means none
}

// Report is what a verification found.
type Report struct {
	Identity Identity
	Head     Head
	Views    map[string]int // rows of each view
	// Closed says that the station closed the file in order. Only then is what
	// lies in unused pages looked at: it must be nothing.
	Closed   bool
	Problems []Problem
}

// Problem is one thing that is wrong. Seq is the entry it is about, 0 when it is
// about the file.
type Problem struct {
	Seq  uint64
	Text string
}

func (p Problem) String() string {
	if p.Seq == 0 {
		return p.Text
	}
	return fmt.Sprintf("entry %d: %s", p.Seq, p.Text)
}

// Verify proves a ledger that nobody has open for writing: the pages of the
// file, the numbers, the chain, the signature of the head, receipt numbers and
// grand totals without gaps, and that every view equals a fold from nothing. An
// error means that it could not be looked at; what is wrong with it is in the
// report.
func Verify(path string, o VerifyOptions) (r Report, err error) {
	defer lessCollecting()()
	if _, err := os.Stat(path); err != nil {
		return r, fmt.Errorf("verify: %w", err)
	}
	var db *bolt.DB
	err = guard(func() error {
		db, err = openFile(path, lookWait, true)
		return err
	})
	if errors.Is(err, ErrInUse) {
		return r, fmt.Errorf("verify %s: %w, or verify a copy", path, err)
	}
	if err != nil {
		r.Problems = append(r.Problems, Problem{Text: "the file cannot be opened: " + err.Error()})
		return r, nil
	}
	defer func() { guard(db.Close) }()
	closed, sound, wrongPages := checkPages(path)
	r.Closed = closed
	if sound {
		err := guard(func() error {
			return db.View(func(tx *bolt.Tx) error { return r.verify(tx, o) })
		})
		if err != nil {
			r.wrong(0, "%v", err)
		}
	}
	if wrongPages != nil {
		r.wrong(0, "the pages of the file: %v", wrongPages)
	}
	return r, nil
}

func (r *Report) wrong(seq uint64, format string, args ...any) {
	r.Problems = append(r.Problems, Problem{Seq: seq, Text: fmt.Sprintf(format, args...)})
}

func (r *Report) verify(tx *bolt.Tx, o VerifyOptions) error {
	about, err := readMeta(tx)
	if err != nil {
		return err
	}
	r.Identity = about.Identity
	if err := checkAbout(tx); err != nil {
		r.wrong(0, "%v", err)
	}
	if err := checkNotes(tx); err != nil {
		r.wrong(0, "%v", err)
	}
	signed, err := readHead(tx)
	if err != nil {
		return err
	}
	r.Head = signed.Head
	key := ed25519.PublicKey(about.Identity.Key)
	if o.Key != nil && !key.Equal(o.Key) {
		r.wrong(0, "the file names another station key than the one given")
		key = o.Key
	}
	if !CheckHead(key, r.Identity.Log, r.Head.Seq, r.Head.Leaf, signed.Signature) {
		r.wrong(0, "the signature of the head, entry %d, does not hold", r.Head.Seq)
	}
	views := everyView(o.Views, r.Head.Seq)
	c := &chainCheck{log: r.Identity.Log, views: views, tx: tx, head: r.Head}
	folded, err := foldAll(tx, views, c.next)
	var bad *badEntry
	switch {
	case errors.As(err, &bad):
		r.wrong(bad.seq, "%v", bad.err)
		return nil
	case err != nil:
		return err
	}
	if c.last != r.Head.Seq {
		r.wrong(c.last+1, "the log ends at entry %d, its signed head is entry %d", c.last, r.Head.Seq)
		return nil
	}
	if c.leaf != r.Head.Leaf || c.totals != r.Head.Totals {
		r.wrong(c.last, "it is not the entry that was signed")
		return nil
	}
	r.compareViews(tx, views, folded)
	r.compareIdentity(tx)
	if o.Mirror != "" {
		r.compareMirror(tx, o.Mirror)
	}
	return nil
}

// checkAbout refuses what does not belong among the facts about the file.
func checkAbout(tx *bolt.Tx) error {
	return tx.Bucket(bucketMeta).ForEach(func(k, _ []byte) error {
		if string(k) != "about" && string(k) != "head" {
			return fmt.Errorf("%w: it says %q of itself", ErrDamaged, k)
		}
		return nil
	})
}

// checkNotes reads every note of a follower.
func checkNotes(tx *bolt.Tx) error {
	return tx.Bucket(bucketCursor).ForEach(func(k, v []byte) error {
		_, err := openNote(v)
		if err != nil {
			return fmt.Errorf("the note %q of a follower: %w", k, err)
		}
		return nil
	})
}

// chainCheck follows the chain entry by entry.
type chainCheck struct {
	log    LogID
	views  []View
	tx     *bolt.Tx
	head   Head
	last   uint64
	leaf   Leaf
	totals Totals
}

func (c *chainCheck) next(e *Entry) error {
	wrong := func(seq uint64, format string, args ...any) error {
		return &badEntry{seq: seq, err: fmt.Errorf(format, args...)}
	}
	seq := c.last + 1
	switch {
	case e.Seq != seq:
		return wrong(seq, "number %d stands in its place", e.Seq)
	case e.Log != c.log:
		return wrong(seq, "it is of another log")
	case e.Prev != c.leaf:
		// Either this entry's link or the entry before was changed. The one
		// that its own successor vouches for is whole.
		if c.vouched(seq, e.Leaf) {
			return wrong(seq-1, "its bytes are not the ones that entry %d was chained to", seq)
		}
		return wrong(seq, "it is not chained to entry %d", seq-1)
	}
	want := c.totals
	if e.Receipt != 0 {
		want.Receipts++
		if e.Receipt != want.Receipts {
			return wrong(seq, "receipt number %d, expected %d", e.Receipt, want.Receipts)
		}
	}
	if e.Totals.Receipts != want.Receipts || e.Totals.Taken < want.Taken || e.Totals.Returned < want.Returned {
		return wrong(seq, "its grand totals do not follow from those of entry %d", seq-1)
	}
	c.last, c.leaf, c.totals = seq, e.Leaf, e.Totals
	return nil
}

// vouched says whether entry seq has the hash that the entry after it, or the
// signed head, names.
func (c *chainCheck) vouched(seq uint64, leaf Leaf) bool {
	if seq == c.head.Seq {
		return leaf == c.head.Leaf
	}
	raw := c.tx.Bucket(bucketLog).Get(SeqKey(seq + 1))
	var after Entry
	return raw != nil && decodeInto(&after, raw) == nil && after.Prev == leaf
}

// compareViews compares what lies in the file with what was folded.
func (r *Report) compareViews(tx *bolt.Tx, views []View, folded *Folded) {
	r.Views = make(map[string]int)
	bucket := tx.Bucket(bucketViews)
	known := map[byte]bool{0: true}
	for _, v := range views {
		name := v.Name()
		found := taggedOf(bucket, name)
		if found.tag == 0 || known[found.tag] {
			r.wrong(0, "view %s is missing", name)
			continue
		}
		known[found.tag] = true
		if found.mark != markOf(v) {
			r.wrong(0, "view %s was folded from other kinds of entries than this program folds; open the station with this version once", name)
			continue
		}
		rows := folded.tables[name].all()
		r.Views[name] = len(rows)
		r.compareRows(name, boltRows{bucket, found.tag}, rows)
	}
	given := 0
	for name, row := range (boltRows{bucket, 0}).From(nil) {
		given++
		if t := readTagged(row); t.tag == 0 || !known[t.tag] {
			r.wrong(0, "view %s is of a duty that this program does not know; it was not checked", name)
		}
	}
	// Views are numbered in turn, so a view without rows has no other number either.
	for tag := range known {
		if int(tag) > given {
			r.wrong(0, "a view has the number %d, and there are %d", tag, given)
		}
	}
	c := bucket.Cursor()
	for tag := range maxViews + 1 {
		if k, _ := c.Seek([]byte{byte(tag)}); k != nil && !known[k[0]] {
			r.wrong(0, "there are rows of no view, at %q", k)
			return
		}
	}
}

func (r *Report) compareRows(view string, found Rows, want []row) {
	at := 0
	for k, value := range found.From(nil) {
		if at == len(want) {
			r.wrong(0, "view %s has a row too many: %q", view, k)
			return
		}
		if !bytes.Equal(k, want[at].key) || !bytes.Equal(value, want[at].value) {
			r.wrong(0, "view %s does not equal a fold from nothing, at row %q", view, want[at].key)
			return
		}
		at++
	}
	if at < len(want) {
		r.wrong(0, "view %s lacks the row %q", view, want[at].key)
	}
}

// compareIdentity checks that the file says of itself what its first entry says.
func (r *Report) compareIdentity(tx *bolt.Tx) {
	raw := tx.Bucket(bucketLog).Get(SeqKey(1))
	first, err := DecodeEntry(raw)
	if err != nil {
		r.wrong(1, "%v", err)
		return
	}
	about, err := Pack(r.Identity)
	if err != nil || first.Kind != KindOpened || !bytes.Equal(first.Body, about) {
		r.wrong(1, "it does not open this log as the file says of itself")
	}
}

// compareMirror compares the mirror, entry by entry, with the log.
func (r *Report) compareMirror(tx *bolt.Tx, dir string) {
	var last uint64
	for e, err := range mirrorEntries(dir, 1) {
		if errors.Is(err, errTorn) {
			break
		}
		if err != nil {
			r.wrong(last+1, "%v", err)
			return
		}
		if e.Seq != last+1 {
			r.wrong(last+1, "the mirror lacks it")
			return
		}
		last = e.Seq
		if last > r.Head.Seq {
			r.wrong(last, "the mirror has it, the ledger does not: the ledger lost its end")
			return
		}
		if raw := tx.Bucket(bucketLog).Get(SeqKey(e.Seq)); !bytes.Equal(raw, e.Raw) {
			r.wrong(e.Seq, "the mirror says something else")
			return
		}
	}
	if last == 0 {
		r.wrong(0, "the mirror %s holds no entries", dir)
	}
}
