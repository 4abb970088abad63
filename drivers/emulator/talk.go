package emulator

import (
	"strconv"
	"strings"
)

// talk executes the questions and settings in the order of the data.
func (w *parser) talk(name string, d []byte) bool {
	p := w.p
	prof := &p.cfg.Profile
	p.mu.Lock()
	defer p.mu.Unlock()
	switch name {
	case "GS a":
		if !prof.ASB {
			return true
		}
		p.report.mask = d[2]
		if d[2] != 0 {
			now := p.status().ASB()
			p.reply(now[:]...)
		}
	case "GS r", "ESC v", "ESC u":
		p.sync(name, d[len(d)-1])
	case "GS I":
		p.identify(d[2])
	case "GS ( E":
		p.setup(d[5:])
	case "GS g":
		p.maintenance(d)
	case "GS j", "FS ( e": // reports of ink and of other stations, which there are none of
	case "GS ( H":
		w.processID(d)
	case "GS ( D":
		for i := 6; i+1 < len(d) && d[5] == 0x14; i += 2 {
			if d[i] == 1 {
				p.line.pulseOff = d[i+1] == 0 || d[i+1] == '0'
			}
		}
	default:
		return false
	}
	return true
}

// sync answers with one byte: the paper's or the drawer's.
func (p *Printer) sync(name string, n byte) {
	switch {
	case name == "ESC v", name == "GS r" && (n == 1 || n == '1'):
		p.reply(p.status().ASB()[2])
	case name == "ESC u" && (n == 0 || n == '0'), name == "GS r" && (n == 2 || n == '2'):
		b := byte(0)
		if p.level() {
			b = 1
		}
		p.reply(b)
	}
}

// maintenance executes GS g 2: how often something was done. Counters that cannot be set to zero have their
// numbers 128 higher; here both kinds count from the start.
func (p *Printer) maintenance(d []byte) {
	const lines, cuts = 20, 50
	if d[2] != '2' {
		return
	}
	n := 0
	switch le(d[4:]) &^ 0x80 {
	case lines:
		n = p.stats.Lines
	case cuts:
		n = p.stats.Cuts
	}
	p.reply(append(append([]byte{0x5F}, strconv.Itoa(n)...), 0)...)
}

// processID answers GS ( H: everything before it is on paper, because the parser prints before it reads on.
func (w *parser) processID(d []byte) {
	if !w.p.cfg.Profile.ProcID || len(d) < 7 || d[5] != '0' {
		return
	}
	if len(d) == 11 && d[6] == '0' {
		w.p.reply(0x37, 0x22, d[7], d[8], d[9], d[10], 0)
	}
}

// identify answers GS I.
func (p *Printer) identify(n byte) {
	text := ""
	switch n {
	case 1, '1':
		p.reply(0x20)
		return
	case 2, '2':
		b := byte(0)
		if p.cfg.Profile.KanjiDefault {
			b |= 1
		}
		if p.cfg.Profile.Cutter {
			b |= 2
		}
		p.reply(b)
		return
	case 3, '3':
		p.reply(1)
		return
	case 65:
		text = "1.00 EMU"
	case 66:
		text = "EPSON" // so do the compatible ones, for the sake of programs that look
		if m := p.cfg.Profile.Maker; m != "" {
			text = strings.ToUpper(m)
		}
	case 67:
		text = p.cfg.Profile.Name
	case 68:
		text = "EMU0000001"
	case 69:
		if !p.cfg.Profile.KanjiDefault {
			return
		}
		text = "CHINA GB18030"
	default:
		return
	}
	p.reply(append(append([]byte{0x5F}, text...), 0)...)
}
