package account_test

import (
	"fmt"
	"testing"
	"time"

	"gatehouse/desk/account"
	"gatehouse/desk/reference"
	"gatehouse/ledger"
)

func paidAt(station ledger.StationID, seq uint64, no account.No, amount ledger.Cents) account.Paid {
	return account.Paid{Account: no, Log: ledger.LogID{station[0], station[1]}, Seq: seq, Station: station, At: time.Unix(int64(seq), 0), Amount: amount}
}

// TestWhatOthersTookIsPendingUntilTheBalanceCountsIt: by station, once each, and gone
// when it was taken back, counted or forgotten.
func TestWhatOthersTookIsPendingUntilTheBalanceCountsIt(t *testing.T) {
	e := new(account.Elsewhere)
	about := reference.About{}
	shows := func(when, want string) {
		t.Helper()
		var all []string
		for _, p := range e.Of("01-1", about) {
			all = append(all, fmt.Sprintf("%s %s until %d", p.Station, p.Amount, p.At.Unix()))
		}
		if got := fmt.Sprint(all); got != want {
			t.Errorf("%s: %s, want %s", when, got, want)
		}
	}
	shows("nothing yet", "[]")
	e.Note(about, []account.Paid{paidAt("A2", 5, "01-1", 40_00), paidAt("A2", 6, "02-2", 1_00), paidAt("B1", 9, "01-1", 2_50)})
	e.Note(about, []account.Paid{paidAt("A2", 5, "01-1", 40_00), paidAt("A2", 8, "01-1", 10_00)}) // told twice
	shows("two stations", "[A2 50.00 until 8 B1 2.50 until 9]")
	e.Note(about, []account.Paid{paidAt("B1", 10, "01-1", -2_50)})
	shows("taken back", "[A2 50.00 until 8]")
	about.Counted = []reference.Counted{{Log: ledger.LogID{'A', '2'}, Through: 5}}
	shows("counted in part", "[A2 10.00 until 8]")
	e.Note(about, nil)
	shows("and dropped", "[A2 10.00 until 8]")
	e.Forget()
	shows("forgotten", "[]")
	if (*account.Elsewhere)(nil).Of("01-1", about) != nil {
		t.Error("nobody tells, and something is pending")
	}
}

func TestWhatIsKeptOfOthersHasABound(t *testing.T) {
	e := new(account.Elsewhere)
	for from := uint64(1); from <= account.MaxElsewhere+2000; from += 2000 {
		page := make([]account.Paid, 2000)
		for i := range page {
			page[i] = paidAt("A2", from+uint64(i), account.No(fmt.Sprint(from+uint64(i))), 1)
		}
		e.Note(reference.About{}, page)
	}
	if e.Of("1", reference.About{}) != nil || e.Of(account.No(fmt.Sprint(account.MaxElsewhere+1000)), reference.About{}) == nil {
		t.Error("the oldest are not the ones that were dropped")
	}
}
