package wire_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/sync/wire"
)

func TestPinsTravelUnchanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pins := rapid.SliceOfN(rapid.Map(rapid.SliceOfN(rapid.Byte(), 32, 32), func(b []byte) wire.Pin { return wire.Pin(b) }), 1, wire.MaxPins).Draw(t, "pins")
		var text []string
		for _, p := range pins {
			text = append(text, p.String())
		}
		back, err := wire.ParsePins(strings.Join(text, ", "))
		if err != nil || !slices.Equal(back, pins) {
			t.Fatalf("%v came as %v: %v", pins, back, err)
		}
	})
}

func TestPinsThatAreRefused(t *testing.T) {
	good := wire.Pin{1, 2, 3}.String()
	for name, text := range map[string]string{
		"no word before it":     strings.TrimPrefix(good, "sha256/"),
		"another hash":          strings.Replace(good, "sha256", "sha1", 1),
		"too short":             good[:len(good)-4],
		"too long":              "sha256/" + base64.StdEncoding.EncodeToString(make([]byte, 33)),
		"not base64":            "sha256/" + strings.Repeat("!", 44),
		"nothing after a comma": good + ",",
		"too many":              strings.Repeat(good+",", wire.MaxPins) + good,
		"endless":               strings.Repeat("x", 1<<20),
	} {
		if _, err := wire.ParsePins(text); err == nil || len(err.Error()) > 200 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if pins, err := wire.ParsePins(" "); err != nil || pins != nil {
		t.Errorf("nothing is %v, %v", pins, err)
	}
}

func FuzzPins(f *testing.F) {
	f.Add(wire.Pin{}.String())
	f.Add("sha256/,")
	f.Fuzz(func(t *testing.T, text string) {
		pins, err := wire.ParsePins(text)
		if err != nil {
			return
		}
		if len(pins) > wire.MaxPins {
			t.Fatalf("%d pins", len(pins))
		}
		for _, p := range pins {
			if again, err := wire.ParsePins(p.String()); err != nil || again[0] != p {
				t.Fatalf("%v is read as %v: %v", p, again, err)
			}
		}
	})
}
