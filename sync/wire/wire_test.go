package wire_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// ledgerOf makes a ledger with n entries after the first, the body of each as
// long as given. The same numbers give the same ledger and key in each run, as
// the processes of a fuzzing run need it.
func ledgerOf(t testing.TB, n, body int) (*ledger.Key, []ledger.Entry) {
	t.Helper()
	random := rand.NewChaCha8([32]byte{byte(n), byte(body), byte(body >> 8)})
	key, err := ledger.NewKey(random)
	must(t, err)
	book, err := ledger.Open(ledger.Options{
		Path: filepath.Join(t.TempDir(), "ledger.db"), Station: "A1", Signer: key, Random: random,
		Clock: func() time.Time { return time.Date(2026, 3, 2, 14, 0, 0, 0, time.UTC) },
	})
	must(t, err)
	defer book.Close()
	noise := make([]byte, body)
	for range n {
		random.Read(noise)
		id, err := ledger.NewCommandID(random)
		must(t, err)
		_, err = book.Commit(context.Background(), ledger.Command{ID: id, Actor: "rosa", Decide: func(*ledger.State) ([]ledger.Draft, error) {
			return []ledger.Draft{{Kind: "test.noise.v1", Body: map[string]any{"noise": noise}}}, nil
		}})
		must(t, err)
	}
	entries, err := book.Entries(1, n+1)
	must(t, err)
	return key, entries
}

