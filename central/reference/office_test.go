package reference_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"gatehouse/central/book"
	"gatehouse/central/exception"
	"gatehouse/central/reference"
	"gatehouse/central/store"
	"gatehouse/desk/account"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// house is a central with a store, a book and an office.
type house struct {
	store  *store.Bolt
	book   *book.Book
	office *reference.Office
	key    *ledger.Key
	now    time.Time
	chunks *wire.Chunks
}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{now: time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return h.now }
	codec, err := wire.NewCodec()
	must(t, err)
	h.store, err = store.OpenBolt(store.Options{Path: filepath.Join(t.TempDir(), "central.db"), Codec: codec, Clock: clock})
	must(t, err)
	t.Cleanup(func() { h.store.Close() })
	h.key, err = ledger.NewKey(rand.Reader)
	must(t, err)
	h.book, err = book.Open(t.Context(), book.Options{Store: h.store, Signer: h.key, Clock: clock})
	must(t, err)
	h.office, err = reference.New(reference.Options{Store: h.store, Book: h.book, Signer: h.key, Folder: t.TempDir(), Clock: clock})
	must(t, err)
	h.chunks, err = wire.NewChunks()
	must(t, err)
	return h
}

const usual = `
feed = "customers"
[columns]
no = "NO"
name = "NAME"
current = "OWED"
`

// town is a file of customers.
func town(n int, owed func(i int) (cents int, gone bool)) string {
	var b strings.Builder
	b.WriteString("NO,NAME,OWED\n")
	for i := range n {
		if cents, gone := owed(i); !gone {
			fmt.Fprintf(&b, "%07d,CUSTOMER %d,%d.%02d\n", i, i*7919%n, cents/100, cents%100)
		}
	}
	return b.String()
}

func same(i int) (int, bool) { return i * 31 % 20_000, false }

func (h *house) read(t testing.TB, file string) (wire.Hash, reference.Draft) {
	t.Helper()
	m, err := reference.ParseMapping([]byte(usual))
	must(t, err)
	name, d, err := h.office.Read(t.Context(), reference.Ask{Mapping: m, AsOf: h.now.Add(-time.Hour)}, strings.NewReader(file))
	must(t, err)
	return name, d
}

func (h *house) publish(t testing.TB, file string) (reference.Draft, wire.Manifest) {
	t.Helper()
	h.now = h.now.Add(time.Minute)
	name, d := h.read(t, file)
	_, err := h.office.Publish(t.Context(), book.Itself, name, true)
	must(t, err)
	return d, h.manifest(t)
}

func (h *house) manifest(t testing.TB) wire.Manifest {
	t.Helper()
	signed, name, err := h.office.Manifest(t.Context(), account.Feed)
	must(t, err)
	if wire.HashOf(signed) != name {
		t.Error("the manifest has another name")
	}
	m, err := wire.OpenManifest(h.key.Public(), signed)
	must(t, err)
	return m
}

// customers are what a station would have.
func (h *house) customers(t testing.TB, m wire.Manifest) map[account.No]ledger.Cents {
	t.Helper()
	out := map[account.No]ledger.Cents{}
	for r, err := range h.chunks.Merge(m, func(c wire.Chunk) ([]byte, error) { return h.office.Chunk(context.Background(), c.Hash) }) {
		must(t, err)
		var c account.Customer
		must(t, cbor.Unmarshal(r.Value, &c))
		out[c.No] = c.Current
	}
	return out
}

func refusedAs(err error) string {
	r, ok := ledger.AsRefusal(err)
	if !ok {
		return fmt.Sprint(err)
	}
	return r.Code
}

