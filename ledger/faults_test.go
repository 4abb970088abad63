package ledger_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	bolt "go.etcd.io/bbolt"

	"gatehouse/ledger"
)

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func journal(t *testing.T, path string) string {
	t.Helper()
	var out bytes.Buffer
	if err := ledger.Export(&out, path, ledger.JSONL); err != nil {
		return "cannot be read: " + err.Error()
	}
	return out.String()
}

func filled(t *testing.T, n int, change ...func(*ledger.Options)) *fixture {
	f := newFixture(t, change...)
	for i := range n {
		f.commit(t, noteOf(fmt.Sprintf("note %d", i%7)), sale(fmt.Sprintf("01-%04d-1", i%5), ledger.Cents(100+i)))
	}
	f.close(t)
	return f
}

// TestEveryChangedByteIsNoticed changes one byte at a time, anywhere in a file
// that was closed in order, pages that nothing uses included.
func TestEveryChangedByteIsNoticed(t *testing.T) {
	f := filled(t, 40)
	whole, err := os.ReadFile(f.opts.Path)
	if err != nil {
		t.Fatal(err)
	}
	altered := filepath.Join(t.TempDir(), "altered.db")
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		at := random.IntN(len(whole))
		damaged := bytes.Clone(whole)
		damaged[at] ^= byte(1 + random.IntN(255))
		if err := os.WriteFile(altered, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		report, err := ledger.Verify(altered, ledger.VerifyOptions{Views: f.opts.Views})
		if err == nil && len(report.Problems) == 0 {
			t.Errorf("byte %d changed from %d to %d and nothing was noticed", at, whole[at], damaged[at])
		}
	}
}

// TestTheFirstWrongEntryIsNamed changes an entry inside a file whose pages are
// all right, as somebody would who wants to hide something.
func TestTheFirstWrongEntryIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		change func(b *bolt.Bucket) error
		wrong  uint64
	}{
		"an amount changed": {func(b *bolt.Bucket) error {
			raw := bytes.Clone(b.Get(ledger.SeqKey(11)))
			return b.Put(ledger.SeqKey(11), bytes.ReplaceAll(raw, []byte{0x18, 0x68}, []byte{0x18, 0x6a}))
		}, 11},
		"a text changed": {func(b *bolt.Bucket) error {
			raw := bytes.Clone(b.Get(ledger.SeqKey(6)))
			return b.Put(ledger.SeqKey(6), bytes.Replace(raw, []byte("note"), []byte("nota"), 1))
		}, 6},
		"the last changed": {func(b *bolt.Bucket) error {
			raw := bytes.Clone(b.Get(ledger.SeqKey(21)))
			return b.Put(ledger.SeqKey(21), bytes.Replace(raw, []byte("maria"), []byte("marie"), 1))
		}, 21},
		"one taken out":      {func(b *bolt.Bucket) error { return b.Delete(ledger.SeqKey(8)) }, 8},
		"the last taken out": {func(b *bolt.Bucket) error { return b.Delete(ledger.SeqKey(21)) }, 21},
		"not an entry":       {func(b *bolt.Bucket) error { return b.Put(ledger.SeqKey(9), []byte("nonsense")) }, 9},
		"one put twice":      {func(b *bolt.Bucket) error { return b.Put(ledger.SeqKey(22), bytes.Clone(b.Get(ledger.SeqKey(21)))) }, 22},
	} {
		t.Run(name, func(t *testing.T) {
			f := filled(t, 10)
			change(t, f.opts.Path, "log", c.change)
			report := verify(t, f)
			if len(report.Problems) == 0 || report.Problems[0].Seq != c.wrong {
				t.Errorf("got %v, want entry %d named first", report.Problems, c.wrong)
			}
		})
	}
}

