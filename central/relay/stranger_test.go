package relay

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"gatehouse/central/store"
	"gatehouse/central/storetest"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// nobody is a store that knows no log.
type nobody struct{ store.Store }

func (nobody) Log(context.Context, ledger.LogID) (store.Log, error) {
	return store.Log{}, store.ErrUnknownLog
}

type away struct{}

func (away) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("the line is cut")
}

// What strangers ask for leaves nothing in a relay's memory, or they could fill it.
func TestStrangersLeaveNothingBehind(t *testing.T) {
	r, err := Open(Options{Upstream: "http://central.localhost", Path: filepath.Join(t.TempDir(), "outbox.db"),
		Store: nobody{}, Client: &http.Client{Transport: away{}}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	door := r.Door(http.NotFoundHandler())
	for range 3 {
		s := storetest.NewStation(t, "A1")
		text, err := json.Marshal(wire.NewEnrolment(s.Key, "GUESS", s.Entries(t, 1, 1)[0]))
		if err != nil {
			t.Fatal(err)
		}
		answer := httptest.NewRecorder()
		door.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, wire.PathEnrol, bytes.NewReader(text)))
		if answer.Code != http.StatusServiceUnavailable {
			t.Errorf("an enrolment without the line is answered %d %s", answer.Code, answer.Body)
		}
		if u := r.Upstream(s.Book.Identity().Log); u.Head != nil || u.Problem != "" {
			t.Errorf("upstream of a log nobody knows: %+v", u)
		}
	}
	if len(r.logs) != 0 {
		t.Errorf("%d logs of strangers are in memory", len(r.logs))
	}
}
