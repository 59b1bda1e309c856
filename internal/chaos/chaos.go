// Package chaos says how long the tests of faults go on: a few rounds for everybody, and
// as many as TIENDI_CHAOS says for make chaos.
package chaos

import (
	"os"
	"strconv"
	"testing"
)

// Rounds is TIENDI_CHAOS, or few where that is not set.
func Rounds(t testing.TB, few int) int {
	t.Helper()
	text := os.Getenv("TIENDI_CHAOS")
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("TIENDI_CHAOS=%q: want a number of rounds", text)
	}
	return n
}
