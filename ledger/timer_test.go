package ledger_test

import "time"

// timer adds up the time of what is measured, where two things are measured in
// turns in one benchmark.
type timer struct {
	began time.Time
	total time.Duration
	n     int
}

func (t *timer) start()             { t.began = time.Now() }
func (t *timer) stop(n int)         { t.total += time.Since(t.began); t.n += n }
func (t *timer) seconds() float64   { return t.total.Seconds() }
func (t *timer) perSecond() float64 { return float64(t.n) / t.total.Seconds() }
