// Package emulator is a receipt printer with its cash drawer, made of nothing but software, and stricter
// than a real one.
//
// Bytes arrive over a line (in memory, or a pseudo-terminal that any program opens like a serial port),
// at the speed of the line, into a receive buffer that is finite: what does not fit is lost, and counted.
// Real-time commands are obeyed as they arrive, all others when the parser comes to them. Paper runs out
// and is loaded, the cover opens, the cutter jams, the drawer is opened with its key, the cable is pulled.
//
// What was printed is kept exactly, cut piece by cut piece, as a picture, as text and as JSON. A panel for
// people and programs is served on loopback.
package emulator
