// Package escpos turns a document (a receipt, a ticket, a report) into the bytes a receipt printer
// understands, and reads those bytes, and the printer's replies, back.
//
// The words of the trade:
//
//   - A document ([Doc]) is a list of items from top to bottom: text, rows, rules, codes, pictures, cuts.
//   - A profile ([Profile]) says what one model of printer can do and how its line behaves.
//   - A segment ([Segment]) is a stretch of bytes that must reach the printer in one piece. A real-time
//     command (status question, drawer pulse) may go before or after a segment, never inside.
//   - The end mark is the fixed last line of a receipt, so that a person can say whether it came out whole.
//   - A token ([Token]) is one command of the stream, or one run of text, as a printer's own parser sees it.
//   - A reply ([Reply]) is what the printer says back: its status, a process ID, "buffers cleared".
//
// Nothing here reads or writes a port, and nothing here knows the time.
package escpos
