package main

import (
	"context"
	"path/filepath"
	"time"

	"gatehouse/desk/staff"
	cashierflow "gatehouse/ui/cashier/flow"
	"gatehouse/ui/lead"
	"gatehouse/ui/lead/flow"
	"gatehouse/ui/shell"
)

// screenReports is a lead's reports, beside the cashier's place.
const screenReports shell.Role = "reports"

// newReports builds the reports of an open station.
func newReports(w *window, r *running, zone *time.Location) *lead.Screen {
	now := func() time.Time { return time.Now().In(zone) }
	runner := &flow.Runner{Desk: r.desk, Folder: filepath.Join(r.o.folder(), "reports"), Now: now}
	var screen *lead.Screen
	screen = lead.New(lead.Options{
		Env: w.shell.Env(), Words: w.words, Station: string(r.o.station),
		Flow: flow.New(flow.Deps{Now: now, YearBegins: r.policy.Cash.FiscalYearBegins}),
		Run: func(e flow.Effect) {
			if e.Do == flow.DoLeave {
				w.shell.Show(screenPlace)
				return
			}
			w.shell.Bridge().Go(func(context.Context) func() {
				came := runner.Run(e)
				return func() { screen.Handle(came) }
			})
		},
	})
	return screen
}

// showReports leaves the cashier's place for the reports.
func (c *counter) showReports() {
	m := c.flow.Model()
	c.reports.Handle(flow.Entered{Who: m.Me.ID, Name: m.Me.Name})
	c.w.shell.Show(screenReports)
	c.reporting = true
}

// mayReport tells whether somebody may read reports now: with the right to count
// others' drawers, and none of one's own open, for whoever has one counts it blind.
func (c *counter) mayReport(m *cashierflow.Model) bool {
	return m.Place == cashierflow.AtWindow && m.Session.ID == "" && m.Busy == cashierflow.Idle && m.Ask == nil && !m.Begun() &&
		c.station.policy.Staff.May(m.Me.Role, staff.CountOthers)
}

// guardReports brings the lock to the front when it came while reports were read.
func (c *counter) guardReports() {
	if c.reporting && c.flow.Model().Place == cashierflow.AtLock {
		c.reporting = false
		c.w.shell.Show(screenPlace)
	}
}
