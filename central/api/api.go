package api

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"gatehouse/central/store"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Options is what the API is made of.
type Options struct {
	Store  store.Store
	Signer ledger.Signer // central's own key, for heads
	Office Office
	// Upstream is what a relay knows of the real central; nil at central itself.
	Upstream func(ledger.LogID) *wire.Upstream
	Meter    Meter        // nil counts nothing
	Clock    ledger.Clock // nil is time.Now
	Log      *slog.Logger // nil is silent
}

// Office is what people at central decided about stations: central/book.
type Office interface {
	// Admit lets a station in with a code; a *ledger.Refusal if it does not.
	Admit(ctx context.Context, code string, id ledger.Identity) error
	// Readmit enters that a station is known by central's own signature.
	Readmit(ctx context.Context, id ledger.Identity) error
	// Revoked says whether a person revoked the station.
	Revoked(ctx context.Context, log ledger.LogID) (bool, error)
}

// Meter counts what happens at the door: central/meter.
type Meter interface {
	// Taken is a batch that is on disk: its entries, those that were there already
	// included, its bytes compressed, and how long a station waited for the answer.
	Taken(entries, bytes int, took time.Duration)
	// Refused is a request that was not taken.
	Refused(wire.Problem)
}

// uncounted is a Meter.
type uncounted struct{}

func (uncounted) Taken(int, int, time.Duration) {}
func (uncounted) Refused(wire.Problem)          {}

// API answers stations. It is an http.Handler for the paths of sync/wire and
// /healthz and /readyz.
type API struct {
	o        Options
	mux      *http.ServeMux
	contacts contacts
	wrong    guesses
	tokens   tokens
}

// New makes the API.
func New(o Options) (*API, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Meter == nil {
		o.Meter = uncounted{}
	}
	if o.Store == nil || o.Signer == nil || o.Office == nil {
		return nil, errors.New("central needs a store, a key and an office")
	}
	a := &API{o: o, mux: http.NewServeMux(), tokens: newTokens(o.Signer)}
	a.contacts.seen = make(map[ledger.LogID]time.Time)
	a.mux.HandleFunc("POST "+wire.PathEnrol, a.enrol)
	a.mux.HandleFunc("GET "+wire.PathHead, a.head)
	a.mux.HandleFunc("POST "+wire.PathAppend, a.batch(a.take))
	a.mux.HandleFunc("POST "+wire.PathShow, a.batch(a.see))
	a.mux.HandleFunc("GET "+wire.PathChallenge, a.challenge)
	a.mux.HandleFunc("POST "+wire.PathSession, a.session)
	a.mux.HandleFunc("GET /healthz", a.alive)
	a.mux.HandleFunc("GET /readyz", a.ready)
	return a, nil
}

func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	a.mux.ServeHTTP(w, r)
}

// LastContact is when a log's station last spoke to this process, zero if it
// has not since the process began.
func (a *API) LastContact(log ledger.LogID) time.Time { return a.contacts.last(log) }

// alive says that this process answers. A store that is away is no reason to start
// it again.
func (a *API) alive(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, "ok\n")
}

// ready says whether the store answers, so that stations may be sent here.
func (a *API) ready(w http.ResponseWriter, r *http.Request) {
	if _, err := a.o.Store.Log(r.Context(), ledger.LogID{}); !errors.Is(err, store.ErrUnknownLog) {
		a.o.Log.Error("the store does not answer", "err", err)
		http.Error(w, "the store does not answer", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, "ok\n")
}

// enrol makes a log known.
func (a *API) enrol(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, wire.MaxEnrolment))
	if err != nil {
		a.refuse(w, r, ledger.LogID{}, bodyError(err))
		return
	}
	n, err := wire.ReadEnrolment(text)
	if err != nil {
		a.refuse(w, r, ledger.LogID{}, err)
		return
	}
	first, id, err := n.Open()
	if err != nil {
		a.refuse(w, r, first.Log, err)
		return
	}
	if err := a.admit(r, n, id); err != nil {
		a.refuse(w, r, first.Log, err)
		return
	}
	log, err := a.o.Store.Enrol(r.Context(), first)
	if err != nil {
		a.refuse(w, r, first.Log, err)
		return
	}
	a.o.Log.Info("station enrolled", "station", id.Station, "log", id.Log, "head", log.Head.Seq, "from", r.RemoteAddr)
	a.answer(w, log, wire.Answer{Key: a.o.Signer.Public()})
}

