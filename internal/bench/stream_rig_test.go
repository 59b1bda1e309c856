package bench

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/broker/brokertest"
	"github.com/tiendi/tiendi/internal/broker/rabbitmq/rabbitmqtest"
	"github.com/tiendi/tiendi/internal/cache/cachetest"
	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
)

const (
	rigCollectors = 2
	rigWorkers    = 3
)

// rig is a production target: ClickHouse, RabbitMQ, Redis and PostgreSQL as servers,
// collectors and workers as processes. Each process has a network of its own to the
// servers, and a clock.
type rig struct {
	*shop
	engine program // whose engine is the ClickHouse
	env    []string

	rabbitmq   *rabbitmqtest.Node
	redis      *cachetest.Server
	postgres   *postgrestest.Server
	networks   map[string]map[string]*brokertest.Proxy // by process and server
	collectors []*service
	urls       []string // of the collectors
	workers    []*service
	busy       map[string]*sync.Mutex // what faults wait for each other at
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{engine: newProgram(t), redis: cachetest.New(t), postgres: postgrestest.New(t), rabbitmq: rabbitmqtest.RunToKill(t)}
	server := r.engine.engine(t)
	r.shop = newShop(t, &server)
	r.networks = map[string]map[string]*brokertest.Proxy{}
	r.busy = map[string]*sync.Mutex{"rabbitmq": {}, "redis": {}, "postgres": {}, "engine": {}}
	r.env = append(os.Environ(), "TIENDI_BROKER_PARTITIONS=4", "TIENDI_STREAM_LATENESS="+storyLateness.String())
	for n := range rigCollectors {
		r.collect(t, n)
	}
	for n := range rigWorkers {
		r.work(t, n)
	}
	r.declare(t, r.servers("worker0")...)
	return r
}

// declare makes the topics while all is well: a RabbitMQ 3.10 that is killed while it
// makes a stream can neither use that stream nor make it anew.
func (r *rig) declare(t *testing.T, env ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := r.command(ctx, "stream", "--once")
	cmd.Env = append(slices.Clone(r.env), env...)
	if o := measure(cmd); o.err != nil {
		t.Fatalf("tiendi stream --once: %v\n%s%s", o.err, o.stdout, o.stderr)
	}
}

// collect prepares a collector, which comes back to its address and its spool.
func (r *rig) collect(t *testing.T, n int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr, spool := l.Addr().String(), t.TempDir()
	_ = l.Close()
	name := fmt.Sprintf("collector%d", n)
	r.urls = append(r.urls, "http://"+addr)
	r.networks[name] = map[string]*brokertest.Proxy{"rabbitmq": brokertest.NewProxy(t, r.rabbitmq.Addr)}
	r.collectors = append(r.collectors, r.process(t, name, func() *exec.Cmd {
		cmd := r.command(context.Background(), "collect", "--listen", addr, "--spool", spool)
		cmd.Env = append(slices.Clone(r.env), "TIENDI_BROKER_URL="+r.brokerURL(name))
		return cmd
	}))
}

// work prepares a worker, which shares no disk with the others.
func (r *rig) work(t *testing.T, n int) {
	t.Helper()
	name := fmt.Sprintf("worker%d", n)
	r.networks[name] = map[string]*brokertest.Proxy{
		"rabbitmq":   brokertest.NewProxy(t, r.rabbitmq.Addr),
		"redis":      brokertest.NewProxy(t, r.redis.Addr),
		"postgres":   brokertest.NewProxy(t, r.postgres.Addr()),
		"clickhouse": brokertest.NewProxy(t, r.server.Addrs[0]),
	}
	own := program{project: r.project, state: filepath.Join(t.TempDir(), "state")}
	r.workers = append(r.workers, r.process(t, name, func() *exec.Cmd {
		cmd := own.command(context.Background(), "stream", "--log-format", "json")
		cmd.Env = append(slices.Clone(r.env), r.servers(name)...)
		return cmd
	}))
}

// process is a service that the faults may ill-treat.
func (r *rig) process(t *testing.T, name string, command func() *exec.Cmd) *service {
	t.Helper()
	r.busy[name], r.busy["network of "+name] = &sync.Mutex{}, &sync.Mutex{}
	s := newService(t, name, command)
	s.launch = startWithClock
	return s
}

// brokerURL is RabbitMQ's as a process sees it.
func (r *rig) brokerURL(process string) string {
	return strings.Replace(r.rabbitmq.Config().URL, r.rabbitmq.Addr, r.networks[process]["rabbitmq"].Addr(), 1)
}

// servers are the target's, as a worker sees them.
func (r *rig) servers(worker string) []string {
	over := r.networks[worker]
	return []string{
		"TIENDI_BROKER_URL=" + r.brokerURL(worker), "TIENDI_REDIS_URL=redis://" + over["redis"].Addr(),
		"TIENDI_POSTGRES_URL=" + r.postgres.URL(over["postgres"].Addr()), "TIENDI_WAREHOUSE_ADDRESSES=" + over["clickhouse"].Addr(),
	}
}

// spooled says whether a collector has something that is not in the log yet, or
// cannot be asked.
func (r *rig) spooled() bool {
	client := http.Client{Timeout: 2 * time.Second}
	for _, url := range r.urls {
		response, err := client.Get(url + "/metrics")
		if err != nil {
			return true
		}
		text, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || !strings.Contains(string(text), "\ntiendi_collect_spool_records 0\n") {
			return true
		}
	}
	return false
}
