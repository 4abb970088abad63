// Package link carries bytes between this machine and a device: over a serial
// line, over TCP port 9100, to a USB printer, or over any stream, such as one
// inside memory.
//
// A Port is one open line. A Dialer opens it, afresh each time, so that a
// device which comes back under another name is found again. A Supervisor keeps
// a line open: it dials, serves, notices the loss, and dials again. Every kind
// of line speaks of trouble in the same three words: ErrTimeout (nothing came),
// ErrGone (the device is no longer there) and ErrBusy (somebody else has it).
package link
