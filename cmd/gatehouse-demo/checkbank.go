package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/ledger"
)

// checkKinds looks whether each kind of a drawer's entries came from the window.
func (d *theDay) checkKinds(r *record) {
	var none []string
	all := []ledger.Kind{
		cash.KindDrawerOpened, cash.KindPayment, cash.KindEndorse, cash.KindVoid, cash.KindReversal, cash.KindNoSale, cash.KindXReport, cash.KindSkim, cash.KindPaid,
		cash.KindChanged, cash.KindSuspect, cash.KindRefunded, cash.KindAdjusted, cash.KindReturned, cash.KindLargeCash, cash.KindSurprise, cash.KindCountBegun,
		cash.KindCounted, cash.KindDrawerClosed, cash.KindRotaDrawn, safe.KindCounted, safe.KindDeposit,
	}
	for _, kind := range all {
		if len(r.of(kind)) == 0 {
			none = append(none, string(kind))
		}
	}
	d.sum.holds(r.id+": the window made every kind of entry that a drawer and a safe have", len(none) == 0, "%d kinds, %d missing %s", len(all), len(none), strings.Join(none, ", "))
}

// checkBank gives the bank's statement of both deposits to the operator's tools, as it
// is done some days later. The station has ended, and its ledger is free.
func (d *theDay) checkBank(ctx context.Context, r *record) {
	const what = "A1: the bank's statement finds both deposits"
	found, err := d.statement(ctx, r)
	if err != nil {
		d.sum.holds(what, false, "%v", err)
		return
	}
	d.sum.holds(what, found == 2 && found == len(r.of(safe.KindDeposit)), "%d of %d found", found, len(r.of(safe.KindDeposit)))
}

func (d *theDay) statement(ctx context.Context, r *record) (found int, err error) {
	text := "Date,Amount,Reference,Description\n"
	for _, e := range r.of(safe.KindDeposit) {
		var cents ledger.Cents
		for _, l := range e.Lines {
			if strings.HasPrefix(l.Account, "assets:in-transit:") {
				cents += ledger.Cents(l.Cents)
			}
		}
		text += fmt.Sprintf("%s,%s,%s,DEPOSIT\n", time.Now().Format("01/02/2006"), cents.Plain(), field(e, "no"))
	}
	file, script := filepath.Join(d.out, "journals", "bank.csv"), filepath.Join(d.out, "journals", "bank.jsonl")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		return 0, err
	}
	line, err := d.ctl(ctx, "statement", file, "--data", d.data, "--bank", "first", "--by", string(lead))
	if err != nil {
		return 0, err
	}
	signIn := fmt.Sprintf(`{"do": "staff.sign_in", "by": %q, "pin": %q}`+"\n", lead, d.town.pins[lead])
	if err := os.WriteFile(script, []byte(signIn+line), 0o600); err != nil {
		return 0, err
	}
	said, err := d.ctl(ctx, "play", script, "--data", d.data, "--ledger", filepath.Join(d.data, r.id, "ledger.db"))
	return strings.Count(said, string(safe.KindMatched)), err
}
