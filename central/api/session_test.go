package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"gatehouse/central/storetest"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// talk asks and reads what is no Answer.
func talk[T any](d *door, method, path string, body any) (int, T) {
	d.t.Helper()
	text, err := json.Marshal(body)
	must(d.t, err)
	w := httptest.NewRecorder()
	d.ServeHTTP(w, httptest.NewRequest(method, path, bytes.NewReader(text)))
	var out T
	must(d.t, json.Unmarshal(w.Body.Bytes(), &out))
	return w.Code, out
}

func (d *door) challenged() wire.Challenge {
	d.t.Helper()
	status, c := talk[wire.Challenge](d, http.MethodGet, wire.PathChallenge, nil)
	if status != http.StatusOK || len(c.Challenge) == 0 {
		d.t.Fatalf("challenge: %d", status)
	}
	return c
}

// reads says whether a token lets its bearer read, and whose it is.
func (d *door) reads(token string) (ledger.LogID, bool) {
	r := httptest.NewRequest(http.MethodGet, "/v1/reference", nil)
	r.Header.Set("Authorization", wire.TokenScheme+" "+token)
	log, err := d.Authorize(r)
	return log, err == nil
}

func TestAStationThatProvesItsKeyMayRead(t *testing.T) {
	d := newDoor(t, code)
	s := storetest.NewStation(t, "A1")
	d.enrol(s, code)
	log := s.Book.Identity().Log
	status, token := talk[wire.Token](d, http.MethodPost, wire.PathSession, wire.NewSession(s.Key, log, d.challenged()))
	if status != http.StatusOK || token.Seconds != 900 {
		t.Fatalf("session: %d %+v", status, token)
	}
	if whose, ok := d.reads(token.Token); !ok || whose != log {
		t.Errorf("the token is of log %s, %v", whose, ok)
	}
	// Another process with the same key takes it too; one with another does not.
	second := newDoor(t, code)
	second.isRevoked = false
	if _, ok := second.reads(token.Token); !ok {
		t.Error("another process with the same key does not take it")
	}
	for i := range token.Token {
		spoilt := []byte(token.Token)
		spoilt[i] ^= 1
		if _, ok := d.reads(string(spoilt)); ok && i < len(spoilt)-1 { // the last character has bits that do not count
			t.Fatalf("a token with character %d altered is taken", i)
		}
	}
	d.isRevoked = true
	if _, ok := d.reads(token.Token); ok {
		t.Error("a revoked station reads")
	}
	d.isRevoked = false
	d.now = d.now.Add(15*time.Minute - time.Second)
	if _, ok := d.reads(token.Token); !ok {
		t.Error("the token is over too early")
	}
	d.now = d.now.Add(time.Second)
	if _, ok := d.reads(token.Token); ok {
		t.Error("the token is never over")
	}
}

func TestWhoProvesNothingMayNotRead(t *testing.T) {
	d := newDoor(t, code)
	s, other := storetest.NewStation(t, "A1"), storetest.NewStation(t, "B2")
	d.enrol(s, code)
	log := s.Book.Identity().Log
	late := d.challenged()
	d.now = d.now.Add(2 * time.Minute)
	forged := d.challenged()
	forged.Challenge[3] ^= 1
	revoked := func(is bool) func() { return func() { d.isRevoked = is } }
	for _, row := range []struct {
		what    string
		session wire.Session
		before  func()
		status  int
		problem wire.Problem
	}{
		{"another's key", wire.NewSession(other.Key, log, d.challenged()), nil, 403, wire.ProblemSignature},
		{"a log that nobody knows", wire.NewSession(other.Key, other.Book.Identity().Log, d.challenged()), nil, 404, wire.ProblemUnknownLog},
		{"a challenge that is over", wire.NewSession(s.Key, log, late), nil, 401, wire.ProblemToken},
		{"a challenge of its own making", wire.NewSession(s.Key, log, forged), nil, 401, wire.ProblemToken},
		{"no challenge", wire.NewSession(s.Key, log, wire.Challenge{}), nil, 400, wire.ProblemMalformed},
		{"an endless challenge", wire.NewSession(s.Key, log, wire.Challenge{Challenge: make([]byte, 500)}), nil, 400, wire.ProblemMalformed},
		{"revoked", wire.NewSession(s.Key, log, d.challenged()), revoked(true), 403, wire.ProblemRevoked},
	} {
		if row.before != nil {
			row.before()
		}
		status, a := talk[wire.Answer](d, http.MethodPost, wire.PathSession, row.session)
		if status != row.status || a.Problem != row.problem {
			t.Errorf("%s: %d %s (%s)", row.what, status, a.Problem, a.Text)
		}
	}
	revoked(false)()
	// A challenge is no token.
	c := d.challenged()
	if _, ok := d.reads(string(c.Challenge)); ok {
		t.Error("a challenge is taken for a token")
	}
	for _, header := range []string{"", "Bearer x", "Gatehouse", "Gatehouse !!"} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Authorization", header)
		if _, err := d.Authorize(r); err == nil {
			t.Errorf("%q is taken for a token", header)
		}
	}
}
