package staff_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/desk/safe"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// changes are what the newest entries of rights say, after as many entries as before.
func changes(s *Station, before int) (all []staff.Change, parts int) {
	for _, e := range s.Entries()[before:] {
		if e.Kind != staff.KindRights {
			continue
		}
		parts++
		all = append(all, Body[staff.RightsChanged](s, e).Changes...)
	}
	return all, parts
}

func noteRights(t *testing.T, s *Station) []staff.Change {
	t.Helper()
	before := len(s.Entries())
	if err := s.NoteRights(context.Background()); err != nil {
		t.Fatal(err)
	}
	all, _ := changes(s, before)
	return all
}

func TestEveryChangeOfRightsIsAnEntry(t *testing.T) {
	limit := cash.AdjustLimit{From: 20260101, Role: staff.Supervisor, Most: 500_00, Source: "Resolution 9"}
	policy := func(p *desk.Policy) { p.Cash.AdjustLimits = []cash.AdjustLimit{limit} }
	s := New(t, Options{Policy: policy})
	first := noteRights(t, s)
	find := func(all []staff.Change, of staff.Of, name string) staff.Change {
		i := slices.IndexFunc(all, func(c staff.Change) bool { return c.Of == of && c.Name == name })
		if i < 0 {
			t.Fatalf("nothing of %s %s in %+v", of, name, all)
		}
		return all[i]
	}
	for want, got := range map[string]staff.Change{
		"take money, receive":                       find(first, staff.OfRole, "css1"),
		"500.00 (Resolution 9)":                     find(first, staff.OfLimit, "supervisor, adjust balances, from 2026-01-01"),
		"5 lock a person out for 30s, up to 4m0s":   find(first, staff.OfRule, "wrong PINs"),
		"Maria Lopez, css1, own accounts 03-1111-1": find(first, staff.OfPerson, "maria"),
		"Rosa Diaz, css2, retired":                  find(first, staff.OfPerson, "rosa"),
	} {
		if got.Before != "" || got.After != want {
			t.Errorf("at first: %+v, want %q", got, want)
		}
	}
	if again := noteRights(t, s); len(again) != 0 {
		t.Errorf("nothing changed, and noted: %+v", again)
	}
	s.Reopen()
	if again := noteRights(t, s); len(again) != 0 {
		t.Errorf("after a restart: %+v", again)
	}
	for _, c := range []struct {
		name string
		do   func()
		want []staff.Change
	}{
		{"a promotion", func() { p := s.Roster[Tom]; p.Role = staff.CSS2; s.Roster[Tom] = p },
			[]staff.Change{{Of: staff.OfPerson, Name: "tom", Before: "Tom Baker, css1", After: "Tom Baker, css2"}}},
		{"a new PIN alone", func() { p := s.Roster[Tom]; p.PIN = Hash("1234"); s.Roster[Tom] = p }, nil},
		{"somebody new", func() { s.Roster["new"] = staff.Person{ID: "new", Name: "New", Role: staff.Trainee} },
			[]staff.Change{{Of: staff.OfPerson, Name: "new", After: "New, trainee"}}},
		{"somebody gone", func() { delete(s.Roster, "new") },
			[]staff.Change{{Of: staff.OfPerson, Name: "new", Before: "New, trainee"}}},
		{"an account that is no longer her own", func() { p := s.Roster[Maria]; p.Own = nil; s.Roster[Maria] = p },
			[]staff.Change{{Of: staff.OfPerson, Name: "maria", Before: "Maria Lopez, css1, own accounts 03-1111-1", After: "Maria Lopez, css1"}}},
		{"a higher limit", func() { limit.Most = 900_00 },
			[]staff.Change{{Of: staff.OfLimit, Name: "supervisor, adjust balances, from 2026-01-01", Before: "500.00 (Resolution 9)", After: "900.00 (Resolution 9)"}}},
		{"a new right", func() {
			s.Options.Policy = func(p *desk.Policy) {
				policy(p)
				p.Staff.Rights[staff.CSS1] = []staff.Right{staff.Receive, staff.SeeDay, staff.TakeMoney}
			}
		}, []staff.Change{{Of: staff.OfRole, Name: "css1", Before: "take money, receive", After: "take money, see the day, receive"}}},
		{"the same rights in another order", func() {
			s.Options.Policy = func(p *desk.Policy) {
				policy(p)
				p.Staff.Rights[staff.CSS1] = []staff.Right{staff.SeeDay, staff.TakeMoney, staff.Receive}
			}
		}, nil},
		{"another patience", func() {
			before := s.Options.Policy
			s.Options.Policy = func(p *desk.Policy) { before(p); p.Staff.WrongPINs = 3 }
		}, []staff.Change{{Of: staff.OfRule, Name: "wrong PINs", Before: "5 lock a person out for 30s, up to 4m0s", After: "3 lock a person out for 30s, up to 4m0s"}}},
	} {
		c.do()
		s.Reopen()
		if got := noteRights(t, s); !slices.Equal(got, c.want) {
			t.Errorf("%s: noted %+v, want %+v", c.name, got, c.want)
		}
	}
	for _, e := range s.Entries() {
		if e.Kind == staff.KindRights && (e.Actor != string(desk.StationActor) || strings.Contains(string(e.Body), "argon2")) {
			t.Errorf("entry %d is by %s, or has a hash of a PIN", e.Seq, e.Actor)
		}
	}
	s.Verify()
}

