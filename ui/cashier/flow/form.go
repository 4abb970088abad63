package flow

import (
	"slices"
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// Act is something that is done on a form, beside payments.
type Act string

// Place is where its form is filled in.
func (a Act) Place() Place { return Place("form." + string(a)) }

// Asked is what a part of a form asks for.
type Asked int

// The kinds of parts.
const (
	AskText    Asked = iota
	AskMoney         // an amount
	AskChoice        // one of a list
	AskTicks         // any of a list, each ticked with F4
	AskPieces        // pieces of each value
	AskOthers        // checks and the like: how many, and their sum
	AskSign          // a second person who approves, and their PIN
	AskWitness       // a second person who was there, and their PIN
)

// FormPart is one thing that a form asks for.
type FormPart struct {
	Name string
	Asks Asked
	Max  int  // characters of a text
	Free bool // an amount that need not be typed
}

// Form is the form that is being filled in.
type Form struct {
	Act     Act
	Choices map[string][]Choice // by the part's name
	At      map[string]int      // chosen row, -1 for none
	Totals  map[string]ledger.Cents
	Sign    bool           // the second person is asked for
	Second  []staff.Person // who that may be
	Begun   cash.DrawerID
	Items   cash.DrawerID // whose checks and the like there are to tick
	BySum   bool          // they are counted by their sums instead
	sums    bool          // somebody would rather
	came    bool          // the lists that are read from the ledger
	waits   []Choice      // all that waits for a bank
	bank    string        // what is shown of it, is of this one
}

// Choice is a row of a form's list.
type Choice struct {
	ID     string
	Cells  []string
	Worth  ledger.Cents      // 0: it is nothing of worth
	Say    bool              // the first cell is the name of a sentence
	Kind   cash.TenderKind   // of a check and the like, one by one
	Kinds  []cash.TenderKind // of what waits for a bank
	Item   cash.Item
	Ticked bool
}

// PartField is the field of a part.
func PartField(a Act, part string) Field { return Field(string(a) + "." + part) }

// PieceField is where a form counts the pieces of a value.
func PieceField(a Act, part string, value ledger.Cents) Field {
	return PartField(a, part+"."+value.Plain())
}

// OtherFields are where a form counts checks and the like.
func OtherFields(a Act, kind cash.TenderKind) (count, amount Field) {
	return PartField(a, "other."+string(kind)+".count"), PartField(a, "other."+string(kind)+".amount")
}

// Values are the values of notes and coins, the largest first.
func Values(p cash.Policy) []ledger.Cents {
	values := slices.Clone(p.Denominations)
	slices.SortFunc(values, func(a, b ledger.Cents) int { return int(b - a) })
	return values
}

// formOf is the form of the place, if there is one.
func (f *Flow) formOf() (form, bool) {
	for _, one := range forms() {
		if one.act.Place() == f.m.Place {
			return one, true
		}
	}
	return form{}, false
}

// may reports whether the person may do an act now.
func (f *Flow) may(one form) bool {
	if one.right != "" && !f.d.Staff.May(f.m.Me.Role, one.right) {
		return false
	}
	return !one.open || f.m.Session.ID != "" && len(f.m.Session.Counts) == 0
}

// mayAct reports whether the person may do an act now.
func (f *Flow) mayAct(a Act) bool {
	return slices.ContainsFunc(forms(), func(one form) bool { return one.act == a && f.may(one) })
}

// goMenu lists what may be done now. A payment that is begun stays as it is.
func (f *Flow) goMenu() {
	f.storeAmount()
	f.m.Acts, f.m.ActAt = nil, 0
	for _, one := range forms() {
		if f.may(one) {
			f.m.Acts = append(f.m.Acts, one.act)
		}
	}
	f.m.Place, f.m.Focus = AtMenu, FieldReason
}

// goStraight goes to a form without the menu. A payment that is begun stays as it is.
func (f *Flow) goStraight(a Act) {
	f.storeAmount()
	f.goForm(a)
}

// openForm goes to the chosen form. What was typed, chosen and ticked there and not
// sent is still there, but for PINs.
func (f *Flow) openForm() {
	if f.m.ActAt < 0 || f.m.ActAt >= len(f.m.Acts) {
		return
	}
	f.goForm(f.m.Acts[f.m.ActAt])
}

func (f *Flow) goForm(a Act) {
	if f.m.Form.Act != a {
		delete(f.ids, errandForm)
	}
	if _, ok := f.openID(errandForm); !ok {
		return
	}
	f.m.Place = a.Place()
	one, ok := f.formOf()
	if !ok {
		return
	}
	f.clear(FieldApprover, FieldApproverPIN)
	f.m.Form = Form{Act: a, Choices: map[string][]Choice{}, At: map[string]int{}, Totals: map[string]ledger.Cents{}}
	for _, part := range one.parts {
		f.m.Form.At[part.Name] = 0
		if part.Name == "reason" {
			f.m.Form.At[part.Name] = -1 // nobody's reason is the first of a list
		}
		if one.choices != nil {
			f.m.Form.Choices[part.Name] = one.choices(f, part.Name)
		}
		f.bringChoices(part.Name)
	}
	f.bringTexts(a)
	f.deriveForm()
	f.m.Focus = f.formFields()[0]
	if one.read {
		f.do(ReadForm{Act: a, Who: f.m.Me.ID, Session: f.m.Session, Kinds: f.d.Cash.Skimmed()})
	}
}

// formRead takes the rows of a form's lists.
func (f *Flow) formRead(e FormRead) {
	if e.Act == ActClose && f.m.Place == AtClosing && e.Err == nil {
		f.m.Count.Items = e.Choices["other"]
		f.m.Count.BySum = len(f.m.Count.Items) == 0 || slices.ContainsFunc(f.m.Count.Fields, func(field Field) bool {
			return strings.HasPrefix(string(field), "other.") && f.text(field) != "" // typed before a restart
		})
		f.countFields()
		return
	}
	if e.Act != f.m.Form.Act || f.m.Place != e.Act.Place() || e.Drawer != "" && e.Drawer != f.m.Form.Items {
		return
	}
	if e.Err != nil {
		f.notice(Bad, "unread")
		return
	}
	f.m.Form.came = true
	for part, rows := range e.Choices {
		f.m.Form.Choices[part] = rows
		f.bringChoices(part)
	}
	if e.Act == ActDeposit {
		f.m.Form.waits, f.m.Form.bank = e.Choices["parts"], ""
	}
}

// forBank leaves of what waits what the chosen bank takes something of.
func (f *Flow) forBank() {
	form := &f.m.Form
	bank := f.chosen("bank")
	at := slices.IndexFunc(f.d.Safe.Banks, func(b safe.Bank) bool { return b.ID == bank })
	if bank == form.bank || at < 0 {
		return
	}
	form.bank, form.At["parts"] = bank, 0
	form.Choices["parts"] = slices.DeleteFunc(slices.Clone(form.waits), func(c Choice) bool {
		return !slices.ContainsFunc(c.Kinds, func(kind cash.TenderKind) bool { return slices.Contains(f.d.Safe.Banks[at].Tenders, kind) })
	})
	f.bringChoices("parts")
}

// countItems has the checks and the like of the chosen drawer read, and says whether
// they are ticked or counted by their sums.
func (f *Flow) countItems(one form) {
	form := &f.m.Form
	if drawer := cash.DrawerID(f.chosen("drawer")); drawer != form.Items {
		form.Items, form.Choices[PartTicks], form.At[PartTicks] = drawer, nil, 0
		f.do(ReadForm{Act: one.act, Who: f.m.Me.ID, Session: f.m.Session, Drawer: drawer, Kinds: f.d.Cash.OneByOne()})
	}
	form.BySum = form.sums || len(form.Choices[PartTicks]) == 0
}

// formTenders are the checks and the like of another's drawer, as ticked or as counted.
func (f *Flow) formTenders() []cash.CountedTender {
	if !f.m.Form.BySum {
		return tickedTenders(f.m.Form.Choices[PartTicks])
	}
	return f.othersOf()
}

// deriveForm adds up what is counted and sees whether somebody must sign.
func (f *Flow) deriveForm() {
	one, ok := f.formOf()
	if !ok {
		return
	}
	if one.counts {
		f.countItems(one)
	}
	if one.act == ActDeposit {
		f.forBank()
	}
	for _, part := range one.parts {
		switch part.Asks {
		case AskPieces:
			count, _ := f.piecesOf(one.act, part.Name)
			f.m.Form.Totals[part.Name] = count.Total()
		case AskTicks:
			f.m.Form.Totals[part.Name] = 0
			for _, row := range f.m.Form.Choices[part.Name] {
				if row.Ticked {
					f.m.Form.Totals[part.Name] = f.m.Form.Totals[part.Name].Plus(row.Worth)
				}
			}
		}
	}
	f.m.Form.Sign = one.signs == nil || one.signs(f)
	f.m.Form.Second = f.m.Approvers
	if slices.ContainsFunc(one.parts, func(p FormPart) bool { return p.Asks == AskWitness }) {
		f.m.Form.Second = slices.DeleteFunc(slices.Clone(f.m.People), func(p staff.Person) bool {
			return p.ID == f.m.Me.ID || !f.d.Staff.MayWitness(p.Role, f.m.Training)
		})
	}
}

// formFields are the fields of the form, in the order they are typed.
func (f *Flow) formFields() (all []Field) {
	one, _ := f.formOf()
	for _, part := range one.parts {
		switch part.Asks {
		case AskPieces:
			for _, value := range Values(f.d.Cash) {
				all = append(all, PieceField(one.act, part.Name, value))
			}
		case AskOthers:
			for _, kind := range f.d.Cash.OneByOne() {
				if f.m.Form.BySum {
					count, amount := OtherFields(one.act, kind)
					all = append(all, count, amount)
				}
			}
		case AskSign, AskWitness:
			if f.m.Form.Sign {
				all = append(all, FieldApprover, FieldApproverPIN)
			}
		case AskChoice, AskTicks:
			// One that is read may come a moment later, and is not passed over until then.
			if part.Name == PartTicks && f.m.Form.BySum {
				continue
			}
			if len(f.m.Form.Choices[part.Name]) > 0 || one.read {
				all = append(all, PartField(one.act, part.Name))
			}
		default:
			all = append(all, PartField(one.act, part.Name))
		}
	}
	return append(all, NoField)
}

// listAt is the list that has the focus.
func (f *Flow) listAt() (part FormPart, is bool) {
	one, _ := f.formOf()
	for _, part := range one.parts {
		if (part.Asks == AskChoice || part.Asks == AskTicks) && f.m.Focus == PartField(one.act, part.Name) {
			return part, true
		}
	}
	return part, false
}

// stepForm goes up or down in a list, or else in the fields.
func (f *Flow) stepForm(by int) {
	if part, is := f.listAt(); is {
		f.clear(f.m.Focus) // why it was refused
		at := f.m.Form.At
		at[part.Name] = max(0, min(at[part.Name]+by, len(f.m.Form.Choices[part.Name])-1))
		return
	}
	all := f.formFields()
	at := slices.Index(all, f.m.Focus)
	if at < 0 {
		at = len(all) - 1
	}
	if by > 0 && !f.partRight(f.m.Focus) {
		return
	}
	f.m.Focus = all[max(0, min(at+by, len(all)-1))]
}

// nextOfForm goes to the next field, if the one before it is right. A drawer that
// is to be counted opens first.
func (f *Flow) nextOfForm() {
	all := f.formFields()
	at := slices.Index(all, f.m.Focus)
	if !f.partRight(f.m.Focus) {
		return
	}
	one, _ := f.formOf()
	if part, list := f.listAt(); list && one.read && !f.m.Form.came && len(f.m.Form.Choices[part.Name]) == 0 {
		return // nothing was chosen of what is not there yet
	}
	f.m.Focus = all[min(at+1, len(all)-1)]
	if drawer := cash.DrawerID(f.chosen("drawer")); one.counts && drawer != "" && f.m.Form.Begun != drawer {
		f.m.Form.Begun = drawer
		f.send(Errand{kind: errandBegin, order: order(cash.BeginCount{Drawer: drawer})})
	}
}

// partRight refuses what is typed in a field and is not what it asks for.
func (f *Flow) partRight(field Field) bool {
	one, _ := f.formOf()
	name := strings.TrimPrefix(string(field), string(one.act)+".")
	switch {
	case field == FieldApprover:
		return f.knows(FieldApprover)
	case field == NoField || field == FieldApproverPIN:
		return true
	}
	for _, part := range one.parts {
		switch {
		case part.Asks == AskMoney && part.Name == name:
			return f.amountRight(field, !part.Free)
		case part.Asks == AskText && part.Name == name:
			return !f.isCard(field)
		case part.Asks == AskPieces && strings.HasPrefix(name, part.Name+"."):
			return f.countRight(field)
		case part.Asks == AskOthers && strings.HasPrefix(name, "other."):
			return f.countRight(field)
		}
	}
	return true
}

// amountRight refuses a text that is no amount.
func (f *Flow) amountRight(field Field, needed bool) bool {
	text := strings.TrimSpace(f.text(field))
	if text == "" && !needed {
		return true
	}
	_, err := ledger.ParseAmount(strings.TrimPrefix(text, "-"))
	if r, ok := ledger.AsRefusal(err); ok {
		f.refuse(field, r)
		return false
	}
	return true
}

// tick marks the chosen row of a list of ticks, or takes the mark away.
func (f *Flow) tickRow() {
	if c := &f.m.Count; f.m.Place == AtClosing {
		c.Items = ticked(c.Items, c.At)
		c.At = min(c.At+1, len(c.Items)-1)
		return
	}
	part, is := f.listAt()
	rows := f.m.Form.Choices[part.Name]
	at := f.m.Form.At[part.Name]
	if !is || part.Asks != AskTicks || at < 0 || at >= len(rows) {
		return
	}
	f.clear(f.m.Focus)
	f.m.Form.Choices[part.Name] = ticked(rows, at)
	f.m.Form.At[part.Name] = min(at+1, len(rows)-1)
}

// ticked are the rows with the mark of one of them the other way.
func ticked(rows []Choice, at int) []Choice {
	rows = slices.Clone(rows)
	rows[at].Ticked = !rows[at].Ticked
	return rows
}

// pickedOfForm takes a row of a form's list that was touched.
func (f *Flow) pickedOfForm(part string, e Picked) {
	if e.Row < 0 || e.Row >= len(f.m.Form.Choices[part]) {
		return
	}
	f.m.Form.At[part] = e.Row
	f.m.Focus = PartField(f.m.Form.Act, part)
	f.clear(f.m.Focus)
	if e.Open {
		f.tickRow()
	}
}

// commitForm sends the form, if all of it is right.
func (f *Flow) commitForm() {
	one, ok := f.formOf()
	if !ok {
		return
	}
	for _, field := range f.formFields() {
		if !f.partRight(field) {
			return
		}
	}
	o := order(one.command(f))
	if f.m.Form.Sign {
		o.Approver, o.ApproverPIN = staff.ID(f.text(FieldApprover)), f.text(FieldApproverPIN)
		f.put(FieldApproverPIN, "")
	}
	f.send(Errand{kind: errandForm, order: o})
}

// formDone says what was done, and forgets what was typed for it.
func (f *Flow) formDone(entries []ledger.Entry) {
	act := f.m.Form.Act
	delete(f.left, f.leftKey(act))
	f.bringTexts(act)
	f.clear(FieldApprover, FieldApproverPIN)
	f.m.Form = Form{}
	f.m.Done = nil
	f.toWindow()
	f.readDue()
	f.reread(entries)
	f.notice(Good, "form_"+string(act), saidBy(entries)...)
}
