package console_test

import (
	"crypto/rand"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/alexedwards/argon2id"

	"gatehouse/central/book"
	"gatehouse/central/console"
	"gatehouse/central/exception"
	"gatehouse/central/reference"
	"gatehouse/central/replica"
	"gatehouse/central/store"
	"gatehouse/central/storetest"
	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/desktest"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// office is a central with a few stations that sent something, and a browser in it
// where ana, an administrator, is signed in.
type office struct {
	t       *testing.T
	kept    *store.Bolt
	book    *book.Book
	judge   *exception.Judge
	pages   *console.Console
	setup   string // file of the set-up code
	now     time.Time
	contact map[ledger.LogID]time.Time
	cookie  *http.Cookie
}

const password = "copper kettle on the ridge"

// emptyOffice is one that nobody set up.
func emptyOffice(t *testing.T) *office { return openOffice(t, false) }

func openOffice(t *testing.T, relay bool) *office {
	t.Helper()
	codec, err := wire.NewCodec()
	must(t, err)
	folder := t.TempDir()
	o := &office{t: t, now: time.Now(), contact: make(map[ledger.LogID]time.Time), setup: filepath.Join(folder, "setup")}
	o.kept, err = store.OpenBolt(store.Options{Path: filepath.Join(folder, "central.db"), Codec: codec})
	must(t, err)
	t.Cleanup(func() { o.kept.Close() })
	key, err := ledger.NewKey(rand.Reader)
	must(t, err)
	o.book, err = book.Open(t.Context(), book.Options{Store: o.kept, Signer: key, Clock: func() time.Time { return o.now }})
	must(t, err)
	copies, err := replica.New(replica.Options{Store: o.kept, Folder: filepath.Join(folder, "copies"), Views: desk.Views(), Clock: func() time.Time { return o.now }})
	must(t, err)
	t.Cleanup(func() { copies.Close() })
	o.judge = exception.New(exception.Options{Store: o.kept, Own: o.book.Log(), Limits: exception.Usual(), Clock: func() time.Time { return o.now }})
	references, err := reference.New(reference.Options{Store: o.kept, Book: o.book, Signer: key, Folder: folder, Clock: func() time.Time { return o.now }})
	must(t, err)
	o.pages, err = console.New(console.Options{
		Store: o.kept, Book: o.book, Replicas: copies, Signer: key, SetupFile: o.setup, Judge: o.judge, References: references, Layouts: fstest.MapFS{},
		Policy:  desktest.Policy,
		Relay:   relay,
		Pin:     "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
		Contact: func(id ledger.LogID) time.Time { return o.contact[id] },
		Clock:   func() time.Time { return o.now },
	})
	must(t, err)
	return o
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := emptyOffice(t)
	o.hire("ana", book.Administrator)
	o.signIn("ana")
	return o
}

// hire sets an operator whose password's hash is a cheap one.
func (o *office) hire(name string, role book.Role) {
	o.t.Helper()
	hash, err := argon2id.CreateHash(password, &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	must(o.t, err)
	_, err = o.book.Do(o.t.Context(), book.Itself, func(*book.Facts) ([]ledger.Draft, error) {
		return []ledger.Draft{{Kind: book.KindOperatorSet, Body: book.OperatorSet{Name: name, Role: role, Hash: hash}}}, nil
	})
	must(o.t, err)
}

// as sets somebody of a role, who then sits at the browser.
func (o *office) as(role book.Role) *office {
	o.t.Helper()
	o.hire(string(role), role)
	o.signIn(string(role))
	return o
}

func (o *office) signIn(name string) {
	o.t.Helper()
	o.cookie = nil
	w := o.post("/sign-in", "name", name, "password", password)
	if w.Code != http.StatusSeeOther || len(w.Result().Cookies()) != 1 {
		o.t.Fatalf("sign in: status %d: %s", w.Code, w.Body)
	}
	o.cookie = w.Result().Cookies()[0]
}

// token is the token of the browser's forms.
func (o *office) token() string {
	o.t.Helper()
	found := regexp.MustCompile(`name="form" value="([^"]+)"`).FindStringSubmatch(o.get("/people").Body.String())
	if found == nil {
		o.t.Fatal("no form on the page")
	}
	return found[1]
}

// post sends a form as the browser does.
func (o *office) post(path string, fields ...string) *httptest.ResponseRecorder {
	form := make(url.Values)
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return o.send(r)
}

// act sends a form with its token.
func (o *office) act(path string, fields ...string) *httptest.ResponseRecorder {
	o.t.Helper()
	return o.post(path, append(fields, "form", o.token())...)
}

func (o *office) send(r *http.Request) *httptest.ResponseRecorder {
	r.RemoteAddr, r.Host = "127.0.0.1:40000", "localhost:8750"
	if o.cookie != nil {
		r.AddCookie(o.cookie)
	}
	w := httptest.NewRecorder()
	o.pages.ServeHTTP(w, r)
	return w
}

// sent brings all of a station's entries to central.
func (o *office) sent(s *storetest.Station) string {
	o.t.Helper()
	log, err := o.kept.Enrol(o.t.Context(), s.Entries(o.t, 1, 1)[0])
	must(o.t, err)
	for from := log.Head.Seq; from < s.Book.Head().Seq; {
		log, err := o.kept.Append(o.t.Context(), s.Batch(o.t, from+1, 2000))
		must(o.t, err)
		from = log.Head.Seq
	}
	o.contact[log.ID] = o.now.Add(-12 * time.Second)
	return log.ID.String()
}

// get asks for a page as a browser on central's own machine does.
func (o *office) get(path string) *httptest.ResponseRecorder {
	return o.send(httptest.NewRequest(http.MethodGet, path, nil))
}

// text is what a person reads on a page: no tags, single blanks.
func (o *office) text(path string) string {
	o.t.Helper()
	w := o.get(path)
	if w.Code != http.StatusOK {
		o.t.Fatalf("%s: status %d: %s", path, w.Code, w.Body)
	}
	bare := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(w.Body.String(), " ")
	return strings.Join(strings.Fields(html.UnescapeString(bare)), " ")
}

func shows(t *testing.T, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("the page lacks %q:\n%s", w, text)
		}
	}
}

