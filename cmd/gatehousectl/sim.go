package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"gatehouse/ledger"
	"gatehouse/sync/sim"
)

func simVerb() verb {
	return verb{name: "sim", args: "[--seed N | --seeds A-B] [--stations 3] [--hours 48] [--trace FILE] [--json]",
		short: "play stations and central against each other with faults",
		long: `Plays stations and one central in one process on simulated time, disk and network:
power cuts in the middle of a commit, lost, repeated, late, cut and altered
requests, lines that are down for hours, clocks that are days off, stations that
are revoked, copied disks, old disks put back, central put back to a backup. In the
end everything is mended, and nothing that was acknowledged may be missing, nothing
may be there twice, and every total must agree.

The same seed is the same run on any machine. With --trace and one seed every event
is written to FILE, or to the output for "-". Ends with 1 if anything is wrong, and
says how to see it again.`,
		run: runSim}
}

// maxSeeds bounds the seeds of one call.
const maxSeeds = 10_000_000

func runSim(ctx context.Context, c *call) error {
	seed := c.flags.Uint64("seed", 1, "the `SEED` to play")
	seeds := c.flags.String("seeds", "", "play all seeds from A to B, like `1-300`")
	stations := c.flags.Int("stations", 3, fmt.Sprintf("`NUMBER` of stations, 1 to %d", sim.MaxStations))
	hours := c.flags.Int("hours", 48, fmt.Sprintf("simulated `HOURS` until everything is mended, 1 to %d", sim.MaxHours))
	traceTo := c.flags.String("trace", "", "`FILE` for every event of one seed, - for the output")
	folder := c.flags.String("folder", "", "`DIR` for the simulated disks; without it memory, where the system has some as a folder")
	asJSON := c.flags.Bool("json", false, "a line of JSON for each seed")
	if _, err := c.parse(0, 0); err != nil {
		return err
	}
	first, last := *seed, *seed
	if *seeds != "" {
		var err error
		if first, last, err = seedRange(*seeds); err != nil {
			return err
		}
	}
	o := sim.Options{Stations: *stations, Hours: *hours, Folder: *folder}
	if o.Folder == "" {
		if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
			o.Folder = "/dev/shm"
		}
	}
	switch {
	case *traceTo != "" && first != last:
		return usage("--trace is for one seed")
	case *traceTo == "-":
		o.Trace = c.Stdout
	case *traceTo != "":
		file, err := os.Create(*traceTo)
		if err != nil {
			return err
		}
		defer file.Close()
		o.Trace = file
	}
	return c.simulate(ctx, o, first, last, *asJSON)
}

func seedRange(text string) (first, last uint64, err error) {
	a, b, ok := strings.Cut(text, "-")
	if first, err = strconv.ParseUint(a, 10, 63); err == nil && ok {
		last, err = strconv.ParseUint(b, 10, 63)
	}
	if err != nil || !ok || last < first || last-first >= maxSeeds {
		return 0, 0, usage("--seeds is like 1-300, at most %d of them", maxSeeds)
	}
	return first, last, nil
}

// simulated is what came of many seeds.
type simulated struct {
	runs, forks       int
	entries, receipts uint64
	taken             ledger.Cents
	happened          sim.Happened
	disasters         map[sim.Disaster]int
	wrong             int
}

// simulate plays seeds on all processors and says what came of them, in their order.
func (c *call) simulate(ctx context.Context, o sim.Options, first, last uint64, asJSON bool) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	type outcome struct {
		sim.Result
		err error
	}
	// Each seed has a place in the line before it is played, so the line is in order.
	line := make(chan chan outcome, 4*runtime.NumCPU())
	var playing sync.WaitGroup
	room := make(chan struct{}, runtime.NumCPU())
	go func() {
		defer close(line)
		for seed := first; seed <= last && ctx.Err() == nil; seed++ {
			came := make(chan outcome, 1)
			line <- came
			room <- struct{}{}
			playing.Go(func() {
				defer func() { <-room }()
				one := o
				one.Seed = seed
				r, err := sim.Run(ctx, one)
				came <- outcome{r, err}
			})
		}
	}()
	sum := simulated{disasters: map[sim.Disaster]int{}}
	var fault error
	for came := range line {
		r := <-came
		if r.err != nil {
			if stop(); fault == nil {
				fault = r.err
			}
			continue
		}
		if fault == nil {
			fault = c.showRun(&sum, r.Result, o, asJSON)
		}
	}
	playing.Wait()
	if err := errors.Join(fault, ctx.Err()); fault != nil || sum.runs == 0 {
		return err
	}
	if !asJSON {
		fmt.Fprintf(c.Stdout, "%d seeds (%s), %d entries, %d receipts, %s taken, %d forks, %d wrong\n", sum.runs, spread(sum.disasters), sum.entries, sum.receipts, sum.taken, sum.forks, sum.wrong)
		fmt.Fprintf(c.Stdout, "what happened: %+v\n", sum.happened)
	}
	if sum.wrong > 0 {
		return errProblem
	}
	return nil
}

func (c *call) showRun(sum *simulated, r sim.Result, o sim.Options, asJSON bool) error {
	sum.runs++
	sum.forks += r.Forks
	sum.entries, sum.receipts, sum.taken = sum.entries+r.Entries, sum.receipts+r.Receipts, sum.taken.Plus(r.Taken)
	sum.happened.Add(r.Happened)
	sum.disasters[r.Disaster]++
	if len(r.Wrong) > 0 {
		sum.wrong++
	}
	if asJSON {
		return json.NewEncoder(c.Stdout).Encode(r)
	}
	if len(r.Wrong) == 0 {
		return nil
	}
	_, err := io.WriteString(c.Stdout, fmt.Sprintf("WRONG with seed %d (%s):\n  %s\n  to see it again: gatehousectl sim --seed %d --stations %d --hours %d --trace -\n",
		r.Seed, r.Disaster, strings.Join(r.Wrong, "\n  "), r.Seed, o.Stations, o.Hours))
	return err
}

// spread says how many seeds had which disaster.
func spread(n map[sim.Disaster]int) string {
	var all []string
	for _, d := range sim.Disasters() {
		all = append(all, fmt.Sprintf("%d %s", n[d], d))
	}
	return strings.Join(all, ", ")
}
