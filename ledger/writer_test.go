package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"

	bolt "go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"gatehouse/ledger"
)

// TestOneBrokenCommandDoesNotHurtItsGroup puts a command that fails in every
// way a program can fail between two others, in one transaction.
func TestOneBrokenCommandDoesNotHurtItsGroup(t *testing.T) {
	deep := any(1)
	for range 20 {
		deep = []any{deep}
	}
	for name, decide := range map[string]func(*ledger.State) ([]ledger.Draft, error){
		"panics": func(*ledger.State) ([]ledger.Draft, error) { panic("oh") },
		"follows nil": func(*ledger.State) ([]ledger.Draft, error) {
			var s *ledger.State
			return nil, fmt.Errorf("%v", s.Now())
		},
		"decides nothing":    write(),
		"not UTF-8":          write(noteOf("\xff\xfe")),
		"a list too long":    write(ledger.Draft{Kind: "test.list.v1", Body: make([]int, 5000)}),
		"nested too deep":    write(ledger.Draft{Kind: "test.deep.v1", Body: deep}),
		"a row key too long": write(ledger.Draft{Kind: kindNote, Body: note{strings.Repeat("k", 40_000)}}),
		"no such day":        write(ledger.Draft{Kind: kindNote, Body: note{}, Date: 20260230}),
		"totals overflow":    write(ledger.Draft{Kind: kindNote, Body: note{}, Taken: 1<<63 - 1}, ledger.Draft{Kind: kindNote, Body: note{}, Taken: 1}),
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			good := func(text string) ledger.Command {
				return ledger.Command{ID: newID(t), Actor: "maria", Decide: write(noteOf(text))}
			}
			answers := f.group(t, func() {}, good("before"), ledger.Command{ID: newID(t), Actor: "maria", Decide: decide}, good("after"))
			if answers[0] != nil || answers[1] == nil || answers[2] != nil {
				t.Errorf("answers %v", answers)
			}
			if errors.Is(answers[1], ledger.ErrDamaged) || errors.Is(answers[1], ledger.ErrNotStored) {
				t.Errorf("a fault of the program was laid on the disk: %v", answers[1])
			}
			f.close(t)
			if r := verify(t, f); len(r.Problems) > 0 || r.Head.Seq != 3 {
				t.Errorf("%d entries, %v", r.Head.Seq, r.Problems)
			}
			f.open(t)
		})
	}
}

func TestTheSameCommandTwiceInOneTransaction(t *testing.T) {
	f := newFixture(t)
	c := ledger.Command{ID: newID(t), Actor: "maria", Input: 1, Decide: write(noteOf("once"))}
	other := c
	other.Input = 2
	answers := f.group(t, func() {}, c, c, other)
	if answers[0] != nil || answers[1] != nil || refusalCode(answers[2]) != "ledger.command_reused" {
		t.Errorf("answers %v", answers)
	}
	if seq := f.book.Head().Seq; seq != 2 {
		t.Errorf("%d entries, want the opening and one", seq)
	}
}

func TestARuleThatEndsItsGoroutineIsNotAcknowledged(t *testing.T) {
	f := newFixture(t)
	entries, err := f.book.Commit(context.Background(), ledger.Command{ID: newID(t), Actor: "maria",
		Decide: func(*ledger.State) ([]ledger.Draft, error) { runtime.Goexit(); return nil, nil }})
	if err == nil {
		t.Errorf("acknowledged with %d entries", len(entries))
	}
	f.close(t)
}

// TestCancelledCommandsAreFoundAgain gives up on commands at any moment: asked
// again with the same id, each is there once.
func TestCancelledCommandsAreFoundAgain(t *testing.T) {
	f := newFixture(t)
	for i := range 200 {
		ctx, cancel := context.WithCancel(context.Background())
		c := ledger.Command{ID: newID(t), Actor: "maria", Decide: write(noteOf(fmt.Sprint(i)))}
		go cancel()
		if _, err := f.book.Commit(ctx, c); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if _, err := f.book.Commit(context.Background(), c); err != nil {
			t.Fatal(err)
		}
	}
	if seq := f.book.Head().Seq; seq != 201 {
		t.Errorf("%d entries, want 201", seq)
	}
}

