package flow

import (
	"cmp"
	"maps"
	"slices"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// draftOpen is the form that was open, with the id of what it does, so that after a
// crash the ledger can be asked whether it was done after all.
type draftOpen struct {
	Act Act    `json:"act,omitempty"`
	ID  string `json:"id,omitempty"`
}

// draftForm is a form that was not sent.
type draftForm struct {
	Act     Act                   `json:"act"`
	Session cash.SessionID        `json:"session,omitempty"`
	Texts   map[Field]string      `json:"texts,omitempty"`
	Chosen  map[string]draftRow   `json:"chosen,omitempty"`
	Ticked  map[string][]draftRow `json:"ticked,omitempty"`
	Touched map[string]bool       `json:"touched,omitempty"`
}

// draftRow is a row of a form's list, as far as it is known by it.
type draftRow struct {
	ID   string          `json:"id,omitempty"`
	Kind cash.TenderKind `json:"kind,omitempty"`
	Item cash.Item       `json:"item"`
}

func keptRow(c Choice) draftRow     { return draftRow{c.ID, c.Kind, c.Item} }
func (r draftRow) asChoice() Choice { return Choice{ID: r.ID, Kind: r.Kind, Item: r.Item} }

// maxForms bounds the forms of a draft: one of each act, with a drawer and without.
const maxForms = 30

// behind is the place that a lock or the help covers, or else the place itself.
func (f *Flow) behind() Place {
	switch f.m.Place {
	case AtLock:
		return f.lockedOver
	case AtHelp:
		return f.helpOver
	}
	return f.m.Place
}

// formDrafts are this person's forms that were not sent, and which of them is open.
func (f *Flow) formDrafts() (open draftOpen, all []draftForm) {
	mine := map[leftKey]leftForm{}
	for k, left := range f.left {
		if k.who == f.m.Me.ID && (len(left.texts) > 0 || len(left.ticked) > 0) {
			mine[k] = left
		}
	}
	if act := f.m.Form.Act; act != "" && act.Place() == f.behind() {
		mine[f.leftKey(act)] = f.formNow()
		if id, ok := f.ids[errandForm]; ok {
			open = draftOpen{act, id.String()}
		}
	}
	for k, left := range mine {
		d := draftForm{Act: k.act, Session: k.session, Texts: left.texts, Touched: left.touched}
		for part, row := range left.chosen {
			if d.Chosen == nil {
				d.Chosen = map[string]draftRow{}
			}
			d.Chosen[part] = keptRow(row)
		}
		for part, rows := range left.ticked {
			if d.Ticked == nil {
				d.Ticked = map[string][]draftRow{}
			}
			for _, row := range rows {
				d.Ticked[part] = append(d.Ticked[part], keptRow(row))
			}
		}
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b draftForm) int {
		return cmp.Or(cmp.Compare(a.Act, b.Act), cmp.Compare(a.Session, b.Session))
	})
	return open, all
}

// formsBack keeps the forms of a draft for when this person comes to them, and goes to
// the one that was open; or says that it was done after all.
func (f *Flow) formsBack(d draft, e Settled) {
	done := len(e.Entries) > 0
	for _, one := range d.Forms[:min(len(d.Forms), maxForms)] {
		key := leftKey{f.m.Me.ID, one.Session, one.Act}
		_, newer := f.left[key]
		ended := one.Session != "" && one.Session != f.m.Session.ID
		if newer || ended || done && one.Act == d.Open.Act || !slices.Contains(Acts(), one.Act) {
			continue
		}
		f.left[key] = one.left()
	}
	if done {
		f.notice(Good, "form_"+string(d.Open.Act), saidBy(e.Entries)...)
		return
	}
	id, err := ledger.ParseCommandID(d.Open.ID)
	if err != nil || f.m.Place != AtWindow && f.m.Place != AtOpening || !f.mayAct(d.Open.Act) {
		return
	}
	f.goStraight(d.Open.Act)
	f.ids[errandForm] = id
	f.notice(Quiet, "draft_back")
	if e.Err != nil {
		f.notice(Bad, "unread")
	}
}

// left is a form of a draft as it was left. Its texts are checked again when it is sent,
// like anything typed.
func (d draftForm) left() leftForm {
	out := leftForm{texts: map[Field]string{}, chosen: map[string]Choice{}, ticked: map[string][]Choice{}, touched: maps.Clone(d.Touched)}
	for field, text := range d.Texts {
		if (ofAct(d.Act, field) || field == FieldApprover) && len(out.texts) < maxInputs {
			out.texts[field] = clean(bounded(text))
		}
	}
	for part, row := range d.Chosen {
		out.chosen[part] = row.asChoice()
	}
	for part, rows := range d.Ticked {
		for _, row := range rows {
			out.ticked[part] = append(out.ticked[part], row.asChoice())
		}
	}
	return out
}
