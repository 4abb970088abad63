package probe

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gatehouse/drivers/escpos"
)

// Logo is a picture that the printer is to keep.
type Logo struct {
	Bitmap *escpos.Bitmap
	Key    escpos.LogoKey // it is kept under; see escpos.KeyOf
	// Before is what the printer kept of ours when it was last set up, and Known
	// that it was this very picture. The zero key is nothing.
	Before escpos.LogoKey
	Known  bool
}

// KeptAs says where the printer has its logo.
type KeptAs uint8

// How it can end.
const (
	NotKept KeptAs = iota // the printer keeps none, or does not say so: it is sent with each paper
	WasKept               // it was there already, and nothing was written
	NowKept               // it was written
)

// Why a logo is not kept, though the model keeps some.
var (
	ErrNotReady = errors.New("the printer is not ready: look at its paper and cover, then try again")
	ErrNoRoom   = errors.New("the printer has no room: make it smaller, or delete other pictures")
	ErrNotThere = errors.New("the printer does not list it after it was written")
	ErrDeaf     = errors.New("the printer does not answer since it was written: switch it off and on, then try again")
)

const (
	// keepPart is how many bytes go out before the printer is listened to, for
	// XOFF: a quarter of the smallest buffer of a model that keeps pictures.
	keepPart = 512
	// keepWait is how long a printer may write; makers give no figure, a second is
	// usual.
	keepWait = 15 * time.Second
	// maxBlocks bounds a list of keys: 95² of them, forty to a block.
	maxBlocks = 226
)

// KeepLogo sees to it that the printer keeps the logo. Its memory wears by being
// written, ten times a day at most (Epson's ESC/POS guide, of FS q and GS ( L), so it
// is written only when it does not hold this picture. Printers that number
// pictures tell nothing of them: there Known decides, and writing replaces
// whatever other program kept one. The error says what a person can do; the logo
// is then sent with each paper.
func KeepLogo(ctx context.Context, o Options, found Result, l Logo) (KeptAs, error) {
	if found.Profile.Logos == escpos.NoLogos || l.Bitmap == nil {
		return NotKept, nil
	}
	order, err := found.Profile.KeepLogo(l.Key, l.Bitmap)
	if err != nil {
		return NotKept, err
	}
	o.fill()
	port, err := o.Open(ctx, found.Baud, found.Frame)
	if err != nil {
		return NotKept, fmt.Errorf("keep the logo: %w", err)
	}
	k := &keeper{talk: &talk{port: port, clock: o.Clock}, found: found, logo: l}
	as, err := k.keep(ctx, order)
	if closed := port.Close(); err == nil && closed != nil {
		err = closed
	}
	if err != nil {
		return NotKept, fmt.Errorf("keep the logo: %w", err)
	}
	return as, nil
}

// keeper is one KeepLogo.
type keeper struct {
	*talk
	found Result
	logo  Logo
}

func (k *keeper) keep(ctx context.Context, order []byte) (KeptAs, error) {
	if err := k.drain(ctx, settle); err != nil {
		return NotKept, err
	}
	if err := k.ready(ctx); err != nil {
		return NotKept, err
	}
	if k.found.Profile.Logos == escpos.LogosByNumber {
		if k.logo.Known {
			return WasKept, nil
		}
		return NowKept, k.write(ctx, order)
	}
	keys, said, err := k.keys(ctx)
	if err != nil || !said {
		return NotKept, err
	}
	has := slices.Contains(keys, k.logo.Key)
	if has && k.logo.Known {
		return WasKept, nil
	}
	old := k.logo.Before
	if old != (escpos.LogoKey{}) && old != k.logo.Key && slices.Contains(keys, old) {
		if err := k.forget(ctx, old); err != nil {
			return NotKept, err
		}
	}
	if err := k.room(ctx, len(order), has); err != nil {
		return NotKept, err
	}
	if err := k.write(ctx, order); err != nil {
		return NotKept, err
	}
	if keys, _, err = k.keys(ctx); err != nil {
		return NotKept, err
	}
	if !slices.Contains(keys, k.logo.Key) {
		return NotKept, ErrNotThere
	}
	return NowKept, nil
}

