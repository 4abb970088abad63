package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"reflect"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// A setting is a flag of the command line. What is not given there comes from the
// environment, as GATEHOUSE_CENTRAL_ and the flag's name in capitals with _ for -,
// and then from the file of --config, under the flag's name.

const (
	inEnvironment = "GATEHOUSE_CENTRAL_"
	maxConfig     = 64 << 10 // bytes of the file
)

// fill sets the flags that the command line did not.
func (m *Main) fill(flags *flag.FlagSet) error {
	told := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { told[f.Name] = true })
	var failed error
	flags.VisitAll(func(f *flag.Flag) {
		name := inEnvironment + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		if m.Getenv == nil || told[f.Name] || m.Getenv(name) == "" {
			return
		}
		told[f.Name] = true
		if err := flags.Set(f.Name, m.Getenv(name)); err != nil {
			// The value may be a secret, and the flag's error would show it.
			failed = errors.Join(failed, fmt.Errorf("%s in the environment: not a value of --%s", name, f.Name))
		}
	})
	if failed != nil {
		return failed
	}
	path := flags.Lookup("config").Value.String()
	if path == "" {
		return nil
	}
	values, err := readConfig(path, flags)
	if err != nil {
		return fmt.Errorf("--config %s: %w", path, err)
	}
	for name, value := range values {
		if told[name] {
			continue
		}
		if err := flags.Set(name, value); err != nil {
			return fmt.Errorf("--config %s: %s: not a value of it", path, name)
		}
	}
	return nil
}

// readConfig reads the settings in a file. A key that is no flag is refused, with
// its line; so is a file with a password that everybody on the machine can read.
func readConfig(path string, flags *flag.FlagSet) (map[string]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxConfig+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxConfig {
		return nil, fmt.Errorf("more than %d bytes", maxConfig)
	}
	values, err := parseConfig(text, flags)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	for name, holds := range secrets {
		if info.Mode().Perm()&0o004 != 0 && holds(values[name]) {
			return nil, fmt.Errorf("%s holds a secret, and everybody on this machine can read the file: chmod o-r", name)
		}
	}
	return values, nil
}

// secrets are the settings that may hold one, and whether a value does.
var secrets = map[string]func(string) bool{
	"store":         holdsPassword,
	"smtp-url":      holdsPassword,
	"upstream-code": func(code string) bool { return code != "" },
}

// holdsPassword says whether there is a password in a URL. One that cannot be read
// may hold one.
func holdsPassword(text string) bool {
	u, err := url.Parse(text)
	if err != nil {
		return true
	}
	_, set := u.User.Password()
	return set || u.Query().Has("password")
}

// parseConfig reads settings from TOML: text, whole numbers, true and false, and
// lists of them, which count as one text with commas.
func parseConfig(text []byte, flags *flag.FlagSet) (map[string]string, error) {
	var names []string
	var fields []reflect.StructField
	flags.VisitAll(func(f *flag.Flag) {
		if f.Name == "config" {
			return
		}
		fields = append(fields, reflect.StructField{Name: fmt.Sprintf("F%d", len(fields)), Type: reflect.TypeFor[any](), Tag: reflect.StructTag(`toml:"` + f.Name + `"`)})
		names = append(names, f.Name)
	})
	read := reflect.New(reflect.StructOf(fields))
	err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(read.Interface())
	var unknown *toml.StrictMissingError
	var wrong *toml.DecodeError
	switch {
	case errors.As(err, &unknown):
		var all []error
		for _, e := range unknown.Errors {
			line, _ := e.Position()
			all = append(all, fmt.Errorf("line %d: there is no setting %q; --help lists them", line, strings.Join(e.Key(), ".")))
		}
		return nil, errors.Join(all...)
	case errors.As(err, &wrong):
		line, _ := wrong.Position()
		return nil, fmt.Errorf("line %d: %v", line, wrong)
	case err != nil:
		return nil, err
	}
	values := map[string]string{}
	for i, name := range names {
		field := read.Elem().Field(i)
		if field.IsNil() {
			continue
		}
		value, ok := asText(field.Interface())
		if !ok {
			return nil, fmt.Errorf("%s: want a text, a whole number, true or false, or a list of them", name)
		}
		values[name] = value
	}
	return values, nil
}

func asText(v any) (string, bool) {
	switch v := v.(type) {
	case string, int64, bool:
		return fmt.Sprint(v), true
	case []any:
		var parts []string
		for _, one := range v {
			part, ok := asText(one)
			if _, list := one.([]any); !ok || list {
				return "", false
			}
			parts = append(parts, part)
		}
		return strings.Join(parts, ","), true
	}
	return "", false
}

// usage writes what the program can be told.
func usage(out io.Writer, flags *flag.FlagSet) {
	fmt.Fprint(out, `gatehouse-central takes in the ledgers of stations, and shows them.

  gatehouse-central --data FOLDER [settings]
  gatehouse-central code 'what the code is for' --data FOLDER
  gatehouse-central import FILE --mapping FILE --billed NUMBER --data FOLDER

A setting that is not given here is taken from the environment, like
GATEHOUSE_CENTRAL_STORE for --store, and then from the file of --config, where
it is written like: store = "postgres://…"

`)
	flags.VisitAll(func(f *flag.Flag) {
		kind, text := flag.UnquoteUsage(f)
		fmt.Fprintf(out, "  --%s", f.Name)
		if kind != "" {
			fmt.Fprintf(out, " %s", kind)
		}
		if d := f.DefValue; d != "" && d != "false" {
			fmt.Fprintf(out, "   (%s)", d)
		}
		fmt.Fprintln(out)
		for _, line := range wrap(text, 72) {
			fmt.Fprintf(out, "        %s\n", line)
		}
	})
}

// wrap breaks a text at blanks into lines of at most width letters.
func wrap(text string, width int) []string {
	var lines []string
	line, long := "", 0
	for _, word := range strings.Fields(text) {
		letters := len([]rune(word))
		if long > 0 && long+1+letters > width {
			lines, line, long = append(lines, line), "", 0
		}
		if long > 0 {
			line, long = line+" ", long+1
		}
		line, long = line+word, long+letters
	}
	return append(lines, line)
}

// logging is how the program says what it does.
type logging struct{ form, level string }

func (l *logging) flags(flags *flag.FlagSet) {
	flags.StringVar(&l.form, "log", "text", "`form` of the log on the error output: text or json")
	flags.StringVar(&l.level, "log-level", "info", "least `level` that is logged: debug, info, warn or error")
}

// open makes the log.
func (l logging) open(out io.Writer) (*slog.Logger, error) {
	var o slog.HandlerOptions
	var level slog.Level
	if err := level.UnmarshalText([]byte(l.level)); err != nil {
		return nil, fmt.Errorf("--log-level %q: want debug, info, warn or error", l.level)
	}
	o.Level = level
	if out == nil {
		out = io.Discard
	}
	switch l.form {
	case "text":
		return slog.New(slog.NewTextHandler(out, &o)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(out, &o)), nil
	}
	return nil, fmt.Errorf("--log %q: want text or json", l.form)
}