func lacks(t *testing.T, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if strings.Contains(text, w) {
			t.Errorf("the page has %q:\n%s", w, text)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func payment(total ledger.Cents, no, name string) ledger.Draft {
	return ledger.Draft{
		Kind: cash.KindPayment, Receipt: true, Taken: total,
		Body: cash.Payment{
			Session: "A1-S0001", Drawer: "1", Cashier: "Rosa Delgado", Total: total, Rule: "2026-1", Opens: true,
			Parts:   []cash.Part{{Account: account.No(no), Name: name, Service: "12 Oak St", Amount: total}},
			Tenders: []cash.Tender{{Kind: cash.Cash, Amount: total}, {Kind: cash.Check, Amount: 500, Number: "1187"}},
		},
		Lines: []ledger.Posting{
			{Account: "assets:drawer:cash", Sub: "A1-S0001", Amount: total},
			{Account: "liabilities:unposted", Sub: no, Amount: -total},
		},
	}
}

func visit(kind ledger.Kind, name, company string) ledger.Draft {
	return ledger.Draft{Kind: kind, Body: map[string]any{"name": name, "company": company, "number": 7, "asked_for": "Mr. Webb"}}
}

func TestTheFirstPageListsTheStationsWithTheirSums(t *testing.T) {
	o := newOffice(t)
	shows(t, o.text("/"), "No station has sent anything yet")

	a, kiosk, practice := storetest.NewStation(t, "A1"), storetest.NewStation(t, "KIOSK1"), storetest.NewPractice(t, "T1")
	a.Pay(t, 3, 18820)
	a.Write(t, ledger.Draft{Kind: cash.KindReversal, Returned: 18820, Body: cash.Undone{Of: 2}})
	kiosk.Write(t, visit("visit.signed_in.v1", "Ana Ruiz", "Delta Pumps"))
	practice.Pay(t, 2, 99900)
	o.sent(a)
	quiet := o.sent(kiosk)
	o.sent(practice)
	id, err := ledger.ParseLogID(quiet)
	must(t, err)
	o.contact[id] = o.now.Add(-3 * time.Hour)

	shows(t, o.text("/"),
		"564.60 dollars taken", "188.20 given back", "3 receipts", "7 entries", // practice left out
		"A1 in touch 12 s ago", "KIOSK1 not in touch 3 h ago", "T1 practice in touch",
		"1,998.00", a.Book.Head().Leaf.String()[:12])
}

func TestAStationThatForkedCallsForAPerson(t *testing.T) {
	o := newOffice(t)
	s := storetest.NewStation(t, "A1")
	s.Pay(t, 1, 100)
	clone := s.Clone(t)
	s.Pay(t, 1, 200)
	clone.Pay(t, 1, 300)
	log := o.sent(s)
	if _, err := o.kept.Append(t.Context(), clone.Batch(t, 3, 1)); err == nil {
		t.Fatal("the clone's entry was taken")
	}
	shows(t, o.text("/"), "A1 needs a person")
	shows(t, o.text("/logs/"+log), "1 batch of this station did not fit (fork)", "kept as evidence")
}

func TestEntriesNewestFirstInPages(t *testing.T) {
	o := newOffice(t)
	s := storetest.NewStation(t, "A1")
	s.Pay(t, 60, 4250)
	s.Write(t, ledger.Draft{Kind: "valve.turned.v7", Body: map[string]any{"turns": 3}})
	log := o.sent(s)
	first := o.text("/logs/" + log)
	newest := s.Entries(t, 61, 1)[0]
	shows(t, first, "62 "+newest.At().Format("2006-01-02"), "rosa valve.turned.v7", "rosa cash.payment.v1 "+string(newest.ReceiptNo("A1"))+" 42.50", "Older")
	lacks(t, first, "Newest", "ledger.opened.v1")
	if strings.Index(first, "valve.turned.v7") > strings.Index(first, "cash.payment.v1") {
		t.Error("the newest entry is not first")
	}
	second := o.text("/logs/" + log + "?before=13")
	shows(t, second, "Newest", "1 "+s.Entries(t, 1, 1)[0].At().Format("2006-01-02"), "station ledger.opened.v1")
	lacks(t, second, "Older", "valve.turned.v7")
	if rows := strings.Count(o.get("/logs/"+log).Body.String(), "<th scope=\"row\""); rows != 50 {
		t.Errorf("%d rows on a page", rows)
	}
}

func TestPaymentsAndVisitorsAsReadableRows(t *testing.T) {
	o := newOffice(t)
	s := storetest.NewStation(t, "A1")
	made := s.Write(t, payment(18820, "100417-2", "Maria <b>Alvarez</b>"))
	s.Write(t, ledger.Draft{Kind: cash.KindVoid, Returned: 18820, Body: cash.Undone{
		Of: 2, Cashier: "Rosa Delgado", Total: 18820,
		Parts: []cash.Part{{Account: "100417-2", Name: "Maria Alvarez"}}, Tenders: []cash.Tender{{Kind: cash.Card, Amount: 18820, LastFour: "4242"}},
	}})
	s.Write(t, visit("visit.signed_in.v1", "Ana Ruiz", "Delta Pumps"))
	log := o.sent(s)

	payments := o.text("/logs/" + log + "/payments")
	shows(t, payments,
		string(made.ReceiptNo("A1")), "Rosa Delgado", "100417-2 Maria <b>Alvarez</b>", "cash 188.20", "check 5.00 no. 1187", "188.20",
		"void of 2", "card 188.20 ·4242", "-188.20")
	lacks(t, payments, "Ana Ruiz")
	if strings.Contains(o.get("/logs/"+log+"/payments").Body.String(), "<b>Alvarez") {
		t.Error("a customer's name became part of the page")
	}
	visitors := o.text("/logs/" + log + "/visitors")
	shows(t, visitors, "visit.signed_in.v1", "name Ana Ruiz", "company Delta Pumps", "asked for Mr. Webb", "number 7")
	lacks(t, visitors, "188.20")
}

func TestARareKindIsFoundWithoutReadingAWholeLog(t *testing.T) {
	o := newOffice(t)
	s := storetest.NewStation(t, "A1")
	s.Write(t, visit("visit.signed_in.v1", "Ana Ruiz", "Delta Pumps"))
	s.Pay(t, 450, 100)
	log := o.sent(s)
	shows(t, o.text("/logs/"+log+"/visitors"), "Ana Ruiz") // beyond the first steps, within the bound
}

func TestAnEntryInFull(t *testing.T) {
	o := newOffice(t)
	s := storetest.NewStation(t, "A1")
	e := s.Write(t, payment(18820, "100417-2", "Maria Alvarez"))
	s.Pay(t, 1, 100)
	log := o.sent(s)
	text := o.text("/logs/" + log + "/entries/2")
	shows(t, text, "Entry 2", string(cash.KindPayment), "Earlier", "Later", "Business date "+e.Date.String(), "Amount 188.20", string(e.ReceiptNo("A1")),
		e.Leaf.String(), e.Prev.String(), e.Command.String(),
		"assets:drawer:cash A1-S0001 188.20", "liabilities:unposted 100417-2 188.20", "Both sides 188.20 188.20",
		`"cashier": "Rosa Delgado"`, `"total": 18820`, `"tenders": [ { "amount": 18820, "kind": "cash" }`)
	shows(t, o.text("/logs/"+log+"/entries/1"), `"station": "A1"`)
}

func TestPagesThatAreNotThere(t *testing.T) {
	o := newOffice(t)
	s := storetest.NewStation(t, "A1")
	log := o.sent(s)
	for _, path := range []string{
		"/nowhere", "/logs/" + log + "/entries/99", "/logs/" + log + "/entries/0", "/logs/" + log + "/entries/x",
		"/logs/" + strings.Repeat("0", 32), "/logs/zz", "/logs/" + log + "/nothing",
	} {
		if w := o.get(path); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "Gatehouse") {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
}

func TestWithoutTLSOnlyABrowserOnThisMachineSeesThePages(t *testing.T) {
	o := newOffice(t)
	s := storetest.NewStation(t, "A1")
	o.sent(s)
	for _, test := range []struct {
		remote, host string
		want         int
	}{
		{"127.0.0.1:4000", "127.0.0.1:8750", http.StatusOK},
		{"[::1]:4000", "[::1]:8750", http.StatusOK},
		{"127.0.0.1:4000", "localhost", http.StatusOK},
		{"10.0.0.7:4000", "10.0.0.1:8750", http.StatusForbidden},
		{"127.0.0.1:4000", "evil.example:8750", http.StatusForbidden}, // another site's name pointed here
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr, r.Host = test.remote, test.host
		r.AddCookie(o.cookie)
		w := httptest.NewRecorder()
		o.pages.ServeHTTP(w, r)
		if w.Code != test.want || (w.Code != http.StatusOK && strings.Contains(w.Body.String(), "A1")) {
			t.Errorf("%s asking %s: status %d", test.remote, test.host, w.Code)
		}
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr, r.Host = "127.0.0.1:4000", "127.0.0.1:8750"
	r.Header.Set("X-Forwarded-For", "10.0.0.7")
	w := httptest.NewRecorder()
	o.pages.ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("through a proxy: status %d", w.Code)
	}
}

func TestPagesLoadNothingFromElsewhereAndRunNothing(t *testing.T) {
	o := newOffice(t)
	s := storetest.NewStation(t, "A1")
	s.Pay(t, 1, 100)
	log := o.sent(s)
	for _, path := range []string{"/", "/logs/" + log, "/logs/" + log + "/payments", "/logs/" + log + "/visitors", "/logs/" + log + "/entries/2"} {
		w := o.get(path)
		if csp := w.Header().Get("Content-Security-Policy"); csp != "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'" {
			t.Errorf("%s: policy %q", path, csp)
		}
		body := w.Body.String()
		for _, never := range []string{"<script", "style=", "http://", "https://", " on"} {
			if strings.Contains(strings.ToLower(regexp.MustCompile(`>[^<]*<`).ReplaceAllString(body, "><")), never) {
				t.Errorf("%s has %q", path, never)
			}
		}
	}
	if w := o.get("/style.css"); w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/css") {
		t.Errorf("the style: status %d, %s", w.Code, w.Header().Get("Content-Type"))
	}
}
