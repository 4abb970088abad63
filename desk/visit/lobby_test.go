package visit_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/pelletier/go-toml/v2"

	"gatehouse/desk/staff"
	"gatehouse/desk/visit"
	"gatehouse/ledger"
)

// policyText is a lobby as a utility writes it down.
const policyText = `
languages = ["en", "es"]
presumed_kept = "4h"
closed = [20261126]

[[letters]]
station = "K1"
badge = "V"
service = { bill = "B", start = "S" }

[[letters]]
station = "K2"
badge = "W"
service = { bill = "C", start = "T" }

[[service]]
id = "bill"
names = { en = "Bill", es = "Factura" }

[[service]]
id = "start"
names = { en = "Start or stop service", es = "Iniciar o terminar el servicio" }

[[department]]
id = "engineering"
names = { en = "Engineering", es = "Ingeniería" }
escort = true

[[department]]
id = "board"
names = { en = "Board of directors", es = "Junta directiva" }

[[hours]]
from = 20260101
days = ["mon", "tue", "wed", "thu", "fri"]
opens = "08:00"
closes = "17:00"
source = "Resolution 2025-41"
`

// failer is a test, or a run of a property.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func parsePolicy(t failer, text string) visit.Policy {
	t.Helper()
	var p visit.Policy
	d := toml.NewDecoder(bytes.NewReader([]byte(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		t.Fatalf("policy: %v", err)
	}
	if err := p.Check(); err != nil {
		t.Fatalf("policy: %v", err)
	}
	return p
}

// lobby is a kiosk's ledger on disk, with a clock that the test sets.
type lobby struct {
	t      failer
	duty   *visit.Duty
	book   *ledger.Book
	now    time.Time
	random *rand.ChaCha8
}

// pacific is the utility's zone, without depending on the machine's table of
// zones.
func pacific() *time.Location { return time.FixedZone("PST", -8*3600) }

// openLobby opens a kiosk's ledger on Monday morning.
func openLobby(t failer, folder, station string) *lobby {
	t.Helper()
	l := &lobby{t: t, now: time.Date(2026, 11, 23, 9, 0, 0, 0, pacific()), random: rand.NewChaCha8([32]byte{1})}
	rights := map[staff.Role][]staff.Right{
		staff.Kiosk: {staff.Receive}, staff.CSS1: {staff.TakeMoney, staff.Receive}, staff.Auditor: {staff.SeeDay},
		staff.Supervisor: {staff.Approve},
	}
	people := &staff.Duty{Policy: staff.Policy{WrongPINs: 5, FirstLock: 1, LongestLock: 1, Rights: rights}}
	l.duty = &visit.Duty{Staff: people, Policy: parsePolicy(t, policyText), Location: pacific()}
	key, err := ledger.NewKey(l.random)
	if err != nil {
		t.Fatalf("key: %v", err)
	}
	l.book, err = ledger.Open(ledger.Options{
		Path: filepath.Join(folder, "ledger.db"), Station: ledger.StationID(station), Signer: key,
		Views: append(staff.Views(), visit.Views()...), Location: pacific(), Random: l.random,
		Clock: func() time.Time { return l.now },
	})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	return l
}

func newLobby(t *testing.T) *lobby {
	l := openLobby(t, t.TempDir(), "K1")
	t.Cleanup(func() { l.book.Close() })
	return l
}

func atKiosk() staff.Acting {
	return staff.Acting{Who: staff.Person{ID: "kiosk", Name: "Kiosk", Role: staff.Kiosk}}
}

func person(role staff.Role) staff.Acting {
	return staff.Acting{Who: staff.Person{ID: staff.ID("maria-" + role), Name: "Maria Lopez", Role: role}}
}

// do carries out a command through the ledger.
func (l *lobby) do(by staff.Acting, command any) ([]ledger.Entry, error) {
	l.t.Helper()
	id, err := ledger.NewCommandID(l.random)
	if err != nil {
		l.t.Fatalf("id: %v", err)
	}
	return l.again(id, by, command)
}

func (l *lobby) again(id ledger.CommandID, by staff.Acting, command any) ([]ledger.Entry, error) {
	return l.book.Commit(context.Background(), ledger.Command{ID: id, Actor: string(by.Who.ID), Input: command,
		Decide: func(s *ledger.State) ([]ledger.Draft, error) {
			switch c := command.(type) {
			case visit.TakeTicket:
				return l.duty.TakeTicket(s, by, c)
			case visit.SignIn:
				return l.duty.SignIn(s, by, c)
			case visit.SignOut:
				return l.duty.SignOut(s, by, c)
			case visit.PresumeLeft:
				return l.duty.PresumeLeft(s, by, c)
			case visit.PrintList:
				return l.duty.PrintList(s, by, c)
			default:
				return l.duty.Staff.SignIn(s, by, c.(staff.SignIn))
			}
		}})
}

// must carries out a command that is not refused.
func (l *lobby) must(by staff.Acting, command any) []ledger.Entry {
	l.t.Helper()
	out, err := l.do(by, command)
	if err != nil {
		l.t.Fatalf("%+v: %v", command, err)
	}
	return out
}

// receptionist signs somebody in who may sign visitors in and out.
func (l *lobby) receptionist() staff.Acting { return l.staff(staff.CSS1) }

func (l *lobby) staff(role staff.Role) staff.Acting {
	l.t.Helper()
	l.must(person(role), staff.SignIn{})
	return person(role)
}

func (l *lobby) ticket() visit.Ticket {
	l.t.Helper()
	return body[visit.Ticket](l.t, l.must(atKiosk(), visit.TakeTicket{Service: "bill", Language: "es"})[0])
}

func (l *lobby) signIn(name string) visit.SignedIn {
	l.t.Helper()
	return body[visit.SignedIn](l.t, l.must(atKiosk(), visit.SignIn{Name: name, Whom: "board", Language: "en"})[0])
}

// here is the numbers of who is in the building.
func (l *lobby) here() []visit.Present {
	l.t.Helper()
	var out []visit.Present
	err := l.book.Read(func(s *ledger.State) error {
		var err error
		out, err = l.duty.Here(s)
		return err
	})
	if err != nil {
		l.t.Fatalf("who is here: %v", err)
	}
	return out
}

func body[T any](t failer, e ledger.Entry) T {
	t.Helper()
	b, err := ledger.Unpack[T](&e)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return b
}

// refused fails unless an error is the refusal of a rule, about a field.
func refused(t failer, err error, code, field string) {
	t.Helper()
	r, ok := ledger.AsRefusal(err)
	if !ok || r.Code != code || r.Field != field {
		t.Fatalf("got %v (%+v), want the refusal %s about %q", err, r, code, field)
	}
}
