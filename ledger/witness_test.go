package ledger_test

import (
	"bufio"
	"bytes"
	"context"
	crand "crypto/rand"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"gatehouse/ledger"
)

// stick is a prepared folder that can be pulled out and plugged in again.
func stick(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "stick")
	must(t, os.Mkdir(dir, 0o700))
	must(t, ledger.PrepareWitness(dir))
	return dir
}

// contents are all files of a folder.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	list, err := os.ReadDir(dir)
	must(t, err)
	for _, f := range list {
		text, err := os.ReadFile(filepath.Join(dir, f.Name()))
		must(t, err)
		out[f.Name()] = string(text)
	}
	return out
}

// restoredFrom rebuilds the ledger from a witness, and is its head.
func restoredFrom(t *testing.T, f *fixture, dir string) ledger.Head {
	t.Helper()
	path := filepath.Join(t.TempDir(), "restored.db")
	head, err := ledger.Restore(dir, path, f.opts)
	must(t, err)
	if r, err := ledger.Verify(path, ledger.VerifyOptions{Views: f.opts.Views, Key: f.key.Public()}); err != nil || len(r.Problems) > 0 {
		t.Errorf("the restored ledger: %v, %v", r.Problems, err)
	}
	return head
}

// TestAWitnessComesAndGoes pulls the stick out and plugs it in; each time it is
// back it gets what it missed, and nothing is written where it was.
func TestAWitnessComesAndGoes(t *testing.T) {
	f := newFixture(t)
	dir := stick(t)
	w := ledger.NewWitness(dir)
	for round := range 4 {
		f.commit(t, noteOf(fmt.Sprint("here ", round)))
		must(t, w.Step(f.book))
		if s := w.State(); s.Seq != f.book.Head().Seq || s.Err != nil || s.At.IsZero() {
			t.Fatalf("round %d: state %+v, ledger at %d", round, s, f.book.Head().Seq)
		}
		if got := restoredFrom(t, f, dir); got != f.book.Head() {
			t.Fatalf("restored to %v, ledger at %v", got, f.book.Head())
		}
		about, err := ledger.ReadWitness(dir)
		if err != nil || about.Seq != f.book.Head().Seq || about.Leaf != f.book.Head().Leaf || about.Station != "A1" {
			t.Errorf("the witness says %+v, %v", about, err)
		}
		must(t, os.Rename(dir, dir+".out"))
		if round%2 == 1 {
			must(t, os.Mkdir(dir, 0o700)) // the place of a stick is an empty folder
		}
		f.commit(t, noteOf(fmt.Sprint("away ", round)))
		if err := w.Step(f.book); !errors.Is(err, ledger.ErrWitnessAway) {
			t.Errorf("without a stick: %v", err)
		}
		if s := w.State(); !errors.Is(s.Err, ledger.ErrWitnessAway) || s.Seq != about.Seq || s.At.IsZero() {
			t.Errorf("without a stick: state %+v", s)
		}
		if round%2 == 1 {
			must(t, os.Remove(dir)) // fails if anything was written into it
		}
		must(t, os.Rename(dir+".out", dir))
	}
	f.close(t)
	f.opts.Witnesses = []string{dir}
	f.open(t)
}

// TestAStickIsNotWrittenOver plugs in what is not this ledger's copy.
func TestAStickIsNotWrittenOver(t *testing.T) {
	long := newFixture(t)
	long.commit(t, noteOf("common"))
	image := filepath.Join(t.TempDir(), "image.db")
	long.close(t)
	copyFile(t, long.opts.Path, image)
	long.open(t)
	long.commit(t, noteOf("longer"), noteOf("and longer"))
	other := newFixture(t, func(o *ledger.Options) { o.Station = "B2" })
	other.commit(t, noteOf("other"))
	// The older image is put back, and goes on otherwise.
	old := &fixture{dir: t.TempDir(), key: long.key, opts: long.opts}
	old.opts.Path = image
	fork := &fixture{dir: t.TempDir(), key: long.key, opts: long.opts}
	fork.opts.Path = filepath.Join(fork.dir, "fork.db")
	copyFile(t, image, fork.opts.Path)
	old.open(t)
	fork.open(t)
	fork.commit(t, noteOf("differs"))
	for name, c := range map[string]struct {
		of, plugged *fixture
		want        error
		opens       bool
	}{
		"of another station":     {other, long, ledger.ErrWitnessOther, true},
		"with more entries":      {long, old, ledger.ErrWitnessAhead, false},
		"with other entries":     {long, fork, ledger.ErrWitnessAhead, false},
		"with one other entry":   {fork, long, ledger.ErrWitnessDiffers, false},
		"with fewer of the same": {old, long, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := stick(t)
			must(t, ledger.NewWitness(dir).Step(c.of.book))
			must(t, os.WriteFile(filepath.Join(dir, "letter.txt"), []byte("keep me"), 0o600))
			before := contents(t, dir)
			w := ledger.NewWitness(dir)
			err := w.Step(c.plugged.book)
			if name == "with other entries" && errors.Is(err, ledger.ErrWitnessDiffers) {
				err = ledger.ErrWitnessAhead // longer and other: either is said
			}
			if !errors.Is(err, c.want) {
				t.Errorf("plugged in: %v, want %v", err, c.want)
			}
			after := contents(t, dir)
			if c.want != nil && fmt.Sprint(before) != fmt.Sprint(after) {
				t.Error("the stick was changed")
			}
			if after["letter.txt"] != "keep me" {
				t.Error("a person's file is gone")
			}
			if c.want == nil {
				return
			}
			again := c.plugged.opts
			again.Path = filepath.Join(t.TempDir(), "again.db")
			copyFile(t, c.plugged.opts.Path, again.Path) // nothing is being written
			again.Witnesses = []string{dir, filepath.Join(t.TempDir(), "not there")}
			book, err := ledger.Open(again)
			if (err == nil) != c.opens {
				t.Errorf("opened with it: %v", err)
			}
			if err == nil {
				must(t, book.Close())
			}
		})
	}
}

