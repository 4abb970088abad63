package emulator

import (
	"errors"
	"fmt"
	"net"
	"sync"
)

// Network is a printer on a network, by custom at port 9100. It serves one caller at a time; the next one waits,
// connected, for the one before to hang up. Nothing is lost to a full receive buffer: the printer stops reading,
// and the caller's system holds what is written.
type Network struct {
	p        *Printer
	listener net.Listener
	stop     chan struct{}
	once     sync.Once
	work     sync.WaitGroup
}

// Listen puts the printer on the network at host:port; port 0 is any that is free. Baud does not matter there. With
// the cable pulled it hangs up on whoever calls. Close it, or the printer, after use.
func (p *Printer) Listen(addr string) (*Network, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("put the printer on the network: %w", err)
	}
	n := &Network{p: p, listener: l, stop: make(chan struct{})}
	n.work.Go(n.serve)
	n.work.Go(func() {
		select {
		case <-n.stop:
		case <-p.stop:
		}
		_ = l.Close() // ends serve
		n.hangUp()
	})
	return n, nil
}

// Addr is where it can be called.
func (n *Network) Addr() string { return n.listener.Addr().String() }

// Close takes the printer off the network. The printer stays as it is.
func (n *Network) Close() error {
	n.once.Do(func() { close(n.stop) })
	n.work.Wait()
	return nil
}

func (n *Network) hangUp() {
	n.p.mu.Lock()
	defer n.p.mu.Unlock()
	if _, ours := n.p.host.(*caller); ours {
		n.p.hangUp()
	}
	n.p.wake.Broadcast()
}

// serve takes one caller after the other.
func (n *Network) serve() {
	for {
		conn, err := n.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue // the caller gave up while it waited
		}
		c := &caller{p: n.p, conn: conn}
		if !n.accept(c) {
			_ = conn.Close() // nothing was said on it
			continue
		}
		var both sync.WaitGroup
		both.Go(c.answer)
		c.listen()
		both.Wait()
	}
}

// accept makes a caller the printer's host.
func (n *Network) accept(c *caller) bool {
	p := n.p
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-n.stop:
		return false
	default:
	}
	if p.closed || !p.cable || !p.body.power {
		return false
	}
	p.hangUp()
	p.host = c
	p.wake.Broadcast()
	return true
}

// caller is who is connected.
type caller struct {
	p      *Printer
	conn   net.Conn
	broken bool
}

func (c *caller) hangUp() {
	c.broken = true
	_ = c.conn.Close() // what was on its way is lost, as when a cable is pulled
}

// end makes sure that both directions stop when one has failed.
func (c *caller) end() {
	c.p.mu.Lock()
	defer c.p.mu.Unlock()
	if c.p.host == c {
		c.p.hangUp()
	}
	c.p.wake.Broadcast()
}

// listen takes what the caller writes, as much as there is room for.
func (c *caller) listen() {
	defer c.end()
	buf := make([]byte, 1024)
	for {
		room, ok := c.room()
		if !ok {
			return
		}
		n, err := c.conn.Read(buf[:min(room, len(buf))])
		c.p.receive(buf[:n])
		if err != nil {
			return
		}
	}
}

// room waits until the receive buffer has room, and says how much.
func (c *caller) room() (int, bool) {
	p := c.p
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		switch room := p.line.limit - len(p.line.queue); {
		case c.broken || p.closed:
			return 0, false
		case room > 0:
			return room, true
		}
		p.wake.Wait()
	}
}

// answer sends the printer's replies.
func (c *caller) answer() {
	for {
		out, ok := c.nextReply()
		if !ok {
			return
		}
		if _, err := c.conn.Write(out); err != nil {
			c.end()
			return
		}
	}
}

func (c *caller) nextReply() ([]byte, bool) {
	p := c.p
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.out) == 0 || p.host != c {
		if c.broken || p.closed {
			return nil, false
		}
		p.wake.Wait()
	}
	out := p.out
	p.out = nil
	return out, true
}
