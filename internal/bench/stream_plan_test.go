package bench

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// fault is something that goes wrong at a moment.
type fault struct {
	kind   string
	pause  time.Duration // since the fault before began
	long   time.Duration
	victim int           // which collector or worker, as far as there are so many
	server string        // to which the network is bad
	step   time.Duration // of a clock
}

// shortFaults are a plan of make test, in any order; a storm of make chaos deals
// all kinds again and again.
var (
	shortFaults = []string{"worker killed", "collector killed", "RabbitMQ away", "worker stopped", "Redis flushed"}
	allFaults   = slices.Concat([]string{
		"worker killed", "worker killed unanswered", "worker killed unanswered", "worker stopped", "workers scaled",
		"worker's network cut", "worker's network mute", "worker's network slow",
		"collector killed", "collector killed unanswered", "collector's network cut", "collector's network mute", "collector's network slow",
		"RabbitMQ away", "RabbitMQ's disk full", "engine killed", "PostgreSQL away",
		"Redis flushed", "Redis away", "Redis restored",
	}, diskFaults, clockFaults)
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
		server: []string{"rabbitmq", "redis", "postgres", "clickhouse"}[random.IntN(4)],
		// Sessions that wait for the clock alone then still wait for all that is late.
		step: seconds(-900, 900),
	}
	switch {
	case strings.HasPrefix(kind, "collector"):
		f.server = "rabbitmq"
	case kind == "RabbitMQ away":
		f.long /= 2 // it takes long enough to start
	case kind == "Redis away", kind == "PostgreSQL away":
		f.long = time.Minute
	case kind == "worker stopped":
		f.long = 30 * time.Second // past every heartbeat
	case kind == "workers scaled":
		f.long = seconds(15, 45)
	}
	if strings.HasSuffix(kind, "unanswered") && f.server == "rabbitmq" {
		f.long = time.Second // before it is given up as dead
	}
	return f
}

func (f fault) String() string {
	text := f.kind
	process, what, _ := strings.Cut(f.kind, " ")
	if process == "worker" || process == "worker's" || strings.HasPrefix(process, "collector") {
		text += fmt.Sprint(", number ", f.victim)
	}
	if strings.HasPrefix(what, "network") || strings.HasSuffix(what, "unanswered") {
		text += " by " + f.server
	}
	if what == "clock stepped" {
		text += fmt.Sprint(" by ", f.step.Round(time.Second))
	}
	switch f.kind {
	case "engine killed", "Redis flushed", "worker killed", "collector killed":
		return text
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
