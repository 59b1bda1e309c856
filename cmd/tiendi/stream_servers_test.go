package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/broker/rabbitmq/rabbitmqtest"
	"github.com/tiendi/tiendi/internal/cache/cachetest"
	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
)

// servers are what a production target has besides ClickHouse.
type servers struct {
	rabbitmq        *rabbitmqtest.Node
	redis, postgres string
}

func startServers(t *testing.T) *servers {
	t.Helper()
	return &servers{rabbitmq: rabbitmqtest.Run(t), redis: cachetest.Start(t), postgres: postgrestest.Database(t)}
}

// on points a command at the servers.
func (s *servers) on(cmd *exec.Cmd) *exec.Cmd {
	cmd.Env = append(cmd.Environ(), "TIENDI_BROKER_URL="+s.rabbitmq.Config().URL, "TIENDI_BROKER_PARTITIONS=4",
		"TIENDI_REDIS_URL=unix://"+s.redis, "TIENDI_POSTGRES_URL="+s.postgres)
	return cmd
}

// shuffled are the lines as networks deliver them: minutes out of order, and some of
// them twice.
func shuffled(lines [][]byte, late time.Duration, random *rand.Rand) [][]byte {
	type arrival struct {
		at   time.Time
		line []byte
	}
	var all []arrival
	for _, line := range lines {
		at := timeOf(line).Add(time.Duration(random.Int64N(int64(late))))
		all = append(all, arrival{at, line})
		if random.IntN(30) == 0 {
			all = append(all, arrival{at.Add(time.Duration(random.Int64N(int64(4 * late)))), line})
		}
	}
	slices.SortStableFunc(all, func(a, b arrival) int { return a.at.Compare(b.at) })
	var out [][]byte
	for _, a := range all {
		out = append(out, a.line)
	}
	return out
}

func timeOf(line []byte) time.Time {
	_, rest, _ := bytes.Cut(line, []byte(`"timestamp":"`))
	text, _, _ := bytes.Cut(rest, []byte(`"`))
	at, _ := time.Parse(time.RFC3339Nano, string(text))
	return at
}

// TestStreamOnServers sends the public click stream out of order, and partly twice,
// through RabbitMQ to workers that come, die and go, into ClickHouse, Redis and
// PostgreSQL. All three have the figures of the SQL models in the end.
func TestStreamOnServers(t *testing.T) {
	t.Parallel()
	s := newStreamShop(t)
	on := startServers(t)
	collector := on.on(s.command("collect", "--listen", "127.0.0.1:0", "--spool", t.TempDir()))
	url := startServer(t, collector)
	start := func() *exec.Cmd {
		cmd := on.on(s.command("stream", "--listen", "127.0.0.1:0"))
		startServer(t, cmd)
		return cmd
	}
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	lines := shuffled(clicks(t), 8*time.Minute, random)
	workers := []*exec.Cmd{start(), start()}
	for part := range slices.Chunk(lines, len(lines)/4+1) {
		post(t, url, part, 200)
		time.Sleep(time.Duration(random.IntN(3000)) * time.Millisecond)
		victim := workers[0]
		if err := victim.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = victim.Wait()
		workers = append(workers[1:], start())
	}
	for _, w := range append(workers, collector) {
		terminate(t, w)
	}
	once := on.on(s.command("stream", "--once"))
	if out, err := once.CombinedOutput(); err != nil {
		t.Fatalf("stream --once: %v\n%s", err, out)
	}
	s.run(t, "run", "-s", "+sessions", "live_sessions", "live_daily", "live_minute")
	for sql, want := range streamFigures {
		if got := s.value(t, sql); got != want {
			t.Errorf("%s = %s, want %s", sql, got, want)
		}
	}
	t.Logf("the materialized view has %s", s.value(t, "select sum(revenue) from $db.daily_metrics_mv"))
	s.compareSessions(t)
	on.check(t)
}

// check holds PostgreSQL and Redis against what the click stream is known to hold.
func (s *servers) check(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db, err := pgx.Connect(ctx, s.postgres)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close(ctx) }()
	const platform = "kind = 'store' and store_id = '00000000-0000-0000-0000-000000000000'"
	for query, want := range map[string]string{
		"select count(*) from tiendi.sessions":                                        "5067",
		"select sum(events) from tiendi.sessions":                                     "17429",
		"select sum(live_revenue) from tiendi.live_daily_totals where " + platform:    "59442.63",
		"select sum(live_revenue) from tiendi.live_minute_totals where " + platform:   "59442.63",
		"select sum(views) from tiendi.live_minute_totals where " + platform:          "17051",
		"select sum(live_revenue) from tiendi.live_daily_totals where kind='product'": "59442.63",
	} {
		var got string
		if err := db.QueryRow(ctx, "select ("+query+")::text").Scan(&got); err != nil || got != want {
			t.Errorf("%s = %s, want %s (%v)", query, got, want, err)
		}
	}
	redis := goredis.NewClient(&goredis.Options{Network: "unix", Addr: s.redis})
	defer func() { _ = redis.Close() }()
	day := "tiendi:day:2019-10-01:00000000-0000-0000-0000-000000000000"
	for field, want := range map[string]int{"revenue": 5944263, "views": 17051} {
		if got, err := redis.HGet(ctx, day, field).Result(); err != nil || got != strconv.Itoa(want) {
			t.Errorf("%s %s = %s, want %d (%v)", day, field, got, want, err)
		}
	}
	visitors, err := redis.PFCount(ctx, day+":visitors").Result()
	if err != nil || visitors == 0 {
		t.Errorf("%d visitors (%v)", visitors, err)
	}
	fmt.Fprintln(t.Output(), visitors, "visitors by Redis")
}
