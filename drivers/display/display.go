package display

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"gatehouse/drivers/link"
)

// Config is what a Display needs.
type Config struct {
	Dialer     link.Dialer // required
	Clock      link.Clock  // required
	Language   Language
	Columns    int // 16 to 40; 0 means 20
	Brightness int // 1 to 4; 0 means 4
	Log        *slog.Logger
}

// Display is a customer's display on a line that is opened again when it was
// lost.
type Display struct {
	cfg  Config
	end  context.CancelFunc
	done chan struct{}
	news chan struct{} // one is waiting if lines has changed

	mu    sync.Mutex
	lines Lines
}

// Open begins to keep the line open, with both lines empty. A display that is
// not there yet is no error.
func Open(cfg Config) (*Display, error) {
	if cfg.Columns == 0 {
		cfg.Columns = Columns
	}
	if cfg.Brightness == 0 {
		cfg.Brightness = MaxBrightness
	}
	switch {
	case cfg.Columns < MinColumns || cfg.Columns > MaxColumns:
		return nil, fmt.Errorf("open the customer's display: %d columns, want %d to %d", cfg.Columns, MinColumns, MaxColumns)
	case cfg.Brightness < MinBrightness || cfg.Brightness > MaxBrightness:
		return nil, fmt.Errorf("open the customer's display: brightness %d, want %d to %d", cfg.Brightness, MinBrightness, MaxBrightness)
	}
	ctx, end := context.WithCancel(context.Background())
	d := &Display{cfg: cfg, end: end, done: make(chan struct{}), news: make(chan struct{}, 1)}
	keep := link.Supervisor{Dialer: cfg.Dialer, Clock: cfg.Clock, Serve: d.serve, Down: d.down()}
	go func() {
		defer close(d.done)
		keep.Run(ctx)
	}()
	return d, nil
}

// down notes the first of a row of like failures only.
func (d *Display) down() func(error) {
	said := ""
	return func(cause error) {
		if text := cause.Error(); text != said {
			said = text
			d.cfg.Log.Warn("the customer's display cannot be reached; check its cable", "cause", cause)
		}
	}
}

// Show puts lines on the display. It never blocks: where the display is slow or
// away, the newest lines win.
func (d *Display) Show(l Lines) {
	d.mu.Lock()
	d.lines = l
	d.mu.Unlock()
	select {
	case d.news <- struct{}{}:
	default:
	}
}

func (d *Display) wanted() Lines {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.lines
}

// Close gives the line up and returns when nothing is open any more. What is
// shown stays.
func (d *Display) Close() error {
	d.end()
	<-d.done
	return nil
}

// serve shows the newest lines until the line is gone. A display says nothing
// by itself; it is listened to because that is how an unplugged adapter shows.
func (d *Display) serve(ctx context.Context, port link.Port) error {
	ctx, lost := context.WithCancelCause(ctx)
	// Closing frees a write that stands in a line which is held up.
	freed := context.AfterFunc(ctx, func() { _ = port.Close() }) // the supervisor hears of it too
	var listener sync.WaitGroup
	listener.Go(func() { lost(listen(ctx, port)) })
	defer listener.Wait()
	defer lost(nil)
	defer freed()
	p := pen{language: d.cfg.Language, columns: d.cfg.Columns, brightness: d.cfg.Brightness}
	out := p.begin()
	for {
		out = append(out, p.write(d.wanted())...)
		if len(out) > 0 {
			if _, err := port.Write(out); err != nil {
				return err
			}
			out = nil
		}
		select {
		case <-d.news:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func listen(ctx context.Context, port link.Port) error {
	b := make([]byte, 64)
	for ctx.Err() == nil {
		if _, err := port.Read(b); err != nil && !errors.Is(err, link.ErrTimeout) {
			return err
		}
	}
	return ctx.Err()
}
