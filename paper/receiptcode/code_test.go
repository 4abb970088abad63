package receiptcode_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
	"rsc.io/qr"

	"gatehouse/ledger"
	"gatehouse/paper/receiptcode"
)

// key is always the same, so that codes are.
func key(t testing.TB, seed byte) *ledger.Key {
	k, err := ledger.NewKey(bytes.NewReader(bytes.Repeat([]byte{seed}, 64)))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func example() receiptcode.Essentials {
	return receiptcode.Essentials{
		Deed: receiptcode.Payment, Station: "A1", Log: ledger.LogID{1, 2, 3}, Seq: 812_345, Receipt: 412_345,
		At: time.Date(2026, 11, 23, 20, 43, 5, 0, time.UTC), Total: 188_20, Taken: 48_123_456_78,
		Leaf: [16]byte{9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1, 2, 3, 4, 5, 6},
	}
}

func TestACodeIsReadBackAndProved(t *testing.T) {
	k := key(t, 1)
	text, err := receiptcode.Make(k, example())
	if err != nil {
		t.Fatal(err)
	}
	got, err := receiptcode.Check(text+"\r\n", k.Public())
	if err != nil || got != example() {
		t.Fatalf("%+v, %v", got, err)
	}
	again, _ := receiptcode.Make(k, example())
	if again != text {
		t.Error("a reprint would have another code")
	}
	if got.Number() != "A1-412345-1440" {
		t.Errorf("number %s", got.Number())
	}
}

func TestACodeIsSmallOnPaper(t *testing.T) {
	text, err := receiptcode.Make(key(t, 1), example())
	if err != nil {
		t.Fatal(err)
	}
	if len(text) > 188 {
		t.Errorf("%d characters", len(text))
	}
	code, err := qr.Encode(text, qr.M)
	if err != nil || code.Size > 49 {
		t.Errorf("%d modules a side, %v", code.Size, err)
	}
}

func TestAChangeOfOneCharacterIsFound(t *testing.T) {
	k := key(t, 1)
	text, err := receiptcode.Make(k, example())
	if err != nil {
		t.Fatal(err)
	}
	const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
	for i := range len(text) {
		for _, c := range []byte(alphabet) {
			changed := text[:i] + string(c) + text[i+1:]
			if changed == text {
				continue
			}
			if _, err := receiptcode.Check(changed, k.Public()); err == nil {
				t.Fatalf("character %d changed to %q went through", i, c)
			}
		}
	}
}

func TestWhatIsNotGenuine(t *testing.T) {
	k := key(t, 1)
	text, err := receiptcode.Make(k, example())
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text string
		key  ed25519.PublicKey
		want error
	}{
		"another station's key": {text, key(t, 2).Public(), receiptcode.ErrForged},
		"no key":                {text, nil, receiptcode.ErrForged},
		"half scanned":          {text[:len(text)/2], k.Public(), receiptcode.ErrNotACode},
		"nothing":               {"", k.Public(), receiptcode.ErrNotACode},
		"another code":          {"https://example.org", k.Public(), receiptcode.ErrNotACode},
		"small letters":         {strings.ToLower(text), k.Public(), receiptcode.ErrNotACode},
		"without end":           {text + strings.Repeat("0", 1000), k.Public(), receiptcode.ErrNotACode},
	} {
		if _, err := receiptcode.Check(c.text, c.key); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A signature made for the head of a log must not pass for a receipt.
func TestASignatureServesOnePurpose(t *testing.T) {
	k := key(t, 1)
	real, err := receiptcode.Make(k, example())
	if err != nil {
		t.Fatal(err)
	}
	other, err := receiptcode.Make(plain{k}, example())
	if err != nil {
		t.Fatal(err)
	}
	if real == other {
		t.Error("the signature does not cover its purpose")
	}
	if _, err := receiptcode.Check(other, k.Public()); !errors.Is(err, receiptcode.ErrForged) {
		t.Errorf("a signature without its purpose: %v", err)
	}
}

// plain signs what follows the purpose only.
type plain struct{ *ledger.Key }

func (p plain) Sign(m []byte) []byte {
	_, rest, _ := bytes.Cut(m, []byte{0})
	return p.Key.Sign(rest)
}

func TestWhatCannotBeWritten(t *testing.T) {
	for name, change := range map[string]func(*receiptcode.Essentials){
		"no station":  func(e *receiptcode.Essentials) { e.Station = "" },
		"no deed":     func(e *receiptcode.Essentials) { e.Deed = 0 },
		"a later one": func(e *receiptcode.Essentials) { e.Deed = receiptcode.Close + 1 },
		"no entry":    func(e *receiptcode.Essentials) { e.Seq = 0 },
		"no receipt":  func(e *receiptcode.Essentials) { e.Receipt = 0 },
		"owed":        func(e *receiptcode.Essentials) { e.Total = -1 },
		"before time": func(e *receiptcode.Essentials) { e.At = time.Unix(-1, 0) },
	} {
		e := example()
		change(&e)
		if _, err := receiptcode.Make(key(t, 1), e); err == nil {
			t.Errorf("%s was written", name)
		}
	}
}

func TestEveryEssentialSurvives(t *testing.T) {
	k := key(t, 1)
	rapid.Check(t, func(t *rapid.T) {
		seq := rapid.Uint64Range(1, 1<<62).Draw(t, "seq")
		want := receiptcode.Essentials{
			Deed:     receiptcode.Deed(rapid.IntRange(1, 4).Draw(t, "deed")),
			Training: rapid.Bool().Draw(t, "training"),
			Station:  ledger.StationID(rapid.StringMatching(`[A-Z][A-Z0-9]{0,7}`).Draw(t, "station")),
			Seq:      seq, Receipt: rapid.Uint64Range(1, seq).Draw(t, "receipt"),
			At:    time.Unix(rapid.Int64Range(0, 253402300799).Draw(t, "at"), 0).UTC(),
			Total: ledger.Cents(rapid.Int64Min(0).Draw(t, "total")),
			Taken: ledger.Cents(rapid.Int64Min(0).Draw(t, "taken")),
		}
		copy(want.Log[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "log"))
		copy(want.Leaf[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "leaf"))
		text, err := receiptcode.Make(k, want)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := receiptcode.Check(text, k.Public()); err != nil || got != want {
			t.Fatalf("%+v, %v", got, err)
		}
	})
}

func FuzzRead(f *testing.F) {
	k := key(f, 1)
	text, err := receiptcode.Make(k, example())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add("GH1:")
	f.Add("GH1:000")
	f.Fuzz(func(t *testing.T, text string) {
		e, err := receiptcode.Read(text)
		if err != nil {
			return
		}
		if _, err := receiptcode.Make(k, e); err != nil {
			t.Errorf("read what cannot be written: %v", err)
		}
		if (e.Number() == "") != (e.Deed == receiptcode.Close) {
			t.Error("a receipt without a number")
		}
	})
}

func BenchmarkMake(b *testing.B) {
	k, e := key(b, 1), example()
	for b.Loop() {
		if _, err := receiptcode.Make(k, e); err != nil {
			b.Fatal(err)
		}
	}
}
