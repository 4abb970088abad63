package kiosk_test

import (
	"context"
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
names = { en = "Pay a bill", es = "Pagar una factura" }
[[service]]
id = "question"
names = { en = "Question about a bill", es = "Pregunta sobre una factura" }
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

const zone = "America/Los_Angeles"

func pacific(t testing.TB) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

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

// lobby is a kiosk's desk over a real ledger, with a clock that the test sets
// and a disk that can refuse.
type lobby struct {
	*desk.Desk
	t       testing.TB
	printer *printer
	now     time.Time
	broken  error        // what the disk says
	orders  []desk.Order // given so far
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
	random := rand.NewChaCha8([32]byte{7})
	l := &lobby{t: t, printer: &printer{ready: true}, now: time.Date(2026, 11, 23, 12, 43, 0, 0, pacific(t))}
	hash, err := staff.HashPIN("2468", random)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ledger.NewKey(random)
	if err != nil {
		t.Fatal(err)
	}
	l.Desk, err = desk.Open(desk.Options{
		Ledger: ledger.Options{Path: filepath.Join(t.TempDir(), "ledger.db"), Station: "K1", Signer: key, Random: random, Clock: l.clock},
		Policy: desk.Policy{Utility: desk.Utility{Name: "Cedar Valley Water District", TimeZone: zone}, Visit: policy(t),
			Staff: staff.Policy{WrongPINs: 5, FirstLock: staff.Duration(time.Minute), LongestLock: staff.Duration(time.Hour),
				Rights: map[staff.Role][]staff.Right{staff.Kiosk: {staff.Receive}, staff.CSS1: {staff.Receive}}}},
		Roster: roster{hash}, Kiosk: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func (l *lobby) clock() time.Time { return l.now }

// Do carries out an order, unless the disk refuses.
func (l *lobby) Do(ctx context.Context, o desk.Order) ([]ledger.Entry, error) {
	l.orders = append(l.orders, o)
	if l.broken != nil {
		return nil, l.broken
	}
	return l.Desk.Do(ctx, o)
}

// kinds lists what the ledger holds after its first entry.
func (l *lobby) kinds() []ledger.Kind {
	l.t.Helper()
	entries, err := l.Book.Entries(2, 1000)
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
	return &visitor{l, kiosk.NewFlow(kiosk.FlowDeps{Policy: l.Visit.Policy, Printer: l.printer, Now: l.clock, NewID: l.NewID})}
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
		v.does(kiosk.Run(v.lobby, v.Visit, e))
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
