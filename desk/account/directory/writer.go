package directory

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"iter"
	"math"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// writer makes one index file, section after section.
type writer struct {
	o    Options
	dir  string
	file *os.File
	out  *bufio.Writer
	body hash.Hash32
	at   int64 // how far the file is written

	header   header
	keyTable []byte
	words    wordsWriter
	wordFile *os.File // the words wait here until the lists are complete
	wordOut  *bufio.Writer
	prefixes prefixes
}

// write makes the index in the file named, durable when it returns.
func write(name string, items iter.Seq[Item], o Options) (err error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600) // names and phones are in it
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := &writer{o: o, dir: filepath.Dir(name), file: f, body: crc32.New(castagnoli()), at: headerBytes}
	w.out = bufio.NewWriterSize(io.MultiWriter(f, w.body), 1<<18)
	w.prefixes.gather = o.Gather
	if _, err := f.Seek(headerBytes, io.SeekStart); err != nil {
		return err
	}
	if err := w.seatAndList(items); err != nil {
		return err
	}
	if err := w.writeUnionsAndTables(); err != nil {
		return err
	}
	if _, err := f.WriteAt(w.header.encode(), 0); err != nil {
		return err
	}
	return f.Sync()
}

// Three sorts: customers by name gives them their seats; account numbers, to see
// a duplicate; words with their seats, which are the lists.
func (w *writer) seatAndList(items iter.Seq[Item]) error {
	byName, byKey := newRuns(w.dir, w.o.Memory), newRuns(w.dir, w.o.Memory)
	byWord := newRuns(w.dir, w.o.Memory)
	defer byName.close()
	defer byKey.close()
	defer byWord.close()
	if err := w.collect(items, byName, byKey); err != nil {
		return err
	}
	if err := refuseDuplicates(byKey); err != nil {
		return err
	}
	if err := w.seat(byName, byWord); err != nil {
		return err
	}
	return w.list(byWord)
}

// nul ends a field of a record to be sorted: no folded word, name or account
// number has one, and it comes before all they have.
const nul = 0

func (w *writer) collect(items iter.Seq[Item], byName, byKey *runs) error {
	var rec []byte
	for it := range items {
		if err := it.check(); err != nil {
			return err
		}
		if w.header.count++; w.header.count > MaxItems {
			return fmt.Errorf("%w: more than %d customers", ErrItem, MaxItems)
		}
		rec = append(append(rec[:0], sortName(it.Name)...), nul)
		rec = append(append(rec, it.Key...), nul)
		rec = append(rec, strings.Join(recordWords(it.Texts), "\x00")...)
		if err := byName.add(rec); err != nil {
			return err
		}
		if err := byKey.add([]byte(it.Key)); err != nil {
			return err
		}
	}
	return nil
}

func refuseDuplicates(byKey *runs) error {
	var last []byte
	return byKey.each(func(key []byte) error {
		if bytes.Equal(last, key) {
			return fmt.Errorf("%w: %s", ErrDuplicate, key)
		}
		last = append(last[:0], key...)
		return nil
	})
}

// seat writes the keys in name order and hands on each word with its seat.
func (w *writer) seat(byName, byWord *runs) error {
	seat, start := uint32(0), w.at
	var rec []byte
	err := byName.each(func(b []byte) error {
		_, b, _ = bytes.Cut(b, []byte{nul})
		key, words, _ := bytes.Cut(b, []byte{nul})
		if seat%keyGroup == 0 {
			w.keyTable = binary.LittleEndian.AppendUint32(w.keyTable, uint32(w.at-start))
		}
		if err := w.append([]byte{byte(len(key))}); err != nil {
			return err
		}
		if err := w.append(key); err != nil {
			return err
		}
		for len(words) > 0 {
			var word []byte
			word, words, _ = bytes.Cut(words, []byte{nul})
			rec = append(append(rec[:0], word...), nul)
			if err := byWord.add(binary.BigEndian.AppendUint32(rec, seat)); err != nil {
				return err
			}
		}
		seat++
		return nil
	})
	w.header.lists = uint64(w.at)
	return err
}

