// Package gatehouse holds no code: only the tests that keep the house in order.
package gatehouse

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// floors says what each room may import of ours, after docs/architecture.md.
// A package belongs to the longest prefix that names it. Tests may import what
// they need to test with.
var floors = map[string][]string{
	"ledger":  {},
	"drivers": {"drivers"},

	"desk/card":           {},
	"desk/reference":      {"ledger"},
	"desk/staff":          {"ledger", "desk/reference"},
	"desk/account":        {"ledger", "desk/reference", "desk/account/directory"},
	"desk/cash":           {"ledger", "desk/staff", "desk/account"},
	"desk/safe":           {"ledger", "desk/staff", "desk/account", "desk/cash"},
	"desk/safe/statement": {"ledger", "desk/safe"},
	"desk/watch":          {"ledger", "desk/staff", "desk/account", "desk/cash", "desk/safe"},
	"desk/report":         {"ledger", "desk/staff", "desk/account", "desk/cash", "desk/safe", "desk/watch"},
	"desk/visit":          {"ledger", "desk/card", "desk/staff", "desk/account", "desk/cash"},
	"desk/sample":         {"ledger", "desk"},
	"desk":                {"ledger", "desk"},

	"desk/account/directory": {},

	"sync":         {},
	"sync/wire":    {"ledger"},
	"sync/station": {"ledger", "sync/wire"},
	"sync/sim":     {"ledger", "sync/wire", "sync/station", "central"}, // both ends of the line

	"paper":   {"ledger", "desk", "drivers", "paper"},
	"central": {"ledger", "desk", "paper", "sync/wire", "central"},

	"ui/words": {"ui/words"},
	"ui/keys":  {},
	"ui/look":  {"ui/words"},
	"ui/kit":   {"ui/keys", "ui/look", "ui/words"},
	// Devices and the way to central only through small interfaces of its own;
	// the status types that cross them are data.
	"ui": {"ledger", "desk", "paper", "ui"},

	"cmd": {"ledger", "desk", "drivers", "paper", "ui", "sync", "central"},
}

// only says which rooms may import a library; what it is for stands in
// docs/dependencies.md.
var only = map[string][]string{
	"go.etcd.io/bbolt":                  {"ledger", "desk/reference", "central/store", "central/relay"},
	"github.com/tarm/serial":            {"drivers/link"},
	"github.com/go-pdf/fpdf":            {"paper/pdf"},
	"fyne.io/fyne":                      {"ui", "cmd/gatehouse"},
	"golang.org/x/crypto":               {"desk/staff", "desk/desktest", "cmd/gatehouse-central"},
	"github.com/alexedwards/argon2id":   {"central/book"},
	"github.com/prometheus":             {"central/meter"},
	"github.com/wneessen/go-mail":       {"central/post"},
	"go.opentelemetry.io":               {"central/trace"},
	"golang.org/x/time":                 {"central/limit"},
	"github.com/chromedp":               {"cmd/gatehouse-demo"},
	"github.com/jackc/pgx":              {"central/store", "central/storetest"},
	"github.com/pressly/goose":          {"central/store"},
	"github.com/creack/pty":             {"drivers/emulator"},
	"github.com/hajimehoshi/bitmapfont": {"drivers/escpos", "drivers/emulator"},
	"github.com/fxamacker/cbor":         {"ledger", "desk/reference", "desk/account", "sync", "central"},
}

