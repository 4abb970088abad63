package look

import (
	"embed"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

//go:embed icons/*.svg
var drawings embed.FS

// SignName is one of our own drawings.
type SignName string

// The signs: each stands beside a word or a colour. The bundled fonts lack these
// shapes, so they are drawings and never letters.
const (
	SignCheck     SignName = "check"     // done
	SignRefused   SignName = "refused"   // refused, danger
	SignLook      SignName = "look"      // look here
	SignInfo      SignName = "info"      // good to know
	SignUp        SignName = "up"        // earlier page
	SignDown      SignName = "down"      // later page
	SignLeft      SignName = "left"      // back
	SignRight     SignName = "right"     // on
	SignBackspace SignName = "backspace" // take back one character
	SignShift     SignName = "shift"     // capital letters
	SignEnter     SignName = "enter"
	SignClose     SignName = "close"
	SignPrinter   SignName = "printer"
	SignBill      SignName = "bill"      // kiosk: pay or ask about a bill
	SignPerson    SignName = "person"    // kiosk: visit someone
	SignLeave     SignName = "leave"     // kiosk: sign out
	SignLowReach  SignName = "low-reach" // kiosk: bring everything low
)

// Signs lists every sign.
func Signs() []SignName {
	return []SignName{SignCheck, SignRefused, SignLook, SignInfo, SignUp, SignDown, SignLeft, SignRight,
		SignBackspace, SignShift, SignEnter, SignClose, SignPrinter,
		SignBill, SignPerson, SignLeave, SignLowReach}
}

// Sign returns a sign drawn in a colour of the current theme. An unknown name
// is a mistake in the program and panics.
func Sign(name SignName, in fyne.ThemeColorName) fyne.Resource {
	return theme.NewColoredResource(drawing(string(name)), in)
}

// Logo returns the drop over the gate, in its own colours.
func Logo() fyne.Resource { return drawing("logo") }

func drawing(name string) fyne.Resource {
	svg, err := drawings.ReadFile("icons/" + name + ".svg")
	if err != nil {
		panic("look: no drawing is called " + name)
	}
	return fyne.NewStaticResource("gatehouse-"+name+".svg", svg)
}
