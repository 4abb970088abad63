package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"gatehouse/drivers/escpos"
)

func escposVerb() verb {
	return verb{name: "escpos text", args: "FILE|-", short: "list what a stream of printer commands says",
		long: `Lists the commands and texts in a stream of ESC/POS, one a line: a command's name
and its first bytes in hexadecimal, or a text in quotes.`,
		run: runEscpos}
}

// shownBytes is how much of a command is shown.
const shownBytes = 24

func runEscpos(_ context.Context, c *call) error {
	args, err := c.parse(1, 1)
	if err != nil {
		return err
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
	out := bufio.NewWriter(c.Stdout)
	var t escpos.Tokenizer
	show := func(tok escpos.Token) { showToken(out, tok) }
	buf := make([]byte, 32<<10)
	for {
		n, err := in.Read(buf)
		t.Push(buf[:n], show)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read the stream: %w", err)
		}
	}
	t.Flush(show)
	if t.Pending() {
		fmt.Fprintln(out, "the stream ends inside a command")
	}
	return out.Flush()
}

func showToken(w io.Writer, tok escpos.Token) {
	if tok.Kind == escpos.TokenText {
		fmt.Fprintf(w, "%q\n", tok.Data)
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
	fmt.Fprintf(w, "%-12s % x%s\n", name, tok.Data[:min(len(tok.Data), shownBytes)], more)
}
