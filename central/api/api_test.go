package api_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gatehouse/central/api"
	"gatehouse/central/store"
	"gatehouse/central/storetest"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// code is what the tests' office lets a station in with.
const code = "BLUE-HERON-42"

// office is the people at central.
type office struct {
	code      string
	readmits  int
	isRevoked bool
}

func (o *office) Admit(_ context.Context, code string, _ ledger.Identity) error {
	if o.code == "" || code != o.code {
		return ledger.Refuse("central.code", "no")
	}
	return nil
}

func (o *office) Readmit(context.Context, ledger.Identity) error { o.readmits++; return nil }

func (o *office) Revoked(context.Context, ledger.LogID) (bool, error) { return o.isRevoked, nil }

// door is the API over a real store.
type door struct {
	*api.API
	office
	t    *testing.T
	kept *store.Bolt
	key  *ledger.Key
	now  time.Time
	from string // address of who asks; empty is httptest's
	log  bytes.Buffer
}

func newDoor(t *testing.T, code string) *door {
	t.Helper()
	codec, err := wire.NewCodec()
	must(t, err)
	d := &door{t: t, office: office{code: code}, now: time.Date(2026, 3, 2, 14, 0, 0, 0, time.UTC)}
	d.kept, err = store.OpenBolt(store.Options{Path: filepath.Join(t.TempDir(), "central.db"), Codec: codec})
	must(t, err)
	t.Cleanup(func() { d.kept.Close() })
	d.key, err = ledger.NewKey(zeros{})
	must(t, err)
	d.API, err = api.New(api.Options{Store: d.kept, Signer: d.key, Office: &d.office, Clock: func() time.Time { return d.now }, Log: slog.New(slog.NewJSONHandler(&d.log, nil))})
	must(t, err)
	return d
}

// zeros is randomness for a key that is the same in each run.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (d *door) ask(method, path string, header http.Header, body io.Reader) (int, wire.Answer) {
	d.t.Helper()
	r := httptest.NewRequest(method, path, body)
	for name, values := range header {
		r.Header[name] = values
	}
	if d.from != "" {
		r.RemoteAddr = d.from
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	var a wire.Answer
	if strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
		must(d.t, json.Unmarshal(w.Body.Bytes(), &a))
	}
	return w.Code, a
}

func (d *door) enrol(s *storetest.Station, code string) (int, wire.Answer) {
	d.t.Helper()
	text, err := json.Marshal(wire.NewEnrolment(s.Key, code, s.Entries(d.t, 1, 1)[0]))
	must(d.t, err)
	return d.ask(http.MethodPost, wire.PathEnrol, nil, bytes.NewReader(text))
}

func (d *door) append(b wire.Batch) (int, wire.Answer) {
	d.t.Helper()
	header := http.Header{}
	b.Header.Set(header)
	return d.ask(http.MethodPost, wire.AppendPath(b.Header.Log), header, bytes.NewReader(b.Packed))
}

func (d *door) is(got int, a wire.Answer, want int, problem wire.Problem) {
	d.t.Helper()
	if got != want || a.Problem != problem {
		d.t.Fatalf("status %d, problem %q (%s), want %d, %q", got, a.Problem, a.Text, want, problem)
	}
}

func TestAHeadIsCountersigned(t *testing.T) {
	d := newDoor(t, code)
	s := storetest.NewStation(t, "A1")
	id := s.Book.Identity().Log
	status, a := d.enrol(s, code)
	d.is(status, a, http.StatusOK, "")
	if !bytes.Equal(a.Key, d.key.Public()) {
		t.Error("central did not show its key")
	}
	s.Pay(t, 3, 100)
	status, a = d.append(s.Batch(t, 2, 3))
	d.is(status, a, http.StatusOK, "")
	for _, head := range []*wire.Head{a.Head, func() *wire.Head { _, a := d.ask(http.MethodGet, wire.HeadPath(id), nil, nil); return a.Head }()} {
		must(t, head.Check(d.key.Public(), id))
		if head.Seq != 4 || head.Leaf != s.Book.Head().Leaf || !head.At.Equal(d.now) {
			t.Errorf("head %+v", head)
		}
	}
	if !d.LastContact(id).Equal(d.now) || !d.LastContact(ledger.LogID{}).IsZero() {
		t.Error("the last contact is not now")
	}
}

