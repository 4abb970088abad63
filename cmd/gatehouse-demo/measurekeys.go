package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	"gatehouse/desk/sample"
	"gatehouse/desk/staff"
)

const (
	keyPresses = 120
	// settled is how long the picture must not have changed before the next key:
	// longer than a search takes to show what it found.
	settled = 150 * time.Millisecond
	// unanswered is when a key counts as lost.
	unanswered = 5 * time.Second
	// looks is how often the picture is looked at while a key is under way: often
	// enough to measure with, and seldom enough not to take the processor from the
	// station that is measured.
	looks = time.Millisecond
	// line is how many bytes a line of the picture has, and of each sparse lines one
	// is looked at: no letter is less high.
	line   = screenWidth * 4
	sparse = 4
)

// keys measures from a key to a changed picture, in the search of a cashier who
// is signed in: a letter, which also begins a search, and the letter taken back.
// One xdotool presses them all, so that only what a key does is measured and not
// how long a program takes to start.
func (m *measuring) keys(ctx context.Context, station *program, trace string) ([]time.Duration, error) {
	if err := m.signsIn(ctx, station, trace); err != nil {
		return nil, err
	}
	picture, err := os.Open(m.screen.picture)
	if err != nil {
		return nil, err
	}
	defer picture.Close()
	info, err := picture.Stat()
	if err != nil {
		return nil, err
	}
	pixels, err := syscall.Mmap(int(picture.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("look at the display: %w", err)
	}
	defer syscall.Munmap(pixels)
	keyboard, err := m.house.startKeyboard(m.screen)
	if err != nil {
		return nil, err
	}
	all := make([]time.Duration, keyPresses)
	last := bytes.Clone(pixels)
	for i := range all {
		if err := stands(ctx, pixels, last); err != nil {
			return nil, err
		}
		key := "g"
		if i%2 == 1 {
			key = "BackSpace"
		}
		if all[i], err = answered(keyboard, key, pixels, last); err != nil {
			return nil, err
		}
	}
	return all, keyboard.Close()
}

// startKeyboard starts an xdotool that presses a key for each line written to it.
func (h *house) startKeyboard(on display) (io.WriteCloser, error) {
	cmd := exec.Command("xdotool", "-")
	orders, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	_, err = h.start("keyboard", cmd, []string{"DISPLAY=" + on.name})
	return orders, err
}

// signsIn brings a cashier whose drawer is open to the window, with the keyboard
// in the search.
func (m *measuring) signsIn(ctx context.Context, station *program, trace string) error {
	pins := map[staff.ID]string{}
	for _, h := range sample.PINs() {
		pins[h.ID] = h.PIN
	}
	p := &person{name: "cashier", ctx: ctx, window: m.screen, trace: trace, program: station}
	p.sees("the station asks for the PIN of who was there last", func(t turn) bool { return t.Place == "sign_in" && t.Focus == "pin" })
	p.types(pins["maria"])
	p.presses("Return")
	p.sees("the window is open for customers", at("window"))
	p.presses("F2")
	p.sees("the keyboard is in the search", func(t turn) bool { return t.Focus == "find" && t.Typed == 0 })
	return p.err
}

// answered presses a key and waits until the picture is another.
func answered(keyboard io.Writer, key string, pixels, last []byte) (time.Duration, error) {
	began := time.Now()
	if _, err := fmt.Fprintln(keyboard, "key --delay 0", key); err != nil {
		return 0, fmt.Errorf("press the key %s: %w", key, err)
	}
	for same(pixels, last) {
		if time.Since(began) > unanswered {
			return 0, fmt.Errorf("the key %s changed nothing on the screen for %v", key, unanswered)
		}
		time.Sleep(looks)
	}
	return time.Since(began), nil
}

// same reports whether a picture is as it was.
func same(pixels, last []byte) bool {
	for from := 0; from < len(pixels); from += sparse * line {
		to := min(from+line, len(pixels))
		if !bytes.Equal(pixels[from:to], last[from:to]) {
			return false
		}
	}
	return true
}

// stands waits until the picture has not changed for a while, and copies it into
// last.
func stands(ctx context.Context, pixels, last []byte) error {
	since := time.Now()
	return until(ctx, "the picture stands still", func() (bool, error) {
		if !same(pixels, last) {
			copy(last, pixels)
			since = time.Now()
		}
		return time.Since(since) > settled, nil
	})
}
