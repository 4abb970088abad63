package staff

import (
	"fmt"
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
	if by.Who.Role == Trainee && !s.Training() {
		return nil, ledger.Refuse("staff.trainee", "A trainee works in the training ledger. Start the station with training on.")
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

// NoteWrongPIN records a wrong PIN.
func (d *Duty) NoteWrongPIN(who ID, purpose string) ledger.Draft {
	return ledger.Draft{Kind: KindWrongPIN, Body: WrongPIN{Who: who, For: purpose}}
}

// Require refuses a command unless the person is signed in at this station and
// has the right; an empty right asks only for the first.
func (d *Duty) Require(s *ledger.State, by Acting, right Right) error {
	now, signedIn, err := Present(s)
	if err != nil {
		return err
	}
	if by.Who.Role != Kiosk && (!signedIn || now.Who != by.Who.ID) {
		return ledger.Refuse("staff.not_signed_in", "{name} is not signed in at this station. Sign in first.", "name", by.Who.Name)
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

// CheckPIN says whether a typed PIN is the person's. It takes tens of
// milliseconds on purpose and must not run on the writer or the window. The
// answer is a *ledger.Refusal for an unknown person, a person locked out, or a
// wrong PIN (then wrong is true, and NoteWrongPIN is to be recorded).
func (d *Duty) CheckPIN(s *ledger.State, who ID, pin string) (p Person, wrong bool, err error) {
	if len(who) > 64 || len(pin) > 64 {
		return p, false, ledger.Refuse("staff.unknown", "There is nobody of that name on the roster.").At("who")
	}
	p, found, err := d.Roster.Person(who)
	if err != nil {
		return p, false, err
	}
	if !found || p.Retired {
		return p, false, ledger.Refuse("staff.unknown", "There is nobody of that name on the roster.").At("who")
	}
	if err := d.unlocked(s, who); err != nil {
		return p, false, err
	}
	matches, err := matchesPIN(pin, p.PIN)
	if err != nil {
		return p, false, fmt.Errorf("check the PIN of %s: %w", who, err)
	}
	if !matches {
		count, _ := wrongPINs(s, who)
		return p, true, d.wrongPIN(count + 1)
	}
	return p, false, nil
}

// wrongPIN is the sentence after so many wrong PINs in a row.
func (d *Duty) wrongPIN(count int) error {
	if left := d.Policy.WrongPINs - count; left > 0 {
		return ledger.Refuse("staff.wrong_pin", "That PIN is wrong. {left} more before this person is locked out for a while.", "left", fmt.Sprint(left)).At("pin")
	}
	return ledger.Refuse("staff.locked", "That PIN is wrong. Too many wrong PINs: try again in {wait}.", "wait", d.Policy.lock(count).String()).At("pin")
}

// unlocked refuses while a person is locked out of this station.
func (d *Duty) unlocked(s *ledger.State, who ID) error {
	count, last := wrongPINs(s, who)
	wait := d.Policy.lock(count)
	if wait == 0 {
		return nil
	}
	left := last.Add(wait).Sub(s.Now())
	if left <= 0 {
		return nil
	}
	// A clock that was set back must not lock a person out for longer than the
	// rule says.
	left = min(left, wait)
	return ledger.Refuse("staff.locked", "Too many wrong PINs: try again in {wait}.", "wait", left.Round(time.Second).String()).At("pin")
}
