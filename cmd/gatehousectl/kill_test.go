package main_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/sys/unix"

	"gatehouse/desk/account"
	"gatehouse/desk/reference"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// The kill test: gatehousectl, built as it is shipped, plays a scripted day as another process and is
// killed with SIGKILL at a random moment, again and again, each time restarted
// with the same script. What it acknowledged must be there, once.
const (
	killDays     = 10
	killsInADay  = 30
	killPayments = 360 // lines of payments in a day: more than the kills get through
)

func TestKilledAtRandomMoments(t *testing.T) {
	r := rand.New(rand.NewPCG(2026, 11))
	binary, policy := built(t), read(t, filepath.Join(newPlace(t).data, "policy.toml"))
	var sum killed
	for day := range killDays {
		sum.add(killDay(t, r, quickPlace(t, policy), binary, day))
	}
	t.Logf("%d kills: %d while opening, %d with payments acknowledged in that run, %d with one on disk that was not yet told; %d runs reached the end first",
		sum.kills, sum.opening, sum.paying, sum.untold, sum.ended)
	if sum.kills != killDays*killsInADay || sum.paying < sum.kills/3 || sum.opening == 0 || sum.untold == 0 {
		t.Error("the kills did not land where they should: opening, between payments, and in commits")
	}
}

// killed counts where the kills of a day landed.
type killed struct{ kills, opening, paying, untold, ended int }

func (k *killed) add(o killed) {
	k.kills, k.opening, k.paying = k.kills+o.kills, k.opening+o.opening, k.paying+o.paying
	k.untold, k.ended = k.untold+o.untold, k.ended+o.ended
}

// built is gatehousectl as it is shipped: without cgo, and without the race
// detector that this test may have itself.
func built(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "gatehousectl")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", path, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build gatehousectl: %v\n%s", err, out)
	}
	return path
}

func killDay(t *testing.T, r *rand.Rand, p place, binary string, day int) (k killed) {
	script := p.script(t, fmt.Sprintf("day%d.jsonl", day), killScript(r)...)
	told := make(map[int]uint64) // line → entry
	for k.kills < killsInADay {
		// After so many acknowledgements of new lines, and a moment.
		fresh, moment := r.IntN(12)-2, time.Duration(r.IntN(1500))*time.Microsecond
		if fresh < 0 {
			moment *= 40 // somewhere in the start
		}
		run := playAndKill(t, p, binary, script, fresh, moment)
		for _, a := range run.told {
			if before, twice := told[a.Line]; twice && before != a.Entries[0].Seq {
				t.Fatalf("line %d was entry %d and is now entry %d", a.Line, before, a.Entries[0].Seq)
			}
			if a.Again && told[a.Line] == 0 {
				k.untold++
			}
			told[a.Line] = a.Entries[0].Seq
		}
		switch {
		case !run.killed:
			k.ended++
			t.Fatal("the day is too short: a run reached its end")
		case len(run.told) == 0:
			k.opening++
		case run.fresh > 0:
			k.paying++
		}
		k.kills++
	}
	checkDay(t, p, script, told)
	return k
}

// checkDay plays the day to its end and proves the ledger against what was told
// on the way.
func checkDay(t *testing.T, p place, script string, told map[int]uint64) {
	t.Helper()
	end := p.play(t, script)
	all := results(t, end.out)
	if end.code != 0 || len(all) != killPayments+2 {
		t.Fatalf("the day ended with %d after %d lines: %s", end.code, len(all), end.err)
	}
	mustCtl(t, "verify", p.ledger)
	entries := make(map[uint64]ledger.EntryForPeople)
	receipts, commands := make(map[ledger.ReceiptNo]int), make(map[string]int)
	var count uint64
	for line := range strings.Lines(mustCtl(t, "export", p.ledger, "--format", "jsonl").out) {
		var e ledger.EntryForPeople
		must(t, json.Unmarshal([]byte(line), &e))
		entries[e.Seq] = e
		commands[e.Command+" "+string(e.Kind)]++ // an opening draws a surprise count too
		if e.Kind == "cash.payment.v1" {
			count++
			_, n, err := e.Receipt.Count()
			must(t, err)
			if n != count {
				t.Errorf("entry %d has receipt %d, want %d", e.Seq, n, count)
			}
			receipts[e.Receipt]++
		}
	}
	for line, seq := range told {
		if e, there := entries[seq]; !there || all[line-1].Entries[0].Seq != seq || e.Command != all[line-1].Entries[0].Command {
			t.Errorf("line %d was acknowledged as entry %d, which is %+v", line, seq, e)
		}
	}
	if count != killPayments || len(receipts) != killPayments {
		t.Errorf("%d payments with %d receipts for %d lines", count, len(receipts), killPayments)
	}
	for id, n := range commands {
		if n != 1 {
			t.Errorf("command %s was carried out %d times", id, n)
		}
	}
}

