package console

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"gatehouse/ledger"
)

// functions are what the pages write with.
func functions() template.FuncMap {
	return template.FuncMap{
		"count": count,
		"clock": clock,
		"lasts": lasts,
		"since": since,
		"short": func(id ledger.LogID) string { return id.String()[:8] },
		"debit": func(c ledger.Cents) string { return oneSide(c, c > 0) },
		"credit": func(c ledger.Cents) string {
			return oneSide(-c, c < 0)
		},
		"size":     size,
		"negative": func(c ledger.Cents) bool { return c < 0 },
	}
}

func oneSide(c ledger.Cents, show bool) string {
	if !show {
		return ""
	}
	return c.String()
}

// count writes a number with thousands separated.
func count(n uint64) string {
	s := strconv.FormatUint(n, 10)
	var b strings.Builder
	for i, digit := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	return b.String()
}

// size writes how much is to be moved.
func size(n uint64) string {
	switch {
	case n >= 1_000_000:
		return strconv.FormatUint((n+500_000)/1_000_000, 10) + " MB"
	case n > 0:
		return strconv.FormatUint((n+999)/1000, 10) + " kB"
	}
	return "nothing"
}

// clock writes a time to the second, in UTC: stations may be in several zones.
func clock(t time.Time) string {
	if t.IsZero() {
		return "not yet"
	}
	return t.UTC().Format("2006-01-02 15:04:05")
}

// since writes how long ago a time was, as people say it.
func since(now, t time.Time) string {
	if t.IsZero() {
		return "not since central started"
	}
	d := now.Sub(t)
	switch {
	case d < 0:
		return "just now"
	case d < time.Minute:
		return fmt.Sprintf("%d s ago", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	}
	return fmt.Sprintf("%d days ago", int(d.Hours()/24))
}

// lasts writes how long something still lasts.
func lasts(d time.Duration) string {
	d = d.Round(time.Minute)
	if d < time.Hour {
		return fmt.Sprintf("%d min", int(d.Minutes()))
	}
	return fmt.Sprintf("%d h", int(d.Hours()))
}
