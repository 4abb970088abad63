package cash_test

import (
	"testing"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
)

// What an X report may show is the policy of the day it was made.
func TestAnXReportShowsCashByPolicy(t *testing.T) {
	for _, shows := range []bool{false, true} {
		s := New(t, Options{Policy: func(p *desk.Policy) { p.Cash.XShowsCash = shows }})
		s.Morning(Maria, "1")
		x := Body[cash.XReport](s, s.Do(Maria, cash.XReportCommand{}))
		if x.ShowsCash != shows || x.Totals.CashInDrawer != 200_00 {
			t.Errorf("x_shows_cash = %v: %+v", shows, x)
		}
		s.Verify()
	}
}
