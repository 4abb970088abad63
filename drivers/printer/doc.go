// Package printer drives one receipt printer and the cash drawer plugged into
// it, over a line that may be lost and come back at any time.
//
// A Session prints one job after the other and says of each what is known of
// its fate: Confirmed on paper, Parsed, SentOnly, Blocked in the printer,
// Unknown, or NotStarted. It never sends a job twice; that decision belongs to
// whoever keeps the books. Credit is what the printer has room for: bytes are
// sent only against credit, and a token in the data, which the printer answers
// when it comes to it, gives credit back. Status is what the printer says of
// itself. A kick is the pulse that opens the drawer; an opening without one is
// an UnexpectedOpen.
package printer
