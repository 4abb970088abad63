package console

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/http"
	"time"

	"gatehouse/ledger"
)

// idleTime is how long a browser may be left alone before it has to sign in again.
// When it was last used is sealed into its cookie: no request writes to the store for
// it. The session itself ends after a shift, whatever happens (central/book).
const idleTime = 30 * time.Minute

// renewAfter is how old the time in a cookie may get before it is written anew.
const renewAfter = time.Minute

// newSeal makes the cipher of cookies from central's key, the same in each process
// that has it. An Ed25519 signature is always the same for one message, and nobody
// else can make it.
func newSeal(s ledger.Signer) (cipher.AEAD, error) {
	key := sha256.Sum256(s.Sign([]byte("gatehouse console cookie 1\x00")))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, fmt.Errorf("prepare to seal cookies: %w", err)
	}
	return cipher.NewGCM(block)
}

// cookieName binds the cookie to this host wherever TLS lets it, after RFC 6265bis,
// section 4.1.3.2.
func cookieName(r *http.Request) string {
	if r.TLS != nil {
		return "__Host-gatehouse"
	}
	return "gatehouse"
}

// setCookie gives the browser its session, as of now. An empty token takes it away.
func (c *Console) setCookie(w http.ResponseWriter, r *http.Request, token string) {
	cookie := &http.Cookie{Name: cookieName(r), Path: "/", HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode}
	if token == "" {
		cookie.MaxAge = -1
	} else {
		nonce := make([]byte, c.seal.NonceSize())
		rand.Read(nonce)
		plain := binary.BigEndian.AppendUint64(nil, uint64(c.o.Clock().UnixMicro()))
		sealed := c.seal.Seal(nonce, nonce, append(plain, token...), nil)
		cookie.Value = base64.RawURLEncoding.EncodeToString(sealed)
	}
	http.SetCookie(w, cookie)
}

// maxCookie bounds what is unsealed.
const maxCookie = 1024

// readCookie finds the token of a browser's session and when it was last used. One
// that was left alone for too long, or that central did not seal, has none.
func (c *Console) readCookie(r *http.Request) (token string, used time.Time, ok bool) {
	cookie, err := r.Cookie(cookieName(r))
	if err != nil || len(cookie.Value) > maxCookie {
		return "", time.Time{}, false
	}
	sealed, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil || len(sealed) < c.seal.NonceSize() {
		return "", time.Time{}, false
	}
	nonce := sealed[:c.seal.NonceSize()]
	plain, err := c.seal.Open(nil, nonce, sealed[len(nonce):], nil)
	if err != nil || len(plain) < 8 {
		return "", time.Time{}, false
	}
	used = time.UnixMicro(int64(binary.BigEndian.Uint64(plain)))
	if c.o.Clock().Sub(used) >= idleTime {
		return "", time.Time{}, false
	}
	return string(plain[8:]), used, true
}
