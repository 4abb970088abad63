package escpos

// The grammar of ESC/POS is a table from the first two bytes of a command to a rule for its length. The
// encoder, the tokenizer and the emulator share it. Sources: the ESC/POS references of Epson for roll,
// slip and impact printers and for customer displays, and the additions common in compatible printers.

// verdict is what a rule says about the bytes of a command read so far.
type verdict struct {
	need int  // more bytes to read; 0 and done: the command is whole
	done bool // whole after need bytes; otherwise ask again then
	back int  // bytes at the end that do not belong to it, with need 0 and done
}

func whole(need int) verdict   { return verdict{need: need, done: true} }
func askIn(need int) verdict   { return verdict{need: need} }
func giveBack(n int) verdict   { return verdict{done: true, back: n} }
func le16(lo, hi byte) int     { return int(lo) | int(hi)<<8 }
func have(b []byte, n int) int { return max(n-len(b), 0) }

// area is a·b·c, at most 2^30, so that sums of it fit an int of 32 bits.
func area(a, b, c int) int { return int(min(int64(a)*int64(b)*int64(c), 1<<30)) }

// rule says how long the command is whose bytes so far are b. It is asked with both bytes of the prefix
// at least, and sees at most the first [MaxTokenBytes] of the command.
type rule func(b []byte) verdict

// command is a row of the table.
type command struct {
	name string
	rule rule
}

// params is a command with n bytes of parameters after the prefix.
func params(n int) rule {
	return func(b []byte) verdict { return whole(have(b, 2+n)) }
}

// counted16 is pL pH and that many bytes, after skip bytes that follow the prefix.
func counted16(skip int) rule {
	return func(b []byte) verdict {
		head := 2 + skip + 2
		if n := have(b, head); n > 0 {
			return askIn(n)
		}
		return whole(le16(b[head-2], b[head-1]))
	}
}

// lookup finds the rule for a command by its first two bytes.
func lookup(first, second byte) (command, bool) {
	switch first {
	case dle:
		return lookupDLE(second)
	case esc:
		return lookupESC(second)
	case fs:
		return lookupFS(second)
	case gs:
		return lookupGS(second)
	case us:
		return lookupUS(second)
	}
	return command{}, false
}

const us = 0x1F

func lookupDLE(c byte) (command, bool) {
	switch c {
	case eot:
		return command{"DLE EOT", func(b []byte) verdict {
			if n := have(b, 3); n > 0 {
				return askIn(n)
			}
			if b[2] == 7 || b[2] == 8 || b[2] == 18 {
				return whole(1)
			}
			return whole(0)
		}}, true
	case enq:
		return command{"DLE ENQ", params(1)}, true
	case dc4:
		return command{"DLE DC4", func(b []byte) verdict {
			if n := have(b, 3); n > 0 {
				return askIn(n)
			}
			return whole(dc4Length(b[2]) - 3)
		}}, true
	}
	return command{}, false
}

// dc4Length is the length of DLE DC4 fn with its prefix.
func dc4Length(fn byte) int {
	switch fn {
	case 1, 2:
		return 5
	case 3:
		return 8
	case 7:
		return 4
	case 8:
		return 10
	}
	return 3
}

func lookupESC(c byte) (command, bool) {
	name := "ESC " + letter(c)
	switch c {
	case '2', '<', '@', 'L', 'S', 'i', 'm', 'v', 'o', 'q', 'O', '.', 0x0C, 0x18, '4', '5':
		return command{name, params(0)}, true
	case ' ', '!', '%', '-', '/', '3', '=', '?', 'A', 'C', 'E', 'F', 'G', 'I', 'J', 'K', 'M', 'N',
		'Q', 'R', 'T', 'U', 'V', 'a', 'd', 'e', 'h', 'l', 'r', 's', 't', 'u', 'x', 'w', 'z', '{', '~':
		return command{name, params(1)}, true
	case '$', '\\', 'B', 'X', 'Y', 'c', 'f', ':':
		return command{name, params(2)}, true
	case 'p':
		return command{name, params(3)}, true
	case 'W':
		return command{name, params(8)}, true
	case '&':
		return command{name, userCharacters}, true
	case '*':
		return command{name, columnImage}, true
	case 'D':
		return command{name, tabs}, true
	case '(':
		return command{name, counted16(1)}, true
	case 'Z':
		return command{name, counted16(3)}, true // a QR code in compatible printers: m n k dL dH d…
	case gs, rs, ack, bel:
		return command{name, starRule}, true
	}
	return command{}, false
}

