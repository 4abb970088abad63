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
	"time"

	"gatehouse/desk/sample"
)

// What the window is measured with.
const (
	manyCustomers = sample.MaxCustomers
	starts        = 5
	idleFor       = 10 * time.Second
	idleSpells    = 3
	settling      = 5 * time.Second
	screenWidth   = 1366
	screenHeight  = 768
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
	logs, err := os.MkdirTemp("", "gatehouse-measure-logs-")
	if err != nil {
		return errors.Join(err, os.RemoveAll(dir))
	}
	defer func() {
		err = errors.Join(err, os.RemoveAll(dir))
		if err != nil {
			err = fmt.Errorf("%w (what the programs said is in %s)", err, logs)
			return
		}
		err = os.RemoveAll(logs)
	}()
	h, err := newHouse(logs)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.stopAll()) }()
	screen, err := h.startDisplay(ctx, "display", screenWidth, screenHeight)
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
		idle, err = m.idle(ctx, p)
		return err
	})
	if err != nil {
		return err
	}
	// What is known already is said, should a key not be answered.
	fmt.Fprintf(out, "usable after %v with the small ledger, %v with the large; %v of the processor in %v\n", withSmall, withLarge, idle, idleFor)
	trace := filepath.Join(dir, "trace.jsonl")
	err = m.startOnce(ctx, full, func(p *program) error {
		keys, err = m.keys(ctx, p, trace)
		return err
	}, "--trace", trace)
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

// startOnce starts a station, with more options if there are any, waits until it
// is usable, lets while do its work, and stops it.
func (m *measuring) startOnce(ctx context.Context, data string, while func(*program) error, options ...string) error {
	log := filepath.Join(data, "A1", "station.log")
	before, err := usableLines(log)
	if err != nil {
		return err
	}
	options = append([]string{"--data", data, "--printer", "none", "--sample", "--size", fmt.Sprintf("%dx%d", screenWidth, screenHeight)}, options...)
	p, err := m.house.ours("station", "gatehouse", []string{"DISPLAY=" + m.screen.name}, options...)
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
// idleFor, once it has done all that comes after a start: the median of some spells,
// for the machine has other things to do now and then.
func (m *measuring) idle(ctx context.Context, p *program) (time.Duration, error) {
	if err := pause(ctx, settling); err != nil {
		return 0, err
	}
	spells := make([]time.Duration, idleSpells)
	for i := range spells {
		var err error
		if spells[i], err = idleOnce(ctx, p); err != nil {
			return 0, err
		}
	}
	return median(spells), nil
}

func idleOnce(ctx context.Context, p *program) (time.Duration, error) {
	before, err := cpuTime(p.cmd.Process.Pid)
	if err != nil {
		return 0, err
	}
	if err := pause(ctx, idleFor); err != nil {
		return 0, err
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
