package kiosk

import (
	"log/slog"

	"fyne.io/fyne/v2"
)

// Run carries out an effect, as the screen does away from its thread.
func Run(d Desk, v Visits, e Effect) Event {
	return run(d, v, slog.New(slog.DiscardHandler), e)
}

// PageRoom is what the page in front needs and what it has.
func (s *Screen) PageRoom() (need, has fyne.Size) {
	return s.frame.page.MinSize(), s.frame.page.Size()
}

// Held is everything that the fields hold, seen or not.
func (s *Screen) Held() string {
	text := ""
	for _, f := range s.fields {
		text += f.Text()
	}
	return text
}
