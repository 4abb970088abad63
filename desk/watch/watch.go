package watch

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// Pattern is what a finding looks like.
type Pattern string

// The patterns.
const (
	Swap         Pattern = "swap"
	Lapping      Pattern = "lapping"
	AdjustedCash Pattern = "adjusted after cash"
	LateVoid     Pattern = "late void"
	ReprintVoid  Pattern = "reprint, then void"
	OneApprover  Pattern = "one approver"
	NoCause      Pattern = "drawer without cause"
	NoRelief     Pattern = "no relief"
	StatusFlip   Pattern = "status flip after cash"
	Composition  Pattern = "composition unlike receipts"
	SafeUnlike   Pattern = "safe unlike the books"
)

// Patterns lists them in the order of a report.
func Patterns() []Pattern {
	return []Pattern{Swap, Lapping, AdjustedCash, LateVoid, ReprintVoid, OneApprover, NoCause, NoRelief, StatusFlip, Composition, SafeUnlike}
}

// Finding is something to look at.
type Finding struct {
	Pattern Pattern  `json:"pattern"`
	Who     string   `json:"who"`     // name, as far as somebody is concerned
	What    string   `json:"what"`    // in words
	Entries []uint64 `json:"entries"` // that raised it
}

// Reprint tells whether an entry is a paper printed again, and of which entry. The
// papers' entries are not this floor's to know.
type Reprint func(*ledger.Entry) (of uint64, is bool, err error)

// Watcher takes entries in, in their order, and finds.
type Watcher struct {
	p       Policy
	reprint Reprint
	found   []Finding

	paid      map[uint64]payment               // by entry, of the sessions that are open
	cashOf    map[account.No][]lastCash        // the last cash of an account that each person took
	reprinted map[uint64]uint64                // payment → entry that printed it again
	approvals map[staff.ID]map[string][]uint64 // actor → approver's name
	names     map[staff.ID]string
	sessions  map[cash.SessionID]*session
	waiting   []waits
	holding   map[cash.DrawerID]held
	cameIn    map[string]uint64               // bags and sessions → the entry that put them into the safe
	made      map[cash.SessionID]*composition // of sessions whose money is not all at the bank
}

type payment struct {
	at   int64
	cash ledger.Cents
}

type lastCash struct {
	seq   uint64
	at    int64
	actor string
	by    string // name
}

type session struct {
	name             string
	noSales, unasked []uint64
	begun            []uint64 // openings to count, since the last count
}

type waits struct {
	id      cash.SessionID
	entry   uint64
	name    string
	skipped []uint64 // deposits of younger sessions
}

type held struct {
	who     staff.ID
	name    string
	since   int64
	entries []uint64
	told    bool
}

// New is a watcher that has seen nothing. reprint may be nil.
func New(p Policy, reprint Reprint) *Watcher {
	if reprint == nil {
		reprint = func(*ledger.Entry) (uint64, bool, error) { return 0, false, nil }
	}
	return &Watcher{p: p, reprint: reprint, paid: make(map[uint64]payment), cashOf: make(map[account.No][]lastCash),
		reprinted: make(map[uint64]uint64), approvals: make(map[staff.ID]map[string][]uint64), names: make(map[staff.ID]string),
		sessions: make(map[cash.SessionID]*session), holding: make(map[cash.DrawerID]held),
		cameIn: make(map[string]uint64), made: make(map[cash.SessionID]*composition)}
}

// Look walks the entries of a ledger from a number on, and finds.
func Look(s *ledger.State, from uint64, p Policy, reprint Reprint) ([]Finding, error) {
	w := New(p, reprint)
	for seq := max(1, from); seq <= s.Head().Seq; seq++ {
		e, err := s.Entry(seq)
		if err != nil {
			return nil, err
		}
		if err := w.Take(&e); err != nil {
			return nil, err
		}
	}
	return w.Findings(), nil
}

// Findings are what was found so far, pattern by pattern, each in the order of the
// entries.
func (w *Watcher) Findings() []Finding {
	all := slices.Concat(w.found, w.oneApprover())
	order := Patterns()
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Pattern), slices.Index(order, b.Pattern)), slices.Compare(a.Entries, b.Entries))
	})
	return all
}

