package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	main "gatehouse/cmd/gatehousectl"
	"gatehouse/desk"
	"gatehouse/desk/cash"
	"gatehouse/ledger"
	"gatehouse/paper/receiptcode"
)

func TestRestoreFromTheMirror(t *testing.T) {
	mirror := t.TempDir()
	p := aDay(t, "--mirror", mirror)
	before := mustCtl(t, "export", p.ledger, "--format", "jsonl").out
	restore := []string{"restore", "--mirror", mirror, "--key", p.path("station.key"), "--out"}
	if a := ctl(t, append(restore, p.ledger)...); a.code != 1 || !strings.Contains(a.err, "it is evidence") {
		t.Errorf("over a file that is there: %d, %s", a.code, a.err)
	}
	again := p.path("again.db")
	out := mustCtl(t, append(restore, again)...).out
	if !strings.Contains(out, "39 entries, 11 receipts") {
		t.Errorf("it says %q", out)
	}
	mustCtl(t, "verify", again, "--mirror", mirror)
	if after := mustCtl(t, "export", again, "--format", "jsonl").out; after != before {
		t.Error("the restored ledger is another")
	}
	// A ledger that lost its end is noticed only by its mirror.
	short := newPlace(t)
	must(t, os.WriteFile(short.path("station.key"), read(t, p.path("station.key")), 0o600))
	first := mirrorOf(t, mirror, 10)
	mustCtl(t, "restore", "--mirror", first, "--key", p.path("station.key"), "--out", short.ledger)
	mustCtl(t, "verify", short.ledger)
	if a := ctl(t, "verify", short.ledger, "--mirror", mirror); a.code != 1 || !strings.Contains(a.out, "entry 11: the mirror has it") {
		t.Errorf("a lost end: %d\n%s", a.code, a.out)
	}
	_, err := ledger.LoadKey(p.path("other.key"), random(2))
	must(t, err)
	if a := ctl(t, "restore", "--mirror", mirror, "--key", p.path("other.key"), "--out", p.path("third.db")); a.code != 1 || !strings.Contains(a.err, "signed with another key") {
		t.Errorf("with another key: %d, %s", a.code, a.err)
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	return text
}

// mirrorOf is a mirror with only its first entries: frames of length, checksum
// and entry.
func mirrorOf(t testing.TB, mirror string, entries int) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(mirror, "*.entries"))
	must(t, err)
	whole, dir, end := read(t, files[0]), t.TempDir(), 0
	for range entries {
		f := whole[end:]
		end += 8 + int(uint32(f[0])<<24|uint32(f[1])<<16|uint32(f[2])<<8|uint32(f[3]))
	}
	must(t, os.WriteFile(filepath.Join(dir, filepath.Base(files[0])), whole[:end], 0o600))
	return dir
}

// receiptCodes are the codes of the day's payments, as its receipts carry them.
func receiptCodes(t testing.TB, p place) []string {
	t.Helper()
	key, err := ledger.LoadKey(p.path("station.key"), random(1))
	must(t, err)
	book, err := ledger.Open(ledger.Options{Path: p.ledger, Station: "A1", Signer: key, Views: desk.Views()})
	must(t, err)
	defer book.Close()
	all, err := book.Entries(1, 1000)
	must(t, err)
	var codes []string
	for i := range all {
		if all[i].Kind != cash.KindPayment {
			continue
		}
		body, err := ledger.Unpack[cash.Payment](&all[i])
		must(t, err)
		code, err := receiptcode.Make(key, receiptcode.Of(&all[i], receiptcode.Payment, "A1", false, body.Total))
		must(t, err)
		codes = append(codes, code)
	}
	return codes
}

func TestAScannedReceipt(t *testing.T) {
	p := aDay(t)
	codes := receiptCodes(t, p)
	key := strings.TrimSpace(mustCtl(t, "key", "show", p.path("station.key")).out)
	// Nothing else is at hand.
	must(t, os.Remove(p.ledger))
	out := mustCtl(t, "receipt", "check", codes[0], "--key", key).out
	for _, want := range []string{"genuine\n", "receipt      A1-000001-", "for          payment", "amount       129.32", "made         2026-11-23T20:00:00Z", "station      A1", "taken so far 129.32"} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	if scanned := ctlReading(t, codes[0]+"\r\n", "receipt", "check", "-", "--key", key); scanned.code != 0 || scanned.out != out {
		t.Errorf("from a scanner: %d, %s%s", scanned.code, scanned.out, scanned.err)
	}
	for _, c := range []struct{ text, key, want string }{
		{codes[0], strings.Repeat("ab", 32), "the signature does not hold"},
		{strings.Replace(codes[0], codes[0][20:22], "00", 1), key, ""},
		{codes[0][:len(codes[0])-3], key, "scan it again"},
		{"hello", key, "scan it again"},
		{strings.Repeat("A", 10_000), key, "scan it again"},
	} {
		a := ctlReading(t, c.text, "receipt", "check", "-", "--key", c.key)
		if a.code != 1 || a.out != "" || !strings.Contains(a.err, c.want) {
			t.Errorf("%.30s: ended with %d, %q, %q", c.text, a.code, a.out, a.err)
		}
	}
}

