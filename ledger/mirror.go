package ledger

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
)

// The mirror is a folder of plain files on another medium. Each holds frames of
// length, CRC-32C and the bytes of an entry, in order; its name is the number
// of its first entry. The mirror follows the ledger by moments: what it is for
// is to notice, and repair, a ledger that lost its end.

const (
	mirrorSuffix   = ".entries"
	mirrorFileSize = 16 << 20
	// mirrorPause is the least time between two flushes of the mirror, so that
	// it does not compete with the ledger for the disk.
	mirrorPause = 100 * time.Millisecond
	// mirrorRetry is how long to wait before a mirror that failed is tried again.
	mirrorRetry = 10 * time.Second
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

type mirror struct {
	dir  string
	id   LogID
	log  *slog.Logger
	file *os.File // the newest file, open for appending; nil before the first entry
	size int64
	head Head // last entry in the mirror; Totals unused

	cancel context.CancelFunc
	ctx    context.Context
	done   chan struct{}

	mu  sync.Mutex // guards err
	err error      // why it is not being written
}

// mirrorHolds says whether a mirror folder holds entries.
func mirrorHolds(dir string) (bool, error) {
	if dir == "" {
		return false, nil
	}
	files, err := mirrorFiles(dir)
	return len(files) > 0, err
}

func mirrorFiles(dir string) ([]string, error) {
	list, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the mirror: %w", err)
	}
	var names []string
	for _, f := range list {
		first, isMirror := strings.CutSuffix(f.Name(), mirrorSuffix)
		if _, err := strconv.ParseUint(first, 10, 64); isMirror && len(first) == 20 && err == nil {
			names = append(names, filepath.Join(dir, f.Name()))
		}
	}
	sort.Strings(names)
	return names, nil
}

// openMirror opens a mirror, or makes it.
func openMirror(dir string, id Identity, log *slog.Logger) (*mirror, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the mirror: %w", err)
	}
	m := &mirror{dir: dir, id: id.Log, log: log, done: make(chan struct{})}
	m.ctx, m.cancel = context.WithCancel(context.Background())
	if err := m.find(); err != nil {
		return nil, fmt.Errorf("open the mirror %s: %w", dir, err)
	}
	return m, nil
}

// find finds the end of the mirror. A frame torn by a power cut is dropped: the
// ledger has it.
func (m *mirror) find() error {
	files, err := mirrorFiles(m.dir)
	if err != nil {
		return err
	}
	m.file, m.size, m.head = nil, 0, Head{}
	for len(files) > 0 {
		newest := files[len(files)-1]
		end, last, err := scanMirrorFile(newest)
		if err != nil {
			return err
		}
		if last == nil { // nothing whole in it
			if err := os.Remove(newest); err != nil {
				return err
			}
			files = files[:len(files)-1]
			continue
		}
		if last.Log != m.id {
			return errors.New("it belongs to another ledger; give this station a mirror folder of its own")
		}
		file, err := os.OpenFile(newest, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		if err := errors.Join(file.Truncate(end), seekTo(file, end)); err != nil {
			return errors.Join(err, file.Close())
		}
		m.file, m.size, m.head = file, end, Head{Seq: last.Seq, Leaf: last.Leaf}
		return nil
	}
	return nil
}

func seekTo(f *os.File, at int64) error {
	_, err := f.Seek(at, io.SeekStart)
	return err
}

// scanMirrorFile returns where the last whole frame ends, and its entry.
func scanMirrorFile(path string) (end int64, last *Entry, err error) {
	for raw, err := range mirrorFrames(path) {
		if err != nil {
			if errors.Is(err, errTorn) {
				break
			}
			return 0, nil, err
		}
		e, err := DecodeEntry(raw)
		if err != nil {
			return 0, nil, fmt.Errorf("mirror %s: %w", path, err)
		}
		end += int64(len(raw)) + 8
		last = &e
	}
	return end, last, nil
}

var errTorn = errors.New("the mirror ends inside an entry")

// mirrorFrames walks the entries' bytes in one file.
func mirrorFrames(path string) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		info, err := os.Stat(path)
		if err == nil && (!info.Mode().IsRegular() || info.Size() > mirrorFileSize+MaxEntry+8) {
			err = fmt.Errorf("%s is no file of a mirror", path)
		}
		var data []byte
		if err == nil {
			data, err = os.ReadFile(path)
		}
		if err != nil {
			yield(nil, fmt.Errorf("read the mirror: %w", err))
			return
		}
		for len(data) > 0 {
			if len(data) < 8 {
				yield(nil, errTorn)
				return
			}
			n, sum := binary.BigEndian.Uint32(data), binary.BigEndian.Uint32(data[4:])
			// A tail that the disk lost may read as zeros.
			if n == 0 || n > MaxEntry || int(n) > len(data)-8 || crc32.Checksum(data[8:8+n], castagnoli) != sum {
				yield(nil, errTorn)
				return
			}
			if !yield(data[8:8+n:8+n], nil) {
				return
			}
			data = data[8+n:]
		}
	}
}

// mirrorEntries walks the mirror from an entry's number on, checking the chain.
func mirrorEntries(dir string, from uint64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		files, err := mirrorFiles(dir)
		if err != nil {
			yield(Entry{}, err)
			return
		}
		for len(files) > 1 && firstIn(files[1]) <= from {
			files = files[1:]
		}
		var before *Entry
		for i, path := range files {
			for raw, err := range mirrorFrames(path) {
				if errors.Is(err, errTorn) && i < len(files)-1 {
					err = fmt.Errorf("mirror %s is damaged", path) // torn is only an end
				}
				var e Entry
				if err == nil {
					e, err = DecodeEntry(raw)
				}
				if err == nil && before != nil && (e.Seq != before.Seq+1 || e.Prev != before.Leaf) {
					err = fmt.Errorf("mirror %s: entry %d does not follow entry %d", path, e.Seq, before.Seq)
				}
				if err != nil {
					yield(Entry{}, err)
					return
				}
				if e.Seq >= from && !yield(e, nil) {
					return
				}
				before = &e
			}
		}
	}
}

