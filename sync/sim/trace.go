package sim

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"time"
)

// trace is what happened, as a hash and, if somebody reads it, as lines.
type trace struct {
	sum   hash.Hash
	to    io.Writer // nil: nobody reads it
	lines int
}

func newTrace(to io.Writer) *trace { return &trace{sum: sha256.New(), to: to} }

// note adds one event: when, who, what.
func (t *trace) note(since time.Duration, who, format string, args ...any) {
	line := fmt.Appendf(nil, "%12.3fs %-8s ", since.Seconds(), who)
	line = append(fmt.Appendf(line, format, args...), '\n')
	t.sum.Write(line)
	t.lines++
	if t.to != nil {
		t.to.Write(line) // a trace that cannot be written shows itself as missing
	}
}

// hash is the same for the same run.
func (t *trace) hash() string { return hex.EncodeToString(t.sum.Sum(nil)[:16]) }
