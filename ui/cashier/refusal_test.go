package cashier_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/keys"
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

// What is refused of a means of payment is said with its name in the language of the
// window, and not with the word that the books have for it.
func TestARefusalNamesTheMeansOfPayment(t *testing.T) {
	for lang, want := range map[words.Lang]string{words.English: "Money order is not taken", words.Spanish: "No se acepta Giro"} {
		c := newCounter(t, options{lang: lang})
		c.open()
		c.Press(keys.F10)
		c.Type("A1-000009")
		c.Press(keys.Enter)
		c.place.Handle(flow.ReceiptRead{Serial: 1, Err: ledger.Refuse("cash.online_only", "no", "kind", string(cash.MoneyOrder))})
		c.Shows(want)
	}
}
