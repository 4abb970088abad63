package certificate

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync"
	"time"

	"gatehouse/ledger"
)

// lookEvery is how often the files are looked at, at most.
const lookEvery = time.Minute

// Files is a certificate that somebody else keeps, in two files in PEM. When they
// change it is read again, so that a renewal needs no restart. Its methods may be
// called from any goroutine.
type Files struct {
	cert, key string
	clock     ledger.Clock

	mu     sync.Mutex // guards what follows
	looked time.Time
	stamp  time.Time // of the certificate's file when it was read
	now    *tls.Certificate
}

// OpenFiles reads certificate and key. A nil clock is time.Now.
func OpenFiles(cert, key string, clock ledger.Clock) (*Files, error) {
	if clock == nil {
		clock = time.Now
	}
	f := &Files{cert: cert, key: key, clock: clock}
	if err := f.read(); err != nil {
		return nil, fmt.Errorf("the TLS certificate: %w", err)
	}
	f.looked = clock()
	return f, nil
}

// Get is for tls.Config.GetCertificate. While new files cannot be read, the old
// certificate serves on.
func (f *Files) Get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.clock(); now.Sub(f.looked) >= lookEvery {
		f.looked = now
		if info, err := os.Stat(f.cert); err == nil && !info.ModTime().Equal(f.stamp) {
			// The two files may be changed one after the other: the next look gets them.
			_ = f.read()
		}
	}
	return f.now, nil
}

func (f *Files) read() error {
	info, err := os.Stat(f.cert)
	if err != nil {
		return err
	}
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return err
	}
	f.now, f.stamp = &pair, info.ModTime()
	return nil
}