// killedRun is what a run said before it was killed.
type killedRun struct {
	told   []result
	fresh  int // acknowledged for the first time
	killed bool
}

// playAndKill plays a script as another process and kills it a moment after it
// acknowledged so many new lines; with fewer than none, a moment after its start.
func playAndKill(t *testing.T, p place, binary, script string, fresh int, moment time.Duration) (run killedRun) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, "play", script, "--ledger", p.ledger, "--data", p.data)
	var trouble bytes.Buffer
	cmd.Stderr = &trouble
	out, err := cmd.StdoutPipe()
	must(t, err)
	// A small pipe: the program waits for its reader, so that the kill comes where
	// it was meant to.
	_, err = unix.FcntlInt(out.(*os.File).Fd(), unix.F_SETPIPE_SZ, 4096)
	must(t, err)
	must(t, cmd.Start())
	var timer *time.Timer
	kill := func() { timer = time.AfterFunc(moment, func() { _ = cmd.Process.Kill() }) } // it may have ended
	if fresh < 0 {
		kill()
	}
	lines := bufio.NewReaderSize(out, 1<<20)
	for {
		text, err := lines.ReadBytes('\n')
		if err != nil {
			break // a line without its end was not acknowledged
		}
		var r result
		must(t, json.Unmarshal(text, &r))
		if !r.OK {
			t.Fatalf("line %d was not carried out: %s", r.Line, text)
		}
		run.told = append(run.told, r)
		if !r.Again {
			run.fresh++
		}
		if timer == nil && run.fresh >= fresh {
			kill()
		}
	}
	err = cmd.Wait()
	if timer != nil {
		timer.Stop()
	}
	state, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	run.killed = err != nil && ok && state.Signaled() && state.Signal() == syscall.SIGKILL
	if !run.killed && err != nil {
		t.Fatalf("the program ended by itself: %v\n%s", err, trouble.String())
	}
	return run
}

// killScript is a day of payments of every kind, some of them alike.
func killScript(r *rand.Rand) []string {
	lines := []string{`{"do":"staff.sign_in","by":"maria","pin":"2468"}`,
		`{"do":"cash.open_drawer","by":"maria","drawer":"1","count":[{"value":"20.00","n":15}]}`}
	for range killPayments {
		// Little enough that the cash of the day stays below what a drawer may hold.
		amount := ledger.Cents(100 * (1 + r.IntN(10))).Plain()
		tender := []string{`{"kind":"cash","amount":"50.00"}`, `{"kind":"check","amount":"` + amount + `","number":"7"}`,
			`{"kind":"card","amount":"` + amount + `","reference":"TX-7","last_four":"4242"}`}[r.IntN(3)]
		lines = append(lines, fmt.Sprintf(`{"do":"cash.take_payment","by":"maria","pay":[{"account":"K-%d","amount":"%s"}],"tenders":[%s]}`,
			r.IntN(5), amount, tender))
	}
	return lines
}

// quickPlace is a place that starts quickly: a hash of the PIN that costs little,
// five customers, and a folder in memory where there is one. A kill does not lose
// what the system has, so the medium does not matter here.
func quickPlace(t *testing.T, policy []byte) place {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "gatehouse-kill-")
	if errors.Is(err, os.ErrNotExist) {
		dir, err = t.TempDir(), nil
	}
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	p := place{dir: dir, data: filepath.Join(dir, "data"), ledger: filepath.Join(dir, "ledger.db")}
	must(t, os.Mkdir(p.data, 0o700))
	must(t, os.WriteFile(filepath.Join(p.data, "policy.toml"), policy, 0o600))
	path := filepath.Join(p.data, "ref.db")
	salt := []byte("kill test")
	hash := argon2.IDKey([]byte("2468"), salt, 1, 8, 1, 32)
	b64 := base64.RawStdEncoding.EncodeToString
	must(t, reference.Build(path, reference.About{Version: 1, AsOf: time.Now()}, func(w *reference.Writer) error {
		err := w.Put(staff.Feed, "maria", staff.Person{ID: "maria", Name: "Maria Lopez", Role: staff.CSS1,
			PIN: fmt.Sprintf("$argon2id$v=%d$m=8,t=1,p=1$%s$%s", argon2.Version, b64(salt), b64(hash))})
		if err != nil {
			return err
		}
		return account.Put(w, path, func(yield func(account.Customer) bool) {
			for i := range 5 {
				c := account.Customer{No: account.No(fmt.Sprintf("K-%d", i)), Name: "KILL, TEST", Service: "1 Gate Rd", PastDue: 5_000, Current: 10_000_00}
				if !yield(c) {
					return
				}
			}
		})
	}))
	return p
}
