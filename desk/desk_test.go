package desk_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

func expect(t *testing.T, what string, err error, code string) {
	t.Helper()
	if got := Code(err); got != code {
		t.Errorf("%s: got %q (%v), want %q", what, got, err, code)
	}
}

func onePayment() cash.TakePayment {
	return cash.TakePayment{Pay: []cash.Pay{{Account: Garcia, Amount: 10_00}}, Tenders: []cash.Tender{{Kind: cash.Cash, Amount: 20_00}}}
}

func TestTheSameOrderGivesTheSameEntries(t *testing.T) {
	s := New(t, Options{})
	s.Morning(Maria, "1")
	id, err := s.NewID()
	if err != nil {
		t.Fatal(err)
	}
	order := desk.Order{ID: id, By: Maria, Do: onePayment()}
	first, err := s.Order(order)
	if err != nil {
		t.Fatal(err)
	}
	head := s.Book.Head()
	s.Options.Offline = true // how it stands with central is not what was asked
	again, err := s.Order(order)
	if err != nil || len(again) != len(first) || again[0].Leaf != first[0].Leaf || s.Book.Head() != head {
		t.Errorf("repeated: %v, %v", again, err)
	}
	for name, other := range map[string]desk.Order{
		"another amount":   {ID: id, By: Maria, Do: cash.TakePayment{Pay: []cash.Pay{{Account: Garcia, Amount: 10_01}}, Tenders: onePayment().Tenders}},
		"another person":   {ID: id, By: Tom, Do: onePayment()},
		"another command":  {ID: id, By: Maria, Do: cash.XReportCommand{}},
		"another approver": {ID: id, By: Maria, Do: onePayment(), Approver: Ana, ApproverPIN: PIN},
	} {
		_, err := s.Order(other)
		expect(t, name, err, "ledger.command_reused")
	}
	if _, err := s.Desk.Do(context.Background(), desk.Order{By: Maria, Do: onePayment()}); err == nil {
		t.Error("an order without an id was carried out")
	}
	s.Verify()
}

func TestARefusedOrderMayBeGivenAgain(t *testing.T) {
	s := New(t, Options{})
	s.SignIn(Maria)
	id, err := s.NewID()
	if err != nil {
		t.Fatal(err)
	}
	order := desk.Order{ID: id, By: Maria, Do: onePayment()}
	_, err = s.Order(order)
	expect(t, "without a drawer", err, "cash.no_session")
	s.Do(Maria, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)})
	if _, err := s.Order(order); err != nil {
		t.Errorf("the same order, with a drawer: %v", err)
	}
}

func TestCommandsNobodyKnows(t *testing.T) {
	s := New(t, Options{})
	for _, do := range []any{nil, 5, "cash.x_report", struct{}{}, &cash.XReportCommand{}, []cash.XReportCommand{}, cash.Payment{}} {
		_, err := s.Try(Maria, do)
		if _, refused := ledger.AsRefusal(err); err == nil || refused || !strings.Contains(err.Error(), "has no command") {
			t.Errorf("%T: %v", do, err)
		}
	}
	if got := s.Book.Head().Seq; got != 1 {
		t.Errorf("%d entries", got)
	}
}

func TestOnlyATrainingLedgerTakesATime(t *testing.T) {
	at := Began().Add(-24 * time.Hour)
	real := New(t, Options{})
	real.Morning(Maria, "1")
	_, err := real.Order(desk.Order{By: Maria, Do: onePayment(), At: at})
	expect(t, "a real ledger", err, "ledger.time_is_the_clocks at at")
	training := New(t, Options{Training: true})
	training.Morning(Maria, "1")
	entries, err := training.Order(desk.Order{By: Maria, Do: onePayment(), At: at})
	if err != nil || !entries[0].At().Equal(at) {
		t.Errorf("a training ledger: %v, %v", entries, err)
	}
	training.Verify()
}

// each walks the texts that a command of a type can hold, one at a time, and
// hands over a command with only that one set, and the field's name.
func each(t reflect.Type, text string, take func(command reflect.Value, field string)) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		set := func(v reflect.Value, field string) {
			command := reflect.New(t).Elem()
			command.Field(i).Set(v)
			take(command, field)
		}
		switch f.Type.Kind() {
		case reflect.String:
			set(reflect.ValueOf(text).Convert(f.Type), name)
		case reflect.Struct:
			each(f.Type, text, set)
		case reflect.Slice:
			list := func(v reflect.Value, field string) {
				set(reflect.Append(reflect.MakeSlice(f.Type, 3, 4), v), field)
			}
			switch item := f.Type.Elem(); item.Kind() {
			case reflect.String:
				list(reflect.ValueOf(text).Convert(item), name)
			case reflect.Struct:
				each(item, text, list)
			}
		}
	}
}

