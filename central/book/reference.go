package book

import (
	"context"
	"slices"
	"strconv"
	"time"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// KindPublished says that a version of a feed of reference data is in force.
const KindPublished ledger.Kind = "central.reference_published.v1"

// Published is its body.
type Published struct {
	Feed     string    `json:"feed"`
	Version  uint64    `json:"version"`  // grows with every version of the feed
	Manifest wire.Hash `json:"manifest"` // of the signed manifest, which the store keeps
	AsOf     int64     `json:"as_of"`    // when it was true, microseconds since 1970 UTC
	File     wire.Hash `json:"file"`     // of the file it was read from
	Lines    uint64    `json:"lines"`    // of the file, its first one not counted
	Refused  uint64    `json:"refused"`  // of them
	Records  uint64    `json:"records"`  // in the feed now
	Changed  uint64    `json:"changed"`  // new or other than in the version before
	Gone     uint64    `json:"gone"`     // not in it any more
	// Billed is the last payment file that the balances count; 0 is none.
	Billed int `json:"billed,omitempty"`
	// Confirmed says that a person let it pass although much was refused or missing.
	Confirmed bool `json:"confirmed,omitempty"`
}

// Publication is a version of a feed, with who published it and when.
type Publication struct {
	Published
	By string
	At time.Time
}

// Publish puts a version of a feed in force. base names the manifest that it was made
// from, zero for the first version: if another one was published since, the act is
// refused, and nothing of that one is lost.
func (b *Book) Publish(ctx context.Context, by string, p Published, base wire.Hash) error {
	_, err := b.Do(ctx, by, func(f *Facts) ([]ledger.Draft, error) {
		if err := f.must(by, MayReference); err != nil {
			return nil, err
		}
		last, _ := f.Reference(p.Feed)
		if last.Manifest != base || p.Version <= last.Version {
			return nil, ledger.Refuse("central.reference_moved", "Somebody published another version meanwhile. Read the file again, then publish.")
		}
		return []ledger.Draft{{Kind: KindPublished, Body: p}}, nil
	})
	return err
}

// Reference is the version of a feed that is in force, and whether there is one.
func (f *Facts) Reference(feed string) (Publication, bool) {
	for _, p := range slices.Backward(f.published) {
		if p.Feed == feed {
			return p, true
		}
	}
	return Publication{}, false
}

// References lists all versions of all feeds, the first one first. The caller must not
// change it.
func (f *Facts) References() []Publication { return f.published }

func (f *Facts) referencePublished(e *ledger.Entry) error {
	in, err := ledger.Unpack[Published](e)
	if err == nil {
		f.published = append(f.published, Publication{in, e.Actor, e.At()})
	}
	return err
}

// CountedBy says how far each log is counted in balances that count all payment files
// up to a number.
func (b *Book) CountedBy(ctx context.Context, no int) ([]wire.Counted, error) {
	var files []File
	if err := b.See(ctx, func(f *Facts) { files = slices.Clone(f.Files()) }); err != nil {
		return nil, err
	}
	if no < 0 || no > len(files) {
		return nil, ledger.Refuse("central.no_such_file", "There is no payment file {no}.", "no", strconv.Itoa(no)).At("billed")
	}
	through := map[ledger.LogID]uint64{}
	for _, file := range files[:no] {
		ranges, err := b.RangesOf(ctx, file)
		if err != nil {
			return nil, err
		}
		for _, r := range ranges {
			through[r.Log] = r.To
		}
	}
	out := make([]wire.Counted, 0, len(through))
	for log, to := range through {
		out = append(out, wire.Counted{Log: log, Through: to})
	}
	slices.SortFunc(out, func(x, y wire.Counted) int { return slices.Compare(x.Log[:], y.Log[:]) })
	return out, nil
}
