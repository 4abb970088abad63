package main

import (
	"fmt"
	"strings"
)

// Where a finger goes on the kiosk's screen of 1080 × 1920, in pixels. The window
// is drawn at one unit a pixel, so these are the places of the layout.
var (
	touchSpanish  = [2]int{973, 53}
	touchBill     = [2]int{540, 553}
	touchVisit    = [2]int{273, 1173}
	touchLeave    = [2]int{807, 1173}
	touchFirst    = [2]int{540, 286} // of the choices
	touchSecond   = [2]int{540, 426}
	touchDone     = [2]int{540, 1728}
	touchNext     = [2]int{807, 720}
	touchPrint    = [2]int{184, 1760}
	touchVisitors = [2]int{538, 1760}
	touchClose    = [2]int{894, 1760}
)

// keyboard is the on-screen keyboard, row by row; ^ is shift, _ is space.
var keyboard = []string{"1234567890-", "qwertyuiop'", "asdfghjklñ.", "^zxcvbnm,@&", "áéíóúü_"}

func keyAt(r rune) ([2]int, bool) {
	for row, keys := range keyboard {
		column := 0
		for _, k := range keys {
			if k == r {
				if k == '_' {
					column++ // it is wide
				}
				return [2]int{56 + column*968/10, 839 + row*965/10}, true
			}
			column++
		}
	}
	return [2]int{}, false
}

// digitAt is where the keypad has a digit.
func digitAt(digit rune) [2]int {
	if digit == '0' {
		return [2]int{470, 1215}
	}
	n := int(digit - '1')
	return [2]int{330 + n%3*139, 1093 - n/3*123}
}

func (p *person) touch(at [2]int) { p.touches(at[0], at[1]) }

// writes types on the on-screen keyboard; a capital takes shift first.
func (p *person) writes(text string) {
	n := 0
	for _, r := range text {
		lower := []rune(strings.ToLower(string(r)))[0]
		if lower != r {
			p.writesKey('^')
		}
		if r == ' ' {
			lower = '_'
		}
		p.writesKey(lower)
		n++
		p.sees(fmt.Sprintf("%d letters stand there", n), func(t turn) bool { return t.Typed == n })
	}
}

func (p *person) writesKey(r rune) {
	at, ok := keyAt(r)
	if !ok {
		p.does(func() error { return fmt.Errorf("the keyboard has no %q", r) })
		return
	}
	p.touch(at)
}

// lobbySteps are what visitors and staff do at the kiosk.
func (d *theDay) lobbySteps() []step {
	return d.at(func() *person { return d.visitor }, []step{
		{name: "in Spanish, a number for a bill in two touches", do: d.takeNumber},
		{name: "a visitor signs in on the on-screen keyboard and gets a badge", do: d.visit},
		{name: "staff see who is in the building, and print it", do: d.whoIsHere},
		{name: "the visitor signs out by the badge's number", do: d.leave},
		{name: "staff close the kiosk's program", do: d.closeKiosk},
	})
}

func (d *theDay) takeNumber() {
	p := d.visitor
	p.sees("the doors are shown", at("doors"))
	p.keeps("60-kiosk-doors-en")
	p.touch(touchSpanish)
	p.sees("it speaks Spanish", func(t turn) bool { return t.Language == "es" })
	p.keeps("61-kiosk-doors-es")
	p.touch(touchBill)
	p.sees("the services are shown", at("services"))
	p.keeps("62-kiosk-services-es")
	p.touch(touchFirst)
	p.sees("a number is given", func(t turn) bool { return t.Place == "number" && t.Number != "" })
	p.keeps("63-kiosk-number-es")
	d.lobbyPapers("the number is cut off", 1)
	d.done()
}

// done leaves a result page.
func (d *theDay) done() {
	d.visitor.touch(touchDone)
	d.visitor.sees("the doors are shown again, in English", func(t turn) bool { return t.Place == "doors" && t.Language == "en" })
}

func (d *theDay) lobbyPapers(what string, want int) {
	p := d.visitor
	p.does(func() error { return d.lobby.gives(p.ctx, what, want) })
}

func (d *theDay) visit() {
	p := d.visitor
	p.touch(touchVisit)
	p.sees("the name is asked for", at("name"))
	p.writes("Ana Ortiz")
	p.keeps("64-kiosk-name")
	p.touch(touchNext)
	p.sees("the company is asked for", at("company"))
	p.writes("Delta Pumps")
	p.touch(touchNext)
	p.sees("whom is asked", at("whom"))
	p.keeps("65-kiosk-whom")
	p.touch(touchSecond)
	p.sees("the badge is given", func(t turn) bool { return t.Place == "badge" && t.Number != "" })
	d.number = p.now.Number
	p.keeps("66-kiosk-badge")
	d.lobbyPapers("the badge is cut off", 2)
	d.done()
}

// staffCorner opens what only the staff know of.
func (d *theDay) staffCorner(listed int) {
	p := d.visitor
	p.presses("ctrl+l")
	p.sees("who opens it is asked", at("staff_who"))
	p.types("ruth")
	p.presses("Return")
	p.sees("the PIN is asked for", at("staff_pin"))
	p.types(d.town.pins["ruth"])
	p.presses("Return")
	p.sees("the list of who is in the building is there", func(t turn) bool { return t.Place == "list" && t.Rows == listed })
}

func (d *theDay) whoIsHere() {
	p := d.visitor
	d.staffCorner(1)
	p.keeps("67-kiosk-list")
	p.touch(touchPrint)
	d.lobbyPapers("the list is cut off", 3)
	p.touch(touchVisitors)
	p.sees("the doors are shown again", at("doors"))
}

func (d *theDay) leave() {
	p := d.visitor
	p.touch(touchLeave)
	p.sees("the badge's number is asked for", at("leaving"))
	digits := strings.TrimLeft(d.number, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	for i, digit := range digits {
		p.touch(digitAt(digit))
		p.sees(fmt.Sprintf("%d digits stand there", i+1), func(t turn) bool { return t.Typed == i+1 })
	}
	p.keeps("68-kiosk-leaving")
	p.touch(touchNext)
	p.sees("the visitor is signed out", at("left"))
	p.keeps("69-kiosk-left")
	d.done()
}

// closeKiosk ends the program as staff do who go home.
func (d *theDay) closeKiosk() {
	p := d.visitor
	d.staffCorner(0)
	p.touch(touchClose)
	p.does(func() error {
		return until(p.ctx, "the program ends", func() (bool, error) { return p.program.ended(), nil })
	})
}
