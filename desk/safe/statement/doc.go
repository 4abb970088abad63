// Package statement reads a bank's statement from its file: BAI2, the balance
// reporting form of American banks (Bank Administration Institute, Cash Management
// Balance Reporting Specifications, version 2), or CSV with the bank's own columns.
//
// What is read are the lines of one account that were booked. A file that
// contradicts its own totals is refused as a whole: half a statement would look
// like missing deposits.
package statement
