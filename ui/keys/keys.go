package keys

import "strings"

// Key names one key as it is written on a button, such as "F5", "Enter" or
// "Ctrl+T". A single letter or digit is itself.
type Key string

// The keys a table may use, besides single letters and digits and Ctrl.
const (
	F1       Key = "F1"
	F2       Key = "F2"
	F3       Key = "F3"
	F4       Key = "F4"
	F5       Key = "F5"
	F6       Key = "F6"
	F7       Key = "F7"
	F8       Key = "F8"
	F9       Key = "F9"
	F10      Key = "F10"
	F11      Key = "F11"
	F12      Key = "F12"
	Esc      Key = "Esc"
	Enter    Key = "Enter" // of the keyboard and of the keypad alike
	Up       Key = "Up"
	Down     Key = "Down"
	Left     Key = "Left"
	Right    Key = "Right"
	PageUp   Key = "PgUp"
	PageDown Key = "PgDn"
	Home     Key = "Home"
	End      Key = "End"
	Insert   Key = "Ins"
	Delete   Key = "Del"
	Space    Key = "Space"
)

// Ctrl is the key of a letter held with Ctrl. Letters are written upper case.
func Ctrl(letter string) Key { return Key("Ctrl+" + strings.ToUpper(letter)) }

// Types reports whether the key types a character: such a key belongs to the
// focused field before it belongs to any table.
func (k Key) Types() bool { return len([]rune(string(k))) == 1 || k == Space }

// valid reports whether the key can arrive at all.
func (k Key) valid() bool {
	switch k {
	case Esc, Enter, Up, Down, Left, Right, PageUp, PageDown, Home, End, Insert, Delete, Space:
		return true
	}
	s := string(k)
	if letter, ok := strings.CutPrefix(s, "Ctrl+"); ok {
		return len(letter) == 1 && letter[0] >= 'A' && letter[0] <= 'Z'
	}
	if len(s) > 1 && s[0] == 'F' {
		switch s[1:] {
		case "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12":
			return true
		}
		return false
	}
	return len(s) == 1 && (s[0] >= 'A' && s[0] <= 'Z' || s[0] >= '0' && s[0] <= '9')
}
