package ledger

import (
	"bufio"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Format is a form of the journal that other programs read.
type Format string

// The formats. JSONL has every entry as a whole, amounts in cents; CSV has one
// line for each posting; hledger and beancount have the entries with postings,
// and end with an assertion of every balance.
const (
	JSONL     Format = "jsonl"
	CSV       Format = "csv"
	Hledger   Format = "hledger"
	Beancount Format = "beancount"
)

// Formats lists them.
func Formats() []Format { return []Format{JSONL, CSV, Hledger, Beancount} }

// exporter writes entries in one format.
type exporter interface {
	entry(e *Entry) error
	end(balances []Balance, last Date) error
}

// Export writes the journal of a ledger that nobody has open for writing.
func Export(w io.Writer, path string, format Format) error {
	out := bufio.NewWriter(w)
	if err := viewSound(path, func(tx *bolt.Tx) error { return export(out, tx, format) }); err != nil {
		return fmt.Errorf("export %s: %w", path, err)
	}
	return out.Flush()
}

func export(w *bufio.Writer, tx *bolt.Tx, format Format) error {
	about, err := readMeta(tx)
	if err != nil {
		return err
	}
	return exportEach(w, about.Identity.Station, format, func(yield func(Entry, error) bool) {
		c := tx.Bucket(bucketLog).Cursor()
		for key, raw := c.First(); key != nil; key, raw = c.Next() {
			if e, err := DecodeEntry(raw); !yield(e, err) {
				return
			}
		}
	})
}

// ExportEntries writes the journal of some entries of one station, in their order,
// wherever they come from. What it says of balances is of these entries alone.
func ExportEntries(w io.Writer, station StationID, format Format, entries iter.Seq2[Entry, error]) error {
	out := bufio.NewWriter(w)
	if err := exportEach(out, station, format, entries); err != nil {
		return fmt.Errorf("export entries of station %s: %w", station, err)
	}
	return out.Flush()
}

func exportEach(w *bufio.Writer, station StationID, format Format, entries iter.Seq2[Entry, error]) error {
	var x exporter
	switch format {
	case JSONL:
		x = jsonlExport{json.NewEncoder(w), station}
	case CSV:
		x = newCSVExport(w, station)
	case Hledger:
		x = &hledgerExport{w: w, station: station}
	case Beancount:
		x = &beancountExport{w: w, station: station}
	default:
		return fmt.Errorf("there is no format %q; the formats are %v", format, Formats())
	}
	table := newMemory()
	var last Date
	for e, err := range entries {
		if err != nil {
			return err
		}
		last = max(last, e.Date)
		if err := (books{math.MaxUint64}).Fold(table, &e); err != nil {
			return err
		}
		if err := x.entry(&e); err != nil {
			return err
		}
	}
	return x.end(balancesIn(table), last)
}

// balancesIn lists the balances of folded books, by account and sub-account.
func balancesIn(books *memory) []Balance {
	var all []Balance
	for r := range books.put() {
		sub, rest, _ := strings.Cut(string(r.key), "\x00")
		all = append(all, balanceRow(strings.TrimPrefix(rest, "b"), sub, r.value))
	}
	slices.SortFunc(all, func(a, b Balance) int {
		return strings.Compare(a.Account+"\x00"+a.Sub, b.Account+"\x00"+b.Sub)
	})
	return all
}

// BodyForPeople is the body of any entry, known or not, in the types of JSON.
// Amounts are in cents; hashes and other bytes are base 64.
func (e *Entry) BodyForPeople() (any, error) {
	var body any
	if err := decoder.Unmarshal(e.Body, &body); err != nil {
		return nil, fmt.Errorf("entry %d: read the body of %s: %w", e.Seq, e.Kind, err)
	}
	return forJSON(body), nil
}

func forJSON(v any) any {
	switch v := v.(type) {
	case map[any]any:
		out := make(map[string]any, len(v))
		for k, item := range v {
			out[fmt.Sprint(k)] = forJSON(item)
		}
		return out
	case []any:
		for i := range v {
			v[i] = forJSON(v[i])
		}
		return v
	case []byte:
		return base64.StdEncoding.EncodeToString(v)
	}
	return v
}

// EntryForPeople is an entry as JSON writes it.
type EntryForPeople struct {
	Seq     uint64             `json:"seq"`
	Kind    Kind               `json:"kind"`
	At      time.Time          `json:"at"`
	Date    string             `json:"date"`
	Actor   string             `json:"actor"`
	Receipt ReceiptNo          `json:"receipt,omitempty"`
	Lines   []PostingForPeople `json:"lines,omitempty"`
	Body    any                `json:"body"`
	Command string             `json:"command"`
	Hash    string             `json:"hash"`
	Prev    string             `json:"prev"`
}

// PostingForPeople is a posting as JSON writes it.
type PostingForPeople struct {
	Account string `json:"account"`
	Sub     string `json:"sub,omitempty"`
	Cents   int64  `json:"cents"`
}

// ForPeople is the entry in the form that JSON writes.
func (e *Entry) ForPeople(station StationID) (EntryForPeople, error) {
	body, err := e.BodyForPeople()
	p := EntryForPeople{Seq: e.Seq, Kind: e.Kind, At: e.At(), Date: e.Date.String(), Actor: e.Actor,
		Receipt: e.ReceiptNo(station), Body: body, Command: e.Command.String(), Hash: e.Leaf.String(), Prev: e.Prev.String()}
	for _, l := range e.Lines {
		p.Lines = append(p.Lines, PostingForPeople{l.Account, l.Sub, int64(l.Amount)})
	}
	return p, err
}

type jsonlExport struct {
	to      *json.Encoder
	station StationID
}

func (x jsonlExport) entry(e *Entry) error {
	p, err := e.ForPeople(x.station)
	if err != nil {
		return err
	}
	return x.to.Encode(p)
}

func (jsonlExport) end([]Balance, Date) error { return nil }

type csvExport struct {
	to      *csv.Writer
	station StationID
}

func newCSVExport(w io.Writer, station StationID) csvExport {
	to := csv.NewWriter(w)
	to.Write([]string{"entry", "time_utc", "date", "actor", "kind", "receipt", "account", "sub_account", "amount"})
	return csvExport{to, station}
}

func (x csvExport) entry(e *Entry) error {
	for _, l := range e.Lines {
		x.to.Write([]string{strconv.FormatUint(e.Seq, 10), e.At().Format(time.RFC3339Nano), e.Date.String(), e.Actor,
			string(e.Kind), string(e.ReceiptNo(x.station)), l.Account, l.Sub, l.Amount.Plain()})
	}
	return x.to.Error()
}

func (x csvExport) end([]Balance, Date) error {
	x.to.Flush()
	return x.to.Error()
}
