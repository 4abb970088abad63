package ledger

import (
	"crypto/sha256"
	"errors"
	"iter"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// All views lie in one bucket, so that a commit changes as few pages as it can:
// each under a byte of its own, its tag. Which tag a view has stands in the same
// bucket, with a mark of the kinds it folds: a view that folds other kinds than
// before is folded anew.
//
//	0x00 name   tag, mark of the kinds (8 bytes)
//	tag key     a row of the view

// maxViews is how many tags there are.
const maxViews = 255

// tagged is what stands beside the name of a view.
type tagged struct {
	tag  byte
	mark [8]byte
}

func readTagged(row []byte) (t tagged) {
	if len(row) == 1+len(t.mark) {
		t.tag = row[0]
		copy(t.mark[:], row[1:])
	}
	return t
}

// taggedOf is the tag and mark of a view; tag 0 if the file has no such view.
func taggedOf(b *bolt.Bucket, view string) tagged {
	return readTagged(b.Get(append([]byte{0}, view...)))
}

func tagOf(b *bolt.Bucket, view string) byte { return taggedOf(b, view).tag }

// markOf tells which kinds a view folds.
func markOf(v View) (mark [8]byte) {
	h := sha256.New()
	kinds := slices.Sorted(slices.Values(v.Kinds()))
	if v.Kinds() == nil {
		kinds = []Kind{"*"}
	}
	for _, k := range kinds {
		h.Write(append([]byte(k), 0))
	}
	copy(mark[:], h.Sum(nil))
	return mark
}

// addTag gives a view a tag: the next one, or the one it has. Rows it has are
// taken away.
func addTag(b *bolt.Bucket, v View) (byte, error) {
	tag := tagOf(b, v.Name())
	if tag == 0 {
		for _, row := range (boltRows{b, 0}).From(nil) {
			tag = max(tag, readTagged(row).tag)
		}
		if tag == maxViews {
			return 0, errors.New("the file has no room for another view")
		}
		tag++
	}
	c := b.Cursor()
	for k, _ := c.Seek([]byte{tag}); k != nil && k[0] == tag; k, _ = c.Seek([]byte{tag}) {
		if err := c.Delete(); err != nil {
			return 0, err
		}
	}
	mark := markOf(v)
	return tag, b.Put(append([]byte{0}, v.Name()...), append([]byte{tag}, mark[:]...))
}

// noRows is a view that the file does not have.
type noRows struct{}

func (noRows) Get([]byte) []byte                     { return nil }
func (noRows) From([]byte) iter.Seq2[[]byte, []byte] { return func(func(k, v []byte) bool) {} }
func (noRows) Back([]byte) iter.Seq2[[]byte, []byte] { return func(func(k, v []byte) bool) {} }

// boltRows is a view in the file.
type boltRows struct {
	b   *bolt.Bucket
	tag byte
}

func (r boltRows) key(key []byte) []byte { return append([]byte{r.tag}, key...) }

func (r boltRows) Get(key []byte) []byte { return r.b.Get(r.key(key)) }

func (r boltRows) From(key []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(k, v []byte) bool) {
		c := r.b.Cursor()
		for k, v := c.Seek(r.key(key)); k != nil && k[0] == r.tag && yield(k[1:], v); k, v = c.Next() {
		}
	}
}

func (r boltRows) Back(key []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(k, v []byte) bool) {
		c := r.b.Cursor()
		step := c.Prev
		if at, _ := c.Seek(r.key(key)); at == nil {
			step = c.Last
		}
		k, v := step()
		for ; k != nil && k[0] == r.tag && yield(k[1:], v); k, v = c.Prev() {
		}
	}
}

// boltTable is a view in the file while it folds. bbolt reports an error only
// for a key of the wrong size or a transaction that cannot write, both faults
// of a view's code, so they are kept and stop the commit.
type boltTable struct {
	b   *bolt.Bucket
	key []byte // begins with the tag
	err error
}

func newBoltTable(b *bolt.Bucket, tag byte) *boltTable {
	return &boltTable{b: b, key: append(make([]byte, 0, 128), tag)}
}

func (t *boltTable) full(key []byte) []byte { return append(t.key[:1], key...) }

func (t *boltTable) Get(key []byte) []byte { return t.b.Get(t.full(key)) }

func (t *boltTable) Put(key, value []byte) {
	// bbolt keeps the value until the commit; the key it copies. A value of nil
	// would read as no row until then.
	t.note(t.b.Put(t.full(key), append([]byte{}, value...)))
}

func (t *boltTable) Add(key, value []byte) { t.Put(key, value) }

func (t *boltTable) Delete(key []byte) { t.note(t.b.Delete(t.full(key))) }

func (t *boltTable) note(err error) {
	if t.err == nil {
		t.err = err
	}
}
