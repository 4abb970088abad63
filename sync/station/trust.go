package station

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Trust is how a station knows that it speaks with central, and nobody else: by
// the pins of central's key, by an authority of its own, or by those that the
// system trusts. Everything of a station that speaks with central shares one.
type Trust struct {
	o    TrustOptions
	seen atomic.Int64 // latest time that central signed, microseconds since 1970
}

// TrustOptions is what a Trust is made of.
type TrustOptions struct {
	// Pins are central's keys. A certificate with one of them is central's, whatever
	// else it says: who holds the key may write any date and name.
	Pins []wire.Pin
	// Authorities are the certificates, PEM, of who may vouch for central. Empty:
	// those the system trusts. With pins too, both must be right.
	Authorities []byte
	Clock       ledger.Clock // nil is time.Now
	Built       time.Time    // when this program was made: it cannot be earlier
}

// NewTrust makes a Trust.
func NewTrust(o TrustOptions) (*Trust, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if len(o.Authorities) > 0 && !x509.NewCertPool().AppendCertsFromPEM(o.Authorities) {
		return nil, errors.New("the file of central's authority holds no certificate in PEM")
	}
	return &Trust{o: o}, nil
}

// Saw notes a time that central signed. The station's clock cannot be earlier.
func (t *Trust) Saw(at time.Time) {
	for micro := at.UnixMicro(); ; {
		before := t.seen.Load()
		if micro <= before || t.seen.CompareAndSwap(before, micro) {
			return
		}
	}
}

// Now is the latest of the station's clock, the last time that central signed, and
// when the program was made. A station whose clock starts in 1970 because its
// battery is dead still takes central's certificate; one whose clock was put back
// does not take a certificate that is over.
func (t *Trust) Now() time.Time {
	now := t.o.Clock()
	for _, other := range []time.Time{time.UnixMicro(t.seen.Load()), t.o.Built} {
		if other.After(now) {
			now = other
		}
	}
	return now
}

// Config is for TLS connections to central: 1.3 and nothing older.
func (t *Trust) Config() *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS13, Time: t.Now}
	if len(t.o.Authorities) > 0 {
		c.RootCAs = x509.NewCertPool()
		c.RootCAs.AppendCertsFromPEM(t.o.Authorities)
	}
	if len(t.o.Pins) > 0 {
		// The key is what is trusted, so no authority is asked unless one was named.
		c.InsecureSkipVerify = len(t.o.Authorities) == 0
		c.VerifyConnection = t.checkPin
	}
	return c
}

var errPin = errors.New("what answers at central's address has another key than the one this station was told to trust")

// checkPin is called in every handshake, also in one that goes on with an earlier
// session.
func (t *Trust) checkPin(s tls.ConnectionState) error {
	if len(s.PeerCertificates) == 0 || !wire.Pinned(t.o.Pins, s.PeerCertificates[0]) {
		return errPin
	}
	return nil
}

// Client speaks with central, and with nobody that central points at.
func (t *Trust) Client() *http.Client { return newClient(t.Config(), timeout) }

// newClient speaks with whom config takes, and waits no longer than wait for an answer.
func newClient(config *tls.Config, wait time.Duration) *http.Client {
	return &http.Client{
		Timeout: wait,
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			TLSClientConfig:       config,
			ForceAttemptHTTP2:     true,
			TLSHandshakeTimeout:   handshakeTime,
			IdleConnTimeout:       idleTime,
			MaxIdleConns:          4,
			ResponseHeaderTimeout: wait,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

const (
	handshakeTime = 20 * time.Second
	idleTime      = 90 * time.Second
)

// untrusted is the trouble of an answer that is not central's, nil if the cause is
// another.
func untrusted(cause error) *trouble {
	var certificate *tls.CertificateVerificationError
	if !errors.As(cause, &certificate) && !errors.Is(cause, errPin) {
		return nil
	}
	return &trouble{code: CodeBadAnswer, text: "What answers at central's address cannot prove that it is central. Nothing was sent; everything is kept here. Tell the person who runs central.", cause: fmt.Errorf("TLS: %w", cause)}
}
