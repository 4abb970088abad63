// Package lead is a lead's reports in the window: a list to choose from with the
// dates, then the report as its picture and as its table. The screen only shows what
// its flow says, and hands it what is typed and pressed.
package lead