func (w *Watcher) find(pattern Pattern, who, what string, entries ...uint64) {
	w.found = append(w.found, Finding{pattern, who, what, entries})
}

// Take takes one entry in.
func (w *Watcher) Take(e *ledger.Entry) error {
	if of, is, err := w.reprint(e); is || err != nil {
		w.reprinted[of] = e.Seq
		return err
	}
	if err := w.compose(e); err != nil {
		return err
	}
	switch e.Kind {
	case staff.KindSignedIn:
		return with(e, func(_ *ledger.Entry, b staff.SignedIn) { w.names[b.Who] = b.Name })
	case cash.KindDrawerOpened:
		return with(e, w.opened)
	case cash.KindPayment:
		return with(e, w.payment)
	case cash.KindVoid:
		return with(e, w.void)
	case cash.KindReversal:
		return with(e, func(e *ledger.Entry, b cash.Undone) { w.approved(e, b.ApproverName) })
	case cash.KindRefunded:
		return with(e, func(e *ledger.Entry, b cash.Refunded) { w.approved(e, b.ApproverName) })
	case cash.KindAdjusted:
		return with(e, w.adjusted)
	case cash.KindReturned:
		return with(e, w.returned)
	case cash.KindNoSale:
		return with(e, func(e *ledger.Entry, b cash.NoSale) {
			s := w.session(b.Session)
			s.noSales = append(s.noSales, e.Seq)
		})
	case cash.KindCountBegun:
		return with(e, func(e *ledger.Entry, b cash.CountBegun) {
			s := w.session(b.Session)
			s.begun = append(s.begun, e.Seq)
		})
	case cash.KindCounted, cash.KindSurprise:
		return with(e, func(_ *ledger.Entry, b cash.Counted) {
			s := w.session(b.Session)
			if n := len(s.begun); n > 1 { // opened to be counted, and not counted
				s.noSales = append(s.noSales, s.begun[:n-1]...)
			}
			s.begun = nil
		})
	case cash.KindPaid:
		return with(e, func(e *ledger.Entry, b cash.Paid) { w.approved(e, b.ApproverName) })
	case safe.KindMatched:
		return with(e, func(e *ledger.Entry, b safe.Matched) { w.approved(e, b.ApproverName) })
	case cash.KindUnasked:
		return with(e, func(e *ledger.Entry, b cash.Unasked) {
			s := w.session(b.Session)
			if s.unasked = append(s.unasked, e.Seq); b.Session == "" && w.p.Unasked > 0 {
				w.find(NoCause, "", "a drawer was opened that nobody worked", e.Seq)
			}
		})
	case cash.KindSkim:
		return with(e, func(e *ledger.Entry, b cash.Skimmed) { w.cameIn[b.Bag] = e.Seq })
	case safe.KindCounted:
		return with(e, w.safeCounted)
	case cash.KindDrawerClosed:
		return with(e, w.closed)
	case safe.KindDeposit:
		return with(e, w.deposited)
	}
	return nil
}

func with[B any](e *ledger.Entry, do func(*ledger.Entry, B)) error {
	body, err := ledger.Unpack[B](e)
	if err == nil {
		do(e, body)
	}
	return err
}

func (w *Watcher) session(id cash.SessionID) *session {
	if w.sessions[id] == nil {
		w.sessions[id] = &session{}
	}
	return w.sessions[id]
}

// opened looks for the drawer nobody else ever takes.
func (w *Watcher) opened(e *ledger.Entry, b cash.DrawerOpened) {
	w.session(b.Session).name = b.Name
	h := w.holding[b.Drawer]
	if h.who != b.Who {
		h = held{who: b.Who, name: b.Name, since: e.Micros}
	}
	h.entries = append(h.entries, e.Seq)
	days := int(time.Duration(e.Micros-h.since) * time.Microsecond / (24 * time.Hour))
	if w.p.ReliefDays > 0 && days >= w.p.ReliefDays && !h.told {
		h.told = true
		w.find(NoRelief, b.Name, fmt.Sprintf("drawer %s for %d days and nobody else", b.Drawer, days), h.entries[0], e.Seq)
	}
	w.holding[b.Drawer] = h
}

