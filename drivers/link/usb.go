package link

// USB dials a printer that the system shows as a file, /dev/usb/lp0 and its
// like (the usblp driver of Linux). It has no speed and no framing, and the
// printer holds the writer up by itself when it has no room.
//
// What is shown without such a printer: the code runs on a pseudo-terminal,
// which blocks, fills up and hangs up in the same way, and on a file that
// answers what usblp answers where a terminal would not (no paper, an empty
// packet, a printer that sends nothing). No real USB printer was plugged in.
type USB struct {
	// Path is the device. Its number follows the order of plugging in; a link
	// that udev keeps for one printer stays. It is resolved by every Dial.
	Path string
}
