package link_test

import (
	"context"
	"io"
	"net"
	"testing"

	"gatehouse/drivers/link"
	"gatehouse/drivers/link/linktest"
)

func TestLineInMemory(t *testing.T) {
	linktest.Run(t, linktest.Kind{Shared: true, Plug: func(testing.TB) *linktest.Device {
		var far net.Conn
		return &linktest.Device{
			Dialer: link.DialFunc(func(ctx context.Context) (link.Port, error) {
				if err := ctx.Err(); err != nil {
					return nil, err
				}
				var near net.Conn
				near, far = net.Pipe()
				return link.Stream(near), nil
			}),
			Far:    func() io.ReadWriter { return far },
			Unplug: func() { far.Close() },
		}
	}})
}

// socket is a printer on the network that takes one caller, and hangs up on it
// when the next one comes.
type socket struct {
	link.TCP
	listener net.Listener
	far      *net.TCPConn
}

func listen(t testing.TB) *socket {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &socket{TCP: link.TCP{Addr: l.Addr().String()}, listener: l}
	t.Cleanup(s.unplug)
	return s
}

func (s *socket) Dial(ctx context.Context) (link.Port, error) {
	port, err := s.TCP.Dial(ctx)
	if err != nil {
		return nil, err
	}
	far, err := s.listener.Accept()
	if err != nil {
		return nil, err
	}
	if s.far != nil {
		s.far.Close()
	}
	s.far = far.(*net.TCPConn)
	return port, nil
}

func (s *socket) unplug() {
	s.listener.Close()
	if s.far != nil {
		s.far.Close()
	}
}

func TestLineOverTheNetwork(t *testing.T) {
	linktest.Run(t, linktest.Kind{Shared: true, Plug: func(t testing.TB) *linktest.Device {
		s := listen(t)
		return &linktest.Device{Dialer: s, Far: func() io.ReadWriter { return s.far }, Unplug: s.unplug}
	}})
}
