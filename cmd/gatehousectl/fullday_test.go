package main_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gatehouse/desk/report"
	"gatehouse/ledger"
)

// fullDay plays testdata/fullday.jsonl: days with every event of cash control, and every
// rule that says no; the end of a fiscal year and of a calendar year, and both changes of
// the clocks, with a drawer open over each. It is a training ledger, since only that takes times;
// the policy is the sample's, with rounding and all means of payment.
func fullDay(t *testing.T) (place, answer) {
	t.Helper()
	p := newPlace(t)
	policy := filepath.Join(p.data, "policy.toml")
	more := read(t, filepath.Join("testdata", "fullday.policy.toml"))
	must(t, os.WriteFile(policy, append(append(read(t, policy), '\n'), more...), 0o600))
	a := p.play(t, filepath.Join("testdata", "fullday.jsonl"), "--training")
	if a.code != 0 {
		t.Fatalf("the day ended with %d: %s", a.code, a.err)
	}
	return p, a
}

func TestTheFullDayOfADrawer(t *testing.T) {
	p, a := fullDay(t)
	golden(t, "fullday.golden.jsonl", normalised(a.out))
	kinds, refused := map[ledger.Kind]int{}, map[string]int{}
	for _, r := range results(t, a.out) {
		for _, e := range r.Entries {
			kinds[e.Kind]++
		}
		if r.Refused != nil {
			refused[r.Refused.Code]++
		}
	}
	for kind, want := range map[ledger.Kind]int{
		"cash.drawer_opened.v1": 12, "cash.payment.v1": 32, "cash.void.v1": 2, "cash.reversal.v1": 1, "cash.refunded.v1": 3,
		"cash.adjusted.v1": 1, "cash.no_sale.v1": 1, "cash.drawer_unasked.v1": 1, "cash.skim.v1": 3, "cash.paid.v1": 6, "cash.changed.v1": 2,
		"cash.suspect_note.v1": 1, "cash.large_cash.v1": 2, "cash.x_report.v1": 1, "cash.check_to_endorse.v1": 6,
		"cash.count_begun.v1": 6, "cash.counted.v1": 13, "cash.surprise_count.v1": 3, "cash.rota_due.v1": 3, "cash.rota_listed.v1": 2,
		"cash.drawer_closed.v1": 12, "cash.check_returned.v1": 3, "paper.reprint.v1": 2,
		"safe.counted.v1": 1, "safe.deposit.v1": 5, "safe.statement.v1": 3, "safe.matched.v1": 3,
	} {
		if kinds[kind] != want {
			t.Errorf("%d of %s, want %d", kinds[kind], kind, want)
		}
	}
	for _, code := range []string{
		"cash.no_session", "cash.float_reason", "cash.own_account", "cash.drawer_full", "cash.drawer_taken", "cash.change_uneven",
		"cash.bag_used", "cash.count_first", "cash.bad_count", "cash.pieces", "cash.counted_twice", "cash.over_short_reason", "cash.adjust_limit",
		"cash.returned_before", "cash.no_checks", "staff.witness_needed", "staff.approval_needed", "staff.own_approval", "staff.no_right",
		"staff.wrong_pin", "staff.locked", "cash.memo_needed", "cash.closed_already", "cash.change_with_whom", "cash.change_only_from_cash",
		"cash.tender_limit", "cash.for_whom", "cash.split_owed", "cash.void_other_session", "cash.rota_nothing", "safe.not_waiting",
	} {
		if refused[code] == 0 {
			t.Errorf("nothing is refused by %s", code)
		}
	}
	// One check was brought twice, the second time for somebody else's bill.
	if n := strings.Count(a.out, `"seen":[{`); n != 1 {
		t.Errorf("%d payments have a check that looks like one before", n)
	}
	mustCtl(t, "verify", p.ledger, "--key", p.path("station.key"))
}

