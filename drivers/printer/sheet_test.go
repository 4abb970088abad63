package printer_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/drivers/escpos"
	"gatehouse/drivers/printer"
)

// endorsement is what goes on the back of a check.
func endorsement(t testing.TB, p escpos.Profile) []escpos.Segment {
	t.Helper()
	d := &escpos.Doc{Sheet: escpos.Endorsement}
	d.Add(escpos.Text{S: "FOR DEPOSIT ONLY", Style: escpos.Style{Bold: true}}, escpos.Text{S: "Alder Creek Water District"},
		escpos.Pair("A1-000123", "$188.20"), escpos.EndMark{Number: "A1-E000345"})
	segs, err := escpos.Encode(d, p)
	if err != nil {
		t.Fatal(err)
	}
	return segs
}

func (r *rig) printing(ctx context.Context, segs []escpos.Segment) <-chan printer.Result {
	done := make(chan printer.Result, 1)
	go func() { done <- r.s.Print(ctx, segs) }()
	return done
}

func form(f printer.Form) func(printer.Event) bool {
	return func(e printer.Event) bool { return e.Status.Form == f }
}

// settle lets the printer finish what it has.
func (r *rig) settle() {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := r.em.WaitIdle(ctx); err != nil {
		r.t.Fatalf("%v; %+v", err, r.em.State())
	}
}

// backs are the texts on the backs of the forms that are done with.
func (r *rig) backs() (all []string) {
	for _, f := range r.em.Forms() {
		all = append(all, f.Back.Text())
	}
	return all
}

func eachHybrid(t *testing.T, test func(t *testing.T, r *rig)) {
	for _, name := range []string{"TM-H6000IV", "TM-H6000V"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, newRig(t, setup{profile: name})) })
		})
	}
}

// A check is put in when the printer asks, is endorsed and given back, and the roll goes
// on as if nothing had been.
func TestACheckIsEndorsed(t *testing.T) {
	eachHybrid(t, func(t *testing.T, r *rig) {
		want := map[string]printer.Fate{"TM-H6000IV": printer.Parsed, "TM-H6000V": printer.Confirmed}[r.profile.Name]
		done := r.printing(t.Context(), endorsement(t, r.profile))
		r.until("a check is asked for", form(printer.FormAwaited))
		time.Sleep(5 * time.Second) // inside the bubble
		if n := r.em.State().Lines; n != 0 {
			t.Fatalf("%d lines are printed, on what?", n)
		}
		r.em.InsertCheck()
		if got := <-done; got.Fate != want || got.Cause != nil {
			t.Fatalf("%v, %v; want %v", got.Fate, got.Cause, want)
		}
		forms := r.em.Forms()
		if len(forms) != 1 || forms[0].Pulled || forms[0].Kind != "check" {
			t.Fatalf("%+v", forms)
		}
		if got := forms[0].Back.Text(); !strings.Contains(got, "FOR DEPOSIT ONLY") || !strings.Contains(got, "END A1-E000345") {
			t.Errorf("on the back: %q", got)
		}
		if got := forms[0].Front.Text(); strings.Contains(got, "DEPOSIT") {
			t.Errorf("on the front: %q", got)
		}
		if got := r.s.Print(t.Context(), receipt(t, r.profile, 0)); got.Fate != want {
			t.Errorf("the receipt after it: %+v", got)
		}
		r.settle()
		wantReceipts(t, r.em, 1)
		if st := r.em.State(); st.Unknown != 0 || st.Unsupported != 0 || st.Dropped != 0 {
			t.Errorf("%+v", st)
		}
	})
}

// Without a check nothing is printed, not on the roll either, and the printer is free again.
func TestNoSheetComes(t *testing.T) {
	eachHybrid(t, func(t *testing.T, r *rig) {
		for name, give := range map[string]func() printer.Result{
			"in time": func() printer.Result { return r.s.Print(t.Context(), endorsement(t, r.profile)) },
			"and nobody waits any more": func() printer.Result {
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				return r.s.Print(ctx, endorsement(t, r.profile))
			},
		} {
			got := give()
			if got.Fate != printer.NotStarted || !errors.Is(got.Cause, printer.ErrNoForm) || got.BytesOut != 0 {
				t.Fatalf("%s: %+v", name, got)
			}
			r.settle()
			if st := r.em.State(); st.Lines != 0 || st.Sheet != "roll" || st.FormWaits {
				t.Errorf("%s: %+v", name, st)
			}
		}
		if got := r.s.Print(t.Context(), receipt(t, r.profile, 0)); got.Fate != printer.Parsed && got.Fate != printer.Confirmed {
			t.Errorf("the receipt after it: %+v", got)
		}
		r.settle()
		wantReceipts(t, r.em, 1)
	})
}

