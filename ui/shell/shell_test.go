package shell_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"gatehouse/ui/keys"
	"gatehouse/ui/kit"
	"gatehouse/ui/look"
	"gatehouse/ui/shell"
)

// A window's goroutine that is only a queue: what is called is done in order.
type loop struct{ calls chan func() }

func (l loop) run(ctx context.Context) {
	for {
		select {
		case f := <-l.calls:
			f()
		case <-ctx.Done():
			return
		}
	}
}

func TestTheBridgeKeepsTheOrderOfWhatIsPosted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		l := loop{make(chan func(), 1)}
		go l.run(ctx)
		b := shell.NewBridge(func(f func()) { l.calls <- f })
		var got []int
		for i := range 5000 {
			b.Post(func() { got = append(got, i) })
		}
		synctest.Wait()
		if len(got) != 5000 {
			t.Fatalf("%d of 5000 arrived", len(got))
		}
		for i, n := range got {
			if n != i {
				t.Fatalf("the %dth is %d", i, n)
			}
		}
		b.Close()
		stop()
	})
}

func TestWorkTimersAndTheEndOfTheBridge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		l := loop{make(chan func(), 1)}
		go l.run(ctx)
		b := shell.NewBridge(func(f func()) { l.calls <- f })
		var ticks, worked, later, never atomic.Int32
		b.Every(time.Second, func() { ticks.Add(1) })
		b.After(3*time.Second, func() { later.Add(1) })
		b.After(time.Hour, func() { never.Add(1) })
		b.Go(func(context.Context) func() { return func() { worked.Add(1) } })
		b.Go(func(context.Context) func() { return nil })
		b.Go(func(ctx context.Context) func() {
			<-ctx.Done() // an errand that would wait for ever
			return func() { never.Add(1) }
		})
		<-time.After(5*time.Second + 1)
		synctest.Wait()
		if ticks.Load() != 5 || later.Load() != 1 || worked.Load() != 1 {
			t.Errorf("%d ticks, %d later, %d worked", ticks.Load(), later.Load(), worked.Load())
		}
		b.Close()
		b.Post(func() { never.Add(1) })
		synctest.Wait()
		if never.Load() != 0 {
			t.Errorf("%d things happened after the end", never.Load())
		}
		stop()
	})
}

// A window that hangs holds up who posts, and does not pile up their events.
func TestAWindowThatHangsBoundsWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := shell.NewBridge(func(func()) {}) // called and never run
		var posted atomic.Int32
		go func() {
			for range 100_000 {
				b.Post(func() {})
				posted.Add(1)
			}
		}()
		synctest.Wait()
		if n := posted.Load(); n < 1000 || n > 2100 {
			t.Errorf("%d events were taken in", n)
		}
		b.Close()
	})
}

type screen struct {
	content       fyne.CanvasObject
	field         *kit.Field
	env           *kit.Env
	entered, left int
}

func newScreen(env *kit.Env, caption string) *screen {
	s := &screen{env: env}
	s.field = kit.NewField(env, kit.FieldOptions{Caption: caption})
	s.content = kit.Stack(nil, s.field)
	return s
}

func (s *screen) Content() fyne.CanvasObject { return s.content }
func (s *screen) Leave()                     { s.left++ }
func (s *screen) Enter() {
	s.entered++
	s.env.Enter(keys.Layer{Do: func(keys.Action) {}}, s.field)
}

func TestTheRouterShowsOneScreenAndKeepsWhatWasTypedInTheOther(t *testing.T) {
	app := test.NewTempApp(t)
	s := shell.New(shell.Options{App: app, Title: "Gatehouse", Look: look.Options{}})
	defer s.Bridge().Close()
	one, two := newScreen(s.Env(), "one"), newScreen(s.Env(), "two")
	s.Add("cashier", one)
	s.Add("kiosk", two)
	if one.content.Visible() || two.content.Visible() {
		t.Error("a screen is shown before its role")
	}
	s.Show("cashier")
	test.Type(s.Window().Canvas().Focused(), "garcia")
	s.Show("kiosk")
	if one.content.Visible() || !two.content.Visible() || one.left != 1 || s.Front() != "kiosk" {
		t.Errorf("the first is visible: %v, left %d times, front %q", one.content.Visible(), one.left, s.Front())
	}
	test.Type(s.Window().Canvas().Focused(), "x")
	s.Show("cashier")
	if one.field.Text() != "garcia" || !one.field.Focused() || two.field.Text() != "x" {
		t.Errorf("%q and %q are left", one.field.Text(), two.field.Text())
	}
	day := app.Settings().Theme().Color(look.ColorText, 0)
	s.Night()
	if app.Settings().Theme().Color(look.ColorText, 0) == day {
		t.Error("it did not get dark")
	}
	size := app.Settings().Theme().Size(look.SizeText)
	s.Large()
	if app.Settings().Theme().Size(look.SizeText) <= size {
		t.Error("the text did not grow")
	}
}

func TestAnUnknownRoleIsAMistakeOfTheWiring(t *testing.T) {
	s := shell.New(shell.Options{App: test.NewTempApp(t)})
	defer s.Bridge().Close()
	defer func() {
		if recover() == nil {
			t.Error("nothing was said")
		}
	}()
	s.Show("nobody")
}
