package main_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	main "gatehouse/cmd/gatehouse-central"
)

// configured runs central with a configuration file until it listens, and returns
// what it says.
func configured(t *testing.T, text string, mode os.FileMode, environment map[string]string, args ...string) (string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "central.toml")
	must(t, os.WriteFile(path, []byte(text), mode))
	must(t, os.Chmod(path, mode))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var log logged
	m := main.Main{Err: &log, Getenv: func(name string) string { return environment[name] }, Ready: func(string) { cancel() }}
	err := m.Run(ctx, append([]string{"--config", path}, args...))
	return log.String(), err
}

func TestSettingsComeFromAFile(t *testing.T) {
	data := t.TempDir()
	log, err := configured(t, `
# The office in town.
data = '`+data+`'
listen = "127.0.0.1:0"
tls = true
host = ["central.example", "10.0.0.7"]
rate-address = 200
metrics-listen = "off"
log = "json"
`, 0o644, nil)
	if err != nil || !strings.Contains(log, `"tls":true`) || !strings.Contains(log, `"pin":"sha256/`) || strings.Contains(log, `"metrics"`) {
		t.Errorf("%v, and it logs\n%s", err, log)
	}
}

// TestTheCommandLineStandsBeforeTheEnvironmentAndThatBeforeTheFile also with what
// is the value without any.
func TestTheCommandLineStandsBeforeTheEnvironmentAndThatBeforeTheFile(t *testing.T) {
	one, two, three := t.TempDir(), t.TempDir(), t.TempDir()
	rest := []string{"--listen", "127.0.0.1:0", "--metrics-listen", "off"}
	file, environment := "data = '"+three+"'", map[string]string{"GATEHOUSE_CENTRAL_DATA": two}
	for name, test := range map[string]struct {
		environment map[string]string
		args        []string
		want        string
	}{
		"the command line": {environment, []string{"--data", one}, one},
		"the environment":  {environment, nil, two},
		"the file":         {nil, nil, three},
	} {
		log, err := configured(t, file, 0o600, test.environment, append(rest, test.args...)...)
		if err != nil || !strings.Contains(log, "data="+test.want) {
			t.Errorf("%s: %v, and it logs\n%s", name, err, log)
		}
	}
	if log, err := configured(t, "tls = true", 0o600, nil, append(rest, "--data", one, "--tls=false")...); err != nil || !strings.Contains(log, "tls=false") {
		t.Errorf("told false: %v, and it logs\n%s", err, log)
	}
}

func TestWhatIsWrongInTheFileIsSaidWithItsLine(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"no such setting":         {"listen = '127.0.0.1:0'\n\nlisten-on = 'x'", `line 3: there is no setting "listen-on"`},
		"two of them":             {"a = 1\nb = 2", `line 2: there is no setting "b"`},
		"a table":                 {"data = 'x'\n[tls]\ncert = 'x'", "tls"},
		"another table":           {"[store]\nurl = 'x'", "store"},
		"the file itself":         {"config = 'other.toml'", `no setting "config"`},
		"no TOML":                 {"data = 'x'\nlisten: x", "line 2"},
		"twice":                   {"data = 'x'\ndata = 'y'", "line 2"},
		"a number for yes":        {"tls = 2", "tls: not a value"},
		"a text for a number":     {"rate-log = 'fast'", "rate-log: not a value"},
		"a date":                  {"data = 2026-03-02", "data: want a text"},
		"a list of lists":         {"host = [['x']]", "host: want a text"},
		"endless":                 {strings.Repeat("#", 70_000), "more than 65536 bytes"},
		"a code for everyone":     {"upstream = 'https://central.example'\nupstream-code = 'BLUE-HERON'", "chmod o-r"},
		"a password for everyone": {"store = 'postgres://central:BLUE-HERON@db/central'", "chmod o-r"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := configured(t, test.text, 0o644, nil)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "BLUE-HERON") {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestAWrongValueInTheEnvironmentIsNotShown(t *testing.T) {
	_, err := configured(t, "", 0o600, map[string]string{"GATEHOUSE_CENTRAL_RATE_LOG": "BLUE-HERON"})
	if err == nil || !strings.Contains(err.Error(), "GATEHOUSE_CENTRAL_RATE_LOG") || strings.Contains(err.Error(), "BLUE-HERON") {
		t.Errorf("got %v", err)
	}
}

// TestHelpFitsATerminal and names every setting of the example file.
func TestHelpFitsATerminal(t *testing.T) {
	var out bytes.Buffer
	m := main.Main{Out: &out, Getenv: environment}
	if err := m.Run(t.Context(), []string{"--help"}); !errors.Is(err, flag.ErrHelp) {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		if n := len([]rune(strings.TrimRight(line, "\n"))); n > 80 {
			t.Errorf("a line of %d letters: %s", n, line)
		}
	}
	for _, want := range []string{"--data folder", "--store URL", "--tls-cert file", "--config file"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in\n%s", want, &out)
		}
	}
}

// TestTheExampleIsUnderstood: each setting of packaging/central.toml, those that
// are commented out too.
func TestTheExampleIsUnderstood(t *testing.T) {
	text, err := os.ReadFile("../../packaging/central.toml")
	must(t, err)
	var all strings.Builder
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "#"); ok && !strings.HasPrefix(rest, " ") {
			line = rest
		}
		all.WriteString(line)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	free.Close()
	_, err = configured(t, all.String(), 0o600, nil)
	// It is understood, and refused only because it asks for everything at once.
	if err == nil || !strings.Contains(err.Error(), "choose one") {
		t.Errorf("got %v", err)
	}
	if n := strings.Count(all.String(), " = "); n < 20 {
		t.Errorf("only %d settings are in the example", n)
	}
}