// A sheet taken out half-way: the person is asked, and the rest comes out nowhere.
func TestASheetTakenOutHalfWay(t *testing.T) {
	eachHybrid(t, func(t *testing.T, r *rig) {
		if err := r.em.AfterLines(2, "form/remove"); err != nil {
			t.Fatal(err)
		}
		done := r.printing(t.Context(), endorsement(t, r.profile))
		r.until("a check is asked for", form(printer.FormAwaited))
		r.em.InsertCheck()
		if got := <-done; got.Fate != printer.Unknown || !errors.Is(got.Cause, printer.ErrFormGone) {
			t.Fatalf("%v, %v", got.Fate, got.Cause)
		}
		r.settle()
		forms := r.em.Forms()
		if len(forms) != 1 || !forms[0].Pulled || strings.Contains(forms[0].Back.Text(), "END") {
			t.Fatalf("%+v", forms)
		}
		if got := r.s.Print(t.Context(), receipt(t, r.profile, 0)); got.Fate != printer.Parsed && got.Fate != printer.Confirmed {
			t.Errorf("the receipt after it: %+v", got)
		}
		r.settle()
		wantReceipts(t, r.em, 1)
		if st := r.em.State(); st.Lines != 2+23 {
			t.Errorf("%d lines: something came out that nobody can account for", st.Lines)
		}
	})
}

// The cover opened half-way holds the sheet; closed, it is finished.
func TestTheCoverOpenedOverASheet(t *testing.T) {
	eachHybrid(t, func(t *testing.T, r *rig) {
		if err := r.em.AfterLines(2, "cover/open"); err != nil {
			t.Fatal(err)
		}
		done := r.printing(t.Context(), endorsement(t, r.profile))
		r.until("a check is asked for", form(printer.FormAwaited))
		r.em.InsertCheck()
		r.until("held", job(printer.JobHeld))
		time.Sleep(10 * time.Second) // inside the bubble
		r.em.CloseCover()
		if got := <-done; got.Fate != printer.Parsed && got.Fate != printer.Confirmed {
			t.Fatalf("%v, %v", got.Fate, got.Cause)
		}
		if backs := r.backs(); len(backs) != 1 || strings.Count(backs[0], "\n") != 4 {
			t.Errorf("%q", backs)
		}
	})
}

// The roll's end does not stop a sheet. Confirmed it is when the printer, back at its roll,
// has paper again.
func TestTheRollEndsWhileASheetIsPrinted(t *testing.T) {
	eachHybrid(t, func(t *testing.T, r *rig) {
		if err := r.em.AfterLines(1, "paper/out"); err != nil {
			t.Fatal(err)
		}
		done := r.printing(t.Context(), endorsement(t, r.profile))
		r.until("a check is asked for", form(printer.FormAwaited))
		r.em.InsertCheck()
		r.until("the sheet is done", func(printer.Event) bool { return len(r.em.Forms()) == 1 })
		if backs := r.backs(); !strings.Contains(backs[0], "END A1-E000345") {
			t.Errorf("%q", backs)
		}
		r.em.LoadPaper()
		if got := <-done; got.Fate != printer.Parsed && got.Fate != printer.Confirmed {
			t.Fatalf("%v, %v", got.Fate, got.Cause)
		}
	})
}

// A stub is stamped on its face.
func TestAStubIsStamped(t *testing.T) {
	eachHybrid(t, func(t *testing.T, r *rig) {
		d := &escpos.Doc{Sheet: escpos.Validation}
		d.Add(escpos.Text{S: "PAID A1-000123"})
		segs, err := escpos.Encode(d, r.profile)
		if err != nil {
			t.Fatal(err)
		}
		r.em.InsertSlip() // before it is asked for
		if got := r.s.Print(t.Context(), segs); got.Fate != printer.Parsed && got.Fate != printer.Confirmed {
			t.Fatalf("%+v", got)
		}
		forms := r.em.Forms()
		if len(forms) != 1 || forms[0].Front.Text() != "PAID A1-000123\n" {
			t.Errorf("%+v", forms)
		}
	})
}

// Whatever happens at whatever byte, a sheet that is said to be printed is whole, and one
// said not to be begun is blank.
func TestSheetsAreNeverLiedAbout(t *testing.T) {
	for _, action := range []string{"form/remove", "cover/open", "paper/out", "power", "unplug"} {
		for lines := 1; lines <= 4; lines++ {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, setup{profile: "TM-H6000V"})
				if err := r.em.AfterLines(lines, action); err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
				defer cancel()
				done := r.printing(ctx, endorsement(t, r.profile))
				r.until("a check is asked for", form(printer.FormAwaited))
				r.em.InsertCheck()
				time.Sleep(20 * time.Second) // inside the bubble
				for _, mend := range []func(){r.em.CloseCover, r.em.LoadPaper, r.em.Replug} {
					mend()
				}
				got := <-done
				r.em.RemoveForm()
				whole := strings.Contains(strings.Join(r.backs(), ""), "END A1-E000345")
				blank := !strings.Contains(strings.Join(r.backs(), ""), "DEPOSIT")
				switch got.Fate {
				case printer.Confirmed:
					if !whole {
						t.Errorf("%s after %d lines: confirmed, and the check says %q", action, lines, r.backs())
					}
				case printer.NotStarted:
					if !blank {
						t.Errorf("%s after %d lines: not started, and the check says %q", action, lines, r.backs())
					}
				case printer.Unknown:
				default:
					t.Errorf("%s after %d lines: %+v", action, lines, got)
				}
				for _, p := range append(r.em.Pieces(), r.em.Unfinished()) {
					if strings.Contains(p.Text(), "DEPOSIT") {
						t.Errorf("%s after %d lines: an endorsement on the roll", action, lines)
					}
				}
			})
		}
	}
}
