package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gatehouse/drivers/emulator"
)

// The panel has a button for each action, and says how things stand.
func TestThePanelHasEveryAction(t *testing.T) {
	p := start(t, nil)
	look := func() string {
		answer := httptest.NewRecorder()
		p.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/", nil))
		if answer.Code != http.StatusOK {
			t.Fatalf("the panel answers %d", answer.Code)
		}
		return answer.Body.String()
	}
	page := look()
	for _, a := range emulator.Actions() {
		if a != "power" && !strings.Contains(page, `formaction="/`+a+`"`) { // power is off and on in one
			t.Errorf("there is no button for %s", a)
		}
	}
	for action, says := range map[string]string{
		"paper/out": "offline: no paper", "cover/open": "offline: cover open", "power/off": "switched off", "unplug": "unplugged",
	} {
		if strings.Contains(page, says) {
			t.Errorf("it says %q of a printer that is well", says)
		}
		p = start(t, nil)
		if err := p.Do(action); err != nil {
			t.Fatal(err)
		}
		if now := look(); !strings.Contains(now, says) || !strings.HasSuffix(strings.TrimSpace(now), "</script>") {
			t.Errorf("after %s it does not say %q", action, says)
		}
	}
}
