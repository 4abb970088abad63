package main_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"golang.org/x/net/dns/dnsmessage"

	"gatehouse/central/storetest"
	"gatehouse/sync/station"
)

// nameServer says of every name that it is this machine, over TCP (RFC 7766).
func nameServer(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer conn.Close()
				if answer, err := named(conn); err == nil {
					conn.Write(answer)
				}
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		all.Wait()
	})
	return listener.Addr().String()
}

// named reads a question and makes its answer, each with its length before it.
func named(from io.Reader) ([]byte, error) {
	var size [2]byte
	if _, err := io.ReadFull(from, size[:]); err != nil {
		return nil, err
	}
	packet := make([]byte, binary.BigEndian.Uint16(size[:]))
	if _, err := io.ReadFull(from, packet); err != nil {
		return nil, err
	}
	var m dnsmessage.Message
	if err := m.Unpack(packet); err != nil {
		return nil, err
	}
	m.Response, m.Authoritative, m.Additionals = true, true, nil
	for _, q := range m.Questions {
		if q.Type == dnsmessage.TypeA {
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1},
				Body: &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}}})
		}
	}
	answer, err := m.Pack()
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...), err
}

// TestACertificateOfAnACMEService: Pebble, the server that Let's Encrypt tests
// clients with, proves by TLS-ALPN-01 (RFC 8737) that central is who it says, and
// signs its certificate; a station that trusts Pebble's authority comes in.
func TestACertificateOfAnACMEService(t *testing.T) {
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	t.Setenv("PEBBLE_WFE_NONCEREJECT", "0")
	var pebble http.Handler
	service := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { pebble.ServeHTTP(w, r) }))
	defer service.Close()
	dir, data := t.TempDir(), t.TempDir()
	authority := filepath.Join(dir, "acme-ca.pem")
	must(t, os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: service.Certificate().Raw}), 0o600))

	code := issue(t, data)
	const name = "central.utility.example"
	address, _, stop := running(t, data, "--acme-host", name, "--acme-directory", service.URL+wfe.DirectoryPath, "--acme-ca", authority)
	_, port, err := net.SplitHostPort(address)
	must(t, err)
	number, err := strconv.Atoi(port)
	must(t, err)

	said := log.New(io.Discard, "", 0)
	kept := db.NewMemoryStore()
	signs := ca.New(said, kept, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "default"}})
	door := wfe.New(said, kept, va.New(said, number, number, false, nameServer(t), kept), signs, []string{"pebble.example"}, false, false, 1, 1)
	pebble = door.Handler()

	root := httptest.NewRecorder()
	door.ManagementHandler().ServeHTTP(root, httptest.NewRequest(http.MethodGet, wfe.RootCertPath+"0", nil))
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(root.Body.Bytes()) {
		t.Fatalf("no root: %d %s", root.Code, root.Body)
	}
	c, err := tls.Dial("tcp", address, &tls.Config{RootCAs: pool, ServerName: name})
	must(t, err)
	c.Close()

	// Another name is not asked for, whoever says it.
	if c, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true, ServerName: "other.example"}); err == nil {
		c.Close()
		t.Error("there is a certificate for a name that nobody set")
	}

	s := storetest.NewStation(t, "A1")
	s.Pay(t, 3, 100)
	there := trust(t, station.TrustOptions{Authorities: root.Body.Bytes()}).Client()
	there.Transport.(*http.Transport).TLSClientConfig.ServerName = name
	f, stopFollower := follow(t, s, station.Options{URL: "https://" + address, Code: code, Client: there})
	until(t, f, "carried", carried(s))
	stopFollower()
	stop()

	// What was got lies in central's folder: the service may be away afterwards.
	service.Close()
	address, _, _ = running(t, data, "--acme-host", name, "--acme-directory", service.URL+wfe.DirectoryPath, "--acme-ca", authority)
	c, err = tls.Dial("tcp", address, &tls.Config{RootCAs: pool, ServerName: name})
	must(t, err)
	c.Close()
}
