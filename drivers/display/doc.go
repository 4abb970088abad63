// Package display shows two lines to the customer on a pole display.
//
// A Display keeps its line open and, after every opening, puts back what it was
// last told to show. Two languages are spoken: that of Epson's DM-D displays,
// and CD5220, which most others know. Only what changed is sent, and a text can
// never become a command: what a display cannot show is written plainer.
//
// A display that passes what it gets on to a printer on the same line is not
// supported: it holds back everything sent to the printer, the drawer's pulse
// too. Give each a line of its own.
package display
