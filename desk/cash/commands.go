package cash

import (
	"fmt"
	"slices"
	"time"

	"gatehouse/desk/account"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// Duty is the drawer day, with what it depends on.
type Duty struct {
	Staff    *staff.Duty
	Accounts *account.Duty
	Policy   Policy
	// Location is the utility's time zone, for what has no session's date.
	Location *time.Location
	// Signer draws the surprise counts. Nil: none are drawn.
	Signer ledger.Signer
	// Deposited tells whether a bag went to a bank: a bag is sealed once. Nil: none did.
	Deposited func(s *ledger.State, bag string) bool
}

// OpenDrawer opens a drawer session with a counted float.
type OpenDrawer struct {
	Drawer DrawerID `json:"drawer" doc:"drawer of the station, as in the policy: 1"`
	Count  Count    `json:"count" doc:"the float as counted: pieces of each value"`
	Reason string   `json:"reason,omitempty" doc:"why the float is not what the last close left; one of the policy's reasons"`
}

// NoSaleCommand opens the drawer without a payment.
type NoSaleCommand struct {
	Reason string `json:"reason" doc:"one of the policy's reasons"`
}

// XReportCommand prints the totals of the session so far.
type XReportCommand struct{}

// NoteUnasked records that the drawer was opened and nothing had asked for it.
type NoteUnasked struct {
	Drawer DrawerID `json:"drawer" doc:"drawer that was opened"`
}

// Bounds of what is typed.
const (
	maxText   = 120    // characters of a note
	maxPieces = 10_000 // coins or notes of one value
)

// OpenDrawer opens a drawer.
func (d *Duty) OpenDrawer(s *ledger.State, by staff.Acting, c OpenDrawer) ([]ledger.Draft, error) {
	if err := d.Staff.Require(s, by, staff.TakeMoney); err != nil {
		return nil, err
	}
	if !slices.Contains(d.Policy.Drawers, c.Drawer) {
		return nil, ledger.Refuse("cash.no_such_drawer", "This station has no drawer {drawer}.", "drawer", fmt.Sprintf("%.20s", string(c.Drawer))).At("drawer")
	}
	if mine, open, err := SessionOf(s, by.Who.ID); err != nil || open {
		return nil, orError(err, ledger.Refuse("cash.already_open", "You already have drawer {drawer} open. Close it first.", "drawer", string(mine.Drawer)))
	}
	if other, open, err := SessionAt(s, c.Drawer); err != nil || open {
		return nil, orError(err, ledger.Refuse("cash.drawer_taken", "Drawer {drawer} is open for {name}. One person works a drawer at a time.", "drawer", string(c.Drawer), "name", other.Name).At("drawer"))
	}
	if err := d.CheckCount(c.Count); err != nil {
		return nil, err
	}
	expected, counted := d.ExpectedFloat(s, c.Drawer), c.Count.Total()
	if (counted != expected || c.Reason != "") && !slices.Contains(d.Policy.Reasons.Float, c.Reason) {
		return nil, ledger.Refuse("cash.float_reason", "The float should be {expected} and you counted {counted}. Count again, or choose a reason.",
			"expected", expected.String(), "counted", counted.String()).At("reason")
	}
	n, err := readCounters(s.Rows(sessions{}.Name()).Get([]byte("N")))
	if err != nil {
		return nil, err
	}
	id := SessionID(fmt.Sprintf("%s-S%04d", s.Station(), n.Sessions+1))
	drawn, err := d.drawFor(s, c.Drawer)
	if err != nil {
		return nil, err
	}
	left, err := leftBy(s, c.Drawer)
	if err != nil {
		return nil, err
	}
	return append([]ledger.Draft{{
		Kind: KindDrawerOpened,
		Body: DrawerOpened{Session: id, Drawer: c.Drawer, Who: by.Who.ID, Name: by.Who.Name,
			Expected: expected, Counted: withoutNone(c.Count), Float: counted, Reason: c.Reason, Left: left},
		Lines: lines(
			ledger.Posting{Account: drawerAccount(Cash), Sub: string(id), Amount: counted},
			ledger.Posting{Account: AccountFloat, Amount: -expected},
			ledger.Posting{Account: AccountOverShort, Sub: string(id), Amount: expected - counted},
		),
	}}, drawn...), nil
}

// NoSale opens the drawer without a payment.
func (d *Duty) NoSale(s *ledger.State, by staff.Acting, c NoSaleCommand) ([]ledger.Draft, error) {
	session, err := d.working(s, by)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(d.Policy.Reasons.NoSale, c.Reason) {
		return nil, ledger.Refuse("cash.reason", "Choose a reason from the list.").At("reason")
	}
	return []ledger.Draft{{
		Kind: KindNoSale, Date: session.Date,
		Body: NoSale{Session: session.ID, Drawer: session.Drawer, Reason: c.Reason},
	}}, nil
}

// NoteUnasked records an opening that nothing had asked for. The station saw it;
// nobody says so by hand.
func (d *Duty) NoteUnasked(s *ledger.State, by staff.Acting, c NoteUnasked) ([]ledger.Draft, error) {
	if by.Who.ID != staff.StationActor {
		return nil, ledger.Refuse("cash.station_notes_this", "The station itself notes that a drawer was opened.")
	}
	if !slices.Contains(d.Policy.Drawers, c.Drawer) {
		return nil, ledger.Refuse("cash.no_such_drawer", "This station has no drawer {drawer}.", "drawer", fmt.Sprintf("%.20s", string(c.Drawer))).At("drawer")
	}
	session, _, err := SessionAt(s, c.Drawer)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Kind: KindUnasked, Date: session.Date, Body: Unasked{Drawer: c.Drawer, Session: session.ID}}}, nil
}

