package main_test

import (
	"context"
	"crypto/rand"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/central/api"
	"gatehouse/central/book"
	"gatehouse/central/store"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// central is a real one on loopback: its address, its store, and codes.
func central(t *testing.T) (url string, kept store.Store, code func() string) {
	t.Helper()
	codec, err := wire.NewCodec()
	must(t, err)
	kept, err = store.OpenBolt(store.Options{Path: filepath.Join(t.TempDir(), "central.db"), Codec: codec})
	must(t, err)
	t.Cleanup(func() { kept.Close() })
	key, err := ledger.NewKey(rand.Reader)
	must(t, err)
	own, err := book.Open(t.Context(), book.Options{Store: kept, Signer: key})
	must(t, err)
	door, err := api.New(api.Options{Store: kept, Signer: key, Office: own})
	must(t, err)
	server := httptest.NewServer(door)
	t.Cleanup(server.Close)
	return server.URL, kept, func() string {
		text, err := own.IssueCode(context.Background(), book.Itself, "a stick")
		must(t, err)
		file := filepath.Join(t.TempDir(), "code")
		must(t, os.WriteFile(file, []byte(text+"\n"), 0o600))
		return file
	}
}

func TestALedgerIsPushedOnce(t *testing.T) {
	p := aDay(t)
	url, kept, code := central(t)
	refused := func(want string, args ...string) {
		t.Helper()
		if a := ctl(t, append([]string{"push", p.ledger, "--key", p.path("station.key")}, args...)...); a.code == 0 || !strings.Contains(a.err, want) {
			t.Errorf("push %v ended with %d: %s", args, a.code, a.err)
		}
	}
	refused("--central is missing", "--within", "1s")
	refused("does not know this station", "--central", url)
	refused("plain http", "--central", "http://central.example")
	first := mustCtl(t, "push", p.ledger, "--key", p.path("station.key"), "--central", url, "--code-file", code())
	if !strings.Contains(first.out, "entries of station A1 are at central") {
		t.Errorf("it says %q", first.out)
	}
	again := mustCtl(t, "push", p.ledger, "--key", p.path("station.key"), "--central", url)
	if again.out != first.out {
		t.Errorf("pushed again it says %q, first %q", again.out, first.out)
	}
	mustCtl(t, "verify", p.ledger, "--key", p.path("station.key"))
	logs, err := kept.Logs(t.Context())
	must(t, err)
	for _, log := range logs {
		if log.Identity.Station == "A1" && !strings.Contains(mustCtl(t, "verify", p.ledger).out, log.Head.Leaf.String()) {
			t.Errorf("central ends at %s", log.Head.Leaf)
		}
	}
}