func newCodec(t testing.TB) *wire.Codec {
	t.Helper()
	codec, err := wire.NewCodec()
	must(t, err)
	return codec
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestABatchOpensToTheSameBytes(t *testing.T) {
	key, entries := ledgerOf(t, 9, 40)
	codec := newCodec(t)
	batch, err := codec.Pack(key, entries[3:7])
	must(t, err)
	header := http.Header{}
	batch.Header.Set(header)
	read, err := wire.ReadHeader(entries[0].Log, header)
	must(t, err)
	opened, err := codec.Open(key.Public(), wire.Batch{Header: read, Packed: batch.Packed})
	must(t, err)
	if len(opened) != 4 || read.From != 4 || read.Count != 4 || read.Prev != entries[2].Leaf || read.Last != entries[6].Leaf {
		t.Fatalf("%d entries, header %+v", len(opened), read)
	}
	for i := range opened {
		if !bytes.Equal(opened[i].Raw, entries[3+i].Raw) || opened[i].Leaf != entries[3+i].Leaf {
			t.Errorf("entry %d differs", entries[3+i].Seq)
		}
	}
}

func TestABatchHoldsNoMoreThanItMay(t *testing.T) {
	codec := newCodec(t)
	t.Run("bytes that do not compress", func(t *testing.T) {
		key, entries := ledgerOf(t, 30, 60<<10)
		rest, batches := entries, 0
		for len(rest) > 0 {
			batch, err := codec.Pack(key, rest)
			must(t, err)
			if len(batch.Packed) > wire.MaxPacked {
				t.Fatalf("a batch of %d bytes", len(batch.Packed))
			}
			opened, err := codec.Open(key.Public(), batch)
			must(t, err)
			rest, batches = rest[len(opened):], batches+1
		}
		if batches < 2 {
			t.Errorf("%d batches", batches)
		}
	})
	t.Run("many entries", func(t *testing.T) {
		key, entries := ledgerOf(t, 1, 0)
		many := make([]ledger.Entry, wire.MaxEntries+5)
		for i := range many {
			many[i] = entries[1]
		}
		batch, err := codec.Pack(key, many)
		must(t, err)
		if batch.Header.Count != wire.MaxEntries {
			t.Errorf("%d entries in a batch", batch.Header.Count)
		}
	})
	t.Run("none", func(t *testing.T) {
		key, _ := ledgerOf(t, 0, 0)
		if _, err := codec.Pack(key, nil); err == nil {
			t.Error("a batch of nothing")
		}
	})
}

// signed makes a batch of any bytes, with a header that the key signed.
func signed(key *ledger.Key, like wire.Header, packed []byte) wire.Batch {
	like.Signature = key.Sign(wire.Message(like, packed))
	return wire.Batch{Header: like, Packed: packed}
}

func TestWhatABatchIsRefusedFor(t *testing.T) {
	key, entries := ledgerOf(t, 5, 40)
	stranger, _ := ledgerOf(t, 0, 0)
	codec := newCodec(t)
	good, err := codec.Pack(key, entries)
	must(t, err)
	encoder, err := zstd.NewWriter(nil)
	must(t, err)
	pack := func(raw []byte) []byte { return encoder.EncodeAll(raw, nil) }
	table := func(rows []byte) []byte {
		columns, err := wire.IntoTable(rows)
		must(t, err)
		return pack(columns)
	}
	with := func(change func(*wire.Header)) wire.Batch {
		h := good.Header
		change(&h)
		return signed(key, h, good.Packed)
	}
	raw := func(list ...ledger.Entry) (out []byte) {
		for _, e := range list {
			var err error
			out, err = ledger.AppendShort(out, e.Raw)
			must(t, err)
		}
		return out
	}
	bomb := pack(make([]byte, 64<<20))
	var bombs []byte // many small frames that together are large
	for range 200 {
		bombs = append(bombs, pack(make([]byte, 512<<10))...)
	}
	tooNew := entries[1]
	tooNew.Form = 200
	later, err := ledger.Pack(tooNew)
	must(t, err)
	for name, test := range map[string]struct {
		batch wire.Batch
		want  error
	}{
		"another signer":             {signed(stranger, good.Header, good.Packed), wire.ErrSignature},
		"a header changed after":     {wire.Batch{Header: func() wire.Header { h := good.Header; h.From = 2; return h }(), Packed: good.Packed}, wire.ErrSignature},
		"no signature":               {wire.Batch{Header: wire.Header{Log: good.Header.Log, From: 1, Count: 6}, Packed: good.Packed}, wire.ErrSignature},
		"more bytes than allowed":    {signed(key, good.Header, make([]byte, wire.MaxPacked+1)), wire.ErrSize},
		"not zstd":                   {signed(key, good.Header, []byte("hello")), wire.ErrMalformed},
		"nothing":                    {signed(key, good.Header, nil), wire.ErrMalformed},
		"a bomb":                     {signed(key, good.Header, bomb), wire.ErrMalformed},
		"many bombs":                 {signed(key, good.Header, bombs), wire.ErrMalformed},
		"not CBOR":                   {signed(key, good.Header, pack([]byte{0xff, 0xff})), wire.ErrMalformed},
		"not an entry":               {signed(key, good.Header, table([]byte{0x83, 1, 2, 3})), wire.ErrMalformed},
		"an entry cut off":           {signed(key, good.Header, pack(raw(entries...)[:200])), wire.ErrMalformed},
		"fewer than the header says": {signed(key, good.Header, table(raw(entries[:4]...))), wire.ErrMalformed},
		"an entry of a later form":   {signed(key, good.Header, table(append(raw(entries[0]), later...))), ledger.ErrTooNew},
		"another log":                {with(func(h *wire.Header) { h.Log[0] ^= 1 }), wire.ErrBroken},
		"another number":             {with(func(h *wire.Header) { h.From = 2 }), wire.ErrBroken},
		"another entry before":       {with(func(h *wire.Header) { h.Prev[0] ^= 1 }), wire.ErrBroken},
		"another last entry":         {with(func(h *wire.Header) { h.Last[0] ^= 1 }), wire.ErrBroken},
		"two exchanged":              {signed(key, good.Header, table(raw(entries[0], entries[2], entries[1], entries[3], entries[4], entries[5]))), wire.ErrBroken},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := codec.Open(key.Public(), test.batch); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
	if _, err := codec.Open(nil, good); !errors.Is(err, wire.ErrSignature) {
		t.Errorf("without a key: %v", err)
	}
}

func TestHeadersThatCannotBeRead(t *testing.T) {
	key, entries := ledgerOf(t, 1, 0)
	batch, err := newCodec(t).Pack(key, entries)
	must(t, err)
	for name, test := range map[string]struct {
		field, value string
		want         error
	}{
		"no number":           {"Gatehouse-From", "", wire.ErrMalformed},
		"number 0":            {"Gatehouse-From", "0", wire.ErrMalformed},
		"a negative number":   {"Gatehouse-From", "-1", wire.ErrMalformed},
		"beyond 63 bits":      {"Gatehouse-From", "9223372036854775808", wire.ErrMalformed},
		"a count of 0":        {"Gatehouse-Count", "0", wire.ErrMalformed},
		"too many":            {"Gatehouse-Count", "2001", wire.ErrSize},
		"a short hash":        {"Gatehouse-Prev", "00", wire.ErrMalformed},
		"a hash of no digits": {"Gatehouse-Last", strings.Repeat("g", 64), wire.ErrMalformed},
		"a short signature":   {"Gatehouse-Signature", "AAAA", wire.ErrMalformed},
		"an endless value":    {"Gatehouse-From", strings.Repeat("9", 10_000), wire.ErrMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			header := http.Header{}
			batch.Header.Set(header)
			header.Set(test.field, test.value)
			_, err := wire.ReadHeader(entries[0].Log, header)
			if !errors.Is(err, test.want) || len(err.Error()) > 300 {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

func TestHeadersTravelUnchanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := wire.Header{
			Log:       ledger.LogID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "log")),
			From:      rapid.Uint64Range(1, 1<<63-1).Draw(t, "from"),
			Prev:      ledger.Leaf(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "prev")),
			Count:     rapid.IntRange(1, wire.MaxEntries).Draw(t, "count"),
			Last:      ledger.Leaf(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "last")),
			Signature: rapid.SliceOfN(rapid.Byte(), 64, 64).Draw(t, "signature"),
		}
		header := http.Header{}
		h.Set(header)
		back, err := wire.ReadHeader(h.Log, header)
		if err != nil || back.From != h.From || back.Prev != h.Prev || back.Count != h.Count || back.Last != h.Last || !bytes.Equal(back.Signature, h.Signature) {
			t.Fatalf("%+v came as %+v: %v", h, back, err)
		}
	})
}