// The Zs, the deposits and the distribution agree to the cent with what hledger reads
// from the export.
func TestHledgerAgreesWithTheFullDay(t *testing.T) {
	p, _ := fullDay(t)
	journal := p.path("day.journal")
	mustCtl(t, "export", p.ledger, "--format", "hledger", "-o", journal)
	run(t, "hledger", "-f", journal, "check")
	// had is what hledger has of accounts, of what went in or out or both.
	had := func(query ...string) (sum ledger.Cents) {
		t.Helper()
		args := append([]string{"-f", journal, "balance", "--flat", "--no-total", "--empty", "-O", "csv"}, query...)
		rows, err := csv.NewReader(strings.NewReader(run(t, "hledger", args...))).ReadAll()
		must(t, err)
		for _, row := range rows[1:] {
			sum += amount(t, row[1])
		}
		return sum
	}
	var closed, skimmed, deposited, miscounted, off ledger.Cents
	var sessions, deposits int
	for line := range strings.Lines(mustCtl(t, "export", p.ledger, "--format", "jsonl").out) {
		var e struct {
			ledger.EntryForPeople
			Body struct {
				Session, No         string
				Over, Amount, Total int64
				Float, Expected     int64
			} `json:"body"`
		}
		must(t, json.Unmarshal([]byte(line), &e))
		sum := func(prefix string) (all ledger.Cents) {
			for _, l := range e.Lines {
				if strings.HasPrefix(string(l.Account), prefix) {
					all += ledger.Cents(l.Cents)
				}
			}
			return all
		}
		switch e.Kind {
		case "cash.drawer_opened.v1":
			off += ledger.Cents(e.Body.Float - e.Body.Expected)
		case "cash.drawer_closed.v1":
			sessions++
			off += ledger.Cents(e.Body.Over)
			closed += sum("assets:undeposited:")
			if left := had("assets:drawer:.*:" + e.Body.Session + "$"); left != 0 {
				t.Errorf("hledger has %s in the closed drawer of %s", left, e.Body.Session)
			}
			if over := -sum("expenses:over-short"); over != ledger.Cents(e.Body.Over) {
				t.Errorf("the Z of %s is %s over, its postings %s", e.Body.Session, ledger.Cents(e.Body.Over), over)
			}
		case "cash.skim.v1":
			skimmed += ledger.Cents(e.Body.Amount)
		case "safe.deposit.v1":
			deposits++
			total := ledger.Cents(e.Body.Total)
			deposited += total
			off += ledger.Cents(e.Body.Over)
			miscounted += ledger.Cents(e.Body.Over)
			if got := had("assets:in-transit:.*:"+e.Body.No+"$", "amt:>0"); got != total {
				t.Errorf("deposit %s has %s, hledger %s", e.Body.No, total, got)
			}
		}
	}
	if sessions != 12 || deposits != 5 {
		t.Fatalf("%d closed drawers, %d deposits", sessions, deposits)
	}
	// Intact: what came out of the drawers is what went to the bank, or still waits; what
	// a deposit was counted otherwise is on record.
	if waits := had("assets:undeposited") + had("assets:safe:bags"); closed+skimmed+miscounted != deposited+waits || miscounted == 0 {
		t.Errorf("out of the drawers came %s, to the bank went %s with a difference of %s, and %s waits", closed+skimmed, deposited, miscounted, waits)
	}
	if got := -had("^expenses:over-short"); got != off {
		t.Errorf("the counts are %s over, hledger has %s", off, got)
	}
	if cents := had("^(assets|liabilities|equity|income|expenses)"); cents != 0 {
		t.Errorf("the books do not sum to zero but to %s", cents)
	}
	distributionAgrees(t, p, journal)
	beans := p.path("day.beancount")
	mustCtl(t, "export", p.ledger, "--format", "beancount", "-o", beans)
	run(t, "bean-check", beans)
}

// Every report can be made of it, and none disagrees with the entries.
func TestReportsOfTheFullDay(t *testing.T) {
	p, _ := fullDay(t)
	list := mustCtl(t, "report", "--what", "list").out
	var names []string
	for line := range strings.Lines(list) {
		names = append(names, strings.Fields(line)[0])
	}
	if len(names) < 12 || !slices.Contains(names, "roll-up") {
		t.Fatalf("the reports are %q", names)
	}
	sheet := p.path("roll-up.pdf")
	mustCtl(t, "report", p.ledger, "--data", p.data, "--what", "roll-up", "--from", "20270629", "--to", "20280313", "--pdf", sheet)
	if text := run(t, "pdftotext", "-layout", sheet, "-"); !regexp.MustCompile(`Roll-up, 2027-06-29 to 2028-03-13 +TRAINING - NOT VALID +Page 1 of 1`).MatchString(text) {
		t.Errorf("the last line of the sheet: %s", text)
	}
	for _, name := range names {
		kind, _ := report.KindNamed(name)
		// The last goes over both years, and the changes of the clocks.
		for _, to := range []string{"20270629", "20270701", "20280313"} {
			args := []string{"report", p.ledger, "--data", p.data, "--what", name}
			if out := mustCtl(t, append(args, asked(t, kind, "20270629", to)...)...).out; strings.Contains(out, "DOES NOT AGREE") {
				t.Errorf("%s:\n%s", name, out)
			}
		}
	}
}

// exported is an entry of the full day as it is exported.
type exported struct {
	ledger.EntryForPeople
	Body struct {
		Session, Name string
		Over          int64
		FiscalYear    int `json:"fiscal_year"`
		Float         int64
		Expected      int64
		Drawn, Period uint64
		Moved         bool
		Left          *struct{ Session, Name string }
		Rota          *struct{ Drawn, Period uint64 }
	} `json:"body"`
}

