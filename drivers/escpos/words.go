package escpos

import "strings"

// Words says in plain English what the command of that name does, as [Token] names it: "choose the
// justification" for "ESC a". It is empty for a name this package does not know.
func Words(name string) string {
	prefix, rest, _ := strings.Cut(name, " ")
	switch prefix {
	case "ESC":
		return escWords(rest)
	case "GS":
		return gsWords(rest)
	case "FS":
		return fsWords(rest)
	case "US":
		return usWords(rest)
	case "DLE":
		return map[string]string{
			"": "data link escape, alone", "EOT": "ask for the status at once", "ENQ": "recover from an error at once", "DC4": "act at once: pulse, power, clear",
		}[rest]
	}
	return map[string]string{
		"LF": "print the line and feed", "CR": "carriage return", "HT": "go to the next tab stop", "FF": "print the page, or give the form back", "CAN": "erase the page",
		"NUL": "nothing", "BS": "step back", "VT": "feed on a display", "SO": "wide letters on", "SI": "condensed letters on", "DC1": "XON", "DC2": "condensed letters off",
		"DC3": "XOFF", "DC4": "wide letters off", "BEL": "sound the bell", "EOT": "end of transmission", "ENQ": "enquiry", "ACK": "acknowledgement", "NAK": "refusal",
		"SOH": "start of heading", "STX": "start of text", "ETX": "end of text", "SYN": "synchronise", "ETB": "end of block", "EM": "end of medium", "SUB": "substitute",
		"RS": "record separator",
	}[name]
}

func escWords(c string) string {
	switch c, part, _ := strings.Cut(c, " "); c {
	case "(":
		return map[string]string{"A": "sound the beeper", "Y": "print a batch"}[part]
	case "GS", "RS", "ACK", "BEL":
		return "a command of Star printers"
	}
	return map[string]string{
		"SP": "set the space between letters", "!": "choose font, size and weight", "$": "go to a place on the line", "%": "use the program's own letters or not",
		"&": "define letters of the program", "*": "picture by columns", "-": "underline", ".": "end a definition", "/": "print a kept picture", "2": "set the usual line spacing",
		"3": "set the line spacing", "4": "italics on", "5": "italics off", ":": "copy the letters", "<": "bring the head home", "=": "choose printer or display",
		"?": "forget a letter of the program", "@": "initialise", "A": "set the line spacing", "B": "buzz", "C": "set the page length", "D": "set tab stops", "E": "bold",
		"F": "choose the direction of a form", "G": "double strike", "I": "italics", "J": "print and feed by dots", "K": "print and feed back by dots", "L": "begin page mode",
		"M": "choose the font", "N": "skip the perforation", "O": "end of skipping", "Q": "set the right margin", "R": "choose national letters", "S": "return to standard mode",
		"T": "choose the direction of a page", "U": "print in one direction", "V": "turn letters", "W": "set the area of a page, or a window of a display", "X": "choose pitch and size",
		"Y": "picture by columns, double density", "Z": "QR code, in compatible printers", "\\": "move along the line", "a": "choose the justification", "c": "choose sheets, sensors and buttons",
		"d": "print and feed lines", "e": "print and feed back lines", "f": "set how long to wait for a form", "h": "wide letters", "i": "cut, partial", "l": "set the left margin",
		"m": "cut, partial", "o": "print a stamp", "p": "open the drawer", "q": "release the form", "r": "choose the colour", "s": "choose the speed", "t": "choose the code page",
		"u": "ask for the drawer", "v": "ask for the paper", "w": "tall letters", "x": "choose the quality", "z": "choose the direction", "{": "upside down", "~": "choose a mode",
		"FF": "print the page and keep it", "CAN": "erase the line",
	}[c]
}

