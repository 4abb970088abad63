// Package alarm tells a person by mail what central noticed.
//
// # Words
//
//   - Rule: finds what holds now and a person should know, like "A1 is silent".
//   - Notice: one such thing, with a key that stays the same while it holds.
//   - Told: a notice of which the mail server has the letter. Each is told once; when
//     it no longer holds it is forgotten, and told again if it comes back. What was
//     told is kept in a file, so that a restart of central neither repeats nor forgets.
//
// A new rule is one more function: what is open over midnight, what is short beyond
// a limit.
package alarm
