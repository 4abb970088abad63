package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// stations are the three whose ledgers count; the copy of B1's disk does not.
func (d *theOffices) stations() []*place { return []*place{d.a1, d.b1, d.k1} }

// check compares central with the stations' own ledgers.
func (d *theOffices) check() error {
	fmt.Println("checks:")
	d.sum.holds("B1: central was killed in the middle of a batch", d.atKill.acknowledged == 1 && d.atKill.sent >= firstPart,
		"it had said that it has %d entry; %d bytes of what follows were on their way", d.atKill.acknowledged, d.atKill.sent)
	for _, p := range d.stations() {
		before := p.head
		if err := d.knows(p); err != nil {
			return err
		}
		seq, leaf, err := d.central.head(d.ctx, p.log)
		if err != nil {
			return err
		}
		d.sum.holds(p.id+": central has every entry, with the same head", seq == p.count && leaf == p.head && before == p.head,
			"%d entries here, %d at central, head %.12s… and %.12s…", p.count, seq, p.head, leaf)
	}
	seq, _, err := d.central.head(d.ctx, d.b1.log)
	if err != nil {
		return err
	}
	log := d.b1.log
	if err := d.knows(d.clone); err != nil {
		return err
	}
	d.sum.holds("B1: the copy keeps its own side, under the same log", d.clone.log == log && d.clone.head != d.b1.head && d.clone.count > 0 && seq == d.b1.count,
		"%d entries in the copy, head %.12s…", d.clone.count, d.clone.head)
	return nil
}

// journal is the export of a station in a form, in a file.
func (d *theOffices) journal(p *place, format ledger.Format) (string, error) {
	file := filepath.Join(d.out, "journals", p.id+"."+string(format))
	_, err := output(d.ctl(nil, "export", p.ledger(), "--format", string(format), "-o", file))
	return file, err
}

// fails notes that a check could not be made.
func (d *theOffices) fails(name string, err error) { d.sum.holds(name, false, "%v", err) }

// balances are hledger's, of all stations together.
func (d *theOffices) balances() (map[string]ledger.Cents, error) {
	all := make(map[string]ledger.Cents)
	for _, p := range d.stations() {
		file, err := d.journal(p, ledger.Hledger)
		if err != nil {
			return nil, err
		}
		one, err := hledgerBalances(d.ctx, file)
		if err != nil {
			return nil, err
		}
		for account, sum := range one {
			all[account] += sum
		}
	}
	return all, nil
}

// checkPayments compares the payment file with the journals of the stations.
func (d *theOffices) checkPayments(name string, file []byte) {
	const what = "the payment file has each payment once, and hledger's sum"
	rows, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil || len(rows) < 2 {
		d.fails(what, fmt.Errorf("%s has %d rows: %w", name, len(rows), err))
		return
	}
	at := make(map[string]int)
	for i, title := range rows[0] {
		at[title] = i
	}
	var there ledger.Cents
	receipts := make(map[string]bool)
	ids := make(map[string]bool)
	for _, row := range rows[1:] {
		amount, err := amountOf(row[at["Amount"]])
		if err != nil {
			d.fails(what, err)
			return
		}
		there += amount
		ids[row[at["ID"]]] = true
		if row[at["Type"]] == "P" { // else it has the number of what it takes back
			receipts[row[at["Receipt"]]] = true
		}
	}
	// What customers owe went down by what they paid.
	balances, err := d.balances()
	if err != nil {
		d.fails(what, err)
		return
	}
	var here ledger.Cents
	for account, sum := range balances {
		if strings.HasPrefix(account, "assets:receivable:") || strings.HasPrefix(account, "liabilities:unapplied") {
			here -= sum
		}
	}
	payments, err := d.receipts()
	if err != nil {
		d.fails(what, err)
		return
	}
	d.sum.holds(what, there == here && len(ids) == len(rows)-1 && maps.Equal(receipts, payments),
		"%s: %d lines, %d receipts of %d, %s there and %s in the books", name, len(rows)-1, len(receipts), len(payments), there, here)
}

