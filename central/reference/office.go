package reference

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/fxamacker/cbor/v2"

	"gatehouse/central/book"
	"gatehouse/central/store"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Options is what an Office is made of.
type Options struct {
	Store  store.Store
	Book   *book.Book
	Signer ledger.Signer // central's key: stations take reference data with its signature
	Folder string        // for unnamed files while a file is read; empty is the system's
	Clock  ledger.Clock  // nil is time.Now
}

// Office reads files, and publishes what was read. Its methods may be called from any
// goroutine, and by any number of central processes.
type Office struct {
	o      Options
	chunks *wire.Chunks
}

// New makes an Office.
func New(o Options) (*Office, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	chunks, err := wire.NewChunks()
	if err != nil {
		return nil, err
	}
	return &Office{o, chunks}, nil
}

// Draft is a version of a feed that is not in force.
type Draft struct {
	Report
	Feed    string         `json:"feed"`
	Base    wire.Hash      `json:"base"` // manifest of the version it goes on from; zero is none
	Layers  [][]wire.Chunk `json:"layers"`
	Records uint64         `json:"records"`
	Before  uint64         `json:"before"`  // records of the version it goes on from
	Changed uint64         `json:"changed"` // new, or other than before
	Gone    uint64         `json:"gone"`    // there before, and not in the file
	AsOf    int64          `json:"as_of"`   // microseconds since 1970 UTC
	Billed  int            `json:"billed"`
	Made    int64          `json:"made"`
	// Doubt is why a person has to confirm it; empty: nothing is odd.
	Doubt string `json:"doubt"`
	// Moves is how many bytes a station fetches that has the version before.
	Moves uint64 `json:"moves"`
}

// How long things are kept. DraftTime is how long a draft may be published. What nobody
// needs is dropped only after DropTime, so its chunks are still there.
const (
	DraftTime = 12 * time.Hour
	DropTime  = 24 * time.Hour
	KeepLast  = 3 // versions of a feed: a station may be in the middle of one
)

// Ask is what a person says of a file.
type Ask struct {
	Mapping *Mapping
	AsOf    time.Time // when the balances were true
	Billed  int       // last payment file that they count; 0 is none
}

// Read reads a file and keeps the draft of it, under the name it returns. What is wrong
// with the file as a whole is a *ledger.Refusal.
func (o *Office) Read(ctx context.Context, ask Ask, file io.Reader) (wire.Hash, Draft, error) {
	d := Draft{Feed: ask.Mapping.Feed, AsOf: ask.AsOf.UnixMicro(), Billed: ask.Billed, Made: o.o.Clock().UnixMicro()}
	if ask.AsOf.After(o.o.Clock()) {
		return wire.Hash{}, d, ledger.Refuse("central.import_as_of", "These balances are from the future: look at the time.").At("as_of")
	}
	if _, err := o.o.Book.CountedBy(ctx, ask.Billed); err != nil {
		return wire.Hash{}, d, err
	}
	before, err := o.inForce(ctx, d.Feed)
	if err != nil {
		return wire.Hash{}, d, err
	}
	d.Base, d.Before = before.name, before.Records
	if before.At().After(ask.AsOf) {
		return wire.Hash{}, d, ledger.Refuse("central.import_older", "The version in force is of {at}: these are older.", "at", before.At().Format(time.DateTime+" UTC")).At("as_of")
	}
	all := &sorted{folder: o.o.Folder}
	defer all.Close()
	if d.Report, err = ask.Mapping.read(ctx, file, all.add); err != nil {
		return wire.Hash{}, d, err
	}
	if err := o.compare(ctx, &d, before, all); err != nil {
		return wire.Hash{}, d, err
	}
	d.Doubt = ask.Mapping.Guard.doubt(d)
	name, err := o.keep(ctx, d)
	return name, d, err
}

// doubt says what is odd about a draft.
func (g Guard) doubt(d Draft) string {
	refused, fewer := usualRefused, usualFewer
	if g.Refused != nil {
		refused = *g.Refused
	}
	if g.Fewer != nil {
		fewer = *g.Fewer
	}
	switch {
	case d.Records == 0:
		return "the file has no record at all"
	case d.Refused*100 > d.Lines*uint64(refused):
		return fmt.Sprintf("%d of %d lines were refused, more than %d percent", d.Refused, d.Lines, refused)
	case d.Records < d.Before && (d.Before-d.Records)*100 > d.Before*uint64(fewer):
		return fmt.Sprintf("there are %d records and were %d, more than %d percent fewer", d.Records, d.Before, fewer)
	}
	return ""
}

// version is a version in force, with the name of its manifest.
type version struct {
	wire.Manifest
	name wire.Hash
}

func (o *Office) inForce(ctx context.Context, feed string) (v version, err error) {
	var p book.Publication
	if err := o.o.Book.See(ctx, func(f *book.Facts) { p, _ = f.Reference(feed) }); err != nil || p.Version == 0 {
		return v, err
	}
	signed, err := o.o.Store.Blob(ctx, p.Manifest)
	if err != nil {
		return v, fmt.Errorf("read the version of %s in force: %w", feed, err)
	}
	v.name = p.Manifest
	v.Manifest, err = wire.OpenManifest(o.o.Signer.Public(), signed)
	return v, err
}

