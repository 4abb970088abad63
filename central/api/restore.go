package api

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"gatehouse/central/store"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Restorer says which log a code reads back: central/book. A *ledger.Refusal if
// it reads none.
type Restorer interface {
	Restore(ctx context.Context, code string, claim []byte) (ledger.LogID, error)
}

// restoreTime is how long a log may be read back with one token: a large one on a
// bad line.
const restoreTime = time.Hour

// pageStep is how many entries are read at once, so that large ones do not pile
// up in memory.
const pageStep = 200

// restores is the door for reading logs back.
type restores struct {
	*API
	from  Restorer
	codec *wire.Codec
}

// Restores opens the paths with which a log is read back.
func (a *API) Restores(from Restorer) error {
	codec, err := wire.NewCodec()
	if err != nil {
		return err
	}
	r := restores{a, from, codec}
	a.mux.HandleFunc("POST "+wire.PathRestore, r.begin)
	a.mux.HandleFunc("GET "+wire.PathEntries, r.page)
	return nil
}

// begin gives a token for a code. Guessing is slowed down as with enrolments.
func (r restores) begin(w http.ResponseWriter, q *http.Request) {
	in, err := wire.ReadRestore(http.MaxBytesReader(w, q.Body, wire.MaxSession))
	if err != nil {
		r.refuse(w, q, ledger.LogID{}, err)
		return
	}
	now := r.o.Clock()
	if r.wrong.full(q.RemoteAddr, now) {
		r.refuse(w, q, ledger.LogID{}, errBusy)
		return
	}
	id, err := r.from.Restore(q.Context(), in.Code, in.Claim)
	if _, refused := ledger.AsRefusal(err); refused {
		r.wrong.note(q.RemoteAddr, now)
		err = errCode
	}
	var log store.Log
	if err == nil {
		log, err = r.o.Store.Log(q.Context(), id)
	}
	if err != nil {
		r.refuse(w, q, id, err)
		return
	}
	r.o.Log.Warn("a log is read back", "station", log.Identity.Station, "log", id, "from", q.RemoteAddr)
	r.give(w, wire.Restored{Log: id.String(), Seconds: int(restoreTime / time.Second), Key: r.o.Signer.Public(),
		Token: base64.RawURLEncoding.EncodeToString(r.tokens.seal("restore", now.Add(restoreTime), id[:])),
		Head:  wire.Countersign(r.o.Signer, id, log.Head.Seq, log.Head.Leaf, now)})
}

// page gives entries of the log that the token is for.
func (r restores) page(w http.ResponseWriter, q *http.Request) {
	id, err := ledger.ParseLogID(q.PathValue("log"))
	if err != nil {
		r.refuse(w, q, id, store.ErrUnknownLog)
		return
	}
	scheme, text, _ := strings.Cut(q.Header.Get("Authorization"), " ")
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || scheme != wire.TokenScheme || len(text) > 200 {
		r.refuse(w, q, id, errToken)
		return
	}
	if payload, ok := r.tokens.open("restore", r.o.Clock(), sealed); !ok || string(payload) != string(id[:]) {
		r.refuse(w, q, id, errToken)
		return
	}
	from, err := strconv.ParseUint(q.URL.Query().Get("from"), 10, 63)
	if err != nil || from == 0 {
		r.refuse(w, q, id, errors.Join(wire.ErrMalformed, err))
		return
	}
	entries, err := r.read(q.Context(), id, from)
	if err != nil {
		r.refuse(w, q, id, err)
		return
	}
	if len(entries) == 0 {
		w.WriteHeader(http.StatusNoContent) // the log ends before
		return
	}
	batch, err := r.codec.Pack(r.o.Signer, entries)
	if err != nil {
		r.refuse(w, q, id, err)
		return
	}
	batch.Header.Set(w.Header())
	w.Header().Set("Content-Type", wire.ContentType)
	if _, err := w.Write(batch.Packed); err != nil {
		r.o.Log.Warn("an answer was cut off", "err", err)
	}
}

// read reads as many entries as one batch holds.
func (r restores) read(ctx context.Context, id ledger.LogID, from uint64) ([]ledger.Entry, error) {
	var out []ledger.Entry
	for raw := 0; raw < wire.MaxRaw && len(out) < wire.MaxEntries; {
		more, err := r.o.Store.Entries(ctx, id, from+uint64(len(out)), pageStep)
		if err != nil {
			return nil, err
		}
		for i := range more {
			raw += len(more[i].Raw)
			out = append(out, more[i].Entry)
		}
		if len(more) < pageStep {
			break
		}
	}
	return out, nil
}