// amountOf reads an amount with its sign, and with what parts its thousands.
func amountOf(text string) (c ledger.Cents, err error) {
	err = c.UnmarshalText([]byte(plainNumber(text)))
	return c, err
}

// receipts are the numbers of all payments.
func (d *theOffices) receipts() (map[string]bool, error) {
	all := make(map[string]bool)
	for _, p := range d.stations() {
		file, err := d.journal(p, ledger.JSONL)
		if err != nil {
			return nil, err
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for line := range bytes.Lines(text) {
			var e ledger.EntryForPeople
			if err := json.Unmarshal(line, &e); err != nil {
				return nil, fmt.Errorf("read %s's journal: %w", p.id, err)
			}
			if e.Kind == cash.KindPayment {
				all[string(e.Receipt)] = true
			}
		}
	}
	return all, nil
}

// checkGL compares the general ledger's file with hledger on the stations' journals.
func (d *theOffices) checkGL(name string, file []byte) {
	const what = "the general ledger of all stations equals hledger's balances to the cent"
	rows, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil || len(rows) < 2 || len(rows[0]) < 6 {
		d.fails(what, fmt.Errorf("%s has %d rows: %w", name, len(rows), err))
		return
	}
	ours := make(map[string]ledger.Cents)
	for _, row := range rows[1:] {
		net, err := amountOf(row[5])
		if err != nil {
			d.fails(what, err)
			return
		}
		ours[row[2]] += net
	}
	found, err := d.balances()
	if err != nil {
		d.fails(what, err)
		return
	}
	theirs := make(map[string]ledger.Cents)
	for account, sum := range found {
		theirs[glAccount(account, ours)] += sum
	}
	d.sum.holds(what, maps.Equal(ours, theirs), "%s: %s", name, compared(ours, theirs))
}

// glAccount is the account of the general ledger that a journal's account belongs to:
// below it, the journal has one for each customer and drawer.
func glAccount(account string, known map[string]ledger.Cents) string {
	for name := account; name != ""; {
		if _, there := known[name]; there {
			return name
		}
		i := strings.LastIndex(name, ":")
		name = name[:max(i, 0)]
	}
	return account
}

// checkPlaces compares the sum of a page under a title with hledger's balance of some
// accounts.
func (d *theOffices) checkPlaces(what, title string, titles, figures []string, accounts ...string) {
	balances, err := d.balances()
	at := slices.Index(titles, title)
	if err == nil && (at < 0 || len(figures) != len(titles)) {
		err = fmt.Errorf("the page shows no sum under %q: %q", title, titles)
	}
	if err != nil {
		d.fails(what, err)
		return
	}
	there, err := amountOf(figures[at])
	if err != nil {
		d.fails(what, err)
		return
	}
	var here ledger.Cents
	for account, sum := range balances {
		for _, prefix := range accounts {
			if strings.HasPrefix(account, prefix) {
				here += sum
			}
		}
	}
	d.sum.holds(what, there == here && here > 0, "%s on the page, %s in the books", there, here)
}

// checkStations compares the figures of the first page with the stations' ledgers.
func (d *theOffices) checkStations(figures []string) {
	const what = "the first page's totals are the sums of the stations' own"
	var taken, returned ledger.Cents
	var receipts, entries uint64
	for _, p := range d.stations() {
		taken, returned, receipts, entries = taken.Plus(p.taken), returned.Plus(p.returned), receipts+p.receipts, entries+p.count
	}
	// The relay's own acts are in a log of its own.
	relay, _, err := d.relay.head(d.ctx, d.browser.logOf("R1"))
	if err != nil {
		d.fails(what, err)
		return
	}
	entries += relay
	want := []string{taken.Plain(), returned.Plain(), fmt.Sprint(receipts), fmt.Sprint(entries)}
	var found []string
	for _, f := range figures {
		found = append(found, plainNumber(f))
	}
	d.sum.holds(what, fmt.Sprint(found) == fmt.Sprint(want), "%v there, %v here", found, want)
}
