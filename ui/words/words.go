package words

import (
	"fmt"
	"strings"
)

// Lang is a language, by its two letters.
type Lang string

// The languages.
const (
	English Lang = "en"
	Spanish Lang = "es"
)

// Languages lists the languages in the order they are offered.
func Languages() []Lang { return []Lang{English, Spanish} }

// Key names a sentence, such as "cashier.take_payment".
type Key string

// Args are the named arguments of a sentence: texts, whole numbers, or anything
// that writes itself.
type Args map[string]any

// Book holds the sentences of one language.
type Book struct {
	lang      Lang
	sentences map[Key]sentence
	calendar  calendar
}

// sentence has one form, "other", or one for each plural.
type sentence map[plural]string

// Lang returns the language of the book.
func (b *Book) Lang() Lang { return b.lang }

// Say returns the sentence of a key, with its arguments put in. A key that does
// not exist comes back in brackets; a test keeps that from happening.
func (b *Book) Say(key Key, args ...Args) string {
	s, ok := b.sentences[key]
	if !ok {
		return "[" + string(key) + "]"
	}
	return s.in(b.lang, args)
}

// Has reports whether the book has the key.
func (b *Book) Has(key Key) bool {
	_, ok := b.sentences[key]
	return ok
}

// Keys returns all keys, in no order.
func (b *Book) Keys() []Key {
	out := make([]Key, 0, len(b.sentences))
	for k := range b.sentences {
		out = append(out, k)
	}
	return out
}

// Refusal returns the sentence for a refusal by its code, such as
// "cash.change_only_from_cash", with the refusal's arguments put in. If this
// language has none, the refusal's own sentence is returned as it is.
func (b *Book) Refusal(code string, args map[string]string, own string) string {
	s, ok := b.sentences["refusals."+Key(code)]
	if !ok {
		return own
	}
	all := Args{}
	for name, value := range args {
		all[name] = value
	}
	return s.in(b.lang, []Args{all})
}

func (s sentence) in(lang Lang, args []Args) string {
	all := Args{}
	for _, a := range args {
		for name, value := range a {
			all[name] = value
		}
	}
	form, ok := s[lang.plural(all["n"])]
	if !ok {
		form = s[other]
	}
	return fill(form, all)
}

// fill puts the arguments into a sentence. A name without a value stays as it
// is, in its braces.
func fill(text string, args Args) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		value, known := args[name]
		if !closed || !known {
			out.WriteString("{")
			text = rest
			continue
		}
		fmt.Fprint(&out, value)
		text = after
	}
}

// names returns the argument names of a sentence, each once for each use.
func names(text string) []string {
	var out []string
	for {
		_, rest, found := strings.Cut(text, "{")
		if !found {
			return out
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			return out
		}
		out = append(out, name)
		text = after
	}
}

// Arguments returns the names of the arguments that a key's sentence takes, in
// the order of its "other" form, and false if there is no such key.
func (b *Book) Arguments(key Key) ([]string, bool) {
	s, ok := b.sentences[key]
	return names(s[other]), ok
}

// Forms returns every text of a key: one, or one for each plural.
func (b *Book) Forms(key Key) []string {
	var out []string
	for _, text := range b.sentences[key] {
		out = append(out, text)
	}
	return out
}
