package staff

import (
	"fmt"
	"slices"
	"time"

	"gatehouse/ledger"
)

// Duty is signing in and approving, with what it depends on.
type Duty struct {
	Roster Roster
	Policy Policy
}

// Acting is who does a command: the person, and, where a second person typed
// their PIN for it, the approver. The PINs were checked before.
type Acting struct {
	Who      Person
	Approver *Person
	// Offline says that central could not be reached, and paper says so.
	Offline bool
}

// SignIn is the command to sign in at this station. Whoever was signed in before
// is signed out. The PIN is checked before and is not part of the command.
type SignIn struct{}

// SignOut is the command to sign out.
type SignOut struct{}

// SignIn signs in the person whose PIN was just checked.
func (d *Duty) SignIn(s *ledger.State, by Acting, _ SignIn) ([]ledger.Draft, error) {
	if err := inTheRightLedger(s, by.Who); err != nil {
		return nil, err
	}
	if err := d.unlocked(s, by.Who.ID); err != nil {
		return nil, err
	}
	return []ledger.Draft{{Kind: KindSignedIn, Body: SignedIn{Who: by.Who.ID, Name: by.Who.Name, Role: by.Who.Role}}}, nil
}

// SignOut signs out whoever is signed in.
func (d *Duty) SignOut(s *ledger.State, by Acting, _ SignOut) ([]ledger.Draft, error) {
	if err := d.Require(s, by, ""); err != nil {
		return nil, err
	}
	return []ledger.Draft{{Kind: KindSignedOut, Body: SignedOut{Who: by.Who.ID}}}, nil
}

// inTheRightLedger keeps trainees out of the real one.
func inTheRightLedger(s *ledger.State, p Person) error {
	if p.Role == Trainee && !s.Training() {
		return ledger.Refuse("staff.trainee", "A trainee works in the training ledger. Start the station with training on.")
	}
	return nil
}

// NoteWrongPIN records a wrong PIN.
func NoteWrongPIN(who ID, purpose string) ledger.Draft {
	return ledger.Draft{Kind: KindWrongPIN, Body: WrongPIN{Who: who, For: purpose}}
}

// NoteRightPIN records a right PIN after wrong ones.
func NoteRightPIN(who ID, purpose string) ledger.Draft {
	return ledger.Draft{Kind: KindRightPIN, Body: RightPIN{Who: who, For: purpose}}
}

// Require refuses a command unless the person is signed in at this station and
// has the right; an empty right asks only for the first. A kiosk signs nobody
// in: what it may do is only a matter of its right.
func (d *Duty) Require(s *ledger.State, by Acting, right Right) error {
	now, signedIn, err := Present(s)
	if err != nil {
		return err
	}
	kiosk := by.Who.Role == Kiosk && right != ""
	if !kiosk && (!signedIn || now.Who != by.Who.ID) {
		return ledger.Refuse("staff.not_signed_in", "{name} is not signed in at this station. Sign in first.", "name", by.Who.Name)
	}
	if err := inTheRightLedger(s, by.Who); err != nil {
		return err
	}
	if right != "" && !d.Policy.May(by.Who.Role, right) {
		return ledger.Refuse("staff.no_right", "{name} may not do this. It needs somebody with the right to {right}.", "name", by.Who.Name, "right", string(right))
	}
	return nil
}

// RequireApproval refuses a command unless a second person approved it.
func (d *Duty) RequireApproval(by Acting) error {
	switch {
	case by.Approver == nil:
		return ledger.Refuse("staff.approval_needed", "A second person must approve this with their PIN.").At("approver")
	case by.Approver.ID == by.Who.ID:
		return ledger.Refuse("staff.own_approval", "Nobody approves their own act. Ask somebody else.").At("approver")
	case !d.Policy.May(by.Approver.Role, Approve):
		return ledger.Refuse("staff.may_not_approve", "{name} may not approve this.", "name", by.Approver.Name).At("approver")
	}
	return nil
}

// CheckApproval refuses a command that needs an approval and has none, and one that
// somebody signed who could not have approved it: who is on record as having approved did
// so by the rules.
func (d *Duty) CheckApproval(by Acting, needed bool) error {
	if !needed && by.Approver == nil {
		return nil
	}
	return d.RequireApproval(by)
}