var (
	errCode = errors.New("the enrolment code is not right")
	errBusy = errors.New("too many wrong enrolment codes; wait a minute")
)

// admit lets a station in: one that central has, one that central's own signature
// vouches for, or one with a code. Guessing is slowed down.
func (a *API) admit(r *http.Request, n wire.Enrolment, id ledger.Identity) error {
	ctx := r.Context()
	if _, err := a.o.Store.Log(ctx, id.Log); err == nil {
		return nil // its first answer was lost
	} else if !errors.Is(err, store.ErrUnknownLog) {
		return err
	}
	if n.Known != nil && n.Known.Check(ed25519.PublicKey(a.o.Signer.Public()), id.Log) == nil {
		return a.o.Office.Readmit(ctx, id)
	}
	now := a.o.Clock()
	if a.wrong.full(r.RemoteAddr, now) {
		return errBusy
	}
	err := a.o.Office.Admit(ctx, n.Code, id)
	if _, refused := ledger.AsRefusal(err); refused {
		a.wrong.note(r.RemoteAddr, now)
		return errCode
	}
	return err
}

// head says how far a log is here.
func (a *API) head(w http.ResponseWriter, r *http.Request) {
	id, err := ledger.ParseLogID(r.PathValue("log"))
	if err != nil {
		a.refuse(w, r, id, store.ErrUnknownLog)
		return
	}
	log, err := a.o.Store.Log(r.Context(), id)
	if err != nil {
		a.refuse(w, r, id, err)
		return
	}
	a.answer(w, log, wire.Answer{})
}

// batch reads a batch and has it dealt with.
func (a *API) batch(deal func(context.Context, wire.Batch) (store.Log, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		began := a.o.Clock()
		id, err := ledger.ParseLogID(r.PathValue("log"))
		if err != nil {
			a.refuse(w, r, id, store.ErrUnknownLog)
			return
		}
		header, err := wire.ReadHeader(id, r.Header)
		if err != nil {
			a.refuse(w, r, id, err)
			return
		}
		packed, err := io.ReadAll(http.MaxBytesReader(w, r.Body, wire.MaxPacked))
		if err != nil {
			a.refuse(w, r, id, bodyError(err))
			return
		}
		log, err := deal(r.Context(), wire.Batch{Header: header, Packed: packed})
		if err != nil {
			a.refuse(w, r, id, err)
			return
		}
		a.o.Meter.Taken(header.Count, len(packed), a.o.Clock().Sub(began))
		a.o.Log.Debug("batch taken", "station", log.Identity.Station, "log", id, "from", header.From, "count", header.Count, "bytes", len(packed), "head", log.Head.Seq)
		a.answer(w, log, wire.Answer{})
	}
}

// take stores a batch, or keeps it apart if its station was revoked.
func (a *API) take(ctx context.Context, batch wire.Batch) (store.Log, error) {
	revoked, err := a.o.Office.Revoked(ctx, batch.Header.Log)
	if err != nil {
		return store.Log{}, err
	}
	if revoked {
		return store.Log{}, a.o.Store.Keep(ctx, batch, wire.ProblemRevoked)
	}
	return a.o.Store.Append(ctx, batch)
}

// see takes a batch that a station shows of its side of a fork. What would be a gap in
// an honest log goes on from what was shown before, and is kept apart like it.
func (a *API) see(ctx context.Context, batch wire.Batch) (store.Log, error) {
	log, err := a.take(ctx, batch)
	var conflict *store.Conflict
	if errors.As(err, &conflict) && conflict.Problem == wire.ProblemGap {
		return log, a.o.Store.Keep(ctx, batch, wire.ProblemFork)
	}
	return log, err
}

// bodyError tells a body that is too large from one that was cut off.
func bodyError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return fmt.Errorf("more than %d bytes: %w", tooLarge.Limit, wire.ErrSize)
	}
	return fmt.Errorf("the request was cut off: %v: %w", err, wire.ErrMalformed)
}

