package directory

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// The file, in order; numbers are little-endian:
//
//	header   128 bytes: what it is, where each section starts, three checksums
//	keys     account numbers in name order: length byte and bytes
//	lists    the seats of each word, in the order of the words
//	words    each as what it shares with the word before and the rest, in blocks
//	         of 64; the first of a block shares nothing
//	unions   one list for each prefix whose stretch of lists is long
//	tables   where every 16th key starts; where each block starts in words and in
//	         lists; the prefixes with unions
//
// Opening checks the header and the tables. The checksum of all the rest is read
// by Verify alone: until then every number taken from there is checked for sense.
const (
	magic       = "GHcust\r\n"
	version     = 1
	headerBytes = 128
	keyGroup    = 16
	blockWords  = 64
)

type header struct {
	count                        uint32 // customers
	size                         uint64 // of the whole file
	lists, words, unions, tables uint64 // where the sections start; keys come after the header
	blocks, unionCount           uint32
	body                         uint32 // CRC-32C of all after the header
	tablesSum                    uint32 // CRC-32C of the tables
}

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

func (h header) encode() []byte {
	le := binary.LittleEndian
	b := append(make([]byte, 0, headerBytes), magic...)
	b = le.AppendUint32(b, version)
	b = le.AppendUint32(b, h.count)
	for _, v := range []uint64{h.size, h.lists, h.words, h.unions, h.tables} {
		b = le.AppendUint64(b, v)
	}
	for _, v := range []uint32{h.blocks, h.unionCount, h.body, h.tablesSum} {
		b = le.AppendUint32(b, v)
	}
	b = append(b, make([]byte, headerBytes-4-len(b))...)
	return le.AppendUint32(b, crc32.Checksum(b, castagnoli()))
}

// decodeHeader reads the header of a file of the given size and checks that it
// can be true.
func decodeHeader(b []byte, size int64) (header, error) {
	le := binary.LittleEndian
	if len(b) < len(magic) || !bytes.Equal(b[:len(magic)], []byte(magic)) {
		return header{}, ErrForeign
	}
	if len(b) < headerBytes {
		return header{}, fmt.Errorf("%w: it ends inside its header", ErrDamaged)
	}
	// The version first: another version may keep its checksum elsewhere.
	if v := le.Uint32(b[8:]); v != version {
		return header{}, fmt.Errorf("%w: it is of form %d, this program reads %d", ErrVersion, v, version)
	}
	if crc32.Checksum(b[:headerBytes-4], castagnoli()) != le.Uint32(b[headerBytes-4:]) {
		return header{}, fmt.Errorf("%w: the checksum of its header is wrong", ErrDamaged)
	}
	h := header{
		count: le.Uint32(b[12:]), size: le.Uint64(b[16:]),
		lists: le.Uint64(b[24:]), words: le.Uint64(b[32:]), unions: le.Uint64(b[40:]), tables: le.Uint64(b[48:]),
		blocks: le.Uint32(b[56:]), unionCount: le.Uint32(b[60:]), body: le.Uint32(b[64:]), tablesSum: le.Uint32(b[68:]),
	}
	if h.size != uint64(size) {
		return header{}, fmt.Errorf("%w: it has %d bytes and should have %d", ErrDamaged, size, h.size)
	}
	fixed := uint64(h.keyTableBytes()) + uint64(h.blocks)*8
	if h.count > MaxItems || headerBytes > h.lists || h.lists > h.words || h.words > h.unions ||
		h.unions > h.tables || h.tables > h.size || h.size-h.tables < fixed {
		return header{}, fmt.Errorf("%w: its header contradicts itself", ErrDamaged)
	}
	return h, nil
}

func (h header) keyTableBytes() int { return (int(h.count) + keyGroup - 1) / keyGroup * 4 }

// A union is the gathered list of one prefix.
type union struct {
	prefix     string
	start, end uint32 // within the unions section
}

func appendUnion(dst []byte, u union) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(u.prefix)))
	dst = append(dst, u.prefix...)
	dst = binary.AppendUvarint(dst, uint64(u.start))
	return binary.AppendUvarint(dst, uint64(u.end))
}

// decodeUnions reads count unions, sorted by prefix, into a section of size bytes.
func decodeUnions(b []byte, count uint32, size int) ([]union, bool) {
	var us []union
	i := 0
	for range count {
		n, next := uvarint(b, i)
		if next == 0 || int(n) > len(b)-next {
			return nil, false
		}
		u := union{prefix: string(b[next : next+int(n)])}
		if u.start, i = uvarint(b, next+int(n)); i == 0 {
			return nil, false
		}
		if u.end, i = uvarint(b, i); i == 0 || u.start > u.end || int(u.end) > size {
			return nil, false
		}
		if len(us) > 0 && us[len(us)-1].prefix >= u.prefix {
			return nil, false
		}
		us = append(us, u)
	}
	return us, i == len(b)
}
