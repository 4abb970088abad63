package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"gatehouse/desk"
	"gatehouse/ledger"
)

// player gives a desk the lines of a script.
type player struct {
	options  *playOptions
	desk     *desk.Desk
	commands map[string]*desk.Spec
	random   io.Reader
	out      *json.Encoder

	done, again, refused, errors int
	stopped                      bool
}

// result is what is printed for a line.
type result struct {
	Line    int                     `json:"line"`
	OK      bool                    `json:"ok"`
	Again   bool                    `json:"again,omitempty"` // it was in the ledger already
	Entries []ledger.EntryForPeople `json:"entries,omitempty"`
	Refused *refusal                `json:"refused,omitempty"`
	Error   string                  `json:"error,omitempty"`
}

type refusal struct {
	Code  string `json:"code"`
	Field string `json:"field,omitempty"`
	Text  string `json:"text"`
}

// Bounds of a script.
const (
	maxLine  = 64 << 10  // bytes
	maxLines = 1_000_000 // lines
)

// play carries out a script. The error is of the script or the ledger as a
// whole; what is wrong with a line is in its result.
func (p *player) play(ctx context.Context, in *script) error {
	last := 0
	if in.file != nil {
		var err error
		if last, err = p.lastKnown(ctx, in); err != nil {
			return err
		}
		if _, err := in.file.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("read the commands: %w", err)
		}
	}
	return p.lines(ctx, in, func(n int, l line, err error) error {
		r, err := p.one(ctx, l, err, n < last)
		r.Line = n
		if err := p.tell(r); err != nil {
			return err
		}
		return err
	})
}

// lastKnown is the number of the last line that is in the ledger, 0 if none is.
func (p *player) lastKnown(ctx context.Context, in *script) (last int, err error) {
	err = p.lines(ctx, in, func(n int, l line, err error) error {
		if err != nil {
			return nil // it is told when its turn comes
		}
		known, err := p.known(l.order.ID)
		if known {
			last = n
		}
		return err
	})
	return last, err
}

func (p *player) known(id ledger.CommandID) (known bool, err error) {
	err = p.desk.Read(func(s *ledger.State) error {
		before, err := s.ByCommand(id)
		known = len(before) > 0
		return err
	})
	return known, err
}

// errStop ends the walk over the lines without being an error itself.
var errStop = errors.New("stop")

// lines walks a script. A line that cannot be read comes with its error.
func (p *player) lines(ctx context.Context, in io.Reader, take func(int, line, error) error) error {
	reader := bufio.NewReaderSize(in, maxLine)
	ids := namer{batch: p.options.batch, random: p.random, seen: make(map[ledger.CommandID]int)}
	for n := 1; ; n++ {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("interrupted before line %d; play the file again to go on", n)
		}
		if n > maxLines {
			return fmt.Errorf("more than %d lines: play the rest as a file of its own", maxLines)
		}
		text, tooLong, err := readLine(reader)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read the commands: %w", err)
		}
		if len(text) > 0 {
			l, err := line{}, errTooLong
			if !tooLong {
				l, err = p.parse(text, &ids)
			}
			if err := take(n, l, err); err != nil {
				if errors.Is(err, errStop) {
					err = nil
				}
				return err
			}
		}
		if err != nil {
			return nil
		}
	}
}

var errTooLong = fmt.Errorf("the line has more than %d bytes", maxLine)

// one carries out one line. The error ends the play.
func (p *player) one(ctx context.Context, l line, err error, passed bool) (result, error) {
	if err != nil {
		return p.failed(err)
	}
	known, err := p.known(l.order.ID)
	if err != nil {
		return p.failed(err)
	}
	if passed && !known && !p.options.retry {
		return p.failed(ledger.Refuse("play.passed_over", "Lines after this one are in the ledger and this one is not: it was refused when the file was played, or is new. Play with --retry to try it now."))
	}
	entries, err := p.carryOut(ctx, l, known)
	if err != nil {
		return p.failed(err)
	}
	r := result{OK: true, Again: known}
	for i := range entries {
		e, err := entries[i].ForPeople(p.desk.Book.Identity().Station)
		if err != nil {
			return p.failed(err)
		}
		r.Entries = append(r.Entries, e)
	}
	if known {
		p.again++
	} else {
		p.done++
	}
	return r, nil
}

// carryOut gives the desk the order. A line that made its own id and is in the
// ledger says what it said then, so its entries are the answer: nobody needs to
// be on the roster still. One that brought its id may say something else now.
func (p *player) carryOut(ctx context.Context, l line, known bool) (entries []ledger.Entry, err error) {
	if !known || l.named {
		return p.desk.Do(ctx, l.order)
	}
	err = p.desk.Read(func(s *ledger.State) error {
		entries, err = s.ByCommand(l.order.ID)
		return err
	})
	return entries, err
}

// failed is the result of a line that was refused or had an error. When the disk
// refused, nothing after it is tried.
func (p *player) failed(err error) (result, error) {
	var end error
	if p.options.stop {
		p.stopped, end = true, errStop
	}
	if r, ok := ledger.AsRefusal(err); ok {
		p.refused++
		return result{Refused: &refusal{r.Code, r.Field, r.Error()}}, end
	}
	p.errors++
	for _, fault := range []error{ledger.ErrClosed, ledger.ErrNotStored, ledger.ErrUnsure, ledger.ErrDamaged, context.Canceled} {
		if errors.Is(err, fault) {
			end = errStop
		}
	}
	return result{Error: err.Error()}, end
}

// tell prints a result. It is printed only when what it says is on disk.
func (p *player) tell(r result) error {
	if err := p.out.Encode(r); err != nil {
		return fmt.Errorf("print the result of line %d: %w", r.Line, err)
	}
	return nil
}
