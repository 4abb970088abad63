package main

import (
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// link is a line between two programs: what comes in at one address goes on to
// another, until it is cut. A slow one carries so many bytes a second.
type link struct {
	address string // to be called
	to      string

	up    atomic.Int64 // bytes carried to the far end
	speed atomic.Int64 // bytes a second upwards; 0 is as fast as it goes

	mu   sync.Mutex
	cut  bool
	open map[net.Conn]bool
	door net.Listener
}

// newLink makes a link to an address.
func newLink(to string) (*link, error) {
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("make a link: %w", err)
	}
	l := &link{address: door.Addr().String(), to: to, open: map[net.Conn]bool{}, door: door}
	go l.serve()
	return l, nil
}

func (l *link) url() string { return "https://" + l.address }

func (l *link) serve() {
	for {
		near, err := l.door.Accept()
		if err != nil {
			return // it was closed
		}
		go l.carry(near)
	}
}

// carry joins one connection, unless the link is cut.
func (l *link) carry(near net.Conn) {
	defer near.Close()
	if !l.hold(near) {
		return
	}
	defer l.drop(near)
	far, err := net.DialTimeout("tcp", l.to, 5*time.Second)
	if err != nil {
		return // as if nobody were there
	}
	defer far.Close()
	if !l.hold(far) {
		return
	}
	defer l.drop(far)
	down := make(chan struct{})
	go func() {
		defer close(down)
		_, _ = io.Copy(near, far) // an end that goes away is what a link is for
		near.Close()
	}()
	_, _ = io.Copy(slowly{far, l}, near)
	far.Close()
	<-down
}

// slowly is the far end of a link, as fast as the link.
type slowly struct {
	far  net.Conn
	link *link
}

// slice is how much a slow link carries at once, in bytes.
const slice = 512

func (s slowly) Write(all []byte) (done int, err error) {
	for len(all) > 0 && err == nil {
		n := len(all)
		if speed := s.link.speed.Load(); speed > 0 {
			n = min(n, slice)
			time.Sleep(time.Duration(n) * time.Second / time.Duration(speed))
		}
		// Counted before they go: the far end may answer before this goes on.
		s.link.up.Add(int64(n))
		var wrote int
		wrote, err = s.far.Write(all[:n])
		s.link.up.Add(int64(wrote - n))
		done, all = done+wrote, all[n:]
	}
	return done, err
}

// hold notes a connection, to break it when the link is cut. False: it is cut.
func (l *link) hold(c net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cut {
		return false
	}
	l.open[c] = true
	return true
}

func (l *link) drop(c net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, c)
}

// set cuts the link, with all that is on it, or mends it.
func (l *link) set(cut bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = cut
	if cut {
		for c := range l.open {
			c.Close()
		}
	}
}

// close ends the link.
func (l *link) close() {
	l.set(true)
	l.door.Close()
}
