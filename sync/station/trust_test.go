package station_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"gatehouse/sync/station"
	"gatehouse/sync/wire"
)

// day counts from the day of the tests.
func day(n int) time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).AddDate(0, 0, n) }

func newTLSKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	return key
}

// certificate is for central.example, from one day to another. It is signed by
// itself, or by an authority.
func certificate(t *testing.T, key *ecdsa.PrivateKey, from, until int, by *x509.Certificate, byKey crypto.Signer) (tls.Certificate, *x509.Certificate) {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "central"}, DNSNames: []string{"central.example"},
		NotBefore: day(from), NotAfter: day(until), BasicConstraintsValid: true, IsCA: by == nil, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	if by == nil {
		by, byKey = template, key
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, by, key.Public(), byKey)
	must(t, err)
	parsed, err := x509.ParseCertificate(raw)
	must(t, err)
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}, parsed
}

// shake lets a station and a server meet.
func shake(t *testing.T, trust *station.Trust, server *tls.Config) error {
	t.Helper()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", server)
	must(t, err)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		c, err := listener.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		c.(*tls.Conn).HandshakeContext(t.Context())
	}()
	c := trust.Config()
	c.ServerName = "central.example"
	client, err := tls.Dial("tcp", listener.Addr().String(), c)
	if err == nil {
		client.Close()
	}
	listener.Close()
	<-ended
	return err
}

func TestWhomAStationTakesForCentral(t *testing.T) {
	key, other := newTLSKey(t), newTLSKey(t)
	own, parsed := certificate(t, key, -10, 10, nil, nil)
	_, stranger := certificate(t, other, -10, 10, nil, nil)
	renewed, _ := certificate(t, key, 300, 400, nil, nil)
	over, _ := certificate(t, key, -100, -50, nil, nil)
	authority, authorityCert := certificate(t, other, -1000, 1000, nil, nil)
	vouched, _ := certificate(t, key, -10, 10, authorityCert, authority.PrivateKey.(crypto.Signer))
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authorityCert.Raw})
	pin, wrong := wire.PinOf(parsed), wire.PinOf(stranger)
	for name, test := range map[string]struct {
		trust   station.TrustOptions
		saw     time.Time
		clock   time.Time
		server  tls.Certificate
		most    uint16 // TLS version
		refused bool
	}{
		"the system does not know it": {server: own, refused: true},
		"its pin":                     {trust: station.TrustOptions{Pins: []wire.Pin{pin}}, server: own},
		"the second of two pins":      {trust: station.TrustOptions{Pins: []wire.Pin{wrong, pin}}, server: own},
		"another key":                 {trust: station.TrustOptions{Pins: []wire.Pin{wrong}}, server: own, refused: true},
		"a certificate made anew with the same key": {trust: station.TrustOptions{Pins: []wire.Pin{pin}}, server: renewed},
		"pinned, and over":                          {trust: station.TrustOptions{Pins: []wire.Pin{pin}}, server: over},
		"its authority":                             {trust: station.TrustOptions{Authorities: text}, server: vouched},
		"not of the authority":                      {trust: station.TrustOptions{Authorities: text}, server: own, refused: true},
		"authority and pin":                         {trust: station.TrustOptions{Authorities: text, Pins: []wire.Pin{pin}}, server: vouched},
		"authority right, pin wrong":                {trust: station.TrustOptions{Authorities: text, Pins: []wire.Pin{wrong}}, server: vouched, refused: true},
		"pin right, authority wrong":                {trust: station.TrustOptions{Authorities: text, Pins: []wire.Pin{pin}}, server: own, refused: true},
		"TLS 1.2":                                   {trust: station.TrustOptions{Pins: []wire.Pin{pin}}, server: own, most: tls.VersionTLS12, refused: true},
		"clock in 1970":                             {trust: station.TrustOptions{Authorities: text}, clock: time.Unix(0, 0), server: vouched, refused: true},
		"clock in 1970, central's time is known":    {trust: station.TrustOptions{Authorities: text}, clock: time.Unix(0, 0), saw: day(-1), server: vouched},
		"clock in 1970, a program of last week":     {trust: station.TrustOptions{Authorities: text, Built: day(-7)}, clock: time.Unix(0, 0), server: vouched},
		"clock put back to when it was good":        {trust: station.TrustOptions{Authorities: text}, clock: day(0), saw: day(11), server: vouched, refused: true},
	} {
		t.Run(name, func(t *testing.T) {
			clock := test.clock
			if clock.IsZero() {
				clock = day(0)
			}
			test.trust.Clock = func() time.Time { return clock }
			trust, err := station.NewTrust(test.trust)
			must(t, err)
			if !test.saw.IsZero() {
				trust.Saw(test.saw)
				trust.Saw(day(-500)) // an old word does not take the newer back
			}
			err = shake(t, trust, &tls.Config{Certificates: []tls.Certificate{test.server}, MaxVersion: test.most})
			if (err != nil) != test.refused {
				t.Errorf("refused %v: %v", err != nil, err)
			}
		})
	}
	if _, err := station.NewTrust(station.TrustOptions{Authorities: []byte("no certificate")}); err == nil {
		t.Error("an authority without a certificate was taken")
	}
}
