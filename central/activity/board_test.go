package activity_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gatehouse/central/activity"
	"gatehouse/central/store"
	"gatehouse/central/storetest"
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

// town is a central with two stations.
type town struct {
	t        *testing.T
	kept     *store.Bolt
	key      *ledger.Key
	now      time.Time
	manifest []byte
	a1, a2   *storetest.Station
	board    *activity.Board
}

func newTown(t *testing.T) *town {
	o := &town{t: t, now: time.Now(), a1: storetest.NewStation(t, "A1"), a2: storetest.NewStation(t, "A2")}
	codec, err := wire.NewCodec()
	must(t, err)
	o.kept, err = store.OpenBolt(store.Options{Path: filepath.Join(t.TempDir(), "central.db"), Codec: codec})
	must(t, err)
	t.Cleanup(func() { o.kept.Close() })
	o.key, err = ledger.NewKey(rand.Reader)
	must(t, err)
	for _, s := range []*storetest.Station{o.a1, o.a2} {
		_, err := o.kept.Enrol(t.Context(), s.Entries(t, 1, 1)[0])
		must(t, err)
	}
	o.board = o.newBoard(nil)
	return o
}

func (o *town) newBoard(upstream func(context.Context, string) (wire.Activity, error)) *activity.Board {
	return activity.New(activity.Options{Store: o.kept, Upstream: upstream, Key: func() ed25519.PublicKey { return o.key.Public() },
		Clock: func() time.Time { return o.now },
		Manifest: func(context.Context, string) ([]byte, wire.Hash, error) {
			if o.manifest == nil {
				return nil, wire.Hash{}, store.ErrNoBlob
			}
			return o.manifest, wire.HashOf(o.manifest), nil
		}})
}

// pays takes a payment for an account, and brings it to central.
func (o *town) pays(s *storetest.Station, no string, amount ledger.Cents) ledger.Entry {
	o.t.Helper()
	made := s.Write(o.t, ledger.Draft{Kind: "cash.payment.v1", Body: 1, Lines: []ledger.Posting{
		{Account: "assets:drawer:cash", Sub: "A1-S0001", Amount: amount},
		{Account: account.Receivable(account.Current), Sub: no, Amount: -amount},
	}})
	_, err := o.kept.Append(o.t.Context(), s.Batch(o.t, made.Seq, 1))
	must(o.t, err)
	o.now = o.now.Add(5 * time.Second)
	return made
}

// hears is what a station hears after a mark, in words.
func (o *town) hears(b *activity.Board, s *storetest.Station, after string) (string, string) {
	o.t.Helper()
	told, err := b.Since(o.t.Context(), s.Book.Identity().Log, after)
	must(o.t, err)
	var all []string
	if told.Anew {
		all = append(all, "anew")
	}
	for _, p := range told.Payments {
		all = append(all, fmt.Sprintf("%s %s %s", p.Station, p.Account, p.Amount))
	}
	return strings.Join(all, ", "), told.After
}

func TestAStationHearsOnceWhatOthersTook(t *testing.T) {
	o := newTown(t)
	o.pays(o.a2, "01-1", 40_00)
	o.pays(o.a1, "02-2", 10_00)
	got, mark := o.hears(o.board, o.a1, "")
	if got != "anew, A2 01-1 40.00" {
		t.Errorf("at first: %s", got)
	}
	if got, _ := o.hears(o.board, o.a1, mark); got != "" {
		t.Errorf("a second time: %s", got)
	}
	o.pays(o.a2, "01-1", -40_00)
	if got, _ := o.hears(o.board, o.a1, mark); got != "A2 01-1 -40.00" {
		t.Errorf("taken back: %s", got)
	}
	// A central that was started anew knows no marks of the one before.
	if got, _ := o.hears(o.newBoard(nil), o.a1, mark); got != "anew, A2 01-1 40.00, A2 01-1 -40.00" {
		t.Errorf("from another process: %s", got)
	}
	if _, err := o.board.Since(t.Context(), o.a1.Book.Identity().Log, "x'; --"); !errors.Is(err, wire.ErrMalformed) {
		t.Errorf("no mark: %v", err)
	}
}

func TestWhatTheBalancesCountIsNotPending(t *testing.T) {
	o := newTown(t)
	first := o.pays(o.a2, "01-1", 40_00)
	o.pays(o.a2, "01-1", 7_00)
	if got, _ := o.hears(o.board, o.a1, ""); got != "anew, A2 01-1 40.00, A2 01-1 7.00" {
		t.Errorf("before: %s", got)
	}
	var err error
	o.manifest, err = wire.SignManifest(o.key, wire.Manifest{Feed: account.Feed, Version: 1, Needs: wire.RecordForm,
		Counted: []wire.Counted{{Log: first.Log, Through: first.Seq}}})
	must(t, err)
	o.now = o.now.Add(5 * time.Second)
	for name, b := range map[string]*activity.Board{"the same": o.board, "a new one": o.newBoard(nil)} {
		if got, _ := o.hears(b, o.a1, ""); got != "anew, A2 01-1 7.00" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestAnOfficeTellsItsOwnWithoutALine: what upstream tells is there while it answers, and
// the office's own in any case, once.
func TestAnOfficeTellsItsOwnWithoutALine(t *testing.T) {
	o := newTown(t)
	far := wire.Paid{Log: ledger.LogID{9}, Station: "B1", Seq: 3, Account: "01-1", Amount: 5_00}
	own := o.pays(o.a2, "01-1", 40_00)
	up, asked := true, 0
	b := o.newBoard(func(_ context.Context, after string) (wire.Activity, error) {
		asked++
		if !up {
			return wire.Activity{}, errors.New("the line is cut")
		}
		told := wire.Activity{After: "ab-1", Anew: after == ""}
		if after == "" { // upstream tells of this office too
			told.Payments = []wire.Paid{{Log: own.Log, Station: "A2", Seq: own.Seq, Account: "01-1", Amount: 40_00}, far}
		}
		return told, nil
	})
	if got, _ := o.hears(b, o.a1, ""); got != "anew, A2 01-1 40.00, B1 01-1 5.00" {
		t.Errorf("with a line: %s", got)
	}
	up = false
	o.pays(o.a2, "01-1", 1_00)
	o.now = o.now.Add(time.Hour)
	if got, _ := o.hears(b, o.a1, ""); got != "anew, A2 01-1 40.00, B1 01-1 5.00, A2 01-1 1.00" || asked != 2 {
		t.Errorf("without one, asked %d times: %s", asked, got)
	}
}
