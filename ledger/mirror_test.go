package ledger_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/ledger"
)

// TestWhatIsWrongWithAMirror spoils a mirror of several files. A torn or lost
// end is what a power cut leaves; anything else is damage, and is said.
func TestWhatIsWrongWithAMirror(t *testing.T) {
	whole := newFixture(t, func(o *ledger.Options) { o.Mirror = filepath.Join(t.TempDir(), "mirror") })
	for range 300 {
		whole.commit(t, ledger.Draft{Kind: "test.long.v1", Body: note{strings.Repeat("x", 60_000)}})
	}
	whole.close(t)
	for name, c := range map[string]struct {
		spoil    func(t *testing.T, files []string)
		restores bool
	}{
		"an end of zeros":     {func(t *testing.T, files []string) { spoil(t, files[1], -100, make([]byte, 100)) }, true},
		"zeros behind":        {func(t *testing.T, files []string) { appendTo(t, files[1], make([]byte, 4096)) }, true},
		"a frame begun":       {func(t *testing.T, files []string) { appendTo(t, files[1], []byte{0, 0, 1}) }, true},
		"a file begun":        {func(t *testing.T, files []string) { must(t, os.Truncate(files[1], 0)) }, true},
		"a byte in the first": {func(t *testing.T, files []string) { spoil(t, files[0], 9000, []byte{0xff, 0xfe}) }, false},
		"the first cut":       {func(t *testing.T, files []string) { must(t, os.Truncate(files[0], 9000)) }, false},
		"the first missing":   {func(t *testing.T, files []string) { must(t, os.Remove(files[0])) }, false},
		"endless":             {func(t *testing.T, files []string) { must(t, os.Truncate(files[0], 1<<40)) }, false},
		"foreign files": {func(t *testing.T, files []string) {
			for _, foreign := range []string{"notes.entries", "1.entries", "zzzzzzzzzzzzzzzzzzzz.entries"} {
				must(t, os.WriteFile(filepath.Join(filepath.Dir(files[0]), foreign), []byte("keep me"), 0o600))
			}
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fixture{dir: t.TempDir(), key: whole.key, opts: whole.opts}
			must(t, os.CopyFS(f.dir, os.DirFS(filepath.Dir(whole.opts.Path))))
			f.opts.Path = filepath.Join(f.dir, "ledger.db")
			f.opts.Mirror = filepath.Join(t.TempDir(), "mirror")
			must(t, os.CopyFS(f.opts.Mirror, os.DirFS(whole.opts.Mirror)))
			files, err := filepath.Glob(filepath.Join(f.opts.Mirror, "*"))
			if err != nil || len(files) != 2 {
				t.Fatalf("mirror files %v, %v", files, err)
			}
			c.spoil(t, files)
			_, err = ledger.Restore(f.opts.Mirror, filepath.Join(t.TempDir(), "restored.db"), f.opts)
			if (err == nil) != c.restores {
				t.Errorf("restored: %v", err)
			}
			if r := verify(t, f); (len(r.Problems) == 0) != c.restores {
				t.Errorf("verified: %v", r.Problems)
			}
			f.open(t) // the ledger is whole, and mends the end of its mirror
			f.commit(t, noteOf("after"))
			f.close(t)
			if r := verify(t, f); (len(r.Problems) == 0) != c.restores {
				t.Errorf("verified after mending: %v", r.Problems)
			}
			for _, foreign := range []string{"notes.entries", "1.entries"} {
				if _, err := os.Stat(filepath.Join(f.opts.Mirror, foreign)); name == "foreign files" && err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// spoil writes bytes at a place of a file, from its end when negative.
func spoil(t *testing.T, path string, at int64, with []byte) {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	if at < 0 {
		at += int64(len(data))
	}
	copy(data[at:], with)
	must(t, os.WriteFile(path, data, 0o600))
}

func appendTo(t *testing.T, path string, more []byte) {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	must(t, os.WriteFile(path, append(data, more...), 0o600))
}

func TestAMirrorThatHoldsNothingIsNoWitness(t *testing.T) {
	f := filled(t, 3)
	f.opts.Mirror = t.TempDir()
	if r := verify(t, f); len(r.Problems) != 1 || !strings.Contains(r.Problems[0].Text, "holds no entries") {
		t.Errorf("got %v", r.Problems)
	}
}