// ready asks out of turn whether what follows will be read at all, and in turn
// whether the printer is in the middle of something.
func (k *keeper) ready(ctx context.Context) error {
	if k.found.Profile.StatusSafe {
		r, answered, err := k.ask(ctx, escpos.RealtimeStatus(1), answerWait, isKind(escpos.ReplyRealtime))
		if err != nil {
			return err
		}
		var st escpos.Status
		if st.UpdateRealtime(1, r.Byte); !answered || st.Offline {
			return ErrNotReady
		}
	}
	_, answered, err := k.ask(ctx, escpos.AskPaper(), blockWait, isKind(escpos.ReplySync))
	if err == nil && !answered {
		err = ErrNotReady
	}
	return err
}

// keys lists what the printer keeps; said is false for one that has no list.
func (k *keeper) keys(ctx context.Context) (all []escpos.LogoKey, said bool, err error) {
	question := escpos.AskLogoKeys()
	for range maxBlocks {
		r, answered, err := k.ask(ctx, question, blockWait, escpos.IsLogoKeys)
		if err != nil {
			return nil, false, err
		}
		if !answered {
			_, err = k.port.Write(escpos.CancelBlock()) // in case it waits
			return nil, false, err
		}
		keys, more, err := escpos.ParseLogoKeys(r)
		if err != nil {
			return nil, false, errors.Join(err, k.cancel())
		}
		all = append(all, keys...)
		question = escpos.AckBlock()
		if !more {
			_, err = k.port.Write(question)
			return all, true, err
		}
	}
	return nil, false, errors.Join(ErrNotReady, k.cancel())
}

func (k *keeper) cancel() error {
	_, err := k.port.Write(escpos.CancelBlock())
	return err
}

// room asks whether a picture fits that is not there yet. A printer that does not
// say is tried.
func (k *keeper) room(ctx context.Context, bytes int, has bool) error {
	r, answered, err := k.ask(ctx, escpos.AskLogoRoom(), blockWait, escpos.IsLogoRoom)
	if err != nil || !answered || has {
		return err
	}
	free, err := escpos.ParseLogoRoom(r)
	if err == nil && free < bytes {
		return fmt.Errorf("%w (%d bytes, %d are free)", ErrNoRoom, bytes, free)
	}
	return err
}

// forget takes the logo before this one out of the printer.
func (k *keeper) forget(ctx context.Context, old escpos.LogoKey) error {
	order, err := escpos.DeleteLogo(old)
	if err != nil {
		return err
	}
	return k.write(ctx, order)
}

// write sends what wears the memory, no faster than the line, and waits until the
// printer answers again. Nothing is sent meanwhile: it is deaf.
func (k *keeper) write(ctx context.Context, order []byte) error {
	for len(order) > 0 {
		part := order[:min(len(order), keepPart)]
		order = order[len(part):]
		if _, err := k.port.Write(part); err != nil {
			return err
		}
		pace := time.Millisecond
		if k.found.Baud > 0 {
			pace = time.Duration(len(part)) * 10 * time.Second / time.Duration(k.found.Baud)
		}
		if err := k.hear(ctx, pace); err != nil {
			return err
		}
	}
	_, answered, err := k.ask(ctx, escpos.AskPaper(), keepWait, isKind(escpos.ReplySync))
	if err == nil && !answered {
		err = ErrDeaf
	}
	return err
}

// hear listens for so long, and while the printer wants a pause.
func (k *keeper) hear(ctx context.Context, d time.Duration) error {
	nothing := func(escpos.Reply) bool { return false }
	until := k.clock.Now().Add(keepWait)
	_, _, err := k.listen(ctx, k.clock.Now().Add(d), nothing)
	for err == nil && k.paused {
		if !k.clock.Now().Before(until) {
			return ErrNotReady
		}
		_, _, err = k.listen(ctx, k.clock.Now().Add(d), nothing)
	}
	return err
}
