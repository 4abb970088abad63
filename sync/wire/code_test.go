package wire_test

import (
	"crypto/rand"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/sync/wire"
)

func TestCodesAreReadAsPeopleTypeThem(t *testing.T) {
	code, err := wire.DrawCode(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	written := code.String()
	typed := strings.ToLower(written)
	for name, one := range map[string]string{
		"as written": written, "small": typed, "without hyphens": strings.ReplaceAll(written, "-", ""), "blanks": strings.ReplaceAll(typed, "-", " "),
		"letters for digits": strings.NewReplacer("0", "O", "1", "l").Replace(written),
	} {
		if got, ok := wire.ReadCode(one); !ok || got != code {
			t.Errorf("%s: %q reads as %q", name, one, got)
		}
	}
	for _, no := range []string{"", "-", written[1:], written + "0", strings.Repeat("0", 1000), "U" + written[1:]} {
		if got, ok := wire.ReadCode(no); ok {
			t.Errorf("%q reads as %q", no, got)
		}
	}
}

func TestASlipInACodeIsFound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		code, err := wire.DrawCode(rand.Reader)
		if err != nil {
			rt.Fatal(err)
		}
		plain := strings.ReplaceAll(code.String(), "-", "")
		i := rapid.IntRange(0, len(plain)-1).Draw(rt, "place")
		other := rapid.SampledFrom(strings.Split("0123456789ABCDEFGHJKMNPQRSTVWXYZ", "")).Draw(rt, "symbol")
		if other == plain[i:i+1] {
			return
		}
		if _, ok := wire.ReadCode(plain[:i] + other + plain[i+1:]); ok {
			rt.Errorf("%s with %s in place %d is taken for a code", plain, other, i)
		}
	})
}

func FuzzReadCode(f *testing.F) {
	f.Add("K7QX-0123-4567-89AB-C")
	f.Add("oil")
	f.Fuzz(func(t *testing.T, typed string) {
		code, ok := wire.ReadCode(typed)
		if !ok {
			return
		}
		if again, ok := wire.ReadCode(code.String()); !ok || again != code {
			t.Errorf("%q reads as %q, and that as %q", typed, code, again)
		}
	})
}
