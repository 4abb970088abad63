package paper

import (
	"fmt"

	"gatehouse/desk/cash"
	"gatehouse/drivers/escpos"
	"gatehouse/ledger"
)

// endorsement is the layout of the back of a check.
func endorsement() Layout {
	l := layout(cash.KindEndorse, "Endorsement", layEndorse)
	l.On = escpos.Endorsement
	return l
}

// endorsedNumber is how much of a check's number fits on its back, in characters.
const endorsedNumber = 40

func layEndorse(s Sheet, e *ledger.Entry, b cash.ToEndorse) []escpos.Item {
	items := []escpos.Item{strong("FOR DEPOSIT ONLY"), line(s.Utility.Name)}
	for _, text := range b.Text {
		items = append(items, line(text))
	}
	number := []rune(b.Number)
	number = number[:min(len(number), endorsedNumber)]
	return append(items, line(fmt.Sprintf("%s  %s", b.Receipt, e.Date)),
		line(fmt.Sprintf("%s %s  %s", word(string(b.Kind)), string(number), dollars(b.Amount))))
}
