package shell

import (
	"context"
	"sync"
	"time"
)

// maxWaiting bounds what waits for the window. Whoever posts more waits too: a
// window that does not answer must not eat the memory of the station.
const maxWaiting = 1024

// Bridge brings what other goroutines have to say to the window's goroutine, in
// the order it was posted.
type Bridge struct {
	call  func(func()) // runs a function on the window's goroutine, some time later
	queue chan func()
	ctx   context.Context
	stop  context.CancelFunc
	work  sync.WaitGroup
}

// NewBridge starts a bridge. call is fyne.Do.
func NewBridge(call func(func())) *Bridge {
	b := &Bridge{call: call, queue: make(chan func(), maxWaiting)}
	b.ctx, b.stop = context.WithCancel(context.Background())
	b.work.Go(b.carry)
	return b
}

// Post has f run on the window's goroutine. It may be called from any goroutine
// but the window's. After Close it does nothing.
func (b *Bridge) Post(f func()) {
	select {
	case b.queue <- f:
	case <-b.ctx.Done():
	}
}

// Go runs work on a goroutine of its own and then what it returns, if anything,
// on the window's. It may be called from the window's goroutine. work must end
// when its context does.
func (b *Bridge) Go(work func(context.Context) func()) {
	b.work.Go(func() {
		if then := work(b.ctx); then != nil {
			b.Post(then)
		}
	})
}

// After runs f on the window's goroutine after a while.
func (b *Bridge) After(d time.Duration, f func()) {
	b.work.Go(func() {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			b.Post(f)
		case <-b.ctx.Done():
		}
	})
}

// Every runs f on the window's goroutine again and again.
func (b *Bridge) Every(d time.Duration, f func()) {
	b.work.Go(func() {
		ticker := time.NewTicker(d)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				b.Post(f)
			case <-b.ctx.Done():
				return
			}
		}
	})
}

// Close ends the bridge and waits for the work on its way. Call it after the
// window's own loop has ended; what was not run by then is not run any more.
func (b *Bridge) Close() {
	b.stop()
	b.work.Wait()
}

// carry takes all that waits to the window at once, and waits until it is done:
// a busy window gets one call, not a thousand.
func (b *Bridge) carry() {
	for {
		var batch []func()
		select {
		case f := <-b.queue:
			batch = append(batch, f)
		case <-b.ctx.Done():
			return
		}
		for range len(b.queue) {
			batch = append(batch, <-b.queue)
		}
		done := make(chan struct{})
		b.call(func() {
			defer close(done)
			for _, f := range batch {
				f()
			}
		})
		select {
		case <-done:
		case <-b.ctx.Done():
			return
		}
	}
}