func TestEachProblemHasItsStatus(t *testing.T) {
	d := newDoor(t, code)
	s := storetest.NewStation(t, "A1")
	s.Pay(t, 4, 100)
	clone := s.Clone(t)
	s.Pay(t, 1, 200)
	clone.Pay(t, 1, 300)
	other := storetest.NewStation(t, "B2")

	status, a := d.append(s.Batch(t, 1, 2))
	d.is(status, a, http.StatusNotFound, wire.ProblemUnknownLog)
	status, a = d.ask(http.MethodGet, wire.HeadPath(s.Book.Identity().Log), nil, nil)
	d.is(status, a, http.StatusNotFound, wire.ProblemUnknownLog)
	status, a = d.ask(http.MethodGet, "/v1/logs/A1/head", nil, nil)
	d.is(status, a, http.StatusNotFound, wire.ProblemUnknownLog)

	status, a = d.enrol(s, code)
	d.is(status, a, http.StatusOK, "")
	status, a = d.append(s.Batch(t, 4, 1))
	d.is(status, a, http.StatusConflict, wire.ProblemGap)
	if a.Head == nil || a.Head.Seq != 1 {
		t.Errorf("a gap was answered with head %+v", a.Head)
	}
	status, a = d.append(s.Batch(t, 2, 5))
	d.is(status, a, http.StatusOK, "")
	status, a = d.append(clone.Batch(t, 6, 1))
	d.is(status, a, http.StatusConflict, wire.ProblemFork)
	must(t, a.Head.Check(d.key.Public(), s.Book.Identity().Log))

	good := s.Batch(t, 2, 2)
	status, a = d.append(other.Sign(t, good.Header, s.Entries(t, 2, 2)))
	d.is(status, a, http.StatusForbidden, wire.ProblemSignature)
	status, a = d.append(s.Sign(t, good.Header, s.Entries(t, 3, 2)))
	d.is(status, a, http.StatusConflict, wire.ProblemBroken)
	status, a = d.append(s.Sign(t, good.Header, s.Entries(t, 2, 1)))
	d.is(status, a, http.StatusBadRequest, wire.ProblemMalformed)
	status, a = d.ask(http.MethodPost, wire.AppendPath(good.Header.Log), nil, bytes.NewReader(good.Packed))
	d.is(status, a, http.StatusBadRequest, wire.ProblemMalformed)

	large := good
	large.Packed = make([]byte, wire.MaxPacked+1)
	status, a = d.append(large)
	d.is(status, a, http.StatusRequestEntityTooLarge, wire.ProblemSize)
	status, a = d.ask(http.MethodPost, wire.PathEnrol, nil, bytes.NewReader(make([]byte, wire.MaxEnrolment+1)))
	d.is(status, a, http.StatusRequestEntityTooLarge, wire.ProblemSize)
	header := http.Header{}
	good.Header.Set(header)
	status, a = d.ask(http.MethodPost, wire.AppendPath(good.Header.Log), header, io.MultiReader(bytes.NewReader(good.Packed[:10]), broken{}))
	d.is(status, a, http.StatusBadRequest, wire.ProblemMalformed)

	for _, want := range []string{`"problem":"fork"`, `"level":"ERROR"`, `"problem":"signature"`} {
		if !strings.Contains(d.log.String(), want) {
			t.Errorf("the log lacks %s:\n%s", want, &d.log)
		}
	}
}

