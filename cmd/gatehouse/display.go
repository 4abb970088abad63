package main

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
)

// canShow says why no window can be shown on a display, in a sentence; the
// toolkit would end in a stack trace.
func canShow(display string) error {
	if display == "" {
		return errors.New("there is no display: DISPLAY is not set. Start it on a desktop, or under Xvfb (make demo does)")
	}
	host, number, found := strings.Cut(display, ":")
	number, _, _ = strings.Cut(number, ".")
	n, err := strconv.Atoi(number)
	if !found || err != nil || n < 0 {
		return fmt.Errorf("DISPLAY is %q, which names no display; it looks like :0", display)
	}
	if err := reach(host, n); err != nil {
		return fmt.Errorf("the display %s does not answer (%w). Is its server running?", display, err)
	}
	return nil
}

// reachTime is how long a display may take to take a connection.
const reachTime = 2 * time.Second

func reach(host string, n int) error {
	if host != "" && host != "unix" {
		return try("tcp", net.JoinHostPort(host, strconv.Itoa(6000+n)))
	}
	socket := "/tmp/.X11-unix/X" + strconv.Itoa(n)
	if err := try("unix", "@/tmp/.X11-unix/X"+strconv.Itoa(n)); err == nil {
		return nil
	}
	return try("unix", socket)
}

func try(network, address string) error {
	c, err := net.DialTimeout(network, address, reachTime)
	if err != nil {
		return err
	}
	return c.Close()
}
