package ledger_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/ledger"
)

// TestKilledAtAnyMoment kills a station's process again and again, while it
// commits and while it closes. Every command that was acknowledged is there,
// none twice, and nothing is wrong with the file as it was left.
func TestKilledAtAnyMoment(t *testing.T) {
	if os.Getenv("GATEHOUSE_KILL") != "" {
		commitUntilKilled(os.Getenv("GATEHOUSE_KILL"))
		return
	}
	dir := t.TempDir()
	key, err := ledger.LoadKey(filepath.Join(dir, "station.key"), rand0{})
	must(t, err)
	o := ledger.Options{Path: filepath.Join(dir, "kill.db"), Station: "A1", Signer: key, Views: []ledger.View{noteCount{}}}
	acknowledged := make(map[string]bool)
	random := rand.New(rand.NewPCG(9, 10))
	for round := range 40 {
		child := exec.Command(os.Args[0], "-test.run=^TestKilledAtAnyMoment$")
		child.Env = append(os.Environ(), "GATEHOUSE_KILL="+dir)
		out, err := child.StdoutPipe()
		must(t, err)
		must(t, child.Start())
		lines := bufio.NewScanner(out)
		for n := 1 + random.IntN(60); lines.Scan(); n-- {
			if command, ok := strings.CutPrefix(lines.Text(), "ok "); ok {
				acknowledged[command] = true
			} else if lines.Text() != "closing" {
				t.Errorf("the child said %s", lines.Text())
			}
			if n <= 0 || lines.Text() == "closing" {
				break
			}
		}
		must(t, child.Process.Kill())
		for lines.Scan() { // what it had still said
			if command, ok := strings.CutPrefix(lines.Text(), "ok "); ok {
				acknowledged[command] = true
			}
		}
		io.Copy(io.Discard, out)
		child.Wait()
		if r, err := ledger.Verify(o.Path, ledger.VerifyOptions{Views: o.Views, Key: key.Public()}); err != nil || len(r.Problems) > 0 {
			t.Fatalf("round %d: %v, %v", round, r.Problems, err)
		}
	}
	book, err := ledger.Open(o)
	must(t, err)
	defer book.Close()
	entries, err := book.Entries(2, 100_000)
	must(t, err)
	stored := make(map[string]bool)
	for _, e := range entries {
		if e.Kind == ledger.KindClock {
			continue
		}
		if stored[e.Command.String()] {
			t.Errorf("command %s is there twice", e.Command)
		}
		stored[e.Command.String()] = true
	}
	for command := range acknowledged {
		if !stored[command] {
			t.Errorf("command %s was acknowledged and is not there", command)
		}
	}
	if len(acknowledged) < 40 {
		t.Errorf("only %d commands were acknowledged", len(acknowledged))
	}
}

func commitUntilKilled(dir string) {
	fail := func(err error) {
		fmt.Println("child:", err)
		os.Exit(1)
	}
	key, err := ledger.LoadKey(filepath.Join(dir, "station.key"), rand0{})
	if err != nil {
		fail(err)
	}
	book, err := ledger.Open(ledger.Options{Path: filepath.Join(dir, "kill.db"), Station: "A1", Signer: key, Views: []ledger.View{noteCount{}}})
	if err != nil {
		fail(err)
	}
	for range 4 {
		go func() {
			for i := range 20 {
				id, err := ledger.NewCommandID(rand0{})
				if err != nil {
					fail(err)
				}
				if _, err := book.Commit(context.Background(), ledger.Command{ID: id, Actor: "maria", Decide: write(noteOf(fmt.Sprint(i % 7)))}); err != nil {
					return // closed
				}
				fmt.Println("ok", id)
			}
			fmt.Println("closing")
			book.Close()
		}()
	}
	select {}
}
