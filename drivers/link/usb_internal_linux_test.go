package link

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"
)

// scripted is a printer's file that answers as usblp does (the kernel's
// drivers/usb/class/usblp.c) where a terminal would answer differently.
type scripted struct {
	mu            sync.Mutex
	reads, writes []answer // in turn; the last one for ever
	taken         bytes.Buffer
	asked         int
	gone          bool
}

type answer struct {
	n   int
	err error
}

func next(script *[]answer) answer {
	a := (*script)[0]
	if len(*script) > 1 {
		*script = (*script)[1:]
	}
	return a
}

func (f *scripted) Read([]byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	a := next(&f.reads)
	return a.n, a.err
}

func (f *scripted) Write(b []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	a := next(&f.writes)
	n := min(a.n, len(b))
	f.taken.Write(b[:n])
	return n, a.err
}

func (f *scripted) SetReadDeadline(time.Time) error { return nil }
func (f *scripted) hungUp() bool                    { return f.gone }
func (f *scripted) Close() error                    { return nil }

func TestWhatAUSBPrinterAnswersToARead(t *testing.T) {
	empty := answer{0, io.EOF}
	for _, c := range []struct {
		name   string
		answer []answer
		pulled bool
		want   error
		n      int
		after  time.Duration
		most   int // times the system may be asked
	}{
		{name: "a status byte", answer: []answer{{n: 1}}, n: 1, most: 1},
		{name: "nothing yet", answer: []answer{{err: os.ErrDeadlineExceeded}}, want: ErrTimeout, most: 1},
		{name: "empty packets, then a status byte", answer: []answer{empty, empty, {n: 1}}, n: 1, after: 2 * usbPause, most: 3},
		{name: "empty packets without end", answer: []answer{empty}, want: ErrTimeout, after: ReadWait, most: int(ReadWait / usbPause)},
		{name: "it has no way back", answer: []answer{{err: unix.EINVAL}}, want: ErrTimeout, after: ReadWait, most: 1},
		{name: "it has no way back and was pulled", answer: []answer{{err: unix.EINVAL}}, pulled: true, want: ErrGone, after: ReadWait, most: 1},
		{name: "pulled", answer: []answer{{err: unix.ENODEV}}, pulled: true, want: ErrGone, most: 1},
		{name: "pulled, and only the poll says so", answer: []answer{empty}, pulled: true, want: ErrGone, most: 1},
		{name: "a broken transfer", answer: []answer{{err: unix.EIO}}, want: ErrGone, most: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &scripted{reads: c.answer, gone: c.pulled}
				p := newUSBPort("lp0", f)
				began := time.Now()
				n, err := p.Read(make([]byte, 8))
				if n != c.n || !errors.Is(err, c.want) || time.Since(began) != c.after || f.asked > c.most {
					t.Errorf("%d bytes, %v after %v, asked %d times", n, err, time.Since(began), f.asked)
				}
			})
		})
	}
}

// A printer without paper is not gone, however long it takes, and loses nothing.
func TestAUSBPrinterWithoutPaperIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		noPaper := answer{0, unix.ENOSPC}
		f := &scripted{writes: []answer{{3, unix.EAGAIN}, noPaper}}
		p := newUSBPort("lp0", f)
		done := make(chan error, 1)
		go func() { _, err := p.Write([]byte("receipt")); done <- err }()
		<-time.After(10 * time.Minute)
		synctest.Wait()
		select {
		case err := <-done:
			t.Fatalf("it gave up: %v", err)
		default:
		}
		f.mu.Lock()
		f.writes = []answer{{8, nil}}
		f.mu.Unlock()
		if err := <-done; err != nil || f.taken.String() != "receipt" {
			t.Errorf("with paper again: %q, %v", f.taken.String(), err)
		}
	})
}

func TestCloseEndsTheWaitForPaper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newUSBPort("lp0", &scripted{writes: []answer{{0, unix.ENOSPC}}})
		done := make(chan error, 1)
		go func() { _, err := p.Write([]byte("receipt")); done <- err }()
		<-time.After(time.Minute)
		p.Close()
		if err := <-done; !errors.Is(err, ErrGone) {
			t.Errorf("the write says %v, want ErrGone", err)
		}
	})
}

func TestUSBRefusesWhatIsNoDevice(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	if _, err := (USB{Path: name}).Dial(t.Context()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("nothing there: %v", err)
	}
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := (USB{Path: name}).Dial(t.Context()); err == nil || !strings.Contains(err.Error(), "no device") {
		t.Errorf("a plain file: %v", err)
	}
}

func TestErrorsSayWhatThePersonCanDo(t *testing.T) {
	if err := explain(unix.EACCES, "lp"); !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), "group lp") {
		t.Errorf("not allowed: %v", err)
	}
	if err := explain(unix.EBUSY, "lp"); !errors.Is(err, ErrBusy) {
		t.Errorf("in use: %v", err)
	}
	if err := explain(unix.ENODEV, "lp"); err != unix.ENODEV {
		t.Errorf("anything else stays as it is: %v", err)
	}
}
