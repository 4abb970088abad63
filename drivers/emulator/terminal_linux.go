package emulator

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync"

	"golang.org/x/sys/unix"
)

// Terminal is a pseudo-terminal that leads to the printer. Any program opens it like a serial port, closes
// it and opens it again. When the cable is pulled it vanishes, name and all, and comes back with
// [Printer.Replug].
type Terminal struct {
	p    *Printer
	link string
	done chan struct{}
	once sync.Once
	stop chan struct{}
	err  error // why it could not come back; read after done
}

// Terminal makes a pseudo-terminal and a symbolic link to it at the given path. A symbolic link already
// there is replaced; anything else there is an error.
func (p *Printer) Terminal(link string) (*Terminal, error) {
	s, err := p.plugIn(link)
	if err != nil {
		return nil, err
	}
	t := &Terminal{p: p, link: link, done: make(chan struct{}), stop: make(chan struct{})}
	go t.serve(s)
	return t, nil
}

// Close removes the terminal and its link. The printer stays.
func (t *Terminal) Close() error {
	t.once.Do(func() {
		close(t.stop)
		t.p.mu.Lock()
		if _, ours := t.p.host.(*session); ours {
			t.p.hangUp()
		}
		t.p.wake.Broadcast()
		t.p.mu.Unlock()
	})
	<-t.done
	return t.err
}

// serve runs one session after the other.
func (t *Terminal) serve(s *session) {
	defer close(t.done)
	for {
		s.run()
		if !t.replugged() {
			return
		}
		if s, t.err = t.p.plugIn(t.link); t.err != nil {
			return
		}
		select {
		case <-t.stop: // closed while it was plugged in
			s.end()
		default:
		}
	}
}

// replugged waits until the cable is back; false if the terminal or the printer was closed.
func (t *Terminal) replugged() bool {
	p := t.p
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		select {
		case <-t.stop:
			return false
		default:
		}
		if p.closed {
			return false
		}
		if p.cable && p.host == nil {
			return true
		}
		p.wake.Wait()
	}
}

// session is one pseudo-terminal, from plugging in to pulling out.
type session struct {
	p      *Printer
	master *os.File
	slave  *os.File // kept open, or the master would fail whenever no program has the port open
	link   string
	broken bool
}

func (p *Printer) plugIn(link string) (*session, error) {
	master, slave, err := openPair(p.cfg.Baud)
	if err != nil {
		return nil, fmt.Errorf("make pseudo-terminal for printer: %w", err)
	}
	s := &session{p: p, master: master, slave: slave, link: link}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || !p.cable {
		s.closeFiles()
		return nil, fmt.Errorf("make pseudo-terminal for printer: %w", ErrUnplugged)
	}
	if err := pointTo(link, slave.Name()); err != nil {
		s.closeFiles()
		return nil, fmt.Errorf("name the printer's port: %w", err)
	}
	p.hangUp()
	p.host = s
	p.wake.Broadcast()
	return s, nil
}

// pointTo makes link a symbolic link to target without a moment in which it is missing.
func pointTo(link, target string) error {
	if fi, err := os.Lstat(link); err == nil && fi.Mode()&os.ModeSymlink == 0 {
		return fmt.Errorf("%s is there already and no symbolic link: remove it or choose another name", link)
	}
	next := link + ".new"
	if err := os.Remove(next); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.Symlink(target, next); err != nil {
		return err
	}
	return os.Rename(next, link)
}

func (s *session) hangUp() {
	s.broken = true
	if target, err := os.Readlink(s.link); err == nil && target == s.slave.Name() {
		_ = os.Remove(s.link) // a link that stays leads nowhere, which is as good
	}
	s.closeFiles()
}

func (s *session) closeFiles() {
	_ = s.master.Close() // nothing is waiting to be written that anybody could read
	_ = s.slave.Close()
}

// run carries bytes both ways until the session is hung up.
func (s *session) run() {
	var wg sync.WaitGroup
	wg.Go(s.answer)
	s.listen()
	wg.Wait()
}

