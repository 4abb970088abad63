//go:build !linux

package link

import "errors"

// side knows nothing more than the line itself here. Windows opens a COM port
// for one program only; elsewhere a second program is not kept out.
type side struct{}

func openSide(string) (*side, error) { return &side{}, nil }

func explain(err error, _ string) error { return err }

func (*side) hungUp() bool              { return false }
func (*side) discard()                  {}
func (*side) flowByWire() error         { return errors.ErrUnsupported }
func (*side) hurry()                    {}
func (*side) signals() (Signals, error) { return Signals{}, errors.ErrUnsupported }
func (*side) queued() (int, error)      { return 0, errors.ErrUnsupported }
func (*side) close()                    {}
