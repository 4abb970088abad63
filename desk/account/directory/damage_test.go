package directory_test

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"gatehouse/desk/account/directory"
)

// soundFile gives the bytes of an index with every form of list, unions and
// several blocks.
func soundFile(t testing.TB, count int) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "customers.index")
	if err := directory.Build(path, newTown(9).customers(count), directory.Options{Gather: count / 4}); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func put(t testing.TB, path string, file []byte) {
	t.Helper()
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
}

// askAll asks all sorts of queries of a file that may be wrong. Any answer will do
// but a panic or an error that is not ErrDamaged.
func askAll(t testing.TB, x *directory.Index, what string) {
	t.Helper()
	for _, q := range []string{"g", "1", "12", "garcia oak", "1423", "0142", "st", "95 78 2", "00-0042", "a-10 b", "zzq", "Ж", "n0", "rio"} {
		for _, limit := range []int{1, 1000} {
			if keys, _, err := x.Find(q, limit); err != nil && !errors.Is(err, directory.ErrDamaged) || len(keys) > limit {
				t.Fatalf("%s: Find(%q, %d): %d keys, %v", what, q, limit, len(keys), err)
			}
		}
	}
}

func TestACutFileIsRefused(t *testing.T) {
	file := soundFile(t, 300)
	path := filepath.Join(t.TempDir(), "cut")
	for n := 0; n < len(file); n += 1 + n/64 {
		put(t, path, file[:n])
		x, err := directory.Open(path)
		if err == nil {
			x.Close()
		}
		want := directory.ErrDamaged
		if n < len("GHcust\r\n") {
			want = directory.ErrForeign
		}
		if !errors.Is(err, want) {
			t.Fatalf("cut at %d of %d: %v; want %v", n, len(file), err, want)
		}
	}
	put(t, path, append(slices.Clone(file), 0))
	if _, err := directory.Open(path); !errors.Is(err, directory.ErrDamaged) {
		t.Errorf("a byte more: %v; want ErrDamaged", err)
	}
}

