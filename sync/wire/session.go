package wire

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io"

	"gatehouse/ledger"
)

// Challenge is what central gives a station to sign, so that it may read.
type Challenge struct {
	Challenge []byte `json:"challenge"`
}

// Session is a station's answer to a challenge: central gives it a token.
type Session struct {
	Log       string `json:"log"`
	Challenge []byte `json:"challenge"`
	Proof     []byte `json:"proof"` // the challenge and the log, signed with the station's key
}

// Token lets a station read for some minutes.
type Token struct {
	Token   string `json:"token"`
	Seconds int    `json:"seconds"` // that it is good for, from now: a station's clock may be wrong
}

// TokenScheme is the scheme of the header Authorization that carries a token.
const TokenScheme = "Gatehouse"

// Bounds of them.
const (
	maxChallenge = 128
	MaxSession   = 2 << 10
)

func sessionMessage(log ledger.LogID, challenge []byte) []byte {
	m := append([]byte("gatehouse session 1\x00"), log[:]...)
	return append(m, challenge...)
}

// NewSession answers a challenge.
func NewSession(s ledger.Signer, log ledger.LogID, c Challenge) Session {
	return Session{Log: log.String(), Challenge: c.Challenge, Proof: s.Sign(sessionMessage(log, c.Challenge))}
}

// ReadSession reads an answer to a challenge, and no more than MaxSession bytes.
func ReadSession(from io.Reader) (Session, ledger.LogID, error) {
	var s Session
	if err := readJSON(from, MaxSession, &s); err != nil {
		return s, ledger.LogID{}, err
	}
	log, err := ledger.ParseLogID(s.Log)
	if err != nil {
		return s, log, fmt.Errorf("%v: %w", err, ErrMalformed)
	}
	if len(s.Challenge) == 0 || len(s.Challenge) > maxChallenge {
		return s, log, fmt.Errorf("a challenge of %d bytes: %w", len(s.Challenge), ErrMalformed)
	}
	return s, log, nil
}

// Check says whether the key answered. Whether the challenge was central's own is
// central's to know.
func (s Session) Check(key ed25519.PublicKey, log ledger.LogID) error {
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, sessionMessage(log, s.Challenge), s.Proof) {
		return fmt.Errorf("answer to a challenge: %w", ErrSignature)
	}
	return nil
}

// ReadChallenge reads central's challenge.
func ReadChallenge(from io.Reader) (c Challenge, err error) {
	if err = readJSON(from, MaxSession, &c); err == nil && (len(c.Challenge) == 0 || len(c.Challenge) > maxChallenge) {
		err = fmt.Errorf("a challenge of %d bytes: %w", len(c.Challenge), ErrMalformed)
	}
	return c, err
}

// ReadToken reads central's token.
func ReadToken(from io.Reader) (t Token, err error) {
	if err = readJSON(from, MaxSession, &t); err == nil && t.Token == "" {
		err = fmt.Errorf("an answer without a token: %w", ErrMalformed)
	}
	return t, err
}

func readJSON(from io.Reader, most int64, v any) error {
	text, err := io.ReadAll(io.LimitReader(from, most+1))
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if int64(len(text)) > most {
		return fmt.Errorf("more than %d bytes: %w", most, ErrSize)
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("%v: %w", err, ErrMalformed)
	}
	return nil
}
