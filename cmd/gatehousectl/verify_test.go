package main_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	main "gatehouse/cmd/gatehousectl"
	"gatehouse/ledger"
)

func TestVerifySaysWhatItProved(t *testing.T) {
	p := aDay(t, "--mirror", t.TempDir())
	key := strings.TrimSpace(mustCtl(t, "key", "show", p.path("station.key")).out)
	if !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(key) {
		t.Fatalf("the key is shown as %q", key)
	}
	keyFile := p.script(t, "station.pub", key)
	for _, given := range []string{key, keyFile, p.path("station.key")} {
		out := mustCtl(t, "verify", p.ledger, "--key", given).out
		for _, want := range []string{"station A1, log ", key + ", as given", "entries   39", "receipts  11", "taken     16,227.73, given back 194.00",
			"view      cash.sessions", "view      ledger.books", "view      paper.jobs", "time      ", "whole: "} {
			if !strings.Contains(out, want) {
				t.Errorf("with %s it does not say %q:\n%s", given, want, out)
			}
		}
		if strings.Contains(out, "did not close") || strings.Contains(out, "WRONG") {
			t.Errorf("it says\n%s", out)
		}
	}
	if out := mustCtl(t, "verify", p.ledger).out; !strings.Contains(out, "give --key to prove whose") {
		t.Errorf("without a key it says\n%s", out)
	}
	other := strings.Repeat("17", 32)
	if a := ctl(t, "verify", p.ledger, "--key", other); a.code != 1 || !strings.Contains(a.out, "another station key") {
		t.Errorf("with another station's key: %d\n%s", a.code, a.out)
	}
}

// TestEveryFlippedByteIsNoticed changes one byte of a ledger that was closed in
// order, anywhere, through the real command.
func TestEveryFlippedByteIsNoticed(t *testing.T) {
	p := aDay(t)
	whole, err := os.ReadFile(p.ledger)
	must(t, err)
	r := rand.New(rand.NewPCG(7, 7))
	named := 0
	for range 150 {
		at, bits := r.IntN(len(whole)), byte(1+r.IntN(255))
		broken := bytes.Clone(whole)
		broken[at] ^= bits
		must(t, os.WriteFile(p.path("copy.db"), broken, 0o600))
		a := ctl(t, "verify", p.path("copy.db"))
		if a.code != 1 || !strings.Contains(a.out, "WRONG") {
			t.Errorf("byte %d changed by %02x: ended with %d\n%s%s", at, bits, a.code, a.out, a.err)
		}
		if strings.Contains(a.out, "WRONG     entry ") {
			named++
		}
	}
	if named == 0 {
		t.Error("no wrong entry was ever named")
	}
}

// TestTheFirstWrongEntryIsNamed changes the approver of the day's void, entry 21;
// nothing else of that day was approved by her.
func TestTheFirstWrongEntryIsNamed(t *testing.T) {
	p := aDay(t)
	whole, err := os.ReadFile(p.ledger)
	must(t, err)
	approver := []byte("approver_namehAna Ruiz") // h: a text of eight bytes
	if n := bytes.Count(whole, approver); n != 1 {
		t.Fatalf("the approver stands in the file %d times", n)
	}
	must(t, os.WriteFile(p.path("copy.db"), bytes.Replace(whole, approver, []byte("approver_namehEva Ruiz"), 1), 0o600))
	if a := ctl(t, "verify", p.path("copy.db")); a.code != 1 || !strings.Contains(a.out, "WRONG     entry 21: ") {
		t.Errorf("ended with %d\n%s", a.code, a.out)
	}
}

func TestCutAndForeignFiles(t *testing.T) {
	p := aDay(t)
	whole, err := os.ReadFile(p.ledger)
	must(t, err)
	for name, content := range map[string][]byte{
		"empty": {}, "half": whole[:len(whole)/2], "one page less": whole[:len(whole)-4096],
		"one byte more": append(bytes.Clone(whole), 0), "text": []byte("hello"), "zeros": make([]byte, 1<<20),
	} {
		must(t, os.WriteFile(p.path("copy.db"), content, 0o600))
		if a := ctl(t, "verify", p.path("copy.db")); a.code != 1 || !strings.Contains(a.out, "WRONG") {
			t.Errorf("%s: ended with %d\n%s%s", name, a.code, a.out, a.err)
		}
	}
}

