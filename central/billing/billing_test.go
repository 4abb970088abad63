package billing_test

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"gatehouse/central/billing"
	"gatehouse/central/book"
	"gatehouse/central/replica"
	"gatehouse/central/store"
	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/desktest"
	"gatehouse/desk/report"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

var update = flag.Bool("update", false, "write the golden files anew")

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// office is a central where fin may write files.
type office struct {
	t testing.TB
	billing.Office
	now time.Time
}

func newOffice(t testing.TB) *office {
	t.Helper()
	codec, err := wire.NewCodec()
	must(t, err)
	o := &office{t: t, now: desktest.Began()}
	o.Clock = func() time.Time { return o.now }
	kept, err := store.OpenBolt(store.Options{Path: filepath.Join(desktest.Folder(t), "central.db"), Codec: codec, Clock: o.Clock})
	must(t, err)
	t.Cleanup(func() { kept.Close() })
	o.Store = kept
	key, err := ledger.NewKey(rand.Reader)
	must(t, err)
	o.Book, err = book.Open(t.Context(), book.Options{Store: o.Store, Signer: key, Clock: o.Clock})
	must(t, err)
	_, err = o.Book.Do(t.Context(), book.Itself, func(*book.Facts) ([]ledger.Draft, error) {
		return []ledger.Draft{
			{Kind: book.KindOperatorSet, Body: book.OperatorSet{Name: "fin", Role: book.Finance, Hash: "x"}},
			{Kind: book.KindOperatorSet, Body: book.OperatorSet{Name: "ana", Role: book.Administrator, Hash: "x"}},
		}, nil
	})
	must(t, err)
	return o
}

// log is a station's log, written entry by entry.
type log struct {
	o    *office
	id   ledger.LogID
	head ledger.Head
}

func (o *office) log(name ledger.StationID) *log {
	o.t.Helper()
	key, err := ledger.NewKey(strings.NewReader(strings.Repeat(string(name), 32)))
	must(o.t, err)
	id := ledger.Identity{Station: name, Log: ledger.LogID{name[0], name[1]}, Key: key.Public()}
	first, err := ledger.Begin(id, ledger.CommandID{1}, o.now)
	must(o.t, err)
	known, err := o.Store.Enrol(context.Background(), first)
	must(o.t, err)
	return &log{o, id.Log, known.Head}
}

func (l *log) write(drafts ...ledger.Draft) uint64 {
	l.o.t.Helper()
	entries, err := ledger.Continue(l.id, l.head, ledger.Act{ID: ledger.CommandID{byte(l.head.Seq), byte(l.head.Seq >> 8), 9}, Actor: "tom", At: l.o.now, Drafts: drafts})
	must(l.o.t, err)
	known, err := l.o.Store.Extend(context.Background(), l.id, entries)
	must(l.o.t, err)
	l.head = known.Head
	return known.Head.Seq
}

func (l *log) pay(parts ...cash.Part) uint64 {
	var total ledger.Cents
	for _, p := range parts {
		total += p.Amount
	}
	return l.write(ledger.Draft{Kind: cash.KindPayment, Receipt: true, Taken: total, Body: cash.Payment{Cashier: "Tom Baker", Parts: parts, Total: total,
		Tenders: []cash.Tender{{Kind: cash.Cash, Amount: total - 1}, {Kind: cash.Check, Amount: 1}}}})
}

func (l *log) undo(kind ledger.Kind, of uint64, parts ...cash.Part) {
	l.write(ledger.Draft{Kind: kind, Body: cash.Undone{Of: of, Receipt: "A1-000001-AAAA", Cashier: "Tom Baker", Parts: parts, Tenders: []cash.Tender{{Kind: cash.Cash}}}})
}

func layout(t testing.TB, name string) *billing.Layout {
	t.Helper()
	all, err := billing.Layouts(fstest.MapFS{})
	must(t, err)
	for _, l := range all {
		if l.Form == name {
			return l
		}
	}
	t.Fatalf("no layout of form %s", name)
	return nil
}

func (o *office) file(l *billing.Layout) (int, string) {
	o.t.Helper()
	no, err := o.Write(context.Background(), "fin", l)
	must(o.t, err)
	return no, o.again(no)
}

func (o *office) again(no int) string {
	o.t.Helper()
	_, text, err := o.Again(context.Background(), no)
	must(o.t, err)
	return string(text)
}

