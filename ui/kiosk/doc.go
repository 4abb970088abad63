// Package kiosk is the place in the lobby where a visitor stands: taking a
// number, signing in to visit somebody, signing out, asking for help. Behind a
// corner only the staff knows, the list of who is in the building.
//
// # Words
//
//   - Flow: what the kiosk is doing, without a window. An Event goes in, a Model
//     comes out, and Effects to be run away from the window's thread.
//   - Door: what a visitor came for, on the first screen.
//   - Page: one screen of a door. One question a page, and nothing scrolls.
//   - Wipe: everything typed and chosen is forgotten, the language too.
//   - Staff corner: opened by holding the sign at the top left for four seconds,
//     or by Ctrl+L, and then by a PIN.
//
// Times, from the law and standards for machines that the public uses: a minute
// without a touch, then thirty seconds with "I need more time", as often as
// wanted. A number stays twenty seconds or until a touch.
//
// No page shows anything about another visitor. What was typed survives a
// refusal, a fault and a change of language, and nothing else.
//
// The window's one goroutine owns Flow and Screen.
package kiosk
