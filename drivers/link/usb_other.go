//go:build !linux

package link

import (
	"context"
	"errors"
	"fmt"
)

// Dial fails: only Linux shows a USB printer as a file.
func (u USB) Dial(context.Context) (Port, error) {
	return nil, fmt.Errorf("open USB printer %s: %w; use the printer's serial or network port", u.Path, errors.ErrUnsupported)
}