// A roster of two thousand fits, in several entries of one command.
func TestALongRosterIsNotedInParts(t *testing.T) {
	s := New(t, Options{})
	for i := range 2000 {
		id := staff.ID(fmt.Sprintf("p%04d", i))
		s.Roster[id] = staff.Person{ID: id, Name: strings.Repeat("N", 200), Role: staff.CSS1, Own: slices.Repeat([]string{"01-2345-6"}, 200)}
	}
	if err := s.NoteRights(context.Background()); err != nil {
		t.Fatal(err)
	}
	all, parts := changes(s, 0)
	if len(all) < 2000 || parts < 20 {
		t.Errorf("%d changes in %d entries", len(all), parts)
	}
	if again := noteRights(t, s); len(again) != 0 {
		t.Errorf("once more: %d changes", len(again))
	}
	s.Verify()
}

func TestTheTableOfWhoMayDoWhat(t *testing.T) {
	limits := []staff.Limit{{Role: staff.Supervisor, Right: staff.Adjust, From: 20260101, Most: "500.00"}, {Role: staff.Supervisor, Right: staff.Adjust, From: 20270101, Most: "800.00"}}
	want := map[staff.Right]string{ // css1 css2 supervisor auditor trainee kiosk
		staff.TakeMoney:   "yes yes yes never training never",
		staff.Approve:     "no yes yes never never never",
		staff.SeeDay:      "no yes yes yes no never",
		staff.Receive:     "yes yes yes no training yes",
		staff.CountOthers: "no yes yes yes never never",
		staff.KeepSafe:    "no no yes never never never",
		staff.Bank:        "no no yes never never never",
		staff.Adjust:      "no no up to 500.00 never never never",
	}
	table := staff.Table(Policy().Staff, 20261231, limits...)
	for _, row := range table {
		var got []string
		for _, role := range staff.Roles() {
			got = append(got, row.ByRole[role])
		}
		if strings.Join(got, " ") != want[row.Right] || row.Words == string(row.Right) {
			t.Errorf("%s (%s): %v, want %s", row.Right, row.Words, got, want[row.Right])
		}
	}
	if len(table) != len(want) {
		t.Errorf("%d rights in the table", len(table))
	}
	if later := staff.Table(Policy().Staff, 20270101, limits...); later[len(later)-1].ByRole[staff.Supervisor] != "up to 800.00" {
		t.Errorf("next year: %+v", later[len(later)-1])
	}
}