func TestOtherFilesAreRefused(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	put(t, at("text"), []byte(strings.Repeat("account,name\n", 100)))
	if err := syscall.Mkfifo(at("pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	later := soundFile(t, 50)
	directory.SetVersion(later, 2)
	put(t, at("later"), later)
	for path, want := range map[string]error{
		at("text"): directory.ErrForeign, at("pipe"): directory.ErrForeign, dir: directory.ErrForeign,
		at("later"): directory.ErrVersion, at("nothing"): os.ErrNotExist,
	} {
		if _, err := directory.Open(path); !errors.Is(err, want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v; want %v", path, err, want)
		}
	}
}

func TestEveryChangedByteIsFound(t *testing.T) {
	file := soundFile(t, 300)
	path := filepath.Join(t.TempDir(), "changed")
	r := rand.New(rand.NewPCG(1, 1))
	tables := directory.Tables(file)
	for at := 0; at < len(file); at += 1 + at/256*min(1, max(0, tables-at)) { // in the tables, each
		was := file[at]
		file[at] ^= byte(1 + r.IntN(255))
		put(t, path, file)
		x, err := directory.Open(path)
		switch {
		case err != nil:
			if !errors.Is(err, directory.ErrDamaged) && !errors.Is(err, directory.ErrForeign) && !errors.Is(err, directory.ErrVersion) {
				t.Fatalf("byte %d: %v", at, err)
			}
		case at < directory.HeaderBytes:
			t.Fatalf("byte %d of the header: opened", at)
		case at >= tables:
			t.Fatalf("byte %d, in the tables: opened", at)
		default:
			if err := x.Verify(); !errors.Is(err, directory.ErrDamaged) {
				t.Fatalf("byte %d: verified with %v", at, err)
			}
			askAll(t, x, "a changed byte")
			x.Close()
		}
		file[at] = was
	}
}

// The checksums are made right again over the damage, as if the disk or a bug had
// been at it before they were taken: now every number is all that stands between
// the search and the end of the mapping.
func TestDamageBehindRightChecksumsIsNoPanic(t *testing.T) {
	sound := soundFile(t, 300)
	path := filepath.Join(t.TempDir(), "changed")
	r := rand.New(rand.NewPCG(2, 2))
	opened := 0
	for range 1500 {
		file := slices.Clone(sound)
		for range 1 + r.IntN(8) {
			switch at := r.IntN(len(file)); r.IntN(4) {
			case 0:
				file[r.IntN(directory.HeaderBytes)] ^= 1 << r.IntN(8)
			case 1:
				file[at] = 0xff
			case 2:
				file[len(file)-1-r.IntN(2000)] = byte(r.Uint32()) // the tables
			default:
				file[at] = byte(r.Uint32())
			}
		}
		directory.Reseal(file)
		put(t, path, file)
		x, err := directory.Open(path)
		if err != nil {
			if !errors.Is(err, directory.ErrDamaged) {
				t.Fatal(err)
			}
			continue
		}
		opened++
		askAll(t, x, "resealed damage")
		x.Close()
	}
	if opened < 200 {
		t.Errorf("only %d damaged files got past the header", opened)
	}
}

func TestAHeaderThatContradictsItselfIsNoPanic(t *testing.T) {
	sound := soundFile(t, 300)
	path := filepath.Join(t.TempDir(), "changed")
	size := uint64(len(sound))
	for field := directory.SectionOffsets; field < directory.SectionOffsetsEnd; field += 8 {
		for _, v := range []uint64{0, 8, directory.HeaderBytes - 1, directory.HeaderBytes, size / 2, size - 1, size, size + 1, 1 << 40, 1 << 63, 1<<64 - 1} {
			file := slices.Clone(sound)
			binary.LittleEndian.PutUint64(file[field:], v)
			directory.Reseal(file)
			put(t, path, file)
			x, err := directory.Open(path)
			if err != nil && !errors.Is(err, directory.ErrDamaged) {
				t.Fatalf("offset at %d made %d: %v", field, v, err)
			}
			if v < directory.HeaderBytes || v > size {
				if err == nil {
					t.Fatalf("offset at %d made %d: opened", field, v)
				}
			}
			if err == nil {
				askAll(t, x, "a section elsewhere")
				x.Close()
			}
		}
	}
}

func TestAHeaderThatClaimsTooManyCustomersIsRefused(t *testing.T) {
	for count, want := range map[int]error{directory.MaxItems: nil, directory.MaxItems + 1: directory.ErrDamaged} {
		// Sound in every other way: no words, and an account number for nobody.
		file := append(make([]byte, directory.HeaderBytes), make([]byte, (count+15)/16*4)...)
		binary.LittleEndian.PutUint32(file[12:], uint32(count))
		for field := directory.SectionOffsets; field < directory.SectionOffsetsEnd; field += 8 {
			binary.LittleEndian.PutUint64(file[field:], directory.HeaderBytes)
		}
		directory.Reseal(file)
		path := filepath.Join(t.TempDir(), "claims")
		put(t, path, file)
		x, err := directory.Open(path)
		if !errors.Is(err, want) {
			t.Errorf("%d customers: %v; want %v", count, err, want)
		}
		if err == nil {
			askAll(t, x, "nobody there")
			x.Close()
		}
	}
}

// A page that the disk will not give kills a program that reads a mapping, unless
// it takes care. A file cut while it is open does the same.
func TestAFileCutWhileItIsOpenIsAnErrorNotTheEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "customers.index")
	put(t, path, soundFile(t, 2000))
	x := open(t, path)
	if keys, _, err := x.Find("garcia", 20); err != nil || len(keys) == 0 {
		t.Fatalf("whole: %v, %v", keys, err)
	}
	if err := os.Truncate(path, 4096); err != nil {
		t.Fatal(err)
	}
	if _, _, err := x.Find("garcia", 20); !errors.Is(err, directory.ErrDamaged) {
		t.Errorf("cut: %v; want ErrDamaged", err)
	}
	if err := x.Verify(); !errors.Is(err, directory.ErrDamaged) {
		t.Errorf("verifying: %v; want ErrDamaged", err)
	}
}

func FuzzOpen(f *testing.F) {
	sound := soundFile(f, 12)
	f.Add(sound, false)
	f.Add(sound, true)
	f.Add(sound[:directory.HeaderBytes], true)
	f.Add([]byte{}, false)
	f.Add([]byte("GHcust\r\n"), true)
	path := filepath.Join(f.TempDir(), "any")
	f.Fuzz(func(t *testing.T, file []byte, reseal bool) {
		if reseal {
			file = slices.Clone(file)
			directory.Reseal(file)
		}
		put(t, path, file)
		x, err := directory.Open(path)
		if err != nil {
			if !errors.Is(err, directory.ErrDamaged) && !errors.Is(err, directory.ErrForeign) && !errors.Is(err, directory.ErrVersion) {
				t.Fatal(err)
			}
			return
		}
		defer x.Close()
		askAll(t, x, "any bytes")
	})
}

func FuzzFind(f *testing.F) {
	x := index(f, directory.Options{Gather: 200}, slices.Collect(newTown(4).customers(1000))...)
	for _, q := range []string{"garcia oak", "o'b", "01-2345-6", "(956) 220-0001", "ñ\u0303 \xff", "½ ﬁ Ⅷ", strings.Repeat("a-", 40)} {
		f.Add(q, 20)
	}
	f.Fuzz(func(t *testing.T, q string, limit int) {
		keys, more, err := x.Find(q, limit)
		switch {
		case err != nil:
			if !errors.Is(err, directory.ErrQuery) || len(keys) > 0 || more {
				t.Fatalf("%d keys, more %v, %v", len(keys), more, err)
			}
		case len(keys) > limit || more && len(keys) < limit:
			t.Fatalf("%d keys of %d, more %v", len(keys), limit, more)
		}
	})
}
