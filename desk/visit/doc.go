// Package visit is the lobby: taking a number to pay or ask about a bill,
// signing in to visit somebody, signing out, and the list of who is in the
// building.
//
// Who comes to pay or to ask gives no name and leaves none. Who goes past the
// lobby gives a name, and wears a badge with a number until signing out.
//
// # Words
//
//   - Number: a letter of the station's own block and three digits, like B042.
//     It begins again each business date, is never given twice in one, and two
//     kiosks without a network cannot give the same one. It is a label; the
//     entry is the identity.
//   - Ticket: a number to be called by, for a service. It has no name.
//   - Badge: the number a visitor wears. A number that somebody in the building
//     still wears is passed over the next day.
//   - Present: signed in and not signed out.
//   - Presumed left: nobody saw the visitor leave and somebody of the staff
//     thinks so. It is not a sign-out: the visitor stays on the list, marked, for
//     the time the policy says.
//   - Muster list: who is in the building now, on paper, for an evacuation.
package visit
