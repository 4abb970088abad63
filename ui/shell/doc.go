// Package shell is the window: its size and title, the router between the screens
// of the roles, and the one bridge by which other goroutines reach it.
//
// # Words
//
//   - Screen: what fills the window for one role: the cashier's place, the kiosk.
//   - Bridge: the queue of what is to happen on the window's goroutine. Followers,
//     timers and errands post to it; nobody else calls into the toolkit.
//
// Screens are built once. Showing another one hides the first, which keeps all
// that was typed.
package shell
