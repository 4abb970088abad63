package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gatehouse/ledger"
	carrier "gatehouse/sync/station"
	"gatehouse/sync/wire"
)

func pushVerb() verb {
	return verb{name: "push", args: "LEDGER --central URL [--code-file FILE] [--pin PIN] [--within 10m]",
		short: "carry a ledger to central, once",
		long: `Carries a ledger that no station has open to central, or to an office's relay, as
the station itself does, and ends when all of it is there: for a machine whose
window does not start, a ledger that was brought on a stick, or a script. What is
there already is not sent again. The code is needed once, for a ledger that
central does not know. It is read from a file, or from GATEHOUSE_ENROL_CODE.`,
		run: runPush}
}

func runPush(ctx context.Context, c *call) error {
	central := c.flags.String("central", "", "`URL` of central or of the office's relay")
	keyFile := c.flags.String("key", "", "`FILE` with the station's key; without it station.key beside the ledger")
	codeFile := c.flags.String("code-file", "", "`FILE` with the enrolment code")
	pins := c.flags.String("pin", "", "`PIN` of central's key, as it shows it when it starts; without it the system's authorities vouch for it")
	plain := c.flags.Bool("insecure-lan", false, "allow central without TLS on another machine")
	within := c.flags.Duration("within", 10*time.Minute, "`TIME` after which to give up")
	paths, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	if err := c.needed("central"); err != nil {
		return err
	}
	path := paths[0]
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("push: %w", err)
	}
	if *keyFile == "" {
		*keyFile = filepath.Join(filepath.Dir(path), "station.key")
	}
	key, err := stationKey(*keyFile)
	if err != nil {
		return err
	}
	code := os.Getenv("GATEHOUSE_ENROL_CODE")
	if *codeFile != "" {
		text, err := os.ReadFile(*codeFile)
		if err != nil {
			return fmt.Errorf("read the enrolment code: %w", err)
		}
		code = strings.TrimSpace(string(text))
	}
	all, err := views()
	if err != nil {
		return err
	}
	id, err := ledger.ReadIdentity(path)
	if err != nil {
		return err
	}
	book, err := ledger.Open(ledger.Options{Path: path, Station: id.Station, Training: id.Training, Signer: key, Views: all, Clock: c.Clock})
	if err != nil {
		return err
	}
	defer book.Close()
	parsed, err := wire.ParsePins(*pins)
	if err != nil {
		return usage("--pin: %v", err)
	}
	trust, err := carrier.NewTrust(carrier.TrustOptions{Pins: parsed})
	if err != nil {
		return err
	}
	follower, err := carrier.New(carrier.Options{URL: *central, Code: code, InsecureLAN: *plain, Trust: trust})
	if err != nil {
		return usage("%v", err)
	}
	return carry(ctx, c, follower, book, *within)
}

// carry follows the book until all of it is where the follower carries it, says
// how far it is each time a batch is taken, and gives up after a time or when a
// person has to decide.
func carry(ctx context.Context, c *call, f *carrier.Follower, book *ledger.Book, within time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		f.Run(ctx, book)
	}()
	defer func() {
		cancel()
		<-ended
	}()
	states, stop := f.Subscribe()
	defer stop()
	head, said := book.Head().Seq, ""
	for {
		select {
		case s := <-states:
			there := max(s.AtCentral, s.AtRelay)
			switch {
			case s.Fork && !s.ForkShown && !s.ForkFull: // its side is still on the way to central
			case s.Fork || s.Code == carrier.CodeRevoked || s.Code == carrier.CodeBadCode || s.Code == carrier.CodeNotEnrolled:
				return fmt.Errorf("%s", s.Err)
			case s.Online && there == head:
				where := "central"
				if s.Relay {
					where = fmt.Sprintf("the office's relay; central has %d", s.AtCentral)
				}
				fmt.Fprintf(c.Stdout, "%d entries of station %s are at %s\n", head, book.Identity().Station, where)
				return nil
			case s.Err != said && s.Err != "":
				said = s.Err
				fmt.Fprintln(c.Stderr, said)
			}
		case <-ctx.Done():
			s := f.State()
			return fmt.Errorf("%d of %d entries are there; the rest is kept here: %s", max(s.AtCentral, s.AtRelay), head, s.Err)
		}
	}
}