// listen takes what programs write. At the wrong speed it hears garbage, as a real port does.
func (s *session) listen() {
	buf := make([]byte, chunk)
	for {
		n, err := s.master.Read(buf)
		if err != nil {
			s.end()
			return
		}
		if !s.p.travel(n) {
			return
		}
		if s.wrongSpeed() {
			for i := range buf[:n] {
				buf[i] = buf[i]<<1 ^ 0xA5 | 0x80
			}
		}
		s.p.receive(buf[:n])
	}
}

// end makes sure that both directions stop when one has failed.
func (s *session) end() {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	if s.p.host == s {
		s.p.hangUp()
	}
	s.p.wake.Broadcast()
}

// unreadLimit is how much may lie unread in the port before the printer's answers are thrown away, as they
// are on a real line nobody listens to.
const unreadLimit = 2048

// answer sends the printer's replies.
func (s *session) answer() {
	for {
		out, ok := s.nextReply()
		if !ok {
			return
		}
		n, err := s.unread()
		if err != nil {
			return
		}
		if n+len(out) > unreadLimit {
			continue
		}
		if _, err := s.master.Write(out); err != nil {
			s.end()
			return
		}
	}
}

func (s *session) nextReply() ([]byte, bool) {
	p := s.p
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.out) == 0 || p.host != s {
		if s.broken || p.closed {
			return nil, false
		}
		p.wake.Wait()
	}
	out := p.out[:min(len(p.out), 256)]
	p.out = p.out[len(out):]
	return out, true
}

// control runs an ioctl on a file that may be closed at any moment.
func control(f *os.File, do func(fd int) error) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	if err := conn.Control(func(fd uintptr) { failed = do(int(fd)) }); err != nil {
		return err
	}
	return failed
}

func (s *session) unread() (n int, err error) {
	err = control(s.slave, func(fd int) (err error) {
		n, err = unix.IoctlGetInt(fd, unix.TIOCINQ)
		return err
	})
	return n, err
}

func (s *session) wrongSpeed() bool {
	want, known := speedCode(s.p.cfg.Baud)
	if !known {
		return false
	}
	var is uint32
	err := control(s.slave, func(fd int) error {
		t, err := unix.IoctlGetTermios(fd, unix.TCGETS)
		if err == nil {
			is = t.Cflag & unix.CBAUD
		}
		return err
	})
	return err == nil && is != want
}

func speedCode(baud int) (uint32, bool) {
	switch baud {
	case 9600:
		return unix.B9600, true
	case 19200:
		return unix.B19200, true
	case 38400:
		return unix.B38400, true
	case 57600:
		return unix.B57600, true
	case 115200:
		return unix.B115200, true
	}
	return 0, false
}

// openPair opens a pseudo-terminal with a raw slave side. A cooked one would echo the printer's answers
// back to it as if they were commands.
func openPair(baud int) (master, slave *os.File, err error) {
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, nil, &os.PathError{Op: "open", Path: "/dev/ptmx", Err: err}
	}
	master = os.NewFile(uintptr(fd), "/dev/ptmx")
	defer func() {
		if err != nil {
			_ = master.Close() // the first error is the one to tell
		}
	}()
	if err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		return nil, nil, os.NewSyscallError("unlock pseudo-terminal", err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		return nil, nil, os.NewSyscallError("number pseudo-terminal", err)
	}
	name := "/dev/pts/" + strconv.Itoa(n)
	sfd, err := unix.Open(name, unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	slave = os.NewFile(uintptr(sfd), name)
	if err = makeRaw(sfd, baud); err != nil {
		_ = slave.Close() // the first error is the one to tell
		return nil, nil, os.NewSyscallError("set pseudo-terminal raw", err)
	}
	return master, slave, nil
}

func makeRaw(fd, baud int) error {
	t, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return err
	}
	t.Iflag, t.Oflag, t.Lflag = 0, 0, 0
	t.Cflag = t.Cflag&^(unix.CSIZE|unix.PARENB) | unix.CS8 | unix.CREAD | unix.CLOCAL
	if code, ok := speedCode(baud); ok {
		t.Cflag = t.Cflag&^unix.CBAUD | code
	}
	t.Cc[unix.VMIN], t.Cc[unix.VTIME] = 1, 0
	return unix.IoctlSetTermios(fd, unix.TCSETS, t)
}
