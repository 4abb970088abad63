package gatehouse

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"gatehouse/central/book"
	centralreference "gatehouse/central/reference"
	"gatehouse/central/store"
	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/reference"
	"gatehouse/desk/sample"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// referenceMapping reads what writeCustomers writes.
const referenceMapping = `feed = "customers"
[columns]
no = "no"
name = "name"
service = "service"
phone = "phone"
meter = "meter"
past_due = "past_due"
penalties = "penalties"
current = "current"
due_by = "due_by"
late_since = "late_since"
no_checks_until = "no_checks_until"
shut_off = "shut_off"
note = "note"
[flags.closed]
column = "closed"
values = ["yes"]
`

// writeCustomers writes the customers of a set as the billing system does; every nth
// owes a dollar more, none for 0.
func writeCustomers(b *testing.B, refs, file string, nth int) {
	b.Helper()
	set, err := reference.Open(refs)
	if err != nil {
		b.Fatal(err)
	}
	defer set.Close()
	out, err := os.Create(file)
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	w := bufio.NewWriterSize(out, 1<<20)
	fmt.Fprintln(w, "no,name,service,phone,meter,past_due,penalties,current,due_by,late_since,no_checks_until,shut_off,closed,note")
	n := 0
	day := func(d ledger.Date) string {
		if d == 0 {
			return ""
		}
		return d.String()
	}
	for r, err := range set.Records(account.Feed) {
		var c account.Customer
		if err == nil {
			err = cbor.Unmarshal(r.Value, &c)
		}
		if err != nil {
			b.Fatal(err)
		}
		if n++; nth > 0 && n%nth == 0 {
			c.Current += 100
		}
		closed := ""
		if c.Closed {
			closed = "yes"
		}
		fmt.Fprintf(w, "%s,%q,%q,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\n", c.No, c.Name, c.Service, c.Phone, c.Meter, c.PastDue.Plain(), c.Penalties.Plain(), c.Current.Plain(),
			day(c.DueBy), day(c.LateSince), day(c.NoChecksUntil), day(c.ShutOff), closed, c.Note)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
}

// A cashier of this benchmark takes twenty payments a second, some hundred times what a
// person takes. One who took them without a pause would need all of the disk alone.
const (
	turnEvery  = 50 * time.Millisecond
	quietTurns = 300
)

// BenchmarkReference brings 1,000,000 customers from the billing system's file to a
// cashier who works: "MB" are the bytes that a new station fetches, "MB-percent" those of
// one that has the version before when one customer in a hundred owes something else,
// "s/searchable" is from the last byte to the set in use, and "p99-growth" what a payment
// takes meanwhile over what it takes in quiet, the p99 of each.
func BenchmarkReference(b *testing.B) {
	const customers = 1_000_000
	dir := b.TempDir()
	if err := sample.Write(dir, time.Now(), customers); err != nil {
		b.Fatal(err)
	}
	refs := filepath.Join(dir, "ref.db")
	codec, err := wire.NewCodec()
	if err != nil {
		b.Fatal(err)
	}
	kept, err := store.OpenBolt(store.Options{Path: filepath.Join(dir, "central", "central.db"), Codec: codec})
	if err != nil {
		b.Fatal(err)
	}
	defer kept.Close()
	key, err := ledger.NewKey(rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	own, err := book.Open(b.Context(), book.Options{Store: kept, Signer: key})
	if err != nil {
		b.Fatal(err)
	}
	office, err := centralreference.New(centralreference.Options{Store: kept, Book: own, Signer: key, Folder: dir})
	if err != nil {
		b.Fatal(err)
	}
	publish := func(nth int) (centralreference.Draft, time.Duration) {
		file := filepath.Join(dir, "customers.csv")
		writeCustomers(b, refs, file, nth)
		in, err := os.Open(file)
		if err != nil {
			b.Fatal(err)
		}
		defer in.Close()
		mapping, err := centralreference.ParseMapping([]byte(referenceMapping))
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		name, draft, err := office.Read(b.Context(), centralreference.Ask{Mapping: mapping, AsOf: time.Now()}, in)
		if err == nil {
			_, err = office.Publish(b.Context(), book.Itself, name, false)
		}
		if err != nil || draft.Refused > 0 || draft.Records != customers {
			b.Fatalf("%d records, %d refused, %+v, %v", draft.Records, draft.Refused, draft.Refusals[:min(3, len(draft.Refusals))], err)
		}
		return draft, time.Since(began)
	}
	whole, took := publish(0)
	little, _ := publish(100)
	signed, _, err := office.Manifest(b.Context(), account.Feed)
	if err != nil {
		b.Fatal(err)
	}
	manifest, err := wire.OpenManifest(key.Public(), signed)
	if err != nil {
		b.Fatal(err)
	}
	chunks, err := wire.NewChunks()
	if err != nil {
		b.Fatal(err)
	}
	// The chunks lie in the station's folder, as when the last byte has come.
	folder := filepath.Join(dir, "chunks")
	if err := os.Mkdir(folder, 0o700); err != nil {
		b.Fatal(err)
	}
	for _, c := range manifest.Chunks() {
		packed, err := office.Chunk(b.Context(), c.Hash)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, c.Hash.String()), packed, 0o600)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	records := func(yield func(reference.Raw, error) bool) {
		for r, err := range chunks.Merge(manifest, func(c wire.Chunk) ([]byte, error) { return os.ReadFile(filepath.Join(folder, c.Hash.String())) }) {
			if !yield(reference.Raw{Key: r.Key, Value: r.Value}, err) {
				return
			}
		}
	}
	d, end := openBench(b, dir)
	defer end()
	live := d.Accounts.Customers.(*desk.Live)
	begin(b, d)
	nos := accounts(b, d)
	// One turn is what a cashier does: find, look at the account, take the money.
	turn := func(i int) time.Duration {
		began := time.Now()
		if _, _, err := live.Find("garcia "+string(rune('a'+i%26)), 20); err != nil {
			b.Fatal(err)
		}
		do(b, d, desk.Order{Do: cash.TakePayment{Pay: []cash.Pay{{Account: nos[i%len(nos)], Amount: 1}}, Tenders: []cash.Tender{{Kind: cash.Cash, Amount: 1}}}})
		return time.Since(began)
	}
	b.ResetTimer()
	pace := time.NewTicker(turnEvery)
	defer pace.Stop()
	var quiet, busy []time.Duration
	var searchable time.Duration
	version := uint64(100)
	for b.Loop() {
		for i := range quietTurns {
			<-pace.C
			quiet = append(quiet, turn(i))
		}
		version++
		about := reference.About{Version: version, AsOf: time.Now(), Feeds: []reference.FeedVersion{{Feed: account.Feed, Version: version}}}
		began, done := time.Now(), make(chan error, 1)
		go func() { done <- live.Replace(context.Background(), about, desk.Feeds{account.Feed: records}) }()
		for i, going := 0, true; going; i++ {
			<-pace.C
			busy = append(busy, turn(i))
			select {
			case err := <-done:
				if err != nil {
					b.Fatal(err)
				}
				searchable += time.Since(began)
				going = false
			default:
			}
		}
	}
	b.ReportMetric(float64(whole.Moves)/1e6, "MB")
	b.ReportMetric(float64(little.Moves)/1e6, "MB-percent")
	b.ReportMetric(took.Seconds(), "s/import")
	b.ReportMetric(searchable.Seconds()/float64(b.N), "s/searchable")
	b.ReportMetric(float64(p99(quiet))/1e6, "p99-quiet-ms")
	b.ReportMetric(float64(p99(busy))/1e6, "p99-busy-ms")
	b.ReportMetric(float64(p99(busy))/float64(p99(quiet)), "p99-growth")
	b.ReportMetric(0, "ns/op")
}

func p99(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)*99/100]
}
