// Package desk puts the duties together over one ledger. Whoever acts, a
// cashier at the window, a visitor at the kiosk, a file of commands, gives an
// Order; the desk checks PINs, lets the duty's rule decide, and returns the
// entries, on disk, or a *ledger.Refusal.
//
// The duties stand in a line, staff, account, cash, visit, and each knows only
// those before it.
package desk
