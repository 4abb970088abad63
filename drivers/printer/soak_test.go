package printer_test

import (
	"os"
	"strconv"
	"testing"
)

// fromEnvironment is a number that make soak sets.
func fromEnvironment(t testing.TB, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s is %q: give a number of at least 1", name, text)
	}
	return n
}
