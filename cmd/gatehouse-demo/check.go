package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/desk/visit"
	"gatehouse/ledger"
)

// record is what a station left: its ledger, copied, and what is known of it.
type record struct {
	id      string
	ledger  string // file
	mirror  string // folder
	key     string // file with the public key
	papers  string // folder of its pieces
	printer printer

	log     string // id
	head    string // hash of the last entry
	entries []ledger.EntryForPeople
	pieces  []piece
}

// check proves what the day left. Central and the printers still run.
func (d *theDay) check(ctx context.Context) error {
	fmt.Println("checks:")
	if err := d.central.enters(ctx); err != nil {
		return fmt.Errorf("enter central's console: %w", err)
	}
	for _, r := range []*record{
		{id: "A1", papers: filepath.Join(d.out, "receipts"), printer: d.counter},
		{id: "K1", papers: filepath.Join(d.out, "lobby-papers"), printer: d.lobby},
	} {
		for _, part := range []func(context.Context, *record) error{
			d.copyLedger, d.checkLedger, d.exportJournals, d.checkJournals, d.readPieces, d.checkPapers, d.checkCentral, d.keepPages,
		} {
			if err := part(ctx, r); err != nil {
				return fmt.Errorf("check station %s: %w", r.id, err)
			}
		}
		if r.id == "A1" {
			d.checkDamage(ctx, r)
			if err := d.checkDrawer(ctx, r); err != nil {
				return err
			}
			d.checkDay(r)
			d.checkCounts(r)
			d.checkClose(r)
			d.checkKinds(r)
			d.checkBank(ctx, r)
		} else {
			d.checkLobby(r)
		}
	}
	return nil
}

// ctl runs the operator's tool and returns what it prints.
func (d *theDay) ctl(ctx context.Context, args ...string) (string, error) {
	return output(exec.CommandContext(ctx, filepath.Join(d.h.bin, "gatehousectl"), args...))
}

// output runs a program and returns what it prints; what it complains about is in
// the error.
func output(cmd *exec.Cmd) (string, error) {
	var out, trouble bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &trouble
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("%s: %w: %s", filepath.Base(cmd.Path), err, strings.TrimSpace(out.String()+trouble.String()))
	}
	return out.String(), nil
}

// copyLedger copies a ledger with its mirror, and writes the public key beside.
func (d *theDay) copyLedger(ctx context.Context, r *record) error {
	from := filepath.Join(d.data, r.id)
	r.ledger = filepath.Join(d.out, "ledgers", r.id+".db")
	r.mirror = filepath.Join(d.out, "ledgers", r.id+"-mirror")
	r.key = filepath.Join(d.out, "ledgers", r.id+".pub")
	text, err := os.ReadFile(filepath.Join(from, "ledger.db"))
	if err != nil {
		return err
	}
	key, err := d.ctl(ctx, "key", "show", filepath.Join(from, "station.key"))
	return errors.Join(err, os.WriteFile(r.ledger, text, 0o644), os.WriteFile(r.key, []byte(key), 0o644),
		os.CopyFS(r.mirror, os.DirFS(filepath.Join(from, "mirror"))))
}

var (
	logLine  = regexp.MustCompile(`log ([0-9a-f]{32})`)
	headLine = regexp.MustCompile(`(?m)^head\s+([0-9a-f]{64})`)
)

// checkLedger lets the operator's tool prove the ledger.
func (d *theDay) checkLedger(ctx context.Context, r *record) error {
	said, err := d.ctl(ctx, "verify", r.ledger, "--key", r.key, "--mirror", r.mirror)
	log, head := logLine.FindStringSubmatch(said), headLine.FindStringSubmatch(said)
	d.sum.holds(r.id+": gatehousectl verify proves the ledger", err == nil, "%s", lastLine(said, err))
	if log == nil || head == nil {
		return fmt.Errorf("gatehousectl verify names no log or head: %s", said)
	}
	r.log, r.head = log[1], head[1]
	return nil
}

func lastLine(said string, err error) string {
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(said), "\n")
	return lines[len(lines)-1]
}

// damages is how many bytes are changed, one at a time, spread over the file.
const damages = 12

// checkDamage changes one byte of a copy, at places all over it: each must be
// noticed.
func (d *theDay) checkDamage(ctx context.Context, r *record) {
	whole, err := os.ReadFile(r.ledger)
	copied := filepath.Join(d.data, "damaged.db")
	noticed := 0
	for i := range damages {
		if err != nil {
			break
		}
		at := (2*i + 1) * len(whole) / (2 * damages)
		spoilt := bytes.Clone(whole)
		spoilt[at] ^= 0x10
		if err = os.WriteFile(copied, spoilt, 0o600); err == nil {
			var ended *exec.ExitError
			if _, wrong := d.ctl(ctx, "verify", copied, "--key", r.key); errors.As(wrong, &ended) && ended.ExitCode() == 1 {
				noticed++
			}
		}
	}
	d.sum.holds(r.id+": one changed byte anywhere is noticed", err == nil && noticed == damages, "%d of %d changes noticed", noticed, damages)
}

