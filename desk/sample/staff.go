package sample

import (
	"io"

	"gatehouse/desk/reference"
	"gatehouse/desk/staff"
)

// Hint is somebody to sign in as, for the sign-in screen of the sample. A real
// roster has no such thing.
type Hint struct {
	ID   staff.ID
	Name string
	Role staff.Role
	PIN  string
}

// PINs are the staff of the sample, in the order of a sign-in screen.
func PINs() []Hint {
	return []Hint{
		{"maria", "Maria Lopez", staff.CSS1, "246801"},
		{"tom", "Tom Becker", staff.CSS1, "135790"},
		{"ana", "Ana Ruiz", staff.CSS2, "112358"},
		{"lee", "Lee Nguyen", staff.CSS2, "271828"},
		{"ruth", "Ruth Okafor", staff.Supervisor, "314159"},
		{"olga", "Olga Petrov", staff.Auditor, "161803"},
		{"sam", "Sam Reed", staff.Trainee, "141421"},
	}
}

// own are the places of the customers that are somebody's own or their
// household's.
func own(id staff.ID) []int {
	switch id {
	case "maria":
		return []int{21, 40}
	case "ana":
		return []int{29}
	case "ruth":
		return []int{61}
	}
	return nil
}

// putStaff puts the roster, each PIN hashed with a salt from random.
func putStaff(w *reference.Writer, random io.Reader, customers int) error {
	for _, h := range PINs() {
		hash, err := staff.HashPIN(h.PIN, random)
		if err != nil {
			return err
		}
		p := staff.Person{ID: h.ID, Name: h.Name, Role: h.Role, PIN: hash}
		for _, place := range own(h.ID) {
			if place < customers {
				p.Own = append(p.Own, string(number(place, customers)))
			}
		}
		if err := w.Put(staff.Feed, string(p.ID), p); err != nil {
			return err
		}
	}
	return nil
}
