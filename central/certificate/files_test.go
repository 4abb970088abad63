package certificate_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"gatehouse/central/certificate"
)

// pair makes certificate and key and returns where they are.
func pair(t *testing.T, c *clock, name string) (cert, key string) {
	t.Helper()
	dir := t.TempDir()
	open(t, dir, c, name)
	return filepath.Join(dir, certificate.CertFile), filepath.Join(dir, certificate.KeyFile)
}

// put copies a file, with a time of change of its own.
func put(t *testing.T, from, to string, at time.Time) {
	t.Helper()
	text, err := os.ReadFile(from)
	must(t, err)
	must(t, os.WriteFile(to, text, 0o600))
	must(t, os.Chtimes(to, at, at))
}

func TestACertificateThatSomebodyRenewedIsReadAgain(t *testing.T) {
	c, dir := newClock(), t.TempDir()
	cert, key := filepath.Join(dir, "c.pem"), filepath.Join(dir, "k.pem")
	cert1, key1 := pair(t, c, "a.example")
	cert2, key2 := pair(t, c, "b.example")
	put(t, cert1, cert, c.now)
	put(t, key1, key, c.now)
	files, err := certificate.OpenFiles(cert, key, c.at)
	must(t, err)
	name := func() string {
		got, err := files.Get(nil)
		must(t, err)
		return got.Leaf.DNSNames[0]
	}
	put(t, cert2, cert, c.now.Add(time.Hour))
	if name() != "a.example" {
		t.Error("the files are read at every handshake")
	}
	c.pass(1)
	if name() != "a.example" {
		t.Error("a certificate without its key was taken")
	}
	put(t, key2, key, c.now.Add(time.Hour))
	c.pass(1)
	if name() != "b.example" {
		t.Error("the new certificate was not taken")
	}
	must(t, os.Remove(cert))
	c.pass(1)
	if name() != "b.example" {
		t.Error("the old certificate does not serve on")
	}
}

func TestACertificateMustBeThere(t *testing.T) {
	c := newClock()
	cert, _ := pair(t, c, "a.example")
	_, other := pair(t, c, "b.example")
	if _, err := certificate.OpenFiles(cert, other, nil); err == nil {
		t.Error("the key of another certificate was taken")
	}
	spoilt := filepath.Join(t.TempDir(), "spoilt")
	must(t, os.WriteFile(spoilt, bytes.Repeat([]byte("x"), 100), 0o600))
	for _, path := range []string{spoilt, spoilt + ".none"} {
		if _, err := certificate.OpenFiles(path, other, nil); err == nil {
			t.Errorf("%s was taken", path)
		}
	}
}
