package cash_test

import (
	"strings"
	"testing"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// worksIt is whose drawer 1 is, "" when it is closed.
func worksIt(s *Station) (who staff.ID) {
	s.Look(func(st *ledger.State) error {
		session, _, err := cash.SessionAt(st, "1")
		who = session.Who
		return err
	})
	return who
}

// overShort is what the books have as over and short of a session; short is above zero.
func overShort(s *Station, id cash.SessionID) (sum ledger.Cents) {
	s.Look(func(st *ledger.State) error {
		sum = st.Balance(cash.AccountOverShort, string(id)).Net()
		return nil
	})
	return sum
}

// A drawer passes from one person to another by two blind counts, and in no other way:
// of all that the desk can be asked to do, nothing else changes whose drawer it is.
func TestADrawerChangesHandsOnlyByTwoCounts(t *testing.T) {
	s := New(t, Options{Policy: func(p *desk.Policy) {
		p.Cash.Reasons.Refund, p.Cash.Reasons.Adjust, p.Cash.Reasons.Returned = []string{"paid twice"}, []string{"waived"}, []string{"no funds"}
		p.Cash.AdjustLimits = []cash.AdjustLimit{{From: 20260101, Role: staff.Supervisor, Most: 500_00, Source: "x"}}
		p.Cash.Returned = []cash.ReturnedRule{{From: 20260101, First: 25_00, Further: 35_00, Source: "x"}}
		p.Cash.Paid = []cash.PaidRule{{Reason: "stamps", Way: cash.Out, Place: cash.PlaceDrawer, Account: "expenses:postage"}}
	}})
	opened := s.Morning(Maria, "1")
	if opened.Left != nil {
		t.Errorf("a drawer never used was left by %+v", opened.Left)
	}
	paid := s.Do(Maria, pay(Garcia, 10_00, inCash(10_00)))
	no := paid.ReceiptNo("A1")
	// Everything that somebody without a drawer could try, with Ana's PIN.
	tries := map[string]any{
		"staff.sign_in":    nil, // below, with a PIN
		"cash.open_drawer": cash.OpenDrawer{Drawer: "1", Count: Count(210_00)}, "cash.take_payment": pay(Garcia, 1_00, inCash(1_00)),
		"cash.void_payment": cash.VoidPayment{Receipt: no, Reason: "wrong amount"}, "cash.reverse_payment": cash.ReversePayment{Receipt: no, Reason: "wrong amount"},
		"cash.refund":       cash.Refund{From: string(Paid), Amount: 1, By: cash.RefundCash, Reason: "paid twice"},
		"cash.adjust":       cash.Adjust{Account: Garcia, Bucket: account.Current, Amount: -1, Reason: "waived"},
		"cash.return_check": cash.ReturnCheck{Receipt: no, Number: "1", Reason: "no funds"}, "cash.note_suspect": cash.NoteSuspect{Value: 20_00, Serial: "1"},
		"cash.no_sale": cash.NoSaleCommand{Reason: "change for a customer"}, "cash.x_report": cash.XReportCommand{},
		"cash.skim": cash.Skim{Count: Count(5_00), Bag: "B1"}, "cash.pay_in_or_out": cash.PayInOrOut{Reason: "stamps", Amount: 1},
		"cash.change_order": cash.ChangeOrder{With: "1", Give: Count(5_00), Get: Count(5_00)},
		"cash.begin_count":  cash.BeginCount{}, "cash.count_drawer": cash.CountDrawer{Count: Count(210_00)}, "cash.close_drawer": cash.CloseDrawer{},
		"cash.list_rota": cash.ListRota{}, "cash.note_unasked": cash.NoteUnasked{Drawer: "1"}, "cash.keep_rota": cash.KeepRota{},
	}
	s.SignIn(Tom)
	for _, spec := range s.Commands() {
		do, known := tries[spec.Name]
		if !known && strings.HasPrefix(spec.Name, "cash.") {
			t.Errorf("%s: nobody asked whether a drawer changes hands by it", spec.Name)
		}
		if do == nil {
			continue
		}
		if _, err := s.TryApproved(Tom, Ana, do); err == nil {
			t.Errorf("Tom, without a drawer, may %s", spec.Name)
		}
		if who := worksIt(s); who != Maria {
			t.Fatalf("%s made it the drawer of %q", spec.Name, who)
		}
	}
	// She counts it, blind; until she has closed it, it is hers.
	s.SignIn(Maria)
	s.Do(Maria, cash.CountDrawer{Count: Count(207_00)}) // 3.00 short
	s.SignIn(Tom)
	_, err := s.Try(Tom, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)})
	expect(t, "counted, not closed", err, "cash.drawer_taken at drawer")
	s.SignIn(Maria)
	z := Body[cash.DrawerClosed](s, s.Do(Maria, cash.CloseDrawer{}))
	if z.Over != -3_00 || z.YearShort != 3_00 || overShort(s, z.Session) != 3_00 {
		t.Errorf("what she was short is hers: %+v, %s in the books", z, overShort(s, z.Session))
	}
	_, err = s.Try(Maria, pay(Garcia, 1_00, inCash(1_00)))
	expect(t, "she goes on", err, "cash.no_session")
	// He counts it again; what differs from what she left is on record as his.
	s.SignIn(Tom)
	_, err = s.Try(Tom, cash.OpenDrawer{Drawer: "1", Count: Count(198_00)})
	expect(t, "not what she left", err, "cash.float_reason at reason")
	taken := Body[cash.DrawerOpened](s, s.Do(Tom, cash.OpenDrawer{Drawer: "1", Count: Count(198_00), Reason: "counted wrong at close"}))
	if want := (cash.Left{Session: z.Session, Z: z.Z, Name: "Maria Lopez"}); taken.Left == nil || *taken.Left != want || taken.Name != "Tom Baker" {
		t.Errorf("%s took it from %+v, want %+v", taken.Name, taken.Left, want)
	}
	if taken.Expected != 200_00 || taken.Float != 198_00 || overShort(s, taken.Session) != 2_00 || overShort(s, z.Session) != 3_00 {
		t.Errorf("taken with %s of %s; %s of his and %s of hers in the books", taken.Float, taken.Expected, overShort(s, taken.Session), overShort(s, z.Session))
	}
	s.Verify()
}
