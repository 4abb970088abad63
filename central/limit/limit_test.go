package limit_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"gatehouse/central/limit"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// door counts what came through.
type door struct {
	http.Handler
	now     time.Time
	through int
	refused int
}

func newDoor(o limit.Options) *door {
	d := &door{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	o.Clock, o.Refused = func() time.Time { return d.now }, func() { d.refused++ }
	d.Handler = limit.Requests(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { d.through++ }), o)
	return d
}

func (d *door) ask(from, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.RemoteAddr = from
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w
}

func TestAFloodOfOneSenderIsHeldBack(t *testing.T) {
	d := newDoor(limit.Options{PerAddress: 10})
	for range 1000 {
		d.ask("192.0.2.1:4000", "/")
	}
	if d.through != 40 || d.refused != 960 {
		t.Errorf("%d of 1000 came through, %d were counted as refused", d.through, d.refused)
	}
	if w := d.ask("192.0.2.1:9", "/"); w.Code != http.StatusTooManyRequests {
		t.Errorf("another port of the same sender: %d", w.Code)
	}
	if w := d.ask("192.0.2.2:4000", "/"); w.Code != http.StatusOK {
		t.Errorf("another sender: %d", w.Code)
	}
	d.now = d.now.Add(time.Second)
	d.through = 0
	for range 1000 {
		d.ask("192.0.2.1:4000", "/")
	}
	if d.through != 10 {
		t.Errorf("%d came through in the next second", d.through)
	}
}

func TestWhoIsOneSender(t *testing.T) {
	for name, test := range map[string]struct {
		first, second string
		same          bool
	}{
		"a neighbour in IPv4":        {"192.0.2.1:1", "192.0.2.2:1", false},
		"one /64 of IPv6":            {"[2001:db8:1:2::1]:1", "[2001:db8:1:2:ffff::9]:1", true},
		"another /64 of IPv6":        {"[2001:db8:1:2::1]:1", "[2001:db8:1:3::1]:1", false},
		"IPv4 written as IPv6":       {"192.0.2.1:1", "[::ffff:192.0.2.1]:1", true},
		"the same with another zone": {"[fe80::1%eth0]:1", "[fe80::1%eth1]:1", true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDoor(limit.Options{PerAddress: 0.1})
			d.ask(test.first, "/")
			if held := d.ask(test.second, "/").Code == http.StatusTooManyRequests; held != test.same {
				t.Errorf("held back: %v", held)
			}
		})
	}
}

func TestALogIsHeldBackOnlyForItsSender(t *testing.T) {
	d := newDoor(limit.Options{PerLog: 1})
	one, two := wire.AppendPath(ledger.LogID{1}), wire.AppendPath(ledger.LogID{2})
	for range 10 {
		d.ask("192.0.2.1:1", one)
	}
	if d.through != 4 {
		t.Errorf("%d of 10 came through", d.through)
	}
	for name, ask := range map[string][2]string{
		"another log":       {"192.0.2.1:1", two},
		"the real station":  {"192.0.2.9:1", one},
		"what is of no log": {"192.0.2.1:1", wire.PathEnrol},
	} {
		if w := d.ask(ask[0], ask[1]); w.Code != http.StatusOK {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
}

func TestTheAnswerSaysWhenToComeAgain(t *testing.T) {
	for rate, want := range map[float64]int{100: 1, 1: 1, 0.05: 20, 0.001: 300} {
		d := newDoor(limit.Options{PerAddress: rate})
		var w *httptest.ResponseRecorder
		for range 1000 {
			if w = d.ask("192.0.2.1:1", "/"); w.Code != http.StatusOK {
				break
			}
		}
		seconds, err := strconv.Atoi(w.Header().Get("Retry-After"))
		if err != nil || seconds != want {
			t.Errorf("at %v a second: %q, want %d", rate, w.Header().Get("Retry-After"), want)
		}
		var a wire.Answer
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || a.Problem != wire.ProblemBusy {
			t.Errorf("the answer is %s", w.Body)
		}
	}
}

func TestThisMachineItselfHasNoLimit(t *testing.T) {
	d := newDoor(limit.Options{PerAddress: 0.1, PerLog: 0.1})
	for range 100 {
		d.ask("127.0.0.1:1", wire.AppendPath(ledger.LogID{1}))
		d.ask("[::1]:1", "/")
	}
	if d.through != 200 {
		t.Errorf("%d of 200 came through", d.through)
	}
}

func TestManySendersDoNotFillTheMemory(t *testing.T) {
	d := newDoor(limit.Options{PerAddress: 0.1})
	for n := range 200_000 {
		d.ask(fmt.Sprintf("10.%d.%d.%d:1", n>>16, n>>8&255, n&255), "/")
	}
	if d.through != 200_000 {
		t.Errorf("%d of 200000 new senders came through", d.through)
	}
	if w := d.ask("10.3.13.63:1", "/"); w.Code != http.StatusTooManyRequests {
		t.Errorf("the last sender is forgotten: %d", w.Code)
	}
}

// Connections, without a network.

type address string

func (a address) Network() string { return "tcp" }
func (a address) String() string  { return string(a) }

type conn struct {
	net.Conn
	from   string
	closed bool
}

func (c *conn) RemoteAddr() net.Addr { return address(c.from) }
func (c *conn) Close() error         { c.closed = true; return nil }

// arriving is a listener with a row of connections.
type arriving struct{ row []*conn }

var errNoMore = errors.New("no more")

func (a *arriving) Accept() (net.Conn, error) {
	if len(a.row) == 0 {
		return nil, errNoMore
	}
	c := a.row[0]
	a.row = a.row[1:]
	return c, nil
}
func (a *arriving) Close() error   { return nil }
func (a *arriving) Addr() net.Addr { return address("here") }

func arrive(c *limit.Connections, from *arriving, who string, n int) (in []net.Conn, out int) {
	var row []*conn
	for range n {
		row = append(row, &conn{from: who})
	}
	from.row = row
	for {
		got, err := c.Accept()
		if err != nil {
			break
		}
		in = append(in, got)
	}
	for _, one := range row {
		if one.closed {
			out++
		}
	}
	return in, out
}

func TestConnectionsAreBounded(t *testing.T) {
	from := &arriving{}
	c := limit.NewConnections(from, 10, 4)
	one, out := arrive(c, from, "192.0.2.1:1", 6)
	if len(one) != 4 || out != 2 {
		t.Errorf("of 6 of one sender %d are in, %d were closed", len(one), out)
	}
	if in, _ := arrive(c, from, "192.0.2.2:1", 3); len(in) != 3 {
		t.Errorf("of 3 of another sender %d are in", len(in))
	}
	if in, out := arrive(c, from, "127.0.0.1:1", 6); len(in) != 3 || out != 3 {
		t.Errorf("of 6 of this machine %d are in, with 3 places left in all, and %d were closed", len(in), out)
	}
	for range 2 { // a second Close does not count
		one[0].Close()
	}
	if c.Open() != 9 {
		t.Errorf("%d are open", c.Open())
	}
	if in, _ := arrive(c, from, "192.0.2.1:2", 3); len(in) != 1 {
		t.Errorf("after one was closed %d came in", len(in))
	}
}