func (o *Office) reader(ctx context.Context) func(wire.Chunk) ([]byte, error) {
	return func(c wire.Chunk) ([]byte, error) { return o.o.Store.Blob(ctx, c.Hash) }
}

// sheet cuts records into chunks that the store keeps.
func (o *Office) sheet(ctx context.Context, feed string) *wire.Cutter {
	return wire.NewCutter(o.chunks, func(_ wire.Hash, packed []byte) error {
		_, err := o.o.Store.PutBlob(ctx, feed, packed)
		return err
	})
}

// compare finds what changed. Little becomes a layer over the version before, so that
// stations fetch little; much becomes a base of its own.
func (o *Office) compare(ctx context.Context, d *Draft, before version, all *sorted) error {
	layer := o.sheet(ctx, d.Feed)
	room := layerRoom(before)
	var over error
	err := changes(o.chunks.Merge(before.Manifest, o.reader(ctx)), all.unique(&d.Report), func(r wire.Record, same bool) error {
		if r.Value != nil {
			d.Records++
		}
		switch {
		case same:
			return nil
		case r.Value == nil:
			d.Gone++
		default:
			d.Changed++
		}
		if d.Changed+d.Gone > room {
			return nil
		}
		over = layer.Add(r)
		return over
	})
	if err != nil {
		return err
	}
	if d.Changed+d.Gone <= room {
		chunks, err := layer.Done()
		if err != nil {
			return err
		}
		d.Layers = before.Layers
		if len(chunks) > 0 {
			d.Layers = append(d.Layers[:len(d.Layers):len(d.Layers)], chunks)
		}
	} else if err := o.rebase(ctx, d, all); err != nil {
		return err
	}
	d.Moves = moves(before.Manifest, wire.Manifest{Layers: d.Layers})
	return nil
}

// layerRoom is how many records may change before a new base is cut: with the layers
// there are, a quarter of the base.
func layerRoom(before version) uint64 {
	if len(before.Layers) == 0 || len(before.Layers) == wire.MaxLayers {
		return 0
	}
	var base, above uint64
	for i, layer := range before.Layers {
		for _, c := range layer {
			if i == 0 {
				base += uint64(c.Records)
			} else {
				above += uint64(c.Records)
			}
		}
	}
	if above >= base/4 {
		return 0
	}
	return base/4 - above
}

func (o *Office) rebase(ctx context.Context, d *Draft, all *sorted) error {
	base := o.sheet(ctx, d.Feed)
	var again Report // those that stand twice are in the draft's report already
	for r, err := range all.unique(&again) {
		if err == nil {
			err = base.Add(wire.Record{Key: r.key, Value: r.value})
		}
		if err != nil {
			return err
		}
	}
	chunks, err := base.Done()
	d.Layers = [][]wire.Chunk{chunks}
	return err
}

// moves is how many bytes are new in a manifest.
func moves(before, after wire.Manifest) (bytes uint64) {
	old := map[wire.Hash]bool{}
	for _, c := range before.Chunks() {
		old[c.Hash] = true
	}
	for _, c := range after.Chunks() {
		if !old[c.Hash] {
			bytes += uint64(c.Size)
			old[c.Hash] = true
		}
	}
	return bytes
}

// unique gives the rows in order, the first of each key; the others are refused.
func (s *sorted) unique(report *Report) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		var last row
		for r, err := range s.rows() {
			if err == nil && r.key == last.key {
				report.Taken--
				report.refuse(r.line, "", r.key, fmt.Sprintf("line %d has the same key", last.line))
				continue
			}
			last = r
			if !yield(r, err) {
				return
			}
		}
	}
}

// changes walks two lists in the order of their keys and tells each record: of the
// new list, with whether it was the same before; and, without a value, one that is
// gone.
func changes(before iter.Seq2[wire.Record, error], after iter.Seq2[row, error], tell func(wire.Record, bool) error) error {
	next, stop := iter.Pull2(before)
	defer stop()
	old, err, more := next()
	for r, bad := range after {
		if err = errors.Join(err, bad); err != nil {
			return err
		}
		for more && old.Key < r.key {
			if err := tell(wire.Record{Key: old.Key}, false); err != nil {
				return err
			}
			if old, err, more = next(); err != nil {
				return err
			}
		}
		same := more && old.Key == r.key && bytes.Equal(old.Value, r.value)
		if err := tell(wire.Record{Key: r.key, Value: r.value}, same); err != nil {
			return err
		}
		if more && old.Key == r.key {
			if old, err, more = next(); err != nil {
				return err
			}
		}
	}
	for ; more; old, err, more = next() {
		if err != nil {
			return err
		}
		if err := tell(wire.Record{Key: old.Key}, false); err != nil {
			return err
		}
	}
	return err
}

// drafts is what drafts are kept under; no station asks for it.
const drafts = "drafts"

