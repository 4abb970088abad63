package flow

import (
	"maps"
	"slices"
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/desk/staff"
)

// leftKey is whose form of which act is left, in which session of a drawer: what was
// chosen there means nothing in another one.
type leftKey struct {
	who     staff.ID
	session cash.SessionID
	act     Act
}

// leftForm is a form that was left before it was sent. PINs are never in it.
type leftForm struct {
	texts   map[Field]string
	chosen  map[string]Choice // by the part's name; none where nothing was chosen
	ticked  map[string][]Choice
	touched map[string]bool // lists that were there to be chosen from
}

func (f *Flow) leftKey(a Act) leftKey { return leftKey{f.m.Me.ID, f.m.Session.ID, a} }

// leaveForm keeps what is on the form of a place, if it is one, for when the person
// comes back to it.
func (f *Flow) leaveForm(at Place) {
	if form := f.m.Form; form.Act != "" && form.Act.Place() == at {
		f.left[f.leftKey(form.Act)] = f.formNow()
	}
}

// formNow is what is on the form.
func (f *Flow) formNow() leftForm {
	form := f.m.Form
	left := leftForm{texts: map[Field]string{}, chosen: map[string]Choice{}, ticked: map[string][]Choice{}, touched: map[string]bool{}}
	for field, in := range f.m.Inputs {
		if text := clean(in.Text); text != "" && (ofAct(form.Act, field) || field == FieldApprover) {
			left.texts[field] = text
		}
	}
	for part, rows := range form.Choices {
		left.touched[part] = len(rows) > 0
		if at := form.At[part]; at >= 0 && at < len(rows) {
			left.chosen[part] = rows[at]
		}
		for _, row := range rows {
			if row.Ticked {
				left.ticked[part] = append(left.ticked[part], row)
			}
		}
	}
	return left
}

// ofAct reports whether a field is of the form of an act.
func ofAct(a Act, field Field) bool { return strings.HasPrefix(string(field), string(a)+".") }

// bringTexts puts what was typed on a form back, and nothing of another session.
func (f *Flow) bringTexts(a Act) {
	for field := range maps.Clone(f.m.Inputs) {
		if ofAct(a, field) {
			f.clear(field)
		}
	}
	for field, text := range f.left[f.leftKey(a)].texts {
		f.put(field, text)
		f.m.Form.sums = f.m.Form.sums || strings.HasPrefix(string(field), string(PartField(a, "other."))) // as it was counted
	}
}

// bringChoices puts ticks and the chosen row of a part back. Rows are known by what
// they are: a list that is read again may have more of them, or fewer.
func (f *Flow) bringChoices(part string) {
	left, ok := f.left[f.leftKey(f.m.Form.Act)]
	rows := slices.Clone(f.m.Form.Choices[part])
	if !ok || len(rows) == 0 || !left.touched[part] {
		return
	}
	for i := range rows {
		rows[i].Ticked = slices.ContainsFunc(left.ticked[part], rows[i].is)
	}
	f.m.Form.Choices[part] = rows
	if chosen, ok := left.chosen[part]; ok {
		if at := slices.IndexFunc(rows, chosen.is); at >= 0 {
			f.m.Form.At[part] = at
		}
	}
}

// is reports whether two rows are the same thing.
func (c Choice) is(other Choice) bool {
	return c.ID == other.ID && c.Kind == other.Kind && c.Item == other.Item
}
