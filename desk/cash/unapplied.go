package cash

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"gatehouse/desk/account"
	"gatehouse/ledger"
)

// Unclaimed is the rule for money that nobody asks for. California Gov. Code 50050
// to 50057: a local agency's after three years, once a notice was published for two
// successive weeks; it becomes the agency's on a date 45 to 60 days after the first
// publication; items under $15 need no notice. The years and amounts are the
// utility's to set, after its counsel.
type Unclaimed struct {
	Years       int          `toml:"years"`
	NoticeFrom  ledger.Cents `toml:"notice_from"`  // items of at least this much are published
	NoticeWeeks int          `toml:"notice_weeks"` // successive weeks it is published
	ClaimAfter  int          `toml:"claim_after"`  // days from the first publication on which it may become the utility's, at the earliest
	ClaimBefore int          `toml:"claim_before"` // and at the latest
	Source      string       `toml:"source"`
}

func (u Unclaimed) check() error {
	if u == (Unclaimed{}) {
		return nil
	}
	if u.Years < 1 || u.Years > 30 || u.NoticeFrom < 0 || u.NoticeFrom > ledger.MaxAmount || u.NoticeWeeks < 1 || u.NoticeWeeks > 52 ||
		u.ClaimAfter < 0 || u.ClaimBefore < u.ClaimAfter || u.ClaimBefore > 366 || u.Source == "" || len(u.Source) > maxSource {
		return errors.New("cash policy: unclaimed: years 1 to 30, notice_weeks 1 to 52, claim_after not above claim_before, and its source")
	}
	return nil
}

// Notice is when the notice of unclaimed money must appear, if it first appears on a
// date.
type Notice struct {
	Published []ledger.Date // once in each of the successive weeks
	Earliest  ledger.Date   // the first and the last date that may be named in it
	Latest    ledger.Date
}

// Notice says what follows from a first publication.
func (u Unclaimed) Notice(first ledger.Date) Notice {
	day := first.Time()
	n := Notice{Earliest: ledger.DateOf(day.AddDate(0, 0, u.ClaimAfter)), Latest: ledger.DateOf(day.AddDate(0, 0, u.ClaimBefore))}
	for week := range u.NoticeWeeks {
		n.Published = append(n.Published, ledger.DateOf(day.AddDate(0, 0, 7*week)))
	}
	return n
}

// AgeBand is how old unapplied money is.
type AgeBand string

// The bands of the report, in days; the last one begins with the years of the rule.
const (
	Days30   AgeBand = "0-30 days"
	Days90   AgeBand = "31-90 days"
	Days365  AgeBand = "91-365 days"
	ToYears  AgeBand = "over a year"
	PastRule AgeBand = "unclaimed"
)

// AgeBands lists them, the youngest first.
func AgeBands() []AgeBand { return []AgeBand{Days30, Days90, Days365, ToYears, PastRule} }

// UnappliedItem is money of somebody's that pays nothing: credit on an account, or
// the money of a receipt that was reversed.
type UnappliedItem struct {
	Of     string // account, or the reversed receipt
	Name   string // the customer's, as the entry shows it
	Amount ledger.Cents
	Since  ledger.Date // when it became theirs: the business date of its entry
	Days   int
	Band   AgeBand
	Entry  uint64 // that put it there
	// Unclaimed is the date from which the rule holds; 0: there is no rule.
	Unclaimed ledger.Date
	// Publish says that a notice must be published before it becomes the utility's.
	Publish bool
}

// UnappliedSum is what there is of an age.
type UnappliedSum struct {
	Band   AgeBand
	Items  int
	Amount ledger.Cents
}

// Unapplied lists all unapplied money of this station, the oldest first, with the sum
// of each age. Money that was used is taken from the oldest first, unless what
// brought it is itself taken back.
func (d *Duty) Unapplied(s *ledger.State) (items []UnappliedItem, sums []UnappliedSum, err error) {
	today := ledger.DateOf(s.Now().In(d.Location))
	for _, band := range AgeBands() {
		sums = append(sums, UnappliedSum{Band: band})
	}
	for k, v := range s.Rows(unapplied{}.Name()).From(nil) {
		rows, err := readUnapplied(v)
		if err != nil {
			return nil, nil, err
		}
		for _, row := range rows {
			item := d.Policy.Unclaimed.item(string(k), row, today)
			sum := &sums[slices.Index(AgeBands(), item.Band)]
			sum.Items, sum.Amount = sum.Items+1, sum.Amount.Plus(item.Amount)
			items = append(items, item)
		}
	}
	slices.SortStableFunc(items, func(a, b UnappliedItem) int {
		return cmp.Or(cmp.Compare(a.Since, b.Since), cmp.Compare(a.Entry, b.Entry))
	})
	return items, sums, nil
}

