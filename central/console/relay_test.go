package console_test

import (
	"net/http"
	"strings"
	"testing"

	"gatehouse/central/book"
	"gatehouse/central/storetest"
)

// A payment that a relay and central both wrote to a file would be billed twice.
func TestARelayHasNoPageOfWhatCentralAloneDoes(t *testing.T) {
	o := openOffice(t, true)
	o.hire("ana", book.Administrator)
	o.signIn("ana")
	o.sent(storetest.NewStation(t, "A1"))
	paths := []string{"/files", "/files/1", "/gl", "/reference", "/reference/drafts/x", "/enrolment"}
	for _, path := range paths {
		if w := o.get(path); w.Code != http.StatusNotFound {
			t.Errorf("GET %s: %d", path, w.Code)
		}
	}
	for _, role := range []book.Role{book.Administrator, book.Finance} {
		o.as(role)
		for _, path := range []string{"/files", "/gl", "/reference/read", "/reference/drafts/x", "/enrolment/issue", "/enrolment/withdraw"} {
			if w := o.act(path, "for", "kiosk"); w.Code != http.StatusNotFound && w.Code != http.StatusMethodNotAllowed {
				t.Errorf("POST %s by %s: %d", path, role, w.Code)
			}
		}
	}
	for _, page := range []string{"/", "/staff", "/people", "/money", "/exceptions"} {
		text := o.get(page).Body.String()
		for _, path := range paths {
			if strings.Contains(text, `href="`+path+`"`) {
				t.Errorf("%s leads to %s", page, path)
			}
		}
	}
	central := newOffice(t)
	for _, path := range []string{"/files", "/gl", "/reference", "/enrolment"} {
		if w := central.get(path); w.Code != http.StatusOK || !strings.Contains(central.get("/").Body.String()+w.Body.String(), `href="`+path+`"`) {
			t.Errorf("central itself, GET %s: %d", path, w.Code)
		}
	}
}
