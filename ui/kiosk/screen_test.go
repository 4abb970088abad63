package kiosk_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"gatehouse/desk/staff"
	"gatehouse/desk/visit"
	"gatehouse/ui/keys"
	"gatehouse/ui/kiosk"
	"gatehouse/ui/kit"
	"gatehouse/ui/look"
	"gatehouse/ui/uitest"
)

// stand is a kiosk's screen in a window of one size.
type stand struct {
	*uitest.Bench
	*lobby
	screen *kiosk.Screen
	quit   int
	away   []func() // what waits to be done away from the window, while held
	held   bool
}

func newStand(t *testing.T, k kind) *stand {
	t.Helper()
	s := &stand{Bench: uitest.New(t, uitest.Options{Size: k.size, Look: look.Options{Kiosk: true, Large: k.large}}), lobby: newLobby(t)}
	away := func(f func()) {
		if s.held {
			s.away = append(s.away, f)
			return
		}
		f()
	}
	var err error
	s.screen, err = kiosk.New(kiosk.Deps{Env: s.Env, Desk: s.lobby, Visits: s.Visit, Printer: s.printer, Policy: s.Visit.Policy,
		Utility: "Cedar Valley Water District", Location: pacific(t), Now: s.clock, Away: away, OnWindow: func(f func()) { f() }, Quit: func() { s.quit++ }})
	if err != nil {
		t.Fatal(err)
	}
	s.Show(s.screen.Content())
	s.screen.Enter()
	return s
}

// waits lets time pass, second by second.
func (s *stand) waits(d time.Duration) {
	for range int(d / time.Second) {
		s.now = s.now.Add(time.Second)
		s.screen.Tick()
	}
}

// keys taps the keys of the on-screen keyboard.
func (s *stand) keys(text string) {
	for _, r := range text {
		if r == ' ' {
			s.Tap("space")
			continue
		}
		s.Tap(string(r))
	}
}

// hold puts a finger on the sign at the top left.
func (s *stand) hold(d time.Duration) {
	for _, o := range all(s.Window.Content()) {
		if m, ok := o.(desktop.Mouseable); ok {
			m.MouseDown(&desktop.MouseEvent{})
			s.now = s.now.Add(d)
			m.MouseUp(&desktop.MouseEvent{})
			return
		}
	}
}

// all is everything visible.
func all(o fyne.CanvasObject) []fyne.CanvasObject {
	if o == nil || !o.Visible() {
		return nil
	}
	out := []fyne.CanvasObject{o}
	if _, rows := o.(*kit.Register); rows {
		return out // a long name in a list is shortened; the paper has it whole
	}
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			out = append(out, all(child)...)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			out = append(out, all(child)...)
		}
	}
	return out
}

// nothingCut fails for every sentence that did not fit its room.
func (s *stand) nothingCut(t *testing.T, where string) {
	t.Helper()
	for _, o := range all(s.Window.Content()) {
		if text, ok := o.(*canvas.Text); ok && strings.HasSuffix(text.Text, "…") && !strings.HasSuffix(text.Text, " …") {
			t.Errorf("%s: cut off: %q", where, text.Text)
		}
	}
}

// nothingOutside fails for every word that leaves the plate it is on.
func (s *stand) nothingOutside(t *testing.T, where string) {
	t.Helper()
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject
	for _, o := range all(s.Window.Content()) {
		plate, ok := o.(interface{ Caption() string })
		if !ok {
			continue
		}
		from, room := at(o), o.Size()
		for _, inside := range all(o) {
			text, ok := inside.(*canvas.Text)
			if !ok || text.Text == "" {
				continue
			}
			p := at(inside).Subtract(from)
			if p.X < -1 || p.Y < -1 || p.X+text.Size().Width > room.Width+1 || p.Y+text.Size().Height > room.Height+1 {
				t.Errorf("%s: %q leaves %q", where, text.Text, plate.Caption())
			}
		}
	}
}

// kind is a kind of kiosk.
type kind struct {
	name  string
	size  fyne.Size
	large bool // text at 150 %, as on screens of full height
	low   bool // everything moved low
}

func kinds() []kind {
	return []kind{
		{"tall", uitest.TallKiosk, true, false}, {"low", uitest.TallKiosk, true, true}, {"tall-plain", uitest.TallKiosk, false, false},
		{"wide", uitest.Counter, true, false}, {"wide-plain", uitest.Counter, false, false}, {"small", uitest.SmallCounter, false, false},
	}
}