// RequireWitness refuses a command unless a second person who handles money here
// signed it with their PIN. A witness saw it done; they need not be one who
// approves.
func (d *Duty) RequireWitness(s *ledger.State, by Acting) error {
	switch {
	case by.Approver == nil:
		return ledger.Refuse("staff.witness_needed", "A second person must sign this with their PIN.").At("approver")
	case by.Approver.ID == by.Who.ID:
		return ledger.Refuse("staff.own_approval", "Nobody approves their own act. Ask somebody else.").At("approver")
	case !d.Policy.MayWitness(by.Approver.Role, s.Training()):
		return ledger.Refuse("staff.may_not_witness", "{name} may not sign for money.", "name", by.Approver.Name).At("approver")
	}
	return nil
}

// MayWitness says whether somebody of a role may sign for money: who handles it, in the
// real ledger or in that for training.
func (p Policy) MayWitness(r Role, training bool) bool {
	return (r != Trainee || training) && slices.ContainsFunc([]Right{TakeMoney, Approve, CountOthers}, func(right Right) bool { return p.May(r, right) })
}

// Person is somebody who may act at this station: on the roster, not retired,
// and a person. Anybody else is refused.
func (d *Duty) Person(id ID) (Person, error) {
	p, found, err := d.Roster.Person(id)
	if err != nil {
		return Person{}, err
	}
	// A kiosk needs no PIN, so a roster must not be able to name one.
	if !found || p.Retired || p.ID != id || p.Role == Kiosk || id == KioskActor || id == StationActor {
		return Person{}, ledger.Refuse("staff.unknown", "There is nobody of that name on the roster.").At("who")
	}
	return p, nil
}

// CheckPIN says whether a typed PIN is the person's. It takes tens of
// milliseconds on purpose and must not run on the writer or the window. The
// answer is a *ledger.Refusal for an unknown person, a person locked out, or a
// wrong PIN. before is how many wrong ones went before; a wrong PIN, and a right
// one after wrong ones, are to be recorded.
func (d *Duty) CheckPIN(s *ledger.State, who ID, pin string) (c Checked, err error) {
	if c.Person, err = d.Person(who); err != nil {
		return c, err
	}
	if err := d.unlocked(s, who); err != nil {
		return c, err
	}
	right, err := matchesPIN(pin, c.Person.PIN)
	if err != nil {
		return c, fmt.Errorf("check the PIN of %s: %w; a new PIN must be set for them", who, err)
	}
	c.Before, _ = wrongPINs(s, who)
	if !right {
		c.Wrong = true
		return c, d.wrongPIN(c.Before + 1)
	}
	return c, nil
}

// Checked is what became of a typed PIN.
type Checked struct {
	Person Person
	Wrong  bool // the PIN is not theirs
	Before int  // wrong ones in a row before this one
}

// wrongPIN is the sentence after so many wrong PINs in a row.
func (d *Duty) wrongPIN(count int) error {
	if left := d.Policy.WrongPINs - count; left > 0 {
		return ledger.Refuse("staff.wrong_pin", "That PIN is wrong. {left} more before this person is locked out for a while.", "left", fmt.Sprint(left)).At("pin")
	}
	return ledger.Refuse("staff.locked", "That PIN is wrong. Too many wrong PINs: try again in {wait}.", "wait", inWords(d.Policy.lock(count))).At("pin")
}

// backTolerance is how far a clock may stand before the last wrong PIN and still
// count as going on: what a network time service corrects is far less.
const backTolerance = 5 * time.Second

// unlocked refuses while a person is locked out of this station.
func (d *Duty) unlocked(s *ledger.State, who ID) error {
	count, last := wrongPINs(s, who)
	wait := d.Policy.lock(count)
	since := s.Now().Sub(last)
	// A clock that was set back no longer says how long ago the wrong PIN was. A
	// lock must not outlast the rule, perhaps by years, where one person works
	// alone; so it ends. The step is an entry of its own, and the count stands: the
	// next wrong PIN locks for twice as long.
	if wait == 0 || since >= wait || since < -backTolerance {
		return nil
	}
	return ledger.Refuse("staff.locked", "Too many wrong PINs: try again in {wait}.", "wait", inWords(min(wait, wait-since))).At("pin")
}

// inWords writes a wait, never shorter than it is, with signs that every language
// knows: "30 s", "2 min".
func inWords(d time.Duration) string {
	if d <= 90*time.Second {
		return fmt.Sprintf("%d s", (d+time.Second-1)/time.Second)
	}
	return fmt.Sprintf("%d min", (d+time.Minute-1)/time.Minute)
}
