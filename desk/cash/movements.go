package cash

import (
	"fmt"
	"slices"
	"strings"

	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// Skim takes money out of the drawer while it stays open, and seals it in a
// numbered bag for the safe. A second person signs with their PIN.
type Skim struct {
	Count Count           `json:"count,omitempty" doc:"cash in the bag: pieces of each value"`
	Other []CountedTender `json:"other,omitempty" doc:"checks and money orders in the bag: how many, and their sum"`
	Bag   string          `json:"bag" doc:"number printed on the bag"`
}

// PayInOrOut is money put into a drawer or the safe, or taken out of it, that is no
// customer's payment.
type PayInOrOut struct {
	Reason string       `json:"reason" doc:"one of the policy's [[cash.paid]] rows; it says which way the money goes"`
	Amount ledger.Cents `json:"amount" doc:"dollars and cents in quotes, like \"7.40\""`
	Note   string       `json:"note,omitempty" doc:"what it was for"`
}

// ChangeOrder changes pieces for others of the same worth, between the drawer
// and the safe or another drawer. A second person signs with their PIN.
type ChangeOrder struct {
	With DrawerID `json:"with" doc:"\"safe\", or the other drawer"`
	Give Count    `json:"give" doc:"what leaves the drawer"`
	Get  Count    `json:"get" doc:"what comes for it"`
}

// Safe is the other side of a change order that is no drawer.
const Safe DrawerID = "safe"

// Skim seals money of the open drawer in a bag.
func (d *Duty) Skim(s *ledger.State, by staff.Acting, c Skim) ([]ledger.Draft, error) {
	session, err := d.working(s, by)
	if err != nil {
		return nil, err
	}
	if err := d.Staff.RequireWitness(s, by); err != nil {
		return nil, err
	}
	bag, err := d.NewBag(s, c.Bag)
	if err != nil {
		return nil, err
	}
	counted, err := d.checkCounted(c.Count, c.Other)
	if err != nil {
		return nil, err
	}
	for _, o := range c.Other {
		if o.Amount > 0 && !slices.Contains(d.Policy.Skimmed(), o.Kind) {
			return nil, ledger.Refuse("cash.skim_kind", "By the policy {kind} goes to no bank in a bag.", "kind", string(o.Kind)).At("other")
		}
		// One by one, so that the close knows which ones are still to be found.
		there, err := allThere(s, session, o.Kind, o.Ticked)
		if err != nil {
			return nil, err
		}
		if ledger.Sum(amounts(o.Ticked)...) != o.Amount || len(o.Ticked) != o.Count || !there {
			return nil, ledger.Refuse("cash.skim_tick", "Tick each {kind} that goes into the bag.", "kind", string(o.Kind)).At("other")
		}
	}
	body := Skimmed{Session: session.ID, Drawer: session.Drawer, Name: session.Name, Bag: bag,
		Counted: withoutNone(c.Count), Other: c.Other, Witness: by.Approver.ID, WitnessName: by.Approver.Name}
	var posted []ledger.Posting
	for _, kind := range TenderKinds() {
		amount := counted[kind]
		// A bag cannot hold what the drawer never had: a number was typed wrong.
		if amount > InDrawer(s, session.ID, kind) {
			return nil, ledger.Refuse("cash.skim_too_much", "There is not that much {kind} in the drawer. Count the bag again.", "kind", string(kind)).At("count")
		}
		body.Amount = body.Amount.Plus(amount)
		posted = append(posted,
			ledger.Posting{Account: BagAccount(kind), Sub: BagSub(bag), Amount: amount},
			ledger.Posting{Account: drawerAccount(kind), Sub: string(session.ID), Amount: -amount})
	}
	if body.Amount == 0 {
		return nil, ledger.Refuse("cash.skim_nothing", "Count what goes into the bag.").At("count")
	}
	body.Cash = counted[Cash]
	return []ledger.Draft{{Kind: KindSkim, Date: session.Date, Body: body, Lines: lines(posted...)}}, nil
}

// PayInOrOut moves money that is no customer's payment. The policy's row for the
// reason says which way it goes, from or to which place, and when a second person
// must approve.
func (d *Duty) PayInOrOut(s *ledger.State, by staff.Acting, c PayInOrOut) ([]ledger.Draft, error) {
	rule, found := d.Policy.paid(c.Reason)
	if !found {
		return nil, ledger.Refuse("cash.reason", "Choose a reason from the list.").At("reason")
	}
	switch {
	case c.Amount <= 0 || c.Amount > ledger.MaxAmount:
		return nil, ledger.Refuse("cash.paid_amount", "That is more than nothing and at most {most}.", "most", ledger.MaxAmount.String()).At("amount")
	case rule.Most > 0 && c.Amount > rule.Most:
		return nil, ledger.Refuse("cash.paid_limit", "For {reason} at most {most} is paid.", "reason", c.Reason, "most", rule.Most.String()).At("amount")
	}
	if err := CheckText("cash.note_too_long", "note", c.Note, maxText); err != nil {
		return nil, err
	}
	body := Paid{Way: rule.Way, Place: rule.Place, Reason: c.Reason, Amount: c.Amount, Note: c.Note, Name: by.Who.Name}
	signed := c.Amount
	if rule.Way == Out {
		signed = -signed
	}
	here := ledger.Posting{Account: AccountFloat, Amount: signed}
	var date ledger.Date
	if rule.Place == PlaceDrawer {
		session, err := d.working(s, by)
		if err != nil {
			return nil, err
		}
		if rule.Way == Out && c.Amount > InDrawer(s, session.ID, Cash) {
			return nil, ledger.Refuse("cash.paid_too_much", "There is not that much cash in the drawer.").At("amount")
		}
		date = session.Date
		body.Session, body.Drawer = session.ID, session.Drawer
		here = ledger.Posting{Account: drawerAccount(Cash), Sub: string(session.ID), Amount: signed}
	} else if err := d.Staff.Require(s, by, staff.KeepSafe); err != nil {
		return nil, err
	}
	if err := d.Staff.CheckApproval(by, c.Amount > rule.ApproveAbove); err != nil {
		return nil, err
	}
	if by.Approver != nil {
		body.Approver, body.ApproverName = by.Approver.ID, by.Approver.Name
	}
	return []ledger.Draft{{Kind: KindPaid, Date: date, Receipt: true, Body: body,
		Lines: lines(here, ledger.Posting{Account: rule.Account, Amount: -signed})}}, nil
}

// ChangeOrder changes pieces for others of the same worth. No place is richer or
// poorer for it, so it posts nothing; the record says who had which pieces.
func (d *Duty) ChangeOrder(s *ledger.State, by staff.Acting, c ChangeOrder) ([]ledger.Draft, error) {
	session, err := d.working(s, by)
	if err != nil {
		return nil, err
	}
	if err := d.Staff.RequireWitness(s, by); err != nil {
		return nil, err
	}
	body := Changed{Session: session.ID, Drawer: session.Drawer, Name: session.Name, With: c.With,
		Give: withoutNone(c.Give), Get: withoutNone(c.Get), Witness: by.Approver.ID, WitnessName: by.Approver.Name}
	if c.With != Safe {
		other, open, err := SessionAt(s, c.With)
		if err != nil {
			return nil, err
		}
		if !open || other.ID == session.ID {
			return nil, ledger.Refuse("cash.change_with", "Change comes from the safe or from another open drawer.").At("with")
		}
		if len(other.Counts) > 0 {
			return nil, counted(other).At("with")
		}
		if by.Approver.ID != other.Who {
			return nil, ledger.Refuse("cash.change_with_whom", "{name} works that drawer and must sign for it.", "name", other.Name).At("approver")
		}
		body.WithSession = other.ID
	}
	for _, count := range []Count{c.Give, c.Get} {
		if err := d.CheckCount(count); err != nil {
			return nil, err
		}
	}
	if c.Give.Total() != c.Get.Total() || c.Give.Total() == 0 {
		return nil, ledger.Refuse("cash.change_uneven", "{give} leaves the drawer and {get} comes for it. Both must be the same.",
			"give", c.Give.Total().String(), "get", c.Get.Total().String()).At("get")
	}
	body.Amount = c.Give.Total()
	return []ledger.Draft{{Kind: KindChanged, Date: session.Date, Body: body}}, nil
}

func amounts(items []Item) []ledger.Cents {
	all := make([]ledger.Cents, len(items))
	for i, item := range items {
		all[i] = item.Amount
	}
	return all
}

// maxBag is the longest number of a bag.
const maxBag = 24

// CheckBag reads the number of a bag as it is printed: letters, digits, dashes.
func CheckBag(typed string) (string, error) {
	bag := strings.ToUpper(strings.TrimSpace(typed))
	if bag == "" || len(bag) > maxBag || strings.Trim(bag, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" {
		return "", ledger.Refuse("cash.bag_number", "Type the number printed on the bag: letters, digits and dashes, at most {most}.", "most", fmt.Sprint(maxBag)).At("bag")
	}
	return bag, nil
}

// NewBag is the number of a bag that was never used: bags are used once.
func (d *Duty) NewBag(s *ledger.State, typed string) (string, error) {
	bag, err := CheckBag(typed)
	if err != nil {
		return "", err
	}
	for _, letter := range []string{"S", "D"} {
		if number, like := strings.CutPrefix(bag, string(s.Station())+"-"+letter); like && strings.Trim(number, "0123456789") == "" {
			return "", ledger.Refuse("cash.bag_like_session", "{bag} is the number of a session or a deposit. Type the number printed on the bag.", "bag", bag).At("bag")
		}
	}
	if s.Rows(bags{}.Name()).Get([]byte(bag)) != nil || d.Deposited != nil && d.Deposited(s, bag) {
		return "", ledger.Refuse("cash.bag_used", "Bag {bag} was used before. A bag is sealed once.", "bag", bag).At("bag")
	}
	return bag, nil
}

// BagItems lists the checks of one kind that were sealed in a bag, one by one.
func BagItems(s *ledger.State, bag string, kind TenderKind) ([]Item, error) {
	seq := ledger.KeySeq(s.Rows(bags{}.Name()).Get([]byte(bag)))
	if seq == 0 {
		return nil, nil
	}
	e, err := s.Entry(seq)
	if err != nil || e.Kind != KindSkim {
		return nil, err
	}
	body, err := ledger.Unpack[Skimmed](&e)
	for _, o := range body.Other {
		if o.Kind == kind {
			return o.Ticked, err
		}
	}
	return nil, err
}

// BagSub is whose money the money in a bag is, in the books.
func BagSub(bag string) string { return "bag:" + bag }

// BagAccount is the account of what lies sealed in the safe.
func BagAccount(kind TenderKind) string { return "assets:safe:bags:" + string(kind) }

// bags is the view of the bags that were used: number of the bag → entry that
// sealed it.
type bags struct{}

func (bags) Name() string         { return "cash.bags" }
func (bags) Kinds() []ledger.Kind { return []ledger.Kind{KindSkim} }

func (bags) Fold(t ledger.Table, e *ledger.Entry) error {
	body, err := ledger.Unpack[Skimmed](e)
	if err == nil {
		t.Put([]byte(body.Bag), ledger.SeqKey(e.Seq))
	}
	return err
}
