package gatehouse

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestEveryControlIsProvedByATestThatIsThere: docs/cash-control.md names tests and
// entries; a name that is nowhere proves nothing.
func TestEveryControlIsProvedByATestThatIsThere(t *testing.T) {
	text, err := os.ReadFile("docs/cash-control.md")
	if err != nil {
		t.Fatal(err)
	}
	code, tests := sources(t, false), sources(t, true)
	rows, must := 0, []int(nil)
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) != 8 || strings.HasPrefix(cells[1], "---") || slices.Contains([]string{"control", "no."}, strings.TrimSpace(cells[1])) {
			continue
		}
		rows++
		if strings.TrimSpace(cells[3]) == "" || strings.Contains(cells[3], "cash handling procedure") {
			t.Errorf("%s: %q is nowhere that somebody can look the rule up", strings.TrimSpace(cells[1]), cells[3])
		}
		if n, err := strconv.Atoi(strings.TrimSpace(cells[1])); err == nil {
			must = append(must, n)
		}
		proved := 0
		for _, part := range regexp.MustCompile("((?:`Test[A-Za-z0-9]+` )+)\\(([a-z/]+)\\)").FindAllStringSubmatch(cells[6], -1) {
			for _, name := range strings.Fields(strings.ReplaceAll(part[1], "`", "")) {
				proved++
				if !strings.Contains(tests[part[2]], "func "+name+"(") {
					t.Errorf("%s: there is no %s in %s", strings.TrimSpace(cells[1]), name, part[2])
				}
			}
		}
		if proved == 0 {
			t.Errorf("%s: no test is named", strings.TrimSpace(cells[1]))
		}
		for _, path := range regexp.MustCompile("`([a-z_.]+)`").FindAllStringSubmatch(cells[4], -1) {
			key := path[1][strings.LastIndexByte(path[1], '.')+1:]
			if !strings.Contains(code["desk/cash"]+code["desk/safe"]+code["desk/staff"]+code["desk/watch"]+code["desk"], "`toml:\""+key+"\"`") {
				t.Errorf("%s: no policy has %s", strings.TrimSpace(cells[1]), path[1])
			}
		}
		for _, kind := range regexp.MustCompile("`([a-z_]+\\.[a-z_]+\\.v[0-9])`").FindAllStringSubmatch(cells[5], -1) {
			if !strings.Contains(code["desk/cash"]+code["desk/safe"]+code["desk/staff"]+code["paper/spool"], `"`+kind[1]+`"`) {
				t.Errorf("%s: there is no entry %s", strings.TrimSpace(cells[1]), kind[1])
			}
		}
	}
	// The list has 25; 19 to 21 are no cash.
	if want := []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 22, 23, 24, 25}; !slices.Equal(must, want) {
		t.Errorf("of what a counter must have there are %v, want %v", must, want)
	}
	if rows < 50 {
		t.Errorf("only %d controls are listed", rows)
	}
}

// sources are the texts of the packages, by folder.
func sources(t *testing.T, tests bool) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, pattern := range []string{"*.go", "ledger/*.go", "desk/*.go", "desk/*/*.go", "cmd/*/*.go", "ui/*/*.go", "ui/*/*/*.go", "paper/*.go", "paper/*/*.go", "central/*/*.go", "sync/*/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") != tests {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all[filepath.ToSlash(filepath.Dir(file))] += string(text)
		}
	}
	return all
}
