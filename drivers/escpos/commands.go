package escpos

import (
	"fmt"
	"time"
)

// The first bytes of commands.
const (
	eot = 0x04
	enq = 0x05
	lf  = 0x0A
	ff  = 0x0C
	dle = 0x10
	dc4 = 0x14
	esc = 0x1B
	fs  = 0x1C
	gs  = 0x1D
)

// Limits of a drawer pulse. Shorter ones do not pull the bolt, longer ones burn the coil.
const (
	MinPulse = 50 * time.Millisecond
	MaxPulse = 500 * time.Millisecond
)

// Init returns ESC @: the printer forgets its modes, the text not yet printed, and that it should report
// by itself (send EnableASB after it). It does not empty the receive buffer.
func Init() []byte { return []byte{esc, '@'} }

// RealtimeStatus returns DLE EOT n, answered at once with one byte: 1 printer, 2 why offline, 3 error,
// 4 paper.
func RealtimeStatus(n byte) []byte { return []byte{dle, eot, n} }

// Recover returns DLE ENQ n: 1 recover and go on at the line where the error was, 2 recover and forget
// what was not printed. Only answered by deeds, and only in a recoverable error.
func Recover(n byte) []byte { return []byte{dle, enq, n} }

// ASBAll asks for reports on drawer, online, error and paper; for [EnableASB].
const ASBAll = 0x0F

// EnableASB returns GS a n: the printer reports its status now and on every change. Bits: 0 drawer,
// 1 online, 2 error, 3 paper, 6 panel.
func EnableASB(n byte) []byte { return []byte{gs, 'a', n} }

// AskPaper returns GS r 1, answered with one byte when everything before it has been read.
func AskPaper() []byte { return []byte{gs, 'r', 1} }

// AskInfo returns GS I n: 66 maker, 67 model, 68 serial number, 65 firmware. Send nothing more until the
// answer is in.
func AskInfo(n byte) []byte { return []byte{gs, 'I', n} }

// ProcessID returns GS ( H: the printer answers with the same four characters (20h to 7Eh) when
// everything before it is on paper.
func ProcessID(id [4]byte) ([]byte, error) {
	for _, c := range id {
		if c < 0x20 || c > 0x7E {
			return nil, fmt.Errorf("make process ID %q: use printable ASCII only", id[:])
		}
	}
	return []byte{gs, '(', 'H', 6, 0, 0x30, 0x30, id[0], id[1], id[2], id[3]}, nil
}

// ClearBuffers returns DLE DC4 8: the printer forgets all it has not printed and answers 37 25 00. Send
// nothing more until the answer is in.
func ClearBuffers() []byte {
	return []byte{dle, dc4, 8, 1, 3, 20, 1, 6, 2, 8}
}

// Pulse returns ESC p: it opens the drawer on connector pin 2 or 5 when the printer comes to it in the
// order of the data, so not while it is offline. on is MinPulse to MaxPulse; off, the rest before
// another pulse, is at most 510 ms. Both count in steps of 2 ms.
func Pulse(pin int, on, off time.Duration) ([]byte, error) {
	m, err := pinNumber(pin)
	if err != nil {
		return nil, err
	}
	if on < MinPulse || on > MaxPulse || off < 0 || off > 510*time.Millisecond {
		return nil, fmt.Errorf("make drawer pulse %v on, %v off: %w", on, off, ErrRange)
	}
	t1 := byte(on / (2 * time.Millisecond))
	t2 := byte(off / (2 * time.Millisecond))
	return []byte{esc, 'p', m, t1, t2}, nil
}

// RealtimePulse returns DLE DC4 1: it opens the drawer at once, even out of paper or with data waiting.
// t is 100 ms to 500 ms in steps of 100 ms.
func RealtimePulse(pin int, t time.Duration) ([]byte, error) {
	m, err := pinNumber(pin)
	if err != nil {
		return nil, err
	}
	n := t / (100 * time.Millisecond)
	if n < 1 || t > MaxPulse {
		return nil, fmt.Errorf("make real-time drawer pulse of %v: %w", t, ErrRange)
	}
	return []byte{dle, dc4, 1, m, byte(n)}, nil
}

func pinNumber(pin int) (byte, error) {
	switch pin {
	case 2:
		return 0, nil
	case 5:
		return 1, nil
	}
	return 0, fmt.Errorf("make drawer pulse on pin %d: drawers are on pin 2 or 5", pin)
}
