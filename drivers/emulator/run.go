package emulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
)

// RunConfig is what gatehousectl emulator is told.
type RunConfig struct {
	Link    string     // path of the port to make; this or TCP is required
	TCP     string     // address to be called at, such as 127.0.0.1:9100, in place of the port
	Dir     string     // folder for the pieces as NNN.png, NNN.txt and NNN.json; empty for none
	Control string     // loopback address of the panel, such as 127.0.0.1:8766; empty for none
	Model   string     // name of a profile; empty means TM-T88VI
	Baud    int        // speed of the line; 0 means 38400
	Speed   float64    // of the mechanics; 0 means as in life
	Sensor  Sensor     // of the drawer
	Faults  Script     // what happens by itself from the start; each is logged when it has happened
	Log     io.Writer  // one line for each piece; nil for none
	Clock   link.Clock // required

	log func(format string, args ...any) // to Log, whole lines
}

// Run is a printer until the context ends. It returns nil when it was asked to end, and an error when the
// port, the folder or the panel could not be made or broke.
func Run(ctx context.Context, cfg RunConfig) error {
	prof, err := cfg.fill()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	p := New(Config{
		Profile: prof, Clock: cfg.Clock, Baud: cfg.Baud, Speed: cfg.Speed, Sensor: cfg.Sensor,
		OnFault: func(action string, after State) {
			cfg.log("fault: %s, after %d bytes and %d lines", action, after.Received, after.Lines)
		},
		OnPiece: func(piece Piece) {
			if err := cfg.keep(piece); err != nil {
				cancel(err)
			}
		},
	})
	defer func() { _ = p.Close() }() // always nil
	at, hangUp, err := cfg.connect(p)
	if err != nil {
		return err
	}
	defer func() { _ = hangUp() }() // nobody is left to be told
	addr, err := cfg.serve(ctx, cancel, p)
	if err != nil {
		return err
	}
	cfg.log("%s is at %s%s", prof.Name, at, addr)
	if err := p.Follow(cfg.Faults); err != nil {
		return err
	}
	<-ctx.Done()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) && !errors.Is(cause, context.DeadlineExceeded) {
		return cause
	}
	return nil
}

// connect gives the printer its line, and says where it is.
func (cfg *RunConfig) connect(p *Printer) (at string, hangUp func() error, err error) {
	if cfg.TCP != "" {
		n, err := p.Listen(cfg.TCP)
		if err != nil {
			return "", nil, err
		}
		return n.Addr(), n.Close, nil
	}
	t, err := p.Terminal(cfg.Link)
	if err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("%s, %d baud", cfg.Link, cfg.Baud), t.Close, nil
}

// fill puts in what was left out.
func (cfg *RunConfig) fill() (escpos.Profile, error) {
	if cfg.Model == "" {
		cfg.Model = "TM-T88VI"
	}
	if cfg.Baud == 0 {
		cfg.Baud = 38400
	}
	if cfg.Speed == 0 {
		cfg.Speed = 1
	}
	if cfg.Log == nil {
		cfg.Log = io.Discard
	}
	cfg.log = log.New(cfg.Log, "", 0).Printf
	prof, ok := escpos.ProfileNamed(cfg.Model)
	if !ok {
		return prof, fmt.Errorf("run emulated printer: there is no model %q", cfg.Model)
	}
	if (cfg.Link == "") == (cfg.TCP == "") {
		return prof, errors.New("run emulated printer: it needs a path for its port or an address on the network, one of them")
	}
	if cfg.Baud < 300 {
		return prof, errors.New("run emulated printer: its speed is at least 300 baud")
	}
	if cfg.Dir != "" {
		if err := os.MkdirAll(cfg.Dir, 0o755); err != nil {
			return prof, fmt.Errorf("make the folder for printed pieces: %w", err)
		}
	}
	return prof, nil
}

// keep writes a piece into the folder.
func (cfg *RunConfig) keep(piece Piece) error {
	cfg.log("piece %d: %d×%d dots", piece.Number, piece.Width, piece.Height)
	if cfg.Dir == "" {
		return nil
	}
	picture, err := piece.PNG()
	if err != nil {
		return fmt.Errorf("draw piece %d: %w", piece.Number, err)
	}
	list, err := piece.JSON()
	if err != nil {
		return fmt.Errorf("list piece %d: %w", piece.Number, err)
	}
	for ext, data := range map[string][]byte{"png": picture, "txt": []byte(piece.Text()), "json": list} {
		name := filepath.Join(cfg.Dir, fmt.Sprintf("%03d.%s", piece.Number, ext))
		if err := os.WriteFile(name, data, 0o644); err != nil {
			return fmt.Errorf("keep piece %d: %w", piece.Number, err)
		}
	}
	return nil
}

// serve shows the panel, on loopback only. It returns the address as a remark for the log.
func (cfg *RunConfig) serve(ctx context.Context, cancel context.CancelCauseFunc, p *Printer) (string, error) {
	if cfg.Control == "" {
		return "", nil
	}
	l, err := net.Listen("tcp", cfg.Control)
	if err != nil {
		return "", fmt.Errorf("open the panel of the emulated printer: %w", err)
	}
	if a, ok := l.Addr().(*net.TCPAddr); !ok || !a.IP.IsLoopback() {
		_ = l.Close() // it was never used
		return "", fmt.Errorf("open the panel of the emulated printer at %s: only loopback is allowed", cfg.Control)
	}
	srv := &http.Server{Handler: p.Handler(), ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { _ = srv.Close() }) // ends Serve
	go func() {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			cancel(fmt.Errorf("serve the panel of the emulated printer: %w", err))
		}
	}()
	return ", panel at http://" + l.Addr().String(), nil
}
