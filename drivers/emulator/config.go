package emulator

import (
	"errors"
	"fmt"
	"time"

	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
)

// Sensor says which level of the drawer's switch means open.
type Sensor uint8

// Both kinds are sold, and drawers without a switch too.
const (
	OpenIsLow Sensor = iota
	OpenIsHigh
	NoSensor
)

// ParseSensor reads the level that means open: "high", "low", or "none" for a
// drawer without a switch.
func ParseSensor(level string) (Sensor, error) {
	switch level {
	case "high":
		return OpenIsHigh, nil
	case "low":
		return OpenIsLow, nil
	case "none":
		return NoSensor, nil
	}
	return 0, fmt.Errorf("drawer's sensor %q: it is high, low or none", level)
}

// Config is what a printer is made of.
type Config struct {
	// Profile is the model: its paper, its buffer and what it answers. Required; see escpos.Profiles.
	Profile escpos.Profile
	// Clock is required.
	Clock link.Clock
	// Baud paces the arrival of bytes, ten bits to a byte. 0 is as fast as the host writes.
	Baud int
	// Buffer replaces the size of the receive buffer in bytes; 0 leaves the profile's. The least is 16.
	Buffer int
	// Speed is how fast the mechanics are: 1 as in life (150 mm of paper a second), 0 instant.
	Speed float64
	// Sensor is the drawer's switch.
	Sensor Sensor
	// DrawerPins are the connector pins that have a drawer; none means pin 2 only.
	DrawerPins []int
	// XonXoff makes the printer send XOFF and XON by the marks of its buffer.
	XonXoff bool
	// HandsIn puts a slip or a check in whenever the printer waits for one.
	HandsIn bool
	// OnFault is called after each action of a [Script] or a planned fault, with the state it left.
	OnFault func(action string, after State)
	// OnPiece is called for each piece that is cut off, in order, from the printer's own goroutine.
	OnPiece func(Piece)
}

// ErrUnplugged is what a line answers when the cable has been pulled.
var ErrUnplugged = errors.New("the printer's cable is unplugged")

// ErrClosed is what waiting for a printer that was closed ends with.
var ErrClosed = errors.New("the emulated printer was closed")

// Mechanics of the printer.
const (
	paperSpeed   = 150.0 // mm a second
	cutTime      = 300 * time.Millisecond
	drawerTime   = 150 * time.Millisecond // from pulse to open
	dutyTime     = 500 * time.Millisecond // least time between two pulses
	weakestPulse = 50 * time.Millisecond  // shorter ones do not pull the bolt
	headToCutter = 0.5                    // inch
	maxPieces    = 500                    // kept; older ones are forgotten
	maxPaper     = 400_000                // dots of all pieces kept, some 50 m
	maxPiece     = 40_000                 // dots of one piece; then it is torn off
	maxStrip     = 4096                   // dots of a picture joined from strips
	maxReplies   = 4096                   // bytes waiting for the host
)