// item says how old some money is on a date, and what the rule says of it.
func (u Unclaimed) item(of string, row unappliedRow, today ledger.Date) UnappliedItem {
	item := UnappliedItem{Of: of, Name: row.Name, Amount: row.Left, Since: row.Date, Entry: row.Entry,
		Days: int(today.Time().Sub(row.Date.Time()) / (24 * time.Hour))}
	item.Band = bandOf(item.Days)
	if u.Years > 0 {
		item.Unclaimed = ledger.DateOf(row.Date.Time().AddDate(u.Years, 0, 0))
		item.Publish = row.Left >= u.NoticeFrom
		if today >= item.Unclaimed {
			item.Band = PastRule
		}
	}
	return item
}

func bandOf(days int) AgeBand {
	switch {
	case days <= 30:
		return Days30
	case days <= 90:
		return Days90
	case days <= 365:
		return Days365
	}
	return ToYears
}

// unapplied is the view of money that pays nothing: account or reversed receipt →
// what brought it and is not used up, the oldest first.
type unapplied struct{}

type unappliedRow struct {
	Left  ledger.Cents `json:"left"`
	Date  ledger.Date  `json:"date"`
	Name  string       `json:"name,omitempty"`
	Entry uint64       `json:"entry"`
}

// maxUnapplied bounds a row of the view. What comes after so many counts as old as
// the last of them.
const maxUnapplied = 100

func (unapplied) Name() string { return "cash.unapplied" }
func (unapplied) Kinds() []ledger.Kind {
	return []ledger.Kind{KindPayment, KindVoid, KindReversal, KindRefunded, KindReturned}
}

func readUnapplied(row []byte) ([]unappliedRow, error) {
	if row == nil {
		return nil, nil
	}
	return ledger.Unpack[[]unappliedRow](&ledger.Entry{Kind: "unapplied", Body: row})
}

func isUnapplied(l ledger.Posting) bool {
	return l.Account == account.Receivable(account.Credit) || l.Account == accountReversed
}

func (unapplied) Fold(t ledger.Table, e *ledger.Entry) error {
	if !slices.ContainsFunc(e.Lines, isUnapplied) {
		return nil // as nearly all payments
	}
	// What these kinds have in common: the parts, and what is taken back.
	body, err := ledger.Unpack[struct {
		Of    uint64 `json:"of"`
		Parts []Part `json:"parts"`
	}](e)
	if err != nil {
		return err
	}
	for _, l := range e.Lines {
		if !isUnapplied(l) {
			continue
		}
		rows, err := readUnapplied(t.Get([]byte(l.Sub)))
		if err != nil {
			return err
		}
		if l.Amount > 0 {
			rows = use(rows, l.Amount, body.Of)
		} else {
			rows = bring(rows, unappliedRow{Left: -l.Amount, Date: e.Date, Name: nameOf(body.Parts, l.Sub), Entry: e.Seq})
		}
		if len(rows) == 0 {
			t.Delete([]byte(l.Sub))
		} else if err := put(t, []byte(l.Sub), rows); err != nil {
			return err
		}
	}
	return nil
}

// nameOf is whose an account is; a reversed receipt's is its first account's.
func nameOf(parts []Part, sub string) string {
	for _, p := range parts {
		if string(p.Account) == sub {
			return p.Name
		}
	}
	if len(parts) > 0 {
		return parts[0].Name
	}
	return ""
}

func bring(rows []unappliedRow, more unappliedRow) []unappliedRow {
	if len(rows) >= maxUnapplied {
		last := &rows[len(rows)-1]
		last.Left = last.Left.Plus(more.Left)
		return rows
	}
	return append(rows, more)
}

// use takes an amount: from what an entry brought, if that is what is taken back, and
// then from the oldest.
func use(rows []unappliedRow, amount ledger.Cents, undoes uint64) []unappliedRow {
	take := func(row *unappliedRow) {
		part := min(row.Left, amount)
		row.Left, amount = row.Left-part, amount-part
	}
	for i := range rows {
		if undoes != 0 && rows[i].Entry == undoes {
			take(&rows[i])
		}
	}
	for i := range rows {
		take(&rows[i])
	}
	return slices.DeleteFunc(rows, func(r unappliedRow) bool { return r.Left == 0 })
}
