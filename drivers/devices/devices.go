package devices

import (
	"time"

	"gatehouse/drivers/printer"
)

// FileName is the name of the file in the station's folder.
const FileName = "devices.toml"

// Devices is everything that is plugged into a station. What the file leaves
// out is not there; a printer without a port is one that was never set up.
type Devices struct {
	Printer  Printer   `toml:"printer,omitempty"`
	Display  Display   `toml:"display,omitempty"`
	Scanners []Scanner `toml:"scanner,omitempty"`
	Wedge    Wedge     `toml:"wedge,omitempty"`
}

// Printer is the receipt printer with the drawers plugged into it.
type Printer struct {
	Port  Port   `toml:"port,omitempty" comment:"/dev/serial/by-id/..., tcp:HOST:PORT, usb:/dev/usb/lp0, emulator or none"`
	Model string `toml:"model,omitempty" comment:"the profile's name"`
	Baud  int    `toml:"baud,omitempty"` // bits per second; 0 means DefaultBaud
	Frame Frame  `toml:"frame,omitempty" comment:"data bits, parity N E or O, stop bits"`
	// DrawerOpen is the level of the drawer's switch while the drawer is open. Left
	// out it is none: with the wrong level no drawer would open, with none every
	// one does and only nobody sees it.
	DrawerOpen Level `toml:"drawer_open,omitempty" comment:"high, low or none, as set-up learned it"`
	Drawers    *int  `toml:"drawers,omitempty"` // 0 to 2; left out means 1
	// CheckReader says that the printer has a reader for checks. It is an option when the
	// printer is bought, and one without it does not say so.
	CheckReader bool `toml:"check_reader,omitempty" comment:"true where the printer was bought with a reader for checks"`
	Logo        Logo `toml:"logo,omitempty"`
}

// Logo is the picture at the top of papers.
type Logo struct {
	// File is a PNG file, by its whole path or from the folder of this file; left
	// out is the house's own sign, and LogoNone none.
	File    string `toml:"file,omitempty" comment:"a PNG file; left out for the house's own sign, none for no logo"`
	Percent int    `toml:"percent,omitempty" comment:"of the paper's width, 1 to 100; left out for a dot a pixel"`
	Photo   bool   `toml:"photo,omitempty" comment:"true for a photograph: shades become patterns of dots"`
	// Unkept is what papers do where the printer does not keep the logo.
	Unkept Unkept `toml:"unkept,omitempty" comment:"send or omit: what papers do where the printer does not keep the logo"`
	// Key and Hash are the picture that set-up made the printer keep; empty: none.
	Key  string `toml:"key,omitempty" comment:"what the printer keeps, as set-up wrote it"`
	Hash string `toml:"hash,omitempty"`
}

// LogoNone as the file of a logo is no logo.
const LogoNone = "none"

// Unkept is what papers do where the printer does not keep the logo.
type Unkept string

// It is sent with each paper, or left out.
const (
	UnkeptSend Unkept = "send" // also where nothing is said
	UnkeptOmit Unkept = "omit"
)

// Display is the customer's display.
type Display struct {
	Port    Port  `toml:"port,omitempty"`
	Kind    Kind  `toml:"kind,omitempty" comment:"dm-d or cd5220"`
	Baud    int   `toml:"baud,omitempty"` // bits per second; 0 means 9600
	Frame   Frame `toml:"frame,omitempty"`
	Columns int   `toml:"columns,omitempty"` // 16 to 40; 0 means 20
	// Brightness is 1 (dim) to 4 (bright); 0 means 4.
	Brightness int `toml:"brightness,omitempty"`
	// Idle is the lower line between two customers, at most 40 characters; empty is
	// a welcome in the window's language.
	Idle string `toml:"idle,omitempty"`
}

// Scanner is a scanner on a serial line, real or over USB.
type Scanner struct {
	Port  Port  `toml:"port,omitempty"`
	Baud  int   `toml:"baud,omitempty"` // bits per second; 0 means 9600
	Frame Frame `toml:"frame,omitempty"`
	// Prefix and Suffix are what the scanner was set to send around a code, at most
	// eight characters each. An empty suffix leaves it to the drivers, which know
	// the usual ones.
	Prefix string `toml:"prefix,omitempty"`
	Suffix string `toml:"suffix,omitempty"`
}

// Wedge is a scanner that types like a keyboard.
type Wedge struct {
	Prefix string `toml:"prefix,omitempty"`
	Suffix string `toml:"suffix,omitempty"`
	// Speed is the longest time between two keys of a scan in milliseconds, 5 to
	// 200; 0 means DefaultGap.
	Speed int `toml:"speed,omitempty" comment:"longest time between two keys of a scan, in milliseconds"`
}

// What holds where the file says nothing.
const (
	DefaultBaud       = 38400
	DefaultSlowBaud   = 9600 // of displays and scanners
	DefaultColumns    = 20
	DefaultGap        = 35 * time.Millisecond
	DefaultModel      = "TM-T88VI"
	DefaultDrawerOpen = LevelHigh // of the emulated drawer
)

// Emulated is the printer of a station that was never set up: one that is not
// there, so that a newcomer sees paper come out.
func Emulated() Printer {
	return Printer{Port: PortEmulator, Model: DefaultModel, Baud: DefaultBaud, DrawerOpen: DefaultDrawerOpen}
}

// Gap is the longest time between two keys of one scan.
func (w Wedge) Gap() time.Duration {
	if w.Speed == 0 {
		return DefaultGap
	}
	return time.Duration(w.Speed) * time.Millisecond
}

// DrawerCount is how many drawers are plugged into the printer.
func (p Printer) DrawerCount() int {
	if p.Drawers == nil {
		return 1
	}
	return *p.Drawers
}

// Level is the level of connector pin 3 while the drawer is open.
type Level string

// The levels. Makers differ, so set-up learns it.
const (
	LevelNone Level = "none"
	LevelHigh Level = "high"
	LevelLow  Level = "low"
)

// OpenLevel is the level as a session with the printer takes it.
func (l Level) OpenLevel() printer.OpenLevel {
	switch l {
	case LevelHigh:
		return printer.OpenHigh
	case LevelLow:
		return printer.OpenLow
	}
	return printer.OpenNone
}

// LevelOf is the inverse of [Level.OpenLevel].
func LevelOf(l printer.OpenLevel) Level {
	switch l {
	case printer.OpenHigh:
		return LevelHigh
	case printer.OpenLow:
		return LevelLow
	}
	return LevelNone
}

// Kind is the language a customer's display understands.
type Kind string

// The kinds of displays.
const (
	KindDMD    Kind = "dm-d"
	KindCD5220 Kind = "cd5220"
)
