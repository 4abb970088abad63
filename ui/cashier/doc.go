// Package cashier is the cashier's place in the window: the screens that show
// the flow's model and hand it what is typed, pressed, scanned and touched.
//
// A Place is built once. It holds no truth: after each event it shows the model,
// page by page, and only what changed is drawn. All of it belongs to the window's
// goroutine; what takes time is handed to Options.Run, which brings the answer
// back as an event through Place.Handle.
//
// # Words
//
//   - Place: all the cashier's pages with the status line above and the keys below.
//   - Page: what is shown at one place of the flow.
package cashier
