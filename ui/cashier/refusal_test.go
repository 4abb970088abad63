package cashier_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gatehouse/ui/words"
)

// Every refusal that the duties of the cashier and the ledger can give has a
// sentence in every language, with no argument that the rule does not give.
func TestEveryRefusalHasASentence(t *testing.T) {
	refused := regexp.MustCompile(`Refuse\("([a-z_]+\.[a-z_]+)", "((?:[^"\\]|\\.)*)"`)
	argument := regexp.MustCompile(`\{([a-z_]+)\}`)
	seen := 0
	for _, folder := range []string{"../../desk", "../../desk/staff", "../../desk/account", "../../desk/cash", "../../desk/safe", "../../desk/card", "../../ledger", "flow"} {
		files, err := filepath.Glob(folder + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("no rules in %s: %v", folder, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range refused.FindAllStringSubmatch(string(source), -1) {
				seen++
				var given []string
				for _, a := range argument.FindAllStringSubmatch(m[2], -1) {
					given = append(given, a[1])
				}
				for _, lang := range words.Languages() {
					checkRefusal(t, lang, m[1], given)
				}
			}
		}
	}
	if seen < 50 {
		t.Errorf("found only %d refusals: the search is broken", seen)
	}
}

func checkRefusal(t *testing.T, lang words.Lang, code string, given []string) {
	t.Helper()
	book, err := words.For(lang)
	if err != nil {
		t.Fatal(err)
	}
	args, ok := book.Arguments(words.Key("refusals." + code))
	if !ok {
		t.Errorf("%s: no sentence for the refusal %s", lang, code)
	}
	for _, a := range args {
		if !slices.Contains(given, a) {
			t.Errorf("%s: the sentence for %s wants {%s}, which the rule does not give", lang, code, a)
		}
	}
}