func firstIn(path string) uint64 {
	var n uint64
	fmt.Sscanf(filepath.Base(path), "%d", &n)
	return n
}

// follow copies what the ledger gains, until the mirror is closed. While the
// mirror cannot be written the ledger goes on without its witness, MirrorFault
// says so, and the mirror is tried again.
func (m *mirror) follow(b *Book) {
	defer close(m.done)
	for {
		waitErr := b.Wait(m.ctx, m.head.Seq)
		err := m.fault()
		if err != nil {
			err = m.find() // whatever was half written goes
		}
		if err == nil {
			err = m.catchUp(b)
		}
		m.setFault(err)
		pause := mirrorPause
		if err != nil {
			pause = mirrorRetry
			if m.file != nil {
				m.file.Close()
				m.file = nil
			}
		}
		if waitErr != nil {
			return
		}
		select {
		case <-time.After(pause):
		case <-m.ctx.Done():
		}
	}
}

func (m *mirror) fault() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.err
}

func (m *mirror) setFault(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case err != nil && m.err == nil:
		m.log.Error("the mirror cannot be written", "folder", m.dir, "cause", err)
	case err == nil && m.err != nil:
		m.log.Info("the mirror is written again", "folder", m.dir)
	}
	m.err = err
}

// catchUp writes everything the mirror lacks and flushes it.
func (m *mirror) catchUp(b *Book) error {
	wrote := false
	for {
		entries, err := b.Entries(m.head.Seq+1, 512)
		if err != nil || len(entries) == 0 {
			if errors.Is(err, ErrClosed) {
				err = nil
			}
			if wrote && err == nil {
				err = m.file.Sync()
			}
			return err
		}
		for i := range entries {
			if err := m.write(&entries[i]); err != nil {
				return err
			}
		}
		wrote = true
	}
}

func (m *mirror) write(e *Entry) error {
	if m.file == nil || m.size >= mirrorFileSize {
		if err := m.nextFile(e.Seq); err != nil {
			return err
		}
	}
	frame := binary.BigEndian.AppendUint32(make([]byte, 0, len(e.Raw)+8), uint32(len(e.Raw)))
	frame = binary.BigEndian.AppendUint32(frame, crc32.Checksum(e.Raw, castagnoli))
	frame = append(frame, e.Raw...)
	if _, err := m.file.Write(frame); err != nil {
		return err
	}
	m.size += int64(len(frame))
	m.head = Head{Seq: e.Seq, Leaf: e.Leaf}
	return nil
}

func (m *mirror) nextFile(first uint64) error {
	if m.file != nil {
		if err := errors.Join(m.file.Sync(), m.file.Close()); err != nil {
			return err
		}
	}
	var err error
	m.size = 0
	m.file, err = os.OpenFile(filepath.Join(m.dir, fmt.Sprintf("%020d%s", first, mirrorSuffix)), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return syncDir(m.dir)
}

// close lets the mirror catch up and ends it.
func (m *mirror) close() error {
	m.cancel()
	<-m.done
	if m.file == nil {
		return m.fault()
	}
	return errors.Join(m.fault(), m.file.Sync(), m.file.Close())
}

// reconcile compares the ledger with its mirror. When the mirror has more, and
// it continues this very chain, the ledger lost its end and gets it back. When
// the two differ, a human decides.
func (b *Book) reconcile() error {
	m := b.mirror
	if m.head.Seq == 0 {
		return nil
	}
	common := min(m.head.Seq, b.head.Seq)
	var here, there Leaf
	err := b.db.View(func(tx *bolt.Tx) error {
		e, err := b.stateIn(tx, b.head, time.Time{}).Entry(common)
		here = e.Leaf
		return err
	})
	if err != nil {
		return err
	}
	var lost []Entry
	for e, err := range mirrorEntries(m.dir, common) {
		if errors.Is(err, errTorn) {
			break
		}
		if err != nil {
			return fmt.Errorf("compare with the mirror: %w", err)
		}
		if e.Seq == common {
			there = e.Leaf
			continue
		}
		lost = append(lost, e)
	}
	if here != there {
		return fmt.Errorf("the ledger and its mirror %s say different things at entry %d: keep both and call your administrator", m.dir, common)
	}
	if len(lost) == 0 {
		return nil
	}
	b.o.Log.Warn("the ledger had lost its end; putting it back from the mirror", "from", common+1, "entries", len(lost))
	err = b.db.Update(func(tx *bolt.Tx) error {
		w := b.writerIn(tx, b.head, time.Time{})
		for i := range lost {
			if lost[i].Seq != w.head.Seq+1 || lost[i].Prev != w.head.Leaf {
				return fmt.Errorf("the mirror's entry %d does not follow", lost[i].Seq)
			}
			if err := w.put(&lost[i]); err != nil {
				return err
			}
		}
		b.head = w.head
		return w.finish()
	})
	return err
}

// MirrorFault is why the mirror is not being written, nil while it is. The
// person is to be told: nothing is lost, but nothing would notice a loss.
func (b *Book) MirrorFault() error {
	if b.mirror == nil {
		return nil
	}
	return b.mirror.fault()
}
