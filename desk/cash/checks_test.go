package cash_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/ledger"
)

const bank = "021001208"

func drawn(number, routing, ends string) cash.Tender {
	return cash.Tender{Kind: cash.Check, Amount: 5_00, Number: number, Routing: routing, AccountEnds: ends}
}

func remembering(p *desk.Policy) {
	p.Cash.CheckAgain = []cash.CheckAgainRule{{From: 20260101, Days: 30, Source: "x"}, {From: 20260601, Days: 180, Source: "x"}}
}

// Of a check's magnetic line the entry has the bank, the number and four digits of the
// account; a whole line, or more of the account, is refused.
func TestWhatIsKeptOfAChecksLine(t *testing.T) {
	s := New(t, Options{Policy: remembering})
	s.Morning(Maria, "1")
	for what, c := range map[string]struct {
		tender cash.Tender
		want   string
	}{
		"typed":                           {drawn("1042", "", ""), ""},
		"read":                            {drawn("001042", bank, "6789"), ""},
		"a short account":                 {drawn("1042", bank, "89"), ""},
		"an account that no one can read": {drawn("1043", bank, ""), ""},
		"the whole account":               {drawn("1042", bank, "123456789"), "cash.check_line at number"},
		"an account with letters":         {drawn("1042", bank, "67B9"), "cash.check_line at number"},
		"eight digits of a bank":          {drawn("1042", "02100120", "6789"), "cash.check_line at number"},
		"no bank":                         {drawn("1042", "", "6789"), "cash.check_line at number"},
		"the whole line":                  {drawn("t021001208t 123456789o 0101", "", ""), "cash.number_too_long at number"},
		"no number":                       {drawn(" ", bank, "6789"), "cash.number_needed at number"},
		"a money order with a line":       {cash.Tender{Kind: cash.MoneyOrder, Amount: 5_00, Number: "1", Routing: bank}, "cash.check_line at number"},
		"cash with a line":                {cash.Tender{Kind: cash.Cash, Amount: 5_00, AccountEnds: "6789"}, "cash.cash_has_no_number at number"},
		"a card with a line":              {cash.Tender{Kind: cash.Card, Amount: 5_00, Reference: "T1", LastFour: "4242", Routing: bank}, "cash.card_has_no_number at number"},
	} {
		_, err := s.Try(Maria, pay(Garcia, 5_00, c.tender))
		expect(t, what, err, c.want)
	}
	for _, e := range s.Entries() {
		if strings.Contains(string(e.Body), "12345") {
			t.Errorf("entry %d has an account in it", e.Seq)
		}
	}
	s.Verify()
}

// A check that looks like one taken within the days of the rule is taken, and the entry
// says which one it looks like.
func TestACheckThatIsBroughtAgain(t *testing.T) {
	s := New(t, Options{Policy: remembering})
	s.Morning(Maria, "1")
	take := func(tender cash.Tender) ledger.Entry { return s.Do(Maria, pay(Garcia, 5_00, tender)) }
	looksLike := func(what string, e ledger.Entry, want ...ledger.ReceiptNo) {
		t.Helper()
		var got []ledger.ReceiptNo
		for _, seen := range Body[cash.Payment](s, e).Seen {
			got = append(got, seen.Receipt)
		}
		if len(got) != len(want) || len(want) > 0 && got[0] != want[0] {
			t.Errorf("%s: looks like %v, want %v", what, got, want)
		}
	}
	first := take(drawn("001042", bank, "6789"))
	looksLike("the first", first)
	looksLike("another number", take(drawn("1043", bank, "6789")))
	looksLike("another account", take(drawn("1042", bank, "6780")))
	looksLike("another bank", take(drawn("1042", "011000015", "6789")))
	looksLike("the number alone", take(drawn("1042", "", "")))
	again := take(drawn("1042", bank, "6789"))
	looksLike("the same, without the zeros", again, first.ReceiptNo("A1"))
	looksLike("a third time", take(drawn("1042", bank, "6789")), again.ReceiptNo("A1"))
	// One that was given back by a void is no check that was taken.
	voided := take(drawn("2000", bank, "6789"))
	s.DoApproved(Maria, Ana, cash.VoidPayment{Receipt: voided.ReceiptNo("A1"), Reason: "wrong amount"})
	looksLike("after a void", take(drawn("2000", bank, "6789")))
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00)})
	s.Clock.Pass(180 * 24 * time.Hour)
	s.Morning(Maria, "1")
	late := take(drawn("1043", bank, "6789"))
	if seen := Body[cash.Payment](s, late).Seen; len(seen) != 1 || seen[0].Date != 20261123 {
		t.Errorf("after 180 days: %+v", seen)
	}
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00)})
	s.Clock.Pass(181 * 24 * time.Hour)
	s.Morning(Maria, "1")
	looksLike("after 181 days", take(drawn("1043", bank, "6789")))
	s.Verify()
}
