package cashier

import (
	"context"
	"time"

	"gatehouse/ui/cashier/flow"
)

// Bridge leads to the window's goroutine and away from it; *shell.Bridge is one.
type Bridge interface {
	// Go runs work elsewhere and then what it returns on the window's goroutine.
	Go(work func(context.Context) func())
	// After runs f on the window's goroutine after a while.
	After(d time.Duration, f func())
}

// Carry makes Options.Run: effects are carried out by the runner away from the
// window, and handle gets their answers on the window's goroutine.
func Carry(b Bridge, r *flow.Runner, handle func(flow.Event)) func(flow.Effect) {
	return func(e flow.Effect) {
		if l, ok := e.(flow.Later); ok {
			b.After(l.After, func() { handle(l.Then) })
			return
		}
		b.Go(func(ctx context.Context) func() {
			// What was ordered is finished even while the window closes; nobody waits for
			// a check then.
			if _, waits := e.(flow.ReadCheck); !waits {
				ctx = context.WithoutCancel(ctx)
			}
			answer := r.Run(ctx, e)
			return func() { handle(answer) }
		})
	}
}
