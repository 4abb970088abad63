package sim

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
)

const (
	sector = 512      // what a disk writes whole or not at all
	metas  = 2 * 4096 // the two pages of a bbolt file that lead to all others
)

// torn is what a power cut in the middle of a commit leaves of a file: the file
// before it with any of the new sectors but not the meta that leads to them, or
// the whole of the new file. done says that it is the new one.
func torn(before, after []byte, random *rand.Rand) (image []byte, done bool) {
	if random.IntN(3) == 0 {
		return after, true
	}
	length := max(len(before), len(after)) // bbolt lengthens a file before it writes
	if random.IntN(2) == 0 {
		length = len(before)
	}
	image = make([]byte, length)
	copy(image, before)
	share := random.IntN(101)
	for at := metas; at < length && at < len(after); at += sector {
		// Drawn for every sector, so that the draws do not hang on the contents.
		if fresh := random.IntN(100) < share; fresh {
			copy(image[at:min(at+sector, length)], after[at:min(at+sector, len(after))])
		}
	}
	return image, bytes.Equal(image, after)
}

// tearMirror cuts a mirror back to an entry's number and leaves part of the next
// frame: it follows the ledger by moments. The mirror of a simulated station is one
// file.
func tearMirror(dir string, keep uint64, random *rand.Rand) error {
	extra := random.IntN(64)
	files, err := filepath.Glob(filepath.Join(dir, "*.entries"))
	if err != nil || len(files) == 0 {
		return err
	}
	if len(files) > 1 {
		return fmt.Errorf("the mirror %s has %d files", dir, len(files))
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		return err
	}
	end := 0
	for n := uint64(0); n < keep && end+8 <= len(data); n++ {
		end += 8 + int(binary.BigEndian.Uint32(data[end:]))
	}
	if end+extra >= len(data) {
		return nil
	}
	return os.Truncate(files[0], int64(end+extra))
}
