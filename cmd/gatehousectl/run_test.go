package main_test

import (
	"bytes"
	"context"
	"flag"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	main "gatehouse/cmd/gatehousectl"
	"gatehouse/desk/sample"
)

var update = flag.Bool("update", false, "write the golden files anew")

// asProgram in the environment makes the test's own program be gatehousectl, so
// that it can be another process: killed, crashed or limited in time.
const asProgram = "GATEHOUSECTL_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		p := &main.Main{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Clock: time.Now, Random: random(uint64(time.Now().UnixNano())), Self: program}
		os.Exit(p.Run(context.Background(), os.Args[1:]))
	}
	os.Exit(m.Run())
}

// program is gatehousectl as another process.
func program(ctx context.Context, args ...string) (*exec.Cmd, error) {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	// Built with the race detector, a program waits a second before it ends.
	cmd.Env = append(os.Environ(), asProgram+"=1", "GORACE=atexit_sleep_ms=0 "+os.Getenv("GORACE"))
	return cmd, nil
}

func random(seed uint64) io.Reader {
	var key [32]byte
	for i := range 8 {
		key[i] = byte(seed >> (8 * i))
	}
	return rand.NewChaCha8(key)
}

// noon is the time in every test that does not run another process.
func noon() time.Time { return time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC) }

// answer is what a command line ended with.
type answer struct {
	code     int
	out, err string
}

// ctl runs a command line in this process; verify still makes its own.
func ctl(t testing.TB, args ...string) answer { return ctlReading(t, "", args...) }

func ctlReading(t testing.TB, stdin string, args ...string) answer {
	t.Helper()
	var out, errs bytes.Buffer
	p := &main.Main{Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs, Clock: noon, Random: random(1), Self: program}
	code := p.Run(t.Context(), args)
	return answer{code, out.String(), errs.String()}
}

