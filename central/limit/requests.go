package limit

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Options says how much is allowed.
type Options struct {
	PerAddress float64      // requests a second of one sender; 0 is no limit
	PerLog     float64      // requests a second of one sender for one log; 0 is no limit
	Clock      ledger.Clock // nil is time.Now
	Refused    func()       // called for each request that is refused; may be nil
}

// Requests lets through to next what is within the limits.
func Requests(next http.Handler, o Options) http.Handler {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Refused == nil {
		o.Refused = func() {}
	}
	addresses, logs := newRates(o.PerAddress, o.Clock), newRates(o.PerLog, o.Clock)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from, counts := Sender(r.RemoteAddr)
		if !counts {
			next.ServeHTTP(w, r)
			return
		}
		wait := addresses.take(key{from: from})
		if log := logOf(r.URL.Path); log != "" && wait == 0 {
			wait = logs.take(key{from, log})
		}
		if wait > 0 {
			o.Refused()
			refuse(w, wait)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// logOf is the log that a path is about, empty without one.
func logOf(path string) string {
	rest, ok := strings.CutPrefix(path, "/v1/logs/")
	if !ok {
		return ""
	}
	log, _, _ := strings.Cut(rest, "/")
	return log[:min(len(log), maxLog)]
}

// maxWait is the longest pause that is asked for.
const maxWait = 5 * time.Minute

// refuse says when to come again, in the protocol's words.
func refuse(w http.ResponseWriter, wait time.Duration) {
	seconds := max(1, int(math.Ceil(min(wait, maxWait).Seconds())))
	h := w.Header()
	h.Set("Retry-After", strconv.Itoa(seconds))
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusTooManyRequests)
	json.NewEncoder(w).Encode(wire.Answer{Problem: wire.ProblemBusy, Text: "more requests than central takes from one address; wait"})
}
