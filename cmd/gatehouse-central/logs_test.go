package main_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gatehouse/central/storetest"
	main "gatehouse/cmd/gatehouse-central"
	"gatehouse/ledger"
	"gatehouse/sync/station"
	"gatehouse/sync/wire"
)

// logged keeps what the program logs.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// token proves a station's key and returns what central gives for that.
func token(t *testing.T, url string, s *storetest.Station) string {
	t.Helper()
	response, err := http.Get(url + wire.PathChallenge)
	must(t, err)
	defer response.Body.Close()
	challenge, err := wire.ReadChallenge(response.Body)
	must(t, err)
	text, err := json.Marshal(wire.NewSession(s.Key, s.Book.Identity().Log, challenge))
	must(t, err)
	answer, err := http.Post(url+wire.PathSession, "application/json", bytes.NewReader(text))
	must(t, err)
	defer answer.Body.Close()
	token, err := wire.ReadToken(answer.Body)
	must(t, err)
	return token.Token
}

// TestLogsHoldNoSecrets: at the most talkative level, in both forms, through a
// day of what can go right and wrong.
func TestLogsHoldNoSecrets(t *testing.T) {
	for _, form := range []string{"text", "json"} {
		t.Run(form, func(t *testing.T) {
			data, m := forked(t), startMail(t, "BLUE-HERON")
			code := issue(t, data)
			secrets := map[string]string{"an enrolment code": code, "a wrong code": "RED-HERON-42", "the mail server's password": "GREY-HERON-43",
				"a code in an address": "PINK-HERON-44", "an operator's password": "WHITE-HERON-45", "a wrong token": "BLACK-HERON-46",
				"a customer's name": "Ana Ruiz-Heron", "a PIN": "739164"}
			setUp, err := os.ReadFile(filepath.Join(data, "console-setup-code"))
			must(t, err)
			secrets["the code of the set-up"], secrets["an administrator's password"] = strings.TrimSpace(string(setUp)), "copper kettle"
			address, log, stop := running(t, data, append(m.settings("GREY-HERON-43"), "--log", form)...)
			at := "http://" + address

			s := storetest.NewStation(t, "B1")
			f, stopFollower := follow(t, s, station.Options{URL: at, Code: "RED-HERON-42"})
			until(t, f, "refused", func(st station.State) bool { return st.Code == station.CodeBadCode })
			stopFollower()
			s.Write(t, ledger.Draft{Kind: "visit.signed_in.v1", Body: map[string]any{"name": "Ana Ruiz-Heron", "pin": "739164"}})
			f, stopFollower = follow(t, s, station.Options{URL: at, Code: code})
			until(t, f, "carried", carried(s))
			stopFollower()
			secrets["a token"] = token(t, at, s)
			for _, bearer := range []string{secrets["a token"], "BLACK-HERON-46"} {
				r, err := http.NewRequest(http.MethodGet, at+"/v1/reference?code=PINK-HERON-44", nil)
				must(t, err)
				r.Header.Set("Authorization", wire.TokenScheme+" "+bearer)
				r.Header.Set("Cookie", "session="+bearer)
				drop(t, r)
			}
			for _, path := range []string{"/sign-in", "/", wire.PathEnrol, wire.PathSession} {
				form := url.Values{"name": {"rosa"}, "password": {"WHITE-HERON-45"}, "pin": {"739164"}, "code": {"PINK-HERON-44"}}
				r, err := http.NewRequest(http.MethodPost, at+path+"?"+form.Encode(), strings.NewReader(form.Encode()))
				must(t, err)
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				drop(t, r)
			}
			consoleAt(t, &central{url: at, data: data})
			<-m.refused
			stop()
			text := log.String()
			for _, want := range []string{"station enrolled", "batch taken", "refused", "letter not sent"} {
				if !strings.Contains(text, want) {
					t.Errorf("the log does not tell of %q, so this test proves little:\n%s", want, text)
				}
			}
			for what, secret := range secrets {
				if strings.Contains(strings.ToUpper(text), strings.ToUpper(secret)) || strings.Contains(text, url.QueryEscape(secret)) {
					t.Errorf("the log shows %s:\n%s", what, text)
				}
			}
		})
	}
}

func drop(t *testing.T, r *http.Request) {
	t.Helper()
	response, err := http.DefaultClient.Do(r)
	must(t, err)
	defer response.Body.Close()
	io.Copy(io.Discard, response.Body)
}

// TestAPasswordOfTheDatabaseIsInNoError, whatever is wrong with its URL.
func TestAPasswordOfTheDatabaseIsInNoError(t *testing.T) {
	for _, url := range []string{
		"postgres://central:BLUE-HERON@127.0.0.1:1/central",
		"postgres://central:BLUE-HERON@127.0.0.1:x/central",
		"postgres://central:BLUE-HERON@127.0.0.1:1/central?sslmode=perhaps",
		"postgres://127.0.0.1:1/central?user=central&password=BLUE-HERON",
		"postgres://central:BLUE-HERON@[::1/central",
		"mysql://central:BLUE-HERON@127.0.0.1:1/central",
		"postgres://central:%zzBLUE-HERON@127.0.0.1:1/central",
	} {
		var log logged
		m := main.Main{Log: slog.New(slog.NewTextHandler(&log, nil)), Getenv: environment}
		err := m.Run(t.Context(), []string{"--data", t.TempDir(), "--listen", "127.0.0.1:0", "--metrics-listen", "off", "--store", url})
		if err == nil || strings.Contains(err.Error()+log.String(), "BLUE-HERON") {
			t.Errorf("%s: %v; logged %s", url, err, log.String())
		}
	}
}
