package gatehouse

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestEveryThreatIsStoppedByWhatATestProves: docs/security.md names tests; a name
// that is nowhere proves nothing. A row without one says so.
func TestEveryThreatIsStoppedByWhatATestProves(t *testing.T) {
	text, err := os.ReadFile("docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := sources(t, true)
	rows := 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) != 6 || strings.HasPrefix(cells[1], "---") || strings.TrimSpace(cells[1]) == "threat" {
			continue
		}
		rows++
		threat, proof := strings.TrimSpace(cells[1]), cells[4]
		if strings.TrimSpace(cells[3]) == "" {
			t.Errorf("%s: nothing stops it", threat)
		}
		proved := 0
		for _, part := range regexp.MustCompile("((?:`Test[A-Za-z0-9]+` )+)\\(([a-z/.-]+)\\)").FindAllStringSubmatch(proof, -1) {
			for _, name := range strings.Fields(strings.ReplaceAll(part[1], "`", "")) {
				proved++
				if !strings.Contains(tests[part[2]], "func "+name+"(") {
					t.Errorf("%s: there is no %s in %s", threat, name, part[2])
				}
			}
		}
		if named := len(regexp.MustCompile("`Test").FindAllString(proof, -1)); named != proved {
			t.Errorf("%s: %d tests are named, %d with their folder", threat, named, proved)
		}
		if proved == 0 && !strings.Contains(proof, "not yet") {
			t.Errorf("%s: no test is named", threat)
		}
	}
	if rows < 30 {
		t.Errorf("only %d threats are listed", rows)
	}
}
