package statement

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"gatehouse/desk/safe"
	"gatehouse/ledger"
)

// Bounds of a file. A month of a utility's account is a few hundred lines.
const (
	maxFile  = 4 << 20 // bytes
	maxLines = 20_000  // of one account
	maxText  = 120     // characters of a line's text; what is longer is cut
)

// The record codes of BAI2.
const (
	codeFile        = "01"
	codeGroup       = "02"
	codeAccount     = "03"
	codeLine        = "16"
	codeMore        = "88"
	codeAccountEnd  = "49"
	codeGroupEnd    = "98"
	codeFileEnd     = "99"
	firstCredit     = 100
	firstDebit      = 400
	firstLoanOrNone = 700
)

// BAI2 reads the booked lines of an account from a BAI2 file; account is the
// number as the file has it, or its last digits. The error names the record and
// what is wrong with it.
func BAI2(r io.Reader, account string) ([]safe.Line, error) {
	records, err := readRecords(r)
	if err != nil {
		return nil, fmt.Errorf("read the BAI2 file: %w", err)
	}
	p := bai2{account: strings.TrimSpace(account)}
	for i, record := range records {
		if err := p.take(record); err != nil {
			return nil, fmt.Errorf("read the BAI2 file: record %d, %.60q: %w", i+1, record, err)
		}
	}
	switch {
	case !p.ended:
		return nil, errors.New("read the BAI2 file: its end is missing; ask the bank for it again")
	case !p.found:
		return nil, fmt.Errorf("read the BAI2 file: it has no account %s", p.account)
	}
	return p.lines, nil
}

// readRecords splits a file into its records, each with its continuations.
func readRecords(r io.Reader) (records []string, err error) {
	limited := &io.LimitedReader{R: r, N: maxFile + 1}
	scan := bufio.NewScanner(limited)
	scan.Buffer(nil, 1<<16)
	for scan.Scan() {
		line := strings.TrimRight(scan.Text(), " \r\t")
		if line == "" {
			continue
		}
		if rest, more := strings.CutPrefix(line, codeMore+","); more {
			if len(records) == 0 {
				return nil, errors.New("it begins with a continuation")
			}
			last := &records[len(records)-1]
			// A slash ends what is continued; a text that goes on has none.
			if cut, ended := strings.CutSuffix(*last, "/"); ended {
				*last = cut + "," + rest
			} else {
				*last += " " + rest
			}
			continue
		}
		records = append(records, line)
	}
	if limited.N == 0 {
		return nil, fmt.Errorf("it is longer than %d bytes", maxFile)
	}
	return records, scan.Err()
}

// bai2 is a file under way.
type bai2 struct {
	account string
	found   bool
	ended   bool
	date    ledger.Date
	inside  bool // an account
	ours    bool
	sum     int64 // of the account, in cents
	lines   []safe.Line
}

func (p *bai2) take(record string) error {
	code, rest, _ := strings.Cut(record, ",")
	if p.ended {
		return errors.New("something follows the end")
	}
	switch code {
	case codeFile:
		return nil
	case codeGroup:
		return p.group(fields(rest))
	case codeAccount:
		return p.begin(fields(rest))
	case codeLine:
		return p.line(rest)
	case codeAccountEnd:
		return p.end(fields(rest))
	case codeGroupEnd:
		p.date = 0
		return nil
	case codeFileEnd:
		p.ended = true
		if p.inside {
			return errors.New("an account has no end")
		}
		return nil
	}
	return errors.New("there is no such record")
}

// fields splits a record whose fields are no text.
func fields(rest string) []string { return strings.Split(strings.TrimSuffix(rest, "/"), ",") }

// group is of one date: the fourth field after the code, two digits each.
func (p *bai2) group(f []string) error {
	if len(f) < 4 {
		return errors.New("the group has no date")
	}
	day, err := time.Parse("060102", f[3])
	if err != nil {
		return errors.New("the group's date is none")
	}
	p.date = ledger.DateOf(day)
	return nil
}