func TestALedgerInUseIsNotDamaged(t *testing.T) {
	p := aDay(t)
	key, err := ledger.LoadKey(p.path("station.key"), random(1))
	must(t, err)
	book, err := ledger.Open(ledger.Options{Path: p.ledger, Station: "A1", Signer: key})
	must(t, err)
	defer book.Close()
	a := ctl(t, "verify", p.ledger)
	if a.code != 1 || !strings.Contains(a.err, "in use") || strings.Contains(a.out, "WRONG") {
		t.Errorf("ended with %d: %s%s", a.code, a.out, a.err)
	}
}

// TestACrashOfTheVerificationIsDamage: whatever a file does to the process that
// reads it, there is an answer.
func TestACrashOfTheVerificationIsDamage(t *testing.T) {
	p := aDay(t)
	for _, c := range []struct {
		name string
		self func(context.Context, ...string) (*exec.Cmd, error)
		code int
		want string
	}{
		{"killed", shell("kill -SEGV $$"), 1, "checking it crashed (signal: segmentation fault"},
		{"panic", shell("echo 'panic: page 7' >&2; echo more >&2; exit 2"), 1, "panic: page 7): the file is damaged"},
		{"floods", shell("head -c 3000000 /dev/zero; exit 2"), 1, "crashed"},
		{"speaks nonsense", shell("echo hello"), 1, "read what the verification found"},
		{"cannot start", func(ctx context.Context, _ ...string) (*exec.Cmd, error) {
			return exec.CommandContext(ctx, p.path("none")), nil
		}, 1, "start the verification"},
	} {
		var out bytes.Buffer
		m := &main.Main{Stdout: &out, Stderr: &out, Clock: noon, Random: random(1), Self: c.self}
		if code := m.Run(t.Context(), []string{"verify", p.ledger}); code != c.code || !strings.Contains(out.String(), c.want) {
			t.Errorf("%s: ended with %d\n%s", c.name, code, out.String())
		}
	}
}

func shell(script string) func(context.Context, ...string) (*exec.Cmd, error) {
	return func(ctx context.Context, _ ...string) (*exec.Cmd, error) {
		return exec.CommandContext(ctx, "/bin/sh", "-c", script), nil
	}
}

// TestAHangingVerificationIsGivenUp: the process is ended when its time is over,
// or when the person interrupts.
func TestAHangingVerificationIsGivenUp(t *testing.T) {
	p := aDay(t)
	ctx, interrupt := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer interrupt()
	var out bytes.Buffer
	m := &main.Main{Stdout: &out, Stderr: &out, Clock: noon, Random: random(1), Self: shell("exec sleep 1000")}
	if code := m.Run(ctx, []string{"verify", p.ledger}); code != 1 || strings.Contains(out.String(), "WRONG") {
		t.Errorf("interrupted, it ended with %d\n%s", code, out.String())
	}
	out.Reset()
	m.Patience = func(size int64) time.Duration {
		if info, err := os.Stat(p.ledger); err != nil || info.Size() != size {
			t.Errorf("the size is given as %d, %v", size, err)
		}
		return 200 * time.Millisecond
	}
	if code := m.Run(t.Context(), []string{"verify", p.ledger}); code != 1 || !strings.Contains(out.String(), "WRONG     checking it took longer than 200ms") {
		t.Errorf("given up, it ended with %d\n%s", code, out.String())
	}
	if small, large := main.Patience(1<<20), main.Patience(1<<30); small < 10*time.Second || large < 200*time.Second || large > 10*time.Minute {
		t.Errorf("a megabyte may take %s, a gigabyte %s", small, large)
	}
}
