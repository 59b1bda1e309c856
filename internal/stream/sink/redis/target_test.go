package redis

import (
	"context"
	"testing"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/cache/cachetest"
	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// open makes a target on a server that listens on a socket.
func open(t testing.TB, socket string) *Target {
	t.Helper()
	target, err := New(Config{URL: "unix://" + socket})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = target.Close() })
	return target
}

func start(t testing.TB) *Target {
	t.Helper()
	return open(t, cachetest.Start(t))
}

// progress is a position of a partition's log.
func progress(partition int, next uint64) broker.Progress {
	if next == 0 {
		return broker.Progress{Partition: partition}
	}
	return broker.Progress{Log: "log", Partition: partition, Next: next}
}

func id(n byte) event.ID { return event.ID{15: n} }

func apply(t *testing.T, target *Target, partition int, from uint64, publications ...*record.Publication) {
	t.Helper()
	err := target.Apply(context.Background(), progress(partition, from), progress(partition, from+uint64(len(publications))), publications)
	if err != nil {
		t.Fatal(err)
	}
}

// keys are the names of all that the server has.
func keys(t *testing.T, client *goredis.Client) map[string]bool {
	t.Helper()
	list, err := client.Keys(context.Background(), "*").Result()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, key := range list {
		names[key] = true
	}
	return names
}

// totals are a figure's counts, without what the sink keeps for itself.
func totals(t *testing.T, client *goredis.Client, key string) record.Counts {
	t.Helper()
	var c struct {
		Views     uint64 `redis:"views"`
		Carts     uint64 `redis:"carts"`
		Checkouts uint64 `redis:"checkouts"`
		Purchases uint64 `redis:"purchases"`
		Units     uint64 `redis:"units"`
		Revenue   int64  `redis:"revenue"`
	}
	if err := client.HGetAll(context.Background(), key).Scan(&c); err != nil {
		t.Fatal(err)
	}
	return record.Counts(c)
}
