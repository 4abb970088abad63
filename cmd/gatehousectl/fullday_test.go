package main_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gatehouse/ledger"
)

// fullDay plays testdata/fullday.jsonl: three days with almost every event of cash control,
// and every rule that says no. It is a training ledger, since only that takes times;
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
		"cash.drawer_opened.v1": 7, "cash.payment.v1": 18, "cash.void.v1": 1, "cash.reversal.v1": 1, "cash.refunded.v1": 1,
		"cash.adjusted.v1": 1, "cash.no_sale.v1": 1, "cash.skim.v1": 3, "cash.paid.v1": 4, "cash.changed.v1": 1, "cash.suspect_note.v1": 1,
		"cash.large_cash.v1": 1, "cash.x_report.v1": 1, "cash.count_begun.v1": 4, "cash.counted.v1": 8, "cash.surprise_count.v1": 1,
		"cash.drawer_closed.v1": 7, "cash.check_returned.v1": 2, "paper.reprint.v1": 1,
		"safe.counted.v1": 1, "safe.deposit.v1": 3, "safe.statement.v1": 2, "safe.matched.v1": 2,
	} {
		if kinds[kind] != want {
			t.Errorf("%d of %s, want %d", kinds[kind], kind, want)
		}
	}
	for _, code := range []string{
		"cash.no_session", "cash.float_reason", "cash.own_account", "cash.drawer_full", "cash.drawer_taken", "cash.change_uneven",
		"cash.bag_used", "cash.count_first", "cash.bad_count", "cash.pieces", "cash.counted_twice", "cash.over_short_reason", "cash.adjust_limit",
		"cash.returned_before", "cash.no_checks", "staff.witness_needed", "staff.approval_needed", "staff.own_approval", "staff.no_right",
		"staff.wrong_pin", "staff.locked", "cash.memo_needed",
	} {
		if refused[code] == 0 {
			t.Errorf("nothing is refused by %s", code)
		}
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
	var closed, skimmed, deposited, off ledger.Cents
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
			if got := had("assets:in-transit:.*:"+e.Body.No+"$", "amt:>0"); got != total {
				t.Errorf("deposit %s has %s, hledger %s", e.Body.No, total, got)
			}
		}
	}
	if sessions != 7 || deposits != 3 {
		t.Fatalf("%d closed drawers, %d deposits", sessions, deposits)
	}
	// Intact: what came out of the drawers is what went to the bank, or still waits.
	if waits := had("assets:undeposited") + had("assets:safe:bags"); closed+skimmed != deposited+waits {
		t.Errorf("out of the drawers came %s, to the bank went %s, and %s waits", closed+skimmed, deposited, waits)
	}
	if got := -had("^expenses:over-short"); got != off {
		t.Errorf("the counts are %s over, hledger has %s", off, got)
	}
	if cents := had("^(assets|liabilities|equity|income|expenses)"); cents != 0 {
		t.Errorf("the books do not sum to zero but to %s", cents)
	}
	distributionAgrees(t, p, journal, "--training")
	beans := p.path("day.beancount")
	mustCtl(t, "export", p.ledger, "--format", "beancount", "-o", beans)
	run(t, "bean-check", beans)
}

// Every report can be made of it, and none disagrees with the entries.
func TestReportsOfTheFullDay(t *testing.T) {
	p, _ := fullDay(t)
	list := mustCtl(t, "report", p.ledger, "--data", p.data, "--training", "--what", "list").out
	var names []string
	for line := range strings.Lines(list) {
		names = append(names, strings.Fields(line)[0])
	}
	if len(names) < 12 || !slices.Contains(names, "roll-up") {
		t.Fatalf("the reports are %q", names)
	}
	for _, name := range names {
		out := mustCtl(t, "report", p.ledger, "--data", p.data, "--training", "--what", name, "--from", "20270629", "--to", "20270701").out
		if strings.Contains(out, "DOES NOT AGREE") {
			t.Errorf("%s:\n%s", name, out)
		}
	}
}
