package linktest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"time"

	"gatehouse/drivers/link"
)

// during does something while it is interrupted, and waits for both.
func during(do func() error, interrupt func()) error {
	began, done := make(chan struct{}), make(chan error, 1)
	go func() { close(began); done <- do() }()
	<-began
	if err := within("what interrupts", Patience, func() error { interrupt(); return nil }); err != nil {
		return err
	}
	select {
	case err := <-done:
		return err
	case <-time.After(Patience):
		return errors.New("what was interrupted does not end")
	}
}

// heldUp writes more than any line holds while the device takes a single byte,
// so that the write has begun and stands; then it is interrupted.
func heldUp(d *Device, port link.Port, interrupt func()) error {
	far := d.Far()
	return during(func() error {
		for {
			_, err := port.Write(make([]byte, 1<<20))
			switch {
			case errors.Is(err, link.ErrGone):
				return nil
			case err != nil:
				return fmt.Errorf("the write that was interrupted: %v, want ErrGone", err)
			}
		}
	}, func() {
		io.ReadFull(far, make([]byte, 1))
		interrupt()
	})
}

// together reads, writes and closes from several sides at once; the race
// detector watches.
func together(d *Device) error {
	for range 20 {
		port, err := d.open()
		if err != nil {
			return err
		}
		far := d.Far()
		var ends crowd
		ends.do(func() error { return untilGone(port) })
		ends.do(func() error {
			for {
				if _, err := port.Write([]byte("a line of a receipt\n")); errors.Is(err, link.ErrGone) {
					return nil
				} else if err != nil {
					return fmt.Errorf("write while it is closed: %v, want ErrGone", err)
				}
			}
		})
		// The device has had a little of it, so all are under way.
		if _, err := far.Write([]byte("status")); err != nil {
			return err
		}
		if _, err := io.CopyN(io.Discard, far, 64); err != nil {
			return err
		}
		for range 3 {
			ends.do(port.Close)
		}
		if err := within("a line that is closed while in use", Patience, ends.wait); err != nil {
			return err
		}
	}
	return nil
}

// crowd runs functions at the same time and collects what they say.
type crowd struct {
	running sync.WaitGroup
	mu      sync.Mutex
	said    []error
}

func (g *crowd) do(f func() error) {
	g.running.Go(func() {
		err := f()
		g.mu.Lock()
		defer g.mu.Unlock()
		g.said = append(g.said, err)
	})
}

func (g *crowd) wait() error {
	g.running.Wait()
	return errors.Join(g.said...)
}

// openings is how often leaveNothing opens and closes.
const openings = 1000

func leaveNothing(d *Device) error {
	// Once before, so that what is there for good is counted as such.
	for range 2 {
		if err := openAndClose(d); err != nil {
			return err
		}
	}
	threads, files := count()
	for range openings {
		if err := openAndClose(d); err != nil {
			return err
		}
	}
	// What ends after a Close may need a moment.
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	late := time.After(Patience)
	for {
		t, f := count()
		if t <= threads && f <= files {
			return nil
		}
		select {
		case <-tick.C:
		case <-late:
			return fmt.Errorf("%d openings left %d goroutines and %d open files behind", openings, t-threads, f-files)
		}
	}
}

func openAndClose(d *Device) error {
	port, err := d.open()
	if err != nil {
		return err
	}
	return port.Close()
}

// count tells how many goroutines and open files this program has; files only
// where the system tells.
func count() (goroutines, files int) {
	if open, err := os.ReadDir("/proc/self/fd"); err == nil {
		files = len(open)
	}
	return runtime.NumGoroutine(), files
}
