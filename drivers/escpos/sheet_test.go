package escpos_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/drivers/escpos"
)

func profile(t testing.TB, name string) escpos.Profile {
	t.Helper()
	p, found := escpos.ProfileNamed(name)
	if !found {
		t.Fatalf("no profile %q", name)
	}
	return p
}

func bytesOf(segs []escpos.Segment) []byte {
	var all []byte
	for _, s := range segs {
		all = append(all, s.Data...)
	}
	return all
}

// Each sheet is asked for by the command of the maker's manual, in a segment of its own,
// and given back at the end.
func TestASheetIsAskedForAndGivenBack(t *testing.T) {
	for _, c := range []struct {
		sheet         escpos.Sheet
		profile       string
		first, within string
		last          string
		waits         bool
	}{
		{escpos.Roll, "TM-H6000IV", "\x1b@\x1bR\x00\x1bt\x00\x1da\x0f", "", "\x1dVB\x00", false},
		{escpos.Slip, "TM-H6000IV", "\x1bf\x00\x05\x1bc0\x04", "", "\x0c\x1bc0\x01", true},
		{escpos.Validation, "TM-H6000V", "\x1bf\x00\x05\x1bc0\x08", "", "\x0c\x1bc0\x01", true},
		{escpos.Endorsement, "TM-H6000V", "\x1bf\x00\x05\x1d(G\x02\x000D", "", "\x0c\x1bc0\x01", true},
		{escpos.Label, "TM-L90", "\x1b@\x1bR\x00\x1bt\x00\x1da\x0f\x1c(L\x02\x00C0", "", "\x1c(L\x02\x00B0\x1dV\x00", false},
	} {
		t.Run(c.sheet.String(), func(t *testing.T) {
			d := &escpos.Doc{Sheet: c.sheet}
			d.Add(escpos.Text{S: "FOR DEPOSIT ONLY"}, escpos.Cut{})
			segs, err := escpos.Encode(d, profile(t, c.profile))
			if err != nil {
				t.Fatal(err)
			}
			if string(segs[0].Data) != c.first || segs[0].Waits != c.waits {
				t.Errorf("it begins with %q, waits %v", segs[0].Data, segs[0].Waits)
			}
			all := bytesOf(segs)
			if !bytes.HasSuffix(all, []byte(c.last)) {
				t.Errorf("it ends with %q, want %q", all, c.last)
			}
			if c.waits && (bytes.Contains(all, []byte("\x1b@")) || bytes.Contains(all, []byte("\x1dV"))) {
				t.Errorf("a form is cut, or let go of: %q", all)
			}
			for _, s := range segs[1:] {
				if s.Waits {
					t.Errorf("it waits twice: %q", s.Data)
				}
			}
		})
	}
}

