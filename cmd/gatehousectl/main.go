package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	m := &Main{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Clock: time.Now, Random: rand.Reader, Self: self}
	code := m.Run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// self is this program again, as another process.
func self(ctx context.Context, args ...string) (*exec.Cmd, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	return exec.CommandContext(ctx, path, args...), nil
}

// Main is the program, with what it depends on.
type Main struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Clock          func() time.Time
	Random         io.Reader
	// Self makes a process of this same program.
	Self func(ctx context.Context, args ...string) (*exec.Cmd, error)
	// Patience is how long a verification of a file of so many bytes may take; nil
	// is Patience of this program.
	Patience func(size int64) time.Duration
}

// Exit codes.
const (
	exitOK      = 0
	exitProblem = 1 // something is wrong, or was refused
	exitUsage   = 2
)

// errProblem ends a verb that has already said what is wrong.
var errProblem = errors.New("a problem was found")

// usageError is a command line that was not understood.
type usageError struct{ error }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// verb is one thing that gatehousectl does.
type verb struct {
	name   string // "receipt check"
	args   string // as a usage line shows them
	short  string
	long   string
	run    func(context.Context, *call) error
	hidden bool
}

func verbs() []verb {
	return []verb{verifyVerb(), verifyHereVerb(), exportVerb(), restoreVerb(), rehomeVerb(), witnessVerb(), pushVerb(), playVerb(), receiptVerb(), pdfVerb(), reportVerb(), statementVerb(), keyVerb(),
		sampleVerb(), simVerb(), probeVerb(), emulatorVerb(), escposVerb(), escposEncodeVerb()}
}

// Run carries out a command line and returns the exit code.
func (m *Main) Run(ctx context.Context, args []string) int {
	if len(args) == 0 {
		m.overview(m.Stderr)
		return exitUsage
	}
	if help := args[0]; help == "help" || help == "--help" || help == "-h" {
		if len(args) == 1 {
			m.overview(m.Stdout)
			return exitOK
		}
		args = append(args[1:], "--help")
	}
	v, rest, err := find(args)
	if err != nil {
		fmt.Fprintf(m.Stderr, "gatehousectl: %v\n", err)
		return exitUsage
	}
	c := &call{Main: m, verb: v, flags: flag.NewFlagSet(v.name, flag.ContinueOnError), args: rest}
	c.flags.SetOutput(io.Discard) // what is wrong with them is said below, once
	return c.end(v.run(ctx, c))
}

// find finds the verb that the first one or two words name.
func find(args []string) (verb, []string, error) {
	var say []string
	for _, v := range verbs() {
		first, second, two := strings.Cut(v.name, " ")
		switch {
		case args[0] != first:
		case !two:
			return v, args[1:], nil
		case len(args) > 1 && (args[1] == second || args[1] == "--help" || args[1] == "-h"):
			if args[1] == second {
				return v, args[2:], nil
			}
			return v, args[1:], nil
		default:
			say = append(say, "gatehousectl "+v.name+" "+v.args)
		}
	}
	if len(say) > 0 {
		return verb{}, nil, usage("say: %s", strings.Join(say, "\nor: "))
	}
	return verb{}, nil, usage("there is no verb %.40q; gatehousectl help lists them", args[0])
}

// end says what a verb ended with.
func (c *call) end(err error) int {
	var misunderstood usageError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, flag.ErrHelp):
		c.help()
		return exitOK
	case errors.Is(err, errProblem):
		return exitProblem
	case errors.As(err, &misunderstood):
		fmt.Fprintf(c.Stderr, "gatehousectl %s: %v\nusage: gatehousectl %s %s\n", c.verb.name, err, c.verb.name, c.verb.args)
		return exitUsage
	}
	fmt.Fprintf(c.Stderr, "gatehousectl %s: %v\n", c.verb.name, err)
	return exitProblem
}
