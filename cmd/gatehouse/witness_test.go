package main

import (
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
)

// TestAStationWithAWitness takes money with a stick beside it, loses its disk's
// last state, and is put before a person until the stick gave the ledger back.
func TestAStationWithAWitness(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "stick")
	if err := errors.Join(os.Mkdir(dir, 0o700), ledger.PrepareWitness(dir)); err != nil {
		t.Fatal(err)
	}
	o := stationAt(utility(t), "A1")
	o.witness = []string{filepath.Join(t.TempDir(), "not plugged in"), dir}
	r := opened(t, o)
	path := filepath.Join(o.folder(), "ledger.db")
	image, err := os.ReadFile(path) // nothing is being written
	if err != nil {
		t.Fatal(err)
	}
	r.pays(t)
	head := r.desk.Book.Head()
	if err := r.close(); err != nil { // the witness gets the rest
		t.Fatal(err)
	}
	about, err := ledger.ReadWitness(dir)
	if err != nil || about.Seq < head.Seq {
		t.Fatalf("the witness has %d of %d entries, %v", about.Seq, head.Seq, err)
	}
	if w := witnessOf(r.witnesses); w == nil || w.Wrong || w.At.IsZero() {
		t.Errorf("the status: %+v", w)
	}
	// An older image of the disk, with a mirror on the same disk.
	if err := errors.Join(os.WriteFile(path, image, 0o600), os.RemoveAll(filepath.Join(o.folder(), "mirror"))); err != nil {
		t.Fatal(err)
	}
	if _, err := start(o, slog.New(slog.DiscardHandler)); !errors.Is(err, ledger.ErrWitnessAhead) || faultKey(err) != "station.fault.witness" {
		t.Fatalf("an older ledger beside its witness: %v", err)
	}
	key, err := ledger.LoadKey(filepath.Join(o.folder(), "station.key"), nil)
	if err == nil {
		err = os.Rename(path, path+".old")
	}
	if err == nil {
		_, err = ledger.Restore(dir, path, ledger.Options{Signer: key})
	}
	if err != nil {
		t.Fatal(err)
	}
	r = opened(t, o)
	defer r.close()
	if at, err := r.desk.Book.Entries(about.Seq, 1); err != nil || len(at) != 1 || at[0].Leaf != about.Leaf {
		t.Errorf("entry %d after the restoration: %v, %v", about.Seq, at, err)
	}
}

func TestTheBestWitnessIsSaid(t *testing.T) {
	if witnessOf(nil) != nil {
		t.Error("a station without a witness has one")
	}
	away := ledger.NewWitness(filepath.Join(t.TempDir(), "away"))
	if got := witnessOf([]*ledger.Witness{away}); *got != (flow.Witness{}) {
		t.Errorf("one that is away: %+v", got)
	}
}

func TestWitnessesAreNamedByWholePaths(t *testing.T) {
	o, err := parse([]string{"--witness", "/media/a", "--witness", "b"}, io.Discard)
	if err != nil || len(o.witness) != 2 || o.witness[0] != "/media/a" || !filepath.IsAbs(o.witness[1]) {
		t.Errorf("%v, %v", o.witness, err)
	}
	if _, err := parse([]string{"--witness", ""}, io.Discard); err == nil {
		t.Error("a witness without a folder")
	}
}
