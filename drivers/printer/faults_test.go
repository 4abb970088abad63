package printer_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/drivers/escpos"
	"gatehouse/drivers/printer"
)

func TestCutterJam(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{})
		r.em.JamCutter(1)
		done := r.print(t.Context(), 0)
		r.until("jam", func(e printer.Event) bool { return e.Status.Fault == printer.CutterJam })
		if err := r.s.Recover(t.Context()); err != nil {
			t.Error(err)
		}
		if res := <-done; res.Fate != printer.Confirmed {
			t.Errorf("after the jam was freed: %+v", res)
		}
		wantReceipts(t, r.em, 1)
	})
}

// The promise of the whole package, under random faults at random bytes: what
// is called confirmed is whole on paper, what is called not started has left
// nothing there, nothing is there twice, and the printer always prints again.
func TestFatesAreTrueWhateverHappens(t *testing.T) {
	faults := []string{"paper/out", "cover/open", "unplug", "power/off"}
	fates := map[printer.Fate]int{}
	for seed := range uint64(400) {
		synctest.Test(t, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 1))
			su := setup{
				profile: []string{"TM-T88VI", "TM-m30"}[rnd.IntN(2)],
				buffer:  []int{45, 4096}[rnd.IntN(2)],
				baud:    []int{9600, 19200, 38400, 115200}[rnd.IntN(4)],
			}
			if rnd.IntN(4) == 0 {
				su.change = func(p *escpos.Profile) { p.Ack = escpos.AckASB }
			}
			r := newRig(t, su)
			for range 3 {
				f := faults[rnd.IntN(len(faults))]
				if err := r.em.AfterBytes(1+rnd.IntN(6000), f); err != nil {
					t.Fatal(err)
				}
			}
			mendAll := func() {
				r.em.PowerOn()
				r.em.LoadPaper()
				r.em.CloseCover()
				r.em.Replug()
			}
			stop := make(chan struct{})
			mended := make(chan struct{})
			go func() { // somebody looks after the printer every now and then
				defer close(mended)
				for {
					select {
					case <-time.After(3*time.Second + time.Duration(rnd.IntN(5000))*time.Millisecond):
						// Nobody finds the switch sooner, and no printer starts up
						// in less.
						if !r.em.State().Power {
							<-time.After(2 * time.Second)
						}
						mendAll()
					case <-stop:
						return
					}
				}
			}()
			var results []printer.Result
			for n := range 6 {
				results = append(results, r.s.Print(t.Context(), receipt(t, r.profile, n)))
			}
			close(stop)
			<-mended
			r.s.Close() // nothing more is sent, so no more faults come
			if !r.em.State().Power {
				<-time.After(2 * time.Second)
			}
			mendAll()
			if err := r.em.WaitIdle(t.Context()); err != nil {
				t.Error(err)
			}
			var paper strings.Builder
			for _, p := range r.em.Pieces() {
				paper.WriteString(p.Text())
			}
			for n, res := range results {
				fates[res.Fate]++
				wantTrue(t, seed, n, res, paper.String(), su)
			}
		})
	}
	t.Log(fates)
	for _, f := range []printer.Fate{printer.Confirmed, printer.Parsed, printer.Unknown} {
		if fates[f] < 50 {
			t.Errorf("only %d jobs ended %v: the faults do not do what they should", fates[f], f)
		}
	}
}

func wantTrue(t *testing.T, seed uint64, n int, res printer.Result, paper string, su setup) {
	t.Helper()
	for i := range 22 {
		times := strings.Count(paper, fmt.Sprintf("receipt %d line %d ", n, i))
		if times > 1 || times == 0 && res.Fate == printer.Confirmed || times > 0 && res.Fate == printer.NotStarted {
			t.Errorf("seed %d (%s, buffer %d, %d baud): line %d of receipt %d is on paper %d times, and the job is %v (%v)",
				seed, su.profile, su.buffer, su.baud, i, n, times, res.Fate, res.Cause)
		}
	}
}
