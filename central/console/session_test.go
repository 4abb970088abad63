package console_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"gatehouse/central/book"
	"gatehouse/central/console"
	"gatehouse/central/storetest"
)

func TestTheFirstAdministratorIsMadeWithTheCodeInTheFile(t *testing.T) {
	o := emptyOffice(t)
	about, err := os.Stat(o.setup)
	must(t, err)
	if about.Mode().Perm() != 0o600 {
		t.Errorf("others may read the code: %s", about.Mode())
	}
	text, err := os.ReadFile(o.setup)
	must(t, err)
	code := strings.TrimSpace(string(text))
	if w := o.get("/"); w.Header().Get("Location") != "/setup" {
		t.Errorf("an empty central leads to %s", w.Header().Get("Location"))
	}
	shows(t, o.text("/setup"), "console-setup-code", "at least 15 characters")
	lacks(t, o.get("/setup").Body.String(), code)
	for _, row := range []struct{ what, code, name, one, two, want string }{
		{"a wrong code", "AAAA", "ana", password, password, "This is not the code in the file."},
		{"no code", "", "ana", password, password, "This is not the code in the file."},
		{"two passwords", code, "ana", password, password + "x", "not the same"},
		{"a short one", code, "ana", "short", "short", "at least 15 characters"},
		{"no name", code, "Ana L", password, password, "small letters"},
	} {
		w := o.post("/setup", "code", row.code, "name", row.name, "password", row.one, "password_again", row.two)
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), row.want) {
			t.Errorf("%s: status %d: %s", row.what, w.Code, w.Body)
		}
		lacks(t, w.Body.String(), password)
	}
	if w := o.post("/setup", "code", " "+strings.ToLower(code)+" ", "name", "ana", "password", password, "password_again", password); w.Header().Get("Location") != "/sign-in?done=begun" {
		t.Fatalf("the right code: status %d: %s", w.Code, w.Body)
	}
	if _, err := os.Stat(o.setup); !os.IsNotExist(err) {
		t.Errorf("the code is still there: %v", err)
	}
	must(t, os.WriteFile(o.setup, []byte(code), 0o600)) // as a copy of the folder would have it
	if w := o.post("/setup", "code", code, "name", "zoe", "password", password, "password_again", password); w.Code == http.StatusSeeOther && w.Header().Get("Location") != "/sign-in" {
		t.Errorf("the code was used twice: %s", w.Header().Get("Location"))
	}
	o.signIn("ana")
	shows(t, o.text("/people"), "ana administrator", "may sign in")
	lacks(t, o.text("/people"), "zoe")
}

func TestNobodySeesAPageUnlessSignedIn(t *testing.T) {
	o := newOffice(t)
	s := storetest.NewStation(t, "A1")
	log := o.sent(s)
	o.cookie = nil
	for _, path := range []string{"/", "/logs/" + log, "/logs/" + log + "/entries/1", "/people", "/enrolment", "/nowhere"} {
		w := o.get(path)
		if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/sign-in") {
			t.Errorf("%s: status %d, to %s", path, w.Code, w.Header().Get("Location"))
		}
	}
	if w := o.get("/people"); w.Header().Get("Location") != "/sign-in?to=%2Fpeople" {
		t.Errorf("the way back is lost: %s", w.Header().Get("Location"))
	}
	if w := o.post("/enrolment/issue", "name", "kiosk"); w.Code != http.StatusSeeOther {
		t.Errorf("an act: status %d", w.Code)
	}
}

func TestAWrongPasswordIsToldWithoutSayingWhichIsWrong(t *testing.T) {
	o := newOffice(t)
	o.cookie = nil
	one, two := o.post("/sign-in", "name", "ana", "password", "no"), o.post("/sign-in", "name", "eve", "password", "no")
	for _, w := range []*httptest.ResponseRecorder{one, two} {
		if w.Code != http.StatusUnprocessableEntity || len(w.Result().Cookies()) != 0 || !strings.Contains(w.Body.String(), "do not belong together") {
			t.Errorf("status %d: %s", w.Code, w.Body)
		}
	}
	if w := o.get("/sign-in?to=//evil.example/"); !strings.Contains(w.Body.String(), `name="to" value="/"`) {
		t.Error("the door leads to another site")
	}
}

func TestASessionEndsWhenItIsLeftAloneOrSignedOut(t *testing.T) {
	o := newOffice(t)
	open := func() bool { return o.get("/people").Code == http.StatusOK }
	o.now = o.now.Add(30*time.Minute - time.Second)
	w := o.get("/people")
	if w.Code != http.StatusOK || len(w.Result().Cookies()) != 1 {
		t.Fatalf("within half an hour: status %d, cookies %v", w.Code, w.Result().Cookies())
	}
	kept := o.cookie
	o.cookie = w.Result().Cookies()[0]
	o.now = o.now.Add(2 * time.Minute)
	if w := o.get("/?again"); w.Code != http.StatusOK || len(w.Result().Cookies()) != 0 {
		t.Errorf("a page that loads itself keeps the session alive: status %d", w.Code)
	}
	if !open() {
		t.Error("use did not keep the session")
	}
	fresh := o.cookie
	o.cookie = kept
	if open() {
		t.Error("the old cookie still serves")
	}
	spoilt := []byte(fresh.Value)
	spoilt[8] ^= 1 // another letter or digit: it decodes to other bytes
	o.cookie = &http.Cookie{Name: fresh.Name, Value: string(spoilt)}
	if open() {
		t.Error("a spoilt cookie serves")
	}
	o.cookie = fresh
	if w := o.act("/sign-out"); w.Header().Get("Location") != "/sign-in?done=signedout" {
		t.Fatalf("sign out: status %d", w.Code)
	}
	if open() {
		t.Error("the cookie serves after signing out")
	}
	o.signIn("ana")
	for range 17 { // every half hour, through a shift
		o.now = o.now.Add(29 * time.Minute)
		if w := o.get("/people"); len(w.Result().Cookies()) == 1 {
			o.cookie = w.Result().Cookies()[0]
		}
	}
	if open() {
		t.Error("a session outlives a shift")
	}
}

