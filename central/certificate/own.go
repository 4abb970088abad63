package certificate

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Names of the files in central's folder.
const (
	KeyFile  = "tls.key"
	CertFile = "tls.crt"
)

// How long a certificate lasts, and when before its end the next one is made.
const (
	lasts  = 2 * 365 * 24 * time.Hour
	before = 90 * 24 * time.Hour
	// A station whose clock is a little behind takes a new certificate too.
	slack = 48 * time.Hour
)

// maxFile is more than a key or a certificate of ours has, in bytes.
const maxFile = 64 << 10

// Options is what an Own is opened with.
type Options struct {
	Folder string       // where key and certificate are kept
	Names  []string     // host names and addresses that stations use; empty ones do not count
	Clock  ledger.Clock // nil is time.Now
}

// Own is central's self-signed certificate. Its methods may be called from any
// goroutine.
type Own struct {
	o   Options
	key *ecdsa.PrivateKey

	mu   sync.Mutex // guards what follows
	cert *tls.Certificate
}

// Open reads key and certificate from the folder. What is not there is made; a
// certificate that is nearly over, or for other names, is made anew with the same
// key. A key that cannot be read is an error and stays as it is: without it no pin
// would hold any more.
func Open(o Options) (*Own, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	o.Names = slices.DeleteFunc(slices.Clone(o.Names), func(n string) bool { return n == "" })
	slices.Sort(o.Names)
	o.Names = slices.Compact(o.Names)
	own := &Own{o: o}
	var err error
	if own.key, err = loadKey(filepath.Join(o.Folder, KeyFile)); err != nil {
		return nil, fmt.Errorf("central's TLS key: %w", err)
	}
	if kept, err := own.load(); err == nil && own.fits(kept) {
		own.cert = kept
		return own, nil
	}
	if err := own.renew(); err != nil {
		return nil, err
	}
	return own, nil
}

// Pin is the pin of the key.
func (o *Own) Pin() wire.Pin {
	o.mu.Lock()
	defer o.mu.Unlock()
	return wire.PinOf(o.cert.Leaf)
}

// Get is for tls.Config.GetCertificate. It makes the certificate anew when its end
// is near; if that fails the one there is serves on.
func (o *Own) Get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.o.Clock().After(o.cert.Leaf.NotAfter.Add(-before)) {
		if err := o.renew(); err != nil && o.o.Clock().After(o.cert.Leaf.NotAfter) {
			return nil, err
		}
	}
	return o.cert, nil
}

// fits says whether a certificate is of this key, for these names, and not nearly
// over.
func (o *Own) fits(c *tls.Certificate) bool {
	now := o.o.Clock()
	var names []string
	names = append(names, c.Leaf.DNSNames...)
	for _, ip := range c.Leaf.IPAddresses {
		names = append(names, ip.String())
	}
	slices.Sort(names)
	return o.key.PublicKey.Equal(c.Leaf.PublicKey) && slices.Equal(names, o.o.Names) &&
		now.After(c.Leaf.NotBefore) && now.Before(c.Leaf.NotAfter.Add(-before))
}

func (o *Own) load() (*tls.Certificate, error) {
	raw, err := readPEM(filepath.Join(o.o.Folder, CertFile), "CERTIFICATE")
	if err != nil {
		return nil, err
	}
	return o.with(raw)
}

func (o *Own) with(raw []byte) (*tls.Certificate, error) {
	leaf, err := x509.ParseCertificate(raw)
	if err != nil {
		return nil, fmt.Errorf("read central's certificate: %w", err)
	}
	return &tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: o.key, Leaf: leaf}, nil
}

// renew makes a certificate and keeps it.
func (o *Own) renew() error {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return fmt.Errorf("make central's certificate: %w", err)
	}
	now := o.o.Clock()
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "Gatehouse central"},
		NotBefore: now.Add(-slack), NotAfter: now.Add(lasts),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	for _, name := range o.o.Names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, o.key.Public(), o.key)
	if err != nil {
		return fmt.Errorf("make central's certificate: %w", err)
	}
	made, err := o.with(raw)
	if err != nil {
		return err
	}
	if err := writePEM(filepath.Join(o.o.Folder, CertFile), "CERTIFICATE", raw, 0o644); err != nil {
		return fmt.Errorf("keep central's certificate: %w", err)
	}
	o.cert = made
	return nil
}

// loadKey reads the key, or makes it where there is no file.
func loadKey(path string) (*ecdsa.PrivateKey, error) {
	raw, err := readPEM(path, "PRIVATE KEY")
	if errors.Is(err, fs.ErrNotExist) {
		return newKey(path)
	}
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s: want an ECDSA key", path)
	}
	return key, nil
}

func newKey(path string) (*ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return key, writePEM(path, "PRIVATE KEY", raw, 0o600)
}

func readPEM(path, kind string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text := make([]byte, maxFile)
	n, err := f.Read(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	block, _ := pem.Decode(text[:n])
	if block == nil || block.Type != kind {
		return nil, fmt.Errorf("%s: want a %s in PEM", path, kind)
	}
	return block.Bytes, nil
}

// writePEM puts a file in its place as a whole.
func writePEM(path, kind string, raw []byte, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	err = errors.Join(f.Chmod(mode), pem.Encode(f, &pem.Block{Type: kind, Bytes: raw}), f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
