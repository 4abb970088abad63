package emulator

import (
	"bytes"
	"slices"
	"strconv"
	"time"

	"gatehouse/drivers/escpos"
)

// The memory for pictures. It keeps them without power: neither ESC @ nor the switch empties it.
const (
	keptBytes = 256 << 10 // as the TM-T88III has
	keptHead  = 16        // bytes of it that each picture takes besides its dots
	listBlock = 40        // keys told at a time
	// writeTime is how long the printer is deaf while it writes; Epson gives no figure.
	writeTime = 300 * time.Millisecond
)

func (d *dots) kept() int { return keptHead + len(d.bits) }

// room is how many bytes are free.
func (w *parser) room() int {
	free := keptBytes
	for _, pic := range w.logo {
		free -= pic.kept()
	}
	return free
}

// written takes the time of a write, and counts it: makers allow ten a day.
func (w *parser) written() {
	w.count(&w.p.stats.Keeps)
	w.wait(writeTime)
}

// Keeps is how many times the memory for pictures was written.
func (p *Printer) Keeps() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stats.Keeps
}

func (w *parser) byKey() bool { return w.p.cfg.Profile.Logos == escpos.LogosByKey }

// define executes GS ( L 67.
func (w *parser) define(d []byte) {
	if len(d) < 11 || !w.byKey() {
		return
	}
	key := [2]byte{d[3], d[4]}
	pic := bitsOf(d[11:], le(d[6:]), le(d[8:]))
	if pic == nil || !printable(key[0]) || !printable(key[1]) {
		return
	}
	free := w.room()
	if old := w.logo[key]; old != nil {
		free += old.kept()
	}
	if pic.kept() > free {
		return
	}
	w.logo[key] = pic
	w.written()
}

func printable(c byte) bool { return c >= 0x20 && c <= 0x7E }

func (w *parser) printKept(d []byte) {
	key := [2]byte{d[2], d[3]}
	if pic := w.logo[key]; pic != nil {
		w.picture(pic.scale(clamp(d[4]), clamp(d[5])), string(key[:]))
	}
}

// keep executes FS q at the beginning of a line. It replaces all pictures kept before, and the printer
// starts anew after it. Pictures that do not fit are not kept.
func (w *parser) keep(d []byte) {
	if !w.text.empty() {
		return
	}
	w.pics = nil
	pos, free := 3, keptBytes
	for range d[2] {
		if pos+4 > len(d) {
			break
		}
		x, y := le(d[pos:]), le(d[pos+2:])
		pos += 4
		size := x * y * 8
		if pos+size > len(d) {
			break
		}
		if pic := columnsOf(d[pos:pos+size], x*8, y); pic != nil && pic.kept() <= free {
			w.pics = append(w.pics, pic)
			free -= pic.kept()
		}
		pos += size
	}
	w.written()
	w.reset()
	w.p.mu.Lock()
	w.p.report.mask = 0
	w.p.mu.Unlock()
}

// memory executes the functions of GS ( L about what is kept: how much there can be and how much room is
// left, which keys there are, and forgetting one or all.
func (w *parser) memory(fn byte, d []byte) {
	if !w.byKey() {
		return
	}
	switch fn {
	case 0, 48:
		w.tell('0', strconv.Itoa(keptBytes))
	case 3, 51:
		w.tell('1', strconv.Itoa(w.room()))
	case 64:
		if string(d) == "KC" {
			w.listKeys()
		}
	case 65:
		if string(d) == "CLR" {
			clear(w.logo)
			w.written()
		}
	case 66:
		if len(d) == 2 && w.logo[[2]byte(d)] != nil {
			delete(w.logo, [2]byte(d))
			w.written()
		}
	}
}

// tell answers with a block: 37h, what it is, text, NUL.
func (w *parser) tell(what byte, text string) {
	w.p.mu.Lock()
	defer w.p.mu.Unlock()
	w.p.reply(append(append([]byte{0x37, what}, text...), 0)...)
}

// keyList is a list of keys of which the host takes one block after the other.
type keyList struct {
	blocks []string // from the one told last
}

// listKeys begins the list, in the order of the keys.
func (w *parser) listKeys() {
	var keys [][2]byte
	for key := range w.logo {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b [2]byte) int { return bytes.Compare(a[:], b[:]) })
	w.keys.blocks = nil
	for block := range slices.Chunk(keys, listBlock) {
		text := "A"
		for _, key := range block {
			text += string(key[:])
		}
		w.keys.blocks = append(w.keys.blocks, text)
	}
	if len(keys) == 0 {
		w.keys.blocks = []string{"A"}
	}
	last := &w.keys.blocks[len(w.keys.blocks)-1]
	*last = "@" + (*last)[1:]
	w.tell('r', w.keys.blocks[0])
}

// listOn goes on with the list as the host says: ACK the next block, NAK the same again, CAN no more.
func (w *parser) listOn(c byte) {
	const ack, nak, can = 0x06, 0x15, 0x18
	if len(w.keys.blocks) == 0 {
		return
	}
	switch c {
	case ack:
		w.keys.blocks = w.keys.blocks[1:]
	case nak:
	case can:
		w.keys.blocks = nil
	default:
		return
	}
	if len(w.keys.blocks) > 0 {
		w.tell('r', w.keys.blocks[0])
	}
}