// TestAStationWhoseLedgerIsGoneDoesNotBeginAnew beside a witness that has it.
func TestAStationWhoseLedgerIsGoneDoesNotBeginAnew(t *testing.T) {
	f := newFixture(t)
	dir := stick(t)
	f.commit(t, noteOf("a"))
	must(t, ledger.NewWitness(dir).Step(f.book))
	f.close(t)
	must(t, os.Remove(f.opts.Path))
	f.opts.Witnesses = []string{dir}
	if _, err := ledger.Open(f.opts); !errors.Is(err, ledger.ErrWitnessAhead) {
		t.Fatalf("opened: %v", err)
	}
	head, err := ledger.Restore(dir, f.opts.Path, f.opts)
	if err != nil || head.Seq != 2 {
		t.Fatal(head, err)
	}
	f.open(t)
}

// TestATornWitnessIsMended cuts the stick's last file at every place, as a stick
// pulled out while it is written, and spoils its marker.
func TestATornWitnessIsMended(t *testing.T) {
	f := newFixture(t)
	whole := stick(t)
	f.commit(t, noteOf("a"))
	must(t, ledger.NewWitness(whole).Step(f.book))
	first, err := os.ReadFile(filepath.Join(whole, "00000000000000000001.entries"))
	must(t, err)
	f.commit(t, noteOf("b"), noteOf("c"))
	must(t, ledger.NewWitness(whole).Step(f.book))
	data, err := os.ReadFile(filepath.Join(whole, "00000000000000000001.entries"))
	must(t, err)
	marker, err := os.ReadFile(filepath.Join(whole, ledger.WitnessMarker))
	must(t, err)
	f.commit(t, noteOf("d"))
	for cut := 0; cut <= len(data); cut += 23 {
		for name, text := range map[string][]byte{"whole": marker, "empty": nil, "cut": marker[:len(marker)/2]} {
			dir := stick(t)
			torn := append(bytes.Clone(data[:cut]), make([]byte, cut%3*100)...) // a lost tail may read as zeros
			must(t, os.WriteFile(filepath.Join(dir, "00000000000000000001.entries"), torn, 0o600))
			must(t, os.WriteFile(filepath.Join(dir, ledger.WitnessMarker), text, 0o600))
			if err := ledger.NewWitness(dir).Step(f.book); err != nil {
				t.Fatalf("cut at %d, marker %s: %v", cut, name, err)
			}
			if got := restoredFrom(t, f, dir); got != f.book.Head() {
				t.Fatalf("cut at %d, marker %s: restored to %v", cut, name, got)
			}
		}
	}
	// A ledger that is older than what the stick once had is told of it by the
	// signed marker, though the stick lost those entries.
	image := filepath.Join(t.TempDir(), "old.db")
	dir := stick(t)
	must(t, os.WriteFile(filepath.Join(dir, "00000000000000000001.entries"), first, 0o600))
	must(t, os.WriteFile(filepath.Join(dir, ledger.WitnessMarker), marker, 0o600))
	_, err = ledger.Restore(dir, image, f.opts)
	must(t, err)
	o := f.opts
	o.Path, o.Witnesses = image, []string{dir}
	if _, err := ledger.Open(o); !errors.Is(err, ledger.ErrWitnessAhead) {
		t.Errorf("an older ledger: %v", err)
	}
}

