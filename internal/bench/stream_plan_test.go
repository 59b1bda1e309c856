package bench

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// fault is something that goes wrong at a moment.
type fault struct {
	kind   string
	pause  time.Duration // since the fault before began
	long   time.Duration
	victim int    // which collector or worker, as far as there are so many
	server string // to which the network is bad
	scale  int    // how many workers there shall be
}

// shortFaults are a plan of make test, in any order; a storm of make chaos deals
// all kinds again and again.
var (
	shortFaults = []string{"worker killed", "collector killed", "RabbitMQ away", "worker stopped", "Redis flushed"}
	allFaults   = append([]string{
		"worker killed", "worker killed", "collector killed", "RabbitMQ away", "engine killed", "worker stopped",
		"Redis flushed", "Redis away", "Redis restored", "PostgreSQL away",
		"network cut", "network mute", "network slow", "workers scaled", "workers scaled",
	}, diskFaults...)
)

// faultsOfRound is how many faults a round of a storm has.
const faultsOfRound = 4

// plan is the faults of a seed: one deck for no rounds, and else decks of all kinds.
func plan(random *rand.Rand, rounds int) (faults []fault) {
	deck := shortFaults
	n := len(deck)
	if rounds > 0 {
		deck, n = allFaults, rounds*faultsOfRound
	}
	for len(faults) < n {
		for _, i := range random.Perm(len(deck)) {
			f := newFault(random, deck[i])
			if rounds == 0 {
				f.long = min(f.long, 12*time.Second)
			}
			faults = append(faults, f)
		}
	}
	return faults[:n]
}

func newFault(random *rand.Rand, kind string) fault {
	seconds := func(least, most int64) time.Duration {
		return time.Duration(least)*time.Second + time.Duration(random.Int64N((most-least)*int64(time.Second)))
	}
	f := fault{
		kind: kind, pause: seconds(4, 14), long: seconds(2, 15), victim: random.IntN(rigWorkers),
		server: []string{"rabbitmq", "redis", "postgres"}[random.IntN(3)], scale: 1 + random.IntN(rigWorkers),
	}
	if kind == "worker stopped" {
		f.long = seconds(10, 30) // past every heartbeat
	}
	return f
}

func (f fault) String() string {
	text := f.kind
	switch f.kind {
	case "workers scaled":
		return fmt.Sprint(text, " to ", f.scale)
	case "worker killed", "collector killed", "collector's disk full":
		return fmt.Sprint(text, ", number ", f.victim)
	case "engine killed", "Redis flushed":
		return text
	case "worker stopped":
		text += fmt.Sprint(", number ", f.victim)
	case "network cut", "network mute", "network slow":
		text += fmt.Sprintf(" between worker %d and %s", f.victim, f.server)
	}
	return fmt.Sprint(text, " for ", f.long.Round(time.Second))
}

// chaosSeed is TIENDI_SEED, or another one each time.
func chaosSeed(t *testing.T) uint64 {
	t.Helper()
	text := os.Getenv("TIENDI_SEED")
	if text == "" {
		return uint64(time.Now().UnixNano())
	}
	seed, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("TIENDI_SEED=%q: want a number", text)
	}
	return seed
}