func gsWords(c string) string {
	switch c, part, _ := strings.Cut(c, " "); c {
	case "(":
		return map[string]string{
			"A": "print a test", "B": "customise status", "C": "user memory", "D": "allow commands at once", "E": "user setup", "F": "adjust label positions", "G": "choose sheets, read checks",
			"H": "answer when printed", "I": "identify", "J": "page mode settings", "K": "set how it prints", "L": "graphics", "M": "save or load settings", "N": "letter effects", "P": "page mode control",
			"Q": "draw lines and boxes", "V": "cutter settings", "k": "two-dimensional code", "z": "recover from errors by itself",
		}[part]
	case "8":
		return "graphics, large"
	}
	return map[string]string{
		"!": "choose the size", "$": "go to a place on the page, downwards", "&": "go to a place, downwards", "*": "load a picture", "/": "print the loaded picture", ":": "begin or end a macro",
		"<": "start the mechanics anew", "A": "adjust where labels begin", "B": "white on black", "C": "set the counter", "D": "keep a bitmap file", "E": "choose the head's control",
		"F": "choose the handling of labels", "H": "choose where a bar code's text stands", "I": "ask who it is", "K": "choose the density", "L": "set the left margin", "P": "set the units",
		"Q": "picture by rows, of any size", "T": "go to the beginning of the line", "V": "cut", "W": "set the width of the print area", "Z": "choose the kind of two-dimensional code",
		"\\": "move on the page, downwards", "^": "run the macro", "a": "report by itself", "b": "smooth", "c": "print the counter", "e": "choose a mode of errors",
		"f": "choose the font of a bar code's text", "g": "ask for maintenance counters", "h": "set the height of bar codes", "j": "report ink by itself", "k": "bar code",
		"l": "choose label handling", "n": "choose a mode", "o": "choose a mode", "r": "ask for a status", "t": "choose a mode", "u": "choose a mode", "v": "picture by rows",
		"w": "set the width of bar codes", "x": "choose a mode", "y": "ask for a status", "z": "set the time to recover", "|": "choose the density",
		"ETX": "choose a mode", "ENQ": "ask for the status at once", "FF": "go to the next label",
	}[c]
}

func fsWords(c string) string {
	if kind, part, _ := strings.Cut(c, " "); kind == "(" {
		return map[string]string{
			"A": "choose a font of two-byte letters", "C": "choose the character encoding", "E": "print logos at top and bottom", "L": "labels and black marks",
			"e": "report other stations by itself", "f": "choose how checks are read", "g": "choose how images are scanned",
		}[part]
	}
	return map[string]string{
		"!": "choose the look of two-byte letters", "&": "two-byte letters on", "-": "underline two-byte letters", ".": "two-byte letters off", "2": "define a two-byte letter",
		"?": "forget a two-byte letter", "C": "choose the system of two-byte letters", "L": "page mode of double density", "S": "set the space between two-byte letters",
		"W": "two-byte letters four times as large", "a": "read, load or eject a check", "b": "ask for the check's line again", "c": "clean the check reader", "d": "choose a mode",
		"e": "end a mode", "f": "choose a mode", "g": "user memory", "i": "choose a mode", "p": "print a kept picture", "q": "keep pictures", "r": "raise or lower letters",
		"SO": "wide letters on", "SI": "condensed letters on", "DC2": "condensed letters off", "DC4": "wide letters off",
	}[c]
}

func usWords(c string) string {
	if kind, _, _ := strings.Cut(c, " "); kind == "(" {
		return "settings of the display"
	}
	return map[string]string{
		"SOH": "display: overwrite", "STX": "display: scroll up", "ETX": "display: scroll sideways", "LF": "display: cursor up", "CR": "display: cursor to the right end",
		"#": "display: lamps", "$": "display: cursor to a place", ",": "display: letter with a comma", ".": "display: letter with a point", ":": "display: begin or end a macro",
		";": "display: letter with a semicolon", "@": "display: test itself", "B": "display: cursor to the last place", "C": "display: cursor on or off", "E": "display: blink",
		"M": "display: mode", "T": "display: set and show the clock", "U": "display: show the clock", "X": "display: brightness", "^": "display: run the macro", "r": "display: reverse",
		"v": "display: status by wire",
	}[c]
}
