// Package flow is the set-up of a station's devices, without the window: a state
// machine that is handed what was pressed, typed, scanned or found, and says what
// is to be shown and what is to be done elsewhere.
//
// # Words
//
//   - Step: one page: which port, what was found, which model, the drawer, the test
//     page, scanners, the customer's display, and what will be written.
//   - Finding: one thing that is found about the printer, named by its code.
//   - Settings: what the person has chosen so far. They are written only at the
//     end, all at once; who leaves before has changed nothing.
//   - Effect: something to be done away from the window's goroutine. There is at
//     most one under way, and each has a number: what an effect given up still
//     brings is not listened to.
//
// A Flow belongs to one goroutine, the window's. It knows no device, no clock and
// no language.
package flow
