package limit

import (
	"net"
	"net/netip"
	"sync"
)

// Connections is a listener with a bound on how many connections are open, in all
// and for each sender. One too many is closed at once: whoever holds connections
// open without a word does not keep others waiting.
type Connections struct {
	net.Listener
	all, each int // 0 is no bound

	mu   sync.Mutex // guards what follows
	open int
	by   map[netip.Prefix]int
}

// NewConnections bounds a listener.
func NewConnections(l net.Listener, all, each int) *Connections {
	return &Connections{Listener: l, all: all, each: each, by: map[netip.Prefix]int{}}
}

// Accept returns the next connection that is within the bounds.
func (c *Connections) Accept() (net.Conn, error) {
	for {
		conn, err := c.Listener.Accept()
		if err != nil {
			return nil, err
		}
		from, counts := Sender(conn.RemoteAddr().String())
		if !c.enter(from, counts) {
			conn.Close()
			continue
		}
		return &held{Conn: conn, leave: sync.OnceFunc(func() { c.leave(from, counts) })}, nil
	}
}

// Open is how many connections there are now.
func (c *Connections) Open() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open
}

func (c *Connections) enter(from netip.Prefix, counts bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all > 0 && c.open >= c.all || counts && c.each > 0 && c.by[from] >= c.each {
		return false
	}
	c.open++
	if counts {
		c.by[from]++
	}
	return true
}

func (c *Connections) leave(from netip.Prefix, counts bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open--
	if !counts {
		return
	}
	if c.by[from]--; c.by[from] == 0 {
		delete(c.by, from)
	}
}

// held is a connection that counts until it is closed.
type held struct {
	net.Conn
	leave func()
}

func (h *held) Close() error {
	h.leave()
	return h.Conn.Close()
}
