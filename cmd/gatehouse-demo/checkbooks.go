package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// checkJournals gives the journals to programs that are not ours. They must
// accept them, and come to the same balances.
func (d *theDay) checkJournals(ctx context.Context, r *record) error {
	journal := d.journal(r, ledger.Hledger)
	_, err := output(exec.CommandContext(ctx, "hledger", "-f", journal, "check"))
	d.sum.holds(r.id+": hledger accepts the journal", err == nil, "%s", orSaid(err, "hledger check has nothing to say"))
	if _, err = output(exec.CommandContext(ctx, "bean-check", d.journal(r, ledger.Beancount))); err != nil {
		d.sum.holds(r.id+": beancount accepts the journal", false, "%s", err)
	} else {
		d.sum.holds(r.id+": beancount accepts the journal", true, "bean-check has nothing to say")
	}
	if len(r.of(cash.KindPayment)) == 0 {
		return nil // a lobby moves no money
	}
	theirs, err := hledgerBalances(ctx, journal)
	if err != nil {
		return err
	}
	ours := make(map[string]ledger.Cents)
	for _, e := range r.entries {
		for _, l := range e.Lines {
			name := l.Account
			if l.Sub != "" {
				name += ":" + strings.ReplaceAll(l.Sub, ":", "%3A") // a colon would be an account below
			}
			ours[name] += ledger.Cents(l.Cents)
		}
	}
	same := maps.Equal(ours, theirs)
	d.sum.holds(r.id+": hledger's balances equal ours", same, "%s", compared(ours, theirs))
	return nil
}

func orSaid(err error, said string) string {
	if err != nil {
		return err.Error()
	}
	return said
}

// hledgerBalances are the balances that hledger comes to.
func hledgerBalances(ctx context.Context, journal string) (map[string]ledger.Cents, error) {
	said, err := output(exec.CommandContext(ctx, "hledger", "-f", journal, "balance", "--flat", "-E", "-N", "-O", "csv"))
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(strings.NewReader(said)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read hledger's balances: %w", err)
	}
	out := make(map[string]ledger.Cents)
	for _, row := range rows[min(1, len(rows)):] {
		amount, _, _ := strings.Cut(row[1], " ")
		whole, part, _ := strings.Cut(amount, ".")
		cents, err := strconv.ParseInt(whole+(part + "00")[:2], 10, 64)
		if err != nil || len(part) > 2 {
			return nil, fmt.Errorf("read hledger's balance of %s, %q: %w", row[0], row[1], err)
		}
		out[row[0]] = ledger.Cents(cents)
	}
	return out, nil
}

// compared says in a line how two sets of balances differ, if they do.
func compared(ours, theirs map[string]ledger.Cents) string {
	for _, name := range slices.Sorted(maps.Keys(ours)) {
		if other, there := theirs[name]; !there || other != ours[name] {
			return fmt.Sprintf("%s: ours %s, theirs %s", name, ours[name], other)
		}
	}
	return fmt.Sprintf("%d accounts here, %d there, none differs", len(ours), len(theirs))
}
