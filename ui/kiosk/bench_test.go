package kiosk_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/pelletier/go-toml/v2"

	"gatehouse/desk"
	"gatehouse/desk/staff"
	"gatehouse/desk/visit"
	"gatehouse/ledger"
	"gatehouse/ui/kiosk"
)

const policyText = `
languages = ["en", "es"]
presumed_kept = "4h"

[[letters]]
station = "K1"
badge = "V"
service = { bill = "B", question = "Q", start = "S" }

[[service]]
id = "bill"
names = { en = "Pay a bill", es = "Pagar un recibo" }
[[service]]
id = "question"
names = { en = "Question about a bill", es = "Pregunta sobre un recibo" }
[[service]]
id = "start"
names = { en = "Start, stop or move service", es = "Iniciar, terminar o mudar el servicio" }

[[department]]
id = "billing"
names = { en = "Customer service and billing", es = "Atención al cliente y facturación" }
[[department]]
id = "engineering"
names = { en = "Engineering", es = "Ingeniería" }
escort = true
[[department]]
id = "operations"
names = { en = "Operations and maintenance", es = "Operación y mantenimiento" }
[[department]]
id = "quality"
names = { en = "Water quality laboratory", es = "Laboratorio de calidad del agua" }
[[department]]
id = "finance"
names = { en = "Finance and purchasing", es = "Finanzas y compras" }
[[department]]
id = "people"
names = { en = "Human resources", es = "Recursos humanos" }
[[department]]
id = "manager"
names = { en = "General manager", es = "Gerencia general" }
[[department]]
id = "board"
names = { en = "Board of directors", es = "Junta directiva" }

[[hours]]
from = 20260101
days = ["mon", "tue", "wed", "thu", "fri"]
opens = "08:00"
closes = "17:00"
`

func pacific() *time.Location { return time.FixedZone("PST", -8*3600) }

func policy(t testing.TB) visit.Policy {
	t.Helper()
	var p visit.Policy
	if err := toml.Unmarshal([]byte(policyText), &p); err != nil {
		t.Fatal(err)
	}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	return p
}

// printer is a printer with or without paper.
type printer struct{ ready bool }

func (p *printer) Ready() bool { return p.ready }

// lobby is a kiosk's desk over a real ledger, with the duties of the lobby and
// a clock that the test sets.
type lobby struct {
	t       testing.TB
	book    *ledger.Book
	people  *staff.Duty
	visits  *visit.Duty
	printer *printer
	now     time.Time
	random  *rand.ChaCha8
	broken  error // what the disk says
	orders  []desk.Order
}

// roster is one person of the staff, with the PIN 2468.
type roster struct{ hash string }

func (r roster) Person(id staff.ID) (staff.Person, bool, error) {
	return staff.Person{ID: "maria", Name: "Maria Lopez", Role: staff.CSS1, PIN: r.hash}, id == "maria", nil
}

func (r roster) People() ([]staff.Person, error) {
	p, _, err := r.Person("maria")
	return []staff.Person{p}, err
}

func newLobby(t testing.TB) *lobby {
	t.Helper()
	l := &lobby{t: t, printer: &printer{ready: true}, random: rand.NewChaCha8([32]byte{7}),
		now: time.Date(2026, 11, 23, 12, 43, 0, 0, pacific())}
	hash, err := staff.HashPIN("2468", bytes.NewReader(make([]byte, 16)))
	if err != nil {
		t.Fatal(err)
	}
	l.people = &staff.Duty{Roster: roster{hash}, Policy: staff.Policy{WrongPINs: 5, FirstLock: staff.Duration(time.Minute), LongestLock: staff.Duration(time.Hour),
		Rights: map[staff.Role][]staff.Right{staff.Kiosk: {staff.Receive}, staff.CSS1: {staff.Receive}}}}
	l.visits = &visit.Duty{Staff: l.people, Policy: policy(t), Location: pacific()}
	key, err := ledger.NewKey(l.random)
	if err != nil {
		t.Fatal(err)
	}
	l.book, err = ledger.Open(ledger.Options{Path: filepath.Join(t.TempDir(), "ledger.db"), Station: "K1", Signer: key,
		Views: append(staff.Views(), visit.Views()...), Location: pacific(), Random: l.random, Clock: l.clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.book.Close() })
	return l
}

