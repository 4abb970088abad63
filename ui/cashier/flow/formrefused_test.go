package flow_test

import (
	"strings"
	"testing"

	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
)

// atForms signs Ana in with a drawer of her own, while Maria's is open.
func atForms(t *testing.T) (*flowtest.Town, *flowtest.Clerk) {
	t.Helper()
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	c.Press(flow.SignOut)
	c.SignIn(string(flowtest.Lead), flowtest.LeadPIN)
	c.Float()
	if c.Model().Place != flow.AtWindow || c.Model().Session.Drawer != "2" {
		t.Fatalf("at %q, notice %+v", c.Model().Place, c.Model().Notice)
	}
	return town, c
}

// Every refusal that a form's command can give is shown where what it is about was
// typed or chosen. What is about no field of the form is a notice: a right that is
// missing, no drawer, or no rule in the policy.
func TestEachRefusalOfAFormIsAtItsField(t *testing.T) {
	const (
		who = "staff.unknown at approver; staff.own_approval at approver; staff.locked at approver_pin; staff.wrong_pin at approver_pin"
		// of who approves, and of who signs as a witness
		approves  = who + "; staff.approval_needed at approver; staff.may_not_approve at approver"
		witnesses = who + "; staff.witness_needed at approver; staff.may_not_witness at approver"
		drawer    = "cash.no_session; cash.counted"
	)
	// What is refused, and then the field of the form; with * the row of that value or kind.
	table := map[flow.Act]map[string]string{
		flow.ActSkim: {
			witnesses: "approver", drawer: "",
			"cash.denomination at count; cash.pieces at count":                                                              "count.1.00",
			"cash.skim_nothing at count; cash.skim_too_much at count kind=cash":                                             "count.100.00",
			"cash.skim_too_much at count kind=check; cash.skim_tick at other kind=check; cash.skim_kind at other kind=card": "other",
			"cash.bag_number at bag; cash.bag_used at bag; card.refused at bag":                                             "bag",
		},
		flow.ActPaid: {
			approves: "approver", "staff.no_right; cash.no_session": "",
			"cash.reason at reason": "reason",
			"cash.paid_amount at amount; cash.paid_limit at amount; cash.paid_too_much at amount": "amount",
			"cash.note_too_long at note; cash.odd_characters at note; card.refused at note":       "note",
		},
		flow.ActChange: {
			witnesses: "approver", drawer: "",
			"cash.change_with at with":                         "with",
			"cash.change_with_whom at approver":                "approver",
			"cash.denomination at count; cash.pieces at count": "give.1.00",
			"cash.change_uneven at get":                        "get.100.00",
		},
		flow.ActSplit: {
			approves: "approver", "cash.no_session": "",
			"account.bad_number; account.unknown; account.closed at account; cash.own_account at pay": "account",
			"cash.split_owed at split kind=current":                                                   "current",
			"cash.split_owed at split kind=penalties":                                                 "penalties",
			"cash.split_owed at split kind=past-due; cash.split_sum at split; cash.bucket at split; cash.pay_amount at amount; cash.total at amount": "past_due",
			"cash.reason at reason": "reason",
			"cash.drawer_full at tenders; cash.online_only at tenders; cash.tender_limit at tenders; cash.tender_amount at tenders; cash.no_checks at tenders": "how",
			"cash.number_needed at number; cash.cash_has_no_number at number; cash.number_too_long at number; card.refused at number":                          "number",
		},
		flow.ActNoAccount: {
			"cash.no_session": "",
			"cash.for_whom at for; cash.note_too_long at for; card.refused at for; cash.odd_characters at for":                      "for",
			"cash.pay_amount at amount; cash.total at amount":                                                                       "amount",
			"cash.drawer_full at tenders; cash.online_only at tenders; cash.tender_limit at tenders; cash.tender_amount at tenders": "how",
			"cash.number_needed at number; cash.cash_has_no_number at number; cash.number_too_long at number":                       "number",
		},
		flow.ActSuspect: {
			"cash.no_session":             "",
			"cash.suspect_value at value": "value",
			"account.bad_number":          "account",
			"cash.suspect_serial at serial; cash.note_too_long at serial": "serial",
			"cash.note_too_long at payer; cash.odd_characters at payer":   "payer",
			"cash.note_too_long at note":                                  "note",
		},
		flow.ActRefund: {
			approves: "approver", drawer: "",
			"cash.reason at reason":      "reason",
			"cash.note_too_long at note": "note",
			"account.unknown; account.bad_number; cash.own_account at from; cash.own_account at reference": "from",
			"cash.refund_amount at amount": "amount",
			"cash.refund_limit at how; cash.paid_too_much at how; cash.refund_by at how": "how",
		},
		flow.ActAdjust: {
			approves: "approver", "staff.no_right": "",
			"cash.reason at reason":                                            "reason",
			"cash.note_too_long at note":                                       "note",
			"cash.bucket at bucket":                                            "bucket",
			"cash.adjust_amount at amount; cash.adjust_limit at amount":        "amount",
			"account.unknown; account.bad_number; cash.own_account at account": "account",
		},
		flow.ActReturned: {
			"staff.no_right; cash.no_returned_rule": "",
			"cash.reason at reason":                 "reason",
			"cash.bad_receipt_number at receipt; cash.other_station at receipt; ledger.no_such_receipt; cash.receipt_mark at receipt; cash.not_a_payment at receipt": "receipt",
			"cash.already_undone at receipt; cash.return_open at receipt; cash.own_account at receipt":                                                               "receipt",
			"cash.no_such_check at number; cash.returned_before at number":                                                                                           "number",
		},
		flow.ActSurprise: {
			witnesses: "approver", "staff.no_right": "",
			"cash.drawer_not_open at drawer; cash.own_surprise at drawer; cash.counter_has_duty at drawer; cash.closing at drawer": "drawer",
			"cash.note_too_long at note":                       "note",
			"cash.denomination at count; cash.pieces at count": "count.1.00",
			"cash.bad_count at other kind=check":               "other.check.count",
		},
		flow.ActCountOther: {
			witnesses: "approver", "staff.no_right": "",
			"cash.drawer_not_open at drawer; cash.counted_twice": "drawer",
			"cash.note_too_long at note":                         "note",
			"cash.denomination at count; cash.pieces at count":   "count.1.00",
			"cash.bad_count at other kind=check":                 "other.check.count",
		},
		flow.ActCloseOther: {
			approves: "approver", "staff.no_right": "",
			"cash.drawer_not_open at drawer; cash.count_first at count":                         "drawer",
			"cash.over_short_reason at reason":                                                  "reason",
			"cash.memo_needed at memo; cash.memo_too_long at memo; cash.odd_characters at memo": "memo",
		},
		flow.ActSafe: {
			witnesses: "approver", "staff.no_right": "",
			"cash.denomination at count; cash.pieces at count": "count.1.00",
			"safe.ticks at there; cash.bag_number at bag":      "there",
		},
		flow.ActDeposit: {
			witnesses: "approver", "staff.no_right": "",
			"safe.no_such_bank at bank":                                                  "bank",
			"safe.note_too_long at note; safe.note_needed at note":                       "note",
			"cash.denomination at count; cash.pieces at count":                           "count.1.00",
			"safe.no_cash at count":                                                      "count.100.00",
			"cash.bag_number at bag; cash.bag_used at bag; safe.no_bag at bag":           "bag",
			"safe.parts at parts; safe.not_waiting at parts; safe.not_for_bank at parts": "parts",
		},
	}
	for _, act := range flow.Acts() {
		rows, ok := table[act]
		if !ok {
			t.Errorf("%s has no refusals in the table", act)
		}
		_, c := atForms(t)
		opens(t, c, act)
		for codes, where := range rows {
			for code := range strings.SplitSeq(codes, "; ") {
				t.Run(string(act)+" "+code, func(t *testing.T) { isRefusedAt(t, c, act, code, where) })
			}
		}
	}
}