// tour visits every page in one language and looks at each.
func tour(t *testing.T, s *stand, lang visit.Language, low bool, see func(page string)) {
	t.Helper()
	word := map[visit.Language]map[string]string{
		"en": {"bill": "Pay or ask about a bill", "visit": "Visit someone", "leave": "Sign out", "help": "I need help", "over": "Start over",
			"next": "Next", "skip": "Skip", "back": "Back", "dept": "Engineering", "pay": "Start, stop or move service", "done": "Done", "print": "Print the list", "exit": "Back to visitors"},
		"es": {"bill": "Pagar o preguntar por una factura", "visit": "Visitar a alguien", "leave": "Registrar salida", "help": "Necesito ayuda", "over": "Empezar de nuevo",
			"next": "Seguir", "skip": "Omitir", "back": "Volver", "dept": "Ingeniería", "pay": "Iniciar, terminar o mudar el servicio", "done": "Listo", "print": "Imprimir la lista", "exit": "Volver a visitantes"},
	}[lang]
	speak := func() {
		if low {
			s.Tap("Move lower")
		}
		if lang == "es" {
			s.Tap("Español")
		}
	}
	speak()
	see("doors")
	s.Tap(word["bill"])
	see("services")
	s.Tap(word["pay"])
	see("number")
	s.Tap(word["done"])
	speak()
	s.printer.ready = false
	s.Tap(word["bill"])
	s.Tap(word["pay"])
	see("number without paper")
	s.Tap(word["done"])
	speak()
	s.Tap(word["visit"])
	s.Tap(word["next"])
	see("name refused")
	s.keys("ana")
	see("name")
	s.Tap(word["help"])
	see("help")
	s.Tap(word["back"])
	s.Tap(word["next"])
	see("company")
	s.Tap(word["skip"])
	see("whom")
	s.Tap(word["dept"])
	see("badge without paper")
	s.printer.ready = true
	s.screen.Tick()
	see("badge")
	s.Tap(word["done"])
	speak()
	s.Tap(word["leave"])
	s.keys("7")
	s.Tap(word["next"])
	see("leaving refused")
	s.waits(70 * time.Second)
	see("warning")
	s.Tap(word["over"])
	speak()
	s.Tap(word["leave"])
	s.keys("1")
	s.Tap(word["next"])
	see("left")
	s.Tap(word["done"])
	s.Tap("English")
	s.Tap("Visit someone")
	s.keys("josé martínez de la cruz")
	s.Tap("Next")
	s.keys("pipes & co.")
	s.Tap("Next")
	s.Tap("Engineering")
	s.Tap("Done")
	speak()
	s.hold(5 * time.Second)
	see("staff who")
	s.Env.Type("maria")
	s.Tap(word["next"])
	s.keys("2468")
	see("staff pin")
	s.Tap(word["next"])
	see("list")
	s.Tap(word["print"])
	see("list printed")
	s.Tap(word["exit"])
}

// Every page fits every screen in every language, with nothing cut off. With
// GATEHOUSE_PICTURES set to a folder, each is saved there to be looked at.
func TestEveryPageFitsEveryScreen(t *testing.T) {
	folder := os.Getenv("GATEHOUSE_PICTURES")
	for _, k := range kinds() {
		for _, lang := range []visit.Language{"en", "es"} {
			t.Run(k.name+"/"+string(lang), func(t *testing.T) {
				s, n := newStand(t, k), 0
				tour(t, s, lang, k.low, func(page string) {
					n++
					s.Fits()
					s.nothingCut(t, page)
					s.nothingOutside(t, page)
					if need, has := s.screen.PageRoom(); need.Width > has.Width || need.Height > has.Height {
						t.Errorf("%s needs %v and has %v", page, need, has)
					}
					if folder != "" {
						s.Save(fmt.Sprintf("%s/%s-%s-%02d-%s.png", folder, k.name, lang, n, strings.ReplaceAll(page, " ", "-")))
					}
				})
			})
		}
	}
}

func TestANumberByTwoTouches(t *testing.T) {
	s := newStand(t, kinds()[0])
	s.Tap("Pay or ask about a bill")
	s.Tap("Pay a bill")
	s.Shows("B001")
	s.Shows("Your paper comes out below.")
	s.Env.Keys.Key(keys.Ctrl("L")) // not from here
	s.Shows("B001")
	s.Layout("number-tall")
	s.waits(20 * time.Second)
	s.Shows("Welcome")
	if got := s.screen.Model().Page; got != kiosk.Doors {
		t.Errorf("at %s", got)
	}
	s.wrote(visit.KindTicket)
}

func TestTheSecondTouchWhileTheDiskWorksGivesNoSecondNumber(t *testing.T) {
	s := newStand(t, kinds()[0])
	s.Tap("Pay or ask about a bill")
	s.held = true
	s.Tap("Pay a bill")
	s.Shows("Touch one.") // no flicker for a disk that is quick
	s.waits(time.Second)
	s.Shows("One moment …")
	s.Tap("Pay a bill")
	for _, f := range s.away {
		f()
	}
	s.Shows("B001")
	s.wrote(visit.KindTicket)
}

