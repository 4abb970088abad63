package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// display is an X server without a screen; its picture lies in a file.
type display struct {
	name    string // ":99"
	picture string
}

// startDisplay starts Xvfb on a number that is free.
func (h *house) startDisplay(ctx context.Context, name string, width, height int) (display, error) {
	folder := filepath.Join(h.logs, name)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return display{}, err
	}
	told, tell, err := os.Pipe()
	if err != nil {
		return display{}, err
	}
	defer told.Close()
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height),
		"-nolisten", "tcp", "-noreset", "-fbdir", folder)
	cmd.ExtraFiles = []*os.File{tell}
	_, err = h.start(name, cmd, nil)
	if err := errors.Join(err, tell.Close()); err != nil {
		return display{}, err
	}
	var number string
	said := make(chan error, 1)
	go func() {
		_, err := fmt.Fscan(told, &number)
		said <- err
	}()
	select {
	case err = <-said:
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	if err != nil {
		return display{}, fmt.Errorf("start Xvfb: %w", err)
	}
	return display{name: ":" + number, picture: filepath.Join(folder, "Xvfb_screen0")}, nil
}

// xdotool presses real keys and touches.
func (d display) xdotool(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, "xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+d.name)
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return fmt.Errorf("xdotool %s: %w", args[0], context.Cause(ctx))
	}
	if err != nil {
		return fmt.Errorf("xdotool %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return nil
}

// stillFor is how long a picture must not change to be worth keeping; the window
// draws up to a few frames after it knows what to show.
const (
	stillFor = 150 * time.Millisecond
	stillMax = 3 * time.Second
)

// save waits until the picture stands still and writes it as PNG.
func (d display) save(ctx context.Context, path string) error {
	var last []byte
	since, began := time.Now(), time.Now()
	err := until(ctx, "the picture stands still", func() (bool, error) {
		now, err := os.ReadFile(d.picture)
		if err != nil {
			return false, err
		}
		if !bytes.Equal(now, last) {
			last, since = now, time.Now()
		}
		return time.Since(since) >= stillFor || time.Since(began) > stillMax, nil
	})
	if err != nil {
		return err
	}
	picture, err := readXWD(last)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&out, picture); err != nil {
		return err
	}
	return os.WriteFile(path, out.Bytes(), 0o644)
}

// changes does something and waits until the picture is another.
func (d display) changes(ctx context.Context, do func() error) error {
	before, err := os.ReadFile(d.picture)
	if err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return until(ctx, "the picture changes", func() (bool, error) {
		now, err := os.ReadFile(d.picture)
		return !bytes.Equal(now, before), err
	})
}

// readXWD reads the X window dump that Xvfb keeps: a head of big-endian words, a
// colour map, and four bytes a pixel, after XWDFile.h of the X server.
func readXWD(data []byte) (image.Image, error) {
	const words = 25
	if len(data) < 4*words {
		return nil, errors.New("read the display's picture: it is too short")
	}
	word := func(i int) int { return int(binary.BigEndian.Uint32(data[4*i:])) }
	head, width, height, bits, stride, colours := word(0), word(4), word(5), word(11), word(12), word(19)
	start := head + 12*colours
	if bits != 32 || width < 1 || height < 1 || width > 1<<14 || height > 1<<14 || stride < 4*width || start < 0 || len(data) < start+height*stride {
		return nil, fmt.Errorf("read the display's picture: %d×%d with %d bits is not what was expected", width, height, bits)
	}
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		row, to := data[start+y*stride:], out.Pix[y*out.Stride:]
		for x := range width {
			to[4*x], to[4*x+1], to[4*x+2], to[4*x+3] = row[4*x+2], row[4*x+1], row[4*x], 255
		}
	}
	return out, nil
}
