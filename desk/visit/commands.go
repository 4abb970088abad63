package visit

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// Duty is the lobby, with what it depends on.
type Duty struct {
	Staff  *staff.Duty
	Policy Policy
	// Location is the utility's time zone, for dates and opening hours. Nil is
	// UTC, as in the ledger.
	Location *time.Location
}

// TakeTicket gives a number to be called by. It asks for no name.
type TakeTicket struct {
	Service  string   `json:"service" doc:"service, as in the policy: bill"`
	Language Language `json:"language" doc:"language of the paper, as in the policy: en"`
}

// SignIn signs a visitor in and gives them a badge.
type SignIn struct {
	Name     string   `json:"name" doc:"the visitor's name"`
	Company  string   `json:"company,omitempty" doc:"whom they come from"`
	Whom     string   `json:"whom" doc:"department they visit, as in the policy: engineering"`
	Person   string   `json:"person,omitempty" doc:"person they visit, if they said"`
	Language Language `json:"language" doc:"language of the badge, as in the policy: en"`
}

// SignOut signs a visitor out who is seen to leave.
type SignOut struct {
	Number Number `json:"number" doc:"number of the badge: V007, or only 7"`
}

// PresumeLeft says that visitors have probably left and nobody saw it.
type PresumeLeft struct {
	Numbers []Number `json:"numbers" doc:"numbers of their badges, at most 32"`
}

// PrintList prints who is in the building.
type PrintList struct{}

// Bounds of what is typed and listed.
const (
	MaxName     = 60 // characters of a visitor's name, company, or person visited
	maxPresumed = 32 // visitors presumed to have left in one command
	sheetRows   = 40 // visitors on one sheet; with the longest names it is half an entry
	maxSheets   = 32 // sheets of one list, an entry each
)

// TakeTicket gives the next number of a service.
func (d *Duty) TakeTicket(s *ledger.State, by staff.Acting, c TakeTicket) ([]ledger.Draft, error) {
	if err := d.Staff.Require(s, by, staff.Receive); err != nil {
		return nil, err
	}
	if err := d.language(c.Language); err != nil {
		return nil, err
	}
	letters, err := d.Policy.letters(s.Station())
	if err != nil {
		return nil, err
	}
	service, found := d.Policy.service(c.Service)
	if !found {
		return nil, ledger.Refuse("visit.no_such_service", "There is no such service here. Choose one from the list.").At("service")
	}
	if !d.Policy.OpenAt(d.local(s)) {
		return nil, ledger.Refuse("visit.closed", "The office is closed now. Please come back during opening hours.")
	}
	number, err := d.next(s, letters.Service[service.ID][0])
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{
		Kind: KindTicket, Date: d.Today(s),
		Body: Ticket{Number: number, Service: service.ID, ServiceName: service.Names[c.Language], Language: c.Language},
	}}, nil
}

// SignIn signs a visitor in, open hours or not: who is in the building is a
// matter of safety.
func (d *Duty) SignIn(s *ledger.State, by staff.Acting, c SignIn) ([]ledger.Draft, error) {
	if err := d.Staff.Require(s, by, staff.Receive); err != nil {
		return nil, err
	}
	if err := d.language(c.Language); err != nil {
		return nil, err
	}
	letters, err := d.Policy.letters(s.Station())
	if err != nil {
		return nil, err
	}
	body := SignedIn{Badge: Visitor, Language: c.Language}
	if body.Name, err = CheckName(c.Name); err != nil {
		return nil, err
	}
	if body.Company, err = CheckText("company", c.Company); err != nil {
		return nil, err
	}
	if body.Person, err = CheckText("person", c.Person); err != nil {
		return nil, err
	}
	whom, found := d.Policy.department(c.Whom)
	if !found {
		return nil, ledger.Refuse("visit.no_such_department", "Choose whom you visit from the list.").At("whom")
	}
	body.Whom, body.WhomName, body.WhomDesk = whom.ID, whom.Names[c.Language], whom.Names[d.Policy.Languages[0]]
	if whom.Escort {
		body.Badge = Escorted
	}
	if body.Number, err = d.next(s, letters.Badge[0]); err != nil {
		return nil, err
	}
	return []ledger.Draft{{Kind: KindSignedIn, Date: d.Today(s), Body: body}}, nil
}

// SignOut signs a visitor out: at the kiosk by the visitor, elsewhere by staff.
func (d *Duty) SignOut(s *ledger.State, by staff.Acting, c SignOut) ([]ledger.Draft, error) {
	if err := d.Staff.Require(s, by, staff.Receive); err != nil {
		return nil, err
	}
	how := ByStaff
	if by.Who.Role == staff.Kiosk {
		how = ByKiosk
	}
	p, err := d.wearing(s, c.Number)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Kind: KindSignedOut, Date: d.Today(s), Body: SignedOut{Number: p.Number, Of: p.Seq, How: how}}}, nil
}

