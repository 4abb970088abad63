package emulator_test

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
	"gatehouse/drivers/printer"
)

func onNetwork(t *testing.T, change func(*emulator.Config)) (*emulator.Printer, *emulator.Network) {
	t.Helper()
	p := start(t, change)
	n, err := p.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Close() })
	return p, n
}

func call(t *testing.T, n *emulator.Network) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", n.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return c
}

func askOnce(t *testing.T, c net.Conn) {
	t.Helper()
	if _, err := c.Write([]byte{0x10, 0x04, 1}); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 1)
	if _, err := io.ReadFull(c, answer); err != nil || answer[0]&0x93 != 0x12 {
		t.Fatalf("answered %x, %v", answer, err)
	}
}

// A whole session over the network: the printer confirms what is on paper.
func TestAReceiptOverTheNetwork(t *testing.T) {
	p, n := onNetwork(t, nil)
	prof := profile(t, "TM-T88VI")
	s, err := printer.New(printer.Config{Dialer: link.TCP{Addr: n.Addr()}, Profile: prof})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	segs, err := escpos.Encode(receipt(escpos.Logo{Bitmap: waterLogo(t)}), prof)
	if err != nil {
		t.Fatal(err)
	}
	if r := s.Print(t.Context(), segs); r.Fate != printer.Confirmed {
		t.Errorf("the fate is %v: %v", r.Fate, r.Cause)
	}
	if got := p.State(); got.Dropped != 0 || got.Pieces != 1 {
		t.Errorf("%d bytes lost, %d pieces", got.Dropped, got.Pieces)
	}
}

// A caller that does not care how much room there is loses nothing: the printer reads when it can.
func TestNothingIsLostToAFullBufferOnTheNetwork(t *testing.T) {
	p, n := onNetwork(t, func(c *emulator.Config) { c.Buffer = 45 })
	p.PaperOut()
	c := call(t, n)
	text := make([]byte, 20_000)
	for i := range text {
		text[i] = 'x'
		if i%40 == 39 {
			text[i] = '\n'
		}
	}
	sent := make(chan error, 1)
	go func() {
		_, err := c.Write(text)
		sent <- err
	}()
	await(t, p, func(s emulator.State) bool { return s.Waiting == 45 })
	p.LoadPaper()
	if err := <-sent; err != nil {
		t.Fatal(err)
	}
	await(t, p, func(s emulator.State) bool { return s.Lines == len(text)/40 })
	if got := p.State().Dropped; got != 0 {
		t.Errorf("%d bytes were lost", got)
	}
}

func await(t *testing.T, p *emulator.Printer, ok func(emulator.State) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := p.Await(ctx, ok); err != nil {
		t.Fatalf("%v: %+v", err, p.State())
	}
}

func TestOneCallerAtATime(t *testing.T) {
	_, n := onNetwork(t, nil)
	first, second := call(t, n), call(t, n)
	askOnce(t, first)
	if _, err := second.Write([]byte{0x10, 0x04, 1}); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 1)
	if _, err := io.ReadFull(second, answer); err != nil || answer[0]&0x93 != 0x12 {
		t.Errorf("the second caller was answered %x, %v", answer, err)
	}
}

func TestAPulledNetworkCable(t *testing.T) {
	p, n := onNetwork(t, nil)
	c := call(t, n)
	askOnce(t, c)
	p.Unplug()
	if _, err := c.Read(make([]byte, 1)); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("reading from an unplugged printer gives %v", err)
	}
	if _, err := call(t, n).Read(make([]byte, 1)); err == nil {
		t.Error("an unplugged printer answers")
	}
	p.Replug()
	askOnce(t, call(t, n))
}

func TestOffTheNetworkNothingIsLeft(t *testing.T) {
	p, n := onNetwork(t, nil)
	c := call(t, n)
	askOnce(t, c)
	for range 2 {
		if err := n.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Read(make([]byte, 1)); err == nil {
		t.Error("the line stayed open")
	}
	if _, err := net.Dial("tcp", n.Addr()); err == nil {
		t.Error("the port stayed open")
	}
	if _, err := p.Listen(n.Addr()); err != nil {
		t.Errorf("the printer cannot go back: %v", err)
	}
	if _, err := p.Listen("no such place"); err == nil {
		t.Error("an address that is none was taken")
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}
