package book

import (
	"context"
	"time"

	"gatehouse/ledger"
)

// The entries of files that leave central.
const (
	KindFileRanges  ledger.Kind = "central.billing_ranges.v1"
	KindFileWritten ledger.Kind = "central.billing_file.v1"
	KindGLWritten   ledger.Kind = "central.gl_file.v1"
)

// Range is entries of one log, From and To included.
type Range struct {
	_    struct{} `cbor:",toarray"`
	Log  ledger.LogID
	From uint64
	To   uint64
}

// FileRanges is the body of KindFileRanges: what is in the file whose entry follows.
type FileRanges struct {
	Ranges []Range `json:"ranges"`
}

// FileWritten is the body of KindFileWritten. With the ranges before it, all that is
// needed to write the file again, byte for byte.
type FileWritten struct {
	No     int          `json:"no"`     // from 1, no gaps
	Made   int64        `json:"made"`   // microseconds since 1970 UTC; dates in the file are of it
	Zone   string       `json:"zone"`   // IANA name; times in the file are in it
	Layout string       `json:"layout"` // its TOML text
	Lines  int          `json:"lines"`
	Total  ledger.Cents `json:"total"` // control total
	Hash   ledger.Leaf  `json:"hash"`  // SHA-256 of the file
}

// GLWritten is the body of KindGLWritten.
type GLWritten struct {
	From    ledger.Date `json:"from"`
	To      ledger.Date `json:"to"`
	Form    string      `json:"form"`
	Station string      `json:"station,omitempty"` // empty: all
	Hash    ledger.Leaf `json:"hash"`              // SHA-256 of the file
}

// File is a payment file that was written.
type File struct {
	FileWritten
	By  string
	At  time.Time
	Seq uint64 // its entry in central's own log
	// First is the first entry of its ranges; they go up to the one before Seq.
	First uint64
}

// rangesPerEntry keeps an entry well below its bounds; MaxRanges is what one act has
// room for.
const (
	rangesPerEntry = 1000
	MaxRanges      = 31 * rangesPerEntry
)

// EnterFile enters that a payment file was made, with all it is made of. The ranges
// must begin where the file before ended: if another file was entered since they were
// read, the act is refused, and so no payment is in two files.
func (b *Book) EnterFile(ctx context.Context, by string, file FileWritten, ranges []Range) (uint64, error) {
	if len(ranges) > MaxRanges {
		return 0, ledger.Refuse("central.many_logs", "Too many stations have payments for one file.")
	}
	entries, err := b.Do(ctx, by, func(f *Facts) ([]ledger.Draft, error) {
		if err := f.must(by, MayFiles); err != nil {
			return nil, err
		}
		if len(ranges) == 0 {
			return nil, ledger.Refuse("central.nothing_new", "No station has sent anything since the last file.")
		}
		if file.No != len(f.files)+1 {
			return nil, fileMoved()
		}
		for _, r := range ranges {
			if r.From != f.Billed(r.Log)+1 || r.To < r.From {
				return nil, fileMoved()
			}
		}
		var drafts []ledger.Draft
		for rest := ranges; len(rest) > 0; {
			n := min(len(rest), rangesPerEntry)
			drafts = append(drafts, ledger.Draft{Kind: KindFileRanges, Body: FileRanges{rest[:n]}})
			rest = rest[n:]
		}
		return append(drafts, ledger.Draft{Kind: KindFileWritten, Body: file}), nil
	})
	if err != nil {
		return 0, err
	}
	return entries[len(entries)-1].Seq, nil
}

func fileMoved() error {
	return ledger.Refuse("central.file_moved", "Somebody wrote a file at this moment. Look at it, then write the next one.")
}

// EnterGL enters that a file for the general ledger was made.
func (b *Book) EnterGL(ctx context.Context, by string, file GLWritten) error {
	_, err := b.Do(ctx, by, func(f *Facts) ([]ledger.Draft, error) {
		if err := f.must(by, MayFiles); err != nil {
			return nil, err
		}
		return []ledger.Draft{{Kind: KindGLWritten, Body: file}}, nil
	})
	return err
}

// Billed is the last entry of a log that is in a payment file; 0 for none.
func (f *Facts) Billed(log ledger.LogID) uint64 { return f.billed[log] }

// Files lists the payment files, the first one first. The caller must not change it.
func (f *Facts) Files() []File { return f.files }

func (f *Facts) fileRanges(e *ledger.Entry) error {
	in, err := ledger.Unpack[FileRanges](e)
	if err != nil {
		return err
	}
	if f.rangesFrom == 0 {
		f.rangesFrom = e.Seq
	}
	for _, r := range in.Ranges {
		f.billed[r.Log] = r.To
	}
	return nil
}

func (f *Facts) fileWritten(e *ledger.Entry) error {
	in, err := ledger.Unpack[FileWritten](e)
	if err == nil {
		f.files = append(f.files, File{in, e.Actor, e.At(), e.Seq, f.rangesFrom})
		f.rangesFrom = 0
	}
	return err
}

// RangesOf reads what a payment file is made of.
func (b *Book) RangesOf(ctx context.Context, file File) (ranges []Range, err error) {
	entries, err := b.o.Store.Entries(ctx, b.log, file.First, int(file.Seq-file.First))
	if err != nil {
		return nil, err
	}
	for i := range entries {
		in, err := ledger.Unpack[FileRanges](&entries[i].Entry)
		if err != nil {
			return nil, err
		}
		ranges = append(ranges, in.Ranges...)
	}
	return ranges, nil
}
