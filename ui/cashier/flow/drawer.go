package flow

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// maxPieces is the most of one value that a count takes; the desk's own bound.
const maxPieces = 10_000

// goCount opens the count of a float, or the blind count. What was counted and
// not committed is still there.
func (f *Flow) goCount(place Place) {
	kind := errandOpen
	if place == AtClosing {
		kind = errandCount
	}
	if _, ok := f.openID(kind); !ok {
		return
	}
	f.m.Place = place
	f.m.Reasons, f.m.Reason = nil, -1
	if place == AtClosing {
		f.m.Count.Items, f.m.Count.At, f.m.Count.BySum = nil, 0, true
		f.do(ReadForm{Act: ActClose, Session: f.m.Session, Kinds: f.d.Cash.OneByOne()})
	}
	f.countFields()
	f.m.Focus = f.m.Count.Fields[0]
}

// countFields are what is typed for the count: of checks and the like either their
// sums, or each is ticked.
func (f *Flow) countFields() {
	f.m.Count.Fields = nil
	for _, value := range Values(f.d.Cash) {
		f.m.Count.Fields = append(f.m.Count.Fields, CountField(value))
	}
	if f.m.Place != AtClosing {
		return
	}
	if !f.m.Count.BySum {
		f.m.Count.Fields = append(f.m.Count.Fields, FieldTicks)
	} else {
		for _, kind := range f.d.Cash.OneByOne() {
			f.m.Count.Fields = append(f.m.Count.Fields, OtherCount(kind), OtherAmount(kind))
		}
	}
	f.m.Count.Fields = append(f.m.Count.Fields, FieldNote)
	if !slices.Contains(f.m.Count.Fields, f.m.Focus) {
		f.m.Focus = FieldTicks
		if f.m.Count.BySum {
			f.m.Focus = f.m.Count.Fields[len(Values(f.d.Cash))]
		}
	}
}

// step goes up or down the fields of a count; after the last there is only the
// count to commit. In a list it goes up or down there, unless it is to be left.
func (f *Flow) step(by int, leave bool) {
	if f.m.Focus == FieldReason {
		f.m.Reason = max(0, min(f.m.Reason+by, len(f.m.Reasons)-1))
		return
	}
	if at := f.m.Count.At + by; f.m.Focus == FieldTicks && at >= 0 && at < len(f.m.Count.Items) && !leave {
		f.m.Count.At = at
		return
	}
	all := f.m.Count.Fields
	at := slices.Index(all, f.m.Focus)
	if at < 0 {
		at = len(all)
	}
	if by > 0 && at < len(all) && !f.countRight(all[at]) {
		return
	}
	at = max(0, at+by)
	if at >= len(all) {
		f.m.Focus = NoField
		return
	}
	f.m.Focus = all[at]
}

// pieces reads a count of pieces; nothing typed is none.
func pieces(text string) (int, bool) {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, true
	}
	if strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n <= maxPieces
}

// countRight refuses a field of the count whose text is no count.
func (f *Flow) countRight(field Field) bool {
	text := f.text(field)
	switch field {
	case FieldNote:
		return !f.isCard(field)
	case FieldTicks:
		return true
	}
	if strings.HasSuffix(string(field), ".amount") {
		if strings.TrimSpace(text) == "" {
			return true
		}
		_, err := ledger.ParseAmount(text)
		if r, ok := ledger.AsRefusal(err); ok {
			f.refuse(field, r)
			return false
		}
		return true
	}
	if _, ok := pieces(text); ok {
		return true
	}
	f.refuse(field, ledger.Refuse("cashier.pieces", "Type how many, 0 to {most}.", "most", fmt.Sprint(maxPieces)))
	return false
}

