package staff_test

import (
	"errors"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	. "gatehouse/desk/desktest"
	"gatehouse/desk/reference"
	"gatehouse/desk/staff"
)

func TestHashingAPIN(t *testing.T) {
	random := rand.NewChaCha8([32]byte{9})
	for pin, ok := range map[string]bool{
		"1234": true, "0000": true, "123456789012": true,
		"": false, "123": false, "1234567890123": false, "12a4": false, "12 4": false, "١٢٣٤": false, "-123": false,
	} {
		hash, err := staff.HashPIN(pin, random)
		if (err == nil) != ok {
			t.Errorf("PIN %q: %v", pin, err)
		}
		if ok && (!strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") || strings.Contains(hash, pin)) {
			t.Errorf("PIN %q has the hash %s", pin, hash)
		}
	}
	one, _ := staff.HashPIN("1234", random)
	two, _ := staff.HashPIN("1234", random)
	if one == two {
		t.Error("two hashes of one PIN are alike: there is no salt")
	}
	if _, err := staff.HashPIN("1234", strings.NewReader("short")); err == nil {
		t.Error("a hash was made without randomness")
	}
}

// The hash at its real cost, once.
func TestARealHashSignsIn(t *testing.T) {
	s := New(t, Options{})
	hash, err := staff.HashPIN("90210", rand.NewChaCha8([32]byte{9}))
	if err != nil {
		t.Fatal(err)
	}
	s.Roster[Tom] = staff.Person{ID: Tom, Name: "Tom", Role: staff.CSS1, PIN: hash}
	expect(t, "wrong", s.TrySignIn(Tom, "90211"), "staff.wrong_pin at pin")
	expect(t, "right", s.TrySignIn(Tom, "90210"), "")
}

func TestTheStoredRoster(t *testing.T) {
	path := filepath.Join(Folder(t), "ref.db")
	people, _ := People().People()
	err := reference.Build(path, reference.About{Version: 1}, func(w *reference.Writer) error {
		var errs []error
		for _, p := range people {
			errs = append(errs, w.Put(staff.Feed, string(p.ID), p))
		}
		return errors.Join(errs...)
	})
	if err != nil {
		t.Fatal(err)
	}
	store, err := reference.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	roster := staff.StoredRoster{Store: store}
	got, err := roster.People()
	if err != nil || len(got) != len(people) {
		t.Fatalf("%d people, %v", len(got), err)
	}
	for i, p := range got {
		if p.ID != people[i].ID || p.PIN != people[i].PIN || p.Role != people[i].Role || p.Retired != people[i].Retired {
			t.Errorf("got %+v, want %+v", p, people[i])
		}
	}
	if _, found, err := roster.Person("nobody"); found || err != nil {
		t.Errorf("nobody: %v, %v", found, err)
	}
	if _, found, err := roster.Person(""); found || err != nil {
		t.Errorf("no id: %v, %v", found, err)
	}
}
