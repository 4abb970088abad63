package linktest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"gatehouse/drivers/link"
)

// Rule is one thing that every line must do.
type Rule struct {
	Name string
	// Exclusive marks the rule about a second opening.
	Exclusive bool
	// Keep returns what was broken.
	Keep func(d *Device) error
}

// Rules are all of them.
var Rules = []Rule{
	{Name: "silence is ErrTimeout and costs nothing", Keep: silence},
	{Name: "every byte arrives as it was sent, both ways", Keep: everyByte},
	{Name: "much at once arrives in order, both ways at the same time", Keep: much},
	{Name: "what does not fit is there for the next read", Keep: smallReads},
	{Name: "nothing read and nothing written is nothing", Keep: nothing},
	{Name: "a cancelled opening opens nothing", Keep: cancelled},
	{Name: "a second opening is refused with ErrBusy until the first is closed", Exclusive: true, Keep: exclusive},
	{Name: "an unplug is ErrGone for good and never ErrTimeout", Keep: unplug},
	{Name: "an unplug ends a read that waits", Keep: unplugWhileReading},
	{Name: "an unplug ends a write that is held up", Keep: unplugWhileWriting},
	{Name: "closing again says the same, from any side", Keep: closeAgain},
	{Name: "a closed line is ErrGone", Keep: closed},
	{Name: "a close ends a read that waits", Keep: closeWhileReading},
	{Name: "a close ends a write that is held up", Keep: closeWhileWriting},
	{Name: "read, write and close may come together", Keep: together},
	{Name: "a thousand openings leave nothing behind", Keep: leaveNothing},
}

func silence(d *Device) error {
	return d.use(func(port link.Port) error {
		b := make([]byte, 8)
		for range 3 {
			if n, err := port.Read(b); n != 0 || !errors.Is(err, link.ErrTimeout) {
				return fmt.Errorf("silence: %d bytes, %v; want ErrTimeout", n, err)
			}
		}
		if _, err := d.Far().Write([]byte("after")); err != nil {
			return err
		}
		return read(port, []byte("after"), 8)
	})
}

func everyByte(d *Device) error {
	return d.use(func(port link.Port) error { return exchange(d, port, pattern(256)) })
}

func much(d *Device) error {
	return d.use(func(port link.Port) error { return exchange(d, port, pattern(256<<10)) })
}

// exchange sends data both ways at the same time.
func exchange(d *Device, port link.Port, data []byte) error {
	far := d.Far()
	var all crowd
	all.do(func() error {
		n, err := port.Write(data)
		if err == nil && n != len(data) {
			err = fmt.Errorf("%d of %d bytes were written, without an error", n, len(data))
		}
		return err
	})
	all.do(func() error {
		got := make([]byte, len(data))
		if _, err := io.ReadFull(far, got); err != nil {
			return fmt.Errorf("the device reads: %w", err)
		}
		if !bytes.Equal(got, data) {
			return errors.New("the device got something else than was sent")
		}
		return nil
	})
	all.do(func() error { _, err := far.Write(data); return err })
	if err := read(port, data, 512); err != nil {
		return err
	}
	return all.wait()
}

func smallReads(d *Device) error {
	return d.use(func(port link.Port) error {
		if _, err := d.Far().Write([]byte("a receipt in small bites")); err != nil {
			return err
		}
		return read(port, []byte("a receipt in small bites"), 3)
	})
}

func nothing(d *Device) error {
	return d.use(func(port link.Port) error {
		for range 10 {
			if n, err := port.Read(nil); n != 0 || err != nil {
				return fmt.Errorf("reading nothing: %d bytes, %v", n, err)
			}
			if n, err := port.Write(nil); n != 0 || err != nil {
				return fmt.Errorf("writing nothing: %d bytes, %v", n, err)
			}
		}
		return exchange(d, port, pattern(256))
	})
}

func cancelled(d *Device) error {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	port, err := d.Dialer.Dial(ctx)
	if err == nil {
		port.Close()
		return errors.New("a cancelled opening opened the line")
	}
	if !errors.Is(err, context.Canceled) {
		return fmt.Errorf("a cancelled opening says %v, want context.Canceled", err)
	}
	return nil
}

func exclusive(d *Device) error {
	err := d.use(func(link.Port) error {
		second, err := d.open()
		if err == nil {
			second.Close()
			return errors.New("a second opening was let in")
		}
		if !errors.Is(err, link.ErrBusy) {
			return fmt.Errorf("a second opening says %v, want ErrBusy", err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := d.use(func(port link.Port) error { return exchange(d, port, pattern(64)) }); err != nil {
		return fmt.Errorf("after the first was closed: %w", err)
	}
	return nil
}

func unplug(d *Device) error {
	return d.use(func(port link.Port) error {
		d.Unplug()
		if err := untilGone(port); err != nil {
			return err
		}
		for range 5 {
			if _, err := port.Read(make([]byte, 8)); !errors.Is(err, link.ErrGone) {
				return fmt.Errorf("read once more: %v, want ErrGone again", err)
			}
		}
		return writesUntilGone(port)
	})
}

// writesUntilGone writes a little at a time: the system may take some before it
// knows.
func writesUntilGone(port link.Port) error {
	for range 1000 {
		if _, err := port.Write([]byte("x")); errors.Is(err, link.ErrGone) {
			return nil
		} else if err != nil {
			return fmt.Errorf("write: %v, want ErrGone", err)
		}
	}
	return errors.New("1,000 writes to a device that is gone went well")
}

func unplugWhileReading(d *Device) error {
	return d.use(func(port link.Port) error {
		return during(func() error { return untilGone(port) }, d.Unplug)
	})
}

func unplugWhileWriting(d *Device) error {
	return d.use(func(port link.Port) error { return heldUp(d, port, d.Unplug) })
}

func closeAgain(d *Device) error {
	return d.use(func(port link.Port) error {
		first := port.Close()
		var all crowd
		for range 8 {
			all.do(func() error {
				if again := port.Close(); !errors.Is(again, first) {
					return fmt.Errorf("the first close says %v, a later one %v", first, again)
				}
				return nil
			})
		}
		return errors.Join(first, all.wait())
	})
}

func closed(d *Device) error {
	return d.use(func(port link.Port) error {
		if _, err := d.Far().Write([]byte("too late")); err != nil {
			return err
		}
		if err := port.Close(); err != nil {
			return err
		}
		if n, err := port.Read(make([]byte, 8)); n != 0 || !errors.Is(err, link.ErrGone) {
			return fmt.Errorf("read from a closed line: %d bytes, %v; want ErrGone", n, err)
		}
		if n, err := port.Write([]byte("x")); n != 0 || !errors.Is(err, link.ErrGone) {
			return fmt.Errorf("write to a closed line: %d bytes, %v; want ErrGone", n, err)
		}
		return nil
	})
}

func closeWhileReading(d *Device) error {
	return d.use(func(port link.Port) error {
		return during(func() error { return untilGone(port) }, func() { port.Close() })
	})
}

func closeWhileWriting(d *Device) error {
	return d.use(func(port link.Port) error { return heldUp(d, port, func() { port.Close() }) })
}
