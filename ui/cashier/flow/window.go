package flow

import (
	"errors"
	"slices"
	"strings"

	"gatehouse/desk/account"
	"gatehouse/desk/card"
	"gatehouse/ledger"
)

// pressedAtWindow does what belongs to serving a customer.
func (f *Flow) pressedAtWindow(a Action) {
	switch a {
	case EnterOpen:
		f.enterFind()
	case EnterAmount:
		f.acceptActive()
	case EnterTender, EnterPay:
		f.enterTender()
	case EnterTake:
		f.take()
	case GoFind:
		f.adding = false
		f.searchAnew()
	case AddAccount:
		f.addAccount()
	case ChangeLine:
		f.changeLine()
	case RemoveLine:
		f.removeLine()
	case PayCash, PayCheck, PayCard, PayOther:
		f.openTender(f.tenderOf(a))
	case Discard:
		f.discard()
	case Keep:
		f.asking("")
	}
}

// searchAnew goes to the search. What stands there, and the list that answers it,
// stay until something is typed in its place; the payment is not touched.
func (f *Flow) searchAnew() {
	f.m.Focus = FieldFind
	if f.text(FieldFind) != "" {
		f.proposeAnew(FieldFind)
	}
}

// typedFind searches once typing rests. The first character of the next search
// begins the next customer, so the change of the last one may go.
func (f *Flow) typedFind(text string) {
	f.searched++
	f.openFound = false
	if text != "" && f.m.Done != nil {
		f.m.Done, f.m.Account = nil, nil
	}
	if strings.TrimSpace(text) == "" {
		f.m.Find = Find{}
		return
	}
	f.do(Later{findPause, due{dueFind, f.searched}})
}

// search asks for what stands in the field now; one search is on its way at most.
func (f *Flow) search() {
	text := strings.TrimSpace(f.text(FieldFind))
	if text == "" || f.searching || f.begunBillLine(text) || f.isCard(FieldFind) {
		return
	}
	f.searching = true
	f.do(FindAccounts{f.searched, text})
}

func (f *Flow) foundRead(e FoundRead) {
	f.searching = false
	if e.Serial != f.searched {
		f.search()
		return
	}
	if e.Err != nil {
		f.openFound = false
		f.readFailed(FieldFind, e.Err)
		return
	}
	f.m.Find = Find{For: f.text(FieldFind), Rows: e.Rows, More: e.More}
	open := f.openFound
	f.openFound = false
	if !open {
		f.showChosen()
		return
	}
	f.openOnly()
}

// openOnly opens what was found before the list could be seen: only if there is
// no doubt which account is meant.
func (f *Flow) openOnly() {
	rows := f.m.Find.Rows
	if len(rows) == 0 {
		f.refuse(FieldFind, ledger.Refuse("cashier.nobody", "Nobody is found by that. Check the spelling, or type part of the name, the address or the number."))
		return
	}
	exact := slices.IndexFunc(rows, func(r Found) bool {
		return strings.EqualFold(string(r.Standing.Customer.No), strings.TrimSpace(f.text(FieldFind)))
	})
	if exact < 0 && len(rows) > 1 {
		f.showChosen()
		return
	}
	f.m.Find.Chosen = max(0, exact)
	f.openRow()
}

// showChosen shows the chosen row's account in the panel.
func (f *Flow) showChosen() {
	if f.m.Find.Chosen < len(f.m.Find.Rows) {
		f.m.Account = &Account{Standing: f.m.Find.Rows[f.m.Find.Chosen].Standing}
	}
}

// readFailed shows why a search or a reading gave nothing.
func (f *Flow) readFailed(field Field, err error) {
	if r, ok := ledger.AsRefusal(err); ok {
		f.refuse(field, r)
		return
	}
	f.notice(Bad, "unread")
}

// begunBillLine reports whether a text looks like a card number but may be the
// beginning of a bill line that somebody types by hand: it is let be until Enter.
func (f *Flow) begunBillLine(text string) bool {
	if f.openFound || !card.In(text) || strings.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' }) {
		return false
	}
	return slices.ContainsFunc(f.d.Bills, func(l account.Layout) bool { return len(text) < l.Length })
}

// enterFind opens the chosen account, or what was typed whole: a bill line or an
// account's number.
func (f *Flow) enterFind() {
	text := f.text(FieldFind)
	if strings.TrimSpace(text) == "" {
		return
	}
	if f.billLine(text) || f.isCard(FieldFind) {
		return
	}
	if f.m.Find.For == text && len(f.m.Find.Rows) > 0 {
		f.openRow()
		return
	}
	f.openFound = true
	f.search()
}