func TestNothingTypedIsLost(t *testing.T) {
	s := newStand(t, kinds()[0])
	s.Tap("Visit someone")
	s.keys("josé")
	s.Tap("Español")
	s.Tap("Necesito ayuda")
	s.Tap("Volver")
	s.Tap("English")
	s.waits(65 * time.Second)
	s.Shows("Are you still there?")
	s.Tap("I need more time")
	s.Tap("Next")
	s.broken = errors.New("the disk is full")
	s.Tap("Skip")
	s.Tap("Engineering")
	s.Shows("This could not be saved just now.")
	s.broken = nil
	s.Tap("Engineering")
	s.Shows("V001")
	s.wrote(visit.KindSignedIn)
	if got := s.orders[len(s.orders)-1].Do.(visit.SignIn).Name; got != "josé" {
		t.Errorf("signed in as %q", got)
	}
}

func TestTheNextVisitorFindsEmptyFields(t *testing.T) {
	s := newStand(t, kinds()[0])
	s.Tap("Visit someone")
	s.keys("ana")
	s.Tap("Start over")
	if held := s.screen.Held(); held != "" {
		t.Errorf("the fields hold %q", held)
	}
	s.Tap("Visit someone")
	s.Tap("Next")
	s.Shows("Please type your name.")
}

func TestAnActualKeyboardWorksToo(t *testing.T) {
	s := newStand(t, kinds()[0])
	s.Tap("Sign out")
	s.Type("7")
	s.Press(keys.Enter)
	s.Shows("Number V007 is not signed in here.")
}

func TestTheKeysOnTheScreenWorkOnEveryPageInTurn(t *testing.T) {
	s := newStand(t, kinds()[0])
	s.Tap("Visit someone")
	s.keys("ana")
	s.Press(keys.Enter) // the field keeps the focus from page to page
	s.keys("ac")
	s.Tap("Back")
	s.Tap("enter")
	s.keys("me")
	s.Tap("Español")
	s.Press(keys.Enter) // though a touch took the focus away
	s.Tap("Ingeniería")
	s.Tap("Listo")
	got := s.orders[len(s.orders)-1].Do.(visit.SignIn)
	if want := (visit.SignIn{Name: "ana", Company: "acme", Whom: "engineering", Language: "es"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestATouchBesideTheFieldDoesNotTakeItAway(t *testing.T) {
	s := newStand(t, kinds()[0])
	s.Tap("Sign out")
	s.Window.Canvas().Unfocus()
	s.waits(time.Second)
	if s.Window.Canvas().Focused() == nil {
		t.Error("nothing has the focus")
	}
}

func TestOutOfPaperTheNumberIsToBeRemembered(t *testing.T) {
	s := newStand(t, kinds()[0])
	s.printer.ready = false
	s.Tap("Pay or ask about a bill")
	s.Tap("Pay a bill")
	s.Shows("Please remember or photograph this number.")
	s.printer.ready = true
	s.waits(time.Second)
	s.Shows("Your paper comes out below.")
}

func TestTheStaffCornerIsHidden(t *testing.T) {
	s := newStand(t, kinds()[0])
	s.hold(3 * time.Second)
	s.Shows("Welcome")
	s.hold(4 * time.Second)
	s.Shows("Type your staff name.")
	s.Tap("Start over")
	s.Env.Keys.Key(keys.Ctrl("L"))
	s.Shows("Type your staff name.")
	s.keys("maria")
	s.Tap("Next")
	s.keys("1111")
	s.Tap("Next")
	s.Shows("That PIN is wrong. 4 more")
	s.keys("2468")
	s.Tap("Next")
	s.Shows("In the building")
	if held := s.screen.Held(); held != "" {
		t.Errorf("the fields hold %q", held)
	}
	s.Tap("Close the program")
	if s.quit != 1 {
		t.Error("the program was not closed")
	}
	if last := s.orders[len(s.orders)-1]; last.By != "maria" || last.Do != (staff.SignOut{}) {
		t.Errorf("the last order before it closed was %+v, want maria's sign-out", last)
	}
	s.waits(90 * time.Second)
	s.Shows("Welcome")
}

func TestLayouts(t *testing.T) {
	for _, k := range kinds() {
		t.Run(k.name, func(t *testing.T) {
			s := newStand(t, k)
			if k.low {
				s.Tap("Move lower")
			}
			s.Layout("doors-" + k.name)
			if k.name == "tall-plain" {
				return // the same as tall, smaller
			}
			s.Tap("Visit someone")
			s.Layout("name-" + k.name)
		})
	}
}

func TestAPolicyWithoutALobbyOpensNoKiosk(t *testing.T) {
	b := uitest.New(t, uitest.Options{})
	l := newLobby(t)
	if _, err := kiosk.New(kiosk.Deps{Env: b.Env, Desk: l, Printer: l.printer, Now: l.clock}); err == nil {
		t.Error("a kiosk without languages was opened")
	}
}
