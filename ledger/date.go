package ledger

import (
	"fmt"
	"time"
)

// Date is a business date, written as the number yyyymmdd. It is fixed when a
// drawer session opens and never worked out from a clock afterwards.
type Date uint32

// DateOf is the calendar date of t in t's own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date(y*10000 + int(m)*100 + d)
}

func (d Date) String() string {
	return fmt.Sprintf("%04d-%02d-%02d", d/10000, d/100%100, d%100)
}

// Time is midnight UTC of the date, for calendar arithmetic.
func (d Date) Time() time.Time {
	return time.Date(int(d/10000), time.Month(d/100%100), int(d%100), 0, 0, 0, 0, time.UTC)
}

// valid says that the calendar has the date, in this or the next centuries.
func (d Date) valid() bool {
	return d >= 1970_01_01 && d < 3000_00_00 && DateOf(d.Time()) == d
}

// InForce is the rule in force on a date, of dated rows in any order: the newest that has
// begun. From is the first date of a row; rows of the same date are for the caller to
// refuse. The zero row means that none has begun.
func InForce[Row any](rows []Row, on Date, from func(Row) Date) (newest Row) {
	for _, row := range rows {
		if from(row) <= on && from(row) >= from(newest) {
			newest = row
		}
	}
	return newest
}