func exportOf(t *testing.T, p place) (all []exported) {
	t.Helper()
	for line := range strings.Lines(mustCtl(t, "export", p.ledger, "--format", "jsonl").out) {
		var e exported
		must(t, json.Unmarshal([]byte(line), &e))
		all = append(all, e)
	}
	return all
}

// A drawer left open over midnight, the end of a fiscal or a calendar year, or a change
// of the clocks keeps the business date it was opened with, to its Z and in the fiscal
// year of that date; an hour that comes twice, or never, is no difference.
func TestDrawersOpenOverTheEndsOfTheFullDay(t *testing.T) {
	p, _ := fullDay(t)
	opened := map[string]string{}
	payments := map[string]int{}
	ends := map[string]bool{}
	for _, e := range exportOf(t, p) {
		id := e.Body.Session
		switch e.Kind {
		case "cash.drawer_opened.v1":
			opened[id] = e.Date
		case "cash.payment.v1":
			payments[id]++
			if e.Date != opened[id] {
				t.Errorf("%s at %s has the date %s, its session %s", e.Receipt, e.At, e.Date, opened[id])
			}
		case "cash.drawer_closed.v1":
			for _, c := range []struct {
				over         string
				session      string
				date, closed string // when it was closed, in UTC
				fiscal, paid int
			}{
				{"the fiscal year's end", "A1-S0002", "2027-06-29", "2027-07-01T15:08", 2027, 2},
				{"the hour that comes twice", "A1-S0009", "2027-11-05", "2027-11-08T16:12", 2028, 3},
				{"the calendar year's end", "A1-S0010", "2027-12-31", "2028-01-03T16:07", 2028, 3},
				{"the hour that does not come", "A1-S0011", "2028-03-10", "2028-03-13T15:12", 2028, 2},
			} {
				if c.session != id {
					continue
				}
				ends[c.over] = true
				at := e.At.UTC().Format("2006-01-02T15:04")
				if e.Date != c.date || at != c.closed || e.Body.FiscalYear != c.fiscal || payments[id] != c.paid || c.over != "the fiscal year's end" && e.Body.Over != 0 {
					t.Errorf("over %s: %s with %d payments closed at %s, date %s, fiscal year %d, %d over", c.over, id, payments[id], at, e.Date, e.Body.FiscalYear, e.Body.Over)
				}
			}
		}
	}
	if len(ends) != 4 {
		t.Errorf("drawers were open only over %v", ends)
	}
}

// A surprise count that was drawn comes due, is kept by somebody without a drawer, and
// is on the list; one of a drawer that was closed comes due when it is open again.
func TestTheRotaOfTheFullDay(t *testing.T) {
	p, _ := fullDay(t)
	due, kept := map[uint64]exported{}, map[uint64]string{}
	for _, e := range exportOf(t, p) {
		switch {
		case e.Kind == "cash.rota_due.v1":
			due[e.Body.Drawn] = e
		case e.Kind == "cash.surprise_count.v1" && e.Body.Rota != nil:
			if d, there := due[e.Body.Rota.Drawn]; !there || d.Body.Session != e.Body.Session {
				t.Errorf("entry %d keeps a draw of %s that was not due", e.Seq, e.Body.Session)
			}
			kept[e.Body.Rota.Drawn] = e.Actor
		}
	}
	var moved, ruth, olga int
	for drawn, e := range due {
		if e.Body.Moved {
			moved++
		}
		switch kept[drawn] {
		case "ruth":
			ruth++
		case "olga":
			olga++
		}
	}
	if len(due) != 3 || moved != 2 || ruth != 1 || olga != 1 {
		t.Errorf("%d came due, %d of them late; Ruth kept %d and Olga %d", len(due), moved, ruth, olga)
	}
}

// Drawer 1 passes from one person to another: the one who leaves counts blind and closes,
// the one who comes counts what was left, and the opening names the close.
func TestTheHandOverOfTheFullDay(t *testing.T) {
	p, _ := fullDay(t)
	closed, overs := map[string]exported{}, 0
	for _, e := range exportOf(t, p) {
		switch e.Kind {
		case "cash.drawer_closed.v1":
			closed[e.Body.Session] = e
		case "cash.drawer_opened.v1":
			if e.Body.Left == nil {
				continue
			}
			from, there := closed[e.Body.Left.Session]
			if !there || from.Body.Name != e.Body.Left.Name {
				t.Errorf("%s was left by %+v, which is no close", e.Body.Session, *e.Body.Left)
			}
			if e.Body.Left.Name != e.Body.Name {
				overs++
			}
			if e.Body.Float != e.Body.Expected {
				t.Errorf("%s began with %d of %d", e.Body.Session, e.Body.Float, e.Body.Expected)
			}
		}
	}
	if overs != 2 { // Maria to Ana, and back
		t.Errorf("%d drawers passed to somebody else", overs)
	}
}
