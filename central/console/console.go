package console

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"gatehouse/central/store"
	"gatehouse/ledger"
)

//go:embed pages
var files embed.FS

// Options is what the console is made of.
type Options struct {
	Store store.Store
	// Contact is when a log's station last spoke to central, zero if unknown.
	// Nil: it is never known.
	Contact func(ledger.LogID) time.Time
	Clock   ledger.Clock // nil is time.Now
	Log     *slog.Logger // nil is silent
}

// Console is an http.Handler with the pages, from / down.
type Console struct {
	o     Options
	mux   *http.ServeMux
	pages map[string]*template.Template
	style []byte
}

// New reads the pages.
func New(o Options) (*Console, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Contact == nil {
		o.Contact = func(ledger.LogID) time.Time { return time.Time{} }
	}
	c := &Console{o: o, mux: http.NewServeMux(), pages: make(map[string]*template.Template)}
	for _, name := range []string{"stations", "entries", "payments", "visitors", "entry", "trouble"} {
		page, err := template.New("frame.html").Funcs(functions()).ParseFS(files, "pages/frame.html", "pages/"+name+".html")
		if err != nil {
			return nil, fmt.Errorf("read the console's pages: %w", err)
		}
		c.pages[name] = page
	}
	var err error
	if c.style, err = files.ReadFile("pages/style.css"); err != nil {
		return nil, fmt.Errorf("read the console's pages: %w", err)
	}
	c.mux.HandleFunc("GET /{$}", c.stations)
	c.mux.HandleFunc("GET /logs/{log}", c.list(entriesTab))
	c.mux.HandleFunc("GET /logs/{log}/payments", c.list(paymentsTab))
	c.mux.HandleFunc("GET /logs/{log}/visitors", c.list(visitorsTab))
	c.mux.HandleFunc("GET /logs/{log}/entries/{seq}", c.entry)
	c.mux.HandleFunc("GET /style.css", c.css)
	c.mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		c.trouble(w, r, http.StatusNotFound, "There is no such page.")
	})
	return c, nil
}

func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if !local(r) {
		c.trouble(w, r, http.StatusForbidden, "These pages are shown only in a browser on central's own machine.")
		return
	}
	c.mux.ServeHTTP(w, r)
}

// local says whether the browser is on this machine, and asked for it by a name
// of this machine: another site's name that was made to point here is not one.
// What a proxy passes on comes from elsewhere.
func local(r *http.Request) bool {
	passedOn := r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != "" || r.Header.Get("Via") != ""
	return loopback(r.RemoteAddr) && loopback(r.Host) && !passedOn
}

func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

func (c *Console) css(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Write(c.style)
}

// frame is what every page has.
type frame struct {
	Title   string
	Now     time.Time
	Refresh int // seconds until the page loads itself again; 0 is never
	Page    any
}

// show writes a page as a whole or not at all.
func (c *Console) show(w http.ResponseWriter, r *http.Request, status int, name string, f frame) {
	f.Now = c.o.Clock()
	var out bytes.Buffer
	if err := c.pages[name].Execute(&out, f); err != nil {
		c.o.Log.Error("write a page", "page", name, "err", err)
		http.Error(w, "This page could not be written.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(out.Bytes())
}

func (c *Console) trouble(w http.ResponseWriter, r *http.Request, status int, text string) {
	c.show(w, r, status, "trouble", frame{Title: http.StatusText(status), Page: text})
}

// fail answers an error of the store.
func (c *Console) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, store.ErrUnknownLog) {
		c.trouble(w, r, http.StatusNotFound, "Central does not know this station.")
		return
	}
	c.o.Log.Error("read the store for a page", "path", r.URL.Path, "err", err)
	c.trouble(w, r, http.StatusInternalServerError, "Central's store could not be read. Its log says why.")
}

// log finds the log a page is about.
func (c *Console) log(w http.ResponseWriter, r *http.Request) (store.Log, bool) {
	id, err := ledger.ParseLogID(r.PathValue("log"))
	if err != nil {
		c.fail(w, r, store.ErrUnknownLog)
		return store.Log{}, false
	}
	log, err := c.o.Store.Log(r.Context(), id)
	if err != nil {
		c.fail(w, r, err)
		return log, false
	}
	return log, true
}

// number reads a number of an address; 0 for none or a wrong one.
func number(text string) uint64 {
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return 0
	}
	return n
}