// scanned takes a bill from the scanner, or a check, wherever the person is typing.
func (f *Flow) scanned(text string) {
	f.takeStrayBack()
	if f.errand != nil || f.m.Unsure {
		return
	}
	if f.m.Place != AtWindow {
		if f.m.Place != AtLock && f.m.Place != AtSignIn {
			f.notice(Quiet, "scan_not_here")
		}
		return
	}
	f.m.Notice = nil
	if f.checkLine(text) || f.billLine(text) {
		return
	}
	f.put(FieldFind, text)
	f.m.Focus = FieldFind
	f.typedFind(text)
	if f.isCard(FieldFind) {
		// What a card reader typed is not left standing on the screen.
		in := f.m.Inputs[FieldFind]
		in.Text = ""
		f.m.Inputs[FieldFind] = in
		return
	}
	f.openFound = true
	f.search()
}

// billLine takes a scanned or typed bill line, and reports whether it was one.
func (f *Flow) billLine(text string) bool {
	line, err := account.ParseBillLine(f.d.Bills, text)
	if errors.Is(err, account.ErrNotABill) {
		return false
	}
	if r, ok := ledger.AsRefusal(err); ok {
		if f.text(FieldFind) != text {
			f.put(FieldFind, text)
		}
		f.searched++
		f.refuse(FieldFind, r)
		return true
	}
	// A bill is shown on purpose: a second one is paid with the first.
	f.adding = true
	f.openAccount(line.No, nil)
	return true
}

func (f *Flow) openRow() {
	if f.m.Find.Chosen < len(f.m.Find.Rows) {
		standing := f.m.Find.Rows[f.m.Find.Chosen].Standing
		f.openAccount(standing.Customer.No, &standing)
	}
}

// openAccount begins a payment for an account, adds it to the one begun, or, in
// the middle of one, only shows it.
func (f *Flow) openAccount(no account.No, standing *account.Standing) {
	f.searched++
	if f.m.Done != nil {
		f.m.Done = nil
	}
	if slices.Contains(f.m.Me.Own, string(no)) {
		f.refuse(FieldFind, ledger.Refuse("cash.own_account", "Account {no} is your own or your household's. A colleague must take this payment.", "no", string(no)))
		return
	}
	if at := f.partOf(no); at >= 0 {
		f.clearFind()
		f.activate(at)
		f.do(ReadAccount{no})
		return
	}
	if f.m.Session.ID == "" || f.m.Begun() && !f.adding {
		f.showOnly(no, standing)
		return
	}
	if len(f.m.Payment.Parts) >= maxParts {
		f.noticeRefusal(ledger.Refuse("cash.accounts", "A payment is for one to {most} accounts.", "most", "12"))
		return
	}
	f.addPart(no, standing)
}

// showOnly shows an account that nothing is paid on now.
func (f *Flow) showOnly(no account.No, standing *account.Standing) {
	f.show(no, standing)
	f.do(ReadAccount{no})
	name := "shown_only"
	if f.m.Session.ID == "" {
		name = "no_drawer"
	}
	f.notice(Quiet, name, "no", string(no))
}

func (f *Flow) show(no account.No, standing *account.Standing) {
	f.m.Account = &Account{Standing: account.Standing{Customer: account.Customer{No: no}}}
	if standing != nil {
		f.m.Account.Standing = *standing
	}
}

func (f *Flow) addPart(no account.No, standing *account.Standing) {
	if _, ok := f.openID(errandPay); !ok {
		return
	}
	p := Part{No: no}
	f.show(no, standing)
	if standing != nil {
		p.Known, p.Standing = true, *standing
	}
	f.closeEntry()
	f.storeAmount()
	f.m.Payment.Parts = append(f.m.Payment.Parts, p)
	f.clearFind()
	f.adding = false
	f.activate(len(f.m.Payment.Parts) - 1)
	f.do(ReadAccount{no})
}

func (f *Flow) clearFind() {
	f.put(FieldFind, "")
	f.m.Find = Find{}
}

func (f *Flow) partOf(no account.No) int {
	return slices.IndexFunc(f.m.Payment.Parts, func(p Part) bool { return p.No == no })
}

// addAccount puts the account that is shown into the payment, or asks for one.
func (f *Flow) addAccount() {
	f.adding = true
	if a := f.m.Account; f.m.Focus == FieldFind && a != nil && f.partOf(a.Standing.Customer.No) < 0 && a.Standing.Customer.Name != "" {
		standing := a.Standing
		f.openAccount(standing.Customer.No, &standing)
		return
	}
	f.searchAnew()
}

