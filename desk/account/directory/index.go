package directory

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"runtime/debug"
	"sync"

	"golang.org/x/sys/unix"
)

// Index is an open customers' index. All methods may be called from any number of
// goroutines at once.
type Index struct {
	path   string
	file   *os.File
	header header
	unions []union
	sets   sync.Pool // *search

	mu   sync.RWMutex // held for reading while the mapping is in use
	data []byte       // the mapping; nil once closed

	keys, lists, words, unionLists []byte // sections of data
	keyTable, blockTable           []byte
}

// Open opens the index at path and checks its header, its size and its tables; it
// reads about a hundredth of the file and keeps none of it in memory. A file that
// is something else gives ErrForeign, one of another version ErrVersion, a cut or
// changed one ErrDamaged. A change outside the tables is found by Verify, or by
// the Find that meets it.
func Open(path string) (*Index, error) {
	x, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the customers' index %s: %w", path, err)
	}
	return x, nil
}

func open(path string) (*Index, error) {
	// A pipe or a device would block or have no size.
	if info, err := os.Stat(path); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, ErrForeign
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	x := &Index{path: path, file: f}
	if err := x.load(); err != nil {
		return nil, errors.Join(err, x.Close())
	}
	return x, nil
}

func (x *Index) load() error {
	info, err := x.file.Stat()
	if err != nil {
		return err
	}
	head := make([]byte, headerBytes)
	n, err := x.file.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return err
	}
	if x.header, err = decodeHeader(head[:n], info.Size()); err != nil {
		return err
	}
	x.data, err = unix.Mmap(int(x.file.Fd()), 0, int(x.header.size), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return fmt.Errorf("mapping it: %w", err)
	}
	return unfaulted(x.cutSections)
}

func (x *Index) cutSections() error {
	h, d := x.header, x.data
	// Each ends its own capacity, so that no slip reads on into the next.
	x.keys = d[headerBytes:h.lists:h.lists]
	x.lists = d[h.lists:h.words:h.words]
	x.words = d[h.words:h.unions:h.unions]
	x.unionLists = d[h.unions:h.tables:h.tables]
	tables := d[h.tables:]
	if crc32.Checksum(tables, castagnoli()) != h.tablesSum {
		return fmt.Errorf("%w: the checksum of its tables is wrong", ErrDamaged)
	}
	x.keyTable, tables = tables[:h.keyTableBytes()], tables[h.keyTableBytes():]
	x.blockTable, tables = tables[:h.blocks*8], tables[h.blocks*8:]
	var ok bool
	if x.unions, ok = decodeUnions(tables, h.unionCount, len(x.unionLists)); !ok {
		return fmt.Errorf("%w: its table of unions is wrong", ErrDamaged)
	}
	return nil
}

// unfaulted runs read, which reads the mapping, and turns a page that the disk
// will not give (a bad sector, a file cut by somebody) into ErrDamaged. Without
// it the whole program would end there.
func unfaulted(read func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		if _, isFault := cause.(interface{ Addr() uintptr }); !isFault {
			panic(cause)
		}
		err = fmt.Errorf("%w: the disk cannot read it", ErrDamaged)
	}()
	return read()
}

// Len is the number of customers.
func (x *Index) Len() int { return int(x.header.count) }

// Verify reads the whole file and compares its checksum; ErrDamaged if it is not
// the file that was made. It reads past the mapping, so it does not grow memory.
func (x *Index) Verify() error {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.data == nil {
		return fmt.Errorf("verifying the customers' index %s: %w", x.path, ErrClosed)
	}
	sum := crc32.New(castagnoli())
	body := io.NewSectionReader(x.file, headerBytes, int64(x.header.size)-headerBytes)
	n, err := io.Copy(sum, bufio.NewReaderSize(body, 1<<18))
	if err != nil {
		return fmt.Errorf("verifying the customers' index %s: %w", x.path, err)
	}
	if n != body.Size() || sum.Sum32() != x.header.body {
		return fmt.Errorf("verifying the customers' index %s: %w: its checksum is wrong", x.path, ErrDamaged)
	}
	return nil
}

// Close waits for the searches under way and lets go of the file. Closing twice
// is no error.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	var err error
	if x.data != nil {
		err = unix.Munmap(x.data)
		x.data = nil
	}
	if x.file != nil {
		err = errors.Join(err, x.file.Close())
		x.file = nil
	}
	if err != nil {
		return fmt.Errorf("closing the customers' index %s: %w", x.path, err)
	}
	return nil
}

// key gives the account number at a seat, which addLists has seen to be one; ok is
// false if the section is damaged.
func (x *Index) key(seat uint32) (key string, ok bool) {
	at := int(binary.LittleEndian.Uint32(x.keyTable[seat/keyGroup*4:]))
	for i := seat % keyGroup; ; i-- {
		if at >= len(x.keys) {
			return "", false
		}
		end := at + 1 + int(x.keys[at])
		if end > len(x.keys) {
			return "", false
		}
		if i == 0 {
			return string(x.keys[at+1 : end]), true
		}
		at = end
	}
}