func TestTheTwoLayouts(t *testing.T) {
	for _, form := range []string{"csv", "fixed"} {
		t.Run(form, func(t *testing.T) {
			o := newOffice(t)
			zone, err := time.LoadLocation("America/Los_Angeles")
			must(t, err)
			o.Zone = zone
			one, two := o.log("A1"), o.log("B2")
			first := one.pay(cash.Part{Account: "01-0001-1", Name: "GARCÍA, \"MARIA\"", Amount: 188_20}, cash.Part{Account: "02-0002-2", Amount: 12_00})
			two.pay(cash.Part{Account: "03-0003-3", Amount: 1_204_11})
			one.undo(cash.KindVoid, first, cash.Part{Account: "01-0001-1", Amount: 188_20}, cash.Part{Account: "02-0002-2", Amount: 12_00})
			o.now = o.now.Add(10 * time.Hour)
			_, text := o.file(layout(t, form))
			path := filepath.Join("testdata", form+".golden")
			if *update {
				must(t, os.MkdirAll("testdata", 0o755))
				must(t, os.WriteFile(path, []byte(text), 0o644))
			}
			want, err := os.ReadFile(path)
			must(t, err)
			if text != string(want) {
				t.Errorf("the file is\n%s\nwant\n%s", text, want)
			}
			if form == "fixed" {
				for line := range strings.Lines(text) {
					if len(line) != 82 || !strings.HasSuffix(line, "\r\n") {
						t.Errorf("%d bytes: %q", len(line), line)
					}
				}
			}
		})
	}
}

func TestWhoMayWriteAFileAndWhen(t *testing.T) {
	o := newOffice(t)
	l := layout(t, "csv")
	code := func(by string) string {
		_, err := o.Write(t.Context(), by, l)
		if r, ok := ledger.AsRefusal(err); ok {
			return r.Code
		}
		return fmt.Sprint(err)
	}
	one := o.log("A1")
	for _, row := range []struct{ what, by, want string }{
		{"an administrator", "ana", "central.no_right"},
		{"finance", "fin", "<nil>"}, // a file without lines is one: nothing was paid
		{"again, when nothing came", "fin", "central.nothing_new"},
	} {
		if got := code(row.by); got != row.want {
			t.Errorf("%s: %s, want %s", row.what, got, row.want)
		}
	}
	one.pay(cash.Part{Account: account.No(strings.Repeat("9", 13)), Amount: 1})
	if _, err := o.Write(t.Context(), "fin", layout(t, "fixed")); err == nil || !strings.Contains(err.Error(), "13 characters, more than 12") {
		t.Errorf("an account that does not fit: %v", err)
	}
	if _, _, err := o.Again(t.Context(), 2); err != billing.ErrNoFile {
		t.Errorf("the file that was not written: %v", err)
	}
}

// Whatever is paid and undone, and whenever files are written: each line is in exactly
// one file, files stay what they were, and the control totals add up to what was paid.
func TestEachPaymentIsInExactlyOneFile(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		o := newOffice(t)
		logs := []*log{o.log("A1"), o.log("B2"), o.log("C3")}
		other := &billing.Office{Store: o.Store, Book: o.Book, Clock: o.Clock} // another process's
		var want ledger.Cents
		lines := 0
		files := make(map[int]string)
		amount := rapid.Int64Range(1, 1_000_00)
		write := func(by *billing.Office) {
			no, err := by.Write(context.Background(), "fin", layout(t, rapid.SampledFrom([]string{"csv", "fixed"}).Draw(rt, "layout")))
			if r, refused := ledger.AsRefusal(err); refused && r.Code == "central.nothing_new" {
				return
			}
			must(t, err)
			files[no] = o.again(no)
		}
		rt.Repeat(map[string]func(*rapid.T){
			"pay": func(rt *rapid.T) {
				l := rapid.SampledFrom(logs).Draw(rt, "at")
				parts := make([]cash.Part, rapid.IntRange(1, 3).Draw(rt, "parts"))
				for i := range parts {
					parts[i] = cash.Part{Account: account.No(fmt.Sprintf("0%d", i)), Amount: ledger.Cents(amount.Draw(rt, "amount"))}
					want += parts[i].Amount
				}
				lines += len(parts)
				seq := l.pay(parts...)
				if rapid.Bool().Draw(rt, "undo it") {
					if rapid.Bool().Draw(rt, "after a file") {
						write(&o.Office)
					}
					l.undo(cash.KindReversal, seq, parts...)
					lines += len(parts)
					for _, p := range parts {
						want -= p.Amount
					}
				}
			},
			"write":     func(*rapid.T) { write(&o.Office) },
			"elsewhere": func(*rapid.T) { write(other) },
		})
		write(&o.Office)
		var sum ledger.Cents
		count := 0
		must(t, o.Book.See(context.Background(), func(f *book.Facts) {
			for _, file := range f.Files() {
				sum += file.Total
				count += file.Lines
			}
		}))
		if sum != want || count != lines || len(files) == 0 && lines > 0 {
			rt.Fatalf("files have %d lines of %s, want %d of %s", count, sum, lines, want)
		}
		for no, text := range files {
			if o.again(no) != text {
				rt.Fatalf("file %d is another now", no)
			}
		}
	})
}