// TestEveryLibraryIsExplained: what is required directly stands in the list of
// libraries, with the version that is used.
func TestEveryLibraryIsExplained(t *testing.T) {
	required, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	explained, err := os.ReadFile("docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	direct := regexp.MustCompile(`(?m)^\t(\S+\.\S+/\S+|rsc\.io/\S+) v([0-9.]+(?:-[0-9]{8})?)\S*$`).FindAllStringSubmatch(string(required), -1)
	if len(direct) == 0 {
		t.Fatal("go.mod requires nothing")
	}
	for _, d := range direct {
		if !strings.Contains(string(explained), "| `"+d[1]+"` | "+d[2]+" |") {
			t.Errorf("docs/dependencies.md does not explain %s %s", d[1], d[2])
		}
	}
}

// without Fyne: the flow of a place is a state machine that a test runs without
// a window.
var flows = regexp.MustCompile(`^ui/(words|keys|[a-z]+/flow)$`)

type goFile struct {
	path, room string
	imports    []string
	test       bool
	doc        bool
	pkg        string
	lines      int
}

func files(t *testing.T) []goFile {
	var all []goFile
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "build" || d.Name() == ".git" || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || filepath.Dir(path) == "." {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		g := goFile{path: path, room: filepath.ToSlash(filepath.Dir(path)), test: strings.HasSuffix(path, "_test.go"),
			doc: f.Doc != nil && !ignored(f), pkg: f.Name.Name, lines: strings.Count(string(text), "\n")}
		for _, i := range f.Imports {
			g.imports = append(g.imports, strings.Trim(i.Path.Value, `"`))
		}
		all = append(all, g)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func ignored(f *ast.File) bool { return strings.HasPrefix(f.Doc.Text(), "Copyright") }

func within(room string, allowed []string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool { return room == a || strings.HasPrefix(room, a+"/") })
}

func TestImportsGoDownTheFloors(t *testing.T) {
	for _, f := range files(t) {
		if f.test {
			continue
		}
		floor := ""
		for name := range floors {
			if within(f.room, []string{name}) && len(name) > len(floor) {
				floor = name
			}
		}
		if floor == "" {
			t.Errorf("%s: the room %s is not in the table of floors", f.path, f.room)
			continue
		}
		for _, i := range f.imports {
			room, ours := strings.CutPrefix(i, "gatehouse/")
			if !ours || room == f.room || within(room, []string{f.room}) {
				continue
			}
			if !within(room, floors[floor]) {
				t.Errorf("%s imports %s: %s may import only %v", f.path, i, floor, floors[floor])
			}
		}
	}
}

func TestLibrariesStayInTheirRooms(t *testing.T) {
	for _, f := range files(t) {
		if f.test {
			continue
		}
		for _, i := range f.imports {
			for library, rooms := range only {
				if strings.HasPrefix(i, library) && !within(f.room, rooms) {
					t.Errorf("%s imports %s, which belongs in %v", f.path, i, rooms)
				}
			}
			if strings.HasPrefix(i, "fyne.io/") && flows.MatchString(f.room) {
				t.Errorf("%s imports %s: this room has no window", f.path, i)
			}
		}
	}
}

func TestEveryRoomSaysWhatItIs(t *testing.T) {
	docs := make(map[string][]string)
	rooms := make(map[string]bool)
	for _, f := range files(t) {
		if f.test || strings.HasSuffix(f.pkg, "_test") {
			continue
		}
		rooms[f.room] = true
		if f.doc {
			docs[f.room] = append(docs[f.room], f.path)
		}
	}
	for room := range rooms {
		if d := docs[room]; len(d) != 1 || filepath.Base(d[0]) != "doc.go" {
			t.Errorf("%s: its package comment is in %v, want one in doc.go", room, d)
		}
	}
}

func TestFilesAreSmallAndRoomsAreNamedForWhatTheyHold(t *testing.T) {
	for _, f := range files(t) {
		if f.lines > 500 && !f.test {
			t.Errorf("%s has %d lines: it is probably two files", f.path, f.lines)
		}
		switch filepath.Base(f.room) {
		case "util", "utils", "common", "helpers", "misc", "base":
			t.Errorf("%s: name the room for what it holds", f.room)
		}
	}
}

var float = regexp.MustCompile(`\bfloat(32|64)\b`)

// TestNoFloatNearMoney keeps floating point out of the rooms that count money.
func TestNoFloatNearMoney(t *testing.T) {
	for _, f := range files(t) {
		if f.test || !within(f.room, []string{"ledger", "desk/cash", "desk/account", "desk/staff", "sync"}) || within(f.room, []string{"desk/account/directory"}) {
			continue
		}
		text, err := os.ReadFile(f.path)
		if err != nil {
			t.Fatal(err)
		}
		if float.Match(text) {
			t.Errorf("%s uses floating point", f.path)
		}
	}
}

// TestTestsNeitherSleepNorSkip: a test that waits for time to pass, or that may
// be left out, proves nothing on the day it matters.
func TestTestsNeitherSleepNorSkip(t *testing.T) {
	bad := regexp.MustCompile(`time\.Sleep\(|\bt\.Skip`)
	for _, f := range files(t) {
		if !f.test {
			continue
		}
		text, err := os.ReadFile(f.path)
		if err != nil {
			t.Fatal(err)
		}
		for n, line := range strings.Split(string(text), "\n") {
			if bad.MatchString(line) && !strings.Contains(line, "shared") && !strings.Contains(line, "inside the bubble") {
				t.Errorf("%s:%d: %s", f.path, n+1, strings.TrimSpace(line))
			}
		}
	}
}
