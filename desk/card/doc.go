// Package card keeps card numbers out. Gatehouse stores the processor's
// reference and the last four digits, never a card's number: whatever is typed
// anywhere is looked through, and a card number in it is refused before it can
// reach the disk, the log or paper (PCI DSS 3.2, requirement 3.3).
package card
