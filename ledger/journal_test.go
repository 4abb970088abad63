package ledger_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/ledger"
)

// accountsOfTheTrade and oddSubs are what the journals are made of: also names
// that a journal could take for a comment, a virtual account, a date, a parent.
var (
	accountsOfTheTrade = []string{"assets:drawer:cash", "assets:drawer", "assets", "income:water:past-due", "liabilities:unposted", "expenses:x", "till", "till:Xmas", "a;b:(c)"}
	oddSubs            = []string{"", "S1", "s1", "01-0001-1", "x", "X", "X3B", ";", "%3B", "a:b", "[v]", "(v)", "*", "!", "=5", "@", "2026-01-01", "~", "-", "\"", "\\", "#t"}
)

// TestHledgerAndBeancountAgree exports ledgers of any postings and has the real
// programs check the journal, and read the balances back.
func TestHledgerAndBeancountAgree(t *testing.T) {
	journals := rapid.SliceOfN(rapid.Custom(anyEntry), 40, 80)
	for seed := range 4 {
		f := newFixture(t)
		for _, d := range journals.Example(seed) {
			f.commit(t, d)
		}
		want := balancesOf(t, f)
		f.close(t)
		dir := t.TempDir()
		journal := written(t, f.opts.Path, dir, ledger.Hledger)
		run(t, "hledger", "-f", journal, "check", "-s", "balanced", "parseable", "assertions")
		table := run(t, "hledger", "-f", journal, "balance", "--flat", "--no-total", "-O", "csv", "--no-elide", "--empty")
		if got := amountsIn(t, table); !slices.Equal(got, want) {
			t.Errorf("seed %d: hledger has the balances\n%v\nthe ledger\n%v\n%s", seed, got, want, table)
		}
		journal = written(t, f.opts.Path, dir, ledger.Beancount)
		run(t, "bean-check", journal)
		table = run(t, "bean-query", "-f", "csv", journal, "select account, sum(position) group by account")
		if got := amountsIn(t, table); !slices.Equal(got, want) {
			t.Errorf("seed %d: beancount has the balances\n%v\nthe ledger\n%v\n%s", seed, got, want, table)
		}
	}
}

func anyEntry(t *rapid.T) ledger.Draft {
	d := noteOf("x")
	d.Date = rapid.SampledFrom([]ledger.Date{0, 20260101, 20241231, 20301231}).Draw(t, "date")
	d.Receipt = rapid.Bool().Draw(t, "receipt")
	var sum ledger.Cents
	for range rapid.IntRange(1, 6).Draw(t, "lines") {
		l := anyLine(t, ledger.Cents(rapid.Int64Range(1, 1_000_000_000).Draw(t, "amount")))
		if rapid.Bool().Draw(t, "credit") {
			l.Amount = -l.Amount
		}
		sum = sum.Plus(l.Amount)
		d.Lines = append(d.Lines, l)
	}
	if sum != 0 {
		d.Lines = append(d.Lines, anyLine(t, -sum))
	}
	return d
}

func anyLine(t *rapid.T, amount ledger.Cents) ledger.Posting {
	return ledger.Posting{
		Account: rapid.SampledFrom(accountsOfTheTrade).Draw(t, "account"),
		Sub:     rapid.SampledFrom(oddSubs).Draw(t, "sub"),
		Amount:  amount,
	}
}

// balancesOf is every balance of the book that is not zero, in order.
func balancesOf(t *testing.T, f *fixture) []string {
	var all []string
	err := f.book.Read(func(s *ledger.State) error {
		for _, account := range accountsOfTheTrade {
			for _, sub := range oddSubs {
				if b := s.Balance(account, sub); b.Net() != 0 {
					all = append(all, b.Net().Plain())
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

func written(t *testing.T, path, dir string, format ledger.Format) string {
	t.Helper()
	var out bytes.Buffer
	if err := ledger.Export(&out, path, format); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "ledger."+string(format))
	if err := os.WriteFile(name, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func run(t *testing.T, program string, args ...string) string {
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "BEANCOUNT_DISABLE_LOAD_CACHE=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		text, _ := os.ReadFile(args[len(args)-1])
		t.Fatalf("%s %v: %v\n%s\n%s", program, args, err, out, text)
	}
	return string(out)
}

// amountsIn is the last column of a table in CSV, in order, without its head
// and without zeros.
func amountsIn(t *testing.T, table string) []string {
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		t.Fatalf("%v\n%s", err, table)
	}
	var all []string
	for _, row := range rows[1:] {
		amount := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(row[len(row)-1]), "USD"))
		amount = strings.TrimSpace(amount)
		if amount != "0" && amount != "0.00" && amount != "" {
			all = append(all, amount)
		}
	}
	slices.Sort(all)
	return all
}