func (w *Watcher) payment(e *ledger.Entry, b cash.Payment) {
	w.approved(e, b.ApproverName)
	amount := -b.Change
	for _, t := range b.Tenders {
		if t.Kind == cash.Cash {
			amount = amount.Plus(t.Amount)
		}
	}
	if amount <= 0 {
		amount = 0
	}
	w.paid[e.Seq] = payment{e.Micros, amount}
	if amount > 0 {
		for _, p := range b.Parts {
			if p.Account == "" {
				continue // it has no standing that somebody could change
			}
			others := slices.DeleteFunc(w.cashOf[p.Account], func(c lastCash) bool { return c.actor == e.Actor })
			w.cashOf[p.Account] = append(others, lastCash{e.Seq, e.Micros, e.Actor, b.Cashier})
		}
	}
}

// void looks for money given back to nobody.
func (w *Watcher) void(e *ledger.Entry, b cash.Undone) {
	w.approved(e, b.ApproverName)
	if again, found := w.reprinted[b.Of]; found {
		w.find(ReprintVoid, b.Cashier, fmt.Sprintf("receipt %s was printed again and then voided", b.Receipt), b.Of, again, e.Seq)
	}
	paid, found := w.paid[b.Of]
	minutes := int(time.Duration(e.Micros-paid.at) * time.Microsecond / time.Minute)
	if found && w.p.VoidMinutes > 0 && paid.cash > 0 && minutes >= w.p.VoidMinutes {
		w.find(LateVoid, b.Cashier, fmt.Sprintf("%s in cash, voided %d minutes after it was paid", paid.cash, minutes), b.Of, e.Seq)
	}
}

// adjusted looks for cash that was never posted.
func (w *Watcher) adjusted(e *ledger.Entry, b cash.Adjusted) {
	w.approved(e, b.ApproverName)
	if all := w.cashOf[b.Account]; len(all) > 0 && b.Amount < 0 {
		if last := all[len(all)-1]; w.p.AdjustDays > 0 && soon(e, last, w.p.AdjustDays) {
			w.find(AdjustedCash, b.By, fmt.Sprintf("%s taken off account %s after %s took cash for it", -b.Amount, b.Account, last.by), last.seq, e.Seq)
		}
	}
	// What was late is so no longer, or nothing is owed any more.
	if b.Amount < 0 && (b.Bucket == account.PastDue || b.Bucket == account.Penalties || b.After <= 0) {
		w.flipped(e, b.Account, b.By, fmt.Sprintf("account %s owes %s less in %s", b.Account, -b.Amount, b.Bucket))
	}
}

// returned looks for a returned check that left no mark on its account.
func (w *Watcher) returned(e *ledger.Entry, b cash.Returned) {
	w.approved(e, b.ApproverName)
	if b.Waived {
		w.flipped(e, b.Account, b.By, fmt.Sprintf("account %s bears neither the fee nor the flag of a returned check", b.Account))
	}
}

// flipped looks whether who changed how an account stands took cash for it before.
func (w *Watcher) flipped(e *ledger.Entry, no account.No, by, what string) {
	row := inForce(w.p.Flips, e.Date)
	for _, last := range w.cashOf[no] {
		if last.actor == e.Actor && row.Days > 0 && soon(e, last, row.Days) {
			w.find(StatusFlip, by, what+", by who took cash for it", last.seq, e.Seq)
		}
	}
}

// soon says whether an entry came within so many days of cash.
func soon(e *ledger.Entry, last lastCash, days int) bool {
	return time.Duration(e.Micros-last.at)*time.Microsecond <= time.Duration(days)*24*time.Hour
}

func (w *Watcher) approved(e *ledger.Entry, approver string) {
	if approver == "" {
		return
	}
	who := staff.ID(e.Actor)
	if w.approvals[who] == nil {
		w.approvals[who] = make(map[string][]uint64)
	}
	w.approvals[who][approver] = append(w.approvals[who][approver], e.Seq)
}

