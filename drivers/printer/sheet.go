package printer

import (
	"errors"
	"time"

	"gatehouse/drivers/escpos"
)

// Form is what is known of the station for sheets that are put in by hand.
type Form uint8

const (
	FormNone    Form = iota // no sheet is in, or the printer has no such station
	FormAwaited             // the printer waits for a sheet: a person must act
	FormIn                  // a sheet is in
)

var (
	// ErrNoForm means that the sheet to be printed on was not put in, in time or at
	// all. Nothing was printed.
	ErrNoForm = errors.New("printer: the sheet was not put in; nothing was printed on it")
	// ErrFormGone means that the sheet was taken out, or ended, before all was on it.
	ErrFormGone = errors.New("printer: the sheet was taken out before all was printed on it; look at it")
)

const (
	askSheet = 5 // n of DLE EOT for the slip station
	// formWait is how long a person has to put a sheet in, where Config does not say.
	formWait = 30 * time.Second
	// keepFor is how long a check that was read is kept for its endorsement.
	keepFor = 2 * time.Minute
)

// sheets is the state of the slip station of one open line.
type sheets struct {
	said   escpos.SheetStatus // last
	loaded time.Time          // since when a check that was read lies ready; zero if none does
	tidy   bool               // a sheet that is in is to be given back: nobody prints on it any more
}

// sheetWatched reports whether the slip station has to be asked after.
func (c *conn) sheetWatched() bool {
	j := c.job
	return j != nil && j.begun && j.form || !c.sheets.loaded.IsZero() || c.sheets.tidy
}

// sheetSaid takes in what the slip station says.
func (c *conn) sheetSaid(s escpos.SheetStatus, now time.Time) {
	c.sheets.said = s
	if !s.In {
		c.sheets.loaded = time.Time{}
	}
	if c.sheets.tidy {
		c.sheets.tidy = false
		if s.In && s.Selected {
			c.giveBack()
		}
	}
	j := c.job
	if j == nil || !j.begun || !j.form {
		return
	}
	switch {
	case j.awaits && s.Selected && s.In && !s.Waiting:
		j.awaits, j.progress = false, now
	case !j.awaits && s.Waiting && j.next > 0:
		c.callOff(ErrFormGone)
	case j.asks && s.Selected && s.In:
		j.sure, j.progress = true, now
	case j.asks && !j.sure:
		c.restarted(ErrRestarted) // who knows what it printed on
	}
}

// sure reports whether the sheet may be given back now: all before that is taken in, and
// the printer still has the sheet. One that was switched off and on meanwhile prints on
// the roll, and would confirm that.
func (c *conn) sure(j *job, now time.Time) bool {
	if !j.form || j.sure || j.next != len(j.segs)-1 {
		return true
	}
	switch {
	case c.win.open > 0:
		c.sendToken(now)
	case c.win.empty() && !j.asks:
		j.asks = true
		c.watch.round, c.watch.next = append(c.watch.round, askSheet), now
	}
	return false
}

// stepForm gives a job up whose sheet does not come.
func (c *conn) stepForm(j *job, now time.Time) {
	if !now.Before(j.formBy) {
		c.callOff(ErrNoForm)
	}
}

// callOff ends the job whose sheet did not come or is gone, and makes the printer forget
// what it would print on the next one.
func (c *conn) callOff(cause error) {
	j := c.job
	f := Unknown
	if j.awaits || j.next <= 1 { // only the asking for the sheet went out
		f, j.out = NotStarted, 0
		if errors.Is(cause, ErrFormGone) {
			cause = ErrNoForm
		}
	}
	c.forget()
	c.endJob(f, cause)
}

// forget takes the wish for a sheet back.
func (c *conn) forget() {
	c.reset()
	c.up()
	c.sheets = sheets{tidy: true}
}

// giveBack ejects the sheet that is in.
func (c *conn) giveBack() {
	data := escpos.GiveSheetBack()
	c.lane = append(c.lane, piece{data: data})
	c.account(data)
	c.sheets.loaded = time.Time{}
}

// stepLoaded gives a check back that nobody endorsed.
func (c *conn) stepLoaded(now time.Time) {
	if at := c.sheets.loaded; !at.IsZero() && now.Sub(at) >= keepFor && (c.job == nil || !c.job.begun) {
		c.giveBack()
	}
}

func (c *conn) loadedWake() time.Time {
	if c.sheets.loaded.IsZero() || c.job != nil && c.job.begun {
		return time.Time{}
	}
	return c.sheets.loaded.Add(keepFor)
}

// form is the slip station as people are told of it.
func (c *conn) form() Form {
	j := c.job
	switch {
	case j != nil && j.begun && j.awaits, c.check != nil && c.check.sent && !c.check.over:
		return FormAwaited
	case !c.sheets.loaded.IsZero(), j != nil && j.begun && j.form:
		return FormIn
	}
	return FormNone
}

// able reports whether the printer can go on with the job. On a sheet it can without
// a roll.
func (c *conn) able(j *job) bool {
	s := Status{Link: c.link}
	s.take(c.raw, OpenNone)
	if j.form && !j.awaits {
		s.Paper = PaperOK
	}
	return s.Ready()
}
