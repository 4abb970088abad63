package wire_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

func told() wire.Activity {
	return wire.Activity{After: "0123456789abcdef-17", Anew: true, Payments: []wire.Paid{
		{Log: ledger.LogID{1}, Station: "A2", Seq: 17, Micros: 1_800_000_000_000_000, Account: "01-2345-6", Amount: 40_00},
		{Log: ledger.LogID{1}, Station: "A2", Seq: 18, Micros: 1_800_000_000_000_001, Account: "01-2345-6", Amount: -40_00},
	}}
}

func TestActivityTravels(t *testing.T) {
	content, err := wire.PackActivity(told())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := wire.ReadActivity(content); err != nil || !reflect.DeepEqual(got, told()) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestActivityThatIsRefused(t *testing.T) {
	for name, change := range map[string]func(*wire.Activity){
		"a mark with a letter":  func(a *wire.Activity) { a.After = "g" },
		"a mark without end":    func(a *wire.Activity) { a.After = strings.Repeat("0", wire.MaxMark+1) },
		"no entry":              func(a *wire.Activity) { a.Payments[0].Seq = 0 },
		"no account":            func(a *wire.Activity) { a.Payments[0].Account = "" },
		"an account as a novel": func(a *wire.Activity) { a.Payments[0].Account = strings.Repeat("1", 33) },
		"no station":            func(a *wire.Activity) { a.Payments[0].Station = "a2" },
		"more than the world's": func(a *wire.Activity) { a.Payments[1].Amount = -1e13 - 1 },
		"too many":              func(a *wire.Activity) { a.Payments = make([]wire.Paid, wire.MaxPayments+1) },
	} {
		a := told()
		change(&a)
		if _, err := wire.PackActivity(a); !errors.Is(err, wire.ErrMalformed) && !errors.Is(err, wire.ErrSize) {
			t.Errorf("%s is packed: %v", name, err)
		}
		content, err := ledger.Pack(a)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := wire.ReadActivity(content); !errors.Is(err, wire.ErrMalformed) && !errors.Is(err, wire.ErrSize) {
			t.Errorf("%s is read: %v", name, err)
		}
	}
	if _, err := wire.ReadActivity(make([]byte, wire.MaxActivity+1)); !errors.Is(err, wire.ErrSize) {
		t.Errorf("an endless answer: %v", err)
	}
}

func FuzzActivity(f *testing.F) {
	content, err := wire.PackActivity(told())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(content)
	f.Add([]byte{0x84})
	f.Fuzz(func(t *testing.T, content []byte) {
		a, err := wire.ReadActivity(content)
		if err != nil {
			return
		}
		again, err := wire.PackActivity(a)
		if err != nil {
			t.Fatalf("%+v was read and is not packed: %v", a, err)
		}
		if b, err := wire.ReadActivity(again); err != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%+v and then %+v, %v", a, b, err)
		}
	})
}
