package post_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"gatehouse/central/certificate"
	"gatehouse/central/post"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// office is a real mail server on loopback.
type office struct {
	ca   []byte
	came chan string // letters, as they came

	mu     sync.Mutex
	refuse int  // of the next letters
	plain  bool // whether a letter came without TLS
	logins int
}

type session struct {
	o    *office
	conn *smtp.Conn
}

func (o *office) NewSession(c *smtp.Conn) (smtp.Session, error) { return &session{o, c}, nil }
func (s *session) Reset()                                       {}
func (s *session) Logout() error                                { return nil }
func (s *session) AuthMechanisms() []string                     { return []string{sasl.Plain} }
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, password string) error {
		if name != "central" || password != "BLUE-HERON" {
			return errors.New("no")
		}
		s.o.mu.Lock()
		defer s.o.mu.Unlock()
		s.o.logins++
		return nil
	}), nil
}
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.o.mu.Lock()
	defer s.o.mu.Unlock()
	if s.o.refuse > 0 {
		s.o.refuse--
		return &smtp.SMTPError{Code: 451, Message: "later"}
	}
	if _, secure := s.conn.TLSConnectionState(); !secure {
		s.o.plain = true
	}
	s.o.came <- string(text)
	return nil
}

// serve opens the office at an address, of which it returns the real one.
func (o *office) serve(t *testing.T, address string, immediate, starttls bool) string {
	t.Helper()
	dir := t.TempDir()
	own, err := certificate.Open(certificate.Options{Folder: dir, Names: []string{"127.0.0.1"}})
	must(t, err)
	o.ca, err = os.ReadFile(filepath.Join(dir, certificate.CertFile))
	must(t, err)
	secure := &tls.Config{GetCertificate: own.Get}
	listener, err := net.Listen("tcp", address)
	must(t, err)
	server := smtp.NewServer(o)
	server.Domain = "mail.example"
	if starttls {
		server.TLSConfig = secure
	}
	if immediate {
		listener = tls.NewListener(listener, secure)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		server.Serve(listener)
	}()
	t.Cleanup(func() {
		server.Close()
		<-ended
	})
	return listener.Addr().String()
}

func newOffice() *office { return &office{came: make(chan string, 100)} }

// send starts a post.
func start(t *testing.T, o post.Options) *post.Post {
	t.Helper()
	o.From, o.To, o.FirstRetry = "central@example.org", []string{"it@example.org", "lead@example.org"}, time.Millisecond
	o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	p, err := post.New(o)
	must(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	return p
}

func TestALetterGoesOverTLSWithTheName(t *testing.T) {
	for name, test := range map[string]struct {
		immediate, starttls bool
		url                 string
		clear               bool
	}{
		"STARTTLS":                {false, true, "smtp://central:BLUE-HERON@%s", false},
		"TLS from the first byte": {true, false, "smtps://central:BLUE-HERON@%s", false},
		"this machine":            {false, false, "smtp://%s?starttls=no", true},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice()
			address := o.serve(t, "127.0.0.1:0", test.immediate, test.starttls)
			p := start(t, post.Options{URL: fmt.Sprintf(test.url, address), Authorities: o.ca})
			sent := make(chan struct{})
			if !p.Send(post.Letter{Subject: "A1 schweigt für immer", Text: "Since 08:00.\n.\nMore.", Sent: func() { close(sent) }}) {
				t.Fatal("not taken")
			}
			text := <-o.came
			<-sent
			for _, want := range []string{"From: <central@example.org>", "it@example.org", "lead@example.org", "=?UTF-8?q?A1_schweigt_f=C3=BCr_immer?=", "Since 08:00.\r\n.\r\nMore.", "Date: ", "Message-ID: "} {
				if !strings.Contains(text, want) {
					t.Errorf("no %q in\n%s", want, text)
				}
			}
			o.mu.Lock()
			defer o.mu.Unlock()
			if o.plain != test.clear || (o.logins == 1) == test.clear {
				t.Errorf("in clear %v, %d sign-ins", o.plain, o.logins)
			}
		})
	}
}

