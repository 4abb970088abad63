package main

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a listener in memory, so that the server's patience is measured in a
// bubble of simulated time.
type pipes struct {
	coming chan net.Conn
	ended  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.coming:
		return c, nil
	case <-p.ended:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { close(p.ended); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{} }

// TestWhoIsSlowIsNotWaitedFor: somebody who holds connections open, and says a
// letter now and then, gets rid of none but his own.
func TestWhoIsSlowIsNotWaitedFor(t *testing.T) {
	for name, test := range map[string]struct {
		says  string // at once
		every time.Duration
		then  string // a letter of it each time, again and again
		most  time.Duration
	}{
		"says nothing":                 {"", time.Hour, "x", headerTime},
		"a header a letter a second":   {"GET / HTTP/1.1\r\nHost: c\r\nX: ", time.Second, "x", headerTime},
		"a body a letter a second":     {"POST / HTTP/1.1\r\nHost: c\r\nContent-Length: 1000000\r\n\r\n", time.Second, "x", readTime},
		"keeps a connection for later": {"GET / HTTP/1.1\r\nHost: c\r\n\r\n", time.Hour, "x", idleTime},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &pipes{make(chan net.Conn), make(chan struct{})}
				server := newServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if _, err := io.Copy(io.Discard, r.Body); err != nil {
						http.Error(w, "cut off", http.StatusBadRequest)
					}
				}), slog.New(slog.DiscardHandler))
				served := make(chan struct{})
				go func() {
					defer close(served)
					server.Serve(p)
				}()
				here, there := net.Pipe()
				p.coming <- there
				began := time.Now()
				read := make(chan struct{})
				go func() {
					defer close(read)
					io.Copy(io.Discard, here)
				}()
				_, err := io.Copy(here, strings.NewReader(test.says))
				for err == nil {
					select {
					case <-read:
						err = io.EOF
					case <-time.After(test.every):
						_, err = here.Write([]byte(test.then))
					}
				}
				if took := time.Since(began); took > test.most+2*time.Second {
					t.Errorf("it was waited for %v", took)
				}
				here.Close()
				<-read
				server.Close()
				<-served
			})
		})
	}
}
