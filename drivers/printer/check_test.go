package printer_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/micr"
	"gatehouse/drivers/printer"
)

type wasRead struct {
	check micr.Check
	err   error
}

func (r *rig) readCheck(ctx context.Context, keep bool) <-chan wasRead {
	done := make(chan wasRead, 1)
	go func() {
		c, err := r.s.ReadCheck(ctx, keep)
		done <- wasRead{c, err}
	}()
	return done
}

func TestACheckIsRead(t *testing.T) {
	whole := micr.Check{Routing: "021001208", Account: "123456789", Serial: "0101"}
	for name, c := range map[string]struct {
		line string
		want micr.Check
		err  error
	}{
		"as Epson's printers spell it": {"t021001208t 123456789o 0101", whole, nil},
		"in capitals":                  {"T021001208T 123456789O 0101", whole, nil},
		"a business check":             {"o001234o t021001208t 12d34567o", micr.Check{Routing: "021001208", Account: "12-34567", Serial: "001234"}, nil},
		"a digit not read":             {"t021001208t 12345?789o 0101", micr.Check{Routing: "021001208", Serial: "0101"}, micr.ErrUnreadable},
		"too many not read":            {"t0?1?012??t 12?45?789o 0101", micr.Check{}, micr.ErrUnread},
		"no magnetic ink":              {"", micr.Check{}, micr.ErrNoInk},
		"a wrong check digit":          {"t021001209t 123456789o 0101", micr.Check{Account: "123456789", Serial: "0101"}, micr.ErrCheckDigit},
	} {
		t.Run(name, func(t *testing.T) {
			eachHybrid(t, func(t *testing.T, r *rig) {
				r.em.SetCheckLine(c.line)
				done := r.readCheck(t.Context(), false)
				r.until("a check is asked for", form(printer.FormAwaited))
				time.Sleep(7 * time.Second) // inside the bubble
				r.em.InsertCheck()
				got := <-done
				if got.check != c.want || !errors.Is(got.err, c.err) || (got.err == nil) != (c.err == nil) {
					t.Errorf("%+v, %v; want %+v, %v", got.check, got.err, c.want, c.err)
				}
				if err := r.em.Await(t.Context(), func(s emulator.State) bool { return s.Forms == 1 }); err != nil || r.em.Forms()[0].Pulled {
					t.Errorf("the check was not given back: %v", err)
				}
				if got := r.s.Print(t.Context(), receipt(t, r.profile, 0)); got.Fate != printer.Parsed && got.Fate != printer.Confirmed {
					t.Errorf("the receipt after it: %+v", got)
				}
			})
		})
	}
}

func TestNoCheckIsRead(t *testing.T) {
	for name, c := range map[string]struct {
		act  func(r *rig, cancel context.CancelFunc)
		want error
	}{
		"none is put in":            {func(*rig, context.CancelFunc) {}, micr.ErrNoCheck},
		"the person keys it":        {func(_ *rig, cancel context.CancelFunc) { cancel() }, context.Canceled},
		"the cover is opened":       {func(r *rig, _ context.CancelFunc) { r.em.OpenCover() }, micr.ErrCoverOpen},
		"the printer is unplugged":  {func(r *rig, _ context.CancelFunc) { r.em.Unplug() }, printer.ErrLineLost},
		"it is switched off and on": {func(r *rig, _ context.CancelFunc) { r.em.PowerCycle() }, printer.ErrNotRead},
	} {
		t.Run(name, func(t *testing.T) {
			eachHybrid(t, func(t *testing.T, r *rig) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				done := r.readCheck(ctx, true)
				r.until("a check is asked for", form(printer.FormAwaited))
				time.Sleep(3 * time.Second) // inside the bubble
				c.act(r, cancel)
				if got := <-done; !errors.Is(got.err, c.want) || got.check != (micr.Check{}) {
					t.Errorf("%+v, %v; want %v", got.check, got.err, c.want)
				}
				r.em.CloseCover()
				r.em.Replug()
				if got := r.s.Print(t.Context(), receipt(t, r.profile, 0)); got.Fate != printer.Parsed && got.Fate != printer.Confirmed {
					t.Errorf("the receipt after it: %+v", got)
				}
				r.settle()
				wantReceipts(t, r.em, 1)
			})
		})
	}
}

// A check that was read stays in, and its back is printed without putting it in again.
func TestACheckIsReadAndEndorsedInOneGo(t *testing.T) {
	eachHybrid(t, func(t *testing.T, r *rig) {
		done := r.readCheck(t.Context(), true)
		r.until("a check is asked for", form(printer.FormAwaited))
		r.em.InsertCheck()
		if got := <-done; got.err != nil {
			t.Fatal(got.err)
		}
		time.Sleep(40 * time.Second) // inside the bubble: the cashier takes the money
		if s := r.s.Status(); s.Form != printer.FormIn || r.em.State().Form != "check" {
			t.Fatalf("the check was let go of: %+v", s)
		}
		if got := r.s.Print(t.Context(), endorsement(t, r.profile)); got.Fate != printer.Parsed && got.Fate != printer.Confirmed {
			t.Fatalf("%+v", got)
		}
		forms := r.em.Forms()
		if len(forms) != 1 || !strings.Contains(forms[0].Back.Text(), "END A1-E000345") || forms[0].Line == "" {
			t.Errorf("%+v", forms)
		}
	})
}

// A check that nobody endorses is given back: by itself after two minutes, and before a
// receipt.
func TestACheckIsNotKeptForEver(t *testing.T) {
	eachHybrid(t, func(t *testing.T, r *rig) {
		for i, then := range []func(){
			func() { time.Sleep(125 * time.Second) }, // inside the bubble
			func() {
				if got := r.s.Print(t.Context(), receipt(t, r.profile, 0)); got.Fate != printer.Parsed && got.Fate != printer.Confirmed {
					t.Errorf("%+v", got)
				}
			},
		} {
			done := r.readCheck(t.Context(), true)
			r.until("a check is asked for", form(printer.FormAwaited))
			r.em.InsertCheck()
			if got := <-done; got.err != nil {
				t.Fatal(got.err)
			}
			time.Sleep(5 * time.Second) // inside the bubble
			then()
			r.settle()
			if forms := r.em.Forms(); len(forms) != i+1 || forms[i].Pulled || forms[i].Back.Text() != "" {
				t.Fatalf("%+v, %+v", forms, r.em.State())
			}
		}
		wantReceipts(t, r.em, 1)
	})
}

func TestAPrinterWithoutAReaderSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{})
		if _, err := r.s.ReadCheck(t.Context(), false); !errors.Is(err, printer.ErrCannotRead) {
			t.Error(err)
		}
	})
}

// No log says what stands on a check.
func TestNoLogHasAnAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		r := newRig(t, setup{profile: "TM-H6000V", session: func(c *printer.Config) {
			c.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		}})
		for _, line := range []string{"t021001208t 123456789o 0101", "t021001209t 12345?789o 0101"} {
			r.em.SetCheckLine(line)
			r.em.InsertCheck()
			_, err := r.s.ReadCheck(t.Context(), false)
			if err != nil && strings.Contains(err.Error(), "789") {
				t.Errorf("an error has it: %v", err)
			}
			r.settle()
		}
		r.s.Close()
		if text := log.String(); !strings.Contains(text, "check reader answered") || strings.Contains(text, "789") {
			t.Error(text)
		}
	})
}