func TestACardNumberIsRefusedInEveryTextOfEveryCommand(t *testing.T) {
	s := New(t, Options{Kiosk: true})
	s.Morning(Maria, "1")
	before := s.Book.Head()
	texts := 0
	for _, spec := range s.Commands() {
		each(reflect.TypeOf(spec.New()).Elem(), "my card is 4111 1111 1111 1111, 12/28", func(command reflect.Value, field string) {
			texts++
			for _, by := range []staff.ID{Maria, desk.KioskActor, desk.StationActor} {
				_, err := s.Try(by, command.Interface())
				expect(t, spec.Name+" by "+string(by), err, "card.refused at "+field)
				if err != nil && strings.Contains(err.Error(), "4111") {
					t.Errorf("%s: the refusal repeats the number", spec.Name)
				}
			}
		})
	}
	if texts < 15 {
		t.Errorf("only %d texts were tried", texts)
	}
	if s.Book.Head() != before {
		t.Error("something was written")
	}
}

func TestEveryCommandIsDescribed(t *testing.T) {
	s := New(t, Options{})
	seen := map[string]bool{}
	for _, spec := range s.Commands() {
		if seen[spec.Name] || spec.Doc == "" || !strings.Contains(spec.Name, ".") || spec.Name != strings.ToLower(spec.Name) {
			t.Errorf("command %q: %q", spec.Name, spec.Doc)
		}
		seen[spec.Name] = true
		describe(t, spec.Name, spec.Fields)
	}
	for _, name := range []string{"staff.sign_in", "staff.sign_out", "cash.open_drawer", "cash.take_payment", "cash.void_payment",
		"cash.reverse_payment", "cash.no_sale", "cash.x_report", "cash.close_drawer", "cash.note_unasked"} {
		if !seen[name] {
			t.Errorf("there is no %s", name)
		}
	}
}

func describe(t *testing.T, command string, fields []desk.Field) {
	t.Helper()
	for _, f := range fields {
		if f.Doc == "" || f.Type == "" || f.Name == "" || f.Name != strings.ToLower(f.Name) {
			t.Errorf("%s: field %q of type %q is described as %q", command, f.Name, f.Type, f.Doc)
		}
		describe(t, command, f.Fields)
	}
}

// fill gives every field a value that is not its zero.
func fill(v reflect.Value, n *int64) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("text %d", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64, reflect.Int32:
		v.SetInt(*n)
	case reflect.Uint64, reflect.Uint32, reflect.Uint8:
		v.SetUint(uint64(*n))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	default:
		panic("a command has a field of kind " + v.Kind().String())
	}
}

func TestEveryCommandGoesThroughJSON(t *testing.T) {
	for _, spec := range New(t, Options{}).Commands() {
		command, n := spec.New(), int64(0)
		fill(reflect.ValueOf(command).Elem(), &n)
		text, err := json.Marshal(command)
		if err != nil {
			t.Fatalf("%s: %v", spec.Name, err)
		}
		again := spec.New()
		if err := json.Unmarshal(text, again); err != nil || !reflect.DeepEqual(command, again) {
			t.Errorf("%s: %s reads as %+v, %v; was %+v", spec.Name, text, again, err, command)
		}
		if strings.Contains(string(text), `"Amount"`) || strings.Contains(string(text), `"Value"`) {
			t.Errorf("%s has a field without a name of its own: %s", spec.Name, text)
		}
	}
	// Amounts are dollars and cents in quotes.
	text, err := json.Marshal(onePayment())
	if want := `{"pay":[{"account":"01-2345-6","amount":"10.00"}],"tenders":[{"kind":"cash","amount":"20.00"}]}`; err != nil || string(text) != want {
		t.Errorf("%s, %v; want %s", text, err, want)
	}
	for _, bad := range []string{`{"account":"01","amount":10}`, `{"account":"01","amount":"ten"}`, `{"account":"01","amount":"1e3"}`} {
		var p cash.Pay
		if err := json.Unmarshal([]byte(bad), &p); err == nil {
			t.Errorf("%s reads as %+v", bad, p)
		}
	}
}

type remark struct {
	Text map[string]*any `json:"text"`
}

func TestAFollowersCommandIsACommand(t *testing.T) {
	s := New(t, Options{})
	asked := errors.New("asked")
	desk.Register(s.Desk, "paper.remark", "Says something.", func(*ledger.State, staff.Acting, remark) ([]ledger.Draft, error) { return nil, asked })
	s.SignIn(Maria)
	var number any = []any{"4111111111111111"}
	_, err := s.Try(Maria, remark{Text: map[string]*any{"x": &number}})
	expect(t, "a card number in the depth of it", err, "card.refused at text")
	_, err = s.Try(Maria, remark{Text: map[string]*any{"4111111111111111": nil}})
	expect(t, "a card number as a key", err, "card.refused at text")
	if _, err = s.Try(Maria, remark{}); !errors.Is(err, asked) {
		t.Errorf("the rule was not asked: %v", err)
	}
	_, err = s.Try(desk.StationActor, remark{})
	expect(t, "the station", err, "staff.needs_a_person")
}
