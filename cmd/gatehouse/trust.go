package main

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"gatehouse/sync/station"
	"gatehouse/sync/wire"
)

// trusted is what the station was told about who central is.
type trusted struct{ pins, authority string }

func (t *trusted) flags(f *flag.FlagSet) {
	f.StringVar(&t.pins, "central-pin", "", "pin of central's key, which central shows when it starts, like sha256/…; several with commas between")
	f.StringVar(&t.authority, "central-ca", "", "PEM file of the authority that vouches for central; without it and without a pin, those of the system do")
}

// trust makes how the station knows central.
func (t *trusted) trust() (*station.Trust, error) {
	o := station.TrustOptions{Built: built()}
	var err error
	if o.Pins, err = wire.ParsePins(t.pins); err != nil {
		return nil, fmt.Errorf("--central-pin: %w", err)
	}
	if t.authority != "" {
		if o.Authorities, err = os.ReadFile(t.authority); err != nil {
			return nil, fmt.Errorf("--central-ca: %w", err)
		}
		if len(o.Authorities) == 0 {
			return nil, fmt.Errorf("--central-ca %s: the file is empty", t.authority)
		}
	}
	trust, err := station.NewTrust(o)
	if err != nil {
		return nil, fmt.Errorf("--central-ca %s: %w", t.authority, err)
	}
	return trust, nil
}

// built is when the source of this program was committed, zero if it does not know.
func built() time.Time {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return time.Time{}
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.time" {
			at, err := time.Parse(time.RFC3339, s.Value)
			if err == nil {
				return at
			}
		}
	}
	return time.Time{}
}
