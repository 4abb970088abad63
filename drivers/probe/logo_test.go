package probe_test

import (
	"context"
	"errors"
	"image"
	"image/color"
	"testing"
	"time"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
	"gatehouse/drivers/probe"
)

// sign is a picture of so many dots, of which one is white.
func sign(t *testing.T, w, h, white int) *escpos.Bitmap {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, w, h))
	img.SetGray(white%w, white/w, color.Gray{Y: 255})
	b, err := escpos.NewBitmap(img, escpos.Threshold)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// keeping is what the station remembers of a printer's logo.
type keeping struct {
	t   *testing.T
	r   *rig
	p   escpos.Profile
	key escpos.LogoKey
	sum string
}

func (k *keeping) keep(b *escpos.Bitmap) (probe.KeptAs, error) {
	k.t.Helper()
	as, err := probe.KeepLogo(k.t.Context(), k.r.options, probe.Result{Baud: k.r.baud, Frame: k.r.frame, Profile: k.p},
		probe.Logo{Bitmap: b, Key: escpos.KeyOf(b), Before: k.key, Known: k.sum == b.Hash()})
	if err == nil && as != probe.NotKept {
		k.key, k.sum = escpos.KeyOf(b), b.Hash()
	}
	if st := k.r.em.State(); st.Unknown+st.Dropped != 0 {
		k.t.Errorf("%d unknown commands, %d bytes lost", st.Unknown, st.Dropped)
	}
	return as, err
}

func (k *keeping) want(what string, as probe.KeptAs, b *escpos.Bitmap, keeps int) {
	k.t.Helper()
	got, err := k.keep(b)
	if err != nil || got != as || k.r.em.Keeps() != keeps {
		k.t.Errorf("%s: %v, %v; written %d times, want %v and %d", what, got, err, k.r.em.Keeps(), as, keeps)
	}
}

// The memory is written when the picture is another, or is not there, and never otherwise; at any speed,
// with the smallest buffer, and whichever way the model keeps pictures.
func TestALogoIsWrittenOnlyWhenItIsNew(t *testing.T) {
	for _, c := range []struct {
		model  string
		baud   int
		buffer int
	}{{"TM-T88VI", 38400, 0}, {"TM-m30", 9600, 0}, {"TM-T88III", 19200, 0}, {"TM-T20II", 115200, 512}} {
		t.Run(c.model, func(t *testing.T) {
			inBubble(t, c.model, func(r *rig, cfg *emulator.Config) { r.baud, cfg.Buffer = c.baud, c.buffer }, func(t *testing.T, r *rig) {
				p, _ := escpos.ProfileNamed(c.model)
				if c.buffer > 0 {
					p.BufferBytes, p.Slack = c.buffer, 64
				}
				k := &keeping{t: t, r: r, p: p}
				first, second := sign(t, 304, 104, 0), sign(t, 304, 104, 1)
				k.want("new", probe.NowKept, first, 1)
				k.want("the same", probe.WasKept, first, 1)
				k.want("the same again", probe.WasKept, first, 1)
				more := 1 // the old one is forgotten too
				if p.Logos == escpos.LogosByNumber {
					more = 0
				}
				k.want("another", probe.NowKept, second, 2+more)
				k.want("the same", probe.WasKept, second, 2+more)
				k.sum = ""
				k.want("nobody remembers", probe.NowKept, second, 3+more)
				prints(t, r, p, second)
			})
		})
	}
}

// prints checks that the printer has the picture in its memory, dot for dot.
func prints(t *testing.T, r *rig, p escpos.Profile, b *escpos.Bitmap) {
	t.Helper()
	page, err := probe.Print(t.Context(), r.options, probe.Result{Baud: r.baud, Frame: r.frame, Profile: p,
		Logo: escpos.Logo{Key: escpos.KeyOf(b), Bitmap: b, Align: escpos.Center}}, words())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.em.WaitIdle(t.Context()); err != nil {
		t.Fatal(err)
	}
	pieces := r.em.Pieces()
	if len(pieces) == 0 || len(pieces[0].Elements) == 0 {
		t.Errorf("%v: no page came out", page.Fate)
		return
	}
	at := pieces[0].Elements[0]
	img := pieces[0].Image()
	for y := range b.Height() {
		for x := range b.Width() {
			if got := img.GrayAt(pieces[0].Margin+at.X+x, at.Y+y).Y == 0; got != b.Black(x, y) {
				t.Errorf("dot %d,%d is black %v", x, y, got)
				return
			}
		}
	}
}

