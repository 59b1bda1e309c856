// Package checkpointtest holds drivers of checkpoints against what tiendi expects
// of one.
package checkpointtest

import (
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/checkpoint"
)

// Driver is what every driver is.
type Driver interface {
	checkpoint.Store
	checkpoint.Members
}

// Subject is a driver under test.
type Subject struct {
	// Open gives a driver on a place of its own for each test, and another one on the
	// same place, as a second process has it. ttl is how long a beat counts.
	Open func(t testing.TB, ttl time.Duration) (one, two Driver)
	// Damage changes a byte of what is stored under the key, or removes some. It is
	// the only key.
	Damage func(t testing.TB, d Driver)
}

// Run holds a driver against the suite.
func Run(t *testing.T, s Subject) {
	for name, check := range map[string]func(*testing.T, Subject){
		"round trip":    testRoundTrip,
		"keys":          testKeys,
		"fencing":       testFencing,
		"owners race":   testRace,
		"large":         testLarge,
		"damage":        testDamage,
		"cancelled":     testCancelled,
		"interrupted":   testInterrupted,
		"members":       testMembers,
		"silent member": testSilentMember,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, s)
		})
	}
}
