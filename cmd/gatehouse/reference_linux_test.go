package main

import (
	"bufio"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/sample"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
)

// centralProgram is the real gatehouse-central, a program of its own.
type centralProgram struct {
	t       *testing.T
	binary  string
	folder  string
	address string
	more    []string // options
	said    []string // until it listened
	run     *exec.Cmd
}

func buildCentral(t *testing.T) *centralProgram {
	t.Helper()
	c := &centralProgram{t: t, folder: t.TempDir()}
	c.binary = filepath.Join(t.TempDir(), "gatehouse-central")
	build := exec.Command("go", "build", "-o", c.binary, "gatehouse/cmd/gatehouse-central")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build central: %v\n%s", err, out)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c.address = free.Addr().String()
	free.Close()
	return c
}

// does runs a subcommand while central does not run, and gives what it wrote.
func (c *centralProgram) does(args ...string) string {
	c.t.Helper()
	run := exec.Command(c.binary, append(args, "--data", c.folder)...)
	var said strings.Builder
	run.Stderr = &said
	out, err := run.Output()
	if err != nil {
		c.t.Fatalf("central %v: %v\n%s", args, err, &said)
	}
	return string(out)
}

func (c *centralProgram) start() {
	c.t.Helper()
	c.run = exec.Command(c.binary, append([]string{"--data", c.folder, "--listen", c.address, "--metrics-listen", "off"}, c.more...)...)
	log, err := c.run.StderrPipe()
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.run.Start(); err != nil {
		c.t.Fatal(err)
	}
	lines := bufio.NewScanner(log)
	for c.said = nil; lines.Scan(); {
		c.said = append(c.said, lines.Text())
		if strings.Contains(lines.Text(), "listening") && strings.Contains(lines.Text(), c.address) {
			go io.Copy(io.Discard, log)
			return
		}
	}
	c.t.Fatalf("central did not start:\n%s", strings.Join(c.said, "\n"))
}

func (c *centralProgram) stop() {
	c.t.Helper()
	if c.run == nil {
		return
	}
	if err := c.run.Process.Signal(syscall.SIGTERM); err != nil {
		c.t.Error(err)
	}
	if err := c.run.Wait(); err != nil {
		c.t.Errorf("central ended with %v", err)
	}
	c.run = nil
}

// imports puts a file in force.
func (c *centralProgram) imports(mapping, file string, billed int) map[string]any {
	c.t.Helper()
	folder := c.t.TempDir()
	write(c.t, filepath.Join(folder, "mapping.toml"), mapping)
	write(c.t, filepath.Join(folder, "file.csv"), file)
	out := c.does("import", filepath.Join(folder, "file.csv"), "--mapping", filepath.Join(folder, "mapping.toml"), "--billed", fmt.Sprint(billed), "--publish")
	var report map[string]any
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		c.t.Fatal(err)
	}
	return report
}

const (
	customersOf = "feed = \"customers\"\n[columns]\nno = \"NO\"\nname = \"NAME\"\ncurrent = \"OWED\"\n[guard]\nrefused_percent = 50\n"
	staffOf     = "feed = \"staff\"\n[columns]\nid = \"ID\"\nname = \"NAME\"\nrole = \"ROLE\"\npin = \"PIN\"\n"
)

