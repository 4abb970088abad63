package ledger

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// damaged adds the sentence for the person to what was found wrong with the file.
func damaged(err error) error {
	return fmt.Errorf("%w: %v. Nothing is accepted until it is restored: gatehousectl restore rebuilds it from the mirror", ErrDamaged, err)
}

// crash is a panic that guard caught and the file had no part in: a fault of
// the program, in a rule or a view.
type crash struct {
	cause any
	stack []byte
}

func (c *crash) Error() string { return fmt.Sprintf("a fault of the program: %v", c.cause) }

// stackOf is where a crash happened, empty for any other error.
func stackOf(err error) string {
	var c *crash
	if errors.As(err, &c) {
		return string(c.stack)
	}
	return ""
}

// guard runs a function on the file. A damaged page shows itself as a panic of
// bbolt or as a memory fault in the mapped file; both become ErrDamaged. Any
// other panic becomes a crash. It guards the goroutine it is called in, no other.
func guard(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			if ofTheFile(p) {
				err = damaged(fmt.Errorf("%v", p))
			} else {
				err = &crash{p, debug.Stack()}
			}
		}
	}()
	return f()
}

// ofTheFile says whether the panic at hand comes from the file: a memory fault
// at an address, or a panic in bbolt's own code.
func ofTheFile(p any) bool {
	if _, fault := p.(interface{ Addr() uintptr }); fault {
		return true
	}
	callers := make([]uintptr, 32)
	frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers)])
	panicking := false
	for {
		frame, more := frames.Next()
		switch {
		case frame.Function == "runtime.gopanic":
			panicking = true
		case panicking && !strings.HasPrefix(frame.Function, "runtime."):
			return strings.HasPrefix(frame.Function, "go.etcd.io/bbolt")
		}
		if !more {
			return false
		}
	}
}
