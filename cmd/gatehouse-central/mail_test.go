package main_test

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"gatehouse/central/certificate"
	"gatehouse/central/storetest"
	"gatehouse/sync/station"
	"gatehouse/sync/wire"
)

// mailServer is a real one on loopback, with STARTTLS.
type mailServer struct {
	address, ca string
	password    string
	came        chan string
	refused     chan struct{} // a sign-in
}

type mailSession struct{ *mailServer }

func (m *mailServer) NewSession(*smtp.Conn) (smtp.Session, error) { return mailSession{m}, nil }
func (mailSession) Reset()                                        {}
func (mailSession) Logout() error                                 { return nil }
func (mailSession) AuthMechanisms() []string                      { return []string{sasl.Plain} }
func (m mailSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, _, password string) error {
		if password == m.password {
			return nil
		}
		select {
		case m.refused <- struct{}{}:
		default:
		}
		return errors.New("no")
	}), nil
}
func (mailSession) Mail(string, *smtp.MailOptions) error { return nil }
func (mailSession) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (m mailSession) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	m.came <- string(text)
	return err
}

func startMail(t *testing.T, password string) *mailServer {
	t.Helper()
	dir := t.TempDir()
	own, err := certificate.Open(certificate.Options{Folder: dir, Names: []string{"127.0.0.1"}})
	must(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	m := &mailServer{address: listener.Addr().String(), ca: filepath.Join(dir, certificate.CertFile), password: password,
		came: make(chan string, 10), refused: make(chan struct{}, 1)}
	server := smtp.NewServer(m)
	server.Domain, server.TLSConfig = "mail.example", &tls.Config{GetCertificate: own.Get}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		server.Serve(listener)
	}()
	t.Cleanup(func() {
		server.Close()
		<-ended
	})
	return m
}

// settings of a central that writes through this server.
func (m *mailServer) settings(password string) []string {
	return []string{"--smtp-url", "smtp://central:" + password + "@" + m.address, "--smtp-ca", m.ca, "--mail-from", "central@example.org", "--mail-to", "it@example.org, lead@example.org"}
}

// forked leaves a central that has seen a copied station, and has ended.
func forked(t *testing.T) (data string) {
	t.Helper()
	c := start(t, t.TempDir())
	s := storetest.NewStation(t, "A1")
	clone := s.Clone(t)
	s.Pay(t, 2, 500)
	clone.Pay(t, 1, 900)
	first, stop := follow(t, s, station.Options{URL: c.url, Code: c.code})
	until(t, first, "carried", carried(s))
	stop()
	batch := clone.Batch(t, 2, 1)
	r, err := http.NewRequest(http.MethodPost, c.url+wire.AppendPath(batch.Header.Log), bytes.NewReader(batch.Packed))
	must(t, err)
	r.Header.Set("Content-Type", wire.ContentType)
	batch.Header.Set(r.Header)
	response, err := http.DefaultClient.Do(r)
	must(t, err)
	response.Body.Close()
	if response.StatusCode != http.StatusConflict {
		t.Fatalf("a fork is answered %s", response.Status)
	}
	c.stop()
	return c.data
}

// TestAForkReachesAPersonByMail through a real mail server, once.
func TestAForkReachesAPersonByMail(t *testing.T) {
	data, m := forked(t), startMail(t, "BLUE-HERON")
	_, _, stop := running(t, data, m.settings("BLUE-HERON")...)
	text := <-m.came
	for _, want := range []string{"Subject: [CENTRAL] a ledger does not fit (1)", "A1 (log ", "fork", "it@example.org", "lead@example.org"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	stop()
}

// TestAMailServerThatRefusesChangesNothingForStations who are taken in meanwhile.
func TestAMailServerThatRefusesChangesNothingForStations(t *testing.T) {
	data, m := forked(t), startMail(t, "BLUE-HERON")
	code := issue(t, data)
	address, _, _ := running(t, data, m.settings("RED-HERON")...)
	<-m.refused
	s := storetest.NewStation(t, "B1")
	s.Pay(t, 3, 100)
	f, _ := follow(t, s, station.Options{URL: "http://" + address, Code: code})
	until(t, f, "carried", carried(s))
	if len(m.came) != 0 {
		t.Error("a letter came")
	}
}
