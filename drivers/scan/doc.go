// Package scan reads bar code scanners that speak over a serial line, real or
// over USB.
//
// A frame is what a scanner sends for one code: a prefix if it was set to send
// one, the AIM identifier that names the symbology if it was set to send that,
// the code, and a suffix. A Framer finds frames in a stream of bytes, however
// they are cut. A Scanner keeps the line open, frames what comes, holds back
// the same code seen again at once, and tells whoever subscribed.
package scan
