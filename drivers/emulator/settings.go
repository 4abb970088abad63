package emulator

import (
	"strconv"
	"strings"
)

// settings are what GS ( E keeps without power: memory switches, values, and the serial line (ESC/POS
// reference of Epson, "user setup commands"). They are kept and told; the emulated line and paper stay as
// they were made.
type settings struct {
	mode     bool // between functions 1 and 2
	switches [9]byte
	values   map[byte]int
	serial   map[byte]string
}

func newSettings(baud int) settings {
	if baud == 0 {
		baud = 38400
	}
	return settings{
		values: map[byte]int{},
		serial: map[byte]string{1: strconv.Itoa(baud), 2: "0", 3: "0", 4: "8"},
	}
}

const maxValues = 256 // a byte names them

// setup executes GS ( E. The printer's lock is held.
func (p *Printer) setup(d []byte) {
	s := &p.settings
	if len(d) < 1 || !p.cfg.Profile.ASB {
		return
	}
	switch fn, rest := d[0], d[1:]; {
	case fn == 1 && string(rest) == "IN":
		s.mode = true
		p.reply(0x37, 0x20, 0)
	case fn == 2 && string(rest) == "OUT":
		s.mode = false
	case fn == 3 && s.mode:
		for len(rest) >= 9 {
			s.flip(rest[0], rest[1:9])
			rest = rest[9:]
		}
	case fn == 4 && len(rest) == 1 && rest[0] >= 1 && rest[0] <= 8:
		out := []byte{0x37, 0x21}
		for bit := 7; bit >= 0; bit-- {
			out = append(out, '0'+s.switches[rest[0]]>>bit&1)
		}
		p.reply(append(out, 0)...)
	case fn == 5 && s.mode:
		for len(rest) >= 3 && len(s.values) < maxValues {
			s.values[rest[0]] = int(rest[1]) | int(rest[2])<<8
			rest = rest[3:]
		}
	case fn == 6 && len(rest) == 1:
		p.tellSetting(0x27, rest[0], strconv.Itoa(s.values[rest[0]]))
	case fn == 11 && s.mode && len(rest) >= 2:
		s.line(rest[0], string(rest[1:]))
	case fn == 12 && len(rest) == 1 && s.serial[rest[0]] != "":
		p.tellSetting(0x33, rest[0], s.serial[rest[0]])
	}
}

// flip sets the bits of a memory switch: '0' off, '1' on, '2' as it is. The highest comes first.
func (s *settings) flip(n byte, bits []byte) {
	if n < 1 || int(n) >= len(s.switches) {
		return
	}
	for i, b := range bits {
		mask := byte(0x80) >> i
		switch b {
		case '0':
			s.switches[n] &^= mask
		case '1':
			s.switches[n] |= mask
		}
	}
}

// line sets the speed, parity, handshake or bits of the serial line, if that is a value there is.
func (s *settings) line(which byte, value string) {
	allowed := map[byte]string{1: " 2400 4800 9600 19200 38400 57600 115200 ", 2: " 0 1 2 ", 3: " 0 1 ", 4: " 7 8 "}
	if !strings.ContainsAny(value, " ") && strings.Contains(allowed[which], " "+value+" ") {
		s.serial[which] = value
	}
}

// tellSetting sends a block: what, which, a separator, the value.
func (p *Printer) tellSetting(what, which byte, value string) {
	p.reply(append(append([]byte{0x37, what, which, 0x1F}, value...), 0)...)
}