// XReport records and prints the totals so far.
func (d *Duty) XReport(s *ledger.State, by staff.Acting, _ XReportCommand) ([]ledger.Draft, error) {
	session, err := d.session(s, by)
	if err != nil {
		return nil, err
	}
	totals, err := TotalsOf(s, session)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{
		Kind: KindXReport, Date: session.Date,
		Body: XReport{Session: session.ID, Drawer: session.Drawer, Who: session.Who, Name: session.Name, Opened: session.Opened,
			Totals: totals, ShowsCash: d.Policy.XShowsCash},
	}}, nil
}

// session is the open session of who acts.
func (d *Duty) session(s *ledger.State, by staff.Acting) (Session, error) {
	if err := d.Staff.Require(s, by, staff.TakeMoney); err != nil {
		return Session{}, err
	}
	session, open, err := SessionOf(s, by.Who.ID)
	if err == nil && !open {
		err = ledger.Refuse("cash.no_session", "You have no drawer open. Open your drawer with a counted float first.")
	}
	return session, err
}

// CheckCount refuses a count of pieces that cannot be one.
func (d *Duty) CheckCount(c Count) error {
	seen := make(map[ledger.Cents]bool, len(c))
	for _, p := range c {
		if !slices.Contains(d.Policy.Denominations, p.Value) || seen[p.Value] {
			return ledger.Refuse("cash.denomination", "There is no coin or note of {value} to count, or it was counted twice.", "value", p.Value.String()).At("count")
		}
		if p.N < 0 || p.N > maxPieces {
			return ledger.Refuse("cash.pieces", "{n} pieces of {value}: a count is 0 to {most}.", "n", fmt.Sprint(p.N), "value", p.Value.String(), "most", fmt.Sprint(maxPieces)).At("count")
		}
		seen[p.Value] = true
	}
	return nil
}

// withoutNone drops values of which nothing was counted.
func withoutNone(c Count) Count {
	return slices.DeleteFunc(slices.Clone(c), func(p Pieces) bool { return p.N == 0 })
}

// lines drops postings of nothing.
func lines(all ...ledger.Posting) []ledger.Posting {
	return slices.DeleteFunc(all, func(l ledger.Posting) bool { return l.Amount == 0 })
}

func orError(err error, refusal *ledger.Refusal) error {
	if err != nil {
		return err
	}
	return refusal
}
