// Package setup is the place where a person sets up the devices of a station: the
// screen that shows the flow's model, a step at a time, and hands it what is
// pressed, typed, scanned and touched.
//
// A Screen is built once: title, what to do, a list, what happened, and the
// buttons of the step. It holds no truth. All of it belongs to the window's
// goroutine; what takes time is handed to Options.Run, which brings the answer
// back as an event through Screen.Handle.
package setup
