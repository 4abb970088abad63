package cash

import (
	"time"

	"gatehouse/ledger"
)

// Unseal opens a draw, as only the station can before it is due.
func (d *Duty) Unseal(s *ledger.State, seq uint64) (time.Time, []byte, error) {
	return d.unseal(s, seq)
}

// Message is what is signed to draw.
func (b RotaDrawn) Message() ([]byte, error) { return b.message() }
