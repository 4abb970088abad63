package billing

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"time"

	"gatehouse/central/book"
	"gatehouse/central/store"
	"gatehouse/ledger"
)

// Office writes files.
type Office struct {
	Store store.Store
	Book  *book.Book
	Zone  *time.Location // the utility's; nil is UTC
	Clock ledger.Clock   // nil is time.Now
}

// Pending is what the next payment file would have.
type Pending struct {
	Ranges  []book.Range
	Entries uint64
	no      int
}

// Pending finds what came since the last file. Practice is not paid.
func (o *Office) Pending(ctx context.Context) (p Pending, err error) {
	logs, err := o.Store.Logs(ctx)
	if err != nil {
		return p, err
	}
	err = o.Book.See(ctx, func(f *book.Facts) {
		p.no = len(f.Files()) + 1
		for _, log := range logs {
			from := f.Billed(log.ID) + 1
			if log.ID == o.Book.Log() || log.Identity.Training || from > log.Head.Seq {
				continue
			}
			p.Ranges = append(p.Ranges, book.Range{Log: log.ID, From: from, To: log.Head.Seq})
			p.Entries += log.Head.Seq - from + 1
		}
	})
	return p, err
}

// Write makes the next payment file in a layout, and enters it. The file is written to
// the caller by Again.
func (o *Office) Write(ctx context.Context, by string, l *Layout) (no int, err error) {
	p, err := o.Pending(ctx)
	if err != nil {
		return 0, err
	}
	zone, now := o.Zone, time.Now
	if zone == nil {
		zone = time.UTC
	}
	if o.Clock != nil {
		now = o.Clock
	}
	of := about{no: p.no, made: now().In(zone).Truncate(time.Second)}
	err = each(ctx, o.Store, p.Ranges, func(l Line) error {
		of.lines++
		of.total = of.total.Plus(l.Amount)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("make a payment file: %w", err)
	}
	sum := sha256.New()
	if err := o.write(ctx, l, of, p.Ranges, sum); err != nil {
		return 0, fmt.Errorf("make a payment file: %w", err)
	}
	file := book.FileWritten{No: of.no, Made: of.made.UnixMicro(), Zone: zone.String(), Layout: l.text, Lines: of.lines, Total: of.total, Hash: ledger.Leaf(sum.Sum(nil))}
	if _, err := o.Book.EnterFile(ctx, by, file, p.Ranges); err != nil {
		return 0, err
	}
	return of.no, nil
}

func (o *Office) write(ctx context.Context, l *Layout, of about, ranges []book.Range, to io.Writer) error {
	w := newWriter(l, to, of)
	if err := w.begin(); err != nil {
		return err
	}
	if err := each(ctx, o.Store, ranges, w.line); err != nil {
		return err
	}
	return w.end()
}

// ErrNoFile: there is no payment file of this number.
var ErrNoFile = errors.New("there is no payment file of this number")

// errOther is a fault of this program or of the store.
var errOther = errors.New("it is not the file that was written: its hash is another")

// Again makes a payment file once more, byte for byte as it was, and says how it is to
// be named. One that cannot be made the same is an error.
func (o *Office) Again(ctx context.Context, no int) (name string, text []byte, err error) {
	var file book.File
	err = o.Book.See(ctx, func(f *book.Facts) {
		if all := f.Files(); no >= 1 && no <= len(all) {
			file = all[no-1]
		}
	})
	if err != nil {
		return "", nil, err
	}
	if file.No == 0 {
		return "", nil, ErrNoFile
	}
	fail := func(err error) (string, []byte, error) {
		return "", nil, fmt.Errorf("write payment file %d again: %w", no, err)
	}
	l, err := ParseLayout([]byte(file.Layout))
	if err != nil {
		return fail(err)
	}
	zone, err := time.LoadLocation(file.Zone)
	if err != nil {
		return fail(err)
	}
	ranges, err := o.Book.RangesOf(ctx, file)
	if err != nil {
		return fail(err)
	}
	of := about{no: file.No, made: time.UnixMicro(file.Made).In(zone), lines: file.Lines, total: file.Total}
	var out bytes.Buffer
	if err := o.write(ctx, l, of, ranges, &out); err != nil {
		return fail(err)
	}
	if ledger.Leaf(sha256.Sum256(out.Bytes())) != file.Hash {
		return fail(errOther)
	}
	return fmt.Sprintf("payments-%06d.%s", no, map[string]string{"csv": "csv", "fixed": "txt"}[l.Form]), out.Bytes(), nil
}

// LayoutName is the name of the layout a file was written in.
func LayoutName(f book.File) string {
	l, err := ParseLayout([]byte(f.Layout))
	if err != nil {
		return "unknown"
	}
	return l.Name
}
