package flow

import (
	"slices"

	"gatehouse/desk/cash"
)

// Action is what a key or a button does.
type Action string

// The actions. Those that begin with "enter" share one key: which of them it
// means now is the model's Enter.
const (
	EnterNext   Action = "enter.next"     // to the next field
	EnterSignIn Action = "enter.sign_in"  // with the typed PIN
	EnterUnlock Action = "enter.unlock"   // with the typed PIN
	EnterOpen   Action = "enter.open"     // the chosen account
	EnterAmount Action = "enter.amount"   // what was typed, or the balance
	EnterTender Action = "enter.tender"   // what was typed, or what remains
	EnterTake   Action = "enter.take"     // take the payment
	EnterPay    Action = "enter.pay"      // take what was typed, and with it the payment
	EnterRetry  Action = "enter.retry"    // ask again with the same id
	EnterCount  Action = "enter.count"    // commit the count
	EnterPick   Action = "enter.pick"     // the chosen row or what was typed
	EnterClose  Action = "enter.close"    // close on the count
	EnterUndo   Action = "enter.undo"     // void or reverse
	EnterNoSale Action = "enter.no_sale"  // open the drawer
	EnterPrint  Action = "enter.print"    // print again
	EnterMenu   Action = "enter.menu"     // the chosen form
	EnterForm   Action = "enter.form"     // do what the form says
	EnterLeave  Action = "enter.sign_out" // after the Z

	Help       Action = "help"
	Back       Action = "back"
	GoFind     Action = "find"
	AddAccount Action = "add_account"
	ChangeLine Action = "change_line"
	RemoveLine Action = "remove_line"
	PayCash    Action = "cash"
	PayCheck   Action = "check"
	PayCard    Action = "card"
	PayOther   Action = "other_tender" // the next of those without a key of their own
	Discard    Action = "discard"
	Keep       Action = "keep"
	GoUndo     Action = "undo"
	GoNoSale   Action = "no_sale"
	GoOpening  Action = "open_drawer"
	GoClosing  Action = "close_drawer"
	CommitNow  Action = "commit_count"
	Recount    Action = "recount"
	XReport    Action = "x_report"
	GoMenu     Action = "menu"
	GoSkim     Action = "skim"     // from a drawer that is too full
	GoSurprise Action = "surprise" // a count that is due
	TickRow    Action = "tick"
	CountSums  Action = "count_sums" // instead of ticks, and back
	GoReprint  Action = "reprint"
	Lock       Action = "lock"
	SignOut    Action = "sign_out"
	OtherUser  Action = "other_person"
	CameOut    Action = "came_out"
	NotOut     Action = "not_out"
	AskVoid    Action = "ask_void"   // of the paper that is held up
	VoidPaper  Action = "void_paper" // yes
	RowUp      Action = "up"
	RowDown    Action = "down"
	PageUp     Action = "page_up"
	PageDown   Action = "page_down"
)

func (f *Flow) tenderOf(a Action) cash.TenderKind {
	switch a {
	case PayCash:
		return cash.Cash
	case PayCheck:
		return cash.Check
	case PayCard:
		return cash.Card
	case PayOther:
		return f.m.Payment.Other
	}
	return ""
}