func TestOfManyCustomersOnlyTheChangedOnesMove(t *testing.T) {
	const n = 60_000
	h := newHouse(t)
	first, m := h.publish(t, town(n, same))
	if first.Changed != n || first.Records != n || len(h.customers(t, m)) != n || first.Moves != m.Size() {
		t.Fatalf("%+v", first)
	}
	whole := m.Size()

	again, m := h.publish(t, town(n, same))
	if again.Moves != 0 || again.Changed != 0 || again.Records != n || len(m.Layers) != 1 {
		t.Errorf("the same file again moves %d bytes in %d layers", again.Moves, len(m.Layers))
	}

	// One customer in a hundred, all over the town, owes something else.
	other := func(i int) (int, bool) {
		if i%100 == 3 {
			return 7, false
		}
		cents, _ := same(i)
		return cents, i == 5000
	}
	changed, m := h.publish(t, town(n, other))
	if changed.Changed != n/100 || changed.Gone != 1 || changed.Records != n-1 {
		t.Errorf("%+v", changed)
	}
	if changed.Moves*20 > whole {
		t.Errorf("one percent of the customers moves %d bytes, all of them %d", changed.Moves, whole)
	}
	got := h.customers(t, m)
	if got["0000003"] != 7 || got["0000004"] != 4*31 || len(got) != n-1 {
		t.Errorf("%d customers, %v, %v", len(got), got["0000003"], got["0000004"])
	}
	if _, there := got["0005000"]; there {
		t.Error("who went is still there")
	}

	// Half of them: a new base.
	half := func(i int) (int, bool) { return i % 2 * 100, i%2 == 0 && i > n/2 }
	_, m = h.publish(t, town(n, half))
	if len(m.Layers) != 1 || len(h.customers(t, m)) != n-n/4+1 {
		t.Errorf("%d layers, %d customers", len(m.Layers), len(h.customers(t, m)))
	}
}

func TestLayersDoNotPileUp(t *testing.T) {
	h := newHouse(t)
	const n = 2000
	_, m := h.publish(t, town(n, same))
	bases := 0
	for day := range 40 {
		_, m = h.publish(t, town(n, func(i int) (int, bool) { return day + i, false }))
		if len(m.Layers) == 1 {
			bases++
		}
		if got := h.customers(t, m); len(got) != n || got["0000001"] != ledger.Cents(day+1) {
			t.Fatalf("day %d: %d customers, %v", day, len(got), got["0000001"])
		}
	}
	if bases == 0 {
		t.Error("no new base in 40 days")
	}
	for day := range 30 { // little changes: layers, but not for ever
		_, m = h.publish(t, town(n, func(i int) (int, bool) { return 39 + i + day*(i/(n-3)), false }))
		if len(m.Layers) > wire.MaxLayers {
			t.Fatalf("%d layers", len(m.Layers))
		}
		if got := h.customers(t, m); got["0001999"] != ledger.Cents(39+1999+day) {
			t.Fatalf("day %d: %v", day, got["0001999"])
		}
	}
}