const (
	ack = 0x06
	bel = 0x07
	rs  = 0x1E
)

// starRule is for the commands that begin with ESC and a control character in the language of Star, which
// many programs send to whatever printer there is: ESC ACK SOH, ESC BEL n1 n2, ESC RS c n, ESC GS c n….
func starRule(b []byte) verdict {
	switch b[1] {
	case ack:
		return whole(have(b, 3))
	case bel, rs:
		return whole(have(b, 4))
	}
	if n := have(b, 3); n > 0 {
		return askIn(n)
	}
	switch b[2] {
	case '#': // as far as LF
		const longest = 32
		if len(b) > 3 && b[len(b)-1] == '\n' || len(b) >= longest {
			return whole(0)
		}
		return askIn(1)
	case 'A', 'R', 'P', 'h', 'l':
		return whole(have(b, 5))
	case 0x03, 0x07, 0x11, 0x12, 0x19: // s n1 n2
		return whole(have(b, 6))
	case 'S': // m xL xH yL yH n and the picture
		if n := have(b, 9); n > 0 {
			return askIn(n)
		}
		return whole(area(le16(b[4], b[5]), le16(b[6], b[7]), 1))
	case 'x', 'y':
		return starSymbol(b)
	}
	return whole(have(b, 4))
}

// starSymbol is ESC GS y (QR code) and ESC GS x (PDF417): S and a setting, D and data, P alone, I alone.
func starSymbol(b []byte) verdict {
	if n := have(b, 4); n > 0 {
		return askIn(n)
	}
	switch {
	case b[3] == 'P' || b[3] == 'I':
		return whole(0)
	case b[3] == 'D' && b[2] == 'y': // 1 m nL nH d…
		return counted16(4)(b)
	case b[3] == 'D': // nL nH d…
		return counted16(2)(b)
	case b[2] == 'x' && len(b) == 4:
		return askIn(1)
	case b[2] == 'x' && b[4] == '0': // S 0 n p1 p2
		return whole(have(b, 8))
	}
	return whole(have(b, 6))
}

// columnImage is ESC * m nL nH d…: one byte a column for 8 dots, three for 24.
func columnImage(b []byte) verdict {
	if n := have(b, 5); n > 0 {
		return askIn(n)
	}
	n := le16(b[3], b[4])
	if b[2] >= 32 {
		n *= 3
	}
	return whole(n)
}

// tabs is ESC D n1…nk NUL. Positions rise; the first that does not is no part of the command, nor is
// what follows the 32nd.
func tabs(b []byte) verdict {
	if len(b) == 2 {
		return askIn(1)
	}
	last := b[len(b)-1]
	k := len(b) - 2
	switch {
	case last == 0:
		return whole(0)
	case k > 32, k > 1 && last <= b[len(b)-2]:
		return giveBack(1)
	}
	return askIn(1)
}

// userCharacters is ESC & y c1 c2 [x d1…d(y·x)] for each of c1 to c2.
func userCharacters(b []byte) verdict {
	if n := have(b, 5); n > 0 {
		return askIn(n)
	}
	y, c1, c2 := int(b[2]), int(b[3]), int(b[4])
	pos := 5
	for c := c1; c <= c2; c++ {
		if pos >= len(b) {
			return askIn(pos + 1 - len(b))
		}
		pos += 1 + y*int(b[pos])
	}
	return whole(pos - len(b))
}

// letter names the second byte of a command.
func letter(c byte) string {
	switch {
	case c == ' ':
		return "SP"
	case c > 0x20 && c < 0x7F:
		return string(rune(c))
	}
	return controlName(c)
}

func controlName(c byte) string {
	names := [0x20]string{
		"NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI",
		"DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
	}
	if int(c) < len(names) {
		return names[c]
	}
	const hex = "0123456789ABCDEF"
	return string([]byte{hex[c>>4], hex[c&15], 'h'})
}
