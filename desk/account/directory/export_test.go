package directory

import (
	"encoding/binary"
	"hash/crc32"
)

// RecordWords and SortName let the tests' naive model fold words as the index does;
// that they fold rightly is shown by examples of their own.
var (
	RecordWords = recordWords
	SortName    = sortName
)

// HeaderBytes is where a test finds the first byte that Open does not check.
const HeaderBytes = headerBytes

// Reseal makes all checksums of a changed file right again, so that a test gets
// past them to what stands behind.
func Reseal(file []byte) {
	if len(file) < headerBytes {
		return
	}
	le := binary.LittleEndian
	copy(file, magic)
	le.PutUint32(file[8:], version)
	le.PutUint64(file[16:], uint64(len(file)))
	le.PutUint32(file[64:], crc32.Checksum(file[headerBytes:], castagnoli()))
	if tables := le.Uint64(file[48:]); tables <= uint64(len(file)) {
		le.PutUint32(file[68:], crc32.Checksum(file[tables:], castagnoli()))
	}
	le.PutUint32(file[headerBytes-4:], crc32.Checksum(file[:headerBytes-4], castagnoli()))
}

// SetVersion makes the file one of another version, otherwise sound.
func SetVersion(file []byte, v uint32) {
	binary.LittleEndian.PutUint32(file[8:], v)
	binary.LittleEndian.PutUint32(file[headerBytes-4:], crc32.Checksum(file[:headerBytes-4], castagnoli()))
}

// Unions is how many prefixes were gathered when the index was made.
func (x *Index) Unions() int { return len(x.unions) }

// Tables is where the tables of a sound file start, which Open checks.
func Tables(file []byte) int { return int(binary.LittleEndian.Uint64(file[48:])) }

// SectionOffsets is where the header says where the sections start, 8 bytes each.
const SectionOffsets, SectionOffsetsEnd = 24, 56

// AppendList writes one list; ReadLists gives the seats of all lists in b.
var AppendList = appendList

func ReadLists(b []byte, count int) (list []uint32, ok bool) {
	s := newSeats(count)
	ok = s.addLists(b, count)
	return s.first(count), ok
}
