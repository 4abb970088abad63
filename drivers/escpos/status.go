package escpos

// Status is what a printer says of itself in an automatic report.
//
// Pin3High is the raw level of the drawer's switch: whether high means open differs by drawer and has to
// be learned. PaperLow and PaperOut cannot be relied on while the cover is open.
type Status struct {
	Pin3High      bool
	Offline       bool
	CoverOpen     bool
	Feeding       bool // somebody holds the feed button
	Recoverable   bool // a mechanical error; DLE ENQ may help
	CutterError   bool
	Unrecoverable bool // power off and on again, or a repair
	AutoRecovers  bool // the head is hot; wait
	PaperLow      bool
	PaperOut      bool
}

// ParseASB reads the four bytes of an automatic report.
func ParseASB(b [4]byte) Status {
	return Status{
		Pin3High:      b[0]&0x04 != 0,
		Offline:       b[0]&0x08 != 0,
		CoverOpen:     b[0]&0x20 != 0,
		Feeding:       b[0]&0x40 != 0,
		Recoverable:   b[1]&0x04 != 0,
		CutterError:   b[1]&0x08 != 0,
		Unrecoverable: b[1]&0x20 != 0,
		AutoRecovers:  b[1]&0x40 != 0,
		PaperLow:      b[2]&0x03 != 0,
		PaperOut:      b[2]&0x0C != 0,
	}
}

// ASB is the inverse of [ParseASB].
func (s Status) ASB() [4]byte {
	return [4]byte{
		0x10 | bit(s.Pin3High, 0x04) | bit(s.Offline, 0x08) | bit(s.CoverOpen, 0x20) | bit(s.Feeding, 0x40),
		bit(s.Recoverable, 0x04) | bit(s.CutterError, 0x08) | bit(s.Unrecoverable, 0x20) | bit(s.AutoRecovers, 0x40),
		bit(s.PaperLow, 0x03) | bit(s.PaperOut, 0x0C),
		0,
	}
}

// Realtime is the byte a printer in this status answers to DLE EOT n, n being 1 to 4.
func (s Status) Realtime(n byte) byte {
	switch n {
	case 1:
		return 0x12 | bit(s.Pin3High, 0x04) | bit(s.Offline, 0x08)
	case 2:
		failed := s.Recoverable || s.CutterError || s.Unrecoverable || s.AutoRecovers
		return 0x12 | bit(s.CoverOpen, 0x04) | bit(s.Feeding, 0x08) | bit(s.PaperOut, 0x20) | bit(failed, 0x40)
	case 3:
		return 0x12 | bit(s.Recoverable, 0x04) | bit(s.CutterError, 0x08) |
			bit(s.Unrecoverable, 0x20) | bit(s.AutoRecovers, 0x40)
	default:
		return 0x12 | bit(s.PaperLow, 0x0C) | bit(s.PaperOut, 0x60)
	}
}

// UpdateRealtime puts what the answer b to DLE EOT n says into the status and leaves the rest.
func (s *Status) UpdateRealtime(n, b byte) {
	switch n {
	case 1:
		s.Pin3High, s.Offline = b&0x04 != 0, b&0x08 != 0
	case 2:
		s.CoverOpen, s.Feeding = b&0x04 != 0, b&0x08 != 0
		s.PaperOut = b&0x20 != 0
	case 3:
		s.Recoverable, s.CutterError = b&0x04 != 0, b&0x08 != 0
		s.Unrecoverable, s.AutoRecovers = b&0x20 != 0, b&0x40 != 0
	case 4:
		s.PaperLow, s.PaperOut = b&0x0C != 0, b&0x60 != 0
	}
}
