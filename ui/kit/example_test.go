package kit_test

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"gatehouse/ui/keys"
	"gatehouse/ui/kit"
	"gatehouse/ui/look"
)

// signIn is a screen as a room builds it: made once, told what to show, calling
// back.
type signIn struct {
	env     *kit.Env
	pin     *kit.Field
	notice  *kit.Notice
	content fyne.CanvasObject
	enter   func(pin string)
}

func newSignIn(env *kit.Env, enter func(pin string)) *signIn {
	s := &signIn{env: env, notice: kit.NewNotice(), enter: enter}
	env.Keys.Show(s.layer()) // buttons take their captions from the table
	s.pin = kit.NewSecret(env, kit.FieldOptions{Caption: "PIN", OnlyDigits: "A PIN has only digits."})
	button := kit.NewBigButton(env, "signin.enter", kit.Primary)
	form := kit.Stack(nil, s.notice, s.pin, kit.NewKeypad(env, kit.KeypadOptions{Clear: "Clear"}), button)
	s.content = kit.Page(kit.NewStatusLine(nil), kit.NewPanel("Sign in", form), kit.NewKeyBar(env))
	return s
}

func (s *signIn) layer() keys.Layer {
	return keys.Layer{Do: s.do, Table: keys.Table{
		{Key: keys.Enter, Label: "Sign in", Action: "signin.enter", When: func() bool { return s.pin != nil && s.pin.Text() != "" }},
		{Key: keys.Esc, Label: "Start again", Action: "signin.clear"},
	}}
}

func (s *signIn) do(a keys.Action) {
	switch a {
	case "signin.enter":
		s.enter(s.pin.Text())
	case "signin.clear":
		s.pin.SetText("")
	}
}

// Show brings the screen to the front.
func (s *signIn) Show() { s.env.Enter(s.layer(), s.pin) }

// Refuse says why the PIN was not taken.
func (s *signIn) Refuse(sentence string) { s.pin.Refuse(sentence) }

func Example() {
	test.NewApp().Settings().SetTheme(look.New(look.Options{}))
	window := test.NewWindow(nil)
	env := kit.NewEnv(keys.New(keys.Deps{Now: time.Now}))
	env.Attach(window.Canvas())

	var screen *signIn
	screen = newSignIn(env, func(pin string) {
		fmt.Println("tried", pin)
		screen.Refuse("This PIN is not known. 4 tries are left.")
	})
	window.SetContent(screen.content)
	screen.Show()

	test.Type(window.Canvas().Focused(), "1234")
	env.Keys.Key(keys.Enter)
	fmt.Println(screen.pin.Text(), screen.pin.Refusal())
	// Output:
	// tried 1234
	// 1234 This PIN is not known. 4 tries are left.
}
