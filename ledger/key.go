package ledger

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Signer signs with the station's key, which never leaves the station. It may be
// asked from several goroutines at once.
type Signer interface {
	Public() ed25519.PublicKey
	Sign(message []byte) []byte
}

// Key is a station's Ed25519 key in memory.
type Key struct{ private ed25519.PrivateKey }

// NewKey makes a key from a source of randomness.
func NewKey(random io.Reader) (*Key, error) {
	_, private, err := ed25519.GenerateKey(random)
	if err != nil {
		return nil, fmt.Errorf("make the station's key: %w", err)
	}
	return &Key{private}, nil
}

// Public is the half that central, receipts and auditors check against.
func (k *Key) Public() ed25519.PublicKey { return k.private.Public().(ed25519.PublicKey) }

// Sign signs a message. The caller begins every message with what it is for, so
// that no signature can serve for something else.
func (k *Key) Sign(message []byte) []byte { return ed25519.Sign(k.private, message) }

// LoadKey reads a station's key, or makes and stores one where there is none.
// The file is PKCS 8 in PEM, readable by its owner alone.
func LoadKey(path string, random io.Reader) (*Key, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return createKey(path, random)
	}
	if err != nil {
		return nil, fmt.Errorf("read the station's key: %w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("read the station's key %s: not a PEM file; restore it from the backup of this station", path)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("read the station's key %s: %w", path, err)
	}
	private, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("read the station's key %s: it is not an Ed25519 key", path)
	}
	return &Key{private}, nil
}

func createKey(path string, random io.Reader) (*Key, error) {
	key, err := NewKey(random)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key.private)
	if err != nil {
		return nil, fmt.Errorf("store the station's key: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("store the station's key: %w", err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	temp, err := newBeside(path)
	if err != nil {
		return nil, fmt.Errorf("store the station's key: %w", err)
	}
	defer os.Remove(temp)
	if err := WriteFile(temp, text, 0o600); err != nil {
		return nil, fmt.Errorf("store the station's key: %w", err)
	}
	if err := putInPlace(temp, path); errors.Is(err, os.ErrExist) {
		return LoadKey(path, random) // another program made one at this moment
	} else if err != nil {
		return nil, fmt.Errorf("store the station's key: %w", err)
	}
	return key, nil
}

// newBeside makes an empty file in the folder of path, with a name of its own.
func newBeside(path string) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return "", err
	}
	return f.Name(), f.Close()
}

// putInPlace gives a finished file its name for good, unless something has that
// name: then the error is os.ErrExist.
func putInPlace(temp, path string) error {
	if err := os.Link(temp, path); err != nil {
		return err
	}
	if err := os.Remove(temp); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// WriteFile puts a file in place as a whole or not at all: written beside its
// place, flushed, renamed, and the folder flushed.
func WriteFile(path string, data []byte, mode os.FileMode) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// headMessage is what the signature of a head covers.
func headMessage(log LogID, seq uint64, leaf Leaf) []byte {
	m := append([]byte("gatehouse head 1\x00"), log[:]...)
	m = binary.BigEndian.AppendUint64(m, seq)
	return append(m, leaf[:]...)
}

// SignHead signs the end of a log. The signature covers every entry before it,
// through the chain.
func SignHead(s Signer, log LogID, seq uint64, leaf Leaf) []byte {
	return s.Sign(headMessage(log, seq, leaf))
}

// CheckHead says whether a head was signed with the key.
func CheckHead(key ed25519.PublicKey, log LogID, seq uint64, leaf Leaf, signature []byte) bool {
	return len(key) == ed25519.PublicKeySize && ed25519.Verify(key, headMessage(log, seq, leaf), signature)
}