// TestAWitnessThatIsFullOrVanishesMidWrite goes on where it stopped.
func TestAWitnessThatIsFullOrVanishesMidWrite(t *testing.T) {
	f := newFixture(t)
	dir := stick(t)
	w := ledger.NewWitness(dir)
	must(t, w.Step(f.book))
	for range 20 {
		f.commit(t, ledger.Draft{Kind: "test.long.v1", Body: note{strings.Repeat("x", 60_000)}})
	}
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var before syscall.Rlimit
	must(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before))
	must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 500_000, Max: before.Max}))
	err := w.Step(f.book)
	must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before))
	if !errors.Is(err, syscall.EFBIG) || !errors.Is(w.State().Err, syscall.EFBIG) {
		t.Fatalf("full: %v, state %+v", err, w.State())
	}
	f.commit(t, noteOf("the desk goes on"))
	must(t, w.Step(f.book))
	if got := restoredFrom(t, f, dir); got != f.book.Head() {
		t.Errorf("restored to %v, ledger at %v", got, f.book.Head())
	}
	// Files gone from a stick that is still there: it is begun again.
	files, err := filepath.Glob(filepath.Join(dir, "*.entries"))
	must(t, err)
	for _, file := range files {
		must(t, os.Remove(file))
	}
	must(t, w.Step(f.book))
	if got := restoredFrom(t, f, dir); got != f.book.Head() {
		t.Errorf("restored to %v, ledger at %v", got, f.book.Head())
	}
}

// TestAWitnessOfAKilledStation kills the station's process while it writes to its
// witness. What is there is a beginning of the ledger, and is mended.
func TestAWitnessOfAKilledStation(t *testing.T) {
	if dir := os.Getenv("GATEHOUSE_WITNESS"); dir != "" {
		witnessUntilKilled(dir)
		return
	}
	dir := t.TempDir()
	key, err := ledger.LoadKey(filepath.Join(dir, "station.key"), rand0{})
	must(t, err)
	folder := filepath.Join(dir, "stick")
	must(t, os.Mkdir(folder, 0o700))
	must(t, ledger.PrepareWitness(folder))
	f := &fixture{dir: dir, key: key, opts: ledger.Options{Path: filepath.Join(dir, "kill.db"), Station: "A1", Signer: key,
		Views: []ledger.View{noteCount{}}, Witnesses: []string{folder}}}
	random := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		child := exec.Command(os.Args[0], "-test.run=^TestAWitnessOfAKilledStation$")
		child.Env = append(os.Environ(), "GATEHOUSE_WITNESS="+dir)
		out, err := child.StdoutPipe()
		must(t, err)
		must(t, child.Start())
		lines := bufio.NewScanner(out)
		for n := random.IntN(40); lines.Scan() && n > 0; n-- {
			if !strings.HasPrefix(lines.Text(), "ok") {
				t.Error(lines.Text())
			}
		}
		must(t, child.Process.Kill())
		for lines.Scan() { // until it is gone
		}
		child.Wait()
	}
	f.open(t)
	must(t, ledger.NewWitness(folder).Step(f.book))
	if got := restoredFrom(t, f, folder); got != f.book.Head() {
		t.Errorf("restored to %v, ledger at %v", got, f.book.Head())
	}
}

func witnessUntilKilled(dir string) {
	key, err := ledger.LoadKey(filepath.Join(dir, "station.key"), rand0{})
	folder := filepath.Join(dir, "stick")
	var book *ledger.Book
	if err == nil {
		book, err = ledger.Open(ledger.Options{Path: filepath.Join(dir, "kill.db"), Station: "A1", Signer: key,
			Views: []ledger.View{noteCount{}}, Witnesses: []string{folder}})
	}
	w := ledger.NewWitness(folder)
	for n := 0; err == nil; n++ {
		id := ledger.CommandID{}
		if id, err = ledger.NewCommandID(crand.Reader); err == nil {
			_, err = book.Commit(context.Background(), ledger.Command{ID: id, Actor: "maria",
				Decide: write(noteOf(strings.Repeat("n", 10_000)))})
		}
		if err == nil {
			err = w.Step(book)
		}
		fmt.Println("ok", n)
	}
	fmt.Println(err)
}

// TestAWitnessNeverHoldsUpTheDesk follows a folder whose marker is a pipe: to
// open it never ends, like a share whose server is gone.
func TestAWitnessNeverHoldsUpTheDesk(t *testing.T) {
	dir := t.TempDir()
	must(t, syscall.Mkfifo(filepath.Join(dir, ledger.WitnessMarker), 0o600))
	f := newFixture(t, func(o *ledger.Options) { o.Witnesses, o.WitnessWait = []string{dir}, time.Millisecond })
	ctx, end := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		ledger.NewWitness(dir).Follow(ctx, f.book)
		close(done)
	}()
	f.commit(t, noteOf("a"))
	end()
	<-done
	f.close(t)
}