// Can reports whether an action may be done now.
func (f *Flow) Can(a Action) bool {
	switch a {
	case Help:
		// Not over a lock: the help page is also a menu.
		return f.m.Place != AtLock && f.m.Place != AtSignIn
	case RowUp, RowDown, PageUp, PageDown:
		return f.m.Place != AtHelp
	case CameOut, NotOut:
		return f.m.Ask != nil && f.m.Ask.Name == askCameOut && f.errand == nil
	}
	if f.errand != nil {
		return false
	}
	if a == f.m.Enter {
		return true
	}
	if f.m.Unsure {
		return false
	}
	atWindow, begun := f.m.Place == AtWindow, f.m.Begun()
	open := f.m.Session.ID != ""
	switch a {
	case Back:
		return f.canGoBack()
	case Lock:
		return f.m.Me.ID != "" && f.m.Place != AtLock && f.m.Place != AtSignIn
	case OtherUser:
		return f.m.Place == AtLock
	case SignOut:
		return (atWindow || f.m.Place == AtOpening || f.m.Place == AtCounted || f.m.Place == AtHelp) && !begun
	case Discard:
		return f.m.Ask != nil && f.m.Ask.Name == askDiscard
	case VoidPaper:
		return f.m.Ask != nil && f.m.Ask.Name == askVoid
	case Keep:
		return f.m.Ask != nil && f.asked != ""
	case AskVoid:
		return f.atWindowOrHelp() && f.m.Printer.Held != nil && f.asked == ""
	case GoFind:
		return atWindow
	case AddAccount:
		return atWindow && begun
	case ChangeLine, RemoveLine:
		return atWindow && begun
	case PayCash, PayCheck, PayCard, PayOther:
		return atWindow && begun && open && f.takes(f.tenderOf(a))
	case GoUndo, GoReprint:
		return f.atWindowOrHelp()
	case GoNoSale, XReport:
		return f.atWindowOrHelp() && open
	case GoClosing:
		return f.atWindowOrHelp() && open && !begun
	case GoOpening:
		return f.atWindowOrHelp() && !open
	case Recount:
		return f.m.Place == AtCounted && len(f.m.Session.Counts) < cash.MaxCounts
	case CommitNow:
		_, form := f.formOf()
		return f.m.Place == AtOpening || f.m.Place == AtClosing || form
	case GoMenu:
		return f.atWindowOrHelp() && slices.ContainsFunc(forms(), f.may)
	case GoSkim:
		return f.atWindowOrHelp() && f.m.Full && f.mayAct(ActSkim)
	case GoSurprise:
		return f.atWindowOrHelp() && len(f.dueForMe()) > 0
	case CountSums:
		one, form := f.formOf()
		return f.m.Place == AtClosing && len(f.m.Count.Items) > 0 || form && one.counts && len(f.m.Form.Choices[PartTicks]) > 0
	case TickRow:
		part, is := f.listAt()
		return is && part.Asks == AskTicks || f.m.Place == AtClosing && f.m.Focus == FieldTicks && len(f.m.Count.Items) > 0
	}
	return false
}

// atWindowOrHelp: the help page is also the menu of everything, for a finger.
func (f *Flow) atWindowOrHelp() bool {
	return f.m.Place == AtWindow || f.m.Place == AtHelp && f.helpOver == AtWindow
}

func (f *Flow) takes(kind cash.TenderKind) bool {
	for _, t := range f.d.Cash.Tenders {
		if t.Kind == kind {
			return true
		}
	}
	return false
}

func (f *Flow) canGoBack() bool {
	switch f.m.Place {
	case AtSignIn, AtLock, AtCounted:
		return false
	case AtWindow:
		return f.m.Payment.Entry != "" || f.text(FieldFind) != "" || f.m.Begun() || f.m.Notice != nil || f.m.Account != nil || f.asked != ""
	}
	return true
}

// enterMeans says what Enter does now.
func (f *Flow) enterMeans() Action {
	if f.errand != nil {
		return ""
	}
	if f.m.Unsure {
		return EnterRetry // and nothing else, not even a lock: this comes first
	}
	switch f.m.Place {
	case AtSignIn:
		if f.m.Focus == FieldPIN {
			return EnterSignIn
		}
		return EnterNext
	case AtLock:
		return EnterUnlock
	case AtOpening, AtClosing:
		if f.m.Focus == NoField || f.m.Focus == FieldReason {
			return EnterCount
		}
		return EnterNext
	case AtCounted:
		if fields := f.closeFields(); len(fields) == 0 || f.m.Focus == fields[len(fields)-1] {
			return EnterClose
		}
		return EnterNext
	case AtWindow:
		return f.enterAtWindow()
	case AtUndo:
		switch f.m.Focus {
		case FieldReceipt:
			return EnterPick
		case FieldApproverPIN:
			return EnterUndo
		}
		return EnterNext
	case AtNoSale:
		return EnterNoSale
	case AtReprint:
		return EnterPrint
	case AtClosed:
		return EnterLeave
	case AtMenu:
		return EnterMenu
	}
	return f.enterAtForm()
}

func (f *Flow) enterAtForm() Action {
	if _, ok := f.formOf(); !ok {
		return ""
	}
	// The last of the fields is none: there is only the form to send.
	if all := f.formFields(); f.m.Focus == all[len(all)-1] || f.m.Focus == all[len(all)-2] {
		return EnterForm
	}
	return EnterNext
}

func (f *Flow) enterAtWindow() Action {
	switch f.m.Focus {
	case FieldFind:
		if f.text(FieldFind) == "" && f.m.Payment.Complete {
			return EnterTake
		}
		return EnterOpen
	case FieldAmount:
		if f.m.Payment.Complete && f.m.Payment.Active >= 0 && f.m.Payment.Parts[f.m.Payment.Active].Set {
			return EnterTake
		}
		return EnterAmount
	case FieldApprover:
		return EnterNext
	case FieldTendered, FieldNumber, FieldReference, FieldLastFour:
		if f.m.Payment.Remaining <= 0 && f.lastField() {
			return EnterPay
		}
		return EnterTender
	}
	if f.m.Payment.Complete {
		return EnterTake
	}
	return ""
}
