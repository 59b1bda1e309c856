package bench

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// The naive pipeline is what somebody good writes who wants the same figures and has not
// thought of failures: a collector and a worker, two processes as tiendi's, over the same
// servers. What people read of tiendi's is there: events, minutes, days and sessions in
// ClickHouse; minutes, days and sessions in PostgreSQL; in Redis the figures of days and
// of stores' minutes, their rankings, visitors, and how many sessions are open. Sessions
// are written as seldom as tiendi's, products, sources and visitors every ten seconds.
// Visitors are counted by Redis alone, which is where they are asked for; elsewhere they
// can be counted from the events, where tiendi keeps sketches.
//
// It is not slow for want of trying: one message a request, no confirmations, acknowledged
// unseen, tiendi's own parser, blocks of columns that are filled again, figures added up
// before they are sent. It checks events once instead of twice, names sources by their
// site, knows no countries, takes events in the order in which they come, recognises no
// repetition, removes nothing that is old, and has its sessions in a map: whatever ends
// it loses what it holds, and leaves the stores at odds with each other.

// naiveVariable has the settings of a process of the naive pipeline: this binary, run
// again.
const naiveVariable = "TIENDI_BENCH_NAIVE"

// naiveSettings are all that its processes are told.
type naiveSettings struct {
	Part                    string // collector or worker
	Listen                  string
	Broker, Redis, Postgres string // URLs
	Warehouse               warehouse.Config
}

// runNaive is the main function of its processes. Both end with the broker, if
// nobody ends them before.
func runNaive(text string) int {
	var s naiveSettings
	err := json.Unmarshal([]byte(text), &s)
	switch {
	case err != nil:
	case s.Part == "collector":
		err = naiveCollect(&s)
	default:
		err = naiveWork(&s)
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// naive is the pipeline's processes.
type naive struct {
	*backends
	collector, worker *service
	url               string
}

var naiveNames = sinkNames{
	events: "naive.events", day: "naive:day:%s:" + noStore, windows: "live_daily",
	sessions: "live_sessions", liveSessions: naiveLive + noStore, sessionRows: "naive.sessions", wholeRows: " FINAL",
}

func startNaive(b *testing.B) *naive {
	b.Helper()
	n := &naive{backends: startBackends(b)}
	at := naiveSettings{
		Listen: freeAddr(b), Broker: n.brokerURL(),
		Redis: n.redisURL(), Postgres: n.postgresURL(), Warehouse: n.warehouse,
	}
	n.url = "http://" + at.Listen
	n.collector, n.worker = n.run(b, "collector", at), n.run(b, "worker", at)
	for late := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if response, err := http.Get(n.url); err == nil {
			_ = response.Body.Close()
			return n
		}
		if time.Now().After(late) {
			b.Fatal("the naive collector does not answer")
		}
	}
}

func (n *naive) run(b *testing.B, part string, at naiveSettings) *service {
	b.Helper()
	at.Part = part
	text, err := json.Marshal(at)
	if err != nil {
		b.Fatal(err)
	}
	s := newService(b, "naive "+part, func() *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), naiveVariable+"="+string(text))
		return cmd
	})
	if err := s.start(); err != nil {
		b.Fatal(err)
	}
	return s
}

func (n *naive) roots(b *testing.B) map[string]int {
	all := n.backends.roots(b)
	all["collector"], all["worker"] = n.collector.pid(), n.worker.pid()
	return all
}
