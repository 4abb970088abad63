package api

import (
	"context"
	"net/http"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// References is where reference data for stations comes from: central/reference, or
// what a relay keeps of it. The error of both is store.ErrNoBlob for what is not there.
type References interface {
	// Manifest is the signed manifest of a feed in force, with the hash of its bytes.
	Manifest(ctx context.Context, feed string) ([]byte, wire.Hash, error)
	// Chunk is a piece of a feed.
	Chunk(ctx context.Context, name wire.Hash) ([]byte, error)
}

type references struct {
	*API
	from References
}

// References opens the paths with which stations read reference data. A station needs
// a token for them.
func (a *API) References(from References) {
	r := references{a, from}
	a.mux.HandleFunc("GET "+wire.PathManifest, r.manifest)
	a.mux.HandleFunc("GET "+wire.PathChunk, r.chunk)
}

// manifest answers with the manifest in force, or that the station has it already.
func (r references) manifest(w http.ResponseWriter, q *http.Request) {
	id, err := r.Authorize(q)
	feed := q.URL.Query().Get("feed")
	if err == nil {
		err = wire.CheckFeed(feed)
	}
	var signed []byte
	var name wire.Hash
	if err == nil {
		signed, name, err = r.from.Manifest(q.Context(), feed)
	}
	if err != nil {
		r.refuse(w, q, id, err)
		return
	}
	r.contacts.note(id, r.o.Clock())
	w.Header().Set("Cache-Control", "private, no-cache") // kept, but asked for each time
	r.content(w, q, id, name, wire.ManifestType, signed)
}

// chunk answers with a chunk. Its name is the hash of its bytes, so it never changes.
func (r references) chunk(w http.ResponseWriter, q *http.Request) {
	id, err := r.Authorize(q)
	var name wire.Hash
	if err == nil {
		name, err = wire.ParseHash(q.PathValue("sha256"))
	}
	var packed []byte
	if err == nil {
		packed, err = r.from.Chunk(q.Context(), name)
	}
	if err != nil {
		r.refuse(w, q, id, err)
		return
	}
	w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	r.content(w, q, id, name, wire.ChunkType, packed)
}

func (r references) content(w http.ResponseWriter, q *http.Request, id ledger.LogID, name wire.Hash, kind string, bytes []byte) {
	tag := `"` + name.String() + `"`
	w.Header().Set("ETag", tag)
	if q.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", kind)
	if _, err := w.Write(bytes); err != nil {
		r.o.Log.Debug("an answer was cut off", "log", id, "err", err)
	}
}