// exportJournals writes the journal in every form.
func (d *theDay) exportJournals(ctx context.Context, r *record) error {
	for _, format := range ledger.Formats() {
		if _, err := d.ctl(ctx, "export", r.ledger, "--format", string(format), "-o", d.journal(r, format)); err != nil {
			return err
		}
	}
	text, err := os.ReadFile(d.journal(r, ledger.JSONL))
	if err != nil {
		return err
	}
	for line := range bytes.Lines(text) {
		var e ledger.EntryForPeople
		if err := json.Unmarshal(line, &e); err != nil {
			return fmt.Errorf("read the journal: %w", err)
		}
		r.entries = append(r.entries, e)
	}
	return nil
}

func (d *theDay) journal(r *record, format ledger.Format) string {
	return filepath.Join(d.out, "journals", r.id+"."+string(format))
}

// of are the entries of some kinds.
func (r *record) of(kinds ...ledger.Kind) (out []ledger.EntryForPeople) {
	for _, e := range r.entries {
		if slices.Contains(kinds, e.Kind) {
			out = append(out, e)
		}
	}
	return out
}

// field is one thing an entry says, as text; "" if it does not say it.
func field(e ledger.EntryForPeople, name string) string {
	body, _ := e.Body.(map[string]any)
	if v, said := body[name]; said {
		return fmt.Sprint(v)
	}
	return ""
}

// checkCentral compares central with the ledger: every entry is there once, and
// the last has the same hash.
func (d *theDay) checkCentral(ctx context.Context, r *record) error {
	seq, leaf, err := d.central.head(ctx, r.log)
	if err != nil {
		return err
	}
	numbers, err := d.central.entries(ctx, r.log)
	if err != nil {
		return err
	}
	inOrder := len(numbers) == len(r.entries)
	for i, n := range numbers {
		inOrder = inOrder && n == uint64(len(numbers)-i)
	}
	d.sum.holds(r.id+": central has every entry once, with the same head", inOrder && seq == uint64(len(r.entries)) && leaf == r.head,
		"%d entries here, %d at central, head %s… and %s…", len(r.entries), len(numbers), r.head[:12], leaf[:12])
	return nil
}

// checkDrawer compares the pulses on the wire with the entries that open it.
func (d *theDay) checkDrawer(ctx context.Context, r *record) error {
	s, err := r.printer.state(ctx)
	if err != nil {
		return err
	}
	want := len(r.of(cash.KindDrawerOpened, cash.KindNoSale, cash.KindCountBegun, cash.KindSkim, cash.KindChanged))
	for _, e := range r.of(cash.KindPayment, cash.KindVoid, cash.KindReversal) {
		if field(e, "opens") == "true" {
			want++
		}
	}
	for _, e := range r.of(cash.KindPaid, cash.KindRefunded) {
		if field(e, "drawer") != "" {
			want++ // not out of the safe, and not by a warrant
		}
	}
	unasked := len(r.of(cash.KindUnasked))
	d.sum.holds(r.id+": the drawer opened once for each entry that says why", s.PulseCount == want && unasked == 0,
		"%d pulses, %d entries that open it, %d openings nobody asked for", s.PulseCount, want, unasked)
	return nil
}

// checkDay looks whether the ledger has the day as it was played.
func (d *theDay) checkDay(r *record) {
	payments, voids := r.of(cash.KindPayment), r.of(cash.KindVoid)
	offline := 0
	for _, e := range payments {
		if field(e, "offline") == "true" {
			offline++
		}
	}
	d.sum.holds(r.id+": the ledger has the payments of the day", len(payments) == 15 && len(voids) == 1 && offline == 2,
		"%d payments, %d of them offline, %d void", len(payments), offline, len(voids))
	numbers, gaps := 0, 0
	for _, e := range r.entries {
		if e.Receipt != "" {
			numbers++
			if !strings.HasPrefix(string(e.Receipt), fmt.Sprintf("%s-%06d-", r.id, numbers)) {
				gaps++
			}
		}
	}
	d.sum.holds(r.id+": receipt numbers have no gap", gaps == 0 && numbers == len(r.of(cash.KindPayment, cash.KindVoid, cash.KindReversal, cash.KindPaid, cash.KindRefunded, cash.KindAdjusted, cash.KindReturned)), "%d numbers, %d out of turn", numbers, gaps)
}

// checkLobby looks whether the kiosk's ledger has its visitors.
func (d *theDay) checkLobby(r *record) {
	n := func(k ledger.Kind) int { return len(r.of(k)) }
	d.sum.holds(r.id+": the ledger has the visitors of the day",
		n(visit.KindTicket) == 1 && n(visit.KindSignedIn) == 1 && n(visit.KindSignedOut) == 1 && n(visit.KindListPrinted) == 1,
		"%d number, %d signed in, %d signed out, %d list", n(visit.KindTicket), n(visit.KindSignedIn), n(visit.KindSignedOut), n(visit.KindListPrinted))
}
