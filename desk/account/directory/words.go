package directory

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What may be typed in one query. More is refused with ErrQuery.
const (
	MaxQueryBytes = 4096 // bytes as typed
	MaxWords      = 8    // words between white space
	MaxParts      = 16   // parts of words between punctuation, in all
	MaxRunes      = 64   // letters and digits in one word, folded
)

// A chunk is what stands between white space, folded: its parts are the runs of
// letters and digits between punctuation, and joined is the parts put together.
type chunk struct {
	joined string
	parts  []string
}

// number says whether the chunk has no letter, only the digits 0 to 9.
func (c chunk) number() bool { return isNumber(c.joined) }

func isNumber(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// fold lowers the case and takes the accents off. Compatibility forms (full-width
// digits, ligatures, ½) become what they stand for.
func fold(s string) string {
	if ascii(s) {
		return strings.ToLower(s) // most texts, and nothing comes apart in them
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(s) {
		if r < utf8.RuneSelf {
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			b.WriteByte(byte(r))
			continue
		}
		// Marks over letters, and characters nobody sees (soft hyphen, joiners).
		if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			continue
		}
		foldLetter(&b, unicode.ToLower(r))
	}
	return b.String()
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// foldLetter writes letters that Unicode does not take apart, but that people
// type with the plain key.
func foldLetter(b *strings.Builder, r rune) {
	switch r {
	case 'đ', 'ð':
		b.WriteByte('d')
	case 'ł':
		b.WriteByte('l')
	case 'ø':
		b.WriteByte('o')
	case 'ı':
		b.WriteByte('i')
	case 'ß':
		b.WriteString("ss")
	case 'æ':
		b.WriteString("ae")
	case 'œ':
		b.WriteString("oe")
	default:
		b.WriteRune(r)
	}
}

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Mc, r)
}

func notInWord(r rune) bool { return !inWord(r) }

// chunks folds text and splits it. A chunk of punctuation alone is left out.
func chunks(text string) []chunk {
	fields := strings.Fields(fold(text))
	cs := make([]chunk, 0, len(fields))
	for i, field := range fields {
		parts := fields[i : i+1]
		if strings.ContainsFunc(field, notInWord) {
			parts = strings.FieldsFunc(field, notInWord)
		}
		if len(parts) > 0 {
			cs = append(cs, chunk{joined: strings.Join(parts, ""), parts: parts})
		}
	}
	return cs
}

// sortName is what customers are ordered by: the folded words of the name with one
// blank between, so that neither a comma nor an apostrophe moves anybody.
func sortName(name string) string {
	var b strings.Builder
	for i, c := range chunks(name) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(c.joined)
	}
	return b.String()
}

// recordWords gives every word a record is found by, sorted, each once.
func recordWords(texts []string) []string {
	var words []string
	for _, text := range texts {
		cs := chunks(text)
		for _, c := range cs {
			words = appendChunk(words, c)
		}
		words = appendSpaced(words, cs)
	}
	slices.Sort(words)
	return slices.Compact(words)
}

func appendChunk(words []string, c chunk) []string {
	words = append(words, clip(c.joined))
	if len(c.parts) > 1 {
		for _, p := range c.parts {
			words = append(words, clip(p))
		}
	}
	if c.number() {
		words = appendTails(words, c.joined)
	}
	return words
}

// appendSpaced adds the whole of a text that is one number written with blanks in
// it, as phones are: "(210) 555-0142". Fifteen digits is the longest phone (E.164).
func appendSpaced(words []string, cs []chunk) []string {
	if len(cs) < 2 {
		return words
	}
	var whole strings.Builder
	for _, c := range cs {
		if !c.number() || whole.Len() > 15 {
			return words
		}
		whole.WriteString(c.joined)
	}
	if n := whole.String(); len(n) >= 7 && len(n) <= 15 {
		words = appendTails(append(words, n), n)
	}
	return words
}

// appendTails adds the ends of a number by which people name it.
func appendTails(words []string, digits string) []string {
	if len(digits) < 7 {
		return words
	}
	for _, n := range []int{4, 7, 10} {
		if len(digits) > n {
			words = append(words, digits[len(digits)-n:])
		}
	}
	return words
}

// clip cuts a word at MaxRunes. Nothing is lost: no typed word is longer, so it
// begins the whole word exactly if it begins the clipped one.
func clip(word string) string {
	if len(word) <= MaxRunes {
		return word
	}
	n := 0
	for i := range word {
		if n == MaxRunes {
			return word[:i]
		}
		n++
	}
	return word
}

// parseQuery splits what was typed. No chunks means that nothing was typed.
func parseQuery(query string) ([]chunk, error) {
	if len(query) > MaxQueryBytes {
		return nil, fmt.Errorf("searching the customers: %w: at most %d characters", ErrQuery, MaxQueryBytes)
	}
	cs := chunks(query)
	if len(cs) > MaxWords {
		return nil, fmt.Errorf("searching the customers: %w: at most %d words, leave some out", ErrQuery, MaxWords)
	}
	parts := 0
	for _, c := range cs {
		if utf8.RuneCountInString(c.joined) > MaxRunes {
			return nil, fmt.Errorf("searching the customers: %w: at most %d letters in a word", ErrQuery, MaxRunes)
		}
		parts += len(c.parts)
	}
	if parts > MaxParts {
		return nil, fmt.Errorf("searching the customers: %w: at most %d parts of words, leave some out", ErrQuery, MaxParts)
	}
	return cs, nil
}