func TestAllThatAForkedStationShowsIsKept(t *testing.T) {
	d := newDoor(t, code)
	s := storetest.NewStation(t, "A1")
	s.Pay(t, 4, 100)
	clone := s.Clone(t)
	s.Pay(t, 1, 200)
	clone.Pay(t, 70, 300)
	log := s.Book.Identity().Log
	d.enrol(s, code)
	d.append(s.Batch(t, 2, 5))
	show := func(from uint64, n int) wire.Answer {
		b, header := clone.Batch(t, from, n), http.Header{}
		b.Header.Set(header)
		_, a := d.ask(http.MethodPost, wire.ShowPath(log), header, bytes.NewReader(b.Packed))
		return a
	}
	if a := show(2, 4); a.Problem != "" || a.Full {
		t.Errorf("what both have: %+v", a)
	}
	for i := range store.MaxEvidence + 1 {
		a := show(uint64(6+i), 1)
		if a.Problem != wire.ProblemFork || a.Head == nil || a.Head.Seq != 6 || a.Full != (i == store.MaxEvidence) {
			t.Errorf("entry %d of the other side: %+v", 6+i, a)
		}
	}
	if kept, err := d.kept.Evidence(t.Context(), log); err != nil || len(kept) != store.MaxEvidence {
		t.Errorf("%d batches of the other side, %v", len(kept), err)
	}
}

// broken is a body that breaks off.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestOnlyTheCodeEnrols(t *testing.T) {
	d := newDoor(t, code)
	s := storetest.NewStation(t, "A1")
	for _, wrong := range []string{"", "BLUE-HERON-43", code + " ", code[:len(code)-1]} {
		status, a := d.enrol(s, wrong)
		d.is(status, a, http.StatusForbidden, wire.ProblemCode)
	}
	logs, err := d.kept.Logs(context.Background())
	must(t, err)
	if len(logs) != 0 {
		t.Fatalf("%d logs enrolled", len(logs))
	}
	for range 2 {
		status, a := d.enrol(s, code)
		d.is(status, a, http.StatusOK, "")
	}
}

func TestACentralWithoutACodeEnrolsNobody(t *testing.T) {
	d := newDoor(t, "")
	status, a := d.enrol(storetest.NewStation(t, "A1"), "")
	d.is(status, a, http.StatusForbidden, wire.ProblemCode)
}

func TestGuessingTheCodeIsSlow(t *testing.T) {
	d := newDoor(t, code)
	s := storetest.NewStation(t, "A1")
	guesses := 0
	for minute := range 3 {
		for range 100 {
			status, a := d.enrol(s, "WRONG-CODE")
			if a.Problem == wire.ProblemBusy {
				d.is(status, a, http.StatusTooManyRequests, wire.ProblemBusy)
				continue
			}
			guesses++
		}
		status, a := d.enrol(s, code)
		d.is(status, a, http.StatusTooManyRequests, wire.ProblemBusy)
		if guesses > 10*(minute+1) {
			t.Fatalf("%d guesses in %d minutes", guesses, minute+1)
		}
		d.now = d.now.Add(time.Minute)
	}
	status, a := d.enrol(s, code)
	d.is(status, a, http.StatusOK, "")
}

func TestOnesGuessesDoNotShutTheDoorForOthers(t *testing.T) {
	d := newDoor(t, code)
	s := storetest.NewStation(t, "A1")
	from := func(address, code string) wire.Problem {
		d.from = address
		_, a := d.enrol(s, code)
		return a.Problem
	}
	for range 20 {
		from("203.0.113.7:4711", "WRONG-CODE")
		from("[2001:db8::7]:4711", "WRONG-CODE")
	}
	for address, want := range map[string]wire.Problem{
		"203.0.113.7:4712":       wire.ProblemBusy,
		"[2001:db8::ffff]:4711":  wire.ProblemBusy, // the same /64
		"203.0.113.8:4711":       wire.ProblemCode,
		"[2001:db8:0:1::7]:4711": wire.ProblemCode,
		"127.0.0.1:4711":         wire.ProblemCode,
	} {
		if got := from(address, "WRONG-CODE"); got != want {
			t.Errorf("from %s: %q, want %q", address, got, want)
		}
	}
	looked := 0
	for i := range 300 {
		for range 10 {
			if from(fmt.Sprintf("198.51.%d.%d:1", 100+i/250, i%250), "WRONG-CODE") == wire.ProblemCode {
				looked++
			}
		}
	}
	if looked < 900 || looked > 1000 {
		t.Errorf("%d codes of 300 senders were looked at in a minute", looked)
	}
	d.now = d.now.Add(time.Minute)
	if got := from("203.0.113.7:4711", code); got != "" {
		t.Errorf("a minute later: %q", got)
	}
}

