package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"gatehouse/ui/keys"
	"gatehouse/ui/kit"
	"gatehouse/ui/words"
)

// opening is the page that is there before the place: it says that the station
// opens, or why it cannot.
type opening struct {
	w       *window
	content fyne.CanvasObject
	notice  *kit.Notice
	cause   *kit.Text
	text    *kit.Text
	failed  bool
}

// The keys of the page.
const (
	actRetry keys.Action = "station.retry"
	actClose keys.Action = "station.close"
	actSetUp keys.Action = "station.set_up"
)

func newOpening(w *window) *opening {
	o, env := &opening{w: w, notice: kit.NewNotice()}, w.shell.Env()
	env.Keys.Show(o.layer()) // the buttons take their captions from it
	title := kit.NewLine("Gatehouse", kit.Big().Centred())
	name := kit.NewLine(w.words.Say("station.name", words.Args{"id": w.o.station}), kit.Title().Centred())
	o.text = kit.NewLine("", kit.Body().Centred())
	o.cause = kit.NewParagraph("", kit.Caption(), 4)
	retry, end := kit.NewBigButton(env, actRetry, kit.Primary), kit.NewBigButton(env, actClose, kit.Plain)
	end.Hidden = w.o.role == roleKiosk // a visitor does not close the program
	devices := kit.NewBigButton(env, actSetUp, kit.Plain)
	devices.Hidden = end.Hidden
	buttons := kit.Split([]float32{1, 1, 1}, retry, devices, end)
	page := kit.Stack([]float32{1, 0, 0, 0, 0, 0, 2}, container.NewStack(), title, name, o.text, o.notice, o.cause, buttons)
	page.Objects[6] = container.NewVBox(buttons)
	o.content = kit.Page(kit.NewStatusLine(nil), page, kit.NewKeyBar(env))
	return o
}

func (o *opening) layer() keys.Layer {
	return keys.Layer{Sole: true, Do: o.do, Table: keys.Table{
		{Key: keys.Enter, Label: o.w.words.Say("station.retry"), Action: actRetry, When: func() bool { return o.failed }},
		{Key: keys.F9, Label: o.w.words.Say("station.set_up"), Action: actSetUp, When: func() bool { return o.failed && o.w.o.role != roleKiosk }},
		{Key: keys.Esc, Label: o.w.words.Say("station.close"), Action: actClose, When: func() bool { return o.failed && o.w.o.role != roleKiosk }},
	}}
}

func (o *opening) do(a keys.Action) {
	switch a {
	case actClose:
		o.w.app.Quit()
	case actSetUp:
		o.w.setUp()
	default:
		o.w.open()
	}
}

// Content, Enter and Leave make it a screen of the shell.
func (o *opening) Content() fyne.CanvasObject { return o.content }
func (o *opening) Enter()                     { o.w.shell.Env().Enter(o.layer(), nil) }
func (o *opening) Leave()                     {}

// begin says that the station opens.
func (o *opening) begin() {
	o.failed = false
	o.text.SetText(o.w.words.Say("station.opening"))
	o.notice.Clear()
	o.cause.SetText("")
	o.w.shell.Env().Keys.Changed()
}

// fail says why the station cannot be opened; the cause below is for whoever
// looks after the machine.
func (o *opening) fail(err error) {
	o.failed = true
	o.text.SetText("")
	o.notice.Say(faultMessage(o.w.words, o.w.o, err))
	o.cause.SetText(err.Error())
	o.w.shell.Env().Keys.Changed()
}
