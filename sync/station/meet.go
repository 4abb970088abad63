package station

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"gatehouse/sync/wire"
)

// Met is what answered at an address that a person typed.
type Met struct {
	Plain   bool     // without TLS: it has no key that could be compared
	Pin     wire.Pin // of its key
	Vouched bool     // an authority that the system trusts vouches for it
}

// Meet asks whether a central, or a relay of one, answers at an address, and what key it
// has. Nothing of the station is sent: who answers is not known yet.
func Meet(ctx context.Context, address string, insecure bool) (Met, error) {
	if err := CheckAddress(address, insecure); err != nil {
		return Met{}, err
	}
	met := Met{Plain: true}
	config := &tls.Config{
		MinVersion:         tls.VersionTLS13,
		InsecureSkipVerify: true, // a person is to compare the pin; what vouches for it is found out below
		VerifyConnection: func(s tls.ConnectionState) error {
			met = metOf(s)
			return nil
		},
	}
	client := newClient(config, meetTime)
	defer client.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(address, "/")+wire.PathChallenge, nil)
	if err != nil {
		return Met{}, fmt.Errorf("ask %s: %w", address, err)
	}
	response, err := client.Do(request)
	if err != nil {
		return Met{}, fmt.Errorf("ask central: %w", err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(io.LimitReader(response.Body, wire.MaxSession+1))
	if err != nil {
		return Met{}, fmt.Errorf("read what answers at %s: %w", address, err)
	}
	if _, err := wire.ReadChallenge(bytes.NewReader(content)); response.StatusCode != http.StatusOK || err != nil {
		return Met{}, fmt.Errorf("what answers at %s is not central (%s)", address, response.Status)
	}
	return met, nil
}

const meetTime = 20 * time.Second

func metOf(s tls.ConnectionState) Met {
	met := Met{Pin: wire.PinOf(s.PeerCertificates[0])}
	between := x509.NewCertPool()
	for _, c := range s.PeerCertificates[1:] {
		between.AddCert(c)
	}
	_, err := s.PeerCertificates[0].Verify(x509.VerifyOptions{DNSName: s.ServerName, Intermediates: between})
	met.Vouched = err == nil
	return met
}
