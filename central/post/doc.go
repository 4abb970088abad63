// Package post sends letters through any mail server, for people who are not
// looking at central.
//
// Nothing waits for a letter: it goes into a short queue and is sent when the server
// takes it, however long that lasts. If the queue is full the letter is not taken,
// and whoever wrote it has to come again. A letter is sent over TLS, or to this very
// machine.
package post