// accountRead takes an account that was looked up, to wherever it is shown.
func (f *Flow) accountRead(e AccountRead) {
	at := f.partOf(e.No)
	if e.Err != nil {
		f.accountUnread(e, at)
		return
	}
	if at >= 0 {
		part := &f.m.Payment.Parts[at]
		part.Known, part.Standing = true, e.Account.Standing
	}
	if f.inPanel(e.No) {
		account := e.Account
		f.m.Account = &account
	}
	if row := f.rowOf(e.No); row >= 0 {
		f.m.Find.Rows[row].Standing = e.Account.Standing
	}
	held := f.held
	f.held = nil
	for _, a := range held {
		f.derive()
		f.pressed(a)
	}
}

// accountUnread takes out of sight what could not be read: nobody is to take the
// balance of before for the one of now.
func (f *Flow) accountUnread(e AccountRead, at int) {
	switch {
	case at >= 0 && !f.m.Payment.Parts[at].Known:
		f.dropPart(at)
		f.held = nil
		f.put(FieldFind, string(e.No))
		f.m.Focus = FieldFind
		f.readFailed(FieldFind, e.Err)
	case at < 0 && f.inPanel(e.No):
		f.m.Account, f.m.Notice = nil, nil
		if f.m.Place == AtWindow {
			f.readFailed(FieldFind, e.Err)
		}
	}
}

func (f *Flow) inPanel(no account.No) bool {
	return f.m.Account != nil && f.m.Account.Standing.Customer.No == no
}

func (f *Flow) rowOf(no account.No) int {
	return slices.IndexFunc(f.m.Find.Rows, func(r Found) bool { return r.Standing.Customer.No == no })
}

// readLevel asks how much cash the open drawer holds, where that has a limit.
func (f *Flow) readLevel() {
	f.m.Full, f.m.NoCash = false, false
	if limit := f.d.Cash.Limit; f.m.Session.ID != "" && (limit.Warn > 0 || limit.Stop > 0) {
		f.do(ReadLevel{f.m.Session.ID})
	}
}

// levelRead remembers only which limit is passed: how much there is, a cashier
// who counts blind is not told.
func (f *Flow) levelRead(e LevelRead) {
	if e.Err != nil || e.Session != f.m.Session.ID {
		return
	}
	limit := f.d.Cash.Limit
	f.m.NoCash = limit.Stop > 0 && e.Cash >= limit.Stop
	f.m.Full = f.m.NoCash || limit.Warn > 0 && e.Cash > limit.Warn
}

// reread looks up again what entries changed, wherever it is shown: a balance on
// the screen is never older than what was last done here.
func (f *Flow) reread(entries []ledger.Entry) {
	f.readLevel()
	var asked []account.No
	for i := range entries {
		for _, l := range entries[i].Lines {
			no := account.No(l.Sub)
			if _, ofAccount := account.BucketOf(l.Account); !ofAccount || slices.Contains(asked, no) {
				continue
			}
			if f.inPanel(no) || f.partOf(no) >= 0 || f.rowOf(no) >= 0 {
				asked = append(asked, no)
				f.do(ReadAccount{no})
			}
		}
	}
}

// holds keeps a key back that came before the account it is about.
func (f *Flow) holds(a Action) bool {
	p := f.m.Payment
	if p.Active < 0 || p.Active >= len(p.Parts) || p.Parts[p.Active].Known || f.m.Place != AtWindow || a == Lock || a == Help {
		return false
	}
	if len(f.held) < maxHeld {
		f.held = append(f.held, a)
	}
	return true
}

// backAtWindow leaves the innermost thing: a tender being typed, a search, and at
// last, after asking, the payment.
func (f *Flow) backAtWindow() {
	switch {
	case f.m.Ask != nil && f.asked != "":
		f.asking("")
	case f.m.Payment.Sign:
		f.m.Payment.Sign = false
		f.m.Focus = FieldAmount
	case f.m.Payment.Entry != "":
		f.closeEntry()
		f.m.Focus = FieldAmount
	case f.text(FieldFind) != "":
		f.clearFind()
		f.searched++
		f.adding = false
		if f.m.Begun() {
			f.activate(max(0, f.m.Payment.Active))
		}
	case f.m.Begun() && f.m.Focus == FieldFind:
		f.adding = false
		f.activate(max(0, f.m.Payment.Active))
	case f.m.Begun():
		f.asking(askDiscard)
	default:
		f.m.Account = nil
	}
}

// discard puts a payment away of which nothing was taken.
func (f *Flow) discard() {
	f.begin()
	delete(f.ids, errandPay)
	f.m.Account = nil
	f.m.Focus = FieldFind
	f.notice(Quiet, "discarded")
}

// begin makes room for the next payment.
func (f *Flow) begin() {
	f.forgetCheck()
	f.m.Payment = Payment{Active: -1}
	f.entryAt = -1
	f.adding = false
	f.held = nil
	f.asking("")
	f.clear(FieldAmount, FieldTendered, FieldNumber, FieldReference, FieldLastFour)
}
