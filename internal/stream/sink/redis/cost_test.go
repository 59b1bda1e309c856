package redis

import (
	"context"
	"strconv"
	"syscall"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// cost is what something took, in seconds, and of whose CPU.
type cost struct{ wall, here, redis float64 }

func (c *cost) add(b *testing.B, client *goredis.Client, do func()) {
	b.Helper()
	here, redis, begin := cpuHere(b), cpuOf(b, client), time.Now()
	do()
	c.wall += time.Since(begin).Seconds()
	c.here += cpuHere(b) - here
	c.redis += cpuOf(b, client) - redis
}

func (c *cost) report(b *testing.B, updates float64, prefix string) {
	b.ReportMetric(updates/c.wall, prefix+"updates/s")
	b.ReportMetric(c.redis*1e9/updates, prefix+"redis-ns/update")
	b.ReportMetric(c.here*1e9/updates, prefix+"client-ns/update")
}

func cpuHere(b *testing.B) float64 {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}

func cpuOf(b *testing.B, client *goredis.Client) float64 {
	b.Helper()
	info := client.InfoMap(context.Background(), "cpu").Val()["CPU"]
	user, err := strconv.ParseFloat(info["used_cpu_user"], 64)
	if err != nil {
		b.Fatal(err)
	}
	system, err := strconv.ParseFloat(info["used_cpu_sys"], 64)
	if err != nil {
		b.Fatal(err)
	}
	return user + system
}
