// Package displaytest is a pole display for tests: a screen of two lines that
// understands DM-D and CD5220, and says what it did not understand.
package displaytest