func (o *Office) keep(ctx context.Context, d Draft) (wire.Hash, error) {
	packed, err := ledger.Pack(d)
	if err != nil {
		return wire.Hash{}, err
	}
	return o.o.Store.PutBlob(ctx, drafts, packed)
}

// Draft finds a draft by its name; one that is over is refused.
func (o *Office) Draft(ctx context.Context, name wire.Hash) (d Draft, err error) {
	over := ledger.Refuse("central.draft_over", "This is not there any more. Read the file again.")
	packed, err := o.o.Store.Blob(ctx, name)
	if errors.Is(err, store.ErrNoBlob) {
		return d, over
	}
	if err != nil {
		return d, err
	}
	if wire.HashOf(packed) != name || cbor.Unmarshal(packed, &d) != nil || d.Feed == "" {
		return d, over
	}
	if o.o.Clock().Sub(time.UnixMicro(d.Made)) > DraftTime {
		return d, over
	}
	return d, nil
}

// Publish puts a draft in force. confirmed says that a person saw its doubt.
func (o *Office) Publish(ctx context.Context, by string, name wire.Hash, confirmed bool) (book.Published, error) {
	d, err := o.Draft(ctx, name)
	if err != nil {
		return book.Published{}, err
	}
	if d.Doubt != "" && !confirmed {
		return book.Published{}, ledger.Refuse("central.import_doubt", "Confirm that this is right: {doubt}.", "doubt", d.Doubt).At("confirmed")
	}
	counted, err := o.o.Book.CountedBy(ctx, d.Billed)
	if err != nil {
		return book.Published{}, err
	}
	before, err := o.inForce(ctx, d.Feed)
	if err != nil {
		return book.Published{}, err
	}
	// Seconds since 1970, so that a central that was put back to an older copy goes on
	// with a number that stations have not seen.
	version := max(before.Version+1, uint64(o.o.Clock().Unix()))
	signed, err := wire.SignManifest(o.o.Signer, wire.Manifest{Feed: d.Feed, Version: version, AsOf: d.AsOf, Needs: wire.RecordForm,
		Records: d.Records, Layers: d.Layers, Counted: counted})
	if err != nil {
		return book.Published{}, err
	}
	p := book.Published{Feed: d.Feed, Version: version, AsOf: d.AsOf, File: d.File, Lines: d.Lines, Refused: d.Refused,
		Records: d.Records, Changed: d.Changed, Gone: d.Gone, Billed: d.Billed, Confirmed: d.Doubt != ""}
	if p.Manifest, err = o.o.Store.PutBlob(ctx, d.Feed, signed); err != nil {
		return p, err
	}
	if err := o.o.Book.Publish(ctx, by, p, d.Base); err != nil {
		return p, err
	}
	return p, o.drop(ctx, d.Feed)
}

// Sweep destroys what is not kept any more: customers and staff that are not in force
// for long, and what was read and not published.
func (o *Office) Sweep(ctx context.Context) error {
	for _, feed := range Feeds() {
		if err := o.drop(ctx, feed); err != nil {
			return fmt.Errorf("destroy what is not kept of %s: %w", feed, err)
		}
	}
	return nil
}

// drop drops what no recent version of a feed needs, and old drafts.
func (o *Office) drop(ctx context.Context, feed string) error {
	var last []book.Publication
	err := o.o.Book.See(ctx, func(f *book.Facts) {
		for _, p := range f.References() {
			if p.Feed == feed {
				last = append(last, p)
			}
		}
	})
	if err != nil {
		return err
	}
	var keep []wire.Hash
	for _, p := range last[max(0, len(last)-KeepLast):] {
		signed, err := o.o.Store.Blob(ctx, p.Manifest)
		if err != nil {
			return err
		}
		m, err := wire.OpenManifest(o.o.Signer.Public(), signed)
		if err != nil {
			return err
		}
		keep = append(keep, p.Manifest)
		for _, c := range m.Chunks() {
			keep = append(keep, c.Hash)
		}
	}
	before := o.o.Clock().Add(-DropTime)
	_, err = o.o.Store.DropBlobs(ctx, feed, keep, before)
	if err == nil {
		_, err = o.o.Store.DropBlobs(ctx, drafts, nil, before)
	}
	return err
}

// Manifest is the signed manifest of a feed in force, with its name; the error is
// store.ErrNoBlob where nothing was published.
func (o *Office) Manifest(ctx context.Context, feed string) ([]byte, wire.Hash, error) {
	var p book.Publication
	if err := o.o.Book.See(ctx, func(f *book.Facts) { p, _ = f.Reference(feed) }); err != nil {
		return nil, wire.Hash{}, err
	}
	if p.Version == 0 {
		return nil, wire.Hash{}, store.ErrNoBlob
	}
	signed, err := o.o.Store.Blob(ctx, p.Manifest)
	return signed, p.Manifest, err
}

// Chunk is one chunk, or store.ErrNoBlob.
func (o *Office) Chunk(ctx context.Context, name wire.Hash) ([]byte, error) {
	return o.o.Store.Blob(ctx, name)
}
