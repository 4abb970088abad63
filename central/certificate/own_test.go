package certificate_test

import (
	"bytes"
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"
	"time"

	"gatehouse/central/certificate"
)

// clock is a time that the test moves.
type clock struct{ now time.Time }

func (c *clock) at() time.Time { return c.now }
func (c *clock) pass(days int) { c.now = c.now.AddDate(0, 0, days) }
func newClock() *clock         { return &clock{time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)} }
func must(t *testing.T, e error) {
	t.Helper()
	if e != nil {
		t.Fatal(e)
	}
}

func open(t *testing.T, dir string, c *clock, names ...string) *certificate.Own {
	t.Helper()
	own, err := certificate.Open(certificate.Options{Folder: dir, Names: names, Clock: c.at})
	must(t, err)
	return own
}

func leaf(t *testing.T, own *certificate.Own) *x509.Certificate {
	t.Helper()
	c, err := own.Get(nil)
	must(t, err)
	return c.Leaf
}

func TestTheCertificateIsForTheNamesOfCentral(t *testing.T) {
	dir, c := t.TempDir(), newClock()
	got := leaf(t, open(t, dir, c, "central.example", "", "10.0.0.7", "::1", "central.example"))
	for _, name := range []string{"central.example", "10.0.0.7", "::1"} {
		must(t, got.VerifyHostname(name))
	}
	if got.VerifyHostname("other.example") == nil || got.IsCA {
		t.Error("it is good for more than central")
	}
	pool := x509.NewCertPool()
	pool.AddCert(got)
	_, err := got.Verify(x509.VerifyOptions{DNSName: "central.example", Roots: pool, CurrentTime: c.now})
	must(t, err)
	info, err := os.Stat(filepath.Join(dir, certificate.KeyFile))
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the key has mode %v", info.Mode())
	}
}

func TestThePinHoldsWhateverHappensToTheCertificate(t *testing.T) {
	for name, meanwhile := range map[string]struct {
		do    func(*testing.T, string, *clock)
		names []string
		anew  bool
	}{
		"nothing":              {do: func(*testing.T, string, *clock) {}},
		"a year":               {do: func(_ *testing.T, _ string, c *clock) { c.pass(365) }},
		"all but 80 days":      {do: func(_ *testing.T, _ string, c *clock) { c.pass(650) }, anew: true},
		"ten years":            {do: func(_ *testing.T, _ string, c *clock) { c.pass(3650) }, anew: true},
		"a clock put far back": {do: func(_ *testing.T, _ string, c *clock) { c.pass(-3650) }, anew: true},
		"another name":         {do: func(*testing.T, string, *clock) {}, names: []string{"b.example"}, anew: true},
		"its file is gone": {do: func(t *testing.T, dir string, _ *clock) {
			must(t, os.Remove(filepath.Join(dir, certificate.CertFile)))
		}, anew: true},
		"its file is spoilt": {do: func(t *testing.T, dir string, _ *clock) {
			must(t, os.WriteFile(filepath.Join(dir, certificate.CertFile), []byte("-----BEGIN"), 0o600))
		}, anew: true},
	} {
		t.Run(name, func(t *testing.T) {
			dir, c := t.TempDir(), newClock()
			first := open(t, dir, c, "a.example")
			pin, raw := first.Pin(), leaf(t, first).Raw
			meanwhile.do(t, dir, c)
			if meanwhile.names == nil {
				meanwhile.names = []string{"a.example"}
			}
			second := open(t, dir, c, meanwhile.names...)
			if second.Pin() != pin {
				t.Error("the pin is another")
			}
			now := leaf(t, second)
			if anew := !bytes.Equal(now.Raw, raw); anew != meanwhile.anew {
				t.Errorf("made anew: %v", anew)
			}
			if c.now.Before(now.NotBefore) || c.now.AddDate(0, 0, 60).After(now.NotAfter) {
				t.Errorf("good from %v to %v, and it is %v", now.NotBefore, now.NotAfter, c.now)
			}
		})
	}
}

func TestTheCertificateIsMadeAnewWhileCentralRuns(t *testing.T) {
	c := newClock()
	own := open(t, t.TempDir(), c, "a.example")
	pin := own.Pin()
	for range 40 { // ten years, a quarter at a time, without a restart
		if now := leaf(t, own); c.now.After(now.NotAfter) || c.now.Before(now.NotBefore) {
			t.Fatalf("over since %v", now.NotAfter)
		}
		if own.Pin() != pin {
			t.Fatal("the pin is another")
		}
		c.pass(91)
	}
}

func TestAKeyThatCannotBeReadIsNotReplaced(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, certificate.KeyFile)
	must(t, os.WriteFile(path, []byte("spoilt"), 0o600))
	if _, err := certificate.Open(certificate.Options{Folder: dir, Names: []string{"a.example"}}); err == nil {
		t.Error("opened")
	}
	if text, _ := os.ReadFile(path); string(text) != "spoilt" {
		t.Error("the file was written over")
	}
}
