package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"gatehouse/ledger"
)

func keyVerb() verb {
	return verb{name: "key show", args: "FILE", short: "print the public half of a station's key",
		long: `Prints the public half of a station's key in hexadecimal: what verify and
"receipt check" want as --key. The file is the station's own station.key, or a
public key in PEM. The secret half is never printed.`,
		run: func(_ context.Context, c *call) error {
			args, err := c.parse(1, 1)
			if err != nil {
				return err
			}
			key, err := readPublicKey(args[0])
			if err == nil {
				fmt.Fprintln(c.Stdout, hex.EncodeToString(key))
			}
			return err
		}}
}

// maxKeyFile bounds a file with a key.
const maxKeyFile = 64 << 10

// readPublicKey reads a public key: 64 hexadecimal digits, or a file with them,
// with a public key in PEM, or with a station's own key.
func readPublicKey(given string) (ed25519.PublicKey, error) {
	if key, ok := hexKey(given); ok {
		return key, nil
	}
	text, err := readBounded(given, maxKeyFile)
	if err != nil {
		return nil, fmt.Errorf("read the key: %w", err)
	}
	if key, ok := hexKey(strings.TrimSpace(string(text))); ok {
		return key, nil
	}
	if block, _ := pem.Decode(text); block != nil {
		if key, ok := pemKey(block); ok {
			return key, nil
		}
	}
	return nil, fmt.Errorf("read the key %s: want 64 hexadecimal digits, a public key in PEM, or a station's key file", given)
}

func hexKey(text string) (ed25519.PublicKey, bool) {
	raw, err := hex.DecodeString(text)
	return raw, err == nil && len(raw) == ed25519.PublicKeySize
}

func pemKey(block *pem.Block) (ed25519.PublicKey, bool) {
	if parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
		private, ok := parsed.(ed25519.PrivateKey)
		if !ok {
			return nil, false
		}
		return private.Public().(ed25519.PublicKey), true
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	key, ok := parsed.(ed25519.PublicKey)
	return key, err == nil && ok
}

// readBounded reads a file of at most so many bytes.
func readBounded(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(text)) > most {
		err = fmt.Errorf("%s has more than %d bytes", path, most)
	}
	return text, err
}

// stationKey reads a station's key that must be there.
func stationKey(path string) (*ledger.Key, error) {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("the station's key %s is not there; restore it from the backup of this station", path)
	}
	return ledger.LoadKey(path, rand.Reader)
}
