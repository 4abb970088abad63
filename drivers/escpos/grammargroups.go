package escpos

import "bytes"

func lookupFS(c byte) (command, bool) {
	name := "FS " + letter(c)
	switch c {
	case '&', '.', 'b', 'c', 'e', 'L', 0x0E, 0x0F, 0x12, 0x14:
		return command{name, params(0)}, true
	case '!', '-', 'C', 'W', 'd', 'r', 'i':
		return command{name, params(1)}, true
	case 'S', '?', 'p', 'f':
		return command{name, params(2)}, true
	case '2':
		return command{name, userKanji(fontA)}, true
	case 'a':
		return command{name, func(b []byte) verdict {
			if n := have(b, 3); n > 0 {
				return askIn(n)
			}
			if b[2] == 0 || b[2] == '0' {
				return whole(1)
			}
			return whole(0)
		}}, true
	case 'g':
		return command{name, userMemory}, true
	case 'q':
		return command{name, storedImages}, true
	case '(':
		return command{name, counted16(1)}, true
	}
	return command{}, false
}

// Bytes of a two-byte character that a program defines, by the font FS ( A selected (Epson).
const (
	fontA = 72
	fontB = 60
	fontC = 32
)

// userKanji is FS 2 c1 c2 d1…dk.
func userKanji(k int) rule { return params(2 + k) }

// userMemory is FS g 1 (write, with data) or FS g 2 (read).
func userMemory(b []byte) verdict {
	if n := have(b, 10); n > 0 {
		return askIn(n)
	}
	if b[2] == 1 || b[2] == '1' {
		return whole(le16(b[8], b[9]))
	}
	return whole(0)
}

// storedImages is FS q n [xL xH yL yH d1…d(x·y·8)] n times.
func storedImages(b []byte) verdict {
	if n := have(b, 3); n > 0 {
		return askIn(n)
	}
	pos := 3
	for range b[2] {
		if len(b) < pos+4 {
			return askIn(pos + 4 - len(b))
		}
		pos += 4 + area(le16(b[pos], b[pos+1]), le16(b[pos+2], b[pos+3]), 8)
	}
	return whole(pos - len(b))
}

func lookupGS(c byte) (command, bool) {
	name := "GS " + letter(c)
	switch c {
	case ':', '<', 'y', 'c', 0x05, 0x0C:
		return command{name, params(0)}, true
	case '!', '/', 'B', 'E', 'F', 'H', 'I', 'K', 'T', 'Z', 'a', 'b', 'e', 'f', 'h', 'j', 'l', 'n', 'r', 't', 'u', 'w', 'x', '|':
		return command{name, params(1)}, true
	case '$', '&', 'A', 'L', 'P', 'W', '\\', 0x03:
		return command{name, params(2)}, true
	case '^', 'z', 'o':
		return command{name, params(3)}, true
	case '(':
		return command{name, counted16(1)}, true
	case '8':
		return command{name, counted32}, true
	case '*':
		return command{name, downloadImage}, true
	case 'C':
		return command{name, counter}, true
	case 'D':
		return command{name, bitmapFile}, true
	case 'Q', 'v':
		return command{name, raster}, true
	case 'V':
		return command{name, cutRule}, true
	case 'g':
		return command{name, params(4)}, true
	case 'k':
		return command{name, barcodeRule}, true
	}
	return command{}, false
}

// counted32 is GS 8 L p1 p2 p3 p4 and that many bytes.
func counted32(b []byte) verdict {
	if n := have(b, 7); n > 0 {
		return askIn(n)
	}
	return whole(area(le16(b[5], b[6]), 1<<16, 1) + le16(b[3], b[4]))
}

// raster is GS v 0 m xL xH yL yH and x·y bytes; GS Q 0 is alike.
func raster(b []byte) verdict {
	if n := have(b, 8); n > 0 {
		return askIn(n)
	}
	return whole(area(le16(b[4], b[5]), le16(b[6], b[7]), 1))
}

// downloadImage is GS * x y d1…d(x·y·8).
func downloadImage(b []byte) verdict {
	if n := have(b, 4); n > 0 {
		return askIn(n)
	}
	return whole(int(b[2]) * int(b[3]) * 8)
}

// counter is GS C 0 m n, GS C 1 and six bytes, GS C 2 nL nH, or GS C ; and five numbers each with ;.
func counter(b []byte) verdict {
	if n := have(b, 3); n > 0 {
		return askIn(n)
	}
	switch b[2] {
	case 0, '0', 2, '2':
		return whole(2)
	case 1, '1':
		return whole(6)
	case ';':
		const numbers, longest = 5, 3 + 5*6
		if bytes.Count(b[3:], []byte{';'}) == numbers || len(b) >= longest {
			return whole(0)
		}
		return askIn(1)
	}
	return whole(0)
}

// bitmapFile is GS D 30h fn a kc1 kc2 b c and a Windows bitmap, whose own header says how long it is.
func bitmapFile(b []byte) verdict {
	const head = 9
	if n := have(b, head+6); n > 0 {
		return askIn(n)
	}
	if b[head] != 'B' || b[head+1] != 'M' {
		return giveBack(6)
	}
	size := area(le16(b[head+4], b[head+5]), 1<<16, 1) + le16(b[head+2], b[head+3])
	return whole(max(size-6, 0))
}

// cutRule is GS V m, with one byte more where m asks for a feed.
func cutRule(b []byte) verdict {
	if n := have(b, 3); n > 0 {
		return askIn(n)
	}
	switch b[2] {
	case 65, 66, 97, 98, 103, 104:
		return whole(1)
	}
	return whole(0)
}

// barcodeRule is GS k m d… NUL for m up to 6 and GS k m n d1…dn above.
func barcodeRule(b []byte) verdict {
	if n := have(b, 3); n > 0 {
		return askIn(n)
	}
	if b[2] <= 6 {
		if len(b) > 3 && b[len(b)-1] == 0 || len(b) > 3+255 {
			return whole(0)
		}
		return askIn(1)
	}
	if b[2] == 97 { // a QR code in compatible printers: v r nL nH d…
		return counted16(3)(b)
	}
	if n := have(b, 4); n > 0 {
		return askIn(n)
	}
	return whole(int(b[3]))
}

// lookupUS finds the commands of customer displays on the same line.
func lookupUS(c byte) (command, bool) {
	name := "US " + letter(c)
	switch c {
	case 0x01, 0x02, 0x03, 0x0A, 0x0D, '@', ':', 'B', 'U':
		return command{name, params(0)}, true
	case ',', '.', 'C', 'E', 'M', 'X', 'r', ';', 'v':
		return command{name, params(1)}, true
	case '#', '$', 'T', '^':
		return command{name, params(2)}, true
	case '(':
		return command{name, counted16(1)}, true
	}
	return command{}, false
}

// displayWindow is ESC W of a customer display: n, and 0 to give the window up or 1 and its four corners.
func displayWindow(b []byte) verdict {
	if n := have(b, 4); n > 0 {
		return askIn(n)
	}
	if b[3] == 1 || b[3] == '1' {
		return whole(have(b, 8))
	}
	return whole(0)
}