// PresumeLeft records a guess of the staff, never a visitor's own act.
func (d *Duty) PresumeLeft(s *ledger.State, by staff.Acting, c PresumeLeft) ([]ledger.Draft, error) {
	if err := d.staffOnly(s, by, staff.Receive); err != nil {
		return nil, err
	}
	if len(c.Numbers) == 0 || len(c.Numbers) > maxPresumed {
		return nil, ledger.Refuse("visit.how_many", "Choose 1 to {most} visitors.", "most", fmt.Sprint(maxPresumed)).At("numbers")
	}
	var out []ledger.Draft
	seen := map[Number]bool{}
	for _, n := range c.Numbers {
		p, err := d.wearing(s, n)
		if err != nil {
			return nil, err
		}
		if p.Left != 0 || seen[p.Number] {
			return nil, ledger.Refuse("visit.already_presumed", "Number {number} is already presumed to have left.", "number", string(p.Number)).At("numbers")
		}
		seen[p.Number] = true
		out = append(out, ledger.Draft{Kind: KindSignedOut, Date: d.Today(s), Body: SignedOut{Number: p.Number, Of: p.Seq, How: Presumed}})
	}
	return out, nil
}

// PrintList records and prints who is in the building, as many sheets as it
// takes.
func (d *Duty) PrintList(s *ledger.State, by staff.Acting, _ PrintList) ([]ledger.Draft, error) {
	if err := d.staffOnly(s, by, staff.Receive, staff.SeeDay); err != nil {
		return nil, err
	}
	here, err := d.Here(s)
	if err != nil {
		return nil, err
	}
	if len(here) > sheetRows*maxSheets {
		return nil, ledger.Refuse("visit.list_too_long", "More than {most} visitors are signed in. First presume left who has gone.", "most", fmt.Sprint(sheetRows*maxSheets))
	}
	body := ListPrinted{}
	for _, p := range here {
		if p.Left == 0 {
			body.In++
		} else {
			body.Left++
		}
	}
	if err := Tickets(s, d.Today(s), func(OpenTicket) bool { body.Tickets++; return true }); err != nil {
		return nil, err
	}
	sheets := slices.Collect(slices.Chunk(rowsOf(here), sheetRows))
	if len(sheets) == 0 {
		sheets = [][]Row{nil} // nobody is here: that too is worth a paper
	}
	var out []ledger.Draft
	for i, rows := range sheets {
		body.Sheet, body.Sheets, body.Rows = i+1, len(sheets), rows
		out = append(out, ledger.Draft{Kind: KindListPrinted, Date: d.Today(s), Body: body})
	}
	return out, nil
}

func rowsOf(here []Present) []Row {
	rows := make([]Row, 0, len(here))
	for _, p := range here {
		rows = append(rows, Row{Number: p.Number, Name: p.Name, Company: p.Company, Whom: p.WhomDesk,
			Person: p.Person, Badge: p.Badge, Since: p.At, Left: p.Left})
	}
	return rows
}

// staffOnly wants a person of the staff with one of the rights; the kiosk
// itself never sees who is here.
func (d *Duty) staffOnly(s *ledger.State, by staff.Acting, rights ...staff.Right) error {
	if by.Who.Role == staff.Kiosk {
		return ledger.Refuse("visit.staff_only", "This is for the staff. Sign in with your PIN first.")
	}
	if err := d.Staff.Require(s, by, ""); err != nil {
		return err
	}
	may := func(r staff.Right) bool { return d.Staff.Policy.May(by.Who.Role, r) }
	if slices.ContainsFunc(rights, may) {
		return nil
	}
	return d.Staff.Require(s, by, rights[0])
}

// Today is the business date at the station.
func (d *Duty) Today(s *ledger.State) ledger.Date { return ledger.DateOf(d.local(s)) }

func (d *Duty) local(s *ledger.State) time.Time {
	if d.Location == nil {
		return s.Now().UTC()
	}
	return s.Now().In(d.Location)
}

// next is the next number of a letter today that nobody in the building wears.
func (d *Duty) next(s *ledger.State, letter byte) (Number, error) {
	for n := Given(s, d.Today(s), letter) + 1; n <= lastNumber; n++ {
		number := makeNumber(letter, n)
		p, worn, err := Wearing(s, number)
		if err != nil {
			return "", err
		}
		if !worn || !d.listed(s, p) {
			return number, nil
		}
	}
	return "", ledger.Refuse("visit.numbers_used_up", "All numbers of today are used. Please go to the counter.")
}

// wearing finds who has a badge by what was typed: the whole number, or only
// its digits.
func (d *Duty) wearing(s *ledger.State, typed Number) (Present, error) {
	letters, err := d.Policy.letters(s.Station())
	if err != nil {
		return Present{}, err
	}
	n, err := wholeNumber(typed, letters.Badge)
	if err != nil {
		return Present{}, err
	}
	p, here, err := Wearing(s, n)
	if err == nil && !here {
		err = ledger.Refuse("visit.not_here", "No visitor with the number {number} is signed in here. Look at the number on your badge, or ask at the counter.", "number", string(n)).At("number")
	}
	return p, err
}

func wholeNumber(typed Number, badge string) (Number, error) {
	text := strings.ToUpper(strings.TrimSpace(string(typed)))
	if len(text) >= 1 && len(text) <= 3 && strings.Trim(text, "0123456789") == "" {
		text = badge + "00"[:3-len(text)] + text
	}
	n := Number(text)
	if _, count, err := n.split(); err != nil || count == 0 {
		return "", ledger.Refuse("visit.not_a_number", "Type the number on your badge, like {example}.", "example", badge+"007").At("number")
	}
	return n, nil
}

func (d *Duty) language(l Language) error {
	if !slices.Contains(d.Policy.Languages, l) {
		return ledger.Refuse("visit.no_such_language", "This language is not offered here. Choose one from the list.").At("language")
	}
	return nil
}