// must runs a command line that has to end well.
func mustCtl(t testing.TB, args ...string) answer {
	t.Helper()
	a := ctl(t, args...)
	if a.code != 0 {
		t.Fatalf("gatehousectl %s ended with %d: %s%s", strings.Join(args, " "), a.code, a.out, a.err)
	}
	return a
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// place is a folder with the sample utility, and where a ledger goes.
type place struct{ dir, data, ledger string }

func newPlace(t testing.TB) place {
	t.Helper()
	p := place{dir: t.TempDir()}
	p.data, p.ledger = filepath.Join(p.dir, "data"), filepath.Join(p.dir, "ledger.db")
	must(t, os.Mkdir(p.data, 0o700))
	must(t, sample.Write(p.data, noon(), 100))
	return p
}

func (p place) path(name string) string { return filepath.Join(p.dir, name) }

// script writes a script and returns its path.
func (p place) script(t testing.TB, name string, lines ...string) string {
	t.Helper()
	must(t, os.WriteFile(p.path(name), []byte(strings.Join(lines, "\n")+"\n"), 0o600))
	return p.path(name)
}

// play plays a script into the ledger.
func (p place) play(t testing.TB, script string, more ...string) answer {
	t.Helper()
	return ctl(t, append([]string{"play", script, "--ledger", p.ledger, "--data", p.data}, more...)...)
}

// aDay is a place where the day of testdata was played.
func aDay(t testing.TB, more ...string) place {
	t.Helper()
	p := newPlace(t)
	if a := p.play(t, filepath.Join("testdata", "day.jsonl"), more...); a.code != 0 {
		t.Fatalf("the day ended with %d: %s", a.code, a.err)
	}
	return p
}

func TestCommandLinesThatAreNotUnderstood(t *testing.T) {
	for _, c := range []struct {
		args string
		want string
	}{
		{"", "verify"},
		{"dance", `no verb "dance"`},
		{"verify", "something is missing"},
		{"verify a b", `what is "b"?`},
		{"verify a --colour red", "flag provided but not defined"},
		{"export a", "--format is one of"},
		{"export a --format xml", "--format is one of"},
		{"restore --mirror a --key b", "--out is missing"},
		{"restore --key b --out c", "name one copy"},
		{"restore --mirror a --witness b --key c --out d", "name one copy"},
		{"witness", "something is missing"},
		{"sim --seeds 5", "--seeds is like 1-300"},
		{"sim --seeds 5-4", "--seeds is like 1-300"},
		{"sim --seeds 1-2 --trace x", "--trace is for one seed"},
		{"play", "name a file"},
		{"play a.jsonl", "--data is missing"},
		{"receipt", "say: gatehousectl receipt check"},
		{"receipt burn a", "say: gatehousectl receipt check"},
		{"receipt check a", "--key is missing"},
		{"key show", "something is missing"},
		{"sample", "something is missing"},
		{"sample d --customers 0", "--customers is 3 to"},
		{"sample d --customers many", "invalid value"},
		{"emulator", "say where the printer is: --link or --tcp"},
		{"emulator --link x --sensor up", "high, low or none"},
		{"probe --learn-drawer", "say which port"},
		{"probe none", "no device is plugged in"},
		{"probe ttyS0", "write it like"},
		{"probe /dev/ttyS0 --baud 12", "--baud 12"},
		{"probe /dev/ttyS0 --pin 3", "pin 2 or 5"},
		{"probe /dev/ttyS0 --model nothing", `no model "nothing"`},
		{"escpos decode", "something is missing"},
		{"escpos encode", "something is missing"},
	} {
		a := ctl(t, strings.Fields(c.args)...)
		if a.code != 2 || !strings.Contains(a.err, c.want) || a.out != "" {
			t.Errorf("%q ended with %d, said %q and %q; want 2 and %q", c.args, a.code, a.out, a.err, c.want)
		}
	}
}

func TestEveryVerbExplainsItself(t *testing.T) {
	list := mustCtl(t, "help").out
	for _, verb := range []string{"verify", "export", "restore", "play", "receipt check", "key show", "sample", "probe", "emulator", "escpos decode", "escpos encode"} {
		if !strings.Contains(list, "  "+verb+" ") {
			t.Errorf("help does not list %s", verb)
		}
		words := strings.Fields(verb)
		long := mustCtl(t, append(words, "--help")...).out
		if !strings.HasPrefix(long, "gatehousectl "+verb) || strings.Count(long, "\n") < 4 {
			t.Errorf("%s --help says %q", verb, long)
		}
		if again := mustCtl(t, append([]string{"help"}, words...)...).out; again != long {
			t.Errorf("help %s says something else than --help", verb)
		}
	}
	if strings.Contains(list, "verify-here") {
		t.Error("help lists the verb of the other process")
	}
}

func TestErrorsAreSentencesAndEndWithOne(t *testing.T) {
	p := newPlace(t)
	text := p.script(t, "text", "hello")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"verify", p.path("none")}, "find the ledger: there is no file"},
		{[]string{"verify", p.dir}, "is not a file"},
		{[]string{"verify", text, "--key", p.path("none")}, "read the key"},
		{[]string{"verify", text, "--key", text}, "want 64 hexadecimal digits"},
		{[]string{"export", text, "--format", "csv"}, "export"},
		{[]string{"restore", "--mirror", p.dir, "--key", p.path("none"), "--out", p.path("new")}, "restore it from the backup"},
		{[]string{"play", p.path("none"), "--ledger", p.ledger, "--data", p.data}, "read the commands"},
		{[]string{"play", text, "--ledger", p.ledger, "--data", p.dir}, "read the policy"},
		{[]string{"key", "show", p.path("none")}, "read the key"},
		{[]string{"escpos", "decode", p.path("none")}, "read the stream"},
		{[]string{"emulator", "--link", p.path("port"), "--model", "nothing"}, "nothing"},
	} {
		a := ctl(t, c.args...)
		if a.code != 1 || !strings.Contains(a.err, c.want) {
			t.Errorf("%v ended with %d and %q; want 1 and %q", c.args, a.code, a.err, c.want)
		}
	}
}
