package cash

import (
	"fmt"
	"slices"
	"strings"

	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// CountDrawer commits a blind count. What the books expect is shown only after
// it. The count for the close may be made once again; both are kept.
type CountDrawer struct {
	Count Count           `json:"count" doc:"cash as counted: pieces of each value"`
	Other []CountedTender `json:"other,omitempty" doc:"checks, cards and money orders as counted: how many, and their sum, or each ticked"`
	Note  string          `json:"note,omitempty" doc:"what the person who counts wants to say"`
	// Drawer is set to count somebody else's.
	Drawer DrawerID `json:"drawer,omitempty" doc:"somebody else's drawer; needs the right to count others' drawers, and a second person"`
	// Surprise counts without closing.
	Surprise bool `json:"surprise,omitempty" doc:"count without closing"`
}

// CloseDrawer closes a session whose drawer was counted, and makes its Z.
type CloseDrawer struct {
	Reason string   `json:"reason,omitempty" doc:"why the count differs, one of the policy's reasons, where the difference needs one"`
	Memo   string   `json:"memo,omitempty" doc:"what happened, where the difference needs it"`
	Drawer DrawerID `json:"drawer,omitempty" doc:"somebody else's drawer; needs the right to count others' drawers"`
}

// MaxCounts is a count and one recount.
const MaxCounts = 2

// The codes of there being nothing to close.
const (
	codeNoSession = "cash.no_session"
	codeNotOpen   = "cash.drawer_not_open"
)

const (
	maxMemo  = 600 // characters
	maxItems = 500 // ticked in one count
)

// BeginCount opens a drawer that is to be counted.
type BeginCount struct {
	Drawer DrawerID `json:"drawer,omitempty" doc:"somebody else's drawer; needs the right to count others' drawers"`
}

// BeginCount notes that a count begins. A count does not need it: who has the key
// may have opened the drawer with it.
func (d *Duty) BeginCount(s *ledger.State, by staff.Acting, c BeginCount) ([]ledger.Draft, error) {
	session, err := d.toCount(s, by, c.Drawer)
	if err != nil {
		return nil, err
	}
	if len(session.Counts) >= MaxCounts {
		return nil, countedTwice()
	}
	return []ledger.Draft{{Kind: KindCountBegun, Date: session.Date,
		Body: CountBegun{Session: session.ID, Drawer: session.Drawer, Counter: by.Who.Name}}}, nil
}

func countedTwice() *ledger.Refusal {
	return ledger.Refuse("cash.counted_twice", "The drawer was counted twice. Both counts are kept; close it now.")
}

// CountDrawer records a count, whatever it is.
func (d *Duty) CountDrawer(s *ledger.State, by staff.Acting, c CountDrawer) ([]ledger.Draft, error) {
	session, err := d.toCount(s, by, c.Drawer)
	if err != nil {
		return nil, err
	}
	body := Counted{Session: session.ID, Drawer: session.Drawer, Who: session.Who, Name: session.Name, Counter: by.Who.Name,
		Round: len(session.Counts) + 1, Note: c.Note}
	kind := KindCounted
	if !c.Surprise && c.Drawer != "" {
		if err := d.Staff.Require(s, by, staff.Approve); err != nil {
			return nil, err
		}
	}
	if c.Surprise {
		if session.Who == by.Who.ID {
			return nil, ledger.Refuse("cash.own_surprise", "Somebody who does not work this drawer counts it.").At("drawer")
		}
		kind, body.Round = KindSurprise, 1
		busy, err := worked(s, by.Who.ID, ledger.DateOf(s.Now().In(d.Location)))
		if err != nil {
			return nil, err
		}
		if busy {
			return nil, ledger.Refuse("cash.counter_has_duty", "Somebody who had no drawer today counts it.").At("drawer")
		}
		if body.Rota, err = d.keeps(s, session); err != nil {
			return nil, err
		}
	}
	switch {
	case c.Surprise && len(session.Counts) > 0:
		return nil, ledger.Refuse("cash.closing", "Drawer {drawer} is being closed.", "drawer", string(session.Drawer)).At("drawer")
	case !c.Surprise && len(session.Counts) >= MaxCounts:
		return nil, countedTwice()
	}
	if session.Who != by.Who.ID || by.Approver != nil {
		if err := d.Staff.RequireWitness(s, by); err != nil {
			return nil, err
		}
	}
	if by.Approver != nil {
		body.Witness, body.WitnessName = by.Approver.ID, by.Approver.Name
	}
	if err := CheckText("cash.note_too_long", "note", c.Note, maxText); err != nil {
		return nil, err
	}
	counted, err := d.checkCounted(c.Count, c.Other)
	if err != nil {
		return nil, err
	}
	body.Counted, body.Other = withoutNone(c.Count), c.Other
	if body.Totals, err = TotalsOf(s, session); err != nil {
		return nil, err
	}
	if body.Missing, err = missing(s, session, c.Other); err != nil {
		return nil, err
	}
	body.Differences, body.Over, body.Off = compare(s, session.ID, counted)
	drafts := []ledger.Draft{{Kind: kind, Date: session.Date, Body: body}}
	if c.Surprise {
		return drafts, nil
	}
	// A drawer does not close on a surprise count that was due, and nobody said so.
	due, err := d.announce(s, session)
	return append(drafts, due...), err
}

// compare is counted less expected for each means of payment.
func compare(s *ledger.State, id SessionID, counted map[TenderKind]ledger.Cents) (all []Difference, over, off ledger.Cents) {
	for _, kind := range TenderKinds() {
		expected := InDrawer(s, id, kind)
		if expected == 0 && counted[kind] == 0 {
			continue
		}
		diff := Difference{Kind: kind, Expected: expected, Counted: counted[kind], Over: counted[kind] - expected}
		all = append(all, diff)
		over = over.Plus(diff.Over)
		off = off.Plus(max(diff.Over, -diff.Over))
	}
	return all, over, off
}

// CloseDrawer closes the session on its last count. What differs goes to
// over/short, the float back to the safe, the rest waits for its deposit.
func (d *Duty) CloseDrawer(s *ledger.State, by staff.Acting, c CloseDrawer) ([]ledger.Draft, error) {
	session, err := d.toCount(s, by, c.Drawer)
	if err == nil && c.Drawer != "" {
		err = d.Staff.Require(s, by, staff.Approve)
	}
	if r, ok := ledger.AsRefusal(err); ok && (r.Code == codeNoSession || r.Code == codeNotOpen) {
		err = d.closedAlready(s, by, c.Drawer, r)
	}
	if err != nil {
		return nil, err
	}
	if len(session.Counts) == 0 {
		return nil, ledger.Refuse("cash.count_first", "Count the drawer first.").At("count")
	}
	count, err := LastCount(s, session)
	if err != nil {
		return nil, err
	}
	n, err := readCounters(s.Rows(sessions{}.Name()).Get([]byte("N")))
	if err != nil {
		return nil, err
	}
	body := DrawerClosed{Session: session.ID, Drawer: session.Drawer, Who: session.Who, Name: session.Name, Opened: session.Opened,
		Z: n.Z + 1, Counted: count.Counted, Other: count.Other, Totals: count.Totals, Differences: count.Differences,
		Over: count.Over, Off: count.Off, Missing: count.Missing, Note: count.Note, Counts: session.Counts,
		Taken: s.Head().Totals.Taken, Returned: s.Head().Totals.Returned, PreviousZ: n.LastZ, Head: s.Head().Leaf}
	if session.Who != by.Who.ID {
		body.ClosedBy = by.Who.Name
	}
	if err := d.explain(s, by, session, c, &body); err != nil {
		return nil, err
	}
	var posted []ledger.Posting
	for _, diff := range body.Differences {
		if now := InDrawer(s, session.ID, diff.Kind); now != diff.Expected {
			return nil, fmt.Errorf("close session %s: the books held %s of %s at the count and hold %s now", session.ID, diff.Expected, diff.Kind, now)
		}
		kept := diff.Counted
		if diff.Kind == Cash {
			left := floatLeft(session.Float, kept)
			kept -= left
			posted = append(posted, ledger.Posting{Account: AccountFloat, Amount: left})
		}
		posted = append(posted,
			ledger.Posting{Account: drawerAccount(diff.Kind), Sub: string(session.ID), Amount: -diff.Expected},
			ledger.Posting{Account: UndepositedAccount(diff.Kind), Sub: string(session.ID), Amount: kept})
	}
	posted = append(posted, ledger.Posting{Account: AccountOverShort, Sub: string(session.ID), Amount: -body.Over})
	return []ledger.Draft{{Kind: KindDrawerClosed, Date: session.Date, Body: body, Lines: lines(posted...)}}, nil
}

// closedAlready says which Z closed the drawer that somebody wants to close, if it
// was today: they did not see it, or somebody was faster. Otherwise it says what
// it was given to say.
func (d *Duty) closedAlready(s *ledger.State, by staff.Acting, drawer DrawerID, otherwise *ledger.Refusal) error {
	const most = 50 // sessions looked at
	looked := 0
	for k, v := range s.Rows(sessions{}.Name()).Back([]byte{'S' + 1}) {
		if looked++; k[0] != 'S' || looked > most {
			break
		}
		session, err := readSession(v)
		if err != nil {
			return err
		}
		if session.Closed == 0 || session.Drawer != drawer && (drawer != "" || session.Who != by.Who.ID) {
			continue
		}
		e, err := s.Entry(session.Closed)
		if err != nil {
			return err
		}
		if at := e.At().In(d.Location); ledger.DateOf(at) == ledger.DateOf(s.Now().In(d.Location)) {
			return ledger.Refuse("cash.closed_already", "Drawer {drawer} is closed: Z {z}, at {time}. Print that Z again if the paper is missing.",
				"drawer", string(session.Drawer), "z", fmt.Sprint(session.Z), "time", at.Format("15:04"))
		}
		break
	}
	return otherwise
}

// LastCount is the count a session is being closed on. It must have one.
func LastCount(s *ledger.State, session Session) (Counted, error) {
	e, err := s.Entry(session.Counts[len(session.Counts)-1])
	if err != nil {
		return Counted{}, err
	}
	return ledger.Unpack[Counted](&e)
}

// explain asks for what the size of a difference asks for, and writes it down. The
// counts are on record before; nothing asked for here can make them go away.
func (d *Duty) explain(s *ledger.State, by staff.Acting, session Session, c CloseDrawer, body *DrawerClosed) error {
	table := d.Policy.overShortOn(session.Date)
	tier := table.tierOf(body.Off)
	if c.Reason != "" && !slices.Contains(d.Policy.Reasons.OverShort, c.Reason) || tier.Reason && c.Reason == "" {
		return ledger.Refuse("cash.over_short_reason", "The count differs by {off}. Choose a reason from the list.", "off", body.Off.String()).At("reason")
	}
	if err := CheckText("cash.memo_too_long", "memo", c.Memo, maxMemo); err != nil {
		return err
	}
	if tier.Memo && strings.TrimSpace(c.Memo) == "" {
		return ledger.Refuse("cash.memo_needed", "The count differs by {off}. Write what happened.", "off", body.Off.String()).At("memo")
	}
	if tier.Approve {
		if err := d.Staff.RequireApproval(by); err != nil {
			return err
		}
	}
	// Nobody approves the close of their own drawer, even when another closes it.
	if by.Approver != nil && by.Approver.ID == session.Who && tier.Approve {
		return ledger.Refuse("staff.own_approval", "Nobody approves their own act. Ask somebody else.").At("approver")
	}
	// What is over in one means does not make up for what is short in another.
	var short ledger.Cents
	for _, diff := range body.Differences {
		short = short.Plus(max(0, -diff.Over))
	}
	body.YearShort = shortIn(s, session.Who, d.Policy.fiscalYear(session.Date)).Plus(short)
	body.Reason, body.Memo = c.Reason, strings.TrimSpace(c.Memo)
	body.Report = tier.Report || short > 0 && table.YearReport > 0 && body.YearShort >= table.YearReport
	if body.Off > 0 {
		body.Tier = table.Source
	}
	body.FiscalYear = d.Policy.fiscalYear(session.Date)
	// Who signed where nobody had to is on record if they could have approved it.
	if d.Staff.RequireApproval(by) == nil && by.Approver.ID != session.Who {
		body.Approver, body.ApproverName = by.Approver.ID, by.Approver.Name
	}
	return nil
}

// floatLeft is what of the float goes back to the safe at the close. When not even
// the float was counted, what there is goes back, and no more: the rest is short.
func floatLeft(float, counted ledger.Cents) ledger.Cents { return min(float, counted) }

// toCount is the session that somebody may count or close: their own, or that of
// another drawer if they may count others'.
func (d *Duty) toCount(s *ledger.State, by staff.Acting, drawer DrawerID) (Session, error) {
	if drawer == "" {
		return d.session(s, by)
	}
	if err := d.Staff.Require(s, by, staff.CountOthers); err != nil {
		return Session{}, err
	}
	session, open, err := SessionAt(s, drawer)
	if err == nil && !open {
		err = ledger.Refuse("cash.drawer_not_open", "Drawer {drawer} is not open.", "drawer", fmt.Sprintf("%.20s", string(drawer))).At("drawer")
	}
	return session, err
}

// working is the open session of who acts, unless its drawer was counted for the
// close: from then on nothing may change what was counted.
func (d *Duty) working(s *ledger.State, by staff.Acting) (Session, error) {
	session, err := d.session(s, by)
	if err == nil && len(session.Counts) > 0 {
		err = counted(session)
	}
	return session, err
}

func counted(session Session) *ledger.Refusal {
	return ledger.Refuse("cash.counted", "Drawer {drawer} was counted and is being closed. Finish the close.", "drawer", string(session.Drawer))
}

// checkCounted reads a count of all means of payment: their sums by kind.
func (d *Duty) checkCounted(c Count, other []CountedTender) (map[TenderKind]ledger.Cents, error) {
	if err := d.CheckCount(c); err != nil {
		return nil, err
	}
	counted := map[TenderKind]ledger.Cents{Cash: c.Total()}
	for i := range other {
		o := &other[i]
		known := slices.Contains(d.Policy.OneByOne(), o.Kind)
		_, twice := counted[o.Kind]
		bad := ledger.Refuse("cash.bad_count", "The count of {kind} is not a count.", "kind", fmt.Sprintf("%.20s", string(o.Kind))).At("other")
		if !known || twice || o.Count < 0 || o.Count > maxPieces || o.Amount < 0 || o.Amount > ledger.MaxAmount || len(o.Ticked) > maxItems {
			return nil, bad
		}
		if len(o.Ticked) > 0 {
			var sum ledger.Cents
			for _, item := range o.Ticked {
				if item.Amount <= 0 || item.Amount > ledger.MaxAmount {
					return nil, bad
				}
				if err := CheckText("cash.number_too_long", "other", item.Number, maxNumber); err != nil {
					return nil, err
				}
				sum = sum.Plus(item.Amount)
			}
			if len(o.Ticked) > o.Count || sum > o.Amount {
				return nil, bad
			}
		}
		counted[o.Kind] = o.Amount
	}
	return counted, nil
}

// missing are the items of the books that were not ticked, of each kind where any
// was ticked.
func missing(s *ledger.State, session Session, other []CountedTender) (all []Item, err error) {
	for _, o := range other {
		if len(o.Ticked) == 0 {
			continue
		}
		items, err := Items(s, session, o.Kind)
		if err != nil {
			return nil, err
		}
		all = append(all, without(items, o.Ticked)...)
	}
	return all, nil
}
