package book

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"gatehouse/ledger"
)

// Role is what an operator is at central.
type Role string

// The roles.
const (
	Administrator Role = "administrator"
	Finance       Role = "finance"
	Supervisor    Role = "supervisor"
	Auditor       Role = "auditor"
)

// Roles lists the roles, in the order of a table.
func Roles() []Role { return []Role{Administrator, Finance, Supervisor, Auditor} }

// Right is one thing an operator may do. To read is everybody's.
type Right string

// The rights.
const (
	MayEnrol     Right = "enrol stations"      // issue codes, revoke, approve
	MayOperators Right = "set operators"       // add people, roles, passwords
	MayReference Right = "publish reference"   // import customers, staff, policy
	MayFiles     Right = "write files"         // payments to billing, GL
	MayWorkOff   Right = "work off exceptions" // say what was done about them
	MayRetain    Right = "set retention"       // destroy what may be destroyed
)

// Rights lists the rights, in the order of a table.
func Rights() []Right {
	return []Right{MayEnrol, MayOperators, MayReference, MayFiles, MayWorkOff, MayRetain}
}

// May says whether a role has a right. Whoever sets operators writes no files to
// the bank or the billing system, and the auditor changes nothing: those who run
// the machine, those who move money and those who look are three people.
func (r Role) May(right Right) bool {
	switch r {
	case Administrator:
		return slices.Contains([]Right{MayEnrol, MayOperators, MayReference, MayRetain}, right)
	case Finance:
		return slices.Contains([]Right{MayReference, MayFiles, MayWorkOff}, right)
	case Supervisor:
		return slices.Contains([]Right{MayEnrol, MayWorkOff}, right)
	}
	return false
}

// KindOperatorSet sets an operator: new, another role or password, or gone.
const KindOperatorSet ledger.Kind = "central.operator_set.v1"

// OperatorSet is its body. An empty Hash leaves the password as it is.
type OperatorSet struct {
	Name string `json:"name"`
	Role Role   `json:"role"`
	Hash string `json:"hash,omitempty"` // argon2id, PHC form
	Gone bool   `json:"gone,omitempty"` // may not sign in any more
}

// Operator is a person at central.
type Operator struct {
	Name   string
	Role   Role
	Gone   bool
	Since  time.Time
	Failed int       // wrong passwords since the last right one
	Until  time.Time // locked out until then, after wrong passwords

	hash string
}

// Passwords have at least MinPassword characters, after NIST SP 800-63B-4 for a
// password that stands alone, and no rule about which.
const (
	MinPassword = 15
	maxPassword = 200 // bytes
	maxName     = 40  // bytes
)

// cost of a password's hash: the second of the two choices of RFC 9106, for
// machines that cannot spare 2 GiB.
func cost() *argon2id.Params {
	return &argon2id.Params{Memory: 64 * 1024, Iterations: 3, Parallelism: 4, SaltLength: 16, KeyLength: 32}
}

// SetOperator adds an operator or changes one. An empty password leaves it as it
// is. The first operator of all is an administrator and is set by central itself.
func (b *Book) SetOperator(ctx context.Context, by string, set OperatorSet, password string) error {
	if err := checkOperator(set, password); err != nil {
		return err
	}
	if password != "" {
		hash, err := argon2id.CreateHash(password, cost())
		if err != nil {
			return err
		}
		set.Hash = hash
	}
	_, err := b.Do(ctx, by, func(f *Facts) ([]ledger.Draft, error) {
		if err := f.maySet(by, set); err != nil {
			return nil, err
		}
		return []ledger.Draft{{Kind: KindOperatorSet, Body: set}}, nil
	})
	return err
}

func checkOperator(set OperatorSet, password string) error {
	if !validName(set.Name) {
		return ledger.Refuse("central.operator_name", "Use a name of 1 to 40 small letters, digits, dots or hyphens, like ana.lopez.").At("name")
	}
	if !slices.Contains(Roles(), set.Role) {
		return ledger.Refuse("central.role", "Choose a role.").At("role")
	}
	if password == "" {
		return nil
	}
	if utf8.RuneCountInString(password) < MinPassword {
		return ledger.Refuse("central.password_short", "Use at least 15 characters: four words that nobody would guess are easy to remember.").At("password")
	}
	if len(password) > maxPassword || !utf8.ValidString(password) {
		return ledger.Refuse("central.password_long", "Use at most 200 characters.").At("password")
	}
	return nil
}

func validName(name string) bool {
	ok := func(r rune) bool { return unicode.IsLower(r) || unicode.IsDigit(r) || r == '.' || r == '-' }
	return name != "" && len(name) <= maxName && name != Itself && utf8.ValidString(name) &&
		strings.IndexFunc(name, func(r rune) bool { return !ok(r) }) < 0
}

// maySet says whether somebody may set an operator so.
func (f *Facts) maySet(by string, set OperatorSet) error {
	old := f.operators[set.Name]
	if old == nil && set.Hash == "" {
		return ledger.Refuse("central.password_missing", "Give the new operator a first password.").At("password")
	}
	if len(f.operators) == 0 {
		if by != Itself || set.Role != Administrator || set.Gone {
			return ledger.Refuse("central.first_operator", "The first operator is an administrator, made when central is set up.")
		}
		return nil
	}
	own := by == set.Name && old != nil && set.Role == old.Role && set.Gone == old.Gone // one's own password
	if !own {
		if err := f.must(by, MayOperators); err != nil {
			return err
		}
	}
	if old != nil && old.Role == Administrator && !old.Gone && (set.Gone || set.Role != Administrator) && f.administrators() == 1 {
		return ledger.Refuse("central.last_administrator", "This is the last administrator. Make somebody else one first.").At("role")
	}
	return nil
}

func (f *Facts) administrators() (n int) {
	for _, o := range f.operators {
		if o.Role == Administrator && !o.Gone {
			n++
		}
	}
	return n
}

// must refuses what an operator has no right to. Central itself has every right.
func (f *Facts) must(by string, right Right) error {
	if by == Itself {
		return nil
	}
	o := f.operators[by]
	if o == nil || o.Gone || !o.Role.May(right) {
		return ledger.Refuse("central.no_right", "Your role may not do this ({right}).", "right", string(right))
	}
	return nil
}

// Must refuses, inside an act, what an operator has no right to.
func (f *Facts) Must(by string, right Right) error { return f.must(by, right) }

func (f *Facts) operatorSet(e *ledger.Entry) error {
	set, err := ledger.Unpack[OperatorSet](e)
	if err != nil {
		return err
	}
	o := f.operators[set.Name]
	if o == nil {
		o = &Operator{Name: set.Name, Since: e.At()}
		f.operators[set.Name] = o
	}
	// Whoever lost a right, or a password that somebody else knew, is signed out.
	if set.Gone || set.Role != o.Role || set.Hash != "" {
		for id, s := range f.sessions {
			if s.Operator == set.Name {
				delete(f.sessions, id)
			}
		}
	}
	o.Role, o.Gone = set.Role, set.Gone
	if set.Hash != "" {
		o.hash, o.Failed, o.Until = set.Hash, 0, time.Time{}
	}
	return nil
}
