package staff_test

import (
	"slices"
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// atWork is a station where Maria has taken a payment, and the void of it.
func atWork(t *testing.T, who staff.ID) (*Station, cash.VoidPayment) {
	s := New(t, Options{})
	s.Morning(who, "1")
	paid := s.Do(who, cash.TakePayment{Pay: []cash.Pay{{Account: Garcia, Amount: 5_00}}, Tenders: []cash.Tender{{Kind: cash.Cash, Amount: 5_00}}})
	return s, cash.VoidPayment{Receipt: paid.ReceiptNo("A1"), Reason: "wrong amount"}
}

func TestWhoMayApprove(t *testing.T) {
	for _, c := range []struct {
		name     string
		by       staff.ID
		approver staff.ID
		pin      string
		want     string
	}{
		{"nobody", Maria, "", "", "staff.approval_needed at approver"},
		{"a colleague who may not", Maria, Tom, PIN, "staff.may_not_approve at approver"},
		{"an auditor", Maria, Auditor, PIN, "staff.may_not_approve at approver"},
		{"oneself", Maria, Maria, PIN, "staff.own_approval at approver"},
		{"oneself, who may approve others", Ana, Ana, PIN, "staff.own_approval at approver"},
		{"somebody retired", Maria, Retired, PIN, "staff.unknown at approver"},
		{"nobody known", Maria, "nobody", PIN, "staff.unknown at approver"},
		{"the kiosk", Maria, desk.KioskActor, PIN, "staff.unknown at approver"},
		{"the station", Maria, desk.StationActor, PIN, "staff.unknown at approver"},
		{"with a wrong PIN", Maria, Ana, Wrong, "staff.wrong_pin at approver_pin"},
		{"without a PIN", Maria, Ana, "", "staff.wrong_pin at approver_pin"},
		{"CSS II", Maria, Ana, PIN, ""},
		{"a supervisor", Maria, Ben, PIN, ""},
		{"CSS II for CSS II", Ana, Ben, PIN, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, void := atWork(t, c.by)
			entries, err := s.Order(desk.Order{By: c.by, Do: void, Approver: c.approver, ApproverPIN: c.pin})
			expect(t, "void", err, c.want)
			if err == nil {
				if body := Body[cash.Undone](s, entries[0]); body.Approver != c.approver || body.ApproverName != s.Roster[c.approver].Name {
					t.Errorf("the entry names %s, %s", body.Approver, body.ApproverName)
				}
			}
			s.Verify()
		})
	}
}

func TestAnApproversWrongPINsCountToo(t *testing.T) {
	s, void := atWork(t, Maria)
	order := desk.Order{By: Maria, Do: void, Approver: Ana, ApproverPIN: Wrong}
	for range 4 {
		_, err := s.Order(order)
		expect(t, "a wrong PIN", err, "staff.wrong_pin at approver_pin")
	}
	all := s.Entries()
	last := all[len(all)-1]
	if body := Body[staff.WrongPIN](s, last); body != (staff.WrongPIN{Who: Ana, For: "cash.void_payment"}) || last.Actor != string(Maria) {
		t.Errorf("recorded: %+v by %s", body, last.Actor)
	}
	expect(t, "signing in counts with them", s.TrySignIn(Ana, Wrong), "staff.locked at pin")
	order.ApproverPIN = PIN
	_, err := s.Order(order)
	expect(t, "her right PIN while locked", err, "staff.locked at approver_pin")
	order.Approver = Ben
	_, err = s.Order(order)
	expect(t, "another approver is not locked", err, "")
	s.Verify()
}

