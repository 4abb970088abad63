package console_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"gatehouse/central/book"
	"gatehouse/central/storetest"
	"gatehouse/sync/wire"
)

func TestACodeIsShownOnceAndWithdrawn(t *testing.T) {
	o := newOffice(t)
	w := o.act("/enrolment/issue", "name", "kiosk in the <b>lobby</b>")
	code := regexp.MustCompile(`[0-9A-Z]{4}(-[0-9A-Z]{1,4}){4}`).FindString(w.Body.String())
	if _, ok := wire.ReadCode(code); !ok {
		t.Fatalf("no code on the page: %s", w.Body)
	}
	page := o.get("/enrolment").Body.String()
	lacks(t, page, code, "<b>lobby")
	shows(t, o.text("/enrolment"), "kiosk in the <b>lobby</b> ana", "24 h", "Withdraw")
	key := regexp.MustCompile(`name="code" value="([0-9a-f]{64})"`).FindStringSubmatch(page)
	if w := o.act("/enrolment/withdraw", "code", key[1]); w.Header().Get("Location") != "/enrolment?done=withdrawn" {
		t.Fatalf("withdraw: status %d", w.Code)
	}
	shows(t, o.text("/enrolment?done=withdrawn"), "The code is withdrawn.", "No code is out")
	for _, key := range []string{key[1], "", "zz"} {
		if w := o.act("/enrolment/withdraw", "code", key); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "used or over") {
			t.Errorf("withdraw %q: status %d", key, w.Code)
		}
	}
	if w := o.act("/enrolment/issue", "name", " "); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `aria-invalid="true"`) {
		t.Errorf("a code for nothing: status %d", w.Code)
	}
}

func TestAStationIsRevokedAndApprovedWithAReason(t *testing.T) {
	o := newOffice(t)
	s := storetest.NewStation(t, "A1")
	log := o.sent(s)
	at := "/logs/" + log + "/standing"
	if w := o.act(at, "stand", "revoke", "reason", ""); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Say why") {
		t.Errorf("without a reason: status %d", w.Code)
	}
	if w := o.act(at, "stand", "revoke", "reason", "the laptop was stolen"); w.Header().Get("Location") != at+"?done=revoked" {
		t.Fatalf("revoke: status %d", w.Code)
	}
	shows(t, o.text(at+"?done=revoked"), "What it sends from now on is kept apart", "revoked By ana", "the laptop was stolen", "Approve station A1")
	shows(t, o.text("/"), "A1 revoked")
	if w := o.act(at, "stand", "approve", "reason", "found under the seat"); w.Code != http.StatusSeeOther {
		t.Fatalf("approve: status %d", w.Code)
	}
	shows(t, o.text(at), "approved By ana", "found under the seat", "Revoke station A1")
	o.as(book.Auditor)
	lacks(t, o.text(at), "Revoke station A1")
	if w := o.act(at, "stand", "revoke", "reason", "because"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Your role may not do this") {
		t.Errorf("an auditor: status %d", w.Code)
	}
}

func TestBothSidesOfAForkStandBesideEachOther(t *testing.T) {
	o := newOffice(t)
	s := storetest.NewStation(t, "A1")
	s.Write(t, payment(10000, "1001", "Ana"))
	clone := s.Clone(t)
	here := s.Write(t, payment(20000, "1001", "Ana"))
	came := clone.Write(t, payment(30000, "1001", "Ana"))
	clone.Write(t, payment(40000, "1001", "Ana"))
	log := o.sent(s)
	for _, b := range []struct{ from, count int }{{3, 1}, {3, 2}, {2, 3}} { // it sends the same again, with more
		if _, err := o.kept.Append(t.Context(), clone.Batch(t, uint64(b.from), b.count)); err == nil {
			t.Fatal("the clone's entry was taken")
		}
	}
	text := o.text("/logs/" + log + "/standing")
	shows(t, text, "2 payments and corrections only in them", "700.00 dollars they come to", "fork",
		string(here.ReceiptNo("A1"))+" 200.00", string(came.ReceiptNo("A1"))+" 300.00", here.Leaf.String()[:8], came.Leaf.String()[:8],
		"nothing", "400.00", "the same", "For a human")
}
