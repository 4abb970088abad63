package flow

import (
	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// readForm reads the lists of a form.
func (r *Runner) readForm(e ReadForm) Event {
	out := FormRead{Act: e.Act, Drawer: e.Drawer, Choices: map[string][]Choice{}}
	out.Err = r.Desk.Read(func(s *ledger.State) (err error) {
		if e.Drawer != "" {
			session, open, err := cash.SessionAt(s, e.Drawer)
			if err != nil || !open {
				return err
			}
			out.Choices[PartTicks], err = itemsOf(s, session, e.Kinds)
			return err
		}
		switch e.Act {
		case ActClose, ActSkim:
			out.Choices["other"], err = itemsOf(s, e.Session, e.Kinds)
		case ActSurprise, ActCountOther, ActCloseOther:
			out.Choices["drawer"], err = r.openDrawers(s, e.Who)
		case ActSafe:
			out.Choices["there"], err = waiting(s)
		case ActDeposit:
			out.Choices["parts"], err = waiting(s)
		}
		return err
	})
	return out
}

// itemsOf are the checks and the like of a session, one by one, of some kinds.
func itemsOf(s *ledger.State, session cash.Session, kinds []cash.TenderKind) (rows []Choice, err error) {
	for _, kind := range kinds {
		items, err := cash.Items(s, session, kind)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			name, err := payer(s, item)
			if err != nil {
				return nil, err
			}
			rows = append(rows, Choice{Cells: []string{item.Number, name, item.Amount.String()}, Kind: kind, Item: item, Worth: item.Amount})
		}
	}
	return rows, nil
}

// payer is the customer whose account an item was taken for; of several the first.
func payer(s *ledger.State, item cash.Item) (string, error) {
	e, err := s.Receipt(item.Receipt)
	if err != nil {
		return "", err
	}
	p, err := ledger.Unpack[cash.Payment](&e)
	if err != nil || len(p.Parts) == 0 {
		return "", err
	}
	return p.Parts[0].Name, nil
}

// openDrawers are the drawers that somebody else has open.
func (r *Runner) openDrawers(s *ledger.State, who staff.ID) (rows []Choice, err error) {
	for _, drawer := range r.Drawers {
		session, open, err := cash.SessionAt(s, drawer)
		if err != nil {
			return nil, err
		}
		if open && session.Who != who {
			rows = append(rows, Choice{ID: string(drawer), Cells: []string{string(drawer), session.Name}})
		}
	}
	return rows, nil
}

// waiting are the sessions and bags whose money waits for its deposit. What is in
// them is not shown: whoever counts it counts blind.
func waiting(s *ledger.State) (rows []Choice, err error) {
	all, err := safe.AllWaiting(s)
	for _, w := range all {
		row := Choice{ID: w.ID, Cells: []string{w.ID, w.Date.String()}}
		for _, a := range w.Amounts {
			row.Kinds = append(row.Kinds, a.Kind)
		}
		rows = append(rows, row)
	}
	return rows, err
}
