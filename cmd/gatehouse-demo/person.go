package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"
	"unicode/utf8"
)

// turn is where a window stands, as gatehouse --trace writes it.
type turn struct {
	Place, Focus, Enter, Notice, Trouble, Ask, Refused string

	Typed, Found, Parts, Tenders, Rows, Waiting, Papers int
	Busy, Known, Complete, Offline                      bool
	Receipt, Number, Language, Link, Printer            string
}

// person stands at one window: presses its keys, touches it and looks at it.
// After something failed they do nothing more; err says what.
type person struct {
	name    string // of the window: cashier, kiosk
	ctx     context.Context
	window  display
	trace   string
	shots   string // folder of the pictures
	program *program
	err     error

	read int64 // of the trace
	rest []byte
	next []turn // not yet looked at
	now  turn
}

// waitMost is how long one thing may take to be seen.
const waitMost = 40 * time.Second

// sees waits until the window stands as it should.
func (p *person) sees(what string, so func(turn) bool) {
	if p.err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, waitMost)
	defer cancel()
	seen := so(p.now)
	p.err = until(ctx, what, func() (bool, error) {
		if seen {
			return true, nil
		}
		if err := p.look(); err != nil {
			return false, err
		}
		for len(p.next) > 0 && !seen {
			p.now, p.next = p.next[0], p.next[1:]
			seen = so(p.now)
		}
		if !seen && p.program.ended() {
			return false, fmt.Errorf("the window is gone: %w", p.program.err)
		}
		return seen, nil
	})
	if p.err != nil {
		p.err = fmt.Errorf("%w\nthe window stands at %+v", p.err, p.now)
	}
}

// look reads the turns written since the last look.
func (p *person) look() error {
	f, err := os.Open(p.trace)
	if errors.Is(err, os.ErrNotExist) {
		return nil // the window is not there yet
	}
	if err != nil {
		return err
	}
	defer f.Close()
	chunk := make([]byte, 64<<10)
	n, err := f.ReadAt(chunk, p.read)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	p.read += int64(n)
	lines := bytes.SplitAfter(append(p.rest, chunk[:n]...), []byte("\n"))
	p.rest = lines[len(lines)-1]
	for _, line := range lines[:len(lines)-1] {
		var t turn
		if err := json.Unmarshal(line, &t); err != nil {
			return fmt.Errorf("read the trace: %w", err)
		}
		p.next = append(p.next, t)
	}
	return nil
}

// does carries out something else that may fail.
func (p *person) does(f func() error) {
	if p.err == nil {
		p.err = f()
	}
}

func (p *person) xdotool(args ...string) {
	p.does(func() error { return p.window.xdotool(p.ctx, args...) })
}

// presses presses keys by their X names: F5, Return, ctrl+e.
func (p *person) presses(keys ...string) { p.xdotool(append([]string{"key"}, keys...)...) }

// personPace is how fast the fastest person types, in milliseconds a character;
// what comes faster is taken for a scanner.
const personPace = "80"

// relooks presses a key that changes how everything looks, which nothing but the
// picture tells.
func (p *person) relooks(key string) {
	p.does(func() error {
		return p.window.changes(p.ctx, func() error { return p.window.xdotool(p.ctx, "key", key) })
	})
}

// types types as fast as a person, and looks whether all of it stands there.
func (p *person) types(text string) {
	p.xdotool("type", "--delay", personPace, "--", text)
	n := utf8.RuneCountInString(text)
	p.sees(fmt.Sprintf("%d characters stand in the field", n), func(t turn) bool { return t.Typed == n })
}

// scans types as a scanner does, with Enter at the end.
func (p *person) scans(text string) {
	p.xdotool("type", "--delay", "4", "--args", "1", text, "key", "Return")
}

// touches puts a finger on a place of the screen.
func (p *person) touches(x, y int) {
	p.xdotool("mousemove", strconv.Itoa(x), strconv.Itoa(y), "click", "1")
}

// keeps keeps a picture of the window.
func (p *person) keeps(name string) {
	p.does(func() error { return p.window.save(p.ctx, filepath.Join(p.shots, name+".png")) })
}
