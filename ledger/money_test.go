package ledger_test

import (
	"testing"

	"pgregory.net/rapid"

	"gatehouse/ledger"
)

func TestAmountsAsPeopleTypeThem(t *testing.T) {
	for typed, want := range map[string]ledger.Cents{
		"188.20": 18820, "188": 18800, "188.2": 18820, "1,204.11": 120411, "1204.11": 120411,
		"0.05": 5, ".05": 5, "0": 0, "00012.00": 1200, " 12.00 ": 1200, "9,999,999.99": 999_999_999, "12,345": 1_234_500,
	} {
		if got, err := ledger.ParseAmount(typed); err != nil || got != want {
			t.Errorf("%q: got %s, %v; want %s", typed, got, err, want)
		}
	}
	for typed, code := range map[string]string{
		"": "amount.empty", "  ": "amount.empty",
		"-5": "amount.negative", "\u22125": "amount.negative", "(5.00)": "amount.negative",
		"1,234.5.6": "amount.malformed", "1,23.00": "amount.malformed", ",123": "amount.malformed", "1,,234": "amount.malformed",
		".": "amount.malformed", "12,34,567": "amount.malformed", "1.234,56": "amount.malformed",
		"5.": "amount.cents", "5.123": "amount.cents",
		"9999999999": "amount.too_large", "10,000,000.00": "amount.too_large",
		"five": "amount.not_digits", "$5.00": "amount.not_digits", "5e3": "amount.not_digits", "+5": "amount.not_digits",
		"\u0661\u0662": "amount.not_digits", "\uff15.00": "amount.not_digits", "1 000": "amount.not_digits", "12\n13": "amount.not_digits",
		"12345678901234567890123456789012345678901234567890123456789012345": "amount.too_long",
	} {
		if got, err := ledger.ParseAmount(typed); refusalCode(err) != code {
			t.Errorf("%q: got %s, %v; want the refusal %s", typed, got, err, code)
		}
	}
}

func TestAmountsAreReadAsTheyAreWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := ledger.Cents(rapid.Int64Range(0, int64(ledger.MaxAmount)).Draw(t, "cents"))
		for _, written := range []string{c.String(), c.Plain()} {
			if got, err := ledger.ParseAmount(written); err != nil || got != c {
				t.Fatalf("%q: got %d, %v; want %d", written, got, err, c)
			}
		}
	})
}

func TestAmountsNeverWrapAround(t *testing.T) {
	const most = ledger.Cents(1<<63 - 1)
	for name, sum := range map[string]func(){
		"plus":  func() { most.Plus(1) },
		"minus": func() { (-most).Plus(-2) },
		"times": func() { most.Times(2) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s wrapped around", name)
				}
			}()
			sum()
		}()
	}
	if got := ledger.Cents(-5).String(); got != "-0.05" {
		t.Errorf("got %s", got)
	}
	if got := (-most - 1).Plain(); got != "-92233720368547758.08" {
		t.Errorf("got %s", got)
	}
}

func FuzzParseAmount(f *testing.F) {
	for _, s := range []string{"188.20", "1,204.11", "-1", "٣", "..", ","} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		c, err := ledger.ParseAmount(typed)
		if err == nil && (c < 0 || c > ledger.MaxAmount) {
			t.Errorf("%q is %s", typed, c)
		}
		if err != nil && refusalCode(err) == "" {
			t.Errorf("%q: %v is not a refusal", typed, err)
		}
	})
}

func FuzzDecodeEntry(f *testing.F) {
	f.Add([]byte{0x8f, 0x01})
	f.Fuzz(func(t *testing.T, raw []byte) {
		if e, err := ledger.DecodeEntry(raw); err == nil && e.Seq == 0 {
			t.Error("an entry without a number was accepted")
		}
	})
}

func TestReceiptNumbers(t *testing.T) {
	leaf := ledger.LeafOf([]byte("x"))
	no := ledger.MakeReceiptNo("A1", 123, leaf)
	if s, n, err := no.Count(); s != "A1" || n != 123 || err != nil {
		t.Errorf("%s: %s, %d, %v", no, s, n, err)
	}
	if s, n, err := ledger.ReceiptNo("A1-000123").Count(); s != "A1" || n != 123 || err != nil {
		t.Errorf("without its symbols: %s, %d, %v", s, n, err)
	}
	for _, bad := range []ledger.ReceiptNo{"", "A1", "A1-", "A1-0", "A1-12x", "A1--5", "A1-000123-K7", "a1-000123", "A1-000123-K7QX-X", "A1-99999999999999999999", "A1-+5"} {
		if s, n, err := bad.Count(); err == nil {
			t.Errorf("%q was read as %s, %d", bad, s, n)
		}
	}
}
