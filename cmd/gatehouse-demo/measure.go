package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"gatehouse/desk/sample"
)

// What the window is measured with.
const (
	manyCustomers = sample.MaxCustomers
	starts        = 5
	keyPresses    = 120
	idleFor       = 10 * time.Second
)

// measure measures the real window: how soon it is usable with a small ledger
// and with a large one, how long from a key to a changed picture, and what it
// costs while nobody touches it. It prints the figures the way benchmarks do.
// large is a folder with a ledger.db of station A1 and its station.key.
func measure(ctx context.Context, large string, out io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "gatehouse-measure-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	h, err := newHouse(filepath.Join(dir, "logs"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.stopAll()) }()
	screen, err := h.startDisplay(ctx, "display", 1366, 768)
	if err != nil {
		return err
	}
	small, full := filepath.Join(dir, "small"), filepath.Join(dir, "full")
	if err := sample.Write(small, time.Now(), 5000); err != nil {
		return err
	}
	if err := sample.Write(full, time.Now(), manyCustomers); err != nil {
		return err
	}
	if err := lendLedger(large, filepath.Join(full, "A1")); err != nil {
		return err
	}
	m := &measuring{house: h, screen: screen}
	// The first start makes the small ledger, and the large one's mirror.
	for _, data := range []string{small, full} {
		if err := m.startOnce(ctx, data, func(p *program) error { return mirrorStandsStill(ctx, data) }); err != nil {
			return err
		}
	}
	var withSmall, withLarge, keys []time.Duration
	var idle time.Duration
	for range starts {
		if err := m.startOnce(ctx, small, nil); err != nil {
			return err
		}
		withSmall = append(withSmall, m.usable)
		if err := m.startOnce(ctx, full, nil); err != nil {
			return err
		}
		withLarge = append(withLarge, m.usable)
	}
	err = m.startOnce(ctx, full, func(p *program) error {
		if idle, err = m.idle(ctx, p); err != nil {
			return err
		}
		// What is known already is said, should a key not be answered.
		fmt.Fprintf(out, "usable after %v with the small ledger, %v with the large; %v of the processor in %v\n", withSmall, withLarge, idle, idleFor)
		keys, err = m.keys(ctx)
		return err
	})
	if err != nil {
		return err
	}
	slices.Sort(keys)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	p95 := keys[len(keys)*95/100]
	_, err = fmt.Fprintf(out, "BenchmarkWindow 1 %.0f ms/start-large %.3f growth %.1f ms/key-p50 %.1f ms/key-p95 %.2f %%idle\n",
		ms(median(withLarge)), ms(median(withLarge))/ms(median(withSmall)), ms(keys[len(keys)/2]), ms(p95),
		100*idle.Seconds()/idleFor.Seconds())
	return err
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

// lendLedger copies a ledger and its key to where a station looks for them.
func lendLedger(from, to string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	for _, name := range []string{"ledger.db", "station.key"} {
		if err := copyOver(filepath.Join(from, name), filepath.Join(to, name)); err != nil {
			return fmt.Errorf("take the large ledger, which the benchmarks of the house make: %w", err)
		}
	}
	return nil
}

func copyOver(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// mirrorStandsStill waits until the station's mirror has caught up.
func mirrorStandsStill(ctx context.Context, data string) error {
	var last int64
	since := time.Now()
	return until(ctx, "the mirror stands still", func() (bool, error) {
		var size int64
		files, err := os.ReadDir(filepath.Join(data, "A1", "mirror"))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return false, err
		}
		for _, f := range files {
			if info, err := f.Info(); err == nil {
				size += info.Size()
			}
		}
		if size != last {
			last, since = size, time.Now()
		}
		return time.Since(since) > 2*time.Second, nil
	})
}

// measuring is one window after another on one display.
type measuring struct {
	house  *house
	screen display
	usable time.Duration // of the last start
}

// startOnce starts a station, waits until it is usable, lets while do its
// work, and stops it.
func (m *measuring) startOnce(ctx context.Context, data string, while func(*program) error) error {
	log := filepath.Join(data, "A1", "station.log")
	before, err := usableLines(log)
	if err != nil {
		return err
	}
	p, err := m.house.ours("station", "gatehouse", []string{"DISPLAY=" + m.screen.name},
		"--data", data, "--printer", "none", "--sample", "--size", "1366x768")
	if err != nil {
		return err
	}
	err = until(ctx, "the window is usable", func() (bool, error) {
		if p.ended() {
			return false, fmt.Errorf("the station ended: %w", p.err)
		}
		lines, err := usableLines(log)
		if len(lines) <= len(before) {
			return false, err
		}
		m.usable = lines[len(lines)-1]
		return true, nil
	})
	if err == nil && while != nil {
		err = while(p)
	}
	return errors.Join(err, p.stop())
}

// usableLines reads from a station's log how long each start took.
func usableLines(path string) ([]time.Duration, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []time.Duration
	for line := range strings.Lines(string(text)) {
		_, after, said := strings.Cut(line, `msg="window usable" after_ms=`)
		if !said {
			continue
		}
		ms, err := strconv.ParseInt(strings.TrimSpace(after), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("read how long a start took: %w", err)
		}
		all = append(all, time.Duration(ms)*time.Millisecond)
	}
	return all, nil
}

// idle is the processor's time that a window takes while nobody touches it, in
// idleFor.
func (m *measuring) idle(ctx context.Context, p *program) (time.Duration, error) {
	before, err := cpuTime(p.cmd.Process.Pid)
	if err != nil {
		return 0, err
	}
	select {
	case <-time.After(idleFor):
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
	after, err := cpuTime(p.cmd.Process.Pid)
	return after - before, err
}

// cpuTime is what a process has used, after proc(5): fields 14 and 15 of its
// stat, in hundredths of a second.
func cpuTime(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 13 {
		return 0, fmt.Errorf("read the processor's time: %d fields", len(fields))
	}
	var ticks int64
	for _, f := range fields[11:13] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * time.Second / 100, nil
}

// keys presses letters in the focused field and measures from the order to
// xdotool, its start included, to the changed picture.
func (m *measuring) keys(ctx context.Context) ([]time.Duration, error) {
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
	var all []time.Duration
	last := bytes.Clone(pixels)
	for i := range keyPresses {
		if err := m.stands(ctx, pixels, &last); err != nil {
			return nil, err
		}
		key := "a"
		if i%2 == 1 { // the field holds only so much
			key = "BackSpace"
		}
		began := time.Now()
		pressed := make(chan error, 1)
		go func() { pressed <- m.screen.xdotool(ctx, "key", "--delay", "0", key) }()
		for bytes.Equal(pixels, last) {
			if time.Since(began) > 5*time.Second {
				return nil, errors.New("a key changed nothing on the screen for 5 s")
			}
			time.Sleep(200 * time.Microsecond)
		}
		all = append(all, time.Since(began))
		if err := <-pressed; err != nil {
			return nil, err
		}
	}
	return all, nil
}

// stands waits until the picture has not changed for a while.
func (m *measuring) stands(ctx context.Context, pixels []byte, last *[]byte) error {
	since := time.Now()
	return until(ctx, "the picture stands still", func() (bool, error) {
		if !bytes.Equal(pixels, *last) {
			copy(*last, pixels)
			since = time.Now()
		}
		return time.Since(since) > 80*time.Millisecond, nil
	})
}
