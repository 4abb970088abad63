// Package flow is what happens at a lead's reports, without the window: choosing a
// report and its dates, looking at its table or its picture, keeping it as PDF.
//
// # Words
//
//   - Event: something that happened: a key, a date typed, a report that was made.
//   - Effect: something to be done away from the window's goroutine: to make a
//     report, to write a file. What is under way has a turn; answers to an older
//     turn are nobody's any more.
//   - Runner: carries effects out. It looks at the ledger and writes nothing into it.
//
// Whoever has a drawer open is shown no report: they will count it blind.
package flow
