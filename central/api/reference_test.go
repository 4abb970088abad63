package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gatehouse/central/store"
	"gatehouse/central/storetest"
	"gatehouse/sync/wire"
)

// published is one manifest with one chunk.
type published struct{ manifest, chunk []byte }

func (p published) Manifest(_ context.Context, feed string) ([]byte, wire.Hash, error) {
	if feed != "customers" {
		return nil, wire.Hash{}, store.ErrNoBlob
	}
	return p.manifest, wire.HashOf(p.manifest), nil
}

func (p published) Chunk(_ context.Context, name wire.Hash) ([]byte, error) {
	if name != wire.HashOf(p.chunk) {
		return nil, store.ErrNoBlob
	}
	return p.chunk, nil
}

func TestReferenceDataIsReadWithATokenAndKeptByItsHash(t *testing.T) {
	d := newDoor(t, code)
	p := published{[]byte("a manifest"), []byte("a chunk")}
	d.References(p)
	s := storetest.NewStation(t, "A1")
	d.enrol(s, code)
	_, token := talk[wire.Token](d, http.MethodPost, wire.PathSession, wire.NewSession(s.Key, s.Book.Identity().Log, d.challenged()))
	get := func(path, token, match string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Authorization", wire.TokenScheme+" "+token)
		r.Header.Set("If-None-Match", match)
		w := httptest.NewRecorder()
		d.ServeHTTP(w, r)
		return w
	}
	chunk, manifest := wire.ChunkPath(wire.HashOf(p.chunk)), wire.ManifestPath("customers")
	for _, row := range []struct {
		path, kind, cache string
		content           []byte
	}{
		{manifest, wire.ManifestType, "private, no-cache", p.manifest},
		{chunk, wire.ChunkType, "private, max-age=31536000, immutable", p.chunk},
	} {
		w := get(row.path, token.Token, "")
		tag := w.Header().Get("ETag")
		if w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), row.content) || w.Header().Get("Content-Type") != row.kind ||
			w.Header().Get("Cache-Control") != row.cache || tag != `"`+wire.HashOf(row.content).String()+`"` {
			t.Errorf("%s: %d %v %q", row.path, w.Code, w.Header(), w.Body)
		}
		if w := get(row.path, token.Token, tag); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
			t.Errorf("%s is sent again: %d", row.path, w.Code)
		}
	}
	if d.LastContact(s.Book.Identity().Log).IsZero() {
		t.Error("who reads was not heard of")
	}
	d.isRevoked = false
	for name, row := range map[string]struct {
		path, token string
		status      int
		problem     wire.Problem
	}{
		"no token for a manifest":   {manifest, "", 401, wire.ProblemToken},
		"no token for a chunk":      {chunk, "", 401, wire.ProblemToken},
		"another feed":              {wire.ManifestPath("staff"), token.Token, 404, wire.ProblemNoReference},
		"no feed":                   {wire.PathManifest, token.Token, 400, wire.ProblemMalformed},
		"a feed that cannot be one": {wire.ManifestPath("..%2F"), token.Token, 400, wire.ProblemMalformed},
		"another chunk":             {wire.ChunkPath(wire.HashOf(p.manifest)), token.Token, 404, wire.ProblemNoReference},
		"not a hash":                {"/v1/reference/chunks/" + strings.Repeat("z", 64), token.Token, 400, wire.ProblemMalformed},
	} {
		w := get(row.path, row.token, "")
		var a wire.Answer
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != row.status || a.Problem != row.problem {
			t.Errorf("%s: %d %s: %v", name, w.Code, w.Body, err)
		}
		if cache := w.Header().Get("Cache-Control"); cache != "no-store" {
			t.Errorf("%s may be kept: %q", name, cache)
		}
	}
	d.isRevoked = true
	if w := get(chunk, token.Token, ""); w.Code != http.StatusForbidden {
		t.Errorf("a revoked station reads: %d", w.Code)
	}
}