func TestAStoreThatFailsIsSaidWithoutItsSecrets(t *testing.T) {
	d := newDoor(t, code)
	s := storetest.NewStation(t, "A1")
	status, a := d.enrol(s, code)
	d.is(status, a, http.StatusOK, "")
	s.Pay(t, 1, 100)
	if got, _ := d.ask(http.MethodGet, "/readyz", nil, nil); got != http.StatusOK {
		t.Errorf("readyz %d with the store open", got)
	}
	must(t, d.kept.Close())
	status, a = d.append(s.Batch(t, 2, 1))
	d.is(status, a, http.StatusServiceUnavailable, wire.ProblemStore)
	if strings.Contains(a.Text, "database") || !strings.Contains(d.log.String(), "database not open") {
		t.Errorf("said %q, logged %s", a.Text, &d.log)
	}
	for path, want := range map[string]int{"/readyz": http.StatusServiceUnavailable, "/healthz": http.StatusOK} {
		if got, _ := d.ask(http.MethodGet, path, nil, nil); got != want {
			t.Errorf("%s %d with the store closed", path, got)
		}
	}
}

func TestAStoreAndAKeyAreNeeded(t *testing.T) {
	if _, err := api.New(api.Options{}); err == nil {
		t.Error("an API of nothing")
	}
}

func TestACentralThatWasSetBackKnowsItsOwnSignature(t *testing.T) {
	d := newDoor(t, "")
	s := storetest.NewStation(t, "A1")
	first := s.Entries(t, 1, 1)[0]
	other, err := ledger.NewKey(rand.Reader)
	must(t, err)
	log := first.Log
	for _, row := range []struct {
		what   string
		known  wire.Head
		status int
	}{
		{"another central's", wire.Countersign(other, log, 1, first.Leaf, d.now), http.StatusForbidden},
		{"of another log", wire.Countersign(d.key, ledger.LogID{1}, 1, first.Leaf, d.now), http.StatusForbidden},
		{"its own", wire.Countersign(d.key, log, 1, first.Leaf, d.now), http.StatusOK},
	} {
		n := wire.NewEnrolment(s.Key, "", first)
		n.Known = &row.known
		text, err := json.Marshal(n)
		must(t, err)
		if status, a := d.ask(http.MethodPost, wire.PathEnrol, nil, bytes.NewReader(text)); status != row.status {
			t.Errorf("%s: %d %s", row.what, status, a.Text)
		}
	}
	if d.readmits != 1 {
		t.Errorf("%d stations let in again", d.readmits)
	}
}

func TestWhatARevokedStationSendsIsKeptApart(t *testing.T) {
	d := newDoor(t, code)
	s := storetest.NewStation(t, "A1")
	d.enrol(s, code)
	s.Pay(t, 2, 100)
	d.isRevoked = true
	status, a := d.append(s.Batch(t, 2, 2))
	d.is(status, a, http.StatusForbidden, wire.ProblemRevoked)
	if a.Head == nil || a.Head.Seq != 1 {
		t.Errorf("head %+v", a.Head)
	}
	if found, err := d.kept.Evidence(context.Background(), s.Book.Identity().Log); err != nil || len(found) != 1 {
		t.Errorf("%d pieces of evidence, %v", len(found), err)
	}
	d.isRevoked = false
	status, a = d.append(s.Batch(t, 2, 2))
	d.is(status, a, http.StatusOK, "")
}