func TestTwoPeopleWriteAtOneMoment(t *testing.T) {
	o := newOffice(t)
	o.log("A1").pay(cash.Part{Account: "01", Amount: 500})
	done := make(chan error)
	l := layout(t, "csv")
	for range 4 {
		go func() { _, err := o.Write(context.Background(), "fin", l); done <- err }()
	}
	written := 0
	for range 4 {
		err := <-done
		if r, refused := ledger.AsRefusal(err); !refused {
			must(t, err)
			written++
		} else if r.Code != "central.file_moved" && r.Code != "central.nothing_new" {
			t.Error(err)
		}
	}
	if written != 1 {
		t.Errorf("%d files have the same payment", written)
	}
}

func TestTheGeneralLedger(t *testing.T) {
	o := newOffice(t)
	s := desktest.New(t, desktest.Options{Policy: desktest.Everything})
	desktest.Weeks(s, 1)
	entries := s.Entries()
	known, err := o.Store.Enrol(t.Context(), entries[0])
	must(t, err)
	_, err = o.Store.Extend(t.Context(), known.ID, entries[1:])
	must(t, err)
	copies, err := replica.New(replica.Options{Store: o.Store, Folder: t.TempDir(), Views: desk.Views()})
	must(t, err)
	defer copies.Close()
	period := report.Month(ledger.DateOf(desktest.Began()))
	_, sums, err := o.WriteGL(t.Context(), "fin", copies, billing.GL{Period: period, Form: billing.Sums})
	must(t, err)
	var net ledger.Cents
	for line := range strings.Lines(string(sums)) {
		cells := strings.Split(strings.TrimSpace(line), ",")
		if cells[0] == "A1" {
			n, err := ledger.ParseAmount(strings.TrimPrefix(cells[5], "-"))
			must(t, err)
			if strings.HasPrefix(cells[5], "-") {
				n = -n
			}
			net += n
		}
	}
	if n := strings.Count(string(sums), "A1,2026-11-"); net != 0 || n < 20 {
		t.Errorf("%d lines sum to %s:\n%s", n, net, sums)
	}
	for _, form := range ledger.Formats() {
		name, text, err := o.WriteGL(t.Context(), "fin", copies, billing.GL{Period: period, Form: string(form), Station: known.ID})
		must(t, err)
		if !strings.Contains(name, "-A1.") || len(text) == 0 {
			t.Errorf("%s: file %s of %d bytes", form, name, len(text))
		}
		if form == ledger.JSONL {
			continue
		}
		_, none, err := o.WriteGL(t.Context(), "fin", copies, billing.GL{Period: report.Day(20200101), Form: string(form), Station: known.ID})
		must(t, err)
		if len(none) >= len(text) {
			t.Errorf("%s: another period has as much", form)
		}
	}
	for _, ask := range []billing.GL{{Period: period, Form: "csv"}, {Period: period, Form: "xls"}, {Form: billing.Sums}} {
		if _, _, err := o.WriteGL(t.Context(), "fin", copies, ask); err == nil {
			t.Errorf("%+v was written", ask)
		}
	}
	if _, _, err := o.WriteGL(t.Context(), "ana", copies, billing.GL{Period: period, Form: billing.Sums}); err == nil {
		t.Error("an administrator wrote a file")
	}
}

func TestLayoutsThatAreWrong(t *testing.T) {
	good := "name = \"x\"\nform = \"csv\"\n"
	for what, text := range map[string]string{
		"no columns":       good,
		"an unknown word":  good + "colour = \"red\"\ncolumn = [{ value = \"account\" }]",
		"an unknown value": good + "column = [{ value = \"pin\" }]",
		"an amount's form": good + "column = [{ value = \"amount\", format = \"roman\" }]",
		"no date's form":   good + "column = [{ value = \"date\", format = \"dmy\" }]",
		"a width in csv":   good + "column = [{ value = \"account\", width = 3 }]",
		"no width":         "name = \"x\"\nform = \"fixed\"\ncolumn = [{ value = \"account\" }]",
		"two in one":       good + "column = [{ value = \"account\", text = \"x\" }]",
		"a line's value":   good + "column = [{ value = \"account\" }]\nheader = [{ value = \"account\" }]",
		"an unknown line":  good + "codes = { gift = \"G\" }\ncolumn = [{ value = \"account\" }]",
		"too long":         good + strings.Repeat("#", 40<<10),
	} {
		if _, err := billing.ParseLayout([]byte(text)); err == nil {
			t.Errorf("%s is taken", what)
		}
	}
	if _, err := billing.Layouts(fstest.MapFS{"twice.toml": {Data: []byte("name = \"plain CSV\"\nform = \"csv\"\ncolumn = [{ value = \"account\" }]")}}); err == nil {
		t.Error("two layouts have one name")
	}
}

// Any text is read or refused, and what is read is read the same again.
func FuzzLayout(f *testing.F) {
	for _, path := range []string{"layouts/plain.toml", "layouts/fixed.toml"} {
		text, err := os.ReadFile(path)
		must(f, err)
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := billing.ParseLayout(text)
		if err != nil {
			return
		}
		if again, err := billing.ParseLayout(text); err != nil || again.Name != l.Name {
			t.Fatalf("it reads differently: %v", err)
		}
	})
}
