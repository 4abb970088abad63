package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
)

func escposVerb() verb {
	return verb{name: "escpos decode", args: "FILE|- [--text] [--json] [--png FILE] [--model NAME]",
		short: "say what a stream of printer commands prints",
		long: `Reads a stream of ESC/POS, from whatever program it is. Without an option it lists
the commands and texts, one a line: where it begins, a command's name and its first
bytes in hexadecimal, or a text in quotes; and says how many no reference knows.

With an option it prints the stream on an emulated printer instead, and shows what
is on the paper: as text, or as a picture for each piece that is cut off (FILE, then
FILE-2, FILE-3 and so on). --json gives both: the commands, each with its place in the
stream and what it does in words, and the pieces, with all that is on them in dots. A
stream that is printed has at most 8 MB.`,
		run: runEscpos}
}

func runEscpos(ctx context.Context, c *call) error {
	asText := c.flags.Bool("text", false, "the paper as text")
	asJSON := c.flags.Bool("json", false, "commands and paper as JSON")
	picture := c.flags.String("png", "", "write the paper as pictures: `FILE`")
	model := c.flags.String("model", "TM-T88VI", "the printer it is for: `NAME` of a profile")
	args, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	if *asText && *asJSON {
		return usage("--text or --json, not both")
	}
	profile, known := escpos.ProfileNamed(*model)
	if !known {
		return usage("there is no profile %.40q", *model)
	}
	in := c.Stdin
	if args[0] != "-" {
		f, err := os.Open(args[0])
		if err != nil {
			return fmt.Errorf("read the stream: %w", err)
		}
		defer f.Close()
		in = f
	}
	stream := bufio.NewReader(in)
	if first, _ := stream.Peek(2); len(first) == 2 && (first[0] == '{' && (first[1] == '"' || first[1] == '\n' || first[1] == ' ') || string(first) == "[{") {
		return fmt.Errorf("read the stream: %s is JSON, not the commands of a printer: gatehousectl escpos encode makes them of a document", args[0])
	}
	in = stream
	if !*asText && !*asJSON && *picture == "" {
		return c.listStream(in)
	}
	var list streamList
	if *asJSON {
		in = io.TeeReader(in, &list)
	}
	out, err := emulator.Print(ctx, profile, in)
	if err != nil {
		return err
	}
	if out.Unknown > 0 || out.Unsupported > 0 {
		fmt.Fprintf(c.Stderr, "%d unknown commands, %d that the emulated printer does not draw\n", out.Unknown, out.Unsupported)
	}
	if *picture != "" {
		if err := writePictures(*picture, out.Pieces); err != nil {
			return err
		}
	}
	switch {
	case *asText:
		return c.showText(out.Pieces)
	case *asJSON:
		return c.showJSON(&list, out)
	}
	return nil
}

func (c *call) showText(pieces []emulator.Piece) error {
	for i, p := range pieces {
		if i > 0 {
			fmt.Fprintln(c.Stdout, "- - - cut - - -")
		}
		if _, err := io.WriteString(c.Stdout, p.Text()); err != nil {
			return err
		}
	}
	return nil
}

// writePictures writes a picture of each piece.
func writePictures(path string, pieces []emulator.Piece) error {
	if len(pieces) == 0 {
		return errors.New("draw the paper: nothing is printed")
	}
	ext := filepath.Ext(path)
	for i, p := range pieces {
		drawn, err := p.PNG()
		if err != nil {
			return fmt.Errorf("draw piece %d: %w", i+1, err)
		}
		name := path
		if i > 0 {
			name = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(path, ext), i+1, ext)
		}
		err = writeWhole(name, func(w io.Writer) error {
			_, err := w.Write(drawn)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// shownBytes is how much of a command is shown.
const shownBytes = 24

// listStream lists the commands of a stream.
func (c *call) listStream(in io.Reader) error {
	out := bufio.NewWriter(c.Stdout)
	var t escpos.Tokenizer
	at, unknown := 0, 0
	show := func(tok escpos.Token) {
		if tok.Kind == escpos.TokenUnknown {
			unknown++
		}
		showToken(out, at, tok)
		at += len(tok.Data) + tok.Lost
	}
	buf := make([]byte, 32<<10)
	total := 0
	for {
		n, err := in.Read(buf)
		t.Push(buf[:n], show)
		total += n
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read the stream: %w", err)
		}
	}
	t.Flush(show)
	if t.Pending() {
		fmt.Fprintf(out, "the stream ends inside a command that begins at %d\n", at)
	}
	fmt.Fprintf(out, "%d bytes, %d unknown\n", total, unknown)
	return out.Flush()
}

func showToken(w io.Writer, at int, tok escpos.Token) {
	if tok.Kind == escpos.TokenText {
		fmt.Fprintf(w, "%7d  %q\n", at, tok.Data)
		return
	}
	name := tok.Name
	if tok.Kind == escpos.TokenUnknown {
		name += " (unknown)"
	}
	more := ""
	if len(tok.Data) > shownBytes {
		more = fmt.Sprintf(" … %d bytes in all", len(tok.Data)+tok.Lost)
	}
	fmt.Fprintf(w, "%7d  %-12s % x%s\n", at, name, tok.Data[:min(len(tok.Data), shownBytes)], more)
}
