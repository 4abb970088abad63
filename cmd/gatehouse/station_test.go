package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/reference"
	"gatehouse/desk/sample"
	"gatehouse/desk/staff"
	"gatehouse/desk/visit"
	"gatehouse/drivers/devices"
	"gatehouse/drivers/escpos"
	"gatehouse/ledger"
	"gatehouse/paper"
	"gatehouse/paper/spool"
)

// holdFolder, set for a process that is this test program again, makes it open a
// station there and hold it until it is told to end.
const holdFolder = "GATEHOUSE_TEST_HOLD"

func TestMain(m *testing.M) {
	if folder := os.Getenv(holdFolder); folder != "" {
		if err := hold(folder); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func hold(folder string) error {
	r, err := start(stationAt(folder, "A1"), slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	fmt.Println("held")
	var end string
	_, _ = fmt.Scanln(&end) // the end of the input
	return r.close()
}

// utility makes a small sample utility.
func utility(t testing.TB) string {
	t.Helper()
	folder := t.TempDir()
	if err := sample.Write(folder, time.Now(), 40); err != nil {
		t.Fatal(err)
	}
	return folder
}

func stationAt(folder string, id ledger.StationID) options {
	return options{role: roleCashier, data: folder, station: id, printer: "none", model: "TM-T88VI", baud: 38400, drawer: drawerSwitches()["high"],
		language: "en", width: 1366, height: 768}
}

func opened(t testing.TB, o options) *running {
	t.Helper()
	r, err := start(o, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// does gives the desk an order that must be carried out.
func (r *running) does(t testing.TB, o desk.Order) []ledger.Entry {
	t.Helper()
	id, err := r.desk.NewID()
	if err != nil {
		t.Fatal(err)
	}
	o.ID = id
	entries, err := r.desk.Do(context.Background(), o)
	if err != nil {
		t.Fatalf("%T: %v", o.Do, err)
	}
	return entries
}

// pays signs Maria in, opens the drawer and takes one payment.
func (r *running) pays(t testing.TB) cash.Payment {
	t.Helper()
	r.does(t, desk.Order{By: "maria", PIN: pin("maria"), Do: staff.SignIn{}})
	r.does(t, desk.Order{By: "maria", Do: cash.OpenDrawer{Drawer: "1", Count: cash.Count{{Value: 10000, N: 3}}}})
	no := r.somebody(t)
	entries := r.does(t, desk.Order{By: "maria", Do: cash.TakePayment{Pay: []cash.Pay{{Account: no, Amount: 1234}},
		Tenders: []cash.Tender{{Kind: cash.Cash, Amount: 2000}}}})
	p, err := ledger.Unpack[cash.Payment](&entries[0])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func pin(who staff.ID) string {
	for _, h := range sample.PINs() {
		if h.ID == who {
			return h.PIN
		}
	}
	return ""
}

// somebody is a customer who is not Maria.
func (r *running) somebody(t testing.TB) account.No {
	t.Helper()
	store, err := reference.Open(filepath.Join(r.o.data, "ref.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	keys, err := store.Keys(account.Feed, 1)
	if err != nil || len(keys) != 1 {
		t.Fatal(keys, err)
	}
	return account.No(keys[0])
}

// proved lets the ledger be proved, which nothing does while a station has it.
func proved(t testing.TB, o options) ledger.Report {
	t.Helper()
	layouts, err := paper.Standard()
	if err != nil {
		t.Fatal(err)
	}
	report, err := ledger.Verify(filepath.Join(o.folder(), "ledger.db"), ledger.VerifyOptions{
		Views: spool.Views(layouts), Mirror: filepath.Join(o.folder(), "mirror")})
	if err != nil || len(report.Problems) > 0 {
		t.Fatalf("%v, %v", report.Problems, err)
	}
	if !report.Closed {
		t.Error("the ledger was not closed in order: unused pages were not looked at")
	}
	return report
}

func TestAStationPrintsOnTheEmulatedPrinterAndClosesInOrder(t *testing.T) {
	o := stationAt(utility(t), "A1")
	o.printer = emulated
	r := opened(t, o)
	paid := r.pays(t)
	if paid.Change != 766 {
		t.Errorf("change %s, want 7.66", paid.Change)
	}
	r.printed(t)
	if err := r.close(); err != nil {
		t.Fatal(err)
	}
	proved(t, o)
	text, err := os.ReadFile(filepath.Join(o.folder(), "paper", "002.txt"))
	if err != nil || !strings.Contains(string(text), "END A1-000001-") {
		t.Errorf("the receipt: %v\n%s", err, text)
	}
}

// printed waits until nothing waits for the printer.
func (r *running) printed(t testing.TB) {
	t.Helper()
	states, end := r.spooler.Subscribe()
	defer end()
	late := time.After(time.Minute)
	for {
		select {
		case s := <-states:
			if s.Printing == nil && s.WaitingCount == 0 && r.desk.Book.Head().Seq > 5 {
				return
			}
		case <-late:
			t.Fatal("the papers did not come out")
		}
	}
}

// What ran on this printer before may have been killed in the middle of a
// picture: it would take what comes next for dots.
func TestAStationBeginsByMakingThePrinterForget(t *testing.T) {
	port, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer port.Close()
	o := stationAt(utility(t), "A1")
	o.printer = "tcp:" + port.Addr().String()
	r := opened(t, o)
	line, err := port.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer line.Close()
	began := make([]byte, len(escpos.ClearBuffers()))
	if _, err := io.ReadFull(line, began); err != nil || !bytes.Equal(began, escpos.ClearBuffers()) {
		t.Errorf("the first bytes are % x, %v", began, err)
	}
	if err := r.close(); err != nil {
		t.Fatal(err)
	}
}

func TestAPaperThatIsComingOutIsFinishedBeforeTheStationEnds(t *testing.T) {
	o := stationAt(utility(t), "A1")
	o.printer = emulated
	r := opened(t, o)
	r.pays(t)
	states, end := r.spooler.Subscribe()
	for s := range states {
		if s.Printing != nil {
			break
		}
	}
	end()
	if err := r.close(); err != nil {
		t.Fatal(err)
	}
	again := opened(t, o)
	if open := again.spooler.State().Questions; len(open) > 0 {
		t.Errorf("a paper was cut off: %s", open[0].Text())
	}
	if err := again.close(); err != nil {
		t.Fatal(err)
	}
}

func TestACashierAndAKioskAtOnce(t *testing.T) {
	folder := utility(t)
	counter, lobby := stationAt(folder, "A1"), stationAt(folder, "K1")
	lobby.role = roleKiosk
	a, k := opened(t, counter), opened(t, lobby)
	a.pays(t)
	k.does(t, desk.Order{By: desk.KioskActor, Do: visit.TakeTicket{Service: "bill", Language: "es"}})
	for _, r := range []*running{a, k} {
		if err := r.close(); err != nil {
			t.Fatal(err)
		}
	}
	if proved(t, counter).Identity.Log == proved(t, lobby).Identity.Log {
		t.Error("both wrote into one ledger")
	}
}

func TestACashiersStationIsNoKiosk(t *testing.T) {
	r := opened(t, stationAt(utility(t), "A1"))
	defer r.close()
	id, err := r.desk.NewID()
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.desk.Do(context.Background(), desk.Order{ID: id, By: desk.KioskActor, Do: visit.TakeTicket{Service: "bill", Language: "en"}})
	if refusal, ok := ledger.AsRefusal(err); !ok || refusal.Code != "staff.no_kiosk" {
		t.Errorf("got %v, want a refusal", err)
	}
}

func TestCentralDown(t *testing.T) {
	o := stationAt(utility(t), "A1")
	o.central, o.code = "http://127.0.0.1:1", "nobody-is-there"
	r := opened(t, o)
	if paid := r.pays(t); !paid.Offline {
		t.Error("the payment does not say that it was taken offline")
	}
	if err := r.close(); err != nil {
		t.Fatal(err)
	}
	proved(t, o)
}

func TestWithoutAPrinterPaymentsAreTakenAndNothingIsFollowed(t *testing.T) {
	o := stationAt(utility(t), "A1")
	r := opened(t, o)
	r.pays(t)
	if news, _ := r.papers(); news != nil || r.spooler != nil || r.drawers != nil {
		t.Error("something follows the ledger to a printer that is not there")
	}
	if news, _ := r.links(); news != nil {
		t.Error("something follows a central that is not there")
	}
	if err := r.close(); err != nil {
		t.Fatal(err)
	}
	proved(t, o)
}

func TestALedgerHeldByAnotherProcess(t *testing.T) {
	folder := utility(t)
	other := exec.Command(os.Args[0])
	other.Env = append(os.Environ(), holdFolder+"="+folder)
	input, err := other.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	var said string
	if _, err := fmt.Fscanln(output, &said); err != nil || said != "held" {
		t.Fatalf("the other process said %q, %v", said, err)
	}
	_, err = start(stationAt(folder, "A1"), slog.New(slog.DiscardHandler))
	if !errors.Is(err, ledger.ErrInUse) || faultKey(err) != "station.fault.in_use" {
		t.Errorf("got %v, want that the ledger is in use", err)
	}
	if err := errors.Join(input.Close(), other.Wait()); err != nil {
		t.Fatal(err)
	}
	if err := opened(t, stationAt(folder, "A1")).close(); err != nil {
		t.Errorf("once it is free: %v", err)
	}
}

func TestStationsThatCannotBeOpened(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, o *options)
		want  string
	}{
		{"no data", func(t *testing.T, o *options) { o.data = t.TempDir() }, "no_data"},
		{"a policy with a misspelt word", func(t *testing.T, o *options) {
			write(t, filepath.Join(o.data, "policy.toml"), "[utility]\nnaem = \"Alder Creek\"\n")
		}, "policy"},
		{"a ledger overwritten", func(t *testing.T, o *options) {
			made(t, *o)
			write(t, filepath.Join(o.folder(), "ledger.db"), strings.Repeat("not a ledger\n", 4000))
		}, "damaged"},
		{"a ledger cut short", func(t *testing.T, o *options) {
			made(t, *o)
			if err := os.Truncate(filepath.Join(o.folder(), "ledger.db"), 5000); err != nil {
				t.Fatal(err)
			}
		}, "damaged"},
		{"a folder that is a file", func(t *testing.T, o *options) { write(t, o.folder(), "") }, "other"},
		{"a list of devices with a misspelt word", func(t *testing.T, o *options) {
			made(t, *o)
			write(t, filepath.Join(o.folder(), devices.FileName), "[printer]\nprot = \"COM3\"\n")
		}, "devices"},
		{"no such printer", func(t *testing.T, o *options) { o.printer, o.model = emulated, "LaserJet" }, "other"},
		{"central in clear on another machine", func(t *testing.T, o *options) { o.central = "http://192.0.2.1" }, "other"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := stationAt(utility(t), "A1")
			c.spoil(t, &o)
			r, err := start(o, slog.New(slog.DiscardHandler))
			if err == nil {
				r.close()
				t.Fatal("it opened")
			}
			if got := string(faultKey(err)); got != "station.fault."+c.want {
				t.Errorf("%v: %s, want %s", err, got, c.want)
			}
		})
	}
}

// made makes a station's ledger.
func made(t *testing.T, o options) {
	t.Helper()
	if err := opened(t, o).close(); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