// oneApprover finds who only ever asks the same colleague.
func (w *Watcher) oneApprover() (all []Finding) {
	if w.p.Approvals == 0 {
		return nil
	}
	for _, who := range slices.Sorted(maps.Keys(w.approvals)) {
		by := w.approvals[who]
		if len(by) != 1 {
			continue
		}
		for approver, entries := range by {
			if len(entries) >= w.p.Approvals {
				all = append(all, Finding{OneApprover, cmp.Or(w.names[who], string(who)), fmt.Sprintf("%d approvals, all by %s", len(entries), approver), entries})
			}
		}
	}
	return all
}

// closed looks at the whole session.
func (w *Watcher) closed(e *ledger.Entry, b cash.DrawerClosed) {
	w.approved(e, b.ApproverName)
	var short, over ledger.Cents
	for _, d := range b.Differences {
		if d.Kind == cash.Cash {
			short = max(0, -d.Over)
		} else {
			over = over.Plus(max(0, d.Over))
		}
	}
	if w.p.Swap > 0 && short >= w.p.Swap && over >= w.p.Swap {
		w.find(Swap, b.Name, fmt.Sprintf("%s short in cash, %s over in other tenders", short, over), append(slices.Clone(b.Counts), e.Seq)...)
	}
	s := w.session(b.Session)
	if w.p.NoSales > 0 && len(s.noSales) >= w.p.NoSales {
		w.find(NoCause, b.Name, fmt.Sprintf("opened %s without a sale", times(len(s.noSales))), s.noSales...)
	}
	if w.p.Unasked > 0 && len(s.unasked) >= w.p.Unasked {
		w.find(NoCause, b.Name, fmt.Sprintf("opened %s by nobody's order", times(len(s.unasked))), s.unasked...)
	}
	delete(w.sessions, b.Session)
	w.cameIn[string(b.Session)] = e.Seq
	if slices.ContainsFunc(e.Lines, func(l ledger.Posting) bool { return l.Account == cash.UndepositedAccount(cash.Cash) }) {
		w.waiting = append(w.waiting, waits{id: b.Session, entry: e.Seq, name: b.Name})
	}
	// What was paid in sessions that are closed can no longer be voided.
	if len(w.sessions) == 0 {
		clear(w.paid)
	}
}

// safeCounted looks for bags that are not there, and for such as nobody put there. No
// number of the policy makes that ordinary.
func (w *Watcher) safeCounted(e *ledger.Entry, b safe.Counted) {
	for _, id := range b.Missing {
		w.find(SafeUnlike, b.Name, fmt.Sprintf("%s was not there when the safe was counted with %s", id, b.WitnessName), w.since(id, e.Seq)...)
	}
	for _, id := range b.Unknown {
		w.find(SafeUnlike, b.Name, fmt.Sprintf("%s was there when the safe was counted with %s, and no entry put it there", id, b.WitnessName), e.Seq)
	}
}

// since are the entry that put a bag or session into the safe, where it was read, and
// the one that found it absent.
func (w *Watcher) since(id string, found uint64) []uint64 {
	if put := w.cameIn[id]; put != 0 {
		return []uint64{put, found}
	}
	return []uint64{found}
}

// deposited looks for money that was passed over.
func (w *Watcher) deposited(e *ledger.Entry, b safe.Deposit) {
	youngest := uint64(0)
	for _, part := range b.Parts {
		if part.Bag || part.Of(cash.Cash) == 0 {
			continue
		}
		at := slices.IndexFunc(w.waiting, func(x waits) bool { return x.id == part.Session })
		if at < 0 {
			continue
		}
		youngest = max(youngest, w.waiting[at].entry)
		w.waiting = slices.Delete(w.waiting, at, at+1)
	}
	for i := range w.waiting {
		old := &w.waiting[i]
		if old.entry > youngest {
			continue
		}
		if old.skipped = append(old.skipped, e.Seq); w.p.LateDeposits > 0 && len(old.skipped) == w.p.LateDeposits {
			w.find(Lapping, old.name, fmt.Sprintf("session %s waits while younger money went to the bank", old.id), append([]uint64{old.entry}, old.skipped...)...)
		}
	}
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
