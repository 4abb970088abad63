package shell

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"gatehouse/ui/keys"
	"gatehouse/ui/kit"
	"gatehouse/ui/look"
)

// Screen fills the window for one role. All its methods are called on the
// window's goroutine.
type Screen interface {
	Content() fyne.CanvasObject
	Enter() // it came to the front: its keys and its focus
	Leave() // another screen comes to the front
}

// Role names a screen, such as "cashier" or "kiosk".
type Role string

// Options is what a window is made of.
type Options struct {
	App        fyne.App
	Title      string
	Size       fyne.Size // of the window where it is not full screen; zero is 1366 x 768
	FullScreen bool
	Look       look.Options
	Now        func() time.Time // for telling a scan from typing; nil is time.Now
}

// Shell is one window. It belongs to the window's goroutine, except its Bridge.
type Shell struct {
	o       Options
	window  fyne.Window
	env     *kit.Env
	bridge  *Bridge
	stack   *fyne.Container
	screens map[Role]Screen
	front   Role
}

// New makes the window; nothing is shown yet.
func New(o Options) *Shell {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Size.IsZero() {
		o.Size = fyne.NewSize(1366, 768)
	}
	s := &Shell{o: o, stack: container.NewStack(), screens: map[Role]Screen{}}
	o.App.Settings().SetTheme(look.New(o.Look))
	s.window = o.App.NewWindow(o.Title)
	s.window.SetPadded(false)
	s.window.SetContent(s.stack)
	s.window.Resize(o.Size)
	s.window.SetFullScreen(o.FullScreen)
	s.env = kit.NewEnv(keys.New(keys.Deps{Now: o.Now}))
	s.env.Attach(s.window.Canvas())
	s.bridge = NewBridge(fyne.Do)
	return s
}

// Env is what the pieces of this window share.
func (s *Shell) Env() *kit.Env { return s.env }

// Bridge brings events from other goroutines.
func (s *Shell) Bridge() *Bridge { return s.bridge }

// Window is the toolkit's window.
func (s *Shell) Window() fyne.Window { return s.window }

// Add takes a screen in, hidden.
func (s *Shell) Add(role Role, screen Screen) {
	s.screens[role] = screen
	screen.Content().Hide()
	s.stack.Add(screen.Content())
}

// Show brings a role's screen to the front. A role that was not added is a
// mistake in the wiring and panics.
func (s *Shell) Show(role Role) {
	next, ok := s.screens[role]
	if !ok {
		panic("shell: no screen was added for the role " + string(role))
	}
	if before, open := s.screens[s.front]; open && s.front != role {
		before.Leave()
		before.Content().Hide()
	}
	s.front = role
	next.Content().Show()
	next.Enter()
}

// Front is the role that is shown, "" before the first.
func (s *Shell) Front() Role { return s.front }

// Night turns light and dark the other way.
func (s *Shell) Night() {
	s.o.Look.Night = !s.o.Look.Night
	s.relook()
}

// Large turns text at 150 % on and off.
func (s *Shell) Large() {
	s.o.Look.Large = !s.o.Look.Large
	s.relook()
}

func (s *Shell) relook() {
	s.o.App.Settings().SetTheme(look.New(s.o.Look))
	s.stack.Refresh()
}

// Run shows the window and returns when it is closed, or the app is told to quit.
// The bridge has ended then: no event reaches a screen any more.
func (s *Shell) Run() {
	s.window.ShowAndRun()
	s.bridge.Close()
}
