package micr

import (
	"errors"
	"fmt"
	"strings"
)

// Why a printer did not read a check.
var (
	ErrNoCheck   = errors.New("micr: no check was put in")
	ErrCoverOpen = errors.New("micr: the printer's cover was opened, or the check taken out")
	ErrNoInk     = errors.New("micr: there is no magnetic ink where the line should be: see which way round the check is")
	ErrUnread    = errors.New("micr: the printer could not read the check: put it in again, or key it")
	ErrAnswer    = errors.New("micr: the printer's answer makes no sense")
)

// The bits of a reading's status.
const (
	statusFixed   = 0x40 // always set
	statusFailed  = 0x20
	statusDetails = 0x08 // a byte that says why, and separator, follow
	statusFont    = 0x03 // 0 is E-13B
	separator     = 0x1F
)

// ReadAnswer takes apart a printer's answer to the order to read a check, without the
// header and the NUL around it (Epson TM-H5000II specification, FS a 0 and FS ( f). The
// line is in the spelling of UnifiedPOS, with ? for what could not be read. The error
// is one of the above, or of [Normalise].
func ReadAnswer(answer string) (line string, err error) {
	if answer == "" || answer[0]&(statusFixed|0x80) != statusFixed || len(answer) > MaxLine+3 {
		return "", fmt.Errorf("read a check: %w", ErrAnswer)
	}
	status, why, data := answer[0], byte(0), answer[1:]
	if status&statusDetails != 0 {
		if data == "" {
			return "", fmt.Errorf("read a check: %w", ErrAnswer)
		}
		why, data = data[0], strings.TrimPrefix(data[1:], string(rune(separator)))
	}
	if status&statusFailed != 0 && data == "" {
		return "", fmt.Errorf("read a check: %w", reason(why))
	}
	if status&statusFont != 0 {
		return "", fmt.Errorf("read a check: %w (it is not in the font E-13B)", ErrUnread)
	}
	return Normalise(data)
}

// reason is what the byte of details says.
func reason(why byte) error {
	switch why {
	case 0x42, 0x43: // called off, or the time was up
		return ErrNoCheck
	case 0x45:
		return ErrNoInk
	case 0x49:
		return ErrCoverOpen
	case 0x44:
		return fmt.Errorf("%w (its size is not a check's)", ErrUnread)
	case 0x48:
		return fmt.Errorf("%w (something magnetic is too near)", ErrUnread)
	}
	return ErrUnread
}
