package main_test

import (
	"strings"
	"testing"

	"gatehouse/central/storetest"
	"gatehouse/ledger"
	"gatehouse/sync/station"
)

// TestANameFromOutsideIsOnlyTextOnThePages: a visitor types it at a kiosk in the
// lobby, and an operator of central reads it.
func TestANameFromOutsideIsOnlyTextOnThePages(t *testing.T) {
	c := start(t, t.TempDir())
	s := storetest.NewStation(t, "K1")
	hostile := []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'onmouseover='alert(1)`, "javascript:alert(1)", "</title><svg/onload=alert(1)>"}
	for _, name := range hostile {
		s.Write(t, ledger.Draft{Kind: "visit.signed_in.v1", Body: map[string]any{"name": name, "visitor": name, "company": name}})
	}
	f, _ := follow(t, s, station.Options{URL: c.url, Code: c.code})
	until(t, f, "carried", carried(s))
	log := c.url + "/logs/" + s.Book.Identity().Log.String()
	browser := signedInAt(t, c)
	page := func(url string) string { return pageIn(t, browser, url) }
	visitors := page(log + "/visitors")
	if !strings.Contains(visitors, "&lt;script&gt;alert(1)&lt;/script&gt;") {
		t.Fatalf("the name is not shown, so this test proves nothing:\n%s", visitors)
	}
	for _, text := range []string{visitors, page(c.url), page(log), page(log + "/entries/2")} {
		for _, bad := range []string{"<script>alert", "<img src=x", "<svg/onload", "'onmouseover='", `href="javascript:`} {
			if strings.Contains(text, bad) {
				t.Errorf("a page runs %q:\n%s", bad, text)
			}
		}
	}
}
