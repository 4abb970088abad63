package ledger

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"

	bolt "go.etcd.io/bbolt"
)

// fold is one view taking entries in.
type fold struct {
	view  View
	table Table
	kinds map[Kind]bool // nil: every kind
}

func newFold(v View, t Table) *fold {
	f := &fold{view: v, table: t}
	if kinds := v.Kinds(); kinds != nil {
		f.kinds = make(map[Kind]bool, len(kinds))
		for _, k := range kinds {
			f.kinds[k] = true
		}
	}
	return f
}

func (f *fold) take(e *Entry) error {
	if f.kinds != nil && !f.kinds[e.Kind] {
		return nil
	}
	if err := f.view.Fold(f.table, e); err != nil {
		return fmt.Errorf("view %s: entry %d: %w", f.view.Name(), e.Seq, err)
	}
	return nil
}

func foldInto(folds []*fold, e *Entry) error {
	for _, f := range folds {
		if err := f.take(e); err != nil {
			return err
		}
	}
	return nil
}

// Folded is every view of a ledger, folded from nothing.
type Folded struct {
	Entries uint64
	tables  map[string]*memory
}

// Row reads a row of a view, nil if there is none.
func (f *Folded) Row(view string, key []byte) []byte {
	if t := f.tables[view]; t != nil {
		return t.find(key)
	}
	return nil
}

// Rows counts the rows of a view.
func (f *Folded) Rows(view string) int {
	if t := f.tables[view]; t != nil {
		return t.len()
	}
	return 0
}

// FoldFile folds the views of a duty, and the ledger's own, from a ledger that
// nobody has open for writing.
func FoldFile(path string, views []View) (*Folded, error) {
	defer lessCollecting()()
	db, err := openFile(path, lookWait, true)
	if err != nil {
		return nil, fmt.Errorf("open the ledger %s: %w", path, err)
	}
	defer db.Close()
	var folded *Folded
	err = guard(func() error {
		return db.View(func(tx *bolt.Tx) error {
			signed, err := readHead(tx)
			if err != nil {
				return err
			}
			folded, err = foldAll(tx, everyView(views, signed.Head.Seq), nil)
			return err
		})
	})
	return folded, err
}

// everyView is the ledger's own views and those of the duties, for a log that
// ends at head.
func everyView(views []View, head uint64) []View {
	return append(ownViews(indexedThrough(head)), views...)
}

// lessCollecting lets garbage wait longer until it is collected, for the whole
// program, until the function it returns is called: a fold of a whole file makes
// much of it for a few seconds, and collecting took a third of the time.
func lessCollecting() func() {
	before := debug.SetGCPercent(400)
	return func() { debug.SetGCPercent(before) }
}

// chunk is a run of entries on its way from the file to the views.
type chunk struct {
	first   uint64 // number of the first entry
	raws    [][]byte
	entries []Entry
	err     error
	bad     int // place in the chunk of the entry err is about
	ready   chan struct{}
	left    sync.WaitGroup // views that still read it
}

const chunkSize = 512