func TestCookies(t *testing.T) {
	o := newOffice(t)
	if c := o.cookie; c.Name != "gatehouse" || !c.HttpOnly || c.Secure || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.MaxAge != 0 {
		t.Errorf("in clear on loopback: %+v", c)
	}
	r := httptest.NewRequest(http.MethodPost, "https://central.example/sign-in", strings.NewReader("name=ana&password="+strings.ReplaceAll(password, " ", "+")))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.RemoteAddr, r.TLS = "10.0.0.7:4000", &tls.ConnectionState{}
	w := httptest.NewRecorder()
	o.pages.ServeHTTP(w, r)
	if len(w.Result().Cookies()) != 1 {
		t.Fatalf("through TLS from elsewhere: status %d: %s", w.Code, w.Body)
	}
	if c := w.Result().Cookies()[0]; c.Name != "__Host-gatehouse" || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" {
		t.Errorf("through TLS: %+v", c)
	}
}

func TestAnActNeedsItsSessionsTokenAndThisSite(t *testing.T) {
	o := newOffice(t)
	for _, token := range []string{"", "x", strings.Repeat("A", 22)} {
		if w := o.post("/enrolment/issue", "name", "kiosk", "form", token); w.Code != http.StatusForbidden {
			t.Errorf("with the token %q: status %d", token, w.Code)
		}
	}
	for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
		r := httptest.NewRequest(http.MethodPost, "/enrolment/issue", strings.NewReader("name=kiosk&form="+o.token()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set(name, value)
		if w := o.send(r); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "another site") {
			t.Errorf("%s %s: status %d", name, value, w.Code)
		}
	}
	if w := o.post("/enrolment/issue", "name", strings.Repeat("x", 70<<10), "form", o.token()); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a form of 70 KiB: status %d", w.Code)
	}
	shows(t, o.text("/enrolment"), "No code is out")
}

func TestEveryRoleDoesWhatItsRightsAllow(t *testing.T) {
	for _, role := range book.Roles() {
		t.Run(string(role), func(t *testing.T) {
			o := newOffice(t).as(role)
			w := o.act("/enrolment/issue", "name", "kiosk")
			if done := w.Code == http.StatusOK; done != role.May(book.MayEnrol) {
				t.Errorf("issue a code: status %d", w.Code)
			}
			if form := strings.Contains(o.get("/enrolment").Body.String(), "Issue a code"); form != role.May(book.MayEnrol) {
				t.Errorf("the form is shown: %v", form)
			}
			w = o.act("/people", "name", "eve", "role", "auditor", "password", password, "password_again", password)
			if done := w.Code == http.StatusSeeOther; done != role.May(book.MayOperators) {
				t.Errorf("set an operator: status %d", w.Code)
			}
			for _, old := range []string{"", "some other person's password"} {
				w = o.act("/people", "name", string(role), "role", string(role), "old", old, "password", "seven herons by the weir", "password_again", "seven herons by the weir")
				if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `id="old" name="old" type="password" autocomplete="current-password" required maxlength="200" aria-invalid="true"`) {
					t.Errorf("one's own password with the old one %q: status %d", old, w.Code)
				}
			}
			w = o.act("/people", "name", string(role), "role", string(role), "old", password, "password", "seven herons by the weir", "password_again", "seven herons by the weir")
			if w.Code != http.StatusSeeOther {
				t.Errorf("one's own password: status %d: %s", w.Code, w.Body)
			}
			if o.get("/people").Code == http.StatusOK {
				t.Error("a session with the old password goes on")
			}
		})
	}
}

func TestNoPageShowsAPasswordsHash(t *testing.T) {
	o := newOffice(t)
	own := o.book.Log().String()
	for _, path := range []string{"/logs/" + own, "/logs/" + own + "/entries/2", "/logs/" + own + "/entries/3"} {
		lacks(t, o.get(path).Body.String(), "argon2id")
	}
	shows(t, o.text("/logs/"+own+"/entries/2"), "central.operator_set.v1", `"hash": "not shown"`, `"name": "ana"`)
	shows(t, o.text("/logs/"+own+"/entries/3"), "central.signed_in.v1", `"session": "not shown"`, `"from": "127.0.0.1"`)
}

func TestASetUpThatIsOverLeavesNoCode(t *testing.T) {
	o := newOffice(t)
	if _, err := os.Stat(o.setup); err != nil {
		t.Fatalf("the test begins with a code: %v", err)
	}
	if _, err := console.New(console.Options{Store: o.kept, Book: o.book, Signer: storetest.NewStation(t, "Z9").Key, SetupFile: o.setup}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(o.setup); !os.IsNotExist(err) {
		t.Errorf("the next start leaves the code: %v", err)
	}
}
