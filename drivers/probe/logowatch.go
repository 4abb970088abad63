package probe

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"

	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
)

// LogoWatch is a dialer that asks, on every line it opens and before anybody else
// speaks, whether the printer keeps the logo that set-up gave it: at the other end
// may be another printer by now, which would print nothing in its place.
//
// Only what is asked by key is answered (GS ( L, function 64). A printer that is
// not ready, or says nothing, is taken not to keep it, which costs time and no
// logo. It is asked with the first line after it is ready.
type LogoWatch struct {
	dialer  link.Dialer
	profile escpos.Profile
	key     escpos.LogoKey
	clock   link.Clock
	there   atomic.Bool
}

// WatchLogo wraps the dialer of a printer's session.
func WatchLogo(d link.Dialer, p escpos.Profile, key escpos.LogoKey, clock link.Clock) *LogoWatch {
	return &LogoWatch{dialer: d, profile: p, key: key, clock: clock}
}

// There reports whether papers may print the logo by its key: the printer on the
// line opened last lists it. Printers that number what they keep list nothing, and
// are believed.
func (w *LogoWatch) There() bool {
	return w.profile.Logos == escpos.LogosByNumber || w.there.Load()
}

// Dial opens the line and asks.
func (w *LogoWatch) Dial(ctx context.Context) (link.Port, error) {
	port, err := w.dialer.Dial(ctx)
	if err != nil || w.profile.Logos != escpos.LogosByKey {
		return port, err
	}
	listed, err := w.ask(ctx, port)
	w.there.Store(listed)
	if err != nil {
		return nil, errors.Join(err, port.Close())
	}
	return port, nil
}

func (w *LogoWatch) ask(ctx context.Context, port link.Port) (bool, error) {
	k := &keeper{talk: &talk{port: port, clock: w.clock}, found: Result{Profile: w.profile}}
	if err := k.ready(ctx); err != nil {
		if errors.Is(err, ErrNotReady) {
			err = nil
		}
		return false, err
	}
	keys, _, err := k.keys(ctx)
	if errors.Is(err, ErrNotReady) || errors.Is(err, escpos.ErrNoAnswer) {
		return false, nil
	}
	return slices.Contains(keys, w.key), err
}
