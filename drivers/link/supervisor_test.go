package link_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/drivers/link"
)

func TestSupervisorPausesLongerAfterEveryFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithTimeout(t.Context(), 4*time.Second)
		defer stop()
		began := time.Now()
		var at []time.Duration
		failing := link.DialFunc(func(context.Context) (link.Port, error) {
			at = append(at, time.Since(began)/time.Millisecond)
			return nil, errors.New("no such device")
		})
		downs := 0
		link.Supervisor{
			Dialer: failing, Clock: link.WallClock{}, Down: func(error) { downs++ },
		}.Run(ctx)
		want := []time.Duration{0, 100, 300, 700, 1200, 1700, 2200, 2700, 3200, 3700}
		if !slices.Equal(at, want) || downs != len(want) {
			t.Errorf("dialled at %v ms and told of %d failures, want %v", at, downs, want)
		}
	})
}

func TestSupervisorReopensAndLeavesNothingBehind(t *testing.T) {
	// The bubble fails the test if any goroutine is left at its end.
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		cable := newCable()
		ups := make(chan struct{})
		lost := make(chan time.Time, 1)
		done := make(chan struct{})
		go func() {
			defer close(done)
			link.Supervisor{
				Dialer: cable, Clock: link.WallClock{},
				Serve: func(ctx context.Context, port link.Port) error {
					ups <- struct{}{}
					for ctx.Err() == nil {
						if err := readUntilError(port, 1); err != nil {
							return err
						}
					}
					return nil
				},
				Down: func(cause error) {
					if errors.Is(cause, link.ErrGone) {
						select {
						case lost <- time.Now():
						default:
						}
					}
				},
			}.Run(ctx)
		}()
		for range 20 {
			<-ups
			unplugged := time.Now()
			cable.unplug()
			if d := (<-lost).Sub(unplugged); d > 250*time.Millisecond {
				t.Errorf("the loss was noticed after %v, want at most 250 ms", d)
			}
			cable.plug()
			for len(lost) > 0 {
				<-lost
			}
		}
		<-ups
		stop()
		<-done
	})
}