// A printer that was exchanged for one of the same model gets the logo, though the station remembers that
// its printer has it. By number nobody can know.
func TestAnotherPrinterGetsTheLogo(t *testing.T) {
	inBubble(t, "TM-T88VI", nil, func(t *testing.T, r *rig) {
		p, _ := escpos.ProfileNamed("TM-T88VI")
		b := sign(t, 100, 50, 0)
		k := &keeping{t: t, r: r, p: p, key: escpos.KeyOf(b), sum: b.Hash()}
		k.want("remembered, and not there", probe.NowKept, b, 1)
	})
}

func TestLogosThatAreNotKept(t *testing.T) {
	small := sign(t, 100, 50, 0)
	t.Run("a model without", func(t *testing.T) {
		inBubble(t, "generic-80", nil, func(t *testing.T, r *rig) {
			p, _ := escpos.ProfileNamed("generic-80")
			(&keeping{t: t, r: r, p: p}).want("it is sent with each paper", probe.NotKept, small, 0)
		})
	})
	t.Run("one that has no list", func(t *testing.T) {
		inBubble(t, "generic-80", nil, func(t *testing.T, r *rig) {
			p, _ := escpos.ProfileNamed("TM-T88VI") // it is said to be, and is not
			(&keeping{t: t, r: r, p: p}).want("it is sent with each paper", probe.NotKept, small, 0)
		})
	})
	for name, c := range map[string]struct {
		spoil func(*keeping)
		b     *escpos.Bitmap
		want  error
	}{
		"the cover is open": {func(k *keeping) { k.r.em.OpenCover() }, small, probe.ErrNotReady},
		"there is no paper": {func(k *keeping) { k.r.em.PaperOut() }, small, probe.ErrNotReady},
		"it is off":         {func(k *keeping) { k.r.em.PowerOff() }, small, probe.ErrNotReady},
		"there is no room": {func(k *keeping) {
			for i := range 4 {
				k.want("filling it", probe.NowKept, sign(t, 512, 1000, i), i+1)
				k.key = escpos.LogoKey{} // another program's
			}
		}, sign(t, 512, 1000, 9), probe.ErrNoRoom},
		"it is wider than the paper": {func(*keeping) {}, sign(t, 600, 8, 0), escpos.ErrTooWide},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, "TM-T88VI", func(r *rig, _ *emulator.Config) { r.baud = 115200 }, func(t *testing.T, r *rig) {
				p, _ := escpos.ProfileNamed("TM-T88VI")
				k := &keeping{t: t, r: r, p: p}
				c.spoil(k)
				before := r.em.Keeps()
				if as, err := k.keep(c.b); !errors.Is(err, c.want) || as != probe.NotKept || r.em.Keeps() != before {
					t.Errorf("%v, %v; written %d times more", as, err, r.em.Keeps()-before)
				}
			})
		})
	}
}

// Each line that is opened is asked first, and what the session then hears is none of it: a printer that
// was exchanged does not print nothing in place of the logo.
func TestEachPrinterIsAskedForTheLogo(t *testing.T) {
	b := sign(t, 100, 50, 0)
	for _, c := range []struct {
		name, model string
		before      func(*keeping)
		want        bool
	}{
		{"it keeps it", "TM-T88VI", func(k *keeping) { k.want("", probe.NowKept, b, 1) }, true},
		{"it keeps it after a night without power", "TM-T88VI", func(k *keeping) {
			k.want("", probe.NowKept, b, 1)
			k.r.em.PowerCycle()
		}, true},
		{"another of the model", "TM-T88VI", func(*keeping) {}, false},
		{"with another logo", "TM-T88VI", func(k *keeping) { k.want("", probe.NowKept, sign(t, 100, 50, 7), 1) }, false},
		{"its cover is open", "TM-T88VI", func(k *keeping) {
			k.want("", probe.NowKept, b, 1)
			k.r.em.OpenCover()
		}, false},
		{"it is off", "TM-T88VI", func(k *keeping) { k.r.em.PowerOff() }, false},
		{"another model", "generic-80", func(*keeping) {}, false},
		{"by number: it is believed", "TM-T88III", func(*keeping) {}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, c.model, nil, func(t *testing.T, r *rig) {
				p, _ := escpos.ProfileNamed(c.model)
				c.before(&keeping{t: t, r: r, p: p})
				if c.model == "generic-80" {
					p, _ = escpos.ProfileNamed("TM-T88VI") // as the station thinks
				}
				w := probe.WatchLogo(link.DialFunc(func(ctx context.Context) (link.Port, error) { return r.dial(ctx, r.baud, r.frame) }), p,
					escpos.KeyOf(b), link.WallClock{})
				began := time.Now()
				port, err := w.Dial(t.Context())
				if err != nil || w.There() != c.want {
					t.Errorf("there %v, %v", w.There(), err)
				}
				if took := time.Since(began); c.want && took > 200*time.Millisecond {
					t.Errorf("it took %v", took)
				}
				if port != nil {
					if err := port.Close(); err != nil {
						t.Error(err)
					}
				}
			})
		})
	}
}