// TestCloseInTheMiddleOfEverything closes a book while others commit, read,
// wait and keep notes. What was acknowledged is there, and no goroutine is left.
func TestCloseInTheMiddleOfEverything(t *testing.T) {
	for range 20 {
		f := newFixture(t, func(o *ledger.Options) { o.Mirror = filepath.Join(t.TempDir(), "mirror") })
		var wg sync.WaitGroup
		var mu sync.Mutex
		acknowledged := 1
		busy := make(chan bool, 16)
		until := func(do func() error) {
			wg.Go(func() {
				for {
					err := do()
					select {
					case busy <- true:
					default:
					}
					if errors.Is(err, ledger.ErrClosed) {
						return
					}
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		for range 4 {
			until(func() error {
				e, err := f.book.Commit(context.Background(), ledger.Command{ID: newID(t), Actor: "maria", Decide: write(noteOf("x"))})
				mu.Lock()
				defer mu.Unlock()
				acknowledged += len(e)
				return err
			})
		}
		until(func() error { return f.book.Remember("test", []byte("note")) })
		until(func() error { _, err := f.book.Entries(1, 10); return err })
		until(func() error { return f.book.Wait(context.Background(), f.book.Head().Seq) })
		for range cap(busy) {
			<-busy
		}
		closers := make(chan error)
		for range 2 {
			go func() { closers <- f.book.Close() }()
		}
		for range 2 {
			if err := <-closers; err != nil {
				t.Error(err)
			}
		}
		wg.Wait()
		if r := verify(t, f); len(r.Problems) > 0 || int(r.Head.Seq) != acknowledged {
			t.Errorf("%d entries, %d acknowledged, %v", r.Head.Seq, acknowledged, r.Problems)
		}
	}
	var stacks strings.Builder
	pprof.Lookup("goroutine").WriteTo(&stacks, 1)
	for _, what := range []string{"ledger.(*Book).write", "ledger.(*mirror).follow"} {
		if strings.Contains(stacks.String(), what) {
			t.Errorf("%s is still running", what)
		}
	}
}

func TestNotesAreKeptAndBounded(t *testing.T) {
	f := newFixture(t)
	for name, text := range map[string]string{"": "x", "a b": "x", "long": strings.Repeat("x", ledger.MaxNote+1)} {
		if err := f.book.Remember(name, []byte(text)); err == nil {
			t.Errorf("%q with %d bytes was accepted", name, len(text))
		}
	}
	if err := f.book.Remember("test", []byte("far")); err != nil {
		t.Fatal(err)
	}
	f.close(t)
	f.open(t)
	if got, err := f.book.Recall("test"); string(got) != "far" || err != nil {
		t.Errorf("recalled %q, %v", got, err)
	}
	if got, err := f.book.Recall("never"); got != nil || err != nil {
		t.Errorf("recalled %q, %v", got, err)
	}
	if seq := f.book.Head().Seq; seq != 1 {
		t.Errorf("a note made an entry: %d", seq)
	}
}

func TestFilesThatAreNoLedgerOfThisProgram(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(t *testing.T, f *fixture)
		want  error
		words string
	}{
		"an empty file":     {func(t *testing.T, f *fixture) { must(t, os.Truncate(f.opts.Path, 0)) }, ledger.ErrDamaged, "restore"},
		"a folder":          {func(t *testing.T, f *fixture) { must(t, os.Remove(f.opts.Path)); must(t, os.Mkdir(f.opts.Path, 0o700)) }, os.ErrInvalid, "is a directory"},
		"a later schema":    {func(t *testing.T, f *fixture) { setSchema(t, f.opts.Path, 2) }, ledger.ErrTooNew, "schema 2"},
		"no schema":         {func(t *testing.T, f *fixture) { setSchema(t, f.opts.Path, 0) }, ledger.ErrDamaged, "schema 0"},
		"a bbolt of others": {func(t *testing.T, f *fixture) { otherBolt(t, f.opts.Path) }, ledger.ErrDamaged, "restore"},
	} {
		t.Run(name, func(t *testing.T) {
			f := filled(t, 2)
			c.spoil(t, f)
			_, err := ledger.Open(f.opts)
			if err == nil || !strings.Contains(err.Error(), c.words) {
				t.Fatalf("got %v", err)
			}
			if c.want != os.ErrInvalid && !errors.Is(err, c.want) || c.want == os.ErrInvalid && errors.Is(err, ledger.ErrDamaged) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if report, err := ledger.Verify(f.opts.Path, ledger.VerifyOptions{Views: f.opts.Views}); err == nil && len(report.Problems) == 0 {
				t.Error("verify found nothing wrong")
			}
			if err := ledger.Export(&strings.Builder{}, f.opts.Path, ledger.CSV); err == nil {
				t.Error("it was exported")
			}
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func setSchema(t *testing.T, path string, n int) {
	change(t, path, "meta", func(b *bolt.Bucket) error {
		about := []byte(strings.Replace(string(b.Get([]byte("about"))), "fschema\x01", "fschema"+string(rune(n)), 1))
		return b.Put([]byte("about"), about)
	})
}

func otherBolt(t *testing.T, path string) {
	must(t, os.Remove(path))
	db, err := bolt.Open(path, 0o600, nil)
	must(t, err)
	must(t, db.Update(func(tx *bolt.Tx) error { _, err := tx.CreateBucket([]byte("other")); return err }))
	must(t, db.Close())
}

func TestKeyFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "station.key")
	made, err := ledger.LoadKey(path, rand0{})
	must(t, err)
	again, err := ledger.LoadKey(path, rand0{})
	if err != nil || !again.Public().Equal(made.Public()) {
		t.Errorf("the key that was made is not the one that is read: %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	for name, text := range map[string]string{"empty": "", "no PEM": "key", "no key": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"} {
		must(t, os.WriteFile(path, []byte(text), 0o600))
		if _, err := ledger.LoadKey(path, rand0{}); err == nil {
			t.Errorf("%s: accepted", name)
		}
		if kept, _ := os.ReadFile(path); string(kept) != text {
			t.Errorf("%s: the bad file was written over", name)
		}
	}
}

// TestTwoFirstStartsAgree starts two programs at once where there is nothing
// yet: they make one key and one ledger, and the second waits for the first.
func TestTwoFirstStartsAgree(t *testing.T) {
	for range 20 {
		dir := t.TempDir()
		keys, logs := make(chan string, 2), make(chan ledger.LogID, 2)
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				key, err := ledger.LoadKey(filepath.Join(dir, "station.key"), rand0{})
				if err != nil {
					t.Error(err)
					return
				}
				keys <- string(key.Public())
				book, err := ledger.Open(ledger.Options{Path: filepath.Join(dir, "ledger.db"), Station: "A1", Signer: key})
				if err != nil {
					t.Error(err)
					return
				}
				logs <- book.Identity().Log
				book.Close()
			})
		}
		wg.Wait()
		if len(keys) != 2 || len(logs) != 2 {
			t.Fatal("one of the two did not start")
		}
		if one, other := <-keys, <-keys; one != other {
			t.Error("two keys")
		}
		if one, other := <-logs, <-logs; one != other {
			t.Error("two ledgers")
		}
		if left, _ := filepath.Glob(filepath.Join(dir, ".new-*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

// TestTheBookEqualsAModel runs commands against a book and against the plainest
// model of one: a list, and a map of balances. Closing and opening in between
// must change nothing.
func TestTheBookEqualsAModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := newFixture(t)
		defer func() { f.book.Close() }()
		type carried struct {
			command ledger.Command
			texts   []string
		}
		var log []string
		var done []carried
		var receipts uint64
		balances := make(map[string]ledger.Cents)
		rt.Repeat(map[string]func(*rapid.T){
			"commit": func(rt *rapid.T) {
				var drafts []ledger.Draft
				c := carried{}
				for range rapid.IntRange(1, 4).Draw(rt, "drafts") {
					amount := ledger.Cents(rapid.Int64Range(1, 1000).Draw(rt, "amount"))
					account := rapid.SampledFrom([]string{"01-1", "02-2", "03-3"}).Draw(rt, "account")
					if rapid.Bool().Draw(rt, "sale") {
						drafts = append(drafts, sale(account, amount))
						c.texts = append(c.texts, "sale")
						balances[account] -= amount
						receipts++
					} else {
						drafts = append(drafts, noteOf(account))
						c.texts = append(c.texts, account)
					}
				}
				c.command = ledger.Command{ID: newID(t), Actor: "maria", Input: len(log), Decide: write(drafts...)}
				if _, err := f.book.Commit(context.Background(), c.command); err != nil {
					rt.Fatal(err)
				}
				log = append(log, c.texts...)
				done = append(done, c)
			},
			"repeat": func(rt *rapid.T) {
				if len(done) == 0 {
					return
				}
				c := rapid.SampledFrom(done).Draw(rt, "command")
				got, err := f.book.Commit(context.Background(), c.command)
				if err != nil || fmt.Sprint(textsOf(rt, got)) != fmt.Sprint(c.texts) {
					rt.Fatalf("the repeat gave %v, %v; want %v", textsOf(rt, got), err, c.texts)
				}
			},
			"reopen": func(rt *rapid.T) {
				if err := f.book.Close(); err != nil {
					rt.Fatal(err)
				}
				r, err := ledger.Verify(f.opts.Path, ledger.VerifyOptions{Views: f.opts.Views, Key: f.key.Public()})
				if err != nil || len(r.Problems) > 0 || !r.Closed {
					rt.Fatal(r.Problems, err, r.Closed)
				}
				if f.book, err = ledger.Open(f.opts); err != nil {
					rt.Fatal(err)
				}
			},
			"": func(rt *rapid.T) {
				entries, err := f.book.Entries(2, 10_000)
				if err != nil || fmt.Sprint(textsOf(rt, entries)) != fmt.Sprint(log) {
					rt.Fatalf("the log is %v, %v; want %v", textsOf(rt, entries), err, log)
				}
				head := f.book.Head()
				if head.Seq != uint64(len(log)+1) || head.Totals.Receipts != receipts {
					rt.Fatalf("head %+v, want %d entries and %d receipts", head, len(log)+1, receipts)
				}
				f.book.Read(func(s *ledger.State) error {
					for account, want := range balances {
						if got := s.Balance("assets:receivable:current", account).Net(); got != want {
							rt.Fatalf("balance of %s is %s, want %s", account, got, want)
						}
					}
					return nil
				})
			},
		})
	})
}

func textsOf(t *rapid.T, entries []ledger.Entry) []string {
	texts := []string{}
	for i := range entries {
		body, err := ledger.Unpack[note](&entries[i])
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, body.Text)
	}
	return texts
}

func TestEveryCommandIsFoundAgainWhereverTheIndexEnds(t *testing.T) {
	f := newFixture(t)
	made := make(map[ledger.CommandID]uint64)
	for range 150 {
		drafts := []ledger.Draft{noteOf("a"), noteOf("b"), noteOf("c")}[:1+len(made)%3]
		e := f.commit(t, drafts...)
		made[e[0].Command] = e[0].Seq
		for id, seq := range made {
			f.book.Read(func(s *ledger.State) error {
				got, err := s.ByCommand(id)
				if err != nil || len(got) == 0 || got[0].Seq != seq || got[0].Command != id {
					t.Fatalf("command of entry %d: found %d entries, %v", seq, len(got), err)
				}
				return nil
			})
			if len(made)%10 != 0 {
				break // all of them only now and then
			}
		}
	}
	f.book.Read(func(s *ledger.State) error {
		if got, err := s.ByCommand(newID(t)); err != nil || got != nil {
			t.Errorf("a command never made: %v, %v", got, err)
		}
		return nil
	})
	f.close(t)
	if r := verify(t, f); len(r.Problems) > 0 {
		t.Error(r.Problems)
	}
}
