//go:build !linux

package emulator

import "errors"

// Terminal is a pseudo-terminal that leads to the printer. It exists on Linux only.
type Terminal struct{}

// Terminal reports that there are no pseudo-terminals here; use [Printer.Pipe].
func (p *Printer) Terminal(string) (*Terminal, error) {
	return nil, errors.New("make pseudo-terminal for printer: only Linux has them: connect in memory instead")
}

// Close does nothing.
func (t *Terminal) Close() error { return nil }