// foldAll reads the log in chunks, decodes chunks side by side, and lets every
// view take them in order, each in a goroutine of its own. check, if it is not
// nil, sees every entry in order, with its hash.
func foldAll(tx *bolt.Tx, views []View, check func(*Entry) error) (*Folded, error) {
	out := &Folded{tables: make(map[string]*memory)}
	cpus := runtime.GOMAXPROCS(0)
	depth := 4 * cpus
	decode := make(chan *chunk, depth)
	free := make(chan *chunk, depth)
	for range depth {
		free <- &chunk{entries: make([]Entry, chunkSize)}
	}
	stop := make(chan struct{})
	var workers, takers sync.WaitGroup
	for range cpus {
		workers.Go(func() {
			for c := range decode {
				c.decode(check != nil)
				close(c.ready)
			}
		})
	}
	crews := crewsOf(views, out)
	feeds := make([]chan *chunk, len(crews))
	failures := make([]error, len(crews)+1)
	for i, crew := range crews {
		feeds[i] = make(chan *chunk, depth)
		takers.Go(func() {
			for c := range feeds[i] {
				<-c.ready
				if failures[i] == nil {
					failures[i] = guard(func() error { return crew.takeAll(c.good()) })
				}
				c.left.Done()
			}
		})
	}
	checker := make(chan *chunk, depth)
	takers.Go(func() {
		for c := range checker {
			<-c.ready
			if failures[len(crews)] == nil {
				err := guard(func() error { return out.count(c, check) })
				if err != nil {
					failures[len(crews)] = err
					close(stop)
				}
			}
			c.left.Done()
			c.left.Wait()
			free <- c
		}
	})
	readErr := guard(func() error {
		cursor := tx.Bucket(bucketLog).Cursor()
		k, raw := cursor.First()
		next := uint64(1)
		for k != nil {
			var c *chunk
			select {
			case c = <-free:
			case <-stop:
				return nil
			}
			c.first, c.raws, c.err, c.ready = next, c.raws[:0], nil, make(chan struct{})
			for ; k != nil && len(c.raws) < chunkSize; k, raw = cursor.Next() {
				if KeySeq(k) != next {
					raw = nil // an entry in the wrong place is no entry
				}
				c.raws = append(c.raws, raw)
				next++
			}
			c.left = sync.WaitGroup{}
			c.left.Add(len(crews) + 1)
			decode <- c
			for _, f := range feeds {
				f <- c
			}
			checker <- c
		}
		return nil
	})
	close(decode)
	for _, f := range feeds {
		close(f)
	}
	close(checker)
	workers.Wait()
	takers.Wait()
	if readErr != nil {
		return out, readErr
	}
	// What is wrong with an entry comes before what it did to a view.
	if err := failures[len(crews)]; err != nil {
		return out, err
	}
	for _, err := range failures {
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// count counts the entries of a chunk and checks them.
func (f *Folded) count(c *chunk, check func(*Entry) error) error {
	good := c.good()
	for i := range good {
		f.Entries++
		if check == nil {
			continue
		}
		if err := check(&good[i]); err != nil {
			return err
		}
	}
	if c.err != nil {
		return &badEntry{seq: f.Entries + 1, err: c.err}
	}
	return nil
}

// crew is views that fold in one goroutine, with those that a kind concerns.
type crew struct {
	all    []*fold
	byKind map[Kind][]*fold
}

// crewsOf makes a crew of each view that folds every entry, and one of all the
// others.
func crewsOf(views []View, out *Folded) []*crew {
	rest := &crew{byKind: make(map[Kind][]*fold)}
	crews := []*crew{rest}
	for _, v := range views {
		table := newMemory()
		out.tables[v.Name()] = table
		f := newFold(v, table)
		if f.kinds == nil {
			crews = append(crews, &crew{all: []*fold{f}})
		} else {
			rest.all = append(rest.all, f)
		}
	}
	return crews
}

func (c *crew) takeAll(entries []Entry) error {
	for i := range entries {
		if err := c.take(&entries[i]); err != nil {
			return err
		}
	}
	return nil
}

func (c *crew) take(e *Entry) error {
	folds := c.all
	if c.byKind != nil {
		known, ok := c.byKind[e.Kind]
		if !ok {
			for _, f := range c.all {
				if f.kinds[e.Kind] {
					known = append(known, f)
				}
			}
			c.byKind[e.Kind] = known
		}
		folds = known
	}
	return foldInto(folds, e)
}

// badEntry says which entry is wrong.
type badEntry struct {
	seq uint64
	err error
}

func (b *badEntry) Error() string { return fmt.Sprintf("entry %d: %v", b.seq, b.err) }
func (b *badEntry) Unwrap() error { return b.err }

// good is the entries of a chunk before the first bad one.
func (c *chunk) good() []Entry {
	if c.err != nil {
		return c.entries[:c.bad]
	}
	return c.entries[:len(c.raws)]
}

// decode reads the entries of a chunk. A damaged page shows itself here.
func (c *chunk) decode(hash bool) {
	for i, raw := range c.raws {
		c.bad = i
		c.err = guard(func() error {
			if hash && len(raw) <= MaxEntry {
				c.entries[i].Leaf = LeafOf(raw)
			}
			if err := decodeInto(&c.entries[i], raw); err != nil {
				return err
			}
			if want := c.first + uint64(i); c.entries[i].Seq != want {
				return fmt.Errorf("it stands in the place of entry %d and says it is entry %d", want, c.entries[i].Seq)
			}
			return nil
		})
		if c.err != nil {
			return
		}
	}
}
