package words

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

//go:embed en/*.toml es/*.toml
var files embed.FS

// For reads the sentences of a language. It fails for a language that does not
// exist; the files themselves are part of the program and are tested.
func For(lang Lang) (*Book, error) {
	if !slices.Contains(Languages(), lang) {
		return nil, fmt.Errorf("choosing the language %q: it has no sentences", lang)
	}
	return read(files, lang)
}

// read reads all files of a language's folder.
func read(from fs.FS, lang Lang) (*Book, error) {
	b := &Book{lang: lang, sentences: map[Key]sentence{}}
	found, err := fs.Glob(from, string(lang)+"/*.toml")
	if err != nil {
		return nil, fmt.Errorf("looking for the sentences in %s: %w", lang, err)
	}
	for _, file := range found {
		text, err := fs.ReadFile(from, file)
		if err != nil {
			return nil, fmt.Errorf("reading the sentences of %s: %w", file, err)
		}
		var tree map[string]any
		if err := toml.Unmarshal(text, &tree); err != nil {
			return nil, fmt.Errorf("reading the sentences of %s: %w", file, err)
		}
		room := strings.TrimSuffix(path.Base(file), ".toml")
		if err := b.add(Key(room), tree); err != nil {
			return nil, fmt.Errorf("reading the sentences of %s: %w", file, err)
		}
	}
	return b, b.readCalendar()
}

// add takes the sentences of one table and of the tables in it.
func (b *Book) add(under Key, tree map[string]any) error {
	if s, ok := counted(tree, b.lang); ok {
		b.sentences[under] = s
		return nil
	}
	for name, value := range tree {
		key := under + "." + Key(name)
		switch value := value.(type) {
		case string:
			b.sentences[key] = sentence{other: value}
		case map[string]any:
			if err := b.add(key, value); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%s is neither a sentence nor a table of sentences", key)
		}
	}
	return nil
}

// counted reports whether a table holds the plural forms of one sentence.
func counted(tree map[string]any, lang Lang) (sentence, bool) {
	if _, ok := tree[string(other)].(string); !ok || len(tree) != len(lang.plurals()) {
		return nil, false
	}
	s := sentence{}
	for _, p := range lang.plurals() {
		text, ok := tree[string(p)].(string)
		if !ok {
			return nil, false
		}
		s[p] = text
	}
	return s, true
}
