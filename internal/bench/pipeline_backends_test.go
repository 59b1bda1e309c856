package bench

import (
	"context"
	"net"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/broker/rabbitmq/rabbitmqtest"
	"github.com/tiendi/tiendi/internal/cache/cachetest"
	"github.com/tiendi/tiendi/internal/local"
	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// backends are the servers of one pipeline, empty when it begins.
type backends struct {
	engine    program // whose engine is the ClickHouse
	warehouse warehouse.Config
	rabbitmq  *rabbitmqtest.Node
	redis     *cachetest.Server
	postgres  *postgrestest.Server
}

// pageMemory is what PostgreSQL keeps of its tables: its manual advises a quarter of a
// server's memory, and as it comes it takes the least that runs anywhere.
const pageMemory = "shared_buffers=1GB"

func startBackends(b *testing.B) *backends {
	b.Helper()
	s := &backends{engine: newProgram(b), redis: cachetest.New(b), postgres: postgrestest.New(b, pageMemory), rabbitmq: rabbitmqtest.Run(b)}
	s.warehouse = s.engine.engine(b)
	return s
}

// brokerURL leaves the heartbeat at people's: the tests' short one takes a process
// that waits for its turn on a busy machine for one that hangs.
func (s *backends) brokerURL() string {
	url, _, _ := strings.Cut(s.rabbitmq.Config().URL, "?")
	return url
}

func (s *backends) redisURL() string    { return "redis://" + s.redis.Addr }
func (s *backends) postgresURL() string { return s.postgres.URL(s.postgres.Addr()) }

// roots are the servers' processes by name.
func (s *backends) roots(b *testing.B) map[string]int {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	status, err := local.ReadStatus(ctx, s.engine.localOptions())
	if err != nil || len(status.Services) == 0 {
		b.Fatalf("no engine: %v", err)
	}
	return map[string]int{
		"clickhouse": status.Services[0].PID,
		"rabbitmq":   child(b, "rabbit", "RABBITMQ_NODE_PORT="+port(s.rabbitmq.Addr)),
		"redis":      child(b, port(s.redis.Addr), ""),
		"postgres":   child(b, "-p\x00"+port(s.postgres.Addr()), ""),
	}
}

func port(addr string) string {
	_, p, _ := net.SplitHostPort(addr) // it is one
	return p
}

// freeAddr is one that nobody listens on.
func freeAddr(b *testing.B) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
