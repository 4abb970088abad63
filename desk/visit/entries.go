package visit

import "gatehouse/ledger"

// The entries of this duty.
const (
	KindTicket      ledger.Kind = "visit.ticket_taken.v1"
	KindSignedIn    ledger.Kind = "visit.signed_in.v1"
	KindSignedOut   ledger.Kind = "visit.signed_out.v1"
	KindListPrinted ledger.Kind = "visit.list_printed.v1"
)

// Number is what is called or worn: a capital letter and three digits, "B042".
type Number string

// Language is a language of visitors, by its two letters: "en".
type Language string

// Ticket is the body of KindTicket. It has all that the paper shows; when it was
// taken is the entry's own time.
type Ticket struct {
	Number      Number   `json:"number"`
	Service     string   `json:"service"`      // id in the policy
	ServiceName string   `json:"service_name"` // in the visitor's language
	Language    Language `json:"language"`
}

// BadgeKind says how far a badge lets a visitor go.
type BadgeKind string

// The kinds of badge.
const (
	Visitor  BadgeKind = "visitor"
	Escorted BadgeKind = "escorted" // not without somebody of the staff
)

// SignedIn is the body of KindSignedIn. It has all that the badge shows.
type SignedIn struct {
	Number   Number    `json:"number"`
	Name     string    `json:"name"`
	Company  string    `json:"company,omitempty"`
	Whom     string    `json:"whom"`      // department, its id in the policy
	WhomName string    `json:"whom_name"` // the department in the visitor's language
	WhomDesk string    `json:"whom_desk"` // and in the office's own
	Person   string    `json:"person,omitempty"`
	Badge    BadgeKind `json:"badge"`
	Language Language  `json:"language"`
}

// How says how a visit ended.
type How string

// The ways a visit ends.
const (
	ByKiosk  How = "kiosk"    // the visitor, at the kiosk
	ByStaff  How = "staff"    // somebody of the staff saw them leave
	Presumed How = "presumed" // nobody saw it
)

// SignedOut is the body of KindSignedOut.
type SignedOut struct {
	Number Number `json:"number"`
	Of     uint64 `json:"of"` // number of the entry that signed the visitor in
	How    How    `json:"how"`
}

// ListPrinted is the body of KindListPrinted: one sheet of the muster list. A
// long list has several, in one command.
type ListPrinted struct {
	Sheet   int   `json:"sheet"`   // from 1
	Sheets  int   `json:"sheets"`  // of the whole list
	In      int   `json:"in"`      // visitors signed in, on all sheets
	Left    int   `json:"left"`    // presumed left and still listed, on all sheets
	Tickets int   `json:"tickets"` // numbers taken today without a name: some of them wait in the lobby
	Rows    []Row `json:"rows"`
}

// Row is one visitor on the muster list.
type Row struct {
	Number  Number    `json:"number"`
	Name    string    `json:"name"`
	Company string    `json:"company,omitempty"`
	Whom    string    `json:"whom"` // in the office's own language
	Person  string    `json:"person,omitempty"`
	Badge   BadgeKind `json:"badge"`
	Since   int64     `json:"since"`          // signed in: microseconds since 1970 UTC
	Left    int64     `json:"left,omitempty"` // presumed left: microseconds since 1970 UTC; 0 while signed in
}
