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
	ToYears  AgeBand = "Over a year"
	PastRule AgeBand = "Unclaimed"
)

// AgeBands lists them, the youngest first.
func AgeBands() []AgeBand { return []AgeBand{Days30, Days90, Days365, ToYears, PastRule} }

// UnappliedItem is money of somebody's that pays nothing: credit on an account, the
// money of a receipt that was reversed, or of one without an account.
type UnappliedItem struct {
	Of   string // account, or the reversed receipt
	Name string // the customer's, as an entry shows it; empty where none does
	// Amount is below zero where more was used than came in here: what brought it was
	// taken back, or it was taken elsewhere.
	Amount ledger.Cents
	Since  ledger.Date // when it became theirs: the business date of its entry
	Days   int
	Band   AgeBand
	Entry  uint64 // that put it there
	// Unclaimed is the date from which the rule holds; 0: there is no rule, or nothing
	// to claim.
	Unclaimed ledger.Date
	// Publish says that a notice must be published before it becomes the utility's.
	Publish bool
}

// Unapplied finds the money that pays nothing in the entries of a station, taken in
// their order. The zero Unapplied has taken none. Money that was used is taken from the
// oldest first, unless what brought it is itself taken back. What there is of somebody
// is always what the books say, so more may have been used than came in: whatever comes
// in next makes up for it first.
type Unapplied struct {
	of    map[string][]unappliedLot
	names map[string]string // as the entries that bring money say
}

// unappliedLot is what one entry brought and is not used up, or, below zero, what it
// used and nobody brought.
type unappliedLot struct {
	left  ledger.Cents
	date  ledger.Date
	entry uint64
}

// Items lists it as of a date, the oldest first.
func (u *Unapplied) Items(rule Unclaimed, asOf ledger.Date) (items []UnappliedItem) {
	for of, lots := range u.of {
		for _, l := range lots {
			item := rule.item(l, asOf)
			item.Of, item.Name = of, u.names[of]
			items = append(items, item)
		}
	}
	slices.SortFunc(items, func(a, b UnappliedItem) int {
		return cmp.Or(cmp.Compare(a.Since, b.Since), cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.Of, b.Of))
	})
	return items
}

// item says how old some money is on a date, and what the rule says of it.
func (u Unclaimed) item(l unappliedLot, asOf ledger.Date) UnappliedItem {
	item := UnappliedItem{Amount: l.left, Since: l.date, Entry: l.entry,
		Days: int(asOf.Time().Sub(l.date.Time()) / (24 * time.Hour))}
	item.Band = bandOf(item.Days)
	if u.Years > 0 && l.left > 0 {
		item.Unclaimed = ledger.DateOf(l.date.Time().AddDate(u.Years, 0, 0))
		item.Publish = l.left >= u.NoticeFrom
		if asOf >= item.Unclaimed {
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

func isUnapplied(l ledger.Posting) bool {
	return l.Account == account.Receivable(account.Credit) || l.Account == accountReversed || l.Account == accountUnnumbered
}

// Take takes one entry in.
func (u *Unapplied) Take(e *ledger.Entry) error {
	if !slices.ContainsFunc(e.Lines, isUnapplied) {
		return nil // as nearly all entries
	}
	// What the kinds that post it have in common: the parts, and what is taken back.
	body, err := ledger.Unpack[struct {
		Of    uint64 `json:"of"`
		Parts []Part `json:"parts"`
	}](e)
	if err != nil {
		return err
	}
	if u.of == nil {
		u.of, u.names = make(map[string][]unappliedLot), make(map[string]string)
	}
	for _, l := range e.Lines {
		if !isUnapplied(l) {
			continue
		}
		if name := nameOf(e.Kind, body.Parts, l); name != "" {
			u.names[l.Sub] = name
		}
		lots := settle(u.of[l.Sub], unappliedLot{left: -l.Amount, date: e.Date, entry: e.Seq}, body.Of)
		if u.of[l.Sub] = lots; len(lots) == 0 {
			delete(u.of, l.Sub)
		}
	}
	return nil
}

// nameOf is whose the money of a posting is; that of a receipt being reversed is its
// first account's. It is empty where the entry does not say.
func nameOf(kind ledger.Kind, parts []Part, l ledger.Posting) string {
	for _, p := range parts {
		if string(p.Account) == l.Sub || kind == KindReversal && l.Account == accountReversed || p.Account == "" && l.Account == accountUnnumbered {
			return p.Name
		}
	}
	return ""
}

// settle puts what an entry brought, or used, with what is there. It sets it off against
// what has the other sign: first what is itself taken back, then the oldest.
func settle(lots []unappliedLot, l unappliedLot, undoes uint64) []unappliedLot {
	against := func(old *unappliedLot) {
		if (old.left > 0) == (l.left > 0) {
			return
		}
		part := min(max(old.left, -old.left), max(l.left, -l.left))
		if old.left < 0 {
			part = -part
		}
		old.left, l.left = old.left-part, l.left+part
	}
	for i := range lots {
		if undoes != 0 && lots[i].entry == undoes {
			against(&lots[i])
		}
	}
	for i := range lots {
		against(&lots[i])
	}
	lots = slices.DeleteFunc(lots, func(o unappliedLot) bool { return o.left == 0 })
	if l.left == 0 {
		return lots
	}
	return append(lots, l)
}
