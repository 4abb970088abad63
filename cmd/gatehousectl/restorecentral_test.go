package main_test

import (
	"context"
	"crypto/rand"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/central/api"
	"gatehouse/central/book"
	"gatehouse/central/store"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// centralOf is a central that has these entries of one log.
type centralOf struct {
	url  string
	own  *book.Book
	kept store.Store
	log  ledger.LogID
}

func newCentralOf(t *testing.T, entries []ledger.Entry) centralOf {
	t.Helper()
	codec, err := wire.NewCodec()
	must(t, err)
	kept, err := store.OpenBolt(store.Options{Path: filepath.Join(t.TempDir(), "central.db"), Codec: codec})
	must(t, err)
	t.Cleanup(func() { kept.Close() })
	_, err = kept.Enrol(t.Context(), entries[0])
	must(t, err)
	_, err = kept.Extend(t.Context(), entries[0].Log, entries[1:])
	must(t, err)
	key, err := ledger.NewKey(rand.Reader)
	must(t, err)
	own, err := book.Open(t.Context(), book.Options{Store: kept, Signer: key})
	must(t, err)
	door, err := api.New(api.Options{Store: kept, Signer: key, Office: own})
	must(t, err)
	must(t, door.Restores(own))
	server := httptest.NewServer(door)
	t.Cleanup(server.Close)
	return centralOf{server.URL, own, kept, entries[0].Log}
}

func (c centralOf) code(t *testing.T) string {
	t.Helper()
	code, err := c.own.IssueRestore(t.Context(), book.Itself, c.log)
	must(t, err)
	return code
}

func entriesIn(t *testing.T, path string) (all []ledger.Entry) {
	t.Helper()
	must(t, ledger.EachEntry(path, func(e *ledger.Entry) error {
		all = append(all, *e)
		return nil
	}))
	return all
}

// TestALostStationIsReadBackFromCentral: the old log byte for byte, and a new
// station with a key, an id and a log of its own that names it.
func TestALostStationIsReadBackFromCentral(t *testing.T) {
	p := aDay(t)
	c := newCentralOf(t, entriesIn(t, p.ledger))
	code, out := c.code(t), p.path("old.db")
	restore := []string{"restore", "--central", c.url, "--code", code, "--out"}
	if a := ctl(t, append(restore, p.ledger)...); a.code != 1 || !strings.Contains(a.err, "it is evidence") {
		t.Errorf("over a file that is there: %d, %s", a.code, a.err)
	}
	// The code is still good: nothing was asked.
	said := mustCtl(t, append(restore, out)...).out
	if !strings.Contains(said, "39 entries, 11 receipts") || !strings.Contains(said, "count the safe") {
		t.Errorf("it says %q", said)
	}
	if before, after := mustCtl(t, "export", p.ledger, "--format", "jsonl").out, mustCtl(t, "export", out, "--format", "jsonl").out; after != before {
		t.Error("the ledger that was read back is another")
	}
	if _, err := c.own.Restore(t.Context(), code, []byte("somebody else's.")); err == nil {
		t.Error("the code was good for somebody else too")
	}

	follows, err := ledger.ReadFollows(out + ".follows.json")
	must(t, err)
	key, err := ledger.NewKey(rand.Reader)
	must(t, err)
	o := ledger.Options{Path: p.path("new.db"), Station: follows.Station, Signer: key, Follows: &follows}
	if _, err := ledger.Open(o); err == nil || !strings.Contains(err.Error(), "another station id") {
		t.Errorf("with the old id, whose receipts may be in people's hands: %v", err)
	}
	o.Station = "Z9"
	book, err := ledger.Open(o)
	must(t, err)
	defer book.Close()
	old := entriesIn(t, p.ledger)
	last := old[len(old)-1]
	if got := book.Identity().Follows; got == nil || *got != (ledger.Follows{Station: stationOf(t, old), Log: last.Log, Seq: last.Seq, Leaf: last.Leaf}) {
		t.Errorf("the new log follows %+v", got)
	}
	first, err := book.Entries(1, 1)
	must(t, err)
	if id, err := wire.IdentityOf(&first[0]); err != nil || id.Follows == nil || *id.Follows != follows {
		t.Errorf("its first entry names %+v, %v", id.Follows, err)
	}
}

// TestARestoreCodeReadsOneLog, once, and nothing else.
func TestARestoreCodeReadsOneLog(t *testing.T) {
	p := aDay(t)
	c := newCentralOf(t, entriesIn(t, p.ledger))
	enrol, err := c.own.IssueCode(t.Context(), book.Itself, "a station")
	must(t, err)
	for name, code := range map[string]string{"wrong": "WRONG", "an enrolment's": enrol} {
		if a := ctl(t, "restore", "--central", c.url, "--code", code, "--out", p.path("x.db")); a.code != 1 || !strings.Contains(a.err, "code") {
			t.Errorf("%s: %d, %s", name, a.code, a.err)
		}
	}
	code, claim := c.code(t), make([]byte, wire.ClaimSize)
	if err := c.own.Admit(t.Context(), code, ledger.Identity{Log: ledger.LogID{9}, Station: "B1"}); err == nil {
		t.Error("it lets a station in")
	}
	for range 2 { // the first answer was lost
		if log, err := c.own.Restore(t.Context(), code, claim); err != nil || log != c.log {
			t.Errorf("the same claim: %v, %v", log, err)
		}
	}
	if _, err := c.own.Restore(context.Background(), code, []byte("another claim...")); err == nil {
		t.Error("another claim with a used code")
	}
}

// TestAForkIsRehomed: an older copy was put back and went on; central has that
// side. What only the ledger has is listed with receipts and sums.
func TestAForkIsRehomed(t *testing.T) {
	mirror := t.TempDir()
	p := aDay(t, "--mirror", mirror)
	key, err := ledger.LoadKey(p.path("station.key"), nil)
	must(t, err)
	whole := entriesIn(t, p.ledger)
	image := p.path("image.db")
	_, err = ledger.Restore(mirrorOf(t, mirror, 10), image, ledger.Options{Signer: key})
	must(t, err)
	other, err := ledger.Open(ledger.Options{Path: image, Station: stationOf(t, whole), Signer: key})
	must(t, err)
	id, err := ledger.NewCommandID(rand.Reader)
	must(t, err)
	_, err = other.Commit(t.Context(), ledger.Command{ID: id, Actor: "station", Decide: func(*ledger.State) ([]ledger.Draft, error) {
		return []ledger.Draft{{Kind: "test.other.v1", Body: "the clone"}, {Kind: "test.other.v1", Body: "goes on"}}, nil
	}})
	must(t, err)
	must(t, other.Close())
	c := newCentralOf(t, entriesIn(t, image))
	before := read(t, p.ledger)
	out := mustCtl(t, "rehome", p.ledger, "--central", c.url, "--code", c.code(t), "--out", p.path("central.db")).out
	if !strings.Contains(out, "both have 10 entries; only central has 2 more, only this ledger 29") {
		t.Errorf("it says %q", out)
	}
	for _, e := range whole[10:] {
		if e.Receipt > 0 && !strings.Contains(out, string(e.ReceiptNo(stationOf(t, whole)))) {
			t.Errorf("receipt of entry %d is not listed", e.Seq)
		}
	}
	if string(read(t, p.ledger)) != string(before) {
		t.Error("the ledger was changed")
	}
	follows, err := ledger.ReadFollows(p.path("central.db.follows.json"))
	if err != nil || follows.Seq != 10 || follows.Leaf != whole[9].Leaf {
		t.Errorf("it follows %+v, %v", follows, err)
	}
	// Another log's code compares nothing.
	foreign, err := ledger.Open(ledger.Options{Path: p.path("foreign.db"), Station: "B1", Signer: key})
	must(t, err)
	must(t, foreign.Close())
	if a := ctl(t, "rehome", p.path("foreign.db"), "--central", c.url, "--code", c.code(t), "--out", p.path("central2.db")); a.code != 1 || !strings.Contains(a.err, "the code is for") {
		t.Errorf("with the code of another log: %d, %s", a.code, a.err)
	}
}

func stationOf(t *testing.T, entries []ledger.Entry) ledger.StationID {
	t.Helper()
	id, err := wire.IdentityOf(&entries[0])
	must(t, err)
	return id.Station
}
