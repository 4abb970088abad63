package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

const usage = `usage:
  gatehouse-demo attended [--dir DIR]           an emulated printer, central and the cashier's window
  gatehouse-demo measure [--ledger DIR]         the window's start, its answer to a key, and its idling
  gatehouse-demo day [--out DIR] [--limit 5m]   a short day through the real window, checked
  gatehouse-demo central [--out DIR] [--limit 5m]   stations, a relay, a cut line and a killed central, then the console in Chromium, checked`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gatehouse-demo:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("say what to show\n%s", usage)
	}
	f := flag.NewFlagSet(args[0], flag.ContinueOnError)
	switch args[0] {
	case "attended":
		dir := f.String("dir", filepath.Join("build", "run"), "folder of the data, kept from one time to the next")
		if err := f.Parse(args[1:]); err != nil {
			return err
		}
		return attended(ctx, *dir)
	case "measure":
		large := f.String("ledger", filepath.Join(os.TempDir(), "gatehouse-bench-2"), "folder with a large ledger.db of station A1 and its station.key, as the benchmarks of the house make them")
		if err := f.Parse(args[1:]); err != nil {
			return err
		}
		return measure(ctx, *large, os.Stdout)
	case "day":
		out := f.String("out", filepath.Join("build", "demo"), "folder for what the day leaves; replaced")
		limit := f.Duration("limit", 10*time.Minute, "the longest the whole may take")
		if err := f.Parse(args[1:]); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeoutCause(ctx, *limit, fmt.Errorf("the day took longer than %s", *limit))
		defer cancel()
		return day(ctx, *out)
	case "central":
		out := f.String("out", filepath.Join("build", "demo-central"), "folder for what it leaves; replaced")
		limit := f.Duration("limit", 5*time.Minute, "the longest the whole may take")
		if err := f.Parse(args[1:]); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeoutCause(ctx, *limit, fmt.Errorf("it took longer than %s", *limit))
		defer cancel()
		return offices(ctx, *out)
	}
	return fmt.Errorf("there is no %q\n%s", args[0], usage)
}
