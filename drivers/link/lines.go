package link

// Signals are the wires on which the device speaks to this machine. With the
// cable that Epson's manuals show, a printer that can take more raises both CTS
// and DSR; a cable of three wires leaves them low.
type Signals struct {
	CTS bool // clear to send
	DSR bool // data set ready
	DCD bool // data carrier detect
}

// Lines is what a serial Port may be asked beside the bytes it carries; ask
// whether a Port has it. Every question fails with errors.ErrUnsupported where
// the system or the line has no answer (a pseudo-terminal has no wires), and
// with ErrGone when the device is gone. The answers are help, never proof: a
// session keeps to what the printer says in the line itself.
type Lines interface {
	// Signals reads the wires.
	Signals() (Signals, error)
	// Queued is how many written bytes have not left this machine; what the
	// adapter itself holds is not in it.
	Queued() (int, error)
}