func TestWhatASheetDoesNotTake(t *testing.T) {
	text := func(n int) []escpos.Item {
		var items []escpos.Item
		for i := range n {
			items = append(items, escpos.Text{S: fmt.Sprint("line ", i)})
		}
		return items
	}
	for name, c := range map[string]struct {
		profile string
		sheet   escpos.Sheet
		items   []escpos.Item
		want    error
	}{
		"a slip on a printer without the station":         {"TM-T88VI", escpos.Slip, text(1), escpos.ErrSheet},
		"a validation there":                              {"TM-m30", escpos.Validation, text(1), escpos.ErrSheet},
		"an endorsement there":                            {"write-only", escpos.Endorsement, text(1), escpos.ErrSheet},
		"a label on a printer for rolls":                  {"TM-T88VI", escpos.Label, text(1), escpos.ErrSheet},
		"a sheet nobody knows":                            {"TM-H6000V", escpos.Sheet(9), text(1), escpos.ErrSheet},
		"a code on a check":                               {"TM-H6000V", escpos.Endorsement, []escpos.Item{escpos.QR{Text: "a"}}, escpos.ErrFormText},
		"a bar code on a slip":                            {"TM-H6000V", escpos.Slip, []escpos.Item{escpos.Barcode{Data: "A1"}}, escpos.ErrFormText},
		"nine lines on a check, and one more":             {"TM-H6000V", escpos.Endorsement, text(10), escpos.ErrFormFull},
		"five lines on a stub":                            {"TM-H6000V", escpos.Validation, text(5), escpos.ErrFormFull},
		"an end mark wider than the head for the back":    {"TM-H6000V", escpos.Endorsement, []escpos.Item{escpos.EndMark{Number: strings.Repeat("9", 40)}}, escpos.ErrTooWide},
		"nine lines on a check":                           {"TM-H6000V", escpos.Endorsement, text(9), nil},
		"a line as wide as the slip, wider than the roll": {"TM-H6000V", escpos.Slip, []escpos.Item{escpos.EndMark{Number: strings.Repeat("9", 41)}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := &escpos.Doc{Sheet: c.sheet, Items: c.items}
			segs, err := escpos.Encode(d, profile(t, c.profile))
			if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) || err != nil && segs != nil {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
}

func TestADocumentInJSONNamesItsSheet(t *testing.T) {
	for _, s := range escpos.Sheets() {
		d, err := escpos.ReadDoc(strings.NewReader(fmt.Sprintf(`{"sheet": %q, "items": [{"kind": "text", "text": "a"}]}`, s)))
		if err != nil || d.Sheet != s || len(d.Items) != 1 {
			t.Errorf("%v: %+v, %v", s, d, err)
		}
	}
	d, err := escpos.ReadDoc(strings.NewReader(`{"items": []}`))
	if err != nil || d.Sheet != escpos.Roll {
		t.Errorf("without a sheet: %+v, %v", d, err)
	}
	_, err = escpos.ReadDoc(strings.NewReader(`{"sheet": "napkin", "items": []}`))
	var field *escpos.FieldError
	if !errors.As(err, &field) || field.Field != "sheet" {
		t.Errorf("a napkin: %v", err)
	}
}

func TestSheetStatusGoesThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := escpos.SheetStatus{Selected: rapid.Bool().Draw(t, "selected"), Waiting: rapid.Bool().Draw(t, "waiting"), In: rapid.Bool().Draw(t, "in")}
		b := s.Realtime()
		if got := escpos.ParseSheet(b); got != s || b&0x93 != 0x12 {
			t.Errorf("%+v became %02x and %+v", s, b, got)
		}
	})
}

// Whatever is put on a form, its commands are known, whole in their segments, and none is
// obeyed out of turn.
func TestEveryFormIsSafeToSend(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := &escpos.Doc{Sheet: rapid.SampledFrom([]escpos.Sheet{escpos.Slip, escpos.Validation, escpos.Endorsement}).Draw(t, "sheet")}
		for _, s := range rapid.SliceOfN(rapid.StringOfN(rapid.RuneFrom([]rune("aZ9 é€─-$")), 0, 60, -1), 0, 4).Draw(t, "lines") {
			d.Add(escpos.Text{S: s, Style: escpos.Style{Bold: rapid.Bool().Draw(t, "bold"), Wide: rapid.Bool().Draw(t, "wide")}})
		}
		segs, err := escpos.Encode(d, profileOf("TM-H6000V"))
		if errors.Is(err, escpos.ErrFormFull) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		var tk escpos.Tokenizer
		for i, s := range segs {
			tk.Push(s.Data, func(tok escpos.Token) {
				if tok.Kind == escpos.TokenUnknown {
					t.Fatalf("segment %d holds an unknown command %s", i, tok.Name)
				}
			})
			if tk.Pending() {
				t.Fatalf("segment %d ends inside a command", i)
			}
		}
		noRealtime(t, bytesOf(segs))
	})
}

func profileOf(name string) escpos.Profile {
	p, _ := escpos.ProfileNamed(name)
	return p
}

// The commands around a check, byte by byte as Epson's manuals have them.
func TestCheckCommands(t *testing.T) {
	for name, c := range map[string]struct {
		got  []byte
		want string
	}{
		"read":       {escpos.ReadCheck(), "1b660105 1c2866060030053131 3331 1c613000"},
		"load":       {escpos.LoadCheck(), "1c6131"},
		"eject":      {escpos.EjectCheck(), "1c6132"},
		"cancel":     {escpos.CancelWait(), "100503"},
		"long wait":  {escpos.WaitForSheet(99), "1b660f05"},
		"no end":     {escpos.WaitForSheet(-1), "1b660005"},
		"give back":  {escpos.GiveSheetBack(), "0c1b633001"},
		"sheet stat": {escpos.RealtimeStatus(5), "100405"},
	} {
		if got := fmt.Sprintf("%x", c.got); got != strings.ReplaceAll(c.want, " ", "") {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		var tk escpos.Tokenizer
		tk.Push(c.got, func(tok escpos.Token) {
			if tok.Kind == escpos.TokenUnknown {
				t.Errorf("%s: %s is no command", name, tok.Name)
			}
		})
		if tk.Pending() {
			t.Errorf("%s ends inside a command", name)
		}
	}
}
