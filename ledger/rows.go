package ledger

import (
	"errors"
	"iter"

	bolt "go.etcd.io/bbolt"
)

// All views lie in one bucket, so that a commit changes as few pages as it can:
// each under a byte of its own, its tag. Which tag a view has stands in the same
// bucket:
//
//	0x00 name   tag
//	tag key     a row of the view

// maxViews is how many tags there are.
const maxViews = 255

// tagOf is the tag of a view, 0 if the file has no such view.
func tagOf(b *bolt.Bucket, view string) byte {
	if row := b.Get(append([]byte{0}, view...)); len(row) == 1 {
		return row[0]
	}
	return 0
}

// addTag gives a new view the next tag.
func addTag(b *bolt.Bucket, view string) (byte, error) {
	var last byte
	for _, tag := range (boltRows{b, 0}).From(nil) {
		if len(tag) == 1 {
			last = max(last, tag[0])
		}
	}
	if last == maxViews {
		return 0, errors.New("the file has no room for another view")
	}
	return last + 1, b.Put(append([]byte{0}, view...), []byte{last + 1})
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
