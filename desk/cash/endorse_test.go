package cash_test

import (
	"fmt"
	"strings"
	"testing"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/ledger"
)

// endorsing is a policy under which checks and money orders are endorsed.
func endorsing(p *desk.Policy) {
	Everything(p)
	p.Cash.Endorsement = []string{"First Bank of Alder Creek", "account ending 4411"}
	for i := range p.Cash.Tenders {
		t := &p.Cash.Tenders[i]
		t.Endorse = t.Kind == cash.Check || t.Kind == cash.MoneyOrder
	}
}

func TestEachCheckThatIsTakenIsToBeEndorsed(t *testing.T) {
	ck := func(n string, a ledger.Cents) cash.Tender { return cash.Tender{Kind: cash.Check, Number: n, Amount: a} }
	for _, row := range []struct {
		what    string
		tenders []cash.Tender
		want    []string
	}{
		{"cash alone", []cash.Tender{{Kind: cash.Cash, Amount: 50_00}}, nil},
		{"one check", []cash.Tender{ck("1045", 50_00)}, []string{"check 1045 50.00"}},
		{"a check, a money order and cash", []cash.Tender{ck("1045", 20_00), {Kind: cash.MoneyOrder, Number: "M7", Amount: 20_00}, {Kind: cash.Cash, Amount: 10_00}},
			[]string{"check 1045 20.00", "money-order M7 20.00"}},
		{"a card", []cash.Tender{{Kind: cash.Card, Reference: "T1", LastFour: "4242", Amount: 50_00}}, nil},
	} {
		t.Run(row.what, func(t *testing.T) {
			s := New(t, Options{Policy: endorsing})
			s.Morning(Maria, "1")
			entries, err := s.Try(Maria, cash.TakePayment{Pay: []cash.Pay{{Account: Garcia, Amount: 50_00}}, Tenders: row.tenders})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range entries[1:] {
				b := Body[cash.ToEndorse](s, e)
				got = append(got, fmt.Sprintf("%s %s %s", b.Kind, b.Number, b.Amount))
				if e.Kind != cash.KindEndorse || b.Payment != entries[0].Seq || b.Receipt != entries[0].ReceiptNo("A1") ||
					e.Date != entries[0].Date || len(b.Text) != 2 || len(e.Lines) != 0 {
					t.Errorf("%s: %+v", e.Kind, b)
				}
			}
			if strings.Join(got, "; ") != strings.Join(row.want, "; ") {
				t.Errorf("to be endorsed: %q, want %q", got, row.want)
			}
		})
	}
}

func TestAnEndorsementFitsOnTheBackOfACheck(t *testing.T) {
	for _, row := range []struct {
		what  string
		lines []string
		ok    bool
	}{
		{"none", nil, true},
		{"two", []string{"First Bank", "account ending 4411"}, true},
		{"three", []string{"a", "b", "c"}, false},
		{"one that is empty", []string{""}, false},
		{"one that is too long", []string{strings.Repeat("x", 41)}, false},
		{"a control character", []string{"First\x1bBank"}, false},
	} {
		p := Policy()
		p.Cash.Endorsement = row.lines
		if err := p.Cash.Check(); (err == nil) != row.ok {
			t.Errorf("%s: %v", row.what, err)
		}
	}
}