func (w *writer) append(b []byte) error {
	n, err := w.out.Write(b)
	w.at += int64(n)
	return err
}

// list writes the list of every word, and the words behind them.
func (w *writer) list(byWord *runs) error {
	var err error
	if w.wordFile, err = unlinkedFile(w.dir); err != nil {
		return err
	}
	defer w.wordFile.Close()
	w.wordOut = bufio.NewWriterSize(w.wordFile, 1<<18)
	var word []byte
	var list []uint32
	err = byWord.each(func(rec []byte) error {
		next, seat := rec[:len(rec)-5], binary.BigEndian.Uint32(rec[len(rec)-4:])
		if !bytes.Equal(next, word) {
			if err := w.endWord(word, list); err != nil {
				return err
			}
			word, list = append(word[:0], next...), list[:0]
		}
		list = append(list, seat)
		return nil
	})
	if err != nil {
		return err
	}
	if err := w.endWord(word, list); err != nil {
		return err
	}
	return w.endWords()
}

func (w *writer) endWord(word []byte, list []uint32) error {
	if len(list) == 0 {
		return nil
	}
	at := w.at - int64(w.header.lists)
	if at > math.MaxUint32 || w.words.size > math.MaxUint32 {
		return fmt.Errorf("%w: the words of all customers together pass 4 GiB", ErrItem)
	}
	count := int(w.header.count)
	w.words.add(word, uint32(at))
	w.prefixes.add(word, at, readCost(len(list), count))
	if err := w.append(appendList(nil, list, count)); err != nil {
		return err
	}
	return w.flushWords()
}

func (w *writer) flushWords() error {
	_, err := w.wordOut.Write(w.words.out)
	w.words.out = w.words.out[:0]
	return err
}

// endWords appends the words section.
func (w *writer) endWords() error {
	w.prefixes.close(0, w.at-int64(w.header.lists))
	w.header.words = uint64(w.at)
	w.header.blocks = uint32(len(w.words.table) / 8)
	if err := w.wordOut.Flush(); err != nil {
		return err
	}
	n, err := io.Copy(w.out, io.NewSectionReader(w.wordFile, 0, w.words.size))
	w.at += n
	w.header.unions = uint64(w.at)
	return err
}

func (w *writer) writeUnionsAndTables() error {
	unions, err := w.writeUnions()
	if err != nil {
		return err
	}
	tables := append(w.keyTable, w.words.table...)
	for _, u := range unions {
		tables = appendUnion(tables, u)
	}
	w.header.tables = uint64(w.at)
	w.header.tablesSum = crc32.Checksum(tables, castagnoli())
	w.header.unionCount = uint32(len(unions))
	if err := w.append(tables); err != nil {
		return err
	}
	if err := w.out.Flush(); err != nil {
		return err
	}
	w.header.size, w.header.body = uint64(w.at), w.body.Sum32()
	return nil
}

// writeUnions gathers each long stretch from the lists just written.
func (w *writer) writeUnions() ([]union, error) {
	if err := w.out.Flush(); err != nil {
		return nil, err
	}
	long := w.prefixes.sorted()
	if len(long) == 0 {
		return nil, nil
	}
	data, err := unix.Mmap(int(w.file.Fd()), 0, int(w.header.words), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("reading the lists back: %w", err)
	}
	defer unix.Munmap(data)
	lists, count := data[w.header.lists:], int(w.header.count)
	var unions []union
	for _, p := range long {
		set := newSeats(count)
		err := unfaulted(func() error {
			if !set.addLists(lists[p.start:p.end], count) {
				return fmt.Errorf("%w while it was being made", ErrDamaged)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		start := w.at - int64(w.header.unions)
		if err := w.append(appendList(nil, set.first(count), count)); err != nil {
			return nil, err
		}
		end := w.at - int64(w.header.unions)
		if end > math.MaxUint32 {
			return nil, fmt.Errorf("%w: the unions pass 4 GiB, gather less", ErrOptions)
		}
		unions = append(unions, union{prefix: p.prefix, start: uint32(start), end: uint32(end)})
	}
	return unions, nil
}