func (l *lobby) clock() time.Time { return l.now }

func (l *lobby) NewID() (ledger.CommandID, error) { return ledger.NewCommandID(l.random) }

func (l *lobby) Read(read func(*ledger.State) error) error { return l.book.Read(read) }

// Do carries out an order as the desk does.
func (l *lobby) Do(ctx context.Context, o desk.Order) ([]ledger.Entry, error) {
	l.orders = append(l.orders, o)
	if l.broken != nil {
		return nil, l.broken
	}
	by := staff.Acting{Who: staff.Person{ID: "kiosk", Name: "Kiosk", Role: staff.Kiosk}}
	if o.By != desk.KioskActor {
		var err error
		if by, err = l.acting(o); err != nil {
			return nil, err
		}
	}
	return l.book.Commit(ctx, ledger.Command{ID: o.ID, Actor: string(o.By), Input: o.Do,
		Decide: func(s *ledger.State) ([]ledger.Draft, error) {
			switch c := o.Do.(type) {
			case visit.TakeTicket:
				return l.visits.TakeTicket(s, by, c)
			case visit.SignIn:
				return l.visits.SignIn(s, by, c)
			case visit.SignOut:
				return l.visits.SignOut(s, by, c)
			case visit.PrintList:
				return l.visits.PrintList(s, by, c)
			case staff.SignIn:
				return l.people.SignIn(s, by, c)
			case staff.SignOut:
				return l.people.SignOut(s, by, c)
			}
			return nil, errors.New("no such command")
		}})
}

func (l *lobby) acting(o desk.Order) (by staff.Acting, err error) {
	if _, signIn := o.Do.(staff.SignIn); !signIn {
		by.Who, _, err = l.people.Roster.Person(o.By)
		return by, err
	}
	err = l.book.Read(func(s *ledger.State) error {
		var refused error
		by.Who, _, refused = l.people.CheckPIN(s, o.By, o.PIN)
		return refused
	})
	return by, err
}

// kinds lists what the ledger holds after its first entry.
func (l *lobby) kinds() []ledger.Kind {
	l.t.Helper()
	entries, err := l.book.Entries(2, 1000)
	if err != nil {
		l.t.Fatal(err)
	}
	var out []ledger.Kind
	for _, e := range entries {
		out = append(out, e.Kind)
	}
	return out
}

func (l *lobby) wrote(want ...ledger.Kind) {
	l.t.Helper()
	if got := l.kinds(); !slices.Equal(got, want) {
		l.t.Errorf("the ledger holds %v, want %v", got, want)
	}
}

// visitor walks through a flow, and runs what it asks for at once.
type visitor struct {
	*lobby
	flow *kiosk.Flow
}

func newVisitor(t testing.TB) *visitor {
	l := newLobby(t)
	return &visitor{l, kiosk.NewFlow(kiosk.FlowDeps{Policy: l.visits.Policy, Printer: l.printer, Now: l.clock, NewID: l.NewID})}
}

// does lets events happen one after the other.
func (v *visitor) does(events ...kiosk.Event) kiosk.Model {
	for _, e := range events {
		v.run(v.flow.Handle(e))
	}
	return v.flow.Model()
}

func (v *visitor) run(effects []kiosk.Effect) {
	for _, e := range effects {
		v.does(kiosk.Run(v.lobby, v.visits, e))
	}
}

// waits lets time pass, second by second.
func (v *visitor) waits(d time.Duration) kiosk.Model {
	for range int(d / time.Second) {
		v.now = v.now.Add(time.Second)
		v.does(kiosk.Tick{})
	}
	return v.flow.Model()
}