func TestAnApproversRightPINEndsTheRow(t *testing.T) {
	s := New(t, Options{})
	s.Morning(Maria, "1")
	for day := range 3 {
		paid := s.Do(Maria, cash.TakePayment{Pay: []cash.Pay{{Account: Garcia, Amount: 5_00}}, Tenders: []cash.Tender{{Kind: cash.Cash, Amount: 5_00}}})
		order := desk.Order{By: Maria, Do: cash.VoidPayment{Receipt: paid.ReceiptNo("A1"), Reason: "wrong amount"}, Approver: Ana, ApproverPIN: Wrong}
		for range 2 {
			_, err := s.Order(order)
			expect(t, "a slip", err, "staff.wrong_pin at approver_pin")
		}
		order.ApproverPIN = PIN
		if _, err := s.Order(order); err != nil {
			t.Fatalf("day %d: wrong PINs that were not in a row locked an approver out: %v", day, err)
		}
		s.Clock.Pass(24 * time.Hour)
	}
	if notes := recorded(s, staff.KindRightPIN); notes != 3 {
		t.Errorf("%d notes of a right PIN after wrong ones, want 3", notes)
	}
	s.Verify()
}

// What each role may do at a station of the sample policy: the table of doc.go.
func TestRightsByRole(t *testing.T) {
	rights := map[staff.Role][]staff.Right{
		staff.CSS1:       {staff.TakeMoney, staff.Receive},
		staff.CSS2:       {staff.TakeMoney, staff.Approve, staff.SeeDay, staff.Receive, staff.CountOthers},
		staff.Supervisor: {staff.TakeMoney, staff.Approve, staff.SeeDay, staff.Receive, staff.CountOthers, staff.KeepSafe, staff.Bank, staff.Adjust},
		staff.Auditor:    {staff.SeeDay, staff.CountOthers},
		staff.Trainee:    {staff.TakeMoney, staff.Receive},
		staff.Kiosk:      {staff.Receive},
		"visitor":        nil,
		"":               nil,
	}
	s := New(t, Options{Training: true}) // where trainees work too
	for role, has := range rights {
		p := staff.Person{ID: Tom, Name: "Tom", Role: role, PIN: Hash(PIN)}
		s.Roster[Tom] = p
		if role != staff.Kiosk {
			s.SignIn(Tom)
		}
		for _, right := range append(staff.Rights(), "print money") {
			s.Look(func(st *ledger.State) error {
				want := "staff.no_right"
				if slices.Contains(has, right) {
					want = ""
				}
				expect(t, string(role)+" and "+string(right), s.Staff.Require(st, staff.Acting{Who: p}, right), want)
				return nil
			})
		}
	}
}

func TestPoliciesThatCannotBeWorkedWith(t *testing.T) {
	good := Policy().Staff
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*staff.Policy){
		"no wrong PIN at all":     func(p *staff.Policy) { p.WrongPINs = 0 },
		"wrong PINs without end":  func(p *staff.Policy) { p.WrongPINs = 21 },
		"no lock":                 func(p *staff.Policy) { p.FirstLock = 0 },
		"a lock below zero":       func(p *staff.Policy) { p.FirstLock = -1 },
		"longest before first":    func(p *staff.Policy) { p.LongestLock = p.FirstLock - 1 },
		"a lock of years":         func(p *staff.Policy) { p.LongestLock = 1 << 62 },
		"nobody may do anything":  func(p *staff.Policy) { p.Rights = nil },
		"a role nobody knows":     func(p *staff.Policy) { p.Rights["cashier"] = []staff.Right{staff.TakeMoney} },
		"a right nobody knows":    func(p *staff.Policy) { p.Rights[staff.CSS1] = []staff.Right{"take mony"} },
		"an auditor with money":   func(p *staff.Policy) { p.Rights[staff.Auditor] = []staff.Right{staff.TakeMoney} },
		"an auditor who approves": func(p *staff.Policy) { p.Rights[staff.Auditor] = []staff.Right{staff.Approve} },
		"a trainee who approves":  func(p *staff.Policy) { p.Rights[staff.Trainee] = []staff.Right{staff.Approve} },
		"a kiosk with money":      func(p *staff.Policy) { p.Rights[staff.Kiosk] = []staff.Right{staff.TakeMoney} },
		"a kiosk that approves":   func(p *staff.Policy) { p.Rights[staff.Kiosk] = []staff.Right{staff.Approve} },
	} {
		p := Policy().Staff
		spoil(&p)
		if p.Check() == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}