func TestCentralsHeadIsSignedAndTravels(t *testing.T) {
	key, entries := ledgerOf(t, 1, 0)
	other, _ := ledgerOf(t, 0, 0)
	head := wire.Countersign(key, entries[1].Log, 2, entries[1].Leaf, time.Date(2026, 3, 2, 9, 0, 0, 123456789, time.UTC))
	text, err := json.Marshal(wire.Answer{Head: &head, Key: key.Public()})
	must(t, err)
	answer, err := wire.ReadAnswer(bytes.NewReader(text))
	must(t, err)
	must(t, answer.Head.Check(answer.Key, entries[1].Log))
	if err := answer.Head.Check(other.Public(), entries[1].Log); !errors.Is(err, wire.ErrSignature) {
		t.Errorf("another key: %v", err)
	}
	if err := answer.Head.Check(key.Public(), ledger.LogID{1}); err == nil {
		t.Error("the head of another log was taken")
	}
	for name, change := range map[string]func(*wire.Head){
		"number": func(h *wire.Head) { h.Seq++ },
		"leaf":   func(h *wire.Head) { h.Leaf[31] ^= 1 },
		"time":   func(h *wire.Head) { h.At = h.At.Add(time.Microsecond) },
	} {
		changed := *answer.Head
		change(&changed)
		if err := changed.Check(key.Public(), entries[1].Log); !errors.Is(err, wire.ErrSignature) {
			t.Errorf("another %s: %v", name, err)
		}
	}
	if _, err := wire.ReadAnswer(strings.NewReader(strings.Repeat(" ", wire.MaxAnswer+1))); !errors.Is(err, wire.ErrSize) {
		t.Errorf("an endless answer: %v", err)
	}
}

func TestAnEnrolmentProvesTheKey(t *testing.T) {
	key, entries := ledgerOf(t, 1, 0)
	thief, _ := ledgerOf(t, 0, 0)
	good := wire.NewEnrolment(key, "BLUE-HERON", entries[0])
	text, err := json.Marshal(good)
	must(t, err)
	read, err := wire.ReadEnrolment(text)
	must(t, err)
	first, id, err := read.Open()
	must(t, err)
	if first.Leaf != entries[0].Leaf || id.Station != "A1" || !bytes.Equal(id.Key, key.Public()) {
		t.Errorf("%+v", id)
	}
	for name, test := range map[string]struct {
		enrolment wire.Enrolment
		want      error
	}{
		"another's key":   {wire.NewEnrolment(thief, "BLUE-HERON", entries[0]), wire.ErrSignature},
		"another code":    {wire.Enrolment{Code: "RED-HERON", Identity: good.Identity, Proof: good.Proof}, wire.ErrSignature},
		"no proof":        {wire.Enrolment{Code: good.Code, Identity: good.Identity}, wire.ErrSignature},
		"a later entry":   {wire.NewEnrolment(key, "BLUE-HERON", entries[1]), wire.ErrMalformed},
		"not an entry":    {wire.Enrolment{Code: good.Code, Identity: []byte("A1"), Proof: good.Proof}, wire.ErrMalformed},
		"an entry cut":    {wire.Enrolment{Code: good.Code, Identity: good.Identity[:40], Proof: good.Proof}, wire.ErrMalformed},
		"nothing in here": {wire.Enrolment{}, wire.ErrMalformed},
	} {
		if _, _, err := test.enrolment.Open(); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", name, err, test.want)
		}
	}
	if _, err := wire.ReadEnrolment(make([]byte, wire.MaxEnrolment+1)); !errors.Is(err, wire.ErrSize) {
		t.Errorf("an endless enrolment: %v", err)
	}
	if _, err := wire.ReadEnrolment([]byte(`{"code":"` + strings.Repeat("x", wire.MaxCode+1) + `"}`)); !errors.Is(err, wire.ErrSize) {
		t.Errorf("an endless code: %v", err)
	}
}

