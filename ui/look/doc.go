// Package look is how Gatehouse looks: colours by day and by night, a short
// scale of text sizes, touch sizes, and the signs that stand beside a colour so
// that colour never speaks alone.
//
// Surfaces are neutral. The water blue marks the one thing to do next, amber
// means "look here", red means refused or dangerous and nothing else.
//
// A theme ignores what the desktop prefers: the office chooses day or night.
package look
