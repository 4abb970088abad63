package main_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	main "gatehouse/cmd/gatehousectl"
)

// pipe takes so many lines and then breaks, as when the reader of a pipe ends.
type pipe struct {
	bytes.Buffer
	lines int
	then  func() error
}

func (p *pipe) Write(b []byte) (int, error) {
	if p.lines--; p.lines < 0 {
		if err := p.then(); err != nil {
			return 0, err
		}
		return len(b), nil
	}
	return p.Buffer.Write(b)
}

// TestPlayEndsEarlyAndGoesOn: whatever ends a play, the ledger is closed in
// order, and the same file goes on where it ended.
func TestPlayEndsEarlyAndGoesOn(t *testing.T) {
	for _, c := range []struct{ name, want, again string }{
		{"nobody reads any more", "print the result of line 4: broken pipe", "aaaao"},
		{"the person interrupts", "interrupted before line 5", "aaaao"},
	} {
		p := newPlace(t)
		script := p.script(t, "day", signIn, open, pay, pay, pay)
		ctx, interrupt := context.WithCancel(t.Context())
		defer interrupt()
		out, errs := &pipe{lines: 3, then: func() error { return errors.New("broken pipe") }}, &bytes.Buffer{}
		if strings.Contains(c.want, "interrupted") {
			out.then = func() error { interrupt(); return nil }
		}
		m := &main.Main{Stdout: out, Stderr: errs, Clock: noon, Random: random(1), Self: program}
		code := m.Run(ctx, []string{"play", script, "--ledger", p.ledger, "--data", p.data})
		if code != 1 || !strings.Contains(errs.String(), c.want) || len(results(t, out.String())) != 3 {
			t.Errorf("%s: ended with %d, %s%s", c.name, code, out.String(), errs.String())
		}
		if v := mustCtl(t, "verify", p.ledger).out; strings.Contains(v, "did not close") {
			t.Errorf("%s: the ledger was not closed in order", c.name)
		}
		if got := oks(t, p.play(t, script)); got != c.again {
			t.Errorf("%s: again it gives %s, want %s", c.name, got, c.again)
		}
	}
}