// isRefusedAt fills a form in, lets the desk refuse it, and looks where that is said.
func isRefusedAt(t *testing.T, c *flowtest.Clerk, act flow.Act, refused, where string) {
	for _, part := range act.Parts() {
		switch part.Asks {
		case flow.AskMoney:
			fills(c, act, map[string]string{part.Name: "33.00"})
		case flow.AskChoice:
			c.Handle(flow.Picked{List: flow.ListOf(part.Name), Row: 0})
		}
	}
	if c.Model().Form.Sign {
		c.Put(flow.FieldApprover, string(flowtest.Colleague))
		c.Put(flow.FieldApproverPIN, flowtest.ColleaguePIN)
	}
	c.Hold = true
	c.Press(flow.CommitNow)
	var serial uint64
	for _, e := range c.Held {
		if order, ok := e.(flow.Order); ok {
			serial = order.Serial
		}
	}
	c.Hold, c.Held = false, nil
	if serial == 0 {
		t.Fatalf("nothing was ordered: focus %q, %q", c.Model().Focus, c.Refusal(c.Model().Focus))
	}
	code, rest, _ := strings.Cut(refused, " at ")
	field, kind, _ := strings.Cut(rest, " kind=")
	r := ledger.Refuse(code, "Refused.", "kind", kind, "bucket", kind, "value", "")
	if strings.HasSuffix(where, ".1.00") {
		r = ledger.Refuse(code, "Refused.", "value", "1.00")
	}
	c.Handle(flow.Ordered{Serial: serial, Err: r.At(field)})
	m := c.Model()
	if where == "" {
		if m.Notice == nil || m.Notice.Refusal == nil || m.Notice.Refusal.Code != code {
			t.Errorf("the notice is %+v", m.Notice)
		}
		return
	}
	want := flow.PartField(act, where)
	if field == "approver" || field == "approver_pin" {
		want = flow.Field(field)
	}
	if m.Focus != want || c.Refusal(want) != code {
		t.Errorf("the focus is on %q, where %q is said; want it at %q; the notice is %+v", m.Focus, c.Refusal(m.Focus), want, m.Notice)
	}
	if m.Inputs[flow.FieldApproverPIN].Text != "" {
		t.Error("the PIN stays")
	}
}

