package kit

// line is the text of a field with its caret and selection, free of drawing.
type line struct {
	text   []rune
	caret  int // between 0 and len(text)
	anchor int // other end of the selection; equal to caret if nothing is selected
	max    int // most characters, at least 1
	digits bool
}

// rejection says why typed or pasted text was not taken.
type rejection int

const (
	taken rejection = iota
	tooLong
	notDigits
)

// insert replaces the selection by text, or takes nothing of it at all: half a
// pasted account number would be worse than none. Line breaks and tabs at its
// ends are dropped, inside they become a space.
func (l *line) insert(text string) rejection {
	add := oneLine(text)
	if l.digits {
		for _, r := range add {
			if r < '0' || r > '9' {
				return notDigits
			}
		}
	}
	from, to := l.selection()
	if len(l.text)-(to-from)+len(add) > l.max {
		return tooLong
	}
	next := make([]rune, 0, len(l.text)-(to-from)+len(add))
	next = append(append(append(next, l.text[:from]...), add...), l.text[to:]...)
	l.text = next
	l.caret = from + len(add)
	l.anchor = l.caret
	return taken
}

// oneLine makes one line of a text and drops what cannot be drawn.
func oneLine(text string) []rune {
	var out []rune
	for _, r := range text {
		if r == '\n' || r == '\r' || r == '\t' {
			r = ' '
		}
		if r < ' ' || r == 0x7f || r == 0xfffd {
			continue
		}
		out = append(out, r)
	}
	if len(out) == 1 {
		return out // a space typed is a space meant
	}
	from, to := 0, len(out)
	for from < to && out[from] == ' ' {
		from++
	}
	for to > from && out[to-1] == ' ' {
		to--
	}
	return out[from:to]
}

// set replaces the whole text, shortened to the most the field holds.
func (l *line) set(text string) {
	l.text = []rune(text)
	if len(l.text) > l.max {
		l.text = l.text[:l.max]
	}
	l.caret = len(l.text)
	l.anchor = l.caret
}

func (l *line) selection() (from, to int) { return min(l.caret, l.anchor), max(l.caret, l.anchor) }

func (l *line) selected() string {
	from, to := l.selection()
	return string(l.text[from:to])
}

func (l *line) selectAll() { l.anchor, l.caret = 0, len(l.text) }

// move puts the caret somewhere; keep holds the other end of the selection.
func (l *line) move(to int, keep bool) {
	l.caret = max(0, min(to, len(l.text)))
	if !keep {
		l.anchor = l.caret
	}
}

// step moves the caret by one character, or to the end of a selection.
func (l *line) step(by int, keep bool) {
	from, to := l.selection()
	switch {
	case keep || from == to:
		l.move(l.caret+by, keep)
	case by < 0:
		l.move(from, false)
	default:
		l.move(to, false)
	}
}

// erase removes the selection, or the character before (by -1) or after (by 1)
// the caret.
func (l *line) erase(by int) {
	from, to := l.selection()
	if from == to {
		from, to = min(l.caret, l.caret+by), max(l.caret, l.caret+by)
		from, to = max(0, from), min(len(l.text), to)
	}
	l.text = append(l.text[:from:from], l.text[to:]...)
	l.caret, l.anchor = from, from
}
