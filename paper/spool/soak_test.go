package spool_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/ledger"
	"gatehouse/paper/papertest"
	"gatehouse/paper/spool"
)

// The faults of the printer and its line. Bits that flip and bytes that the line
// loses are left out: a host cannot see that a letter of a name came out wrong.
var printerFaults = []string{"paper/out", "cover/open", "cutter/jam", "power/off", "unplug", "line/noise", "line/mute"}

// A day of everything that goes wrong, again and again: the program dies between
// any two steps and at any byte, the printer loses paper, cover, cutter, power
// and cable. No paper comes out twice in silence, and none is lost in silence.
//
// GATEHOUSE_SOAK_FAULTS is how many faults are to strike, 300 if it is not set;
// GATEHOUSE_SOAK_SEED is the first seed. Each seed replays.
func TestNoPaperTwiceAndNoneLostInSilence(t *testing.T) {
	t.Parallel()
	wanted, seed := fromEnvironment(t, "GATEHOUSE_SOAK_FAULTS", 300), uint64(fromEnvironment(t, "GATEHOUSE_SOAK_SEED", 1))
	var sum soaked
	first := seed
	for ; sum.struck+sum.deaths < wanted && !t.Failed(); seed++ {
		synctest.Test(t, func(t *testing.T) { sum.add(soak(t, seed)) })
		if t.Failed() {
			t.Logf("replay with GATEHOUSE_SOAK_FAULTS=1 GATEHOUSE_SOAK_SEED=%d", seed)
		}
	}
	t.Logf("seeds %d to %d: %d faults of the printer, %d deaths of the program, %d papers, %d asked about",
		first, seed-1, sum.struck, sum.deaths, sum.papers, sum.asked)
	if wanted >= 100 && (sum.struck < wanted/10 || sum.deaths < wanted/10 || sum.asked < wanted/20) {
		t.Errorf("the faults do not do what they should: %+v", sum)
	}
}

func fromEnvironment(t *testing.T, name string, otherwise int) int {
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

// soaked is what was counted.
type soaked struct{ struck, deaths, papers, asked int }

func (s *soaked) add(o soaked) {
	s.struck += o.struck
	s.deaths += o.deaths
	s.papers += o.papers
	s.asked += o.asked
}

// soak lets a few programs live and die at one printer that fails too.
func soak(t *testing.T, seed uint64) (sum soaked) {
	t.Helper()
	rnd := rand.New(rand.NewPCG(seed, 7))
	o := newOffice(t, []string{"TM-T88VI", "TM-m30"}[rnd.IntN(2)])
	defer o.end()
	stopCare := o.lookAfterThePrinter(rnd.Int64())
	receipts := map[uint64]string{}
	var due []int64
	for n := range 2 + rnd.IntN(3) {
		for range 1 + rnd.IntN(3) {
			in := 1 + rnd.IntN(9000)
			due = append(due, o.em.State().Received+int64(in))
			if err := o.em.AfterBytes(in, printerFaults[rnd.IntN(len(printerFaults))]); err != nil {
				t.Fatal(err)
			}
		}
		l := &life{fate: fateFrom(rnd)}
		o.start(l)
		if n == 0 {
			o.desk.Morning()
		}
		for range 1 + rnd.IntN(3) {
			e := o.desk.PayCash(papertest.Garcia, 1_00)
			receipts[e.Seq] = string(e.ReceiptNo("A1"))
		}
		o.liveFor(l, time.Duration(1+rnd.IntN(60))*time.Second)
		sum.deaths++
		o.kill()
	}
	o.start(nil)
	o.answer(o.idle())
	for o.spooler.State().OfferedCount > 0 { // made while a spooler had died at its start
		o.desk.Do(spool.ReleaseCommand{Of: o.spooler.State().Offered[0].Of})
		o.answer(o.idle())
	}
	stopCare()
	asked := o.askedAbout()
	roll := o.roll()
	for seq, no := range receipts {
		c := count(roll, no)
		switch {
		case c.originals > 1:
			t.Errorf("seed %d: %s came out %d times without saying DUPLICATE\n%s", seed, no, c.originals, roll)
		case c.ends == 0:
			t.Errorf("seed %d: %s never came out whole\n%s", seed, no, roll)
		case c.duplicates > 0 && !asked[seq]:
			t.Errorf("seed %d: %s came out again and nobody was asked\n%s", seed, no, roll)
		case c.originals == 0 && !asked[seq]:
			t.Errorf("seed %d: there is no original of %s and nobody was asked\n%s", seed, no, roll)
		}
		if asked[seq] {
			sum.asked++
		}
	}
	sum.papers = len(receipts)
	for _, at := range due {
		if at <= o.em.State().Received {
			sum.struck++
		}
	}
	return sum
}

// fateFrom draws how a program dies; some are killed by the clock only.
func fateFrom(rnd *rand.Rand) fate {
	switch rnd.IntN(4) {
	case 0:
		return fate{beforeCommit: 1 + rnd.IntN(10)}
	case 1:
		return fate{afterCommit: 1 + rnd.IntN(10)}
	case 2:
		return fate{afterBytes: 1 + rnd.IntN(12000)}
	}
	return fate{}
}

// liveFor waits until a program is dead, or so much time went by.
func (o *office) liveFor(l *life, d time.Duration) {
	for end := time.After(d); !l.over(); {
		select {
		case <-end:
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// lookAfterThePrinter has somebody come by every few seconds and mend what is
// wrong. The function it returns sends them away, with all mended.
func (o *office) lookAfterThePrinter(seed int64) (stop func()) {
	rnd := rand.New(rand.NewPCG(uint64(seed), 8))
	enough, gone := make(chan struct{}), make(chan struct{})
	mend := func() {
		if o.em.State().Jammed { // off and on again frees any cutter
			o.em.PowerOff()
		}
		if !o.em.State().Power {
			<-time.After(2 * time.Second) // no printer starts up in less
		}
		o.em.PowerOn()
		o.em.LoadPaper()
		o.em.CloseCover()
		o.em.Replug()
	}
	go func() {
		defer close(gone)
		for {
			select {
			case <-time.After(3*time.Second + time.Duration(rnd.IntN(5000))*time.Millisecond):
				mend()
			case <-enough:
				return
			}
		}
	}()
	return func() {
		close(enough)
		<-gone
		mend()
	}
}

// askedAbout are the entries about whose paper there was a question.
func (o *office) askedAbout() map[uint64]bool {
	o.t.Helper()
	all := map[uint64]bool{}
	err := o.desk.Read(func(s *ledger.State) error {
		for seq := uint64(1); seq <= s.Head().Seq; seq++ {
			e, err := s.Entry(seq)
			if err != nil {
				return err
			}
			if e.Kind != spool.KindDoubtful {
				continue
			}
			body, err := ledger.Unpack[spool.Doubtful](&e)
			if err != nil {
				return err
			}
			all[body.Of] = true
		}
		return nil
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return all
}
