package main

// lobbySteps are what visitors do at the kiosk.
func (d *theDay) lobbySteps() []step {
	return nil
}
