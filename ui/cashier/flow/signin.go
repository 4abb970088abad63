package flow

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gatehouse/desk/cash"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

func (f *Flow) peopleRead(e PeopleRead) {
	if e.Err != nil {
		f.notice(Bad, "people_unread")
		return
	}
	f.m.People = e.People
	if p, ok := f.lookUpPerson(string(e.Present)); ok && f.text(FieldWho) == "" && f.m.Place == AtSignIn && !f.digitsBeginAnID() {
		f.propose(FieldWho, string(p.ID))
		f.m.Focus = FieldPIN
	}
}

// digitsBeginAnID reports whether somebody's id could be taken for a PIN.
func (f *Flow) digitsBeginAnID() bool {
	return slices.ContainsFunc(f.m.People, func(p staff.Person) bool { return p.ID != "" && p.ID[0] >= '0' && p.ID[0] <= '9' })
}

// strayed takes the first letter typed into the PIN of a proposed id for the
// beginning of another id. After a restart most often the same person goes on, who
// types the PIN and nothing else; a colleague begins with their id without looking,
// and must not type it into the PIN of the one before. Ids begin with letters and
// PINs are digits, so the first key tells the two apart; where an id begins with a
// digit none is proposed. Later a letter is a slip of the finger.
func (f *Flow) strayed(e Strayed) {
	first, _ := utf8.DecodeRuneInString(e.Text)
	if f.m.Place != AtSignIn || e.Field != FieldPIN || f.m.Inputs[FieldWho].Propose == 0 || f.text(FieldPIN) != "" || !unicode.IsLetter(first) {
		return
	}
	f.stray = &stray{text: e.Text, id: f.text(FieldWho)}
	f.clear(FieldPIN)
	f.typed(Typed{FieldWho, e.Text})
}

// stray is a letter that began another id than the proposed one.
type stray struct{ text, id string }

// takeStrayBack proposes the id again: the letter was the first of a scan, and all
// else of that is out of the fields already.
func (f *Flow) takeStrayBack() {
	was := f.stray
	f.stray = nil
	if was == nil || f.m.Place != AtSignIn || f.text(FieldWho) != was.text {
		return
	}
	f.propose(FieldWho, was.id)
	f.m.Focus = FieldPIN
}

// next goes to the next field of a form, if the one before it is right.
func (f *Flow) next() {
	switch f.m.Place {
	case AtSignIn:
		if f.knows(FieldWho) {
			f.m.Focus = FieldPIN
		}
	case AtOpening, AtClosing:
		f.step(1, true)
	case AtWindow:
		if f.knows(FieldApprover) {
			f.m.Focus = FieldApproverPIN
		}
	case AtUndo:
		f.nextOfUndo()
	case AtCounted:
		f.nextOfClose()
	default:
		f.nextOfForm()
	}
}

// knows refuses an id that is not on the roster.
func (f *Flow) knows(field Field) bool {
	typed := strings.ToLower(strings.TrimSpace(f.text(field)))
	if _, ok := f.lookUpPerson(typed); ok || len(f.m.People) == 0 && typed != "" {
		in := f.m.Inputs[field]
		in.Text = typed
		f.m.Inputs[field] = in
		return true
	}
	f.refuse(field, ledger.Refuse("staff.unknown", "There is nobody of that name on the roster."))
	return false
}

// signIn sends who and PIN to the desk.
func (f *Flow) signIn() {
	by, kind := f.m.Me.ID, errandUnlock
	if f.m.Place == AtSignIn {
		if !f.knows(FieldWho) {
			return
		}
		by, kind = staff.ID(f.text(FieldWho)), errandSignIn
	}
	o := order(staff.SignIn{})
	o.By, o.PIN = by, f.text(FieldPIN)
	f.put(FieldPIN, "")
	f.send(Errand{kind: kind, order: o})
}

// signedIn goes on with who was signed in.
func (f *Flow) signedIn(who staff.ID) {
	f.clear(FieldPIN)
	if f.m.Place == AtLock {
		f.m.Place, f.m.Focus = f.lockedOver, f.lockFocus
		return
	}
	person, ok := f.lookUpPerson(string(who))
	if !ok {
		person = staff.Person{ID: who, Name: string(who)}
	}
	f.m.Inputs, f.m.Find = map[Field]Input{}, Find{}
	clear(f.ids)
	f.begin()
	f.restored = false
	f.m.Me, f.m.Session, f.m.Done, f.m.Account = person, cash.Session{}, nil, nil
	f.m.Approvers, f.m.Due, f.m.Old = nil, nil, nil
	for _, p := range f.m.People {
		if p.ID != who && f.d.Staff.May(p.Role, staff.Approve) {
			f.m.Approvers = append(f.m.Approvers, p)
		}
	}
	f.do(ReadSession{who})
}

func (f *Flow) sessionRead(e SessionRead) {
	if e.Who != f.m.Me.ID {
		return
	}
	if e.Err != nil {
		f.notice(Bad, "unread")
		return
	}
	f.m.Drawer, f.m.Session = e.Drawer, cash.Session{}
	if e.Open {
		f.m.Session = e.Session
	}
	f.readLevel()
	f.readDue()
	f.restore()
	if e.Counted != nil {
		f.goCounted(e.Counted)
		return
	}
	if e.Open {
		f.toWindow()
		return
	}
	if !f.d.Staff.May(f.m.Me.Role, staff.TakeMoney) {
		f.toWindow()
		f.notice(Quiet, "look_up_only")
		return
	}
	f.goCount(AtOpening)
}

// lock hides the screen; all that was typed is kept.
func (f *Flow) lock() {
	if f.m.Place == AtHelp {
		f.leaveHelp()
	}
	f.lockedOver, f.lockFocus = f.m.Place, f.m.Focus
	f.put(FieldApproverPIN, "")
	f.m.Place, f.m.Focus = AtLock, FieldPIN
	f.put(FieldPIN, "")
}

// otherUser lets somebody else sign in at a locked station. What the first had
// typed is kept for them.
func (f *Flow) otherUser() {
	f.stash()
	f.leaveForm(f.lockedOver)
	f.m.Place = AtSignIn
	f.m.Focus = FieldWho
	f.clear(FieldWho, FieldPIN)
}

// signOut signs out, when nothing is half done.
func (f *Flow) signOut() {
	o := order(staff.SignOut{})
	f.send(Errand{kind: errandSignOut, order: o})
}

func (f *Flow) signedOut() {
	f.stash()
	f.leaveForm(f.helpOver)
	f.begin()
	f.m.Me, f.m.Session, f.m.Account, f.m.Done, f.m.Counted, f.m.Result = staff.Person{}, cash.Session{}, nil, nil, nil, nil
	f.payments, f.m.Payments, f.m.Undo = nil, nil, nil
	f.m.Inputs = map[Field]Input{}
	f.m.Find = Find{}
	f.m.Place, f.m.Focus = AtSignIn, FieldWho
	f.do(ReadPeople{})
}
