package escpos

// ReplyKind says what a printer's answer is about.
type ReplyKind uint8

// The kinds of replies, told apart by the bits that are fixed in each (Epson, "transmission status
// identification").
const (
	ReplyNoise    ReplyKind = iota // not a reply: line noise or a wrong speed
	ReplyRealtime                  // one byte, to DLE EOT; which n it answers the asker must remember
	ReplyASB                       // four bytes, by itself or to GS a
	ReplySync                      // one byte, to GS r, ESC u, ESC v or GS I 1 to 3
	ReplyInfo                      // text, to GS I 65 and up
	ReplyProcID                    // everything before that GS ( H is on paper
	ReplyOffline                   // the printer went offline and says why
	ReplyCleared                   // the buffers are empty (DLE DC4 8)
	ReplyBlock                     // another block
	ReplyXON                       // go on sending
	ReplyXOFF                      // stop sending
)

// Reply is one answer of a printer.
type Reply struct {
	Kind ReplyKind
	Byte byte    // of Realtime, Sync, Noise; the header of Info; the second byte of Block
	ASB  Status  // of ASB
	ID   [4]byte // of ProcID
	Text string  // of Info, Offline and Block: what stood between header and NUL
}

// maxReplyText bounds a block; the longest known is a check's magnetic line of 67 bytes.
const maxReplyText = 128

// ReplyDecoder tells replies apart, byte by byte. The zero value is ready.
//
// After noise, or a reply that broke off, it is in step again within four bytes: status reports end whatever
// block was begun, and the answers that prove a print are found even where noise looked like the beginning
// of a text. Only another text right behind such noise is read as one with it.
type ReplyDecoder struct {
	state replyState
	asb   [4]byte
	n     int // bytes of asb or id read
	block Reply
	text  []byte
	noise int
}

type replyState uint8

const (
	atStart replyState = iota
	inASB
	afterHeader37 // 37h read, its second byte decides
	inID
	inText
)

// Noise is how many bytes so far belonged to no reply.
func (d *ReplyDecoder) Noise() int { return d.noise }

// Push takes the next byte and reports the reply it completes, if it does.
//
// XON and XOFF are reported at once, even inside another reply. A byte that cannot continue the reply
// begun drops what was begun and is looked at afresh.
func (d *ReplyDecoder) Push(b byte) (Reply, bool) {
	switch b {
	case 0x11:
		return Reply{Kind: ReplyXON, Byte: b}, true
	case 0x13:
		return Reply{Kind: ReplyXOFF, Byte: b}, true
	}
	switch d.state {
	case inASB:
		if b&0x90 == 0 {
			return d.pushASB(b)
		}
		d.drop(d.n)
	case afterHeader37:
		if r, done, ok := d.pushSecond(b); ok {
			return r, done
		}
		d.drop(1)
	case inID:
		if r, done, ok := d.pushID(b); ok {
			return r, done
		}
		if d.beginAgain(b) {
			return Reply{}, false
		}
		d.drop(2 + d.n)
	case inText:
		if r, done, ok := d.pushText(b); ok {
			return r, done
		}
		d.drop(2 + len(d.text))
	}
	return d.pushFirst(b)
}

// drop forgets a reply that broke off.
func (d *ReplyDecoder) drop(n int) {
	d.noise += n
	d.state = atStart
}

func (d *ReplyDecoder) pushFirst(b byte) (Reply, bool) {
	switch {
	case b&0x93 == 0x12:
		return Reply{Kind: ReplyRealtime, Byte: b}, true
	case b&0x93 == 0x10:
		d.state, d.n = inASB, 1
		d.asb = [4]byte{b}
	case b&0x90 == 0:
		return Reply{Kind: ReplySync, Byte: b}, true
	case b == 0x37:
		d.state = afterHeader37
	case b == 0x5F, b == 0x3D:
		d.begin(Reply{Kind: ReplyInfo, Byte: b})
	case b == 0x35, b == 0x3B:
		d.begin(Reply{Kind: ReplyBlock, Byte: b})
	default:
		d.noise++
		return Reply{Kind: ReplyNoise, Byte: b}, true
	}
	return Reply{}, false
}

func (d *ReplyDecoder) begin(r Reply) {
	d.state, d.block, d.text = inText, r, d.text[:0]
}

func (d *ReplyDecoder) pushASB(b byte) (Reply, bool) {
	d.asb[d.n] = b
	d.n++
	if d.n < 4 {
		return Reply{}, false
	}
	d.state = atStart
	return Reply{Kind: ReplyASB, ASB: ParseASB(d.asb)}, true
}

func (d *ReplyDecoder) pushSecond(b byte) (r Reply, done, ok bool) {
	switch {
	case b == 0x22:
		d.state, d.n = inID, 0
		d.block = Reply{Kind: ReplyProcID}
	case b == 0x23:
		d.begin(Reply{Kind: ReplyOffline, Byte: b})
	case b == 0x25:
		d.begin(Reply{Kind: ReplyCleared, Byte: b})
	case b >= 0x20 && b < 0x7F:
		d.begin(Reply{Kind: ReplyBlock, Byte: b})
	default:
		return Reply{}, false, false
	}
	return Reply{}, false, true
}

func (d *ReplyDecoder) pushID(b byte) (r Reply, done, ok bool) {
	if d.n == 4 {
		if b != 0 {
			return Reply{}, false, false
		}
		d.state = atStart
		return d.block, true, true
	}
	if b < 0x20 || b > 0x7E {
		return Reply{}, false, false
	}
	d.block.ID[d.n] = b
	d.n++
	return Reply{}, false, true
}

// beginAgain looks for a process ID that began inside what was taken for one, and goes on with it. It
// reports whether there is one, b being its newest byte.
func (d *ReplyDecoder) beginAgain(b byte) bool {
	got := append(append(make([]byte, 0, 5), d.block.ID[:d.n]...), b)
	for i := range got {
		rest := got[i:]
		if rest[0] != 0x37 || len(rest) > 1 && rest[1] != 0x22 {
			continue
		}
		d.noise += 2 + i
		if len(rest) == 1 {
			d.state = afterHeader37
			return true
		}
		d.block = Reply{Kind: ReplyProcID}
		d.n = copy(d.block.ID[:], rest[2:])
		return true
	}
	return false
}

func (d *ReplyDecoder) pushText(b byte) (r Reply, done, ok bool) {
	if b == 0 {
		d.state = atStart
		return d.whole(), true, true
	}
	const unit = 0x1F // stands between the parts of a check reader's answer
	if d.block.Kind == ReplyCleared || b < 0x20 && b != unit || b >= 0x80 || len(d.text) >= maxReplyText {
		return Reply{}, false, false
	}
	d.text = append(d.text, b)
	return Reply{}, false, true
}

// whole is the block that has ended. Where its text ends with a whole answer that proves something, what
// stood before was noise.
func (d *ReplyDecoder) whole() Reply {
	const id, cleared = 6, 2
	t := d.text
	switch n := len(t); {
	case n >= id && t[n-id] == 0x37 && t[n-id+1] == 0x22:
		d.noise += 1 + n - id
		return Reply{Kind: ReplyProcID, ID: [4]byte(t[n-4:])}
	case n >= cleared && t[n-cleared] == 0x37 && t[n-cleared+1] == 0x25:
		d.noise += 1 + n - cleared
		return Reply{Kind: ReplyCleared, Byte: 0x25}
	}
	d.block.Text = string(t)
	return d.block
}
