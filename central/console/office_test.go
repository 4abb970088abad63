package console_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"gatehouse/central/book"
	"gatehouse/central/storetest"
	"gatehouse/desk/cash"
	"gatehouse/desk/desktest"
	"gatehouse/ledger"
)

// town brings three weeks of a desk's work to central, which stands at their end.
func (o *office) town() string {
	o.t.Helper()
	s := desktest.New(o.t, desktest.Options{Policy: desktest.Everything})
	must(o.t, s.NoteRights(o.t.Context()))
	desktest.Weeks(s, 3)
	o.now = s.Clock.Now()
	o.signIn("ana") // the session of before the weeks is of another time
	entries := s.Entries()
	log, err := o.kept.Enrol(o.t.Context(), entries[0])
	must(o.t, err)
	_, err = o.kept.Extend(o.t.Context(), log.ID, entries[1:])
	must(o.t, err)
	o.contact[log.ID] = o.now
	must(o.t, o.judge.Follow(o.t.Context()))
	return log.ID.String()
}

func TestReportsOfTheDeskOverStations(t *testing.T) {
	o := newOffice(t)
	log := o.town()
	for path, want := range map[string][]string{
		"/money":                                    {"Cash position", "Drawer 1", "Tom Baker", "All together", "Where the money is"},
		"/takings?from=2026-11-23&to=2026-12-11":    {"Day by day", "2026-11-23", "Net taken by day", "Station A1"},
		"/over-short?from=2026-11-23&to=2026-12-11": {"Over and short by cashier", "Outlined, below the line: short", "Tom Baker"},
		"/approvals?from=2026-11-23&to=2026-12-11":  {"Voids, corrections and overrides", "wrong account", "Ben Okafor"},
		"/deposits":  {"Deposits in transit"},
		"/watch":     {"Fraud watch"},
		"/site":      {"Nobody is signed in"},
		"/retention": {"no act that destroys an entry", "the last 3 of each", "24 hours"},
		"/staff":     {"No staff was published yet", "Who may do what", "Change what an account owes"},
	} {
		text := o.text(path)
		shows(t, text, want...)
	}
	shows(t, o.get("/takings?from=2026-11-23&to=2026-12-11").Body.String(), `<rect class="bar-box"`, `href="/logs/`+log+`/entries/`)
	if w := o.get("/takings?from=yesterday"); w.Code != http.StatusBadRequest {
		t.Errorf("a date that is none: status %d", w.Code)
	}
}

func TestALogIsProved(t *testing.T) {
	o := newOffice(t)
	log := o.town()
	shows(t, o.text("/logs/"+log+"/verify"), "Prove this log now")
	w := o.act("/logs/" + log + "/verify")
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "<b>holds</b>") {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
}

func TestAnExceptionIsWorkedOffAndStaysListed(t *testing.T) {
	o := newOffice(t)
	s := storetest.NewStation(t, "A1")
	s.Write(t, ledger.Draft{Kind: "valve.turned.v7", Body: map[string]any{"turns": 3}})
	o.sent(s)
	must(t, o.judge.Follow(t.Context()))
	shows(t, o.text("/exceptions"), "1 to work off", "unknown kind", "valve.turned.v7", "A1 2")
	lacks(t, o.text("/exceptions"), "What was done about it") // an administrator may not
	id := o.judge.List()[0].ID
	o.as(book.Finance)
	shows(t, o.get("/exceptions").Body.String(), html.EscapeString(id))
	if w := o.act("/exceptions", "exception", id, "reason", " "); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: status %d", w.Code)
	}
	if w := o.act("/exceptions", "exception", "evidence of nothing", "reason", "x"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("one that is not there: status %d", w.Code)
	}
	if w := o.act("/exceptions", "exception", id, "reason", "central is <i>updated</i>"); w.Header().Get("Location") != "/exceptions?done=workedoff" {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	shows(t, o.text("/exceptions"), "nothing to work off", "Worked off", "finance", "central is <i>updated</i>")
	if w := o.act("/exceptions", "exception", id, "reason", "again"); !strings.Contains(w.Body.String(), "Somebody worked this off already") {
		t.Errorf("twice: status %d", w.Code)
	}
}

