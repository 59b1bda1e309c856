package bench

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// pipelinePartitions are fewer than a cluster's, since one worker has all of them and
// ClickHouse wants large blocks.
const pipelinePartitions = 4

// tasks are those of one worker: enrich, aggregate, sessionize, the sinks of events and changes
// by partition, and three sinks of windows and of sessions.
const tasks = pipelinePartitions * (5 + 3*2)

// tiendi is the product: a collector and a worker that does everything.
type tiendi struct {
	*backends
	shop      *shop
	collector *service
	worker    *service
	url       string // of the collector
	health    string // of the worker
}

func startTiendi(b *testing.B) *tiendi {
	b.Helper()
	t := &tiendi{backends: startBackends(b)}
	t.shop = newShop(b, &t.warehouse)
	collect, listen := freeAddr(b), freeAddr(b)
	t.url, t.health = "http://"+collect, "http://"+listen
	own := program{project: t.shop.project, state: filepath.Join(b.TempDir(), "state")}
	spool := b.TempDir()
	t.collector = newService(b, "collector", t.command(t.shop.program, "collect", "--listen", collect, "--spool", spool))
	t.worker = newService(b, "worker", t.command(own, "stream", "--listen", listen, "--log-format", "json"))
	began := time.Now()
	for _, s := range []*service{t.collector, t.worker} {
		if err := s.start(); err != nil {
			b.Fatal(err)
		}
	}
	t.awaitWorker(b)
	b.Logf("at work after %.1f s, with all topics made", time.Since(began).Seconds())
	return t
}

func (t *tiendi) command(p program, args ...string) func() *exec.Cmd {
	env := append(os.Environ(), "TIENDI_BROKER_PARTITIONS="+strconv.Itoa(pipelinePartitions), "TIENDI_BROKER_URL="+t.brokerURL(),
		"TIENDI_REDIS_URL="+t.redisURL(), "TIENDI_POSTGRES_URL="+t.postgresURL())
	return func() *exec.Cmd {
		cmd := p.command(context.Background(), args...)
		cmd.Env = env
		return cmd
	}
}

// awaitWorker returns when all tasks are at work.
func (t *tiendi) awaitWorker(b *testing.B) {
	b.Helper()
	for late := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		at, err := t.metrics()
		if err == nil && at.total("tiendi_stream_task_running") == tasks && t.ready() {
			return
		}
		if time.Now().After(late) {
			b.Fatalf("the worker is not ready: %v tasks, %v", at.total("tiendi_stream_task_running"), err)
		}
	}
}

func (t *tiendi) ready() bool {
	response, err := http.Get(t.health + "/readyz")
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}

func (t *tiendi) roots(b *testing.B) map[string]int {
	all := t.backends.roots(b)
	all["collector"], all["worker"] = t.collector.pid(), t.worker.pid()
	return all
}

// pid is 0 while the process is not to run.
func (s *service) pid() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return 0
	}
	return s.cmd.Process.Pid
}

var tiendiNames = sinkNames{
	events: "shop.events_raw", day: "tiendi:day:%s:" + noStore, windows: "tiendi.live_daily",
	sessions: "tiendi.sessions", liveSessions: "tiendi:live:" + noStore, sessionRows: "shop.live_sessions_raw", wholeRows: " FINAL WHERE NOT is_gone",
}