func change(t *testing.T, path, bucket string, f func(*bolt.Bucket) error) {
	t.Helper()
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(func(tx *bolt.Tx) error { return f(tx.Bucket([]byte(bucket))) }); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAViewThatIsNotAFoldIsNamed(t *testing.T) {
	for name, damage := range map[string]func(*bolt.Bucket) error{
		"row changed":  func(b *bolt.Bucket) error { return b.Put(notesRow(b, "note 3"), []byte{9}) },
		"row missing":  func(b *bolt.Bucket) error { return b.Delete(notesRow(b, "note 3")) },
		"row too many": func(b *bolt.Bucket) error { return b.Put(notesRow(b, "zzz"), []byte{1}) },
	} {
		t.Run(name, func(t *testing.T) {
			f := filled(t, 10)
			change(t, f.opts.Path, "views", damage)
			report := verify(t, f)
			if len(report.Problems) == 0 || !strings.Contains(report.Problems[0].Text, "test.notes") {
				t.Errorf("got %v", report.Problems)
			}
		})
	}
}

// notesRow is the key of a row of the view test.notes, as it lies in the file.
func notesRow(b *bolt.Bucket, key string) []byte {
	return append(bytes.Clone(b.Get([]byte("\x00test.notes"))[:1]), key...)
}

func TestACutFileIsRefusedAndRestoredFromTheMirror(t *testing.T) {
	f := filled(t, 60, func(o *ledger.Options) { o.Mirror = filepath.Join(t.TempDir(), "mirror") })
	want := journal(t, f.opts.Path)
	info, err := os.Stat(f.opts.Path)
	if err != nil {
		t.Fatal(err)
	}
	for _, share := range []int64{0, 1, 10, 40, 60, 80, 99} {
		cut := f.opts
		cut.Path = filepath.Join(t.TempDir(), "cut.db")
		copyFile(t, f.opts.Path, cut.Path)
		if err := os.Truncate(cut.Path, info.Size()*share/100); err != nil {
			t.Fatal(err)
		}
		book, err := ledger.Open(cut)
		if err == nil {
			book.Close()
			t.Errorf("cut to %d %%: opened", share)
			continue
		}
		if !errors.Is(err, ledger.ErrDamaged) || !strings.Contains(err.Error(), "restore") {
			t.Errorf("cut to %d %%: %v", share, err)
		}
	}
	restored := filepath.Join(t.TempDir(), "restored.db")
	if _, err := ledger.Restore(f.opts.Mirror, restored, f.opts); err != nil {
		t.Fatal(err)
	}
	if got := journal(t, restored); got != want {
		t.Error("the restored journal differs")
	}
	f.opts.Path = restored
	if r := verify(t, f); len(r.Problems) > 0 {
		t.Error(r.Problems)
	}
	if _, err := ledger.Restore(f.opts.Mirror, restored, f.opts); err == nil {
		t.Error("a restore wrote over a ledger")
	}
}

func TestALostEndComesBackFromTheMirror(t *testing.T) {
	f := newFixture(t, func(o *ledger.Options) { o.Mirror = filepath.Join(t.TempDir(), "mirror") })
	f.commit(t, sale("01-0001-1", 100))
	f.close(t)
	older := filepath.Join(t.TempDir(), "older.db")
	copyFile(t, f.opts.Path, older)
	f.open(t)
	for range 5 {
		f.commit(t, sale("01-0001-1", 100))
	}
	f.close(t)
	want := journal(t, f.opts.Path)
	copyFile(t, older, f.opts.Path) // the disk gave back an older state
	if r := verify(t, f); len(r.Problems) == 0 || r.Problems[0].Seq != 3 {
		t.Errorf("verify against the mirror: %v, want entry 3 named", r.Problems)
	}
	f.open(t)
	f.close(t)
	if got := journal(t, f.opts.Path); got != want {
		t.Error("the journal is not what it was")
	}
	if r := verify(t, f); len(r.Problems) > 0 {
		t.Error(r.Problems)
	}
}

func TestAForkFromTheMirrorIsPutBeforeAHuman(t *testing.T) {
	f := newFixture(t, func(o *ledger.Options) { o.Mirror = filepath.Join(t.TempDir(), "mirror") })
	f.commit(t, noteOf("common"))
	f.close(t)
	older := filepath.Join(t.TempDir(), "older.db")
	copyFile(t, f.opts.Path, older)
	f.open(t)
	f.commit(t, noteOf("one history"))
	f.close(t)
	copyFile(t, older, f.opts.Path)
	mirror := f.opts.Mirror
	f.opts.Mirror = ""
	f.open(t)
	f.commit(t, noteOf("another history"))
	f.close(t)
	f.opts.Mirror = mirror
	if _, err := ledger.Open(f.opts); err == nil || !strings.Contains(err.Error(), "different things at entry 3") {
		t.Errorf("got %v", err)
	}
}

func TestATornMirrorIsMended(t *testing.T) {
	f := filled(t, 10, func(o *ledger.Options) { o.Mirror = filepath.Join(t.TempDir(), "mirror") })
	files, err := filepath.Glob(filepath.Join(f.opts.Mirror, "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("mirror files %v, %v", files, err)
	}
	info, _ := os.Stat(files[0])
	if err := os.Truncate(files[0], info.Size()-7); err != nil {
		t.Fatal(err)
	}
	f.open(t)
	f.commit(t, noteOf("after"))
	f.close(t)
	restored := filepath.Join(t.TempDir(), "restored.db")
	if _, err := ledger.Restore(f.opts.Mirror, restored, f.opts); err != nil {
		t.Fatal(err)
	}
	if journal(t, restored) != journal(t, f.opts.Path) {
		t.Error("the mirror is not the ledger")
	}
}

func TestALedgerIsOpenInOneProcessOnly(t *testing.T) {
	f := newFixture(t)
	if _, err := ledger.Open(f.opts); !errors.Is(err, ledger.ErrInUse) {
		t.Errorf("a second opening: %v", err)
	}
	if _, err := ledger.Verify(f.opts.Path, ledger.VerifyOptions{}); !errors.Is(err, ledger.ErrInUse) {
		t.Errorf("verifying a ledger in use: %v", err)
	}
}

func TestALedgerOfAnotherStationOrKeyIsRefused(t *testing.T) {
	f := filled(t, 1)
	other, _ := ledger.NewKey(rand0{})
	for name, o := range map[string]ledger.Options{
		"station": {Path: f.opts.Path, Station: "B2", Signer: f.key},
		"key":     {Path: f.opts.Path, Station: "A1", Signer: other},
	} {
		if _, err := ledger.Open(o); err == nil {
			t.Errorf("another %s was accepted", name)
		}
	}
	foreign := filepath.Join(t.TempDir(), "foreign.db")
	if err := os.WriteFile(foreign, bytes.Repeat([]byte("not a ledger "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Open(ledger.Options{Path: foreign, Station: "A1", Signer: f.key}); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("a foreign file: %v", err)
	}
}

type rand0 struct{}

func (rand0) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(rand.Uint32())
	}
	return len(p), nil
}

// TestAFullDisk fills a disk for real: a child process commits under a limit on
// the size of its files, which the kernel enforces with an error on the write.
// The child must say plainly that the last command is not stored, keep every one
// it acknowledged, and go on once there is room.
func TestAFullDisk(t *testing.T) {
	if os.Getenv("GATEHOUSE_FULL_DISK") != "" {
		fillTheDisk(os.Getenv("GATEHOUSE_FULL_DISK"))
		return
	}
	f := newFixture(t)
	f.close(t)
	keyFile := filepath.Join(f.dir, "station.key")
	key, err := ledger.LoadKey(keyFile, rand0{})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(f.dir, "full.db")
	child := exec.Command(os.Args[0], "-test.run=^TestAFullDisk$")
	child.Env = append(os.Environ(), "GATEHOUSE_FULL_DISK="+f.dir)
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text := string(out)
	if !strings.Contains(text, "NOT STORED") || !strings.Contains(text, "GOES ON") {
		t.Fatalf("the child said\n%s", text)
	}
	acknowledged := strings.Count(text, "ok ")
	book, err := ledger.Open(ledger.Options{Path: path, Station: "A1", Signer: key, Views: []ledger.View{noteCount{}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := int(book.Head().Seq) - 1; got != acknowledged {
		t.Errorf("%d entries, %d were acknowledged", got, acknowledged)
	}
	book.Close()
	report, err := ledger.Verify(path, ledger.VerifyOptions{Views: []ledger.View{noteCount{}}})
	if err != nil || len(report.Problems) > 0 {
		t.Error(report.Problems, err)
	}
}

func fillTheDisk(dir string) {
	fail := func(err error) {
		fmt.Println("child:", err)
		os.Exit(1)
	}
	signal.Ignore(syscall.SIGXFSZ)
	key, err := ledger.LoadKey(filepath.Join(dir, "station.key"), rand0{})
	if err != nil {
		fail(err)
	}
	book, err := ledger.Open(ledger.Options{Path: filepath.Join(dir, "full.db"), Station: "A1", Signer: key, Views: []ledger.View{noteCount{}}})
	if err != nil {
		fail(err)
	}
	commit := func() error {
		id, err := ledger.NewCommandID(rand0{})
		if err != nil {
			fail(err)
		}
		_, err = book.Commit(context.Background(), ledger.Command{ID: id, Actor: "maria", Decide: write(noteOf(strings.Repeat("x", 4000)))})
		if err == nil {
			fmt.Println("ok", book.Head().Seq)
		}
		return err
	}
	limit := func(size uint64) {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size, Max: ^uint64(0)}); err != nil {
			fail(err)
		}
	}
	limit(128 << 10)
	for n := 0; ; n++ {
		err := commit()
		if err == nil && n < 1000 {
			continue
		}
		if !errors.Is(err, ledger.ErrNotStored) {
			fail(fmt.Errorf("after %d: got %v, want ErrNotStored", n, err))
		}
		fmt.Println("NOT STORED", err)
		break
	}
	limit(^uint64(0))
	if err := commit(); err != nil {
		fail(err)
	}
	fmt.Println("GOES ON")
	if err := book.Close(); err != nil {
		fail(err)
	}
	io.WriteString(os.Stdout, "closed\n")
	os.Exit(0)
}

// TestADamagedPageInUse damages pages under an open ledger: it must not crash,
// and what it still says must be true.
func TestADamagedPageInUse(t *testing.T) {
	f := filled(t, 200)
	info, err := os.Stat(f.opts.Path)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(3, 4))
	refused := 0
	for range 40 {
		damaged := f.opts
		damaged.Path = filepath.Join(t.TempDir(), "damaged.db")
		copyFile(t, f.opts.Path, damaged.Path)
		file, err := os.OpenFile(damaged.Path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		page := 2 + random.Int64N(info.Size()/4096-2)
		junk := make([]byte, 4096)
		for i := range junk {
			junk[i] = byte(random.Uint32())
		}
		if _, err := file.WriteAt(junk, page*4096); err != nil {
			t.Fatal(err)
		}
		file.Close()
		book, err := ledger.Open(damaged)
		if err != nil {
			if !errors.Is(err, ledger.ErrDamaged) {
				t.Errorf("page %d: %v", page, err)
			}
			refused++
			continue
		}
		book.Entries(1, 1000)
		_, err = book.Commit(context.Background(), ledger.Command{ID: newID(t), Actor: "maria", Decide: write(noteOf("after"))})
		if err != nil {
			refused++
		}
		book.Close()
	}
	if refused == 0 {
		t.Error("no damage was noticed: the test does not test")
	}
}
