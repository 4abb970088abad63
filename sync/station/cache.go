package station

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"gatehouse/sync/wire"
)

// cache is a folder with chunks, each under its hash, and the last manifest of each
// feed. Nothing in it is trusted: a chunk is what its name says, a manifest is signed.
type cache struct{ folder string }

const (
	manifestEnd = ".manifest"
	lockName    = "lock"
)

func (c cache) path(name string) string { return filepath.Join(c.folder, name) }

// lock keeps other programs of this machine out; mine is false while one of them is
// in. The lock ends with the program, however that ends.
func (c cache) lock() (unlock func(), mine bool, err error) {
	if err := os.MkdirAll(c.folder, 0o700); err != nil {
		return nil, false, fmt.Errorf("make the folder for reference data: %w", err)
	}
	f, err := os.OpenFile(c.path(lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, false, fmt.Errorf("lock the folder for reference data: %w", err)
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return nil, false, f.Close()
	}
	if err != nil {
		return nil, false, errors.Join(fmt.Errorf("lock the folder for reference data: %w", err), f.Close())
	}
	return func() { f.Close() }, true, nil
}

// has says whether a chunk is here, as far as its size shows.
func (c cache) has(chunk wire.Chunk) bool {
	info, err := os.Stat(c.path(chunk.Hash.String()))
	return err == nil && info.Mode().IsRegular() && info.Size() == int64(chunk.Size)
}

// read gives a chunk's bytes; whether they are the right ones is the reader's to check.
func (c cache) read(chunk wire.Chunk) ([]byte, error) {
	return os.ReadFile(c.path(chunk.Hash.String()))
}

// put keeps a file, as a whole or not at all. After a power cut it may be spoilt, which
// its hash shows; so nothing is flushed.
func (c cache) put(name string, content []byte) error {
	fresh := c.path(name) + ".new"
	if err := os.WriteFile(fresh, content, 0o600); err != nil {
		return fmt.Errorf("keep reference data: %w", err)
	}
	if err := os.Rename(fresh, c.path(name)); err != nil {
		return fmt.Errorf("keep reference data: %w", err)
	}
	return nil
}

// manifest is the last manifest of a feed as it was kept, nil without one.
func (c cache) manifest(feed string) []byte {
	content, err := os.ReadFile(c.path(feed + manifestEnd))
	if err != nil || len(content) > wire.MaxManifest {
		return nil
	}
	return content
}

func (c cache) putManifest(feed string, signed []byte) error {
	if string(c.manifest(feed)) == string(signed) {
		return nil
	}
	return c.put(feed+manifestEnd, signed)
}

// check removes the chunks whose bytes are not what their names say.
func (c cache) check(wanted []wire.Manifest) error {
	var failed []error
	for _, m := range wanted {
		for _, chunk := range m.Chunks() {
			content, err := c.read(chunk)
			if err == nil && wire.HashOf(content) != chunk.Hash {
				failed = append(failed, os.Remove(c.path(chunk.Hash.String())))
			}
		}
	}
	return errors.Join(failed...)
}

// sweep removes all that no kept manifest names.
func (c cache) sweep(feeds []string, key ed25519.PublicKey) error {
	keep := map[string]bool{lockName: true}
	for _, feed := range feeds {
		signed := c.manifest(feed)
		if signed == nil {
			continue
		}
		keep[feed+manifestEnd] = true
		m, err := wire.OpenManifest(key, signed)
		if err != nil {
			continue
		}
		for _, chunk := range m.Chunks() {
			keep[chunk.Hash.String()] = true
		}
	}
	all, err := os.ReadDir(c.folder)
	if err != nil {
		return fmt.Errorf("tidy the folder for reference data: %w", err)
	}
	var failed []error
	for _, entry := range all {
		if !keep[entry.Name()] && entry.Type().IsRegular() {
			if err := os.Remove(c.path(entry.Name())); !errors.Is(err, fs.ErrNotExist) {
				failed = append(failed, err)
			}
		}
	}
	return errors.Join(failed...)
}
