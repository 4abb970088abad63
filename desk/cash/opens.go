package cash

import "gatehouse/ledger"

// Opens says whether the drawer is to open for an entry, and which.
func Opens(e *ledger.Entry) (DrawerID, bool, error) {
	switch e.Kind {
	case KindDrawerOpened:
		b, err := ledger.Unpack[DrawerOpened](e)
		return b.Drawer, true, err
	case KindPayment:
		b, err := ledger.Unpack[Payment](e)
		return b.Drawer, b.Opens, err
	case KindVoid:
		b, err := ledger.Unpack[Undone](e)
		return b.Drawer, b.Opens, err
	case KindNoSale:
		b, err := ledger.Unpack[NoSale](e)
		return b.Drawer, true, err
	case KindSkim:
		b, err := ledger.Unpack[Skimmed](e)
		return b.Drawer, true, err
	case KindPaid:
		b, err := ledger.Unpack[Paid](e)
		return b.Drawer, b.Drawer != "", err
	case KindRefunded:
		b, err := ledger.Unpack[Refunded](e)
		return b.Drawer, b.Drawer != "", err
	case KindChanged:
		b, err := ledger.Unpack[Changed](e)
		return b.Drawer, true, err
	case KindCountBegun:
		b, err := ledger.Unpack[CountBegun](e)
		return b.Drawer, true, err
	}
	return "", false, nil
}