func TestTheSampleUtility(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	out := mustCtl(t, "sample", dir, "--customers", "60").out
	for _, want := range []string{"60 customers", "maria   Maria Lopez", "Supervisor   314159"} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	p := place{dir: dir, data: dir, ledger: filepath.Join(dir, "ledger.db")}
	if got := oks(t, p.play(t, p.script(t, "day", signIn, open, pay))); got != "ooo" {
		t.Errorf("the desk in it says %s", got)
	}
}

// TestTheSampleDay: what the README says of it works line by line, in the smallest
// sample and in the usual one.
func TestTheSampleDay(t *testing.T) {
	for _, customers := range []string{"3", "5000"} {
		dir := filepath.Join(t.TempDir(), "town")
		mustCtl(t, "sample", dir, "--customers", customers)
		day := mustCtl(t, "play", filepath.Join(dir, "day.jsonl"), "--data", dir)
		if got := oks(t, day); got != strings.Repeat("o", 11) {
			t.Errorf("%s customers: the desk says %s\n%s", customers, got, day.out)
		}
		ledgerFile := filepath.Join(dir, "A1", "ledger.db")
		if out := mustCtl(t, "report", ledgerFile, "--data", dir, "--what", "day").out; !strings.Contains(out, "Z reports: 1") || !strings.Contains(out, "Every Z was added up again") {
			t.Error(out)
		}
		mustCtl(t, "verify", ledgerFile)
	}
}

// TestTheSampleTouchesNoFolderInUse: whatever lies in a folder, it is not written into.
func TestTheSampleTouchesNoFolderInUse(t *testing.T) {
	for _, there := range []string{"policy.toml", "ref.db", filepath.Join("A1", "ledger.db"), "notes.txt"} {
		dir := t.TempDir()
		file := filepath.Join(dir, there)
		must(t, os.MkdirAll(filepath.Dir(file), 0o700))
		must(t, os.WriteFile(file, []byte("ours"), 0o600))
		a := ctl(t, "sample", dir, "--customers", "10")
		if a.code != 1 || !strings.Contains(a.err, dir+" is not empty: there is "+strings.Split(there, string(filepath.Separator))[0]+" in it; name a folder that is new or empty") {
			t.Errorf("%s: %d %q", there, a.code, a.err)
		}
		names, err := os.ReadDir(dir)
		must(t, err)
		if text, err := os.ReadFile(file); err != nil || string(text) != "ours" || len(names) != 1 {
			t.Errorf("%s: %q, %d in the folder, %v", there, text, len(names), err)
		}
	}
	empty := t.TempDir()
	mustCtl(t, "sample", empty, "--customers", "10")
}

// TestTheEmulatorPrints sends a document through the port that the command made
// and reads the piece of paper it kept.
func TestTheEmulatorPrints(t *testing.T) {
	dir := t.TempDir()
	port, pieces := filepath.Join(dir, "printer"), filepath.Join(dir, "pieces")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	said, says := io.Pipe()
	m := &main.Main{Stdout: io.Discard, Stderr: says, Clock: noon, Random: random(1)}
	ended := make(chan int, 1)
	go func() {
		ended <- m.Run(ctx, []string{"emulator", "--link", port, "--out", pieces, "--control", "127.0.0.1:0", "--model", "TM-T88VI", "--baud", "115200"})
		says.Close()
	}()
	lines := make(chan string, 16)
	go func() {
		defer close(lines)
		buf := make([]byte, 4096)
		for {
			n, err := said.Read(buf)
			if n > 0 {
				lines <- string(buf[:n])
			}
			if err != nil {
				return
			}
		}
	}()
	if ready := <-lines; !strings.Contains(ready, "TM-T88VI is at "+port) || !strings.Contains(ready, "panel at http://127.0.0.1:") {
		t.Fatalf("it said %q", ready)
	}
	f, err := os.OpenFile(port, os.O_RDWR, 0)
	must(t, err)
	_, err = f.Write([]byte("\x1b@Hello from gatehousectl\n\x1dV\x42\x00"))
	must(t, err)
	if piece := <-lines; !strings.Contains(piece, "piece 1") {
		t.Fatalf("it said %q", piece)
	}
	must(t, f.Close())
	stop()
	if code := <-ended; code != 0 {
		t.Errorf("ended with %d", code)
	}
	if text := string(read(t, filepath.Join(pieces, "001.txt"))); !strings.Contains(text, "Hello from gatehousectl") {
		t.Errorf("the paper says %q", text)
	}
	var list any
	must(t, json.Unmarshal(read(t, filepath.Join(pieces, "001.json")), &list))
	if png := read(t, filepath.Join(pieces, "001.png")); !bytes.HasPrefix(png, []byte("\x89PNG")) {
		t.Error("there is no picture")
	}
}

