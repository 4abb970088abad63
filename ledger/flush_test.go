package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"gatehouse/ledger"
)

// TestEveryFlushMayFail lets the disk refuse one flush after another, for real:
// the kernel asks the test what fdatasync is to answer (seccomp), so the child
// gets EIO from the n-th flush and goes on. Whatever the child was told must be
// so afterwards.
func TestEveryFlushMayFail(t *testing.T) {
	if os.Getenv("GATEHOUSE_FLUSH") != "" {
		failFlushes(os.Getenv("GATEHOUSE_FLUSH"))
		return
	}
	f := newFixture(t)
	f.close(t)
	key, err := ledger.LoadKey(filepath.Join(f.dir, "station.key"), rand0{})
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(os.Args[0], "-test.run=^TestEveryFlushMayFail$")
	child.Env = append(os.Environ(), "GATEHOUSE_FLUSH="+f.dir)
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	book, err := ledger.Open(ledger.Options{Path: filepath.Join(f.dir, "flush.db"), Station: "A1", Signer: key, Views: []ledger.View{noteCount{}}})
	if err != nil {
		t.Fatal(err)
	}
	stored := make(map[string]bool)
	entries, err := book.Entries(1, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		stored[e.Command.String()] = true
	}
	book.Close()
	var said []string
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if len(fields) != 3 || fields[0] != "command" {
			continue
		}
		said = append(said, fields[2])
		if fields[2] != "unsure" && (fields[2] == "stored") != stored[fields[1]] {
			t.Errorf("the person was told %q, in the ledger: %v", fields[2], stored[fields[1]])
		}
	}
	// The first flush is of the pages, the second of the meta that leads to them:
	// when that one fails, the entry can be read, and a flush anew stored it.
	// When the flush anew fails too, nobody knows.
	if want := []string{"stored", "not", "stored", "stored", "unsure"}; !slices.Equal(said, want) {
		t.Errorf("told %v, want %v\n%s", said, want, out)
	}
	report, err := ledger.Verify(filepath.Join(f.dir, "flush.db"), ledger.VerifyOptions{Views: []ledger.View{noteCount{}}})
	if err != nil || len(report.Problems) > 0 {
		t.Error(report.Problems, err)
	}
}

func failFlushes(dir string) {
	fail := func(err error) {
		fmt.Println("child:", err)
		os.Exit(1)
	}
	key, err := ledger.LoadKey(filepath.Join(dir, "station.key"), rand0{})
	if err != nil {
		fail(err)
	}
	book, err := ledger.Open(ledger.Options{Path: filepath.Join(dir, "flush.db"), Station: "A1", Signer: key, Views: []ledger.View{noteCount{}}})
	if err != nil {
		fail(err)
	}
	var flushes flushFaults
	if err := flushes.watch(); err != nil {
		fail(fmt.Errorf("the kernel lets nobody watch system calls: %w", err))
	}
	commit := func(faults ...int64) {
		id, err := ledger.NewCommandID(rand0{})
		if err != nil {
			fail(err)
		}
		c := ledger.Command{ID: id, Actor: "maria", Decide: write(noteOf("x"))}
		flushes.from(faults...)
		_, err = book.Commit(context.Background(), c)
		flushes.from()
		switch {
		case err == nil:
			fmt.Println("command", id, "stored")
		case errors.Is(err, ledger.ErrNotStored):
			fmt.Println("command", id, "not")
		case errors.Is(err, ledger.ErrUnsure) && book.Fault() != nil:
			fmt.Println("command", id, "unsure")
		default:
			fail(fmt.Errorf("faults %v: %w", faults, err))
		}
	}
	commit()
	commit(1)
	commit(2)
	commit()
	commit(2, 3)
	if _, err := book.Commit(context.Background(), ledger.Command{ID: ledger.CommandID{9}, Actor: "m", Decide: write(noteOf("y"))}); !errors.Is(err, ledger.ErrClosed) {
		fail(fmt.Errorf("after a fault: %w", err))
	}
	if err := book.Close(); err != nil {
		fail(err)
	}
	os.Exit(0)
}

// flushFaults answers fdatasync of this process, which is watched for good.
type flushFaults struct {
	listener int
	count    atomic.Int64
	faults   atomic.Pointer[[]int64]
}

// from lets the flushes with these numbers fail, counted from now on.
func (f *flushFaults) from(faults ...int64) {
	f.faults.Store(&faults)
	f.count.Store(0)
}

// The kernel's words for a system call that waits for an answer.
type (
	seccompNotice struct {
		ID    uint64
		PID   uint32
		Flags uint32
		Call  [64]byte
	}
	seccompAnswer struct {
		ID    uint64
		Value int64
		Error int32
		Flags uint32
	}
)

const (
	seccompReceive  = 0xc0502100
	seccompSend     = 0xc0182101
	seccompAllow    = 0x7fff0000
	seccompAsk      = 0x7fc00000
	seccompContinue = 1
)

func (f *flushFaults) watch() error {
	f.from()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	program := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jf: 1, K: unix.SYS_FDATASYNC},
		{Code: unix.BPF_RET | unix.BPF_K, K: seccompAsk},
		{Code: unix.BPF_RET | unix.BPF_K, K: seccompAllow},
	}
	filter := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	const everyThread, listener, sayWhich = 1, 8, 16
	fd, _, errno := unix.Syscall(unix.SYS_SECCOMP, 1, everyThread|listener|sayWhich, uintptr(unsafe.Pointer(&filter)))
	if errno != 0 {
		return errno
	}
	f.listener = int(fd)
	go f.answer()
	return nil
}

