package main_test

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"gatehouse/central/storetest"
	"gatehouse/sync/station"
	"gatehouse/sync/wire"
)

// badNet is a piece of network between a station and central that spoils bytes on their
// way, below HTTP and TLS: it delays them, throttles them, cuts them off, breaks the
// connection, and changes them. It draws what it does from a seed.
type badNet struct {
	door net.Listener
	to   string

	mu     sync.Mutex
	draw   *rand.Rand
	bad    bool
	spoilt map[string]int // how often, by what was done
}

// What may happen to some bytes.
const (
	netDelay   = "delay"
	netSlow    = "throttle"
	netCut     = "cut off"
	netReset   = "reset"
	netCorrupt = "corrupt"
)

func newBadNet(t *testing.T, to string, seed uint64) *badNet {
	t.Helper()
	door, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	n := &badNet{door: door, to: to, draw: rand.New(rand.NewPCG(seed, 0)), spoilt: map[string]int{}}
	t.Cleanup(func() { door.Close() })
	go func() {
		for {
			near, err := door.Accept()
			if err != nil {
				return
			}
			go n.join(near.(*net.TCPConn))
		}
	}()
	return n
}

func (n *badNet) set(bad bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.bad = bad
}

// happened is how many different things were done to bytes, and how often in all.
func (n *badNet) happened() (kinds, all int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, times := range n.spoilt {
		all += times
	}
	return len(n.spoilt), all
}

// next says what happens to the next bytes, and where among them.
func (n *badNet) next(bytes int) (what string, at int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.bad || n.draw.IntN(4) > 0 {
		return "", 0
	}
	what = []string{netDelay, netSlow, netCut, netReset, netCorrupt}[n.draw.IntN(5)]
	n.spoilt[what]++
	return what, n.draw.IntN(bytes)
}

func (n *badNet) join(near *net.TCPConn) {
	defer near.Close()
	far, err := net.Dial("tcp", n.to)
	if err != nil {
		return // as if nobody were there
	}
	defer far.Close()
	back := make(chan struct{})
	go func() {
		defer close(back)
		n.carry(near, far.(*net.TCPConn))
		near.Close()
	}()
	n.carry(far.(*net.TCPConn), near)
	far.Close()
	<-back
}

// carry carries bytes one way until either end goes, or the net ends it.
func (n *badNet) carry(to, from *net.TCPConn) {
	piece := make([]byte, 700) // less than a batch, so that one is spoilt in the middle
	for {
		read, err := from.Read(piece)
		if read > 0 {
			bytes := piece[:read]
			switch what, at := n.next(read); what {
			case netDelay:
				<-time.After(5 * time.Millisecond) // the fault itself: nothing waits for it
			case netSlow:
				for len(bytes) > 50 {
					to.Write(bytes[:50])
					bytes = bytes[50:]
					<-time.After(time.Millisecond)
				}
			case netCut:
				to.Write(bytes[:at])
				return
			case netReset:
				to.SetLinger(0)
				from.SetLinger(0)
				return
			case netCorrupt:
				bytes[at] ^= 1 << (at % 8)
			}
			if _, err := to.Write(bytes); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// TestABadNetworkChangesNothing: whatever becomes of the bytes below HTTP, with and
// without TLS, central has every entry once and the same, and nobody is accused.
func TestABadNetworkChangesNothing(t *testing.T) {
	const enough = 120 // faults of a run
	for name, more := range map[string][]string{"with TLS": {"--tls"}, "in clear": nil} {
		for seed := range uint64(3) {
			t.Run(fmt.Sprintf("%s, seed %d", name, seed), func(t *testing.T) {
				data := t.TempDir()
				code := issue(t, data)
				address, log, stop := running(t, data, more...)
				n := newBadNet(t, address, seed)
				o := station.Options{URL: "http://" + n.door.Addr().String(), Code: code, Client: &http.Client{Transport: &http.Transport{}, Timeout: 5 * time.Second}}
				if more != nil {
					o.URL = "https://" + n.door.Addr().String()
					o.Trust, o.Client = trust(t, station.TrustOptions{Pins: []wire.Pin{pinOf(t, log.String())}}), nil
				}
				s := storetest.NewStation(t, "A1")
				f, stopFollower := follow(t, s, o)
				until(t, f, "carried", carried(s)) // it is enrolled by a person who compares the key
				n.set(true)
				for _, all := n.happened(); all < enough; _, all = n.happened() {
					s.Pay(t, 9, 100)
					pushThrough(t, f, s)
				}
				if kinds, _ := n.happened(); kinds < 5 {
					t.Errorf("of the faults %v there were not all", n.spoilt)
				}
				n.set(false)
				s.Pay(t, 1, 100)
				pushThrough(t, f, s)
				stopFollower()
				stop()
				kept, entries, evidence := atCentral(t, data, s.Book.Identity().Log)
				s.Same(t, entries)
				if kept.Head != s.Book.Head() || len(evidence) != 0 {
					t.Errorf("central has %+v, here is %+v; %d pieces of evidence of an honest station", kept.Head, s.Book.Head(), len(evidence))
				}
				t.Logf("%d entries through %v", kept.Head.Seq, n.spoilt)
			})
		}
	}
}