func TestAStreamOfPrinterCommands(t *testing.T) {
	stream := "\x1b@Hello\n\x1dV\x00\x1dv0\x00\x04\x00\x08\x00" + strings.Repeat("\xff", 32) + "\x1b\xfe\x1dV"
	a := ctlReading(t, stream, "escpos", "decode", "-")
	for _, want := range []string{"ESC @", `"Hello"`, "LF", "GS V", "GS v ", "… 40 bytes in all", "(unknown)", "ends inside a command", "     11  GS v ", "55 bytes, 1 unknown"} {
		if a.code != 0 || !strings.Contains(a.out, want) {
			t.Errorf("ended with %d, does not say %q:\n%s%s", a.code, want, a.out, a.err)
		}
	}
	p := newPlace(t)
	file := p.script(t, "stream", "Hello")
	if out := mustCtl(t, "escpos", "decode", file).out; out != "      0  \"Hello\"\n      5  LF           0a\n6 bytes, 0 unknown\n" {
		t.Errorf("of a file it says %q", out)
	}
}

// A stream on the emulated paper: what is cut off is a piece of its own.
func TestAStreamOnPaper(t *testing.T) {
	p := newPlace(t)
	file := p.script(t, "stream", "\x1b@Two lines\nof text\n\x1dVB\x00after the cut\n\x1b\xfe")
	out := mustCtl(t, "escpos", "decode", file, "--text", "--png", p.path("paper.png"))
	if want := "Two lines\nof text\n- - - cut - - -\nafter the cut\n\n"; out.out != want {
		t.Errorf("the paper says %q, want %q", out.out, want)
	}
	if !strings.HasPrefix(out.err, "1 unknown commands") {
		t.Errorf("of what it does not know it says %q", out.err)
	}
	for _, name := range []string{"paper.png", "paper-2.png"} {
		if png := read(t, p.path(name)); !bytes.HasPrefix(png, []byte("\x89PNG")) {
			t.Errorf("%s is no picture", name)
		}
	}
	var list struct {
		Bytes, Unknown int
		Commands       []struct {
			At, Length        int
			Name, Words, Text string
			Unknown           bool
		}
		Pieces []struct {
			Cut      bool
			Elements []struct{ Kind string }
		}
	}
	must(t, json.Unmarshal([]byte(mustCtl(t, "escpos", "decode", file, "--json", "--model", "TM-m30").out), &list))
	pieces := list.Pieces
	if len(pieces) != 2 || !pieces[0].Cut || pieces[1].Cut || len(pieces[0].Elements) != 2 {
		t.Errorf("the pieces are %+v", pieces)
	}
	at := 0
	for _, cmd := range list.Commands {
		if cmd.At != at || cmd.Text == "" && !cmd.Unknown && cmd.Words == "" {
			t.Errorf("the command at %d is %+v", at, cmd)
		}
		at += cmd.Length
	}
	if n := len(list.Commands); list.Bytes != at || list.Unknown != 1 || list.Commands[0].Words != "initialise" || !list.Commands[n-2].Unknown {
		t.Errorf("%d commands to byte %d: %+v", n, at, list)
	}
	for _, wrong := range [][]string{{"--text", "--json"}, {"--text", "--model", "none"}} {
		if a := ctlReading(t, "x", append([]string{"escpos", "decode", "-"}, wrong...)...); a.code != 2 {
			t.Errorf("%v: ended with %d", wrong, a.code)
		}
	}
	if a := ctlReading(t, "no line feed", "escpos", "decode", "-", "--png", p.path("none.png")); a.code != 1 || !strings.Contains(a.err, "nothing is printed") {
		t.Errorf("of an empty paper it says %q and ends with %d", a.err, a.code)
	}
}
