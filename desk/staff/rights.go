package staff

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"gatehouse/ledger"
)

// KindRights is a change of who may do what.
const KindRights ledger.Kind = "staff.rights.v1"

// Of is what a change is about.
type Of string

// What can change: a role's rights, a limit of a role, a rule for all, a person.
const (
	OfRole   Of = "role"
	OfLimit  Of = "limit"
	OfRule   Of = "rule"
	OfPerson Of = "person"
)

// RightsChanged is the body of KindRights: the station was started with a policy or
// a roster that says otherwise than before, or was given such a roster while it works.
type RightsChanged struct {
	Changes []Change `json:"changes"`
}

// Change is one of them. Before is empty for what is new, After for what is gone.
type Change struct {
	Of     Of     `json:"of"`
	Name   string `json:"name"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// Limit is how far a role may go with something, as the other duties' policies say:
// "adjust balances" up to "100.00".
type Limit struct {
	Role  Role
	Right Right
	From  ledger.Date
	Most  string
	// Source is the resolution it comes from.
	Source string
}

// maxChanges is how many changes one entry holds, so that it stays well under the
// ledger's bound of a body; a first start with a long roster writes several.
const maxChanges = 100

// How the names of rights and of limits are put together.
const (
	rightSep  = ", "
	limitFrom = "from "
)

// maxTold bounds what an entry says of one thing, in bytes.
const maxTold = 400

// rightsNow is who may do what, in words: the rows of the view as they should be.
func (d *Duty) rightsNow(roster Roster, limits []Limit) (map[string]string, error) {
	now := make(map[string]string)
	for _, role := range Roles() {
		if rights := d.Policy.Rights[role]; len(rights) > 0 {
			now[rowKey(OfRole, string(role))] = told(strings.Join(toText(rights), rightSep))
		}
	}
	for _, l := range limits {
		now[rowKey(OfLimit, fmt.Sprintf("%s"+rightSep+"%s"+rightSep+limitFrom+"%s", l.Role, l.Right, l.From))] = told(fmt.Sprintf("%s (%s)", l.Most, l.Source))
	}
	now[rowKey(OfRule, "wrong PINs")] = fmt.Sprintf("%d lock a person out for %s, up to %s", d.Policy.WrongPINs,
		time.Duration(d.Policy.FirstLock), time.Duration(d.Policy.LongestLock))
	people, err := roster.People()
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		now[rowKey(OfPerson, told(string(p.ID)))] = p.InWords()
	}
	return now, nil
}

// InWords is what is recorded of a person: no PIN, and no hash of one.
func (p Person) InWords() string {
	text := fmt.Sprintf("%s, %s", p.Name, p.Role)
	if len(p.Own) > 0 {
		text += ", own accounts " + strings.Join(slices.Sorted(slices.Values(p.Own)), " ")
	}
	if p.Retired {
		text += ", retired"
	}
	return told(text)
}

func told(text string) string {
	if len(text) <= maxTold {
		return text
	}
	return strings.ToValidUTF8(text[:maxTold], "") + "…"
}

func toText(rights []Right) []string {
	var all []string
	for _, r := range Rights() { // in the order of the table, whatever the policy's
		if slices.Contains(rights, r) {
			all = append(all, string(r))
		}
	}
	return all
}

func rowKey(of Of, name string) string { return string(of) + "\x00" + name }

// NoteRights returns an entry for what the policy and a roster change since the last
// one, in as many parts as it takes. It is refused where nothing did. The station notes it by itself,
// before anybody works.
func (d *Duty) NoteRights(s *ledger.State, roster Roster, limits []Limit) ([]ledger.Draft, error) {
	now, err := d.rightsNow(roster, limits)
	if err != nil {
		return nil, fmt.Errorf("read who may do what: %w", err)
	}
	before := make(map[string]string)
	for k, v := range s.Rows(rights{}.Name()).From(nil) {
		before[string(k)] = string(v)
	}
	both := maps.Clone(before)
	maps.Copy(both, now)
	var changes []Change
	for _, k := range slices.Sorted(maps.Keys(both)) {
		if before[k] != now[k] {
			of, name, _ := strings.Cut(k, "\x00")
			changes = append(changes, Change{Of: Of(of), Name: name, Before: before[k], After: now[k]})
		}
	}
	if len(changes) == 0 {
		return nil, ledger.Refuse("staff.same_rights", "Nobody's rights changed.")
	}
	var drafts []ledger.Draft
	for part := range slices.Chunk(changes, maxChanges) {
		drafts = append(drafts, ledger.Draft{Kind: KindRights, Body: RightsChanged{part}})
	}
	return drafts, nil
}

// rights is the view of who may do what, as recorded last: what NUL name → in words.
type rights struct{}

func (rights) Name() string         { return "staff.rights" }
func (rights) Kinds() []ledger.Kind { return []ledger.Kind{KindRights} }

func (rights) Fold(t ledger.Table, e *ledger.Entry) error {
	body, err := ledger.Unpack[RightsChanged](e)
	if err != nil {
		return err
	}
	for _, c := range body.Changes {
		if k := []byte(rowKey(c.Of, c.Name)); c.After == "" {
			t.Delete(k)
		} else {
			t.Put(k, []byte(c.After))
		}
	}
	return nil
}

// Row is one right in the table of who may do what.
type Row struct {
	Right Right
	Words string // what it is, in a sentence
	// ByRole says yes, no, never (no policy can give it), or up to where.
	ByRole map[Role]string
}

// The answers of a Row, besides the amount of a limit.
const (
	Yes      = "yes"
	No       = "no"
	Never    = "never"
	Training = "training"
)

// Table is who may do what, for a supervisor to read: a row for each right, and in it
// an answer for each role. limits are those in force; today chooses among their dates.
func Table(p Policy, today ledger.Date, limits ...Limit) []Row {
	var all []Row
	for _, right := range Rights() {
		row := Row{Right: right, Words: right.Words(), ByRole: make(map[Role]string)}
		for _, role := range Roles() {
			answer := No
			switch {
			case slices.Contains(never(role), right):
				answer = Never
			case p.May(role, right) && role == Trainee:
				answer = Training
			case p.May(role, right):
				answer = Yes
				if most := limitOf(limits, role, right, today); most != "" {
					answer = "up to " + most
				}
			}
			row.ByRole[role] = answer
		}
		all = append(all, row)
	}
	return all
}

// limitOf is the limit in force on a date: the newest that has begun.
func limitOf(limits []Limit, role Role, right Right, today ledger.Date) string {
	of := slices.DeleteFunc(slices.Clone(limits), func(l Limit) bool { return l.Role != role || l.Right != right })
	return ledger.InForce(of, today, func(l Limit) ledger.Date { return l.From }).Most
}

// Words says what a right is.
func (r Right) Words() string {
	switch r {
	case TakeMoney:
		return "Open a drawer, take payments, close it; void and reverse with a second person"
	case Approve:
		return "Approve with one's own PIN what somebody else does"
	case SeeDay:
		return "Read what others did"
	case Receive:
		return "Sign visitors in and out, give numbers"
	case CountOthers:
		return "Count a drawer that somebody else works"
	case KeepSafe:
		return "Count the safe and move its change fund"
	case Bank:
		return "Make deposits, match the bank's statement, post returned checks"
	case Adjust:
		return "Change what an account owes, with a second person"
	}
	return string(r)
}
