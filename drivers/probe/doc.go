// Package probe finds out how a printer is to be spoken to, for whoever sets a
// station up.
//
// Find tries speeds and frames until the printer answers, asks it what it is and
// what it can do, and tells each Finding as it comes: a code and its facts, which
// the caller puts into words. Learn opens a drawer once and sees which level of
// the switch means open. Page is a test page that shows on one sight whether the
// paper's width, the characters and the cutter are as the profile says.
//
// A question that the printer answers out of turn (DLE EOT) and one that it
// answers in the order of the data (GS r) take different ways through it: that
// the one is answered and the other is not tells what is wrong with the cable.
// A model that such a question could harm is not asked it.
package probe