func staffFile(t *testing.T) string {
	t.Helper()
	hash, err := staff.HashPIN(pin("maria"), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return "ID,NAME,ROLE,PIN\nmaria,Maria Lopez,css1,\"" + hash + "\"\n"
}

// TestCentralGivesANewStationItsCustomersAndStaff: the real central and a station
// without any data. Staff and customers come while its window is open; a balance that
// counts a payment takes its place while the cashier has the account on the screen, and
// nothing of it is counted twice.
func TestCentralGivesANewStationItsCustomersAndStaff(t *testing.T) {
	c := buildCentral(t)
	defer c.stop()
	c.imports(staffOf, staffFile(t), 0)
	report := c.imports(customersOf, "NO,NAME,OWED\n01-0001,GARCIA,50.00\n01-0002,OAK,20.00\n01 3,BROKEN,1.00\n", 0)
	if report["taken"] != 2.0 || report["refused"] != 1.0 {
		t.Fatalf("the report says %v", report)
	}
	code := strings.TrimSpace(c.does("code", "a station"))

	// A station as it comes out of the box: only the policy was put there.
	folder := t.TempDir()
	if err := sample.Write(folder, time.Now(), 1); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ref.db", "ref.db.index"} {
		if err := os.Remove(filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	o := stationAt(folder, "A1")
	o.central, o.code = "http://"+c.address, code
	g := newGlass(t, o)
	g.on(g.open)
	g.sees("the cashier's place is there, without anybody", func() bool {
		return g.shell.Front() == screenPlace && len(g.cashier().People) == 0
	})
	c.start()
	g.now(t)
	g.sees("the staff came", func() bool { return len(g.cashier().People) == 1 && !g.cashier().Data.None })
	r := g.station
	r.notedPerson(t, "maria")
	r.does(t, desk.Order{By: "maria", PIN: pin("maria"), Do: staff.SignIn{}})
	r.does(t, desk.Order{By: "maria", Do: cash.OpenDrawer{Drawer: "1", Count: cash.Count{{Value: 10000, N: 3}}}})
	entries := r.does(t, desk.Order{By: "maria", Do: cash.TakePayment{Pay: []cash.Pay{{Account: "01-0001", Amount: 3000}}, Tenders: []cash.Tender{{Kind: cash.Cash, Amount: 3000}}}})
	r.owes(t, "01-0001", 2000, 3000)
	found, _, err := r.live.Find("garcia", 5)
	if err != nil || len(found) != 1 {
		t.Fatalf("found %v, %v", found, err)
	}

	var first uint64
	g.on(func() { first = g.cashier().Data.Version })

	// The billing system has the payment, by a payment file, and gives fresh balances.
	states, end := r.central.Subscribe()
	for s := range states {
		if s.AtCentral >= entries[len(entries)-1].Seq {
			break
		}
	}
	end()
	c.stop()
	c.imports(customersOf, "NO,NAME,OWED\n01-0001,GARCIA,60.00\n01-0002,OAK,20.00\n", 0) // without the payment
	c.start()
	g.now(t)
	g.sees("the balances are fresh", func() bool { return g.cashier().Data.Version > first && r.balance(t, "01-0001") == 6000 })
	r.owes(t, "01-0001", 3000, 3000)

	// A practice of the same machine, or another program of it, has the same set.
	if left, err := filepath.Glob(filepath.Join(folder, "ref.db*")); err != nil || len(left) != 2 {
		t.Errorf("left beside the set: %v, %v", left, err)
	}
	g.ends()
	proved(t, o)
}

// cashier is what the cashier sees.
func (g *glass) cashier() *flow.Model { return g.place.(*counter).flow.Model() }

// now lets nobody wait for the next heartbeat, until both are in touch.
func (g *glass) now(t *testing.T) {
	t.Helper()
	g.station.central.TryNow()
	states, end := g.station.central.Subscribe()
	defer end()
	for s := range states {
		if s.Online {
			break
		}
	}
	g.station.puller.TryNow()
}

// balance is what the reference data say that an account owes.
func (r *running) balance(t *testing.T, no account.No) ledger.Cents {
	t.Helper()
	customer, _, _, err := r.live.Customer(no)
	if err != nil {
		t.Fatal(err)
	}
	return customer.Balance()
}

// owes wants a balance, less what was paid here and is not counted in it.
func (r *running) owes(t *testing.T, no account.No, want, here ledger.Cents) {
	t.Helper()
	err := r.desk.Read(func(s *ledger.State) error {
		standing, err := r.desk.Accounts.Standing(s, no)
		if err == nil && (standing.Balance() != want || standing.PaidHere() != here) {
			t.Errorf("account %s owes %s with %s paid here, want %s with %s", no, standing.Balance(), standing.PaidHere(), want, here)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// notedPerson wants the newest entry of who may do what to name somebody who is new.
func (r *running) notedPerson(t *testing.T, id string) {
	t.Helper()
	entries, err := r.desk.Book.Entries(1, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range slices.Backward(entries) {
		if e.Kind != staff.KindRights {
			continue
		}
		body, err := ledger.Unpack[staff.RightsChanged](&e)
		if err != nil || !slices.ContainsFunc(body.Changes, func(c staff.Change) bool {
			return c.Of == staff.OfPerson && c.Name == id && c.Before == "" && c.After != ""
		}) {
			t.Errorf("the newest change of rights is %+v, %v; %s is not new in it", body.Changes, err, id)
		}
		return
	}
	t.Error("no change of rights is on record")
}
