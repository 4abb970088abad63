package words_test

import (
	"testing"
	"time"

	"gatehouse/ui/words"
)

func TestDatesAndTimes(t *testing.T) {
	at := time.Date(2026, time.November, 30, 14, 5, 0, 0, time.UTC)
	en, es := book(t, words.English), book(t, words.Spanish)
	for _, c := range []struct{ got, want string }{
		{en.Date(at), "Nov 30, 2026"}, {es.Date(at), "30 nov 2026"},
		{en.ShortDate(at), "Nov 30"}, {es.ShortDate(at), "30 nov"},
		{en.LongDate(at), "Monday, November 30"}, {es.LongDate(at), "lunes 30 de noviembre"},
		{en.Time(at), "14:05"}, {es.Time(at), "14:05"},
		{en.Clock(at), "2:05 PM"}, {es.Clock(at), "2:05 p. m."},
		{en.Clock(at.Add(-2 * time.Hour)), "12:05 PM"}, {en.Clock(at.Add(-14 * time.Hour)), "12:05 AM"},
		{en.Span(-time.Hour), "0 min"}, {en.Span(59 * time.Minute), "59 min"},
		{en.Span(130 * time.Minute), "2 h 10 min"}, {es.Span(50 * time.Hour), "2 d 2 h"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
