package escpos

// TokenKind sorts tokens.
type TokenKind uint8

// The kinds of tokens.
const (
	TokenText    TokenKind = iota // a run of characters, 20h and up
	TokenCommand                  // a command with its parameters and data
	TokenControl                  // LF, CR, HT, FF, CAN and the like, alone
	TokenUnknown                  // ESC, FS, GS or US with a byte no reference knows
)

// Token is one piece of a stream, as a printer's parser takes it.
type Token struct {
	Kind TokenKind
	Name string // "ESC a", "GS ( k", "LF"; empty for text
	Data []byte // the bytes as sent; valid until the next call
	Lost int    // bytes of an oversized command that were not kept
}

// Limits of a token. Text is cut at MaxTextToken, commands keep their first MaxTokenBytes.
const (
	MaxTextToken  = 256
	MaxTokenBytes = 1 << 20
)

// Tokenizer cuts a stream of ESC/POS into tokens. It may be given the stream in pieces of any size and
// gives the same tokens, and keeps at most [MaxTokenBytes] of it. The zero value is ready.
type Tokenizer struct {
	buf  []byte
	cmd  command
	need int  // bytes of the command to read before the rule is asked again
	last bool // the command is whole after them
	lost int
	told told
}

// told is what earlier commands said that decides how long later ones are.
type told struct {
	display bool // ESC = 2: a customer display listens, and the printer does not
	kanji   int  // bytes of a character that FS 2 defines; 0 stands for font A
}

// Push reads p and calls emit for each token that is whole. Text is whole when something else follows.
func (t *Tokenizer) Push(p []byte, emit func(Token)) {
	for len(p) > 0 {
		p = p[t.step(p, emit):]
	}
}

// Flush ends a run of text that is still open. An unfinished command stays open.
func (t *Tokenizer) Flush(emit func(Token)) {
	if t.inText() {
		t.emit(TokenText, "", emit)
	}
}

// Reset forgets everything that was not emitted.
func (t *Tokenizer) Reset() { *t = Tokenizer{} }

// Pending reports whether a command is unfinished.
func (t *Tokenizer) Pending() bool { return len(t.buf) > 0 && !t.inText() }

func (t *Tokenizer) inText() bool { return len(t.buf) > 0 && t.buf[0] >= 0x20 }

// step reads at least one byte of p and says how many.
func (t *Tokenizer) step(p []byte, emit func(Token)) int {
	switch {
	case t.cmd.rule != nil:
		return t.body(p, emit)
	case len(t.buf) == 1 && prefix(t.buf[0]):
		return t.second(p, emit)
	case p[0] >= 0x20:
		return t.text(p, emit)
	}
	t.Flush(emit)
	t.buf = append(t.buf, p[0])
	if !prefix(p[0]) {
		t.emit(TokenControl, controlName(p[0]), emit)
	}
	return 1
}

func prefix(c byte) bool { return c == dle || c == esc || c == fs || c == gs || c == us }

func (t *Tokenizer) text(p []byte, emit func(Token)) int {
	n := 0
	for n < len(p) && p[n] >= 0x20 && len(t.buf)+n < MaxTextToken {
		n++
	}
	t.buf = append(t.buf, p[:n]...)
	if len(t.buf) == MaxTextToken {
		t.Flush(emit)
	}
	return n
}

// second reads the byte after a prefix. A DLE that begins no real-time command stands alone. A prefix before
// another prefix or a line feed begins nothing, and what follows it is read as if it were not there.
func (t *Tokenizer) second(p []byte, emit func(Token)) int {
	cmd, ok := lookup(t.buf[0], p[0])
	if !ok && t.buf[0] == dle {
		t.emit(TokenControl, "DLE", emit)
		return 0
	}
	if !ok && (prefix(p[0]) || p[0] == '\n') {
		t.emit(TokenUnknown, controlName(t.buf[0])+" alone", emit)
		return 0
	}
	cmd.rule = t.told.adapt(t.buf[0], p[0], cmd.rule)
	t.buf = append(t.buf, p[0])
	if !ok {
		t.emit(TokenUnknown, controlName(t.buf[0])+" "+letter(p[0]), emit)
		return 1
	}
	t.cmd = cmd
	t.ask(emit)
	return 1
}

// body reads more of a command, in one go where its length is known.
func (t *Tokenizer) body(p []byte, emit func(Token)) int {
	n := min(t.need, len(p))
	keep := min(n, MaxTokenBytes-len(t.buf))
	t.buf = append(t.buf, p[:keep]...)
	t.lost += n - keep
	t.need -= n
	if t.need == 0 {
		t.ask(emit)
	}
	return n
}

// ask asks the rule how to go on. A command that lost bytes cannot be asked about them, so it ends.
func (t *Tokenizer) ask(emit func(Token)) {
	if t.last || t.lost > 0 {
		t.emitCommand(emit)
		return
	}
	v := t.cmd.rule(t.buf)
	t.need, t.last = v.need, v.done
	if !v.done || v.need > 0 {
		return
	}
	if v.back == 0 {
		t.emitCommand(emit)
		return
	}
	var back [8]byte
	rest := back[:copy(back[:], t.buf[len(t.buf)-v.back:])]
	t.buf = t.buf[:len(t.buf)-v.back]
	t.emitCommand(emit)
	t.Push(rest, emit)
}

// adapt replaces the rule of a command whose length depends on what came before it.
func (o *told) adapt(first, second byte, r rule) rule {
	switch {
	case first == esc && second == 'W' && o.display:
		return displayWindow
	case first == fs && second == '2' && o.kanji > 0:
		return userKanji(o.kanji)
	}
	return r
}

// hear keeps what a command says about the length of later ones.
func (o *told) hear(b []byte) {
	switch {
	case b[0] == esc && b[1] == '=' && b[2]&3 != 0:
		o.display = b[2]&3 == 2
	case b[0] == esc && b[1] == '@':
		o.kanji = 0
	case b[0] == fs && b[1] == '(' && b[2] == 'A' && len(b) == 7:
		o.kanji = [...]int{fontA, fontB, fontC}[min(b[6]&0x0F, 2)]
	}
}

func (t *Tokenizer) emitCommand(emit func(Token)) {
	name := t.cmd.name
	if t.buf[1] == '(' || t.buf[0] == gs && t.buf[1] == '8' || t.buf[0] == esc && t.buf[1] == gs {
		name += " " + letter(t.buf[2])
	}
	t.told.hear(t.buf)
	t.emit(TokenCommand, name, emit)
}

func (t *Tokenizer) emit(kind TokenKind, name string, emit func(Token)) {
	tok := Token{Kind: kind, Name: name, Data: t.buf, Lost: t.lost}
	buf := t.buf[:0]
	if cap(buf) > 1<<16 {
		buf = nil
	}
	*t = Tokenizer{buf: buf, told: t.told}
	emit(tok)
}
