package displaytest

import (
	"fmt"

	"golang.org/x/text/encoding/charmap"

	"gatehouse/drivers/display"
)

// Screen is what a display shows. It begins with rubbish, as a display that was
// never told anything may.
type Screen struct {
	Language   display.Language
	Columns    int
	Brightness int
	Unknown    []string // commands that this language does not have
	Bytes      int      // received in all

	cells  [display.Rows][]byte
	column int
	row    int
	held   []byte // a command that is not complete
	inLine int    // CD5220: the row being written by ESC Q, from 1
}

// New makes a screen of 20 columns.
func New(l display.Language) *Screen {
	s := &Screen{Language: l, Columns: display.Columns}
	for i := range s.cells {
		s.cells[i] = make([]byte, s.Columns)
		s.fill(i, '#')
	}
	return s
}

func (s *Screen) fill(row int, b byte) {
	for i := range s.cells[row] {
		s.cells[row][i] = b
	}
}

// Lines is what a customer reads.
func (s *Screen) Lines() display.Lines {
	var out display.Lines
	for i, row := range s.cells {
		for _, b := range row {
			out[i] += string(charmap.CodePage437.DecodeByte(b))
		}
	}
	return out
}

// Write takes bytes from the line, cut anywhere.
func (s *Screen) Write(b []byte) (int, error) {
	s.Bytes += len(b)
	for _, one := range b {
		s.take(one)
	}
	return len(b), nil
}

func (s *Screen) take(b byte) {
	switch {
	case len(s.held) > 0:
		s.held = append(s.held, b)
		s.command()
	case b == 0x1B || b == 0x1F:
		s.held = append(s.held, b)
	case s.inLine > 0 && b == 0x0D:
		s.inLine = 0
	case b == 0x0C:
		s.clear()
	case b == 0x0B:
		s.column, s.row = 0, 0
	case b < 0x20:
		s.unknown([]byte{b})
	default:
		s.put(b)
	}
}

func (s *Screen) put(b byte) {
	s.cells[s.row][s.column] = b
	if s.column++; s.column == s.Columns {
		s.column, s.row = 0, (s.row+1)%display.Rows
	}
}

func (s *Screen) clear() {
	for i := range s.cells {
		s.fill(i, ' ')
	}
	s.column, s.row, s.inLine = 0, 0, 0
}

// arguments is how many bytes follow a command's two, or -1.
func (s *Screen) arguments() int {
	dmd := map[string]int{"\x1b@": 0, "\x1bR": 1, "\x1bt": 1, "\x1f\x01": 0, "\x1fC": 1, "\x1fX": 1, "\x1f$": 2}
	cd := map[string]int{"\x1b@": 0, "\x1b\x11": 0, "\x1b_": 1, "\x1b*": 1, "\x1bQ": 1}
	table := dmd
	if s.Language == display.CD5220 {
		table = cd
	}
	if n, known := table[string(s.held[:2])]; known {
		return n
	}
	return -1
}

func (s *Screen) command() {
	n := s.arguments()
	if n < 0 {
		s.unknown(s.held)
		s.held = nil
		return
	}
	if len(s.held) < 2+n {
		return
	}
	name, args := string(s.held[:2]), s.held[2:]
	s.held = nil
	switch name {
	case "\x1b@":
		s.clear()
		s.Brightness = display.MaxBrightness
	case "\x1fX", "\x1b*":
		s.bright(args)
	case "\x1f$":
		s.move(args)
	case "\x1bQ":
		s.line(args)
	}
}

func (s *Screen) bright(args []byte) {
	if args[0] < display.MinBrightness || args[0] > display.MaxBrightness {
		s.unknown(args)
		return
	}
	s.Brightness = int(args[0])
}

func (s *Screen) move(args []byte) {
	if args[0] < 1 || int(args[0]) > s.Columns || args[1] < 1 || args[1] > display.Rows {
		s.unknown(args)
		return
	}
	s.column, s.row = int(args[0])-1, int(args[1])-1
}

func (s *Screen) line(args []byte) {
	if args[0] != 'A' && args[0] != 'B' {
		s.unknown(args)
		return
	}
	s.row, s.column, s.inLine = int(args[0]-'A'), 0, 1
}

// mostUnknown bounds what is remembered of a stream that is no display's.
const mostUnknown = 100

func (s *Screen) unknown(b []byte) {
	if len(s.Unknown) < mostUnknown {
		s.Unknown = append(s.Unknown, fmt.Sprintf("% x", b))
	}
}