func (p *bai2) begin(f []string) error {
	switch {
	case p.inside:
		return errors.New("the account before has no end")
	case p.date == 0:
		return errors.New("the account is in no group")
	case f[0] == "":
		return errors.New("the account has no number")
	}
	p.inside, p.sum = true, 0
	p.ours = p.account != "" && strings.HasSuffix(f[0], p.account)
	p.found = p.found || p.ours
	// Summaries: type, amount, items, funds, with what the kind of funds adds.
	f = f[min(2, len(f)):]
	for len(f) > 0 {
		if len(f) == 1 && f[0] == "" {
			return nil
		}
		if len(f) < 2 {
			return errors.New("a summary has no amount")
		}
		if err := p.add(f[1]); err != nil {
			return err
		}
		f = f[min(3, len(f)):]
		var err error
		if f, err = afterFunds(f); err != nil {
			return err
		}
	}
	return nil
}

// add counts an amount for the account's control total. An empty one is none.
func (p *bai2) add(amount string) error {
	if amount == "" {
		return nil
	}
	cents, err := parseCents(amount)
	p.sum += int64(cents)
	return err
}

// parseCents reads an amount with two decimals understood.
func parseCents(text string) (ledger.Cents, error) {
	digits := strings.TrimLeft(text, "+-")
	if digits == "" || len(digits) > 13 || strings.Trim(digits, "0123456789") != "" || len(text)-len(digits) > 1 {
		return 0, fmt.Errorf("%.20q is no amount", text)
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return ledger.Cents(n), err
}

// afterFunds skips the kind of funds, and what belongs to it: three amounts after
// S, a date and a time after V, as many pairs as it says after D.
func afterFunds(f []string) ([]string, error) {
	if len(f) == 0 {
		return f, nil
	}
	more := 1
	switch f[0] {
	case "S":
		more += 3
	case "V":
		more += 2
	case "D":
		if len(f) < 2 {
			return nil, errors.New("distributed funds say no number")
		}
		n, err := strconv.Atoi(f[1])
		if err != nil || n < 0 || n > 100 {
			return nil, errors.New("distributed funds say no number")
		}
		more += 1 + 2*n
	}
	if more > len(f) {
		return nil, errors.New("the kind of funds is cut off")
	}
	return f[more:], nil
}

// line is a booked line: type, amount, funds, the bank's reference, the
// customer's reference, text. The text may hold anything, commas too.
func (p *bai2) line(rest string) error {
	if !p.inside {
		return errors.New("the line is in no account")
	}
	f := strings.Split(rest, ",")
	if len(f) < 2 {
		return errors.New("the line has no amount")
	}
	kind, err := strconv.Atoi(f[0])
	if err != nil || kind < firstCredit {
		return fmt.Errorf("%.20q is no type of a line", f[0])
	}
	amount, err := parseCents(strings.TrimSuffix(f[1], "/"))
	if err != nil {
		return err
	}
	p.sum += int64(amount)
	if !p.ours || kind >= firstLoanOrNone || amount == 0 {
		return nil
	}
	if kind >= firstDebit {
		amount = -amount
	}
	f, err = afterFunds(f[2:])
	if err != nil {
		return err
	}
	l := safe.Line{Date: p.date, Amount: amount}
	reference := f[:min(2, len(f))]
	l.Reference = clean(strings.Join(reference, " "))
	if len(f) > 2 {
		l.Text = clean(strings.Join(f[2:], ","))
	}
	if len(p.lines) == maxLines {
		return fmt.Errorf("the account has more than %d lines", maxLines)
	}
	p.lines = append(p.lines, l)
	return nil
}

// end compares the account with its control total.
func (p *bai2) end(f []string) error {
	if !p.inside {
		return errors.New("no account began")
	}
	p.inside = false
	total, err := parseCents(f[0])
	if err != nil {
		return err
	}
	if int64(total) != p.sum {
		return fmt.Errorf("the account's total is %s and its lines sum to %s; ask the bank for the file again", total, ledger.Cents(p.sum))
	}
	return nil
}

// clean makes a text that an entry takes: printable, in one line, not too long.
func clean(text string) string {
	words := strings.Fields(strings.Map(printable, strings.TrimSuffix(strings.TrimSpace(text), "/")))
	out := []rune(strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " "))
	return string(out[:min(len(out), maxText)])
}
