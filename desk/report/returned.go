package report

import (
	"fmt"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// returned is the checks that the bank returned.
func (r *run) returned() (Table, error) {
	t := Table{Columns: []Column{{Title: "Receipt", Lead: true}, {Title: "Date"}, {Title: "Account"}, {Title: "Check"}, {Title: "Why"},
		{Title: "Rank", Form: Number}, {Title: "No checks until"}, {Title: "Answer by"}, {Title: "Fee waived by"}, {Title: "Amount", Form: Money}, {Title: "Fee", Form: Money}}}
	var amount, fee ledger.Cents
	err := r.within(func(e *ledger.Entry) error {
		if e.Kind != cash.KindReturned {
			return nil
		}
		return with(e, func(b cash.Returned) {
			until, waived := Cell{}, Cell{}
			if b.NoChecksUntil != 0 {
				until = say(b.NoChecksUntil.String())
			}
			if b.Waived {
				waived = say(b.ApproverName)
			}
			t.row([]uint64{e.Seq, b.Of}, say(string(b.Receipt)), say(e.Date.String()), say(fmt.Sprintf("%s %s", b.Account, b.Name)), say(b.Item.Number), say(b.Reason),
				number(b.Rank), until, say(b.AnswerBy.String()), waived, money(b.Item.Amount), money(b.Fee))
			amount, fee = amount.Plus(b.Item.Amount), fee.Plus(b.Fee)
		})
	})
	t.Totals = []Cell{say("Total"), {}, {}, {}, {}, {}, {}, {}, {}, money(amount), money(fee)}
	if len(t.Rows) == 0 {
		t.note("No check came back.")
	}
	return t, err
}
