package words

import (
	"fmt"
	"strings"
	"time"
)

// calendar holds the words dates are made of.
type calendar struct {
	shortMonths, months, days []string
}

func (b *Book) readCalendar() error {
	for _, list := range []struct {
		key   Key
		into  *[]string
		count int
	}{
		{"calendar.months_short", &b.calendar.shortMonths, 12},
		{"calendar.months", &b.calendar.months, 12},
		{"calendar.days", &b.calendar.days, 7},
	} {
		*list.into = strings.Fields(b.Say(list.key))
		if len(*list.into) != list.count {
			return fmt.Errorf("reading the calendar of %s: %s has %d words and needs %d", b.lang, list.key, len(*list.into), list.count)
		}
	}
	return nil
}

// Date writes a date with its year, such as "Nov 30, 2026" or "30 nov 2026".
func (b *Book) Date(t time.Time) string { return b.date("calendar.date", t) }

// ShortDate writes a date without its year, such as "Nov 30" or "30 nov".
func (b *Book) ShortDate(t time.Time) string { return b.date("calendar.short_date", t) }

// LongDate writes a date with its day of the week, such as "Monday, November 30".
func (b *Book) LongDate(t time.Time) string { return b.date("calendar.long_date", t) }

// Time writes a time of day as staff read it, such as "09:14".
func (b *Book) Time(t time.Time) string { return t.Format("15:04") }

// Clock writes a time of day as visitors read it, such as "2:15 PM".
func (b *Book) Clock(t time.Time) string {
	half := b.Say("calendar.am")
	if t.Hour() >= 12 {
		half = b.Say("calendar.pm")
	}
	return t.Format("3:04") + " " + half
}

// Span writes how long something lasts, such as "2 h 10 min"; below a minute
// "0 min". Days are counted from 48 hours on.
func (b *Book) Span(d time.Duration) string {
	minutes := max(0, int64(d/time.Minute))
	switch {
	case minutes < 60:
		return b.Say("calendar.span_minutes", Args{"m": minutes})
	case minutes < 48*60:
		return b.Say("calendar.span_hours", Args{"h": minutes / 60, "m": minutes % 60})
	}
	return b.Say("calendar.span_days", Args{"d": minutes / 60 / 24, "h": minutes / 60 % 24})
}

func (b *Book) date(pattern Key, t time.Time) string {
	return b.Say(pattern, Args{
		"day": t.Day(), "year": t.Year(), "weekday": b.calendar.days[t.Weekday()],
		"month": b.calendar.months[t.Month()-1], "mon": b.calendar.shortMonths[t.Month()-1],
	})
}
