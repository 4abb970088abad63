package printer_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/printer"
)

// fromEnvironment is a number that make soak sets.
func fromEnvironment(t testing.TB, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s is %q: give a number of at least 1", name, text)
	}
	return n
}

// wire is a line on which no byte may be lost.
type wire struct {
	baud, buffer int
	late         time.Duration // of the adapter: 2 ms of a serial port, 16 ms of a USB one
}

func wires() (all []wire) {
	for _, baud := range []int{9600, 19200, 38400, 57600, 115200} {
		for _, buffer := range []int{45, 4096} {
			for _, late := range []time.Duration{2 * time.Millisecond, 16 * time.Millisecond} {
				all = append(all, wire{baud, buffer, late})
			}
		}
	}
	return all
}

// anyJob is a document of any length, now and then with a picture.
func anyJob(t testing.TB, p escpos.Profile, n int, rnd *rand.Rand) (segs []escpos.Segment, picture bool) {
	t.Helper()
	d := new(escpos.Doc)
	if rnd.IntN(20) == 0 && p.BufferBytes > 1000 { // the small buffer is no match for a row of dots
		picture = true
		d.Add(photo(t, 256, 8+rnd.IntN(64)))
	}
	for i := range 1 + rnd.IntN(40) {
		d.Add(escpos.Pair(fmt.Sprintf("job %d line %d", n, i), "1,234.56"))
	}
	segs, err := escpos.Encode(d.Add(escpos.EndMark{Number: fmt.Sprint(n)}, escpos.Cut{}), p)
	if err != nil {
		t.Fatal(err)
	}
	return segs, picture
}

// alone is what the document is on paper when there is no line in between.
func alone(t testing.TB, p escpos.Profile, segs []escpos.Segment) emulator.Piece {
	t.Helper()
	var stream bytes.Buffer
	for _, s := range segs {
		stream.Write(s.Data)
	}
	out, err := emulator.Print(context.Background(), p, &stream)
	if err != nil || len(out.Pieces) != 1 {
		t.Fatalf("printed alone: %d pieces, %v", len(out.Pieces), err)
	}
	return out.Pieces[0]
}

// printJobs prints n jobs over the wire w. Each must be confirmed, and be on paper
// as it would be without a line, at the moment it is confirmed.
func printJobs(t *testing.T, w wire, n int, seed uint64) {
	synctest.Test(t, func(t *testing.T) {
		rnd := rand.New(rand.NewPCG(seed, 3))
		cut := make(chan emulator.Piece, 1)
		r := newRig(t, setup{
			baud: w.baud, buffer: w.buffer, session: late(w.baud, w.late),
			emulate: func(c *emulator.Config) { c.OnPiece = func(p emulator.Piece) { cut <- p } },
		})
		for i := range n {
			segs, picture := anyJob(t, r.profile, i, rnd)
			if res := r.s.Print(t.Context(), segs); res.Fate != printer.Confirmed || len(cut) != 1 {
				t.Errorf("%+v, seed %d: job %d: %+v, %d pieces", w, seed, i, res, len(cut))
				return
			}
			got, want := <-cut, alone(t, r.profile, segs)
			if got.Text() != want.Text() || picture && !bytes.Equal(got.Image().Pix, want.Image().Pix) {
				t.Errorf("%+v, seed %d: job %d came out as\n%s\nand should be\n%s", w, seed, i, got.Text(), want.Text())
				return
			}
		}
		if st := r.em.State(); st.Dropped > 0 || st.Unknown > 0 {
			t.Errorf("%+v, seed %d: %d bytes lost, %d unknown commands", w, seed, st.Dropped, st.Unknown)
		}
	})
}

// GATEHOUSE_SOAK_JOBS is how many jobs there are over all the lines together, 200
// if it is not set; GATEHOUSE_SOAK_SEED is the seed of the first.
func TestNoByteIsLostOnAnyLine(t *testing.T) {
	t.Parallel()
	jobs, seed := fromEnvironment(t, "GATEHOUSE_SOAK_JOBS", 200), uint64(fromEnvironment(t, "GATEHOUSE_SOAK_SEED", 1))
	all := wires()
	each := (jobs + len(all) - 1) / len(all)
	for i, w := range all {
		printJobs(t, w, each, seed+uint64(i))
	}
	t.Logf("%d jobs over %d lines, seed %d", each*len(all), len(all), seed)
}
