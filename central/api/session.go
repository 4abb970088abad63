package api

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// A station that reads proves that it holds its key, by signing a challenge, and
// gets a token. Both carry a seal made from central's key, so that any central
// process knows what another one gave out, and nothing is stored.

const (
	challengeTime = 2 * time.Minute
	tokenTime     = 15 * time.Minute
)

var (
	errToken   = errors.New("the token is missing, over or not central's: ask for a new one")
	errRevoked = errors.New("this station was revoked at central")
)

// tokens seals and opens challenges and tokens.
type tokens struct{ secret [32]byte }

// newTokens makes the secret of the seal: the same for the same key, and known
// to nobody who does not hold it.
func newTokens(s ledger.Signer) tokens {
	return tokens{sha256.Sum256(s.Sign([]byte("gatehouse central tokens 1\x00")))}
}

// seal makes 8 bytes of time, the payload, and a MAC over what it is for.
func (t tokens) seal(use string, until time.Time, payload []byte) []byte {
	out := binary.BigEndian.AppendUint64(nil, uint64(until.UnixMicro()))
	out = append(out, payload...)
	return append(out, t.mac(use, out)...)
}

func (t tokens) mac(use string, of []byte) []byte {
	m := hmac.New(sha256.New, t.secret[:])
	m.Write([]byte(use + "\x00"))
	m.Write(of)
	return m.Sum(nil)
}

// open returns the payload of what seal made, if it is not over.
func (t tokens) open(use string, now time.Time, sealed []byte) ([]byte, bool) {
	if len(sealed) < 8+sha256.Size {
		return nil, false
	}
	body, mac := sealed[:len(sealed)-sha256.Size], sealed[len(sealed)-sha256.Size:]
	if !hmac.Equal(mac, t.mac(use, body)) {
		return nil, false
	}
	return body[8:], uint64(now.UnixMicro()) < binary.BigEndian.Uint64(body[:8])
}

// challenge gives a station something to sign.
func (a *API) challenge(w http.ResponseWriter, r *http.Request) {
	nonce := make([]byte, 16)
	rand.Read(nonce) // never fails
	a.give(w, wire.Challenge{Challenge: a.tokens.seal("challenge", a.o.Clock().Add(challengeTime), nonce)})
}

// session gives a station a token for its answer.
func (a *API) session(w http.ResponseWriter, r *http.Request) {
	s, id, err := wire.ReadSession(http.MaxBytesReader(w, r.Body, wire.MaxSession+1))
	if err != nil {
		a.refuse(w, r, id, err)
		return
	}
	now := a.o.Clock()
	if _, ok := a.tokens.open("challenge", now, s.Challenge); !ok {
		a.refuse(w, r, id, errToken)
		return
	}
	log, err := a.o.Store.Log(r.Context(), id)
	if err != nil {
		a.refuse(w, r, id, err)
		return
	}
	if err := s.Check(log.Identity.Key, id); err != nil {
		a.refuse(w, r, id, err)
		return
	}
	if err := a.trusted(r.Context(), id); err != nil {
		a.refuse(w, r, id, err)
		return
	}
	a.contacts.note(id, now)
	token := a.tokens.seal("token", now.Add(tokenTime), id[:])
	a.give(w, wire.Token{Token: base64.RawURLEncoding.EncodeToString(token), Seconds: int(tokenTime / time.Second)})
}

// Authorize says which station's log a request is for, by its token. A station
// that was revoked has no token that counts.
func (a *API) Authorize(r *http.Request) (ledger.LogID, error) {
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if scheme != wire.TokenScheme || len(text) > 200 {
		return ledger.LogID{}, errToken
	}
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return ledger.LogID{}, errToken
	}
	payload, ok := a.tokens.open("token", a.o.Clock(), sealed)
	if !ok || len(payload) != len(ledger.LogID{}) {
		return ledger.LogID{}, errToken
	}
	id := ledger.LogID(payload)
	return id, a.trusted(r.Context(), id)
}

// trusted is an error for a station that was revoked.
func (a *API) trusted(ctx context.Context, id ledger.LogID) error {
	revoked, err := a.o.Office.Revoked(ctx, id)
	if err == nil && revoked {
		err = errRevoked
	}
	return err
}

// give answers with something that is no Answer.
func (a *API) give(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		a.o.Log.Warn("an answer was cut off", "err", err)
	}
}
