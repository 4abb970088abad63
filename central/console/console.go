package console

import (
	"crypto/cipher"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"time"

	"gatehouse/central/billing"
	"gatehouse/central/book"
	"gatehouse/central/exception"
	"gatehouse/central/reference"
	"gatehouse/central/replica"
	"gatehouse/central/store"
	"gatehouse/desk"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

//go:embed pages
var files embed.FS

// Options is what the console is made of.
type Options struct {
	Store    store.Store
	Book     *book.Book        // central's own log: who may what, and what they did
	Replicas *replica.Replicas // copies of stations' ledgers, to report from
	Judge    *exception.Judge  // somebody calls its Follow now and then
	// References reads and publishes customers and staff.
	References *reference.Office
	Layouts    fs.FS              // of payment files, *.toml, besides those that central comes with
	Signer     ledger.Signer      // central's key; what seals cookies is made from it
	Policy     func() desk.Policy // the utility's; nil is none: dates in UTC, nothing watched
	// SetupFile holds the code that makes the first operator. It is written by New
	// while there is none, and removed when there is one. Empty: no set-up here.
	SetupFile string
	// Pin is of central's key where no authority vouches for it: whoever sets a station up
	// compares it. Empty: there is nothing to compare.
	Pin string
	// Relay says that this is the relay of an office. What central alone decides has no
	// page here: a payment that both wrote to a file would be billed twice, and a code of
	// a relay lets nobody in.
	Relay bool
	// Contact is when a log's station last spoke to central, zero if unknown.
	// Nil: it is never known.
	Contact func(ledger.LogID) time.Time
	Clock   ledger.Clock // nil is time.Now
	Log     *slog.Logger // nil is silent
}

// Console is an http.Handler with the pages, from / down.
type Console struct {
	o       Options
	mux     *http.ServeMux
	pages   map[string]*template.Template
	style   []byte
	icon    []byte
	codec   *wire.Codec
	office  *billing.Office
	seal    cipher.AEAD
	origins *http.CrossOriginProtection
	tries   chan struct{} // passwords that are being checked
	reading chan struct{} // a file that is being read
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
	if o.Policy == nil {
		o.Policy = func() desk.Policy { return desk.Policy{} }
	}
	c := &Console{o: o, mux: http.NewServeMux(), origins: http.NewCrossOriginProtection(), tries: make(chan struct{}, maxTries), reading: make(chan struct{}, 1)}
	var err error
	if c.pages, err = readPages(); err != nil {
		return nil, fmt.Errorf("read the console's pages: %w", err)
	}
	if c.style, err = files.ReadFile("pages/style.css"); err != nil {
		return nil, fmt.Errorf("read the console's pages: %w", err)
	}
	if c.icon, err = files.ReadFile("pages/icon.svg"); err != nil {
		return nil, fmt.Errorf("read the console's pages: %w", err)
	}
	if c.codec, err = wire.NewCodec(); err != nil {
		return nil, err
	}
	c.office = &billing.Office{Store: o.Store, Book: o.Book, Zone: c.zone(), Clock: o.Clock}
	if c.seal, err = newSeal(o.Signer); err != nil {
		return nil, err
	}
	if err := c.prepareSetup(); err != nil {
		return nil, err
	}
	c.routes()
	return c, nil
}

// routes says which address is which page. What is open shows nothing of the
// utility; all else asks who is there first.
func (c *Console) routes() {
	open := func(pattern string, h http.HandlerFunc) { c.mux.HandleFunc(pattern, h) }
	page := func(pattern string, h http.HandlerFunc) { c.mux.HandleFunc("GET "+pattern, c.signedIn(h)) }

	open("GET /style.css", file("text/css; charset=utf-8", c.style))
	open("GET /icon.svg", file("image/svg+xml", c.icon))
	open("GET /sign-in", c.signInPage)
	open("POST /sign-in", c.signIn)
	open("GET /setup", c.setupPage)
	open("POST /setup", c.setup)
	c.act("/sign-out", nil, c.signOut)

	page("/{$}", c.stations)
	page("/logs/{log}", c.list(entriesTab))
	page("/logs/{log}/payments", c.list(paymentsTab))
	page("/logs/{log}/visitors", c.list(visitorsTab))
	page("/logs/{log}/entries/{seq}", c.entry)
	page("/logs/{log}/standing", c.standing)
	c.act("/logs/{log}/standing", c.standing, c.setStanding)
	page("/logs/{log}/verify", c.verifyAsk)
	c.act("/logs/{log}/verify", c.verifyAsk, c.verifyNow)
	page("/money", c.report("cash", "/money"))
	page("/takings", c.report("days", "/takings"))
	page("/over-short", c.report("over-short", "/over-short"))
	page("/approvals", c.report("voids", "/approvals"))
	page("/deposits", c.report("transit", "/deposits"))
	page("/exceptions", c.exceptions)
	c.act("/exceptions", c.exceptions, c.workOff)
	page("/watch", c.watch)
	page("/site", c.site)
	page("/retention", c.retention)
	page("/acts", c.acts)
	page("/staff", c.staff)
	page("/people", c.people)
	c.act("/people", c.people, c.setOperator)
	if !c.o.Relay {
		c.centralRoutes(page)
	}
	page("/", func(w http.ResponseWriter, r *http.Request) {
		c.trouble(w, r, http.StatusNotFound, "There is no such page.")
	})
}

// centralRoutes are of what central alone does.
func (c *Console) centralRoutes(page func(string, http.HandlerFunc)) {
	page("/files", c.billingFiles)
	c.act("/files", c.billingFiles, c.writeFile)
	page("/files/{no}", c.fileAgain)
	page("/reference", c.referenceData)
	c.mux.HandleFunc("POST /reference/read", c.signedIn(c.readReference))
	page("/reference/drafts/{draft}", c.referenceDraft)
	c.act("/reference/drafts/{draft}", c.referenceDraft, c.publish)
	page("/gl", c.gl)
	c.act("/gl", c.gl, c.writeGL)
	page("/enrolment", c.enrolment)
	c.act("/enrolment/issue", c.enrolment, c.issueCode)
	c.act("/enrolment/withdraw", c.enrolment, c.withdrawCode)
}

func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if r.TLS == nil && !local(r) {
		c.trouble(w, r, http.StatusForbidden, "Without TLS, these pages are shown only in a browser on central's own machine.")
		return
	}
	if err := c.origins.Check(r); err != nil {
		c.o.Log.Warn("a form came from another site", "path", r.URL.Path, "from", r.RemoteAddr)
		c.trouble(w, r, http.StatusForbidden, "This form came from another site. Nothing was done.")
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

// file answers with one of the console's own files.
func file(kind string, text []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Write(text)
	}
}
