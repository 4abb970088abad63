// Package flow is what happens at the cashier's window, without the window: a
// state machine that is handed what was typed, pressed, scanned or learned, and
// says what is to be shown and what is to be done elsewhere.
//
// # Words
//
//   - Event: something that happened: a key, a scan, the result of an errand, a
//     tick of the clock.
//   - Model: what is to be shown now. Only the flow changes it.
//   - Effect: something to be done away from the window's goroutine: an order to
//     the desk, a search, keeping a draft. Its result comes back as an event.
//   - Errand: an order to the desk on its way. There is at most one, and its id
//     is made when the action is opened, so that asking twice does it once.
//   - Draft: what was typed and is not yet in the ledger. It survives a fault, a
//     lock of the screen and a crash. Neither PINs nor anything of a card are in it.
//
// A Flow belongs to one goroutine, the window's. It has no disk, no clock of its
// own and no language: sentences are named, and said by the screens. The Runner
// carries out effects and may be used from many goroutines.
package flow