func TestWhoMayPublishAndWhat(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	must(t, h.book.SetOperator(ctx, book.Itself, book.OperatorSet{Name: "ada", Role: book.Administrator}, "correct horse battery staple"))
	must(t, h.book.SetOperator(ctx, "ada", book.OperatorSet{Name: "olga", Role: book.Auditor}, "correct horse battery staple"))
	must(t, h.book.SetOperator(ctx, "ada", book.OperatorSet{Name: "fay", Role: book.Finance}, "correct horse battery staple"))
	name, _ := h.read(t, town(100, same))
	if _, err := h.office.Publish(ctx, "olga", name, true); refusedAs(err) != "central.no_right" {
		t.Errorf("an auditor: %v", err)
	}
	if _, _, err := h.office.Manifest(ctx, account.Feed); err == nil {
		t.Error("something is in force")
	}
	p, err := h.office.Publish(ctx, "fay", name, false)
	must(t, err)
	if p.Version == 0 || p.Records != 100 || p.Confirmed {
		t.Errorf("%+v", p)
	}
	must(t, h.book.See(ctx, func(f *book.Facts) {
		last, _ := f.Reference(account.Feed)
		if last.By != "fay" || last.Published != p || len(f.References()) != 1 {
			t.Errorf("%+v", last)
		}
	}))
	if _, err := h.office.Publish(ctx, "fay", name, false); refusedAs(err) != "central.reference_moved" {
		t.Errorf("the same draft again: %v", err)
	}
	if _, err := h.office.Publish(ctx, "fay", wire.HashOf([]byte("x")), false); refusedAs(err) != "central.draft_over" {
		t.Errorf("a draft that nobody made: %v", err)
	}
	// A name of something else that the store keeps is no draft.
	if _, err := h.office.Publish(ctx, "fay", p.Manifest, false); refusedAs(err) != "central.draft_over" {
		t.Errorf("a manifest for a draft: %v", err)
	}
	old, _ := h.read(t, town(100, same))
	h.now = h.now.Add(13 * time.Hour)
	if _, err := h.office.Publish(ctx, "fay", old, false); refusedAs(err) != "central.draft_over" {
		t.Errorf("a draft of yesterday: %v", err)
	}
	// A clock that was put back does not take a version back.
	h.now = h.now.Add(-10 * time.Hour)
	later, _ := h.read(t, town(100, func(i int) (int, bool) { return 1, false }))
	q, err := h.office.Publish(ctx, "fay", later, false)
	must(t, err)
	if q.Version <= p.Version {
		t.Errorf("version %d after %d", q.Version, p.Version)
	}
}

func TestAFileThatMayBeCutShortIsConfirmedFirst(t *testing.T) {
	h := newHouse(t)
	h.publish(t, town(1000, same))
	name, d := h.read(t, town(940, same))
	if d.Doubt == "" || d.Before != 1000 || d.Gone != 60 {
		t.Fatalf("%+v", d)
	}
	if _, err := h.office.Publish(t.Context(), book.Itself, name, false); refusedAs(err) != "central.import_doubt" {
		t.Errorf("without a word: %v", err)
	}
	p, err := h.office.Publish(t.Context(), book.Itself, name, true)
	must(t, err)
	if !p.Confirmed {
		t.Error("the act does not say that somebody confirmed it")
	}
	if _, d := h.read(t, town(1000, same)+strings.Repeat("x\n", 11)); !strings.Contains(d.Doubt, "11 of 1011 lines") {
		t.Errorf("%q", d.Doubt)
	}
	if _, d := h.read(t, town(1000, same)+strings.Repeat("x\n", 10)); d.Doubt != "" {
		t.Errorf("%q", d.Doubt)
	}
	if _, d := h.read(t, "NO,NAME,OWED\n"); d.Doubt == "" {
		t.Error("a file of nothing is taken as usual")
	}
}

func TestTheSameAccountTwiceIsTakenOnceAndTold(t *testing.T) {
	h := newHouse(t)
	for range 2 { // as a base, then as a layer
		d, m := h.publish(t, town(10, same)+"0000003,AGAIN,9.99\n")
		if d.Taken != 10 || d.Refused != 1 || d.Refusals[0].Line != 12 || d.Refusals[0].Value != "0000003" || !strings.Contains(d.Refusals[0].Why, "line 5") {
			t.Errorf("%+v", d.Report)
		}
		if got := h.customers(t, m); got["0000003"] != 93 {
			t.Errorf("%v", got["0000003"])
		}
	}
}

func TestVersionsThatNobodyNeedsAreDropped(t *testing.T) {
	h := newHouse(t)
	var all []wire.Manifest
	for day := range 6 {
		_, m := h.publish(t, town(100, func(i int) (int, bool) { return day*1000 + i, false }))
		all = append(all, m)
		h.now = h.now.Add(25 * time.Hour)
	}
	h.publish(t, town(100, same))
	for i, m := range all {
		_, err := h.office.Chunk(t.Context(), m.Layers[0][0].Hash)
		if kept := i >= 4; (err == nil) != kept {
			t.Errorf("version %d: kept %v, want %v", i, err == nil, kept)
		}
	}
}

