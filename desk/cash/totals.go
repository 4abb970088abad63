package cash

import (
	"slices"

	"gatehouse/ledger"
)

// TotalsOf adds up a session from its entries.
func TotalsOf(s *ledger.State, session Session) (Totals, error) {
	t := Totals{Float: session.Float, NoSales: session.NoSales + session.uncounted(), Unasked: session.Unasked,
		Reversals: session.Reversals, Reversed: session.Reversed}
	byKind := make(map[TenderKind]*TenderTotal)
	for _, kind := range TenderKinds() {
		byKind[kind] = &TenderTotal{Kind: kind}
	}
	for seq := range s.History(string(session.ID)) {
		e, err := s.Entry(seq)
		if err != nil {
			return t, err
		}
		if err := t.add(s, session.ID, &e, byKind); err != nil {
			return t, err
		}
	}
	for _, kind := range TenderKinds() {
		sum := byKind[kind]
		sum.Net = sum.Taken - sum.Voided
		if kind == Cash || *sum != (TenderTotal{Kind: kind}) {
			t.Tenders = append(t.Tenders, *sum)
		}
	}
	t.CashInDrawer = InDrawer(s, session.ID, Cash)
	return t, nil
}

// add counts one entry of the session's history, newest first. What only bears
// the session's name, a customer's account, is passed over.
func (t *Totals) add(s *ledger.State, id SessionID, e *ledger.Entry, byKind map[TenderKind]*TenderTotal) error {
	switch e.Kind {
	case KindPayment:
		body, err := ledger.Unpack[Payment](e)
		if err != nil || body.Session != id {
			return err
		}
		t.Payments++
		t.First = e.ReceiptNo(s.Station())
		if t.Last == "" {
			t.Last = t.First
		}
		for _, tender := range body.Tenders {
			sum := byKind[tender.Kind]
			sum.Count++
			sum.Taken = sum.Taken.Plus(tender.Amount)
		}
		byKind[Cash].Taken -= body.Change
		if body.Rounding != 0 {
			t.Roundings++
			t.Rounding = t.Rounding.Plus(body.Rounding)
		}
	case KindVoid:
		body, err := ledger.Unpack[Undone](e)
		if err != nil || body.Session != id {
			return err
		}
		t.Voids++
		if t.Last == "" {
			t.Last = e.ReceiptNo(s.Station())
		}
		for _, tender := range body.Tenders {
			byKind[tender.Kind].Voided = byKind[tender.Kind].Voided.Plus(tender.Amount)
		}
	case KindSkim:
		body, err := ledger.Unpack[Skimmed](e)
		if err != nil || body.Session != id {
			return err
		}
		t.Skims++
		byKind[Cash].Skimmed = byKind[Cash].Skimmed.Plus(body.Cash)
		for _, o := range body.Other {
			byKind[o.Kind].Skimmed = byKind[o.Kind].Skimmed.Plus(o.Amount)
		}
	case KindRefunded:
		body, err := ledger.Unpack[Refunded](e)
		if err != nil || body.Session != id || body.By != RefundCash {
			return err
		}
		t.Refunds++
		t.Refunded = t.Refunded.Plus(body.Amount)
	case KindPaid:
		body, err := ledger.Unpack[Paid](e)
		if err != nil || body.Session != id {
			return err
		}
		if body.Way == In {
			t.PaidIn = t.PaidIn.Plus(body.Amount)
		} else {
			t.PaidOut = t.PaidOut.Plus(body.Amount)
		}
	}
	return nil
}

// Items lists what a session's drawer should hold of a means of payment one by
// one: checks, money orders, card slips. Those that were voided, or went into a
// bag, are left out.
func Items(s *ledger.State, session Session, kind TenderKind) (all []Item, err error) {
	var bagged []Item
	for seq := range s.History(string(session.ID)) {
		e, err := s.Entry(seq)
		if err != nil {
			return nil, err
		}
		switch e.Kind {
		case KindSkim:
			body, err := ledger.Unpack[Skimmed](&e)
			if err != nil {
				return nil, err
			}
			for _, o := range body.Other {
				if o.Kind == kind && body.Session == session.ID {
					bagged = append(bagged, o.Ticked...)
				}
			}
		case KindPayment:
			body, err := ledger.Unpack[Payment](&e)
			if err != nil {
				return nil, err
			}
			if body.Session != session.ID {
				continue
			}
			gone, err := voided(s, seq)
			if err != nil {
				return nil, err
			}
			if gone {
				continue
			}
			for _, t := range body.Tenders {
				if t.Kind == kind {
					all = append(all, t.item(e.Receipt))
				}
			}
		}
	}
	slices.Reverse(all)
	return without(all, bagged), nil
}

// voided says whether a payment was taken back in its session, and its money with it. That
// of a reversed one stays where it is.
func voided(s *ledger.State, payment uint64) (bool, error) {
	by := UndoneBy(s, payment)
	if by == 0 {
		return false, nil
	}
	e, err := s.Entry(by)
	return e.Kind == KindVoid, err
}

// item is a tender as it lies in the drawer.
func (t Tender) item(receipt uint64) Item {
	return Item{Receipt: receipt, Number: t.Number + t.Reference, Amount: t.Amount}
}

// allThere reports whether each of some items is still in the session's drawer.
func allThere(s *ledger.State, session Session, kind TenderKind, asked []Item) (bool, error) {
	items, err := Items(s, session, kind)
	return len(without(items, asked))+len(asked) == len(items), err
}

// without takes items out of a list, each once.
func without(all, gone []Item) []Item {
	all = slices.Clone(all)
	for _, item := range gone {
		if i := slices.Index(all, item); i >= 0 {
			all = slices.Delete(all, i, i+1)
		}
	}
	return all
}