// TestNoLetterAndNoPasswordGoesInClear to a server that offers no TLS, or that
// nobody vouches for.
func TestNoLetterAndNoPasswordGoesInClear(t *testing.T) {
	for name, starttls := range map[string]bool{"no STARTTLS": false, "a certificate that nobody knows": true} {
		t.Run(name, func(t *testing.T) {
			o := newOffice()
			address := o.serve(t, "127.0.0.1:0", false, starttls)
			failed := make(chan string, 100)
			p := start(t, post.Options{URL: "smtp://central:BLUE-HERON@" + address, Count: func(r string) {
				select {
				case failed <- r:
				default:
				}
			}})
			p.Send(post.Letter{Subject: "x"})
			for range 3 {
				if r := <-failed; r != "failed" {
					t.Errorf("the letter was %s", r)
				}
			}
			if len(o.came) != 0 || o.logins != 0 {
				t.Errorf("%d letters, %d sign-ins", len(o.came), o.logins)
			}
		})
	}
}

func TestAServerThatIsAwayGetsItsLettersLater(t *testing.T) {
	o := newOffice()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	address := free.Addr().String()
	free.Close()
	failed := make(chan struct{}, 1000)
	p := start(t, post.Options{URL: "smtp://" + address + "?starttls=no", Count: func(r string) {
		if r == "failed" {
			select {
			case failed <- struct{}{}:
			default:
			}
		}
	}})
	const letters = 10
	for n := range letters {
		if !p.Send(post.Letter{Subject: fmt.Sprint("letter ", n)}) {
			t.Fatal("not taken")
		}
	}
	<-failed
	<-failed
	o.refuse = 3 // and then it is back, but busy
	o.serve(t, address, false, false)
	for n := range letters {
		if text := <-o.came; !strings.Contains(text, fmt.Sprint("Subject: letter ", n)) {
			t.Errorf("letter %d is\n%s", n, text)
		}
	}
}

func TestSendNeverWaits(t *testing.T) {
	full := 0
	p, err := post.New(post.Options{URL: "smtps://mail.example", From: "a@example.org", To: []string{"b@example.org"}, Count: func(string) { full++ }})
	must(t, err)
	taken := 0
	for range 2 * post.MaxWaiting { // nobody sends
		if p.Send(post.Letter{}) {
			taken++
		}
	}
	if taken != post.MaxWaiting || full != post.MaxWaiting {
		t.Errorf("%d letters were taken, %d were not", taken, full)
	}
}

func TestAddressesThatAreRefused(t *testing.T) {
	good := post.Options{URL: "smtp://central:BLUE-HERON@mail.example", From: "a@example.org", To: []string{"b@example.org"}}
	for name, change := range map[string]func(*post.Options){
		"no server":                          func(o *post.Options) { o.URL = "" },
		"another protocol":                   func(o *post.Options) { o.URL = "http://central:BLUE-HERON@mail.example" },
		"no host":                            func(o *post.Options) { o.URL = "smtp://central:BLUE-HERON@" },
		"not a URL":                          func(o *post.Options) { o.URL = "smtp://central:BLUE-HERON@mail.example:x" },
		"a path":                             func(o *post.Options) { o.URL += "/inbox" },
		"another option":                     func(o *post.Options) { o.URL += "?tls=no" },
		"STARTTLS, perhaps":                  func(o *post.Options) { o.URL += "?starttls=maybe" },
		"in clear to another machine":        func(o *post.Options) { o.URL = "smtp://mail.example?starttls=no" },
		"a password in clear":                func(o *post.Options) { o.URL = "smtp://central:BLUE-HERON@127.0.0.1?starttls=no" },
		"in clear over TLS":                  func(o *post.Options) { o.URL = "smtps://127.0.0.1?starttls=no" },
		"from nobody":                        func(o *post.Options) { o.From = "" },
		"from what is no address":            func(o *post.Options) { o.From = "central" },
		"to nobody":                          func(o *post.Options) { o.To = nil },
		"to what is no address":              func(o *post.Options) { o.To = []string{"b@example.org", "c\r\nBcc: d@example.org"} },
		"an authority without a certificate": func(o *post.Options) { o.Authorities = []byte("x") },
	} {
		o := good
		change(&o)
		if _, err := post.New(o); err == nil || strings.Contains(err.Error(), "BLUE-HERON") {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := post.New(good)
	must(t, err)
}