// What central reads from anybody must never panic, hang or grow without bound,
// and what opens must be what was signed.

func FuzzOpen(f *testing.F) {
	key, entries := ledgerOf(f, 3, 20)
	codec := newCodec(f)
	good, err := codec.Pack(key, entries)
	must(f, err)
	f.Add(good.Packed, uint64(1), 4)
	f.Add([]byte{}, uint64(0), 0)
	f.Add(good.Packed[:len(good.Packed)/2], uint64(2), 2000)
	f.Fuzz(func(t *testing.T, packed []byte, from uint64, count int) {
		h := good.Header
		h.From, h.Count = from, count
		opened, err := codec.Open(key.Public(), signed(key, h, packed))
		if err != nil {
			return
		}
		if len(opened) != count || opened[0].Seq != from || opened[len(opened)-1].Leaf != h.Last {
			t.Fatalf("opened %d entries that are not the header's", len(opened))
		}
	})
}

// FuzzEntries skips compression, so that the fuzzer reaches the entries.
func FuzzEntries(f *testing.F) {
	key, entries := ledgerOf(f, 3, 20)
	codec := newCodec(f)
	encoder, err := zstd.NewWriter(nil)
	must(f, err)
	good, err := codec.Pack(key, entries)
	must(f, err)
	var raw []byte
	for _, e := range entries {
		raw, err = ledger.AppendShort(raw, e.Raw)
		must(f, err)
	}
	f.Add(raw)
	f.Add(raw[:len(raw)-1])
	f.Add([]byte{0x9f, 0xff})
	f.Fuzz(func(t *testing.T, raw []byte) {
		table, err := wire.IntoTable(raw)
		if err != nil {
			table = raw
		}
		opened, err := codec.Open(key.Public(), signed(key, good.Header, encoder.EncodeAll(table, nil)))
		if err != nil {
			return
		}
		for i := range opened {
			if opened[i].Leaf != entries[i].Leaf {
				t.Fatalf("entry %d opened and is not the one that was chained", opened[i].Seq)
			}
		}
	})
}

func FuzzHeader(f *testing.F) {
	f.Add("1", strings.Repeat("0", 64), "1", strings.Repeat("f", 64), strings.Repeat("A", 86)+"==")
	f.Add("", "", "", "", "")
	f.Fuzz(func(t *testing.T, from, prev, count, last, signature string) {
		in := http.Header{"Gatehouse-From": {from}, "Gatehouse-Prev": {prev}, "Gatehouse-Count": {count}, "Gatehouse-Last": {last}, "Gatehouse-Signature": {signature}}
		h, err := wire.ReadHeader(ledger.LogID{}, in)
		if err != nil {
			return
		}
		if h.From == 0 || h.Count < 1 || h.Count > wire.MaxEntries || len(h.Signature) != ed25519.SignatureSize {
			t.Fatalf("read %+v", h)
		}
		out := http.Header{}
		h.Set(out)
		again, err := wire.ReadHeader(ledger.LogID{}, out)
		if err != nil || again.From != h.From || again.Count != h.Count || again.Prev != h.Prev || again.Last != h.Last || !bytes.Equal(again.Signature, h.Signature) {
			t.Fatalf("%+v written and read is %+v: %v", h, again, err)
		}
	})
}

func FuzzEnrolment(f *testing.F) {
	key, entries := ledgerOf(f, 0, 0)
	good, err := json.Marshal(wire.NewEnrolment(key, "BLUE-HERON", entries[0]))
	must(f, err)
	f.Add(good)
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		n, err := wire.ReadEnrolment(text)
		if err != nil {
			return
		}
		if _, id, err := n.Open(); err == nil && !bytes.Equal(id.Key, key.Public()) {
			t.Fatalf("a proof for a key nobody has: %+v", id)
		}
	})
}

func FuzzAnswer(f *testing.F) {
	key, entries := ledgerOf(f, 0, 0)
	head := wire.Countersign(key, entries[0].Log, 1, entries[0].Leaf, time.Unix(0, 0))
	good, err := json.Marshal(wire.Answer{Head: &head, Problem: wire.ProblemGap, Text: "x"})
	must(f, err)
	f.Add(good)
	f.Add([]byte(`{"head":{}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		a, err := wire.ReadAnswer(bytes.NewReader(text))
		if err != nil || a.Head == nil {
			return
		}
		if a.Head.Check(key.Public(), entries[0].Log) == nil && (a.Head.Seq != 1 || a.Head.Leaf != entries[0].Leaf) {
			t.Fatalf("a head that was never signed: %+v", a.Head)
		}
	})
}