// The same through the desk itself, with what people mistype most.
func TestWhatIsMistypedIsRefusedAtItsField(t *testing.T) {
	for name, tc := range map[string]struct {
		act         flow.Act
		typed       map[string]string
		field, code string
	}{
		"adjust an account that is none":      {flow.ActAdjust, map[string]string{"account": "09-9999-9", "amount": "5.00"}, "account", "account.unknown"},
		"adjust without an account":           {flow.ActAdjust, map[string]string{"amount": "5.00"}, "account", "account.bad_number"},
		"refund from an account that is none": {flow.ActRefund, map[string]string{"from": "09-9999-9", "amount": "5.00"}, "from", "account.unknown"},
		"refund without an account":           {flow.ActRefund, map[string]string{"amount": "5.00"}, "from", "account.bad_number"},
		"refund more than there is":           {flow.ActRefund, map[string]string{"from": string(flowtest.Paid), "amount": "12.01"}, "amount", "cash.refund_amount"},
		"a check of no receipt":               {flow.ActReturned, map[string]string{"receipt": "A1-000099"}, "receipt", "ledger.no_such_receipt"},
		"a check of what is no receipt":       {flow.ActReturned, map[string]string{"receipt": "check 12"}, "receipt", "cash.bad_receipt_number"},
		"a note of an account that is none":   {flow.ActSuspect, map[string]string{"value": "20.00", "serial": "MF 1", "account": "12 34"}, "account", "account.bad_number"},
	} {
		t.Run(name, func(t *testing.T) {
			_, c := atForms(t)
			opens(t, c, tc.act)
			for _, part := range tc.act.Parts() {
				if part.Asks == flow.AskChoice {
					c.Handle(flow.Picked{List: flow.ListOf(part.Name), Row: 0})
				}
			}
			fills(c, tc.act, tc.typed)
			if c.Model().Form.Sign {
				c.Put(flow.FieldApprover, string(flowtest.Deputy))
				c.Put(flow.FieldApproverPIN, flowtest.DeputyPIN)
			}
			c.Press(flow.CommitNow)
			want := flow.PartField(tc.act, tc.field)
			if m := c.Model(); m.Focus != want || c.Refusal(want) != tc.code {
				t.Errorf("the focus is on %q with %q, want %q; the notice is %+v", m.Focus, c.Refusal(m.Focus), tc.code, m.Notice)
			}
		})
	}
}
