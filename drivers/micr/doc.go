// Package micr reads the line of magnetic ink at the foot of a check.
//
// Readers spell the four signs of the E-13B font (and the five of CMC-7) each in
// their own letters. A Spelling says how one reader does; Normalise brings a line
// into the spelling of UnifiedPOS: t transit, o on-us, $ amount, - dash, and ?
// for what could not be read. Parse takes a normalised line of a check of the
// United States apart. What cannot be read is never guessed: the person keys it.
// ReadAnswer takes apart what a receipt printer with a reader answers.
package micr