func TestAPaymentFileIsWrittenOnceAndDownloadedTwice(t *testing.T) {
	o := newOffice(t)
	s := storetest.NewStation(t, "A1")
	s.Write(t, payment(18820, "100417-2", "Maria Alvarez"))
	o.sent(s)
	if w := o.act("/files", "layout", "plain CSV"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("an administrator: status %d", w.Code)
	}
	o.as(book.Finance)
	if w := o.act("/files", "layout", "another"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a layout that is not there: status %d", w.Code)
	}
	if w := o.act("/files", "layout", "plain CSV"); w.Header().Get("Location") != "/files?done=written" {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	shows(t, o.text("/files"), "0 entries since the last file", "plain CSV 1 188.20")
	if w := o.act("/files", "layout", "plain CSV"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "No station has sent anything") {
		t.Errorf("a second one: status %d", w.Code)
	}
	one, two := o.get("/files/1"), o.get("/files/1")
	if one.Code != http.StatusOK || one.Body.String() != two.Body.String() || !strings.Contains(one.Body.String(), "P,100417-2,") ||
		one.Header().Get("Content-Disposition") != `attachment; filename="payments-000001.csv"` {
		t.Errorf("status %d, %v: %s", one.Code, one.Header(), one.Body)
	}
	for _, path := range []string{"/files/2", "/files/0", "/files/x"} {
		if w := o.get(path); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
	w := o.act("/gl", "from", "2020-01-01", "to", "2100-12-31", "as", "sums")
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "A1,") || !strings.Contains(w.Header().Get("Content-Disposition"), "gl-20200101-21001231.csv") {
		t.Errorf("the general ledger: status %d: %s", w.Code, w.Body)
	}
	if w := o.act("/gl", "as", "hledger"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "choose it") {
		t.Errorf("a journal of all stations: status %d", w.Code)
	}
}

// Whatever a customer, a visitor or a station calls itself, it is text on every page.
func TestNamesAreNeverPartOfAPage(t *testing.T) {
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	o := newOffice(t)
	s := storetest.NewStation(t, "A1")
	s.Write(t, payment(500, "1001", evil))
	s.Write(t, ledger.Draft{Kind: cash.KindVoid, Returned: 500, Body: cash.Undone{Of: 2, Cashier: evil, ApproverName: evil, Reason: evil, Total: 500, Parts: []cash.Part{{Account: "1001", Name: evil}}}})
	s.Write(t, ledger.Draft{Kind: cash.KindDrawerOpened, Body: cash.DrawerOpened{Session: "A1-S0001", Drawer: "1", Name: evil, Float: 1, Reason: evil}})
	s.Write(t, ledger.Draft{Kind: "visit.signed_in.v1", Body: map[string]any{"number": "B001", "name": evil, "company": evil, "whom_desk": evil, "person": evil}})
	log := o.sent(s)
	must(t, o.judge.Follow(t.Context()))
	o.act("/enrolment/issue", "name", evil)
	tag := regexp.MustCompile(`(?i)<script|<img|onerror=alert\(1\)>`)
	for _, path := range []string{"/", "/logs/" + log, "/logs/" + log + "/payments", "/logs/" + log + "/visitors", "/logs/" + log + "/entries/2", "/logs/" + log + "/entries/3",
		"/enrolment", "/money", "/takings", "/over-short", "/approvals", "/deposits", "/exceptions", "/watch", "/site", "/files", "/acts"} {
		if found := tag.FindString(o.get(path).Body.String()); found != "" {
			t.Errorf("%s has %s", path, found)
		}
	}
	shows(t, o.text("/site"), "alert(1)", "1 signed in")
}
