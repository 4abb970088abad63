package wire

import (
	"encoding/binary"
	"io"
	"time"
)

// How patiently central is asked, by stations and by relays.
const (
	FirstRetry = time.Second     // after the first failure
	LastRetry  = 5 * time.Minute // the longest pause between two tries
	Heartbeat  = 30 * time.Second
)

// Pause is how long to wait after so many failures: doubling from FirstRetry to
// LastRetry, and a quarter more or less by chance, so that those who lost central
// together do not come back together. Without randomness it is a quarter less.
func Pause(failures int, random io.Reader) time.Duration {
	d := LastRetry
	if failures < 9 {
		d = min(FirstRetry<<failures, LastRetry)
	}
	var drawn [8]byte
	_, _ = io.ReadFull(random, drawn[:]) // zero is as good a chance as any
	spread := int64(binary.BigEndian.Uint64(drawn[:]) % uint64(d/2))
	return min(max(d-d/4+time.Duration(spread), FirstRetry), LastRetry)
}
