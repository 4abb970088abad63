package flow

import (
	"encoding/json"
	"slices"
	"strings"

	"gatehouse/desk/account"
	"gatehouse/desk/card"
	"gatehouse/desk/cash"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// draft is what somebody typed and did not finish. It has the id of the payment,
// so that after a crash the ledger can be asked whether it was taken after all.
type draft struct {
	ID      string      `json:"id,omitempty"`
	Find    string      `json:"find,omitempty"`
	Parts   []draftPart `json:"parts,omitempty"`
	Tenders []draftPaid `json:"tenders,omitempty"`
	Entry   draftPaid   `json:"entry"`
	// Counts are the counts of a drawer, by field.
	Counts map[Field]string `json:"counts,omitempty"`
	Open   draftOpen        `json:"open"`
	Forms  []draftForm      `json:"forms,omitempty"`
}

type draftPart struct {
	No   account.No `json:"no"`
	Text string     `json:"text"`
}

// draftPaid is a tender without anything of a card or a credit: what they are is typed
// again after a crash. Nor has it the bank and account of a check.
type draftPaid struct {
	Kind   cash.TenderKind `json:"kind,omitempty"`
	Amount string          `json:"amount,omitempty"`
	Number string          `json:"number,omitempty"`
}

// Bounds of the note.
const (
	maxNote   = 64 << 10
	maxDrafts = 12
	maxInputs = 100 // fields of all pages
)

func (d draft) empty() bool {
	return d.Find == "" && len(d.Parts) == 0 && len(d.Counts) == 0 && len(d.Forms) == 0 && d.Open.Act == ""
}

// counted reports whether a field is of a count.
func counted(field Field) bool {
	return field == FieldNote || strings.HasPrefix(string(field), "count.") || strings.HasPrefix(string(field), "other.")
}

// current is the draft of what is typed now.
func (f *Flow) current() draft {
	var d draft
	if id, ok := f.ids[errandPay]; ok && f.m.Begun() {
		d.ID = id.String()
	}
	d.Find = clean(f.text(FieldFind))
	for i, p := range f.m.Payment.Parts {
		text := p.Text
		if i == f.m.Payment.Active {
			text = f.text(FieldAmount)
		} else if p.Set {
			text = p.Amount.String()
		}
		d.Parts = append(d.Parts, draftPart{p.No, clean(text)})
	}
	for _, t := range f.m.Payment.Tenders {
		d.Tenders = append(d.Tenders, draftPaid{t.Kind, t.Amount.String(), clean(t.Number)})
	}
	if f.m.Payment.Entry != "" {
		d.Entry = draftPaid{f.m.Payment.Entry, clean(f.text(FieldTendered)), clean(f.text(FieldNumber))}
		if _, is := f.lineIn(d.Entry.Number); is {
			d.Entry.Number = "" // the account is in it
		}
	}
	for field, in := range f.m.Inputs {
		if text := clean(in.Text); counted(field) && text != "" {
			if d.Counts == nil {
				d.Counts = map[Field]string{}
			}
			d.Counts[field] = text
		}
	}
	d.Open, d.Forms = f.formDrafts()
	return d
}

// clean drops a text that looks like a card number.
func clean(text string) string {
	if card.In(text) || isMasked(text) {
		return ""
	}
	return text
}

// stash puts what is typed away for who is signed in.
func (f *Flow) stash() {
	if f.m.Me.ID == "" || !f.restored {
		return
	}
	if d := f.current(); !d.empty() {
		f.drafts[f.m.Me.ID] = d
		return
	}
	delete(f.drafts, f.m.Me.ID)
}

// noteDraft keeps the draft once typing rests, if it changed.
func (f *Flow) noteDraft() {
	if f.m.Me.ID == "" || !f.draftsRead || f.m.Place == AtSignIn || f.recover != nil {
		return
	}
	f.stash()
	if packed := f.packDrafts(); packed != f.noted {
		f.noted = packed
		f.draftDue++
		f.do(Later{draftPause, due{dueDraft, f.draftDue}})
	}
}

func (f *Flow) packDrafts() string {
	if len(f.drafts) == 0 {
		return ""
	}
	mine := f.drafts[f.m.Me.ID]
	without := mine
	without.Open, without.Forms = draftOpen{}, nil
	// As much as there is room for.
	for _, keep := range []map[staff.ID]draft{f.drafts, {f.m.Me.ID: mine}, {f.m.Me.ID: without}} {
		if len(keep) > maxDrafts {
			continue
		}
		if packed, err := json.Marshal(keep); err == nil && len(packed) <= maxNote {
			return string(packed)
		}
	}
	return ""
}

// keepDraft keeps the draft; one is on its way to the disk at most.
func (f *Flow) keepDraft() {
	if f.keeping {
		f.keepAgain = true
		return
	}
	note := f.packDrafts()
	if note == f.lastKept {
		return
	}
	f.keeping, f.lastKept = true, note
	f.do(KeepDraft{[]byte(note)})
}

func (f *Flow) draftKept(e DraftKept) {
	f.keeping = false
	if e.Err != nil {
		f.lastKept = "\x00"
		f.notice(Look, "draft_not_kept")
		return
	}
	if f.keepAgain {
		f.keepAgain = false
		f.keepDraft()
	}
}

// draftRead takes what was kept before the program ended.
func (f *Flow) draftRead(e DraftRead) {
	f.draftsRead = true
	if e.Err != nil || len(e.Note) > maxNote {
		f.notice(Look, "draft_unread")
		return
	}
	if len(e.Note) == 0 {
		return
	}
	kept := map[staff.ID]draft{}
	if err := json.Unmarshal(e.Note, &kept); err != nil {
		f.notice(Look, "draft_unread")
		return
	}
	f.lastKept = string(e.Note)
	for who, d := range kept {
		if _, newer := f.drafts[who]; !newer && len(f.drafts) < maxDrafts {
			f.drafts[who] = d
		}
	}
}

// restore brings back what this person had typed. If it has an id, the ledger is
// asked first whether the payment was taken.
func (f *Flow) restore() {
	d, ok := f.drafts[f.m.Me.ID]
	if !ok || f.m.Begun() {
		f.restored = true
		return
	}
	f.recover = &d
	id, err := ledger.ParseCommandID(d.ID)
	if err != nil {
		f.recovered(Settled{})
		return
	}
	f.do(Settle{ID: id})
}

// recovered goes on with the ledger's word: first on the payment of the draft, then on
// the form that was open.
func (f *Flow) recovered(e Settled) {
	d := f.recover
	if !f.recoverForm {
		f.paymentBack(*d, e)
		if id, err := ledger.ParseCommandID(d.Open.ID); err == nil {
			f.recoverForm = true
			f.do(Settle{ID: id})
			return
		}
		e = Settled{}
	}
	f.recover, f.recoverForm, f.restored = nil, false, true
	f.formsBack(*d, e)
}

// paymentBack brings a payment and counts back, or says that it was taken after all.
func (f *Flow) paymentBack(d draft, e Settled) {
	if len(e.Entries) > 0 {
		f.notice(Good, "was_stored", "receipt", string(e.Entries[0].ReceiptNo(f.d.Station)))
		return
	}
	if f.m.Begun() {
		return
	}
	for field, text := range d.Counts {
		if counted(field) && len(f.m.Inputs) < maxInputs {
			f.put(field, bounded(text))
		}
	}
	if f.m.Session.ID == "" {
		return
	}
	if id, err := ledger.ParseCommandID(d.ID); err == nil && len(d.Parts) > 0 {
		f.ids[errandPay] = id
	}
	f.bring(d)
	if e.Err != nil && len(d.Parts) > 0 {
		f.notice(Bad, "unread")
	}
}

// bring puts a draft back on the screen. Texts are what was typed: they are
// checked again, like anything typed.
func (f *Flow) bring(d draft) {
	for _, p := range d.Parts {
		if account.CheckNo(p.No) == nil && len(f.m.Payment.Parts) < maxParts && f.partOf(p.No) < 0 {
			f.m.Payment.Parts = append(f.m.Payment.Parts, Part{No: p.No, Text: bounded(p.Text)})
			f.do(ReadAccount{p.No})
		}
	}
	f.put(FieldFind, bounded(d.Find))
	if d.Find != "" {
		f.typedFind(d.Find)
	}
	if !f.m.Begun() {
		return
	}
	f.activate(len(f.m.Payment.Parts) - 1)
	f.m.Account = &Account{}
	f.m.Account.Standing.Customer.No = f.m.Payment.Parts[0].No
	f.bringTenders(d)
	f.notice(Quiet, "draft_back")
}

func (f *Flow) bringTenders(d draft) {
	for _, t := range d.Tenders {
		amount, err := ledger.ParseAmount(t.Amount)
		if err != nil || t.Kind == cash.Card || t.Kind == cash.Credit || !slices.Contains(cash.TenderKinds(), t.Kind) || len(f.m.Payment.Tenders) >= maxParts {
			continue
		}
		f.m.Payment.Tenders = append(f.m.Payment.Tenders, cash.Tender{Kind: t.Kind, Amount: amount, Number: bounded(t.Number)})
	}
	if slices.Contains(cash.TenderKinds(), d.Entry.Kind) {
		f.openEntry(d.Entry.Kind, -1)
		f.put(FieldTendered, bounded(d.Entry.Amount))
		f.put(FieldNumber, bounded(d.Entry.Number))
	}
}

func bounded(text string) string {
	if r := []rune(text); len(r) > maxTyped {
		text = string(r[:maxTyped])
	}
	return strings.ToValidUTF8(text, "")
}