// An auditor reads everything and moves nothing: every command that has to do with
// money refuses him, as the one who acts and as the one who approves.
func TestAnAuditorMovesNothing(t *testing.T) {
	s := New(t, Options{Policy: func(p *desk.Policy) {
		p.Cash.Reasons.Refund, p.Cash.Reasons.Adjust, p.Cash.Reasons.Returned = []string{"paid twice"}, []string{"waived"}, []string{"no funds"}
		p.Cash.AdjustLimits = []cash.AdjustLimit{{From: 20260101, Role: staff.Supervisor, Most: 500_00, Source: "x"}}
		p.Cash.Paid = []cash.PaidRule{{Reason: "stamps", Way: cash.Out, Place: cash.PlaceDrawer, Account: "expenses:postage"},
			{Reason: "fund", Way: cash.In, Place: cash.PlaceSafe, Account: "equity:fund"}}
		p.Safe = safe.Policy{Banks: []safe.Bank{{ID: "first", Name: "First", Tenders: []cash.TenderKind{cash.Cash}}}}
	}})
	s.Morning(Maria, "1")
	paid := s.Do(Maria, cash.TakePayment{Pay: []cash.Pay{{Account: Garcia, Amount: 5_00}}, Tenders: []cash.Tender{{Kind: cash.Cash, Amount: 5_00}}})
	no := paid.ReceiptNo("A1")
	line := safe.Line{Date: 20261123, Amount: 5_00}
	commands := map[string]any{
		"cash.open_drawer": cash.OpenDrawer{Drawer: "2", Count: Count(200_00)}, "cash.take_payment": cash.TakePayment{},
		"cash.void_payment": cash.VoidPayment{Receipt: no, Reason: "wrong amount"}, "cash.reverse_payment": cash.ReversePayment{Receipt: no, Reason: "wrong amount"},
		"cash.refund":       cash.Refund{From: string(Paid), Amount: 1, By: cash.RefundCash, Reason: "paid twice"},
		"cash.adjust":       cash.Adjust{Account: Garcia, Bucket: account.Current, Amount: -1, Reason: "waived"},
		"cash.return_check": cash.ReturnCheck{Receipt: no, Number: "1", Reason: "no funds"}, "cash.note_suspect": cash.NoteSuspect{Value: 20_00, Serial: "1"},
		"cash.no_sale": cash.NoSaleCommand{Reason: "change for a customer"}, "cash.x_report": cash.XReportCommand{},
		"cash.skim": cash.Skim{Count: Count(5_00), Bag: "B1"}, "cash.pay_in_or_out": cash.PayInOrOut{Reason: "stamps", Amount: 1},
		"cash.change_order": cash.ChangeOrder{With: cash.Safe, Give: Count(5_00), Get: Count(5_00)},
		"cash.begin_count":  nil,
		"cash.count_drawer": cash.CountDrawer{Drawer: "1", Count: Count(205_00)}, "cash.close_drawer": cash.CloseDrawer{Drawer: "1"},
		"safe.count": safe.CountSafe{}, "safe.make_deposit": safe.MakeDeposit{Bank: "first", Parts: []string{"A1-S0001"}},
		"safe.record_statement": safe.RecordStatement{Bank: "first", File: "x", Lines: []safe.Line{line}},
		"safe.match_by_hand":    safe.MatchByHand{Bank: "first", Deposit: "A1-D0001", Line: line, Note: "x"},
		// What only reads, counts, or is the station's own.
		"cash.list_rota": nil, "cash.note_unasked": nil, "cash.keep_rota": nil,
	}
	s.SignIn(Auditor)
	before := len(s.Entries())
	for _, spec := range s.Commands() {
		if !strings.HasPrefix(spec.Name, "cash.") && !strings.HasPrefix(spec.Name, "safe.") {
			continue
		}
		do, known := commands[spec.Name]
		if !known {
			t.Errorf("%s: nobody asked whether an auditor may", spec.Name)
		}
		if do == nil {
			continue
		}
		for approver, try := range map[staff.ID]func() ([]ledger.Entry, error){
			"":  func() ([]ledger.Entry, error) { return s.Try(Auditor, do) },
			Ana: func() ([]ledger.Entry, error) { return s.TryApproved(Auditor, Ana, do) },
		} {
			_, err := try()
			if code := Code(err); code != "staff.no_right" && (approver != "" || code != "staff.approval_needed at approver") {
				t.Errorf("%s with %q: %v (%s)", spec.Name, approver, err, code)
			}
		}
	}
	if after := s.Entries()[before:]; len(after) != 0 {
		t.Errorf("an auditor wrote %s", after[0].Kind)
	}
	_, err := s.TryApproved(Auditor, Maria, cash.CountDrawer{Drawer: "1", Surprise: true, Count: Count(205_00)})
	expect(t, "what he may: a surprise count", err, "")
	s.SignIn(Maria)
	_, err = s.TryApproved(Maria, Auditor, cash.VoidPayment{Receipt: no, Reason: "wrong amount"})
	expect(t, "an auditor who approves", err, "staff.may_not_approve at approver")
	s.Verify()
}