// TestWhatNobodyPublishedIsDestroyed: a file with customers that was read by mistake
// does not stay until somebody publishes another.
func TestWhatNobodyPublishedIsDestroyed(t *testing.T) {
	h := newHouse(t)
	m, err := reference.ParseMapping([]byte(usual))
	must(t, err)
	name, d, err := h.office.Read(t.Context(), reference.Ask{Mapping: m, AsOf: h.now}, strings.NewReader(town(100, same)))
	must(t, err)
	for _, row := range []struct {
		after time.Duration
		kept  bool
	}{{reference.DraftTime, true}, {reference.DropTime - time.Hour, true}, {reference.DropTime + time.Second, false}} {
		at := h.now
		h.now = h.now.Add(row.after)
		must(t, h.office.Sweep(t.Context()))
		for what, hash := range map[string]wire.Hash{"draft": name, "piece": d.Layers[0][0].Hash} {
			if _, err := h.store.Blob(t.Context(), hash); (err == nil) != row.kept {
				t.Errorf("%s after %s: %v", what, row.after, err)
			}
		}
		h.now = at
	}
}

func TestAskingForWhatCannotBe(t *testing.T) {
	h := newHouse(t)
	m, err := reference.ParseMapping([]byte(usual))
	must(t, err)
	read := func(ask reference.Ask) error {
		ask.Mapping = m
		_, _, err := h.office.Read(t.Context(), ask, strings.NewReader(town(3, same)))
		return err
	}
	if err := read(reference.Ask{AsOf: h.now.Add(time.Minute)}); refusedAs(err) != "central.import_as_of" {
		t.Errorf("from the future: %v", err)
	}
	if err := read(reference.Ask{AsOf: h.now, Billed: 1}); refusedAs(err) != "central.no_such_file" {
		t.Errorf("a file that was not written: %v", err)
	}
	h.publish(t, town(3, same))
	if err := read(reference.Ask{AsOf: h.now.Add(-48 * time.Hour)}); refusedAs(err) != "central.import_older" {
		t.Errorf("balances of the day before: %v", err)
	}
	if signed, _, err := h.office.Manifest(t.Context(), "staff"); err == nil || len(bytes.TrimSpace(signed)) > 0 {
		t.Errorf("staff that nobody published: %v", err)
	}
}

func TestAccountsInForceAreLookedUp(t *testing.T) {
	h := newHouse(t)
	accounts := reference.NewAccounts(h.office)
	stands := func(no account.No, at time.Time, want exception.Standing) {
		t.Helper()
		if got, err := accounts.Standing(no, at); got != want || err != nil {
			t.Errorf("%s stands as %d, %v, want %d", no, got, err, want)
		}
	}
	must(t, accounts.Follow(t.Context()))
	stands("0000001", h.now, exception.Unknowable)
	m, err := reference.ParseMapping([]byte(usual + "[flags.closed]\ncolumn = \"NAME\"\nvalues = [\"CUSTOMER 0\", \"CUSTOMER 57\"]\n"))
	must(t, err)
	name, _, err := h.office.Read(t.Context(), reference.Ask{Mapping: m, AsOf: h.now}, strings.NewReader(town(100, same)))
	must(t, err)
	_, err = h.office.Publish(t.Context(), book.Itself, name, false)
	must(t, err)
	must(t, accounts.Follow(t.Context()))
	for i := range 100 {
		want := exception.Open
		if left := i * 7919 % 100; left == 0 || left == 57 {
			want = exception.Closed
		}
		stands(account.No(fmt.Sprintf("%07d", i)), h.now, want)
	}
	stands("0000100", h.now, exception.Absent)
	stands("", h.now, exception.Absent)
	stands("0000100", h.now.Add(-40*24*time.Hour), exception.Unknowable)
	h.now = h.now.Add(2 * time.Hour)
	h.publish(t, town(101, same))
	stands("0000100", h.now, exception.Absent)
	must(t, accounts.Follow(t.Context()))
	stands("0000100", h.now, exception.Open)
	stands("0000000", h.now, exception.Open)
}