// answer sends central's word for the end of a log.
func (a *API) answer(w http.ResponseWriter, log store.Log, with wire.Answer) {
	now := a.o.Clock()
	a.contacts.note(log.ID, now)
	head := wire.Countersign(a.o.Signer, log.ID, log.Head.Seq, log.Head.Leaf, now)
	with.Head = &head
	a.addUpstream(&with, log.ID)
	a.send(w, http.StatusOK, with)
}

// addUpstream adds what a relay knows of the real central.
func (a *API) addUpstream(to *wire.Answer, log ledger.LogID) {
	if a.o.Upstream != nil {
		to.Upstream = a.o.Upstream(log)
	}
}

// refuse answers an error, and says it to the log.
func (a *API) refuse(w http.ResponseWriter, r *http.Request, id ledger.LogID, err error) {
	problem, status := problemOf(err)
	a.o.Meter.Refused(problem)
	if problem == wire.ProblemBusy {
		w.Header().Set("Retry-After", "60")
	}
	out := wire.Answer{Problem: problem, Text: err.Error()}
	level := slog.LevelWarn
	var conflict *store.Conflict
	switch {
	case errors.As(err, &conflict):
		now := a.o.Clock()
		a.contacts.note(id, now)
		head := wire.Countersign(a.o.Signer, id, conflict.Log.Head.Seq, conflict.Log.Head.Leaf, now)
		out.Head = &head
		a.addUpstream(&out, id)
		if problem != wire.ProblemGap {
			out.Full = conflict.Log.Evidence > store.MaxEvidence
			level = slog.LevelError // a person has to look
		}
	case problem == wire.ProblemStore:
		// The cause is central's own affair, and may name its files.
		level, out.Text = slog.LevelError, "central could not store this now; it is safe to send it again"
	}
	a.o.Log.Log(r.Context(), level, "refused", "path", r.URL.Path, "log", id, "problem", problem, "err", err, "from", r.RemoteAddr)
	a.send(w, status, out)
}

// problemOf says which problem an error is, and with which status it travels.
func problemOf(err error) (wire.Problem, int) {
	var conflict *store.Conflict
	switch {
	case errors.As(err, &conflict):
		if conflict.Problem == wire.ProblemMalformed {
			return wire.ProblemMalformed, http.StatusBadRequest
		}
		if conflict.Problem == wire.ProblemRevoked {
			return wire.ProblemRevoked, http.StatusForbidden
		}
		return conflict.Problem, http.StatusConflict
	case errors.Is(err, errCode):
		return wire.ProblemCode, http.StatusForbidden
	case errors.Is(err, errToken):
		return wire.ProblemToken, http.StatusUnauthorized
	case errors.Is(err, errRevoked):
		return wire.ProblemRevoked, http.StatusForbidden
	case errors.Is(err, errBusy):
		return wire.ProblemBusy, http.StatusTooManyRequests
	case errors.Is(err, store.ErrUnknownLog):
		return wire.ProblemUnknownLog, http.StatusNotFound
	case errors.Is(err, store.ErrNoBlob):
		return wire.ProblemNoReference, http.StatusNotFound
	case errors.Is(err, store.ErrOtherKey):
		return wire.ProblemOtherKey, http.StatusForbidden
	case errors.Is(err, wire.ErrSignature):
		return wire.ProblemSignature, http.StatusForbidden
	case errors.Is(err, wire.ErrSize):
		return wire.ProblemSize, http.StatusRequestEntityTooLarge
	case errors.Is(err, ledger.ErrTooNew):
		return wire.ProblemTooNew, http.StatusBadRequest
	case errors.Is(err, wire.ErrMalformed):
		return wire.ProblemMalformed, http.StatusBadRequest
	}
	return wire.ProblemStore, http.StatusServiceUnavailable
}

func (a *API) send(w http.ResponseWriter, status int, answer wire.Answer) {
	if len(answer.Text) > 500 {
		answer.Text = answer.Text[:500]
	}
	text, err := json.Marshal(answer)
	if err != nil {
		a.o.Log.Error("write an answer", "err", err)
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(append(text, '\n'))
}
