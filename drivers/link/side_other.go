//go:build !linux

package link

// side knows nothing more than the line itself here. Windows opens a COM port
// for one program only; elsewhere a second program is not kept out.
type side struct{}

func openSide(string) (*side, error) { return &side{}, nil }

func (*side) hungUp() bool { return false }
func (*side) discard()     {}
func (*side) close()       {}
