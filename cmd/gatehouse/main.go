package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"syscall"
	"time"

	"fyne.io/fyne/v2/app"
)

// appID names the program to the desktop; FyneApp.toml has the same.
const appID = "example.gatehouse.station"

func main() { os.Exit(run(os.Args[1:], os.Stderr)) }

// run is the program: 0 after an orderly end, 1 after a fault, 2 for options it
// does not know.
func run(args []string, errOut io.Writer) int {
	o, err := parse(args, errOut)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err == nil {
		err = canShow(os.Getenv("DISPLAY"))
	}
	if err != nil {
		fmt.Fprintln(errOut, "gatehouse:", err)
		return 2
	}
	if err := setToolkit(o); err != nil {
		fmt.Fprintln(errOut, "gatehouse:", err)
		return 1
	}
	log, closeLog := openLog(o, errOut)
	defer closeLog()
	w, err := newWindow(o, app.NewWithID(appID), log)
	if err == nil {
		err = w.run()
	}
	if err != nil {
		log.Error("ended", "cause", err)
		fmt.Fprintln(errOut, "gatehouse:", err)
		return 1
	}
	if w.again {
		closeLog()
		fmt.Fprintln(errOut, "gatehouse:", startAgain(args))
		return 1
	}
	return 0
}

// displayRest is what an X server is given to begin anew, as it does when the only
// program on it has left: who comes meanwhile is turned away.
const displayRest = time.Second

// startAgain puts a new run of this program, which begins with the set-up, in the
// place of this one. It returns only when it cannot, as on Windows.
func startAgain(args []string) error {
	<-time.After(displayRest)
	path, err := os.Executable()
	if err == nil {
		err = syscall.Exec(path, setUpArgs(path, args), os.Environ())
	}
	return fmt.Errorf("start again with --setup to set up the devices: %w", err)
}

// setUpArgs is the command line of that run.
func setUpArgs(path string, args []string) []string {
	if !slices.Contains(args, "--setup") {
		args = append([]string{"--setup"}, args...)
	}
	return append([]string{path}, args...)
}

// setToolkit tells the toolkit, which asks the environment alone, that one unit is
// one pixel, so that a page fits the screen it was made for, and that what it
// keeps for itself is each station's own.
func setToolkit(o options) error {
	return errors.Join(os.Setenv("FYNE_SCALE", "1"), os.Setenv("FYNE_DISABLE_DPI_DETECTION", "1"),
		os.Setenv("XDG_CONFIG_HOME", filepath.Join(o.folder(), "toolkit")))
}

// maxLog is how large the log may be when a new one is begun, in bytes.
const maxLog = 8 << 20

// openLog opens the log in the station's folder, and the file a crash is written
// to. A station whose folder cannot be written says so in its window; its log
// then goes to errOut.
func openLog(o options, errOut io.Writer) (*slog.Logger, func()) {
	fallback := slog.New(slog.NewTextHandler(errOut, nil))
	if err := os.MkdirAll(o.folder(), 0o700); err != nil {
		return fallback, func() {}
	}
	path := filepath.Join(o.folder(), "station.log")
	if about, err := os.Stat(path); err == nil && about.Size() > maxLog {
		_ = os.Rename(path, path+".1") // a log that stays long is no fault of the station
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fallback, func() {}
	}
	crash, err := os.OpenFile(filepath.Join(o.folder(), "crash.txt"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err == nil {
		err = errors.Join(debug.SetCrashOutput(crash, debug.CrashOptions{}), crash.Close())
	}
	log := slog.New(slog.NewTextHandler(file, nil))
	if err != nil {
		log.Warn("a crash will not be written to a file", "cause", err)
	}
	return log, func() { _ = file.Close() } // nothing is left to be told
}
