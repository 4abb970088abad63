package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// ticksPerSecond is the unit of times in /proc on Linux, whatever the kernel's
// own clock.
const ticksPerSecond = 100

// age is how long ago this process began, to 10 ms, after proc(5): field 22 of
// its stat is the start, in ticks since the machine was started.
func age() (time.Duration, error) {
	text, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0, fmt.Errorf("read when the process began: %w", err)
	}
	// The name, field 2, is in parentheses and may hold anything.
	after := string(text[strings.LastIndexByte(string(text), ')')+1:])
	fields := strings.Fields(after)
	if len(fields) < 20 {
		return 0, fmt.Errorf("read when the process began: %d fields", len(fields))
	}
	ticks, err := strconv.ParseInt(fields[19], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read when the process began: %w", err)
	}
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &now); err != nil {
		return 0, fmt.Errorf("read the time since the machine was started: %w", err)
	}
	return time.Duration(now.Nano()) - time.Duration(ticks)*time.Second/ticksPerSecond, nil
}
