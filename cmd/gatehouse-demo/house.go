package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// house starts the programs and stops them.
type house struct {
	bin  string // folder of our programs
	logs string // folder of what they print

	running []*program // in the order they were started
}

func newHouse(logs string) (*house, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find our programs: %w", err)
	}
	if err := os.MkdirAll(logs, 0o755); err != nil {
		return nil, err
	}
	return &house{bin: filepath.Dir(self), logs: logs}, nil
}

// program is a process.
type program struct {
	name string
	cmd  *exec.Cmd
	done chan struct{} // closed when it ended
	err  error         // how
}

// patience is how long a program may take to end when it is asked to.
const patience = 15 * time.Second

// ours starts one of our programs.
func (h *house) ours(name, program string, env []string, args ...string) (*program, error) {
	return h.start(name, exec.Command(filepath.Join(h.bin, program), args...), env)
}

// start starts a program, in a group of its own so that a Ctrl+C reaches only us;
// what it prints goes into a file.
func (h *house) start(name string, cmd *exec.Cmd, env []string) (*program, error) {
	out, err := os.OpenFile(filepath.Join(h.logs, name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	cmd.Env = append(append(os.Environ(), "LANG=en_US.UTF-8", "LC_ALL="), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	p := &program{name: name, cmd: cmd, done: make(chan struct{})}
	go func() {
		p.err = cmd.Wait()
		close(p.done)
	}()
	h.running = append(h.running, p)
	return p, nil
}

// stop asks a program to end and waits. It returns how it ended.
func (p *program) stop() error {
	if !p.ended() {
		_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may just have ended
	}
	select {
	case <-p.done:
	case <-time.After(patience):
		_ = p.cmd.Process.Signal(syscall.SIGQUIT) // its output then says where it stood
		select {
		case <-p.done:
		case <-time.After(patience):
			_ = p.cmd.Process.Kill()
			<-p.done
		}
		return fmt.Errorf("%s did not end within %s and was killed; its log says where it stood", p.name, patience)
	}
	if p.err != nil {
		return fmt.Errorf("%s: %w", p.name, p.err)
	}
	return nil
}

func (p *program) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// stopAll stops what still runs, the newest first.
func (h *house) stopAll() error {
	var all []error
	for i := len(h.running) - 1; i >= 0; i-- {
		if p := h.running[i]; !p.ended() {
			all = append(all, p.stop())
		}
	}
	return errors.Join(all...)
}

// freePort finds a port of loopback that nobody uses.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// pace is how often something is looked at that cannot be waited for otherwise.
const pace = 15 * time.Millisecond

// until looks again and again until something is so, or the context ends.
func until(ctx context.Context, what string, so func() (bool, error)) error {
	for {
		ok, err := so()
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		if ok {
			return nil
		}
		if err := pause(ctx, pace); err != nil {
			return fmt.Errorf("it did not happen that %s: %w", what, err)
		}
	}
}

// pause lets time pass, unless the context ends.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}
