package gatehouse

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"gatehouse/central/api"
	"gatehouse/central/book"
	"gatehouse/central/store"
	"gatehouse/desk"
	"gatehouse/desk/cash"
	"gatehouse/ledger"
	"gatehouse/sync/station"
	"gatehouse/sync/wire"
)

// busy takes payments by many callers, until the ledger has so many entries.
func busy(b *testing.B, d *desk.Desk, entries uint64) {
	b.Helper()
	begin(b, d)
	nos := accounts(b, d)
	var watch stopwatch
	for head := d.Book.Head().Seq; head < entries; head = d.Book.Head().Seq {
		watch.measure(16, int(entries-head), func(i int) { // a cent each, so that the drawer does not fill
			do(b, d, desk.Order{Do: cash.TakePayment{Pay: []cash.Pay{{Account: nos[i%len(nos)], Amount: 1}}, Tenders: []cash.Tender{{Kind: cash.Cash, Amount: 1}}}})
		})
		if b.Failed() {
			b.FailNow()
		}
	}
}

// BenchmarkReceiptOnTheWire packs real payments, signed as a station does, in batches of
// a hundred and of a thousand: "bytes" is what a receipt takes on the wire, compressed, with the batch's own
// header.
func BenchmarkReceiptOnTheWire(b *testing.B) {
	d, end := openBench(b, b.TempDir())
	defer end()
	busy(b, d, 2000)
	codec, err := wire.NewCodec()
	if err != nil {
		b.Fatal(err)
	}
	for _, count := range []uint64{100, 1000} {
		b.Run(fmt.Sprintf("batch=%d", count), func(b *testing.B) { onTheWire(b, d, codec, count) })
	}
}

func onTheWire(b *testing.B, d *desk.Desk, codec *wire.Codec, count uint64) {
	for b.Loop() {
		var size, receipts int
		for from := uint64(1001); from+count <= 2001; from += count {
			entries, err := d.Book.Entries(from, int(count))
			if err != nil {
				b.Fatal(err)
			}
			for _, e := range entries {
				if e.Receipt != 0 {
					receipts++
				}
			}
			batch, err := codec.Pack(d.Book.Signer(), entries)
			if err != nil {
				b.Fatal(err)
			}
			header := http.Header{}
			batch.Header.Set(header)
			var text bytes.Buffer
			if err := header.Write(&text); err != nil {
				b.Fatal(err)
			}
			size += len(batch.Packed) + text.Len()
		}
		b.ReportMetric(float64(size)/float64(receipts), "bytes")
	}
}

// slowLine is a line of 1 Mbit/s each way with 300 ms there and back.
type slowLine struct {
	door  http.Handler
	bytes int64
}

const (
	lineRate  = 1_000_000 / 8 // bytes a second
	roundTrip = 300 * time.Millisecond
)

func (l *slowLine) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	again := r.Clone(r.Context())
	again.Body, again.RemoteAddr = io.NopCloser(bytes.NewReader(body)), "192.0.2.1:1"
	answer := httptest.NewRecorder()
	l.door.ServeHTTP(answer, again)
	moved := int64(len(body) + answer.Body.Len() + 600) // and both headers
	l.bytes += moved
	time.Sleep(roundTrip + time.Duration(moved)*time.Second/lineRate)
	return &http.Response{StatusCode: answer.Code, Header: answer.Header(), Body: io.NopCloser(answer.Body), Request: r}, nil
}

// BenchmarkMonthOffline brings a month without a line, 20,000 entries, to central over a
// slow one: "s-beyond" is how much longer that takes than the bytes need on that line.
func BenchmarkMonthOffline(b *testing.B) {
	dir := b.TempDir()
	d, end := openBench(b, dir)
	defer end()
	busy(b, d, 20_000)
	codec, err := wire.NewCodec()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		kept, err := store.OpenBolt(store.Options{Path: filepath.Join(b.TempDir(), "central.db"), Codec: codec})
		if err != nil {
			b.Fatal(err)
		}
		key, err := ledger.NewKey(rand.Reader)
		if err != nil {
			b.Fatal(err)
		}
		own, err := book.Open(b.Context(), book.Options{Store: kept, Signer: key})
		if err != nil {
			b.Fatal(err)
		}
		code, err := own.IssueCode(b.Context(), book.Itself, "A1")
		if err != nil {
			b.Fatal(err)
		}
		door, err := api.New(api.Options{Store: kept, Signer: key, Office: own})
		if err != nil {
			b.Fatal(err)
		}
		line := &slowLine{door: door}
		f, err := station.New(station.Options{URL: "http://localhost:1", Code: code, CentralKey: key.Public(), Codec: codec, Client: &http.Client{Transport: line}})
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		f.Begin(d.Book)
		for head := d.Book.Head().Seq; f.State().AtCentral < head; {
			if f.Turn(b.Context(), false); f.State().Code != "" {
				b.Fatalf("%+v", f.State())
			}
		}
		took := time.Since(began)
		f.End()
		need := time.Duration(line.bytes) * time.Second / lineRate
		b.ReportMetric((took - need).Seconds(), "s-beyond")
		b.ReportMetric(need.Seconds(), "s-bytes")
		b.ReportMetric(float64(line.bytes)/20_000, "bytes/entry")
		if err := kept.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