func (f *flushFaults) answer() {
	for {
		var notice seccompNotice
		if _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(f.listener), seccompReceive, uintptr(unsafe.Pointer(&notice))); errno != 0 {
			continue
		}
		answer := seccompAnswer{ID: notice.ID, Flags: seccompContinue}
		if slices.Contains(*f.faults.Load(), f.count.Add(1)) {
			answer = seccompAnswer{ID: notice.ID, Error: -int32(unix.EIO)}
		}
		unix.Syscall(unix.SYS_IOCTL, uintptr(f.listener), seccompSend, uintptr(unsafe.Pointer(&answer)))
	}
}

// fileDescriptor finds the descriptor under which this process has a file open.
func fileDescriptor(t *testing.T, path string) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		if to, _ := os.Readlink("/proc/self/fd/" + d.Name()); to == path {
			var fd int
			fmt.Sscan(d.Name(), &fd)
			return fd
		}
	}
	t.Fatalf("%s is not open", path)
	return 0
}

// replaceDescriptor puts another file under an open descriptor.
func replaceDescriptor(t *testing.T, fd int, by string, flags int) {
	t.Helper()
	other, err := syscall.Open(by, flags|syscall.O_CLOEXEC, 0)
	if err == nil {
		err = syscall.Dup3(other, fd, syscall.O_CLOEXEC)
		syscall.Close(other)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestADiskThatTurnsReadOnly takes the right to write away under an open ledger.
// The whole group is told that it is not stored, also a command of the group
// that reuses the id of one that is: it must not get the other's entries.
func TestADiskThatTurnsReadOnly(t *testing.T) {
	f := newFixture(t)
	first := ledger.Command{ID: newID(t), Actor: "maria", Input: "first", Decide: write(noteOf("first"))}
	if _, err := f.book.Commit(context.Background(), first); err != nil {
		t.Fatal(err)
	}
	reused := first
	reused.Input = "other content"
	answers := f.group(t, func() { replaceDescriptor(t, fileDescriptor(t, f.opts.Path), f.opts.Path, syscall.O_RDONLY) },
		ledger.Command{ID: newID(t), Actor: "maria", Decide: write(noteOf("second"))}, reused)
	if !errors.Is(answers[0], ledger.ErrNotStored) {
		t.Errorf("the command: %v, want ErrNotStored", answers[0])
	}
	if refusalCode(answers[1]) != "ledger.command_reused" {
		t.Errorf("the reused id: %v, want the refusal", answers[1])
	}
	f.commit(t, noteOf("it goes on, the file was opened again"))
	f.close(t)
	if r := verify(t, f); len(r.Problems) > 0 || r.Head.Seq != 3 {
		t.Errorf("%+v", r)
	}
}

// group commits commands in one transaction: while a first command waits inside
// its rule, the others queue up behind it. fault is called before they are
// stored.
func (f *fixture) group(t *testing.T, fault func(), commands ...ledger.Command) []error {
	t.Helper()
	inside, goOn, held := make(chan bool), make(chan bool), make(chan error)
	go func() {
		_, err := f.book.Commit(context.Background(), ledger.Command{ID: newID(t), Actor: "maria", Decide: func(*ledger.State) ([]ledger.Draft, error) {
			inside <- true
			<-goOn
			return nil, ledger.Refuse("test.held", "Held.")
		}})
		held <- err
	}()
	<-inside
	answers := make([]error, len(commands))
	done := make(chan int)
	for i, c := range commands {
		go func() {
			_, answers[i] = f.book.Commit(context.Background(), c)
			done <- i
		}()
		for f.book.Waiting() <= i {
			runtime.Gosched()
		}
	}
	fault()
	goOn <- true
	<-held
	for range commands {
		<-done
	}
	return answers
}

func TestAMirrorThatIsFullIsToldAndTriedAgain(t *testing.T) {
	f := newFixture(t, func(o *ledger.Options) { o.Mirror = filepath.Join(t.TempDir(), "mirror") })
	f.commit(t, noteOf("a"))
	f.close(t)
	f.open(t)
	files, err := filepath.Glob(filepath.Join(f.opts.Mirror, "*"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	replaceDescriptor(t, fileDescriptor(t, files[0]), "/dev/full", syscall.O_WRONLY)
	f.commit(t, noteOf("b"))
	for f.book.MirrorFault() == nil {
		runtime.Gosched()
	}
	if err := f.book.MirrorFault(); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("the fault of the mirror: %v", err)
	}
	f.commit(t, noteOf("the ledger goes on"))
	f.close(t) // the mirror is tried a last time, and there is room
	if r := verify(t, f); len(r.Problems) > 0 {
		t.Error(r.Problems)
	}
	restored := filepath.Join(t.TempDir(), "restored.db")
	if head, err := ledger.Restore(f.opts.Mirror, restored, f.opts); err != nil || head.Seq != 4 {
		t.Errorf("restored to %d, %v", head.Seq, err)
	}
}
