package words

import (
	"strings"
	"testing"
	"testing/fstest"
)

const anyCalendar = `months = "a b c d e f g h i j k l"
months_short = "a b c d e f g h i j k l"
days = "a b c d e f g"`

func readRoom(t *testing.T, text string) (*Book, error) {
	t.Helper()
	return read(fstest.MapFS{
		"en/room.toml":     {Data: []byte(text)},
		"en/calendar.toml": {Data: []byte(anyCalendar)},
	}, English)
}

func TestCountedSentences(t *testing.T) {
	b, err := readRoom(t, `found = { one = "{n} account", other = "{n} accounts" }`)
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[any]string{0: "0 accounts", 1: "1 account", int64(1): "1 account", uint64(1): "1 account", 2: "2 accounts", "1": "1 accounts"} {
		if got := b.Say("room.found", Args{"n": n}); got != want {
			t.Errorf("n = %v: got %q, want %q", n, got, want)
		}
	}
}

func TestFilesThatAreWrongAreNamed(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"not a table of sentences", `a = 5`, "room.a is neither"},
		{"a list", `a = ["b"]`, "room.a is neither"},
		{"not readable", `a = `, "en/room.toml"},
		{"the same key twice", "a = \"b\"\na = \"c\"", "en/room.toml"},
	} {
		if _, err := readRoom(t, c.text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want something with %q", c.name, err, c.want)
		}
	}
}

func FuzzFill(f *testing.F) {
	for _, s := range []string{"", "{", "}", "{}", "{n}", "{{n}}", "a {n} b {name", "{n}{n}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got := fill(text, nil); got != text {
			t.Errorf("without arguments %q became %q", text, got)
		}
		all := Args{}
		for _, name := range names(text) {
			all[name] = ""
		}
		if got := fill(text, all); len(got) > len(text) {
			t.Errorf("empty arguments made %q longer: %q", text, got)
		}
	})
}
