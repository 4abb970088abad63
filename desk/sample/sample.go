package sample

import (
	"bytes"
	_ "embed"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/reference"
	"gatehouse/ledger"
)

//go:embed policy.toml
var policyText []byte

//go:embed day.jsonl
var dayText []byte

// Day is a day of one drawer at the sample utility, of at least three customers, as
// lines to play: a payment by each means, a void, the count and the close.
func Day() []byte { return bytes.Clone(dayText) }

// Policy is what the sample utility has set.
func Policy() (desk.Policy, error) { return desk.ParsePolicy(policyText) }

// MaxCustomers is how many account numbers there are.
const MaxCustomers = 1_000_000

// age is how old the sample's balances are: they came in the night.
const age = 6 * time.Hour

// Write makes the sample utility in a folder: policy.toml, ref.db with staff and
// 1 to MaxCustomers customers, and the index that finds them. The same now and
// number give the same utility; what was in these files is replaced.
func Write(dir string, now time.Time, customers int) error {
	fail := func(err error) error { return fmt.Errorf("make the sample utility in %s: %w", dir, err) }
	if customers < 1 || customers > MaxCustomers {
		return fail(fmt.Errorf("%d customers: choose 1 to %d", customers, MaxCustomers))
	}
	policy, err := Policy()
	if err != nil {
		return fail(err)
	}
	zone, err := policy.Location()
	if err != nil {
		return fail(err)
	}
	path := filepath.Join(dir, "ref.db")
	about := reference.About{Version: 1, AsOf: now.Add(-age).UTC().Truncate(time.Second)}
	err = reference.Build(path, about, func(w *reference.Writer) error {
		if err := putStaff(w, rand.NewChaCha8([32]byte{1}), customers); err != nil {
			return err
		}
		town := town{today: ledger.DateOf(now.In(zone)), count: customers}
		return account.Put(w, path, town.customers())
	})
	if err != nil {
		return fail(err)
	}
	if err := ledger.WriteFile(filepath.Join(dir, "policy.toml"), policyText, 0o644); err != nil {
		return fail(err)
	}
	return nil
}
