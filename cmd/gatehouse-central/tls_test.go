package main_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/central/certificate"
	"gatehouse/central/storetest"
	main "gatehouse/cmd/gatehouse-central"
	"gatehouse/sync/station"
	"gatehouse/sync/wire"
)

// pinOf reads the pin from what central says when it starts.
func pinOf(t *testing.T, log string) wire.Pin {
	t.Helper()
	_, after, found := strings.Cut(log, "sha256/")
	if !found {
		t.Fatalf("no pin in the log:\n%s", log)
	}
	pins, err := wire.ParsePins("sha256/" + after[:44])
	must(t, err)
	return pins[0]
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// running runs the program until the test ends or stop, and keeps what it logs.
func running(t *testing.T, data string, more ...string) (address string, log *logged, stop func()) {
	t.Helper()
	log = &logged{}
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan error, 1)
	m := main.Main{Err: log, Getenv: environment, Ready: func(address string) { ready <- address }}
	go func() {
		ended <- m.Run(ctx, append([]string{"--data", data, "--listen", "127.0.0.1:0", "--log-level", "debug"}, more...))
	}()
	select {
	case err := <-ended:
		t.Fatalf("central did not start: %v", err)
	case address = <-ready:
	}
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			cancel()
			must(t, <-ended)
		}
	}
	t.Cleanup(stop)
	return address, log, stop
}

func trust(t *testing.T, o station.TrustOptions) *station.Trust {
	t.Helper()
	trust, err := station.NewTrust(o)
	must(t, err)
	return trust
}

func TestAStationWithThePinReachesACentralThatNobodyVouchesFor(t *testing.T) {
	data := t.TempDir()
	code := issue(t, data)
	address, log, stop := running(t, data, "--tls")
	pin := pinOf(t, log.String())
	s := storetest.NewStation(t, "A1")
	s.Pay(t, 3, 18820)

	stranger := wire.Pin{1}
	f, stopFollower := follow(t, s, station.Options{URL: "https://" + address, Code: code, Trust: trust(t, station.TrustOptions{Pins: []wire.Pin{stranger}})})
	st := until(t, f, "refused", func(st station.State) bool { return st.Err != "" })
	if st.Online || st.Code != station.CodeBadAnswer || !strings.Contains(st.Err, "cannot prove") {
		t.Errorf("with another pin: %+v", st)
	}
	stopFollower()

	o := station.Options{URL: "https://" + address, Code: code, Trust: trust(t, station.TrustOptions{Pins: []wire.Pin{pin}})}
	f, stopFollower = follow(t, s, o)
	until(t, f, "carried", carried(s))
	stopFollower()
	stop()

	// The certificate is lost, the key is not: the pin still holds.
	must(t, os.Remove(filepath.Join(data, certificate.CertFile)))
	address, _, _ = running(t, data, "--tls")
	o.URL = "https://" + address
	s.Pay(t, 1, 100)
	f, _ = follow(t, s, o)
	until(t, f, "carried", carried(s))
}

// TestWhatIsSentCannotBeReadOnTheWay: TLS 1.3 and nothing older, and no plain http
// at the same port.
func TestWhatIsSentCannotBeReadOnTheWay(t *testing.T) {
	address, _, _ := running(t, t.TempDir(), "--tls")
	for version, want := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: false, tls.VersionTLS13: true} {
		c, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true, MinVersion: version, MaxVersion: version})
		if err == nil {
			c.Close()
		}
		if (err == nil) != want {
			t.Errorf("TLS %x: %v", version, err)
		}
	}
	response, err := http.Get("http://" + address + "/v1/challenge")
	must(t, err)
	defer response.Body.Close()
	if text, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusBadRequest {
		t.Errorf("plain http is answered %s: %s", response.Status, text)
	}
}

func TestANetworkIsNeverSpokenToInClearUnlessSomebodySaysSo(t *testing.T) {
	for name, test := range map[string]struct {
		listen string
		more   []string
		tls    bool
	}{
		"loopback":                 {"127.0.0.1:0", nil, false},
		"loopback, asked":          {"127.0.0.1:0", []string{"--tls"}, true},
		"every address":            {"0.0.0.0:0", nil, true},
		"every address, unnamed":   {":0", nil, true},
		"every address, no secret": {"0.0.0.0:0", []string{"--insecure-lan"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			var log bytes.Buffer
			m := main.Main{Log: slog.New(slog.NewTextHandler(&log, nil)), Getenv: environment, Ready: func(string) { cancel() }}
			must(t, m.Run(ctx, append([]string{"--data", t.TempDir(), "--listen", test.listen}, test.more...)))
			if !strings.Contains(log.String(), map[bool]string{true: "tls=true", false: "tls=false"}[test.tls]) {
				t.Errorf("it logs\n%s", &log)
			}
		})
	}
}

func TestCentralsCertificateIsForItsNames(t *testing.T) {
	address, _, _ := running(t, t.TempDir(), "--tls", "--host", "central.example, 10.1.2.3")
	c, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true})
	must(t, err)
	defer c.Close()
	leaf := c.ConnectionState().PeerCertificates[0]
	for _, name := range []string{"central.example", "10.1.2.3", "127.0.0.1", "localhost"} {
		if err := leaf.VerifyHostname(name); err != nil {
			t.Error(err)
		}
	}
}

// TestACertificateFromFilesIsServed: files that another program keeps.
func TestACertificateFromFilesIsServed(t *testing.T) {
	dir := t.TempDir()
	own, err := certificate.Open(certificate.Options{Folder: dir, Names: []string{"127.0.0.1"}})
	must(t, err)
	cert, key := filepath.Join(dir, certificate.CertFile), filepath.Join(dir, certificate.KeyFile)
	address, _, _ := running(t, t.TempDir(), "--tls-cert", cert, "--tls-key", key)
	text, err := os.ReadFile(cert)
	must(t, err)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	c, err := tls.Dial("tcp", address, &tls.Config{RootCAs: pool})
	must(t, err)
	defer c.Close()
	if wire.PinOf(c.ConnectionState().PeerCertificates[0]) != own.Pin() {
		t.Error("another certificate is served")
	}
}
