package staff

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/argon2"
)

// PINs are digits. Four is the least a station takes; a roster may ask for more.
const (
	shortestPIN = 4
	longestPIN  = 12
)

// The cost of a PIN's hash, after OWASP's recommendation for argon2id: about
// 30 ms on the slowest machine a station runs on.
const (
	hashPasses  = 2
	hashMemory  = 19 * 1024 // KiB
	hashThreads = 1
	hashLength  = 32
	saltLength  = 16
)

// HashPIN makes the hash of a PIN in the PHC form,
// "$argon2id$v=19$m=19456,t=2,p=1$salt$hash".
func HashPIN(pin string, random io.Reader) (string, error) {
	if err := checkPIN(pin); err != nil {
		return "", err
	}
	salt := make([]byte, saltLength)
	if _, err := io.ReadFull(random, salt); err != nil {
		return "", fmt.Errorf("hash a PIN: %w", err)
	}
	hash := argon2.IDKey([]byte(pin), salt, hashPasses, hashMemory, hashThreads, hashLength)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashPasses, hashThreads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(hash)), nil
}

func checkPIN(pin string) error {
	if len(pin) < shortestPIN || len(pin) > longestPIN || strings.Trim(pin, "0123456789") != "" {
		return fmt.Errorf("a PIN is %d to %d digits", shortestPIN, longestPIN)
	}
	return nil
}

// hashed is a PIN's hash taken apart.
type hashed struct {
	memory, passes uint32
	threads        uint8
	salt, want     []byte
}

// readHash takes a hash apart. The cost in it is bounded, so that a damaged roster
// cannot stop the station.
func readHash(hash string) (h hashed, err error) {
	var version int
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return h, errors.New("the roster has no usable PIN for this person")
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return h, errors.New("the PIN's hash has an unknown version")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.passes, &h.threads); err != nil ||
		h.memory < 8 || h.memory > 256*1024 || h.passes < 1 || h.passes > 10 || h.threads < 1 || h.threads > 4 {
		return h, errors.New("the PIN's hash asks for an impossible effort")
	}
	var err1, err2 error
	h.salt, err1 = base64.RawStdEncoding.DecodeString(parts[4])
	h.want, err2 = base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(h.salt) < 8 || len(h.want) < 16 || len(h.want) > 64 {
		return h, errors.New("the PIN's hash cannot be read")
	}
	return h, nil
}

// matchesPIN checks a typed PIN against a hash. It takes as long for a wrong PIN
// as for a right one.
func matchesPIN(pin, hash string) (bool, error) {
	h, err := readHash(hash)
	if err != nil {
		return false, err
	}
	if len(pin) > longestPIN {
		pin = pin[:longestPIN+1]
	}
	got := argon2.IDKey([]byte(pin), h.salt, h.passes, h.memory, h.threads, uint32(len(h.want)))
	return subtle.ConstantTimeCompare(got, h.want) == 1, nil
}
