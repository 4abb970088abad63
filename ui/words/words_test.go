package words_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"golang.org/x/image/font/sfnt"

	"gatehouse/ui/words"
)

func book(t testing.TB, lang words.Lang) *words.Book {
	t.Helper()
	b, err := words.For(lang)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEveryLanguageHasEverySentenceWithTheSameArguments(t *testing.T) {
	en := book(t, words.English)
	for _, lang := range words.Languages() {
		b := book(t, lang)
		for _, key := range b.Keys() {
			if !en.Has(key) {
				t.Errorf("%s has %q, English has not", lang, key)
			}
		}
		for _, key := range en.Keys() {
			want, _ := en.Arguments(key)
			got, ok := b.Arguments(key)
			sort.Strings(want)
			sort.Strings(got)
			if !ok {
				t.Errorf("%s lacks %q", lang, key)
			} else if !slices.Equal(slices.Compact(want), slices.Compact(got)) && !strings.HasPrefix(string(key), "calendar.") {
				t.Errorf("%s takes the arguments %q for %q, English %q", lang, got, key, want)
			}
		}
	}
}

func TestNoSentenceIsEmpty(t *testing.T) {
	for _, lang := range words.Languages() {
		b := book(t, lang)
		for _, key := range b.Keys() {
			for _, text := range b.Forms(key) {
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s: %q says nothing", lang, key)
				}
			}
		}
	}
}

func TestEveryLetterIsInTheBundledFonts(t *testing.T) {
	for _, style := range []fyne.TextStyle{{}, {Bold: true}} {
		font, err := sfnt.Parse(theme.DefaultTheme().Font(style).Content())
		if err != nil {
			t.Fatal(err)
		}
		var buffer sfnt.Buffer
		for _, lang := range words.Languages() {
			b := book(t, lang)
			for _, key := range b.Keys() {
				for _, r := range strings.Join(b.Forms(key), "") {
					if glyph, err := font.GlyphIndex(&buffer, r); err != nil || glyph == 0 {
						t.Errorf("%s: %q uses %q, which the font (bold %v) cannot draw", lang, key, r, style.Bold)
					}
				}
			}
		}
	}
}

// A key that the program asks for and no file has would show in brackets.
func TestEveryKeyThatTheProgramAsksForExists(t *testing.T) {
	said := regexp.MustCompile(`\.Say\("([a-z0-9_.]+)"|words\.Key\("([a-z0-9_.]+)"\)`)
	en, asked := book(t, words.English), 0
	err := filepath.WalkDir("..", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, m := range said.FindAllStringSubmatch(string(source), -1) {
			key := words.Key(m[1] + m[2])
			asked++
			if strings.HasSuffix(string(key), ".") { // completed at run time
				continue
			}
			if !en.Has(key) {
				t.Errorf("%s asks for %q, which no file has", path, key)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if asked == 0 {
		t.Error("found no key at all: the search is broken")
	}
}

func TestSay(t *testing.T) {
	en, es := book(t, words.English), book(t, words.Spanish)
	for _, c := range []struct{ got, want string }{
		{en.Say("common.pager.range", words.Args{"from": 1, "to": 9, "total": 20}), "1 to 9 of 20"},
		{es.Say("common.pager.range", words.Args{"from": 1, "to": 9, "total": 20}), "1 a 9 de 20"},
		{es.Say("common.pager.range", words.Args{"from": 1}, words.Args{"to": 9}), "1 a 9 de {total}"},
		{en.Say("common.pager.range", words.Args{"from": "{to}", "to": "}", "total": "{"}), "{to} to } of {"},
		{en.Say("nowhere.at_all"), "[nowhere.at_all]"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestRefusalFallsBackToTheRulesOwnSentence(t *testing.T) {
	es := book(t, words.Spanish)
	if got := es.Refusal("cash.change_only_from_cash", nil, "own"); !strings.HasPrefix(got, "Solo se da cambio") {
		t.Errorf("a refusal with a sentence: got %q", got)
	}
	if got := es.Refusal("cash.no_such_rule", nil, "The rule's own words."); got != "The rule's own words." {
		t.Errorf("a refusal without a sentence: got %q", got)
	}
}

func TestALanguageWithoutSentencesIsRefused(t *testing.T) {
	if _, err := words.For("xx"); err == nil {
		t.Error("the language xx was opened")
	}
}
