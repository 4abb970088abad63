package emulator

import (
	"strconv"
	"strings"

	"gatehouse/drivers/escpos"
	"time"
)

// macro is a piece of the stream that a program has the printer repeat (GS : and GS ^). ESC @ leaves it.
type macro struct {
	defining bool
	running  bool
	data     []byte
}

// maxMacro is how many bytes a macro holds (Epson).
const maxMacro = 2048

// note keeps what comes while a macro is defined; one that becomes too long is forgotten.
func (m *macro) note(t escpos.Token) {
	if !m.defining || t.Name == "GS :" {
		return
	}
	if len(m.data)+len(t.Data) > maxMacro {
		*m = macro{}
		return
	}
	m.data = append(m.data, t.Data...)
}

// repeat executes the macros' commands.
func (w *parser) repeat(name string, d []byte) bool {
	m := &w.macro
	switch name {
	case "GS :":
		m.defining = !m.defining
		if m.defining {
			m.data = nil
		}
	case "GS ^":
		if m.defining {
			*m = macro{}
			return true
		}
		if m.running || d[4]&1 != 0 { // with the feed button, which nobody presses
			return true
		}
		m.running = true
		var tok escpos.Tokenizer
		for range d[2] {
			tok.Push(m.data, w.execute)
			tok.Flush(w.execute)
			if w.gone || !w.wait(time.Duration(d[3])*100*time.Millisecond) {
				break
			}
		}
		m.running = false
	default:
		return false
	}
	return true
}

// counter is the number that GS c prints and moves on.
type counter struct {
	value      int
	from, to   int
	step, each int // it moves by step after it was printed so many times
	printed    int
	digits     int // at least so many; 0 as many as it has
	justify    byte
}

func newCounter() counter { return counter{value: 1, from: 1, to: 65535, step: 1, each: 1} }

// count executes the counter's commands.
func (w *parser) countOn(name string, d []byte) bool {
	c := &w.counter
	switch name {
	case "GS C":
		c.set(d)
	case "GS c":
		w.write([]byte(c.String()))
		c.move()
	default:
		return false
	}
	return true
}

// set executes GS C 0 to 2 and GS C ;.
func (c *counter) set(d []byte) {
	switch d[2] {
	case 0, '0':
		if d[3] <= 5 {
			c.digits, c.justify = int(d[3]), d[4]&3
		}
	case 1, '1':
		c.limits(le(d[3:]), le(d[5:]), int(d[7]), int(d[8]))
	case 2, '2':
		c.value = le(d[3:])
	case ';':
		var n [5]int
		for i, s := range strings.SplitN(string(d[3:]), ";", 6) {
			if i < len(n) {
				n[i], _ = strconv.Atoi(s) // what is no number stands for 0, as in the manual
			}
		}
		c.limits(n[0], n[1], n[2], n[3])
		c.value = n[4]
	}
}

func (c *counter) limits(from, to, step, each int) {
	c.from, c.to, c.step, c.each, c.printed = from, to, step, each, 0
}

func (c *counter) String() string {
	s := strconv.Itoa(c.value)
	pad := c.digits - len(s)
	if c.digits > 0 && pad < 0 {
		return s[-pad:]
	}
	pad = max(pad, 0)
	switch c.justify {
	case 1:
		return strings.Repeat("0", pad) + s
	case 2:
		return s + strings.Repeat(" ", pad)
	}
	return strings.Repeat(" ", pad) + s
}

// move goes on to the next number, and begins anew at the end. It counts down where from is above to.
func (c *counter) move() {
	if c.step == 0 || c.each == 0 {
		return
	}
	if c.printed++; c.printed < c.each {
		return
	}
	c.printed = 0
	if c.from <= c.to {
		if c.value += c.step; c.value > c.to {
			c.value = c.from
		}
		return
	}
	if c.value -= c.step; c.value < c.to {
		c.value = c.from
	}
}
