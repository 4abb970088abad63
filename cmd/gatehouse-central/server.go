package main

import (
	"log/slog"
	"net/http"
	"time"
)

// How long a station may take. A batch of a mebibyte on a bad line of 256
// kbit/s takes half a minute.
const (
	headerTime   = 10 * time.Second
	readTime     = 90 * time.Second
	writeTime    = 2 * time.Minute
	idleTime     = 2 * time.Minute
	shutdownTime = 15 * time.Second
	maxHeader    = 16 << 10
)

// newServer is an HTTP server that waits for nobody longer than it must.
func newServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       readTime,
		WriteTimeout:      writeTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