// deriveCount adds up what is counted.
func (f *Flow) deriveCount() {
	c := &f.m.Count
	if f.m.Place != AtOpening && f.m.Place != AtClosing {
		return
	}
	c.Total, c.Values = 0, map[Field]ledger.Cents{}
	for _, value := range f.d.Cash.Denominations {
		if n, ok := pieces(f.text(CountField(value))); ok {
			worth := value.Times(int64(n))
			c.Values[CountField(value)] = worth
			c.Total = c.Total.Plus(worth)
		}
	}
}

// commitCount sends the count, if all of it is one.
func (f *Flow) commitCount() {
	for _, field := range f.m.Count.Fields {
		if !f.countRight(field) {
			return
		}
	}
	ticked := slices.ContainsFunc(f.m.Count.Items, func(c Choice) bool { return c.Ticked })
	if !ticked && !slices.ContainsFunc(f.m.Count.Fields, func(field Field) bool { return field != FieldNote && f.text(field) != "" }) {
		f.refuse(f.m.Count.Fields[0], ledger.Refuse("cashier.nothing_counted", "Nothing is counted yet. Count the drawer; if it is empty, type a 0."))
		return
	}
	var count cash.Count
	for _, value := range f.d.Cash.Denominations {
		if n, _ := pieces(f.text(CountField(value))); n > 0 {
			count = append(count, cash.Pieces{Value: value, N: n})
		}
	}
	f.clear(FieldReason)
	if f.m.Place == AtOpening {
		reason := ""
		if f.m.Reason >= 0 && f.m.Reason < len(f.m.Reasons) {
			reason = f.m.Reasons[f.m.Reason]
		}
		f.send(Errand{kind: errandOpen, order: order(cash.OpenDrawer{Drawer: f.m.Drawer, Count: count, Reason: reason})})
		return
	}
	f.send(Errand{kind: errandCount, order: order(cash.CountDrawer{Count: count, Other: f.otherTenders(), Note: strings.TrimSpace(f.text(FieldNote))})})
}

// otherTenders are the checks and the like, as ticked or as counted.
func (f *Flow) otherTenders() (out []cash.CountedTender) {
	if !f.m.Count.BySum {
		return tickedTenders(f.m.Count.Items)
	}
	for _, kind := range f.d.Cash.OneByOne() {
		n, _ := pieces(f.text(OtherCount(kind)))
		amount, err := ledger.ParseAmount(f.text(OtherAmount(kind)))
		if err != nil && n == 0 {
			continue
		}
		out = append(out, cash.CountedTender{Kind: kind, Count: n, Amount: amount})
	}
	return out
}

// opened goes to the window with the new session.
func (f *Flow) opened(entries []ledger.Entry) {
	for i := range entries {
		if entries[i].Kind != cash.KindDrawerOpened {
			continue
		}
		if body, err := ledger.Unpack[cash.DrawerOpened](&entries[i]); err == nil {
			f.m.Session = cash.Session{ID: body.Session, Drawer: body.Drawer, Who: body.Who, Name: body.Name,
				Date: entries[i].Date, Opened: entries[i].Micros, From: entries[i].Seq, Float: body.Float}
		}
	}
	f.clear(f.m.Count.Fields...)
	f.clear(FieldReason)
	f.m.Reasons, f.m.Reason = nil, -1
	f.toWindow()
}

// closed shows the Z.
func (f *Flow) closed(entries []ledger.Entry) {
	for i := range entries {
		if entries[i].Kind != cash.KindDrawerClosed {
			continue
		}
		if body, err := ledger.Unpack[cash.DrawerClosed](&entries[i]); err == nil {
			f.m.Result = &body
		}
	}
	f.clear(f.m.Count.Fields...)
	f.clear(FieldReason, FieldMemo, FieldApprover, FieldApproverPIN)
	maps.DeleteFunc(f.left, func(k leftKey, _ leftForm) bool { return k.session == f.m.Session.ID && k.session != "" })
	f.m.Session, f.m.Counted = cash.Session{}, nil
	f.payments, f.m.Payments, f.m.Done, f.m.Account = nil, nil, nil, nil
	f.m.Place, f.m.Focus = AtClosed, NoField
}
