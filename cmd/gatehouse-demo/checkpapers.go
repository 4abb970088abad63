package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/desk/visit"
	"gatehouse/ledger"
)

// piece is a piece of paper that was cut off.
type piece struct {
	picture string // file
	text    string
	end     string // number on the end mark, "" if it has none
	copied  bool   // says that it is a duplicate
}

var endMark = regexp.MustCompile(`(?m)^\s*END (\S+)\s*$`)

// readPieces reads what the printer cut off.
func (d *theDay) readPieces(ctx context.Context, r *record) error {
	names, err := filepath.Glob(filepath.Join(r.papers, "*.txt"))
	if err != nil {
		return err
	}
	slices.Sort(names)
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		p := piece{picture: strings.TrimSuffix(name, ".txt") + ".png", text: string(text), copied: strings.Contains(string(text), "DUPLICATE")}
		if marks := endMark.FindAllStringSubmatch(p.text, -1); len(marks) == 1 {
			p.end = marks[0][1]
		}
		r.pieces = append(r.pieces, p)
	}
	return nil
}

// numbered is the number that stands on an entry's paper.
func numbered(r *record, e ledger.EntryForPeople) string {
	if e.Receipt != "" {
		return string(e.Receipt)
	}
	return fmt.Sprintf("%s-E%06d", r.id, e.Seq)
}

// checkPapers compares the papers with the entries: one original each, and a copy
// only where the ledger says so.
func (d *theDay) checkPapers(ctx context.Context, r *record) error {
	printing := r.of(cash.KindDrawerOpened, cash.KindPayment, cash.KindVoid, cash.KindReversal, cash.KindXReport, cash.KindDrawerClosed,
		cash.KindSkim, cash.KindPaid, cash.KindSuspect, cash.KindChanged, cash.KindRefunded, cash.KindAdjusted, cash.KindReturned,
		cash.KindSurprise, safe.KindCounted, safe.KindDeposit,
		visit.KindTicket, visit.KindSignedIn, visit.KindListPrinted)
	originals, wrong := 0, []string{}
	for _, e := range printing {
		n := 0
		for _, p := range r.pieces {
			if p.end == numbered(r, e) && !p.copied {
				n++
			}
		}
		if n != 1 {
			wrong = append(wrong, fmt.Sprintf("%s has %d originals", numbered(r, e), n))
		}
		originals += n
	}
	copies := len(r.of("paper.reprint.v1"))
	d.sum.holds(r.id+": every paper came out once, whole, and copies say so", len(wrong) == 0 && len(r.pieces) == originals+copies,
		"%d entries that print, %d originals with their end mark, %d pieces, %d copies ordered %s", len(printing), originals, len(r.pieces), copies, strings.Join(wrong, ", "))
	d.checkOfflineMarks(r)
	return d.checkCodes(ctx, r)
}

// offlineMark stands on the receipt of a payment that central could not hear of.
const offlineMark = "OFFLINE - accepted, will post"

func (d *theDay) checkOfflineMarks(r *record) {
	payments := r.of(cash.KindPayment)
	if len(payments) == 0 {
		return
	}
	right, marked := 0, 0
	for _, e := range payments {
		offline := field(e, "offline") == "true"
		for _, p := range r.pieces {
			if p.end != string(e.Receipt) || p.copied {
				continue
			}
			says := strings.Contains(p.text, offlineMark)
			if says {
				marked++
			}
			if says == offline {
				right++
			}
		}
	}
	d.sum.holds(r.id+": a receipt says OFFLINE exactly when it was", right == len(payments) && marked > 0, "%d receipts, %d of them say it", right, marked)
}

// checkCodes reads the code of each receipt from its picture with a program that
// is not ours, and lets the operator's tool prove it with the public key alone.
func (d *theDay) checkCodes(ctx context.Context, r *record) error {
	receipts, proved := 0, 0
	var wrong []string
	for _, p := range r.pieces {
		isReceipt := slices.ContainsFunc(r.of(cash.KindPayment, cash.KindVoid), func(e ledger.EntryForPeople) bool { return string(e.Receipt) == p.end })
		if !isReceipt {
			continue
		}
		receipts++
		code, err := output(exec.CommandContext(ctx, "zbarimg", "--raw", "-q", p.picture))
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("%s cannot be read: %v", p.end, err))
			continue
		}
		check := exec.CommandContext(ctx, filepath.Join(d.h.bin, "gatehousectl"), "receipt", "check", "-", "--key", r.key)
		check.Stdin = strings.NewReader(strings.TrimRight(code, "\n"))
		said, err := output(check)
		if err != nil || !strings.Contains(said, p.end) {
			wrong = append(wrong, fmt.Sprintf("%s is not proved: %s %v", p.end, said, err))
			continue
		}
		proved++
	}
	if receipts > 0 {
		d.sum.holds(r.id+": the code on every receipt proves it", proved == receipts, "%d of %d read with zbarimg and genuine %s", proved, receipts, strings.Join(wrong, "; "))
	}
	return nil
}
