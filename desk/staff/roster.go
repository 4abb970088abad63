package staff

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gatehouse/desk/reference"
)

// ID is how a person is named in the record: short, lower case, never reused.
type ID string

// Role is a level of the utility's job specification.
type Role string

// The roles.
const (
	CSS1       Role = "css1"       // Customer Support Specialist I: takes money
	CSS2       Role = "css2"       // Customer Support Specialist II: leads, reviews, approves
	Supervisor Role = "supervisor" // of the department
	Auditor    Role = "auditor"    // reads everything, moves nothing
	Trainee    Role = "trainee"    // works in a training ledger only
	Kiosk      Role = "kiosk"      // the lobby kiosk, acting for visitors
)

// Roles lists them.
func Roles() []Role { return []Role{CSS1, CSS2, Supervisor, Auditor, Trainee, Kiosk} }

// Right is one thing that a role may do.
type Right string

// The rights of this desk.
const (
	TakeMoney Right = "take money"  // open a drawer, take payments, close it
	Approve   Right = "approve"     // voids, reversals and drawer openings of others
	SeeDay    Right = "see the day" // read what others did: who is in the building
	Receive   Right = "receive"     // sign visitors in and out, call numbers
	// CountOthers is to count, and to close, a drawer that somebody else works.
	CountOthers Right = "count others' drawers"
	// KeepSafe is to count the safe and to move its change fund.
	KeepSafe Right = "keep the safe"
	// Bank is to make deposits, match the bank's statement, and post returned checks.
	Bank Right = "bank the money"
	// Adjust is to change what an account owes.
	Adjust Right = "adjust balances"
)

// Rights lists them.
func Rights() []Right {
	return []Right{TakeMoney, Approve, SeeDay, Receive, CountOthers, KeepSafe, Bank, Adjust}
}

// Actors that are not on the roster, and whose names nobody on it may have.
const (
	KioskActor   ID = "kiosk"   // a visitor, at a kiosk
	StationActor ID = "station" // the program itself
)

// Person is somebody on the roster.
type Person struct {
	ID      ID       `json:"id"`
	Name    string   `json:"name"`
	Role    Role     `json:"role"`
	PIN     string   `json:"pin"`               // argon2id hash in the PHC form, see HashPIN
	Own     []string `json:"own,omitempty"`     // own and household accounts: no work on these
	Retired bool     `json:"retired,omitempty"` // may not sign in any more
}

// maxID bounds the id of a person, in bytes.
const maxID = 40

// Check says which field of a person a roster cannot have so, and why. Field is the
// name of the field as it is stored.
func (p Person) Check() (field string, err error) {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789.-"
	switch {
	case p.ID == "" || len(p.ID) > maxID || strings.Trim(string(p.ID), letters) != "":
		return "id", fmt.Errorf("not an id: want 1 to %d small letters, digits, dots or hyphens", maxID)
	case p.ID == KioskActor || p.ID == StationActor:
		return "id", errors.New("this id is the program's own")
	case p.Name == "":
		return "name", errors.New("no name")
	case p.Role == Kiosk || !slices.Contains(Roles(), p.Role):
		return "role", fmt.Errorf("not a role of a person: there are %v", Roles()[:len(Roles())-1])
	}
	if _, err := readHash(p.PIN); err != nil {
		return "pin", errors.New("not the argon2id hash of a PIN: gatehousectl pin makes one")
	}
	return "", nil
}

// Feed is the name of the roster in the reference data.
const Feed = "staff"

// Roster finds people.
type Roster interface {
	// Person returns somebody by id.
	Person(ID) (Person, bool, error)
	// People lists everybody, in the order of their ids.
	People() ([]Person, error)
}

// maxPeople bounds a station's roster.
const maxPeople = 2000

// StoredRoster is the roster in the reference data.
type StoredRoster struct{ Store *reference.Store }

// Person finds somebody by id.
func (r StoredRoster) Person(id ID) (Person, bool, error) {
	var p Person
	found, err := r.Store.Get(Feed, string(id), &p)
	return p, found, err
}

// People lists everybody.
func (r StoredRoster) People() ([]Person, error) {
	keys, err := r.Store.Keys(Feed, maxPeople)
	if err != nil {
		return nil, err
	}
	people := make([]Person, 0, len(keys))
	for _, k := range keys {
		p, _, err := r.Person(ID(k))
		if err != nil {
			return nil, err
		}
		people = append(people, p)
	}
	return people, nil
}
