package emulator

import (
	"context"
	"errors"
	"fmt"
	"io"

	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
)

// MaxPrintout is how many bytes of a stream are printed: twelve minutes of the fastest line.
const MaxPrintout = 8 << 20

// Printout is what a stream of commands leaves on paper.
type Printout struct {
	Pieces      []Piece // oldest first; the last one may still hang in the printer
	Bytes       int     // of the stream
	Unknown     int     // bytes after ESC, FS, GS or US that no reference knows
	Unsupported int     // commands that are known and leave the emulated paper as it is
}

// Print prints a stream that was kept, in a file for example, at once: there is no line whose speed or buffer
// could matter. A line of text without its line feed stays in the printer, as in life. It returns the context's
// error, an error of the reader, or one that says that the stream is longer than [MaxPrintout].
func Print(ctx context.Context, profile escpos.Profile, stream io.Reader) (Printout, error) {
	chunk := make([]byte, 4096)
	p := New(Config{Profile: profile, Clock: link.WallClock{}, Buffer: len(chunk), HandsIn: true})
	defer func() { _ = p.Close() }() // always nil
	var out Printout
	for {
		n, err := stream.Read(chunk)
		if out.Bytes += n; out.Bytes > MaxPrintout {
			return out, fmt.Errorf("print the stream: it is longer than %d bytes", MaxPrintout)
		}
		p.receive(chunk[:n])
		if idle := p.WaitIdle(ctx); idle != nil {
			return out, fmt.Errorf("print the stream: %w", idle)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return out, fmt.Errorf("read the stream: %w", err)
		}
	}
	out.Pieces = p.Pieces()
	if rest := p.Unfinished(); len(rest.Elements) > 0 {
		out.Pieces = append(out.Pieces, rest)
	}
	for _, f := range p.Forms() {
		out.Pieces = append(out.Pieces, f.printed()...)
	}
	s := p.State()
	out.Unknown, out.Unsupported = s.Unknown, s.Unsupported
	return out, nil
}
